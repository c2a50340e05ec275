"""验收标准, handed in from their own page: the list the lead proposes; and what the verifying unit says to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from workflow import criteria as rules
from workflow import policies, queries
from workflow.actions import criteria
from workflow.criteria import Criterion
from workflow.errors import NotFound, WorkflowError
from workflow.models import SubItem
from workflow.views import criteria_forms, errors
from workflow.views.frame import now
from workflow.views.sub_item import done_or_refused, version_of


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, item_id: int) -> HttpResponse:
    """The form, filled from what there is, else from the targets of the table; a post proposes."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        item = queries.with_names(SubItem.objects.visible_to(actor)).get_or_refuse(item_id)
        if request.method == "POST":
            return _proposed(request, actor, item)
        criteria.check_open(item)
        policies.check_may_propose(actor, item)
    except NotFound:
        return errors.not_found(request)
    except WorkflowError as refusal:
        messages.error(request, str(refusal))
        return redirect("workflow:sub-item", item_id)
    known = rules.read(criteria.on_the_table(item))
    return _page(request, item, known or rules.of_targets(item.targets), from_table=not known and bool(item.targets))


def _proposed(request: HttpRequest, actor: Actor, item: SubItem) -> HttpResponse:
    said = criteria_forms.proposed(request.POST)
    try:
        criteria.propose_criteria(item.pk, by=actor, now=now(request), version=version_of(request), proposed=said)
    except WorkflowError as refusal:
        return _page(request, item, said, refusal=refusal)
    who = policies.who_agrees(item)
    messages.success(request, _("已提出验收标准，不影响办理。%(who)s") % {"who": who})
    return redirect("workflow:sub-item", item.pk)


def _page(
    request: HttpRequest,
    item: SubItem,
    said: Sequence[Criterion | Mapping[str, str]],
    *,
    from_table: bool = False,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "item": item,
        "rows": criteria_forms.rows(said),
        "from_table": from_table,
        "in_force": item.agreed_criteria,
        "who": policies.who_agrees(item),
        "refusal": str(refusal) if refusal else "",
        "version": request.POST.get("version", item.seq),
    }
    return render(request, "workflow/criteria.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def settle(request: HttpRequest, item_id: int, name: str) -> HttpResponse:
    """Agree or return; a refusal shows the sub-item again with its sentence and what was typed."""
    if name not in criteria.STEPS:
        return errors.not_found(request)
    comment = request.POST.get("comment", "")

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        criteria.settle_proposal(item_id, name, by=actor, now=at, version=version, comment=comment)

    return done_or_refused(request, item_id, f"criteria-{name}", act)
