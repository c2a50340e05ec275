"""One row of a draft: its form, and each of the few things a person can do with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from workflow.actions import corrections
from workflow.errors import NotFound, WorkflowError
from workflow.models import Plan
from workflow.tables import Draft
from workflow.tables.draft import Row
from workflow.tables.goals import goal_of
from workflow.views.imports.access import actor_of, of_draft
from workflow.views.imports.checking import Wanted, page
from workflow.views.imports.row_form import said_of
from workflow.views.sub_item import version_of

WORDLESS = {
    "leave_out": corrections.leave_out,
    "take_in": corrections.take_in,
    "let_stand": corrections.let_stand,
}


@require_http_methods(["GET", "POST"])
@of_draft
def row(request: HttpRequest, plan: Plan, row_id: int) -> HttpResponse:
    """The table with the row's form open in its place, or what was done with the row; then back to it."""
    found = Draft(plan.table).row(row_id)
    if found is None:
        raise Http404
    wanted = Wanted.of(request.GET)
    if request.method == "GET":
        return page(request, plan, wanted, editing=row_id)
    said = _said(found, request)
    try:
        edit = WORDLESS.get(_asked(request)) or corrections.change(said)
        corrections.edit_row(plan.pk, row_id, edit, by=actor_of(request), version=version_of(request))
    except NotFound:
        raise
    except WorkflowError as refusal:
        plan.refresh_from_db(fields=["table"])
        return page(request, plan, wanted, editing=row_id, said=said, error=refusal)
    return HttpResponseRedirect(wanted.address(plan, row=row_id), status=303)


def _asked(request: HttpRequest) -> str:
    """What is to be done; of the choices for a contradicted deadline, one is to leave it as it is."""
    return "let_stand" if request.POST.get("deadline") == "stand" else request.POST.get("do", "")


def _said(row: Row, request: HttpRequest) -> dict[str, Any]:
    """The row's new words; a choice between deadlines says only the deadline."""
    chosen = request.POST.get("deadline", "")
    goal = goal_of(row["text"])
    if chosen == "goal" and goal:
        return {"deadline_raw": goal.isoformat()}
    if chosen == "other":
        return {"deadline_raw": request.POST.get("on", "")}
    return said_of(row, request.POST)
