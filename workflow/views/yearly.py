"""年度研判: the duties of a plan that never end by themselves, with how this year went; go on, make routine, end."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.models import Role
from workflow import policies, queries
from workflow.actions.decisions import decide_year
from workflow.actions.moves import make_move
from workflow.deadlines import year_to_decide
from workflow.errors import NotAllowed, WorkflowError
from workflow.models import Plan, SubItem
from workflow.states import OPEN, Ending, State
from workflow.views import rounds, words
from workflow.views.frame import now


@login_required
@require_http_methods(["GET", "POST"])
def yearly(request: HttpRequest) -> HttpResponse:
    """A row each; a post decides those for which something was chosen, each by itself, with a result of its own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.posts_as(Role.COORDINATOR, Role.INSPECTOR):
        raise Http404
    plans = list(queries.plans(actor).published())
    plan = next((each for each in plans if str(each.pk) == request.GET.get("plan", "")), next(iter(plans), None))
    if plan is None:
        raise Http404
    at, results = now(request), {}
    if request.method == "POST":
        results = {pk: _decide(request, actor, pk, at) for pk in _chosen(request)}
    today = timezone.localdate(at)
    rows = list(_rows(actor, plan, today, results))
    context = {
        "plan": plan,
        "url": reverse("workflow:yearly", query={"plan": plan.pk}),
        "plans": plans if len(plans) > 1 else [],
        "year": year_to_decide(today, plan.rules_in_force().calendar),
        "rows": sorted(rows, key=lambda row: (not row["result"], not row["awaits"])),
        "waiting": sum(row["awaits"] and not row["why_not"] for row in rows),
        "results": results,
    }
    return render(request, "workflow/yearly.html", context)


def _chosen(request: HttpRequest) -> Iterator[int]:
    for name, value in request.POST.items():
        _word, _dash, pk = name.partition("verdict-")
        if value and pk.isascii() and pk.isdecimal() and len(pk) < 19:
            yield int(pk)


def _decide(request: HttpRequest, actor: Actor, pk: int, at: datetime) -> dict[str, Any]:
    """Decide one; what is verified and is to end is closed with it, if this person may."""
    typed = {name: request.POST.get(f"{name}-{pk}", "") for name in ("verdict", "comment", "version")}
    version = int(typed["version"]) if typed["version"].isdecimal() and len(typed["version"]) < 19 else None
    try:
        item = decide_year(pk, typed["verdict"], by=actor, now=at, version=version, comment=typed["comment"])
    except WorkflowError as refusal:
        return {"refused": True, "words": str(refusal), **typed}
    if not item.ending:
        return {"words": _("已定：继续，到期转下期。")}
    decided = {"ending": Ending(item.ending).label}
    if item.state != State.VERIFIED:
        return {"words": _("已定：%(ending)s，本期核验后销号。") % decided}
    try:
        make_move(pk, "close", by=actor, now=at, version=item.seq, details={"comment": typed["comment"]})
    except WorkflowError as refusal:
        return {"words": _("已定：%(ending)s。%(why)s") % {**decided, "why": refusal}}
    return {"words": _("已定：%(ending)s，已销号。") % decided}


def _rows(actor: Actor, plan: Plan, today: date, results: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    calendar = plan.rules_in_force().calendar
    year = year_to_decide(today, calendar)
    items = queries.without_end(actor, plan.pk, also=results).prefetch_related(
        "rounds__verified_by", "rounds__verifier"
    )
    for item in items:
        result = results.get(item.pk, {})
        decided = item.decided_year is not None and item.decided_year >= year
        yield {
            "pk": item.pk,
            "version": item.seq,
            "number": item.number,
            "text": item.text,
            "url": item.get_absolute_url(),
            "light": item.light(today),
            "light_words": words.light(item, today, calendar),
            "now_words": _("第 %(n)s 期，%(state)s，%(due)s")
            % {"n": item.round_no, "state": State(item.state).label, "due": words.round_due(item, today)},
            "rounds": [each for each in rounds.history(item, item.rounds.all(), today)][:4],
            "awaits": item.awaits_decision(year),
            "decided_words": _("%(year)s年已定：%(ending)s")
            % {"year": item.decided_year, "ending": Ending(item.ending).label}
            if decided
            else "",
            "why_not": _refusal(actor, item) if item.state in OPEN else rounds.ending_words(item),
            "chosen": result.get("verdict", ""),
            "comment": result.get("comment", ""),
            "result": result.get("words", ""),
            "refused": result.get("refused", False),
        }


def _refusal(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_decide(actor, item)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
