"""审核页: what was asked beside what was handed in; approve, or reject with a reason; the next in the queue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actor import Actor
from workflow import policies, queries
from workflow.actions import moves
from workflow.criteria import reason_for
from workflow.errors import Invalid, NotFound, WorkflowError
from workflow.models import SubItem, Submission
from workflow.states import State
from workflow.views import criteria, criteria_forms, errors, words
from workflow.views import parts as gathered
from workflow.views import sub_item_page as parts
from workflow.views.frame import now
from workflow.views.sub_item import version_of

VERDICTS = ("approve", "reject")


@login_required
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The queue; opens its first item."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    queue = waiting_for(actor, timezone.localdate(now(request)))
    if queue:
        return redirect("workflow:review-item", queue[0].pk)
    return render(request, "workflow/review.html", {"queue": []})


@login_required
@require_GET
def review_item(request: HttpRequest, item_id: int) -> HttpResponse:
    return _page(request, item_id)


@login_required
@require_POST
def verdict(request: HttpRequest, item_id: int, name: str) -> HttpResponse:
    """Approve or reject, then on to the next; a refusal shows the page again with what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    details = {"comment": request.POST.get("comment", ""), "ticks": criteria_forms.ticks(request.POST)}
    if name not in VERDICTS:
        return errors.not_found(request)
    try:
        moves.make_move(item_id, name, by=actor, now=now(request), version=version_of(request), details=details)
    except NotFound:
        return errors.not_found(request)
    except WorkflowError as refusal:
        return _page(request, item_id, refusal=refusal)
    messages.success(request, _("已通过，等统筹单位办结。") if name == "approve" else _("已退回，牵头单位会收到理由。"))
    return redirect("workflow:review")


def waiting_for(actor: Actor, today: date) -> list[SubItem]:
    """What waits for this verifier, without what rule 1 bars them from."""
    items = queries.with_names(queries.to_review(actor, today))
    return [item for item in items if policies.may_verify(item, actor)]


def _page(request: HttpRequest, item_id: int, refusal: WorkflowError | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate(now(request))
    try:
        item = queries.with_names(SubItem.objects.visible_to(actor)).get_or_refuse(item_id)
    except NotFound:
        return errors.not_found(request)
    if item.state != State.SUBMITTED or not policies.verifying_post(actor, item):
        if refusal is not None:
            messages.error(request, str(refusal))
        return redirect("workflow:sub-item", item_id)
    ticks = criteria_forms.ticks(request.POST)
    context = _context(actor, item, today, chosen=request.GET.get("file", ""), ticks=ticks)
    if isinstance(refusal, Invalid):
        context["comment_error"] = str(refusal)
    elif refusal is not None:
        context["refusal"] = str(refusal)
    unmet = [each["no"] for each in context["criteria"] if each["tick"] == "no"]
    context["comment"] = request.POST.get("comment", "") or reason_for(unmet)
    return render(request, "workflow/review.html", context, status=refusal.status if refusal else 200)


def _context(actor: Actor, item: SubItem, today: date, *, chosen: str, ticks: Mapping[str, Any]) -> dict[str, Any]:
    calendar = item.plan.rules_in_force().calendar
    submissions = list(queries.submissions_of(item))
    current = next(each for each in submissions if each.status == Submission.Status.SUBMITTED)
    returned = next((each for each in submissions if each.status == Submission.Status.REJECTED), None)
    named = queries.names_signed(item)
    handed_in = parts.submission(current, today, calendar, named, files=True)
    files = handed_in["files"]
    shown = next((file for file in files if str(file["pk"]) == chosen), files[0] if files else None)
    seen_before = {each.blob_id for each in returned.evidence.all()} if returned else set()
    for file, evidence in zip(files, current.evidence.all(), strict=True):
        file["chosen"] = file is shown
        file["is_new"] = returned is not None and evidence.blob_id not in seen_before
        file["view_url"], file["url"] = file["url"], f"?file={file['pk']}#preview"
        file["kind"] = {"pdf": "pdf", "jpg": "image", "png": "image"}.get(evidence.blob.kind, "none")
    judged = criteria.to_judge(item, current, returned, files, submissions, ticks)
    tied = {file["pk"] for each in judged for file in each["files"]}
    queue = waiting_for(actor, today)
    barred = _barred(actor, item)
    said = {"no": current.number, "n": len(files), "criteria": len(judged)}
    tally = _("%(criteria)s 条标准，请逐条看") if judged else _("第 %(no)s 次报送，材料 %(n)s 件")
    return {
        "queue": [_entry(each, today, each.pk == item.pk) for each in queue],
        "position": next((place for place, each in enumerate(queue, 1) if each.pk == item.pk), None),
        "item": parts.facts(item, today),
        "submission": {**handed_in, "tally": tally % said},
        "criteria": judged,
        "marks_new": any(part["is_new"] for each in judged for part in each["words"]),
        "files": [file for file in files if file["pk"] not in tied],
        "reports": [
            parts.report(each, today, named)
            for each in item.reports.filter(round_no=item.round_no).select_related("by")[:3]
        ],
        "last_return": _last_return(returned, today),
        "verifier": {"unit": item.verifier.name if item.verifier else "", "reason": queries.verifier_reason(item)},
        "gathered": gathered.panel(actor, item, queries.parts_of(item, actor), today, acting=""),
        "preview": _preview(shown),
        **{
            name: {"url": reverse("workflow:verdict", args=[item.pk, name]), "disabled_reason": barred}
            for name in VERDICTS
        },
    }


def _barred(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_verify(actor, item)
    except WorkflowError as refusal:
        return str(refusal)
    return ""


def _entry(item: SubItem, today: date, current: bool) -> dict[str, Any]:
    calendar = item.plan.rules_in_force().calendar
    return {
        "number": item.number,
        "text": item.text,
        "light": item.light(today),
        "light_words": words.light(item, today, calendar),
        "from_words": f"{item.leads[0].name}，{words.held(item, today, calendar)}",
        "url": reverse("workflow:review-item", args=[item.pk]),
        "current": current,
    }


def _last_return(returned: Submission | None, today: date) -> dict[str, str] | None:
    if returned is None or returned.reviewed_at is None:
        return None
    return {"on_words": words.day(timezone.localdate(returned.reviewed_at), today), "comment": returned.comment}


def _preview(shown: dict[str, Any] | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    return {
        "filename": shown["filename"],
        "kind": shown["kind"],
        "view_url": shown["view_url"] if shown["kind"] != "none" else "",
        "download_url": reverse("workflow:evidence-file", args=[shown["pk"]]),
    }
