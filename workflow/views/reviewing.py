"""一并审核: one verdict on several submissions; those with criteria are looked at one by one."""

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
from workflow.models import SubItem, Submission
from workflow.views import errors, several, words
from workflow.views.frame import now
from workflow.views.review import VERDICTS, waiting_for


@login_required
@require_http_methods(["GET", "POST"])
def review_several(request: HttpRequest) -> HttpResponse:
    """The queue to choose from, nothing ticked; a post approves or rejects the ticked ones, with one reason.

    What has agreed criteria is not among them: its verdict ticks each, and no tick for many at once would have seen
    what was handed in. The move itself refuses it too.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, actor, None)
    name, comment = request.POST.get("move", ""), request.POST.get("comment", "")
    if name not in VERDICTS:
        return errors.not_found(request)
    chosen = list(several.chosen(request.POST.getlist("item"), {"comment": comment}))
    if not chosen:
        messages.error(request, _("请先勾选要审核的子项。"))
        return redirect("workflow:review-several")
    outcomes = make_moves(name, chosen, by=actor, now=now(request))
    return _page(request, actor, several.results(actor, name, outcomes), comment=comment)


def _page(request: HttpRequest, actor: Actor, results: dict[str, Any] | None, comment: str = "") -> HttpResponse:
    today = timezone.localdate(now(request))
    queue = waiting_for(actor, today)
    handed_in = queries.under_review(queue)
    rows = [_row(item, handed_in.get(item.pk), today) for item in queue]
    still = comment if results and results["refused"] else ""  # a reason that was used up is not offered again
    context = {
        "rows": rows,
        "results": results,
        "comment": still,
        "choosable": any(not row["criteria"] for row in rows),
    }
    return render(request, "workflow/review_several.html", context)


def _row(item: SubItem, submission: Submission | None, today: Any) -> dict[str, Any]:
    calendar = item.plan.rules_in_force().calendar
    files = submission.files if submission else 0  # type: ignore[attr-defined]
    said = {"unit": item.leads[0].name, "no": submission.number if submission else 1, "n": files}
    return {
        "item": item,
        "light": item.light(today),
        "light_words": words.light(item, today, calendar),
        "note": _("%(unit)s第 %(no)s 次报送，材料 %(n)s 件") % said,
        "summary": submission.summary if submission else "",
        "criteria": len(item.criteria),
    }
