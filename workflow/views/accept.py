"""一并签收: sign for many items at once; each is a move of its own, with a result of its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from workflow import queries
from workflow.actions.several import make_moves
from workflow.states import State
from workflow.views import several, words
from workflow.views.frame import now


@login_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """The list to choose from, all ticked; a post signs for the ticked ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, actor, None)
    details = {"assignee": request.POST.get("assignee", "")}
    chosen = list(several.chosen(request.POST.getlist("item"), details))
    if not chosen:
        messages.error(request, _("请先勾选要签收的子项。"))
        return redirect("workflow:accept")
    outcomes = make_moves("accept", chosen, by=actor, now=now(request))
    return _page(request, actor, several.results(actor, "accept", outcomes))


def _page(request: HttpRequest, actor: Actor, results: dict[str, Any] | None) -> HttpResponse:
    items = queries.waiting_for(actor, timezone.localdate(now(request))).filter(state=State.ASSIGNED)
    signing = list(queries.with_names(items.order_by("plan", "position", "id")))
    colleagues = queries.people_of({item.holder_id for item in signing})
    context = {
        "results": results,
        "rows": [{"item": item, "due": words.due(item)} for item in signing],
        "colleagues": colleagues,
        "units": len({person["unit"] for person in colleagues}),
        "me": actor.username,
    }
    return render(request, "workflow/accept.html", context)
