"""办结: what is verified and waits for its end, many at once: closed, or taken into the next round."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from workflow import policies, queries
from workflow.actions.several import make_moves
from workflow.errors import NotAllowed
from workflow.models import SubItem
from workflow.views import errors, several, words
from workflow.views.frame import now

MOVES = ("close", "renew")


@login_required
@require_http_methods(["GET", "POST"])
def concluding(request: HttpRequest) -> HttpResponse:
    """The list to choose from, nothing ticked; a post closes or renews the ticked ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, actor, None)
    name, details = request.POST.get("move", ""), {"comment": request.POST.get("comment", "")}
    if name not in MOVES:
        return errors.not_found(request)
    chosen = list(several.chosen(request.POST.getlist("item"), details))
    if not chosen:
        messages.error(request, _("请先勾选要办结的子项。"))
        return redirect("workflow:concluding")
    outcomes = make_moves(name, chosen, by=actor, now=now(request))
    return _page(request, actor, several.results(actor, name, outcomes))


def _page(request: HttpRequest, actor: Actor, results: dict[str, Any] | None) -> HttpResponse:
    today = timezone.localdate(now(request))
    items = list(queries.with_names(queries.to_conclude(actor, today).order_by("plan", "position")))
    dated = [item for item in items if not item.is_periodic]
    periodic = [item for item in items if item.is_periodic]
    context = {
        "results": results,
        "count": len(items),
        "dated": [_row(actor, item, today, policies.check_may_close) for item in dated],
        "periodic": [_row(actor, item, today, policies.check_may_renew) for item in periodic],
    }
    return render(request, "workflow/concluding.html", context)


def _row(actor: Actor, item: SubItem, today: date, check: policies.Check) -> dict[str, Any]:
    since = words.day(timezone.localdate(item.held_since), today) if item.held_since else ""
    said = {"unit": item.verifier, "since": since}
    return {
        "item": item,
        "due": words.limit(item, today),
        "note": _("%(since)s%(unit)s审核通过") % said,
        "why_not": _refusal(actor, item, check),
    }


def _refusal(actor: Actor, item: SubItem, check: policies.Check) -> str:
    try:
        check(actor, item)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
