"""One round that ended: what was handed in in it, to be read and not changed."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from workflow import policies, queries
from workflow.errors import NotFound
from workflow.models import Round, SubItem
from workflow.views import criteria, errors, rounds, sub_item_page
from workflow.views.files import file
from workflow.views.frame import now


@login_required
@require_GET
def past_round(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """One round that ended; the one an item is in is its page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        item = queries.with_names(SubItem.objects.visible_to(actor)).get_or_refuse(item_id)
    except NotFound:
        return errors.not_found(request)
    if number == item.round_no:
        return redirect("workflow:sub-item", item_id)
    ended = queries.rounds_of(item).filter(number=number).first()
    if ended is None:
        return errors.not_found(request)
    today = timezone.localdate(now(request))
    context = {
        "item": sub_item_page.facts(item, today),
        "round": rounds.facts(ended, today),
        **_left(actor, item, ended, today),
    }
    return render(request, "workflow/past_round.html", context)


def _left(actor: Actor, item: SubItem, ended: Round, today: date) -> dict[str, Any]:
    """What was handed in in that round, as far as this person may see it."""
    calendar, sees_files = item.plan.rules_in_force().calendar, policies.sees_whole(actor, item)
    named = queries.names_signed(item)
    of_round = {"round_no": ended.number}
    evidence = item.evidence.standing().filter(**of_round).select_related("blob", "by", "unit") if sees_files else []
    handed_in = queries.submissions_of(item).filter(number__isnull=False, **of_round) if sees_files else []
    submissions, files = list(handed_in), [file(each, today, named) for each in evidence]
    reports = item.reports.filter(**of_round).select_related("by") if sees_files else []
    return {
        "criteria": criteria.of_past(submissions[0] if submissions else None, files),
        "evidence": files,
        "evidence_hidden": not sees_files,
        "submissions": [
            sub_item_page.submission(each, today, calendar, named, files=sees_files) for each in submissions
        ],
        "reports": [sub_item_page.report(each, today, named) for each in reports],
    }
