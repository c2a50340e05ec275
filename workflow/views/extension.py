"""延期 on the page of a sub-item: the request that waits, and the forms to ask, to take back and to decide."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies, queries
from workflow.actions.extensions import obstacle
from workflow.errors import NotAllowed
from workflow.models import Extension, Report, SubItem
from workflow.states import State
from workflow.views import words
from workflow.views.buttons import button
from workflow.views.fields import LONGEST, field


def facts(actor: Actor, item: SubItem, extension: Extension, today: date) -> dict[str, str]:
    """What is asked and why; to whoever does not decide it, who does or why they may not."""
    said = {
        "no": extension.number,
        "on": words.day(timezone.localdate(extension.requested_at), today),
        "name": queries.names_signed(item)(extension.requested_by, extension.requested_at),
        "before": extension.due_on.isoformat(),
        "after": extension.asked_on.isoformat(),
    }
    return {
        "words": _("第 %(no)s 次，%(on)s %(name)s申请，由 %(before)s 延到 %(after)s。") % said,
        "reason": extension.reason,
        "progress": extension.progress,
        "decided_by": _refusal(actor, item),
    }


def _refusal(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_extend(actor, item)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def moves_words(extensions: Sequence[Extension]) -> str:
    """How often the date was moved so in this round."""
    granted = _granted(extensions)
    return _("延期 %(n)s 次") % {"n": granted} if granted else ""


def _granted(extensions: Sequence[Extension]) -> int:
    return sum(each.status == Extension.Status.GRANTED for each in extensions)


def buttons(
    actor: Actor, item: SubItem, extensions: Sequence[Extension], reports: Sequence[Report], today: date
) -> Iterator[dict[str, Any]]:
    """What this person may do about more time now; `extensions` are those of this round."""
    waiting = next((each for each in extensions if each.is_open), None)
    if waiting is None:
        if item.state == State.IN_PROGRESS and not item.is_periodic and policies.may_ask_extension(item, actor):
            yield _request(item, obstacle(item, today, granted=_granted(extensions)), reports)
        return
    if policies.may_extend(item, actor):
        yield _grant(item, waiting)
        reason = field("comment", _("理由"), "textarea", required=True, maxlength=LONGEST)
        yield _settle(item, waiting, "refuse", _("不同意延期"), [reason])
    if policies.may_ask_extension(item, actor):
        yield _settle(item, waiting, "withdraw", _("撤回延期申请"), [])


def _request(item: SubItem, why_not: str, reports: Sequence[Report]) -> dict[str, Any]:
    day = field("due_on", _("申请延到"), "date", required=True)
    day["min"] = (item.due_on + timedelta(days=1)).isoformat() if item.due_on else None
    reason = field("reason", _("延期理由"), "textarea", required=True, maxlength=LONGEST)
    progress = field("progress", _("目前进展"), "textarea", required=True, maxlength=LONGEST)
    if reports:
        progress |= {"value": reports[0].text, "hint": _("已带出上次写的，改成现在的情况。")}
    url = reverse("workflow:extension-request", args=[item.pk])
    shown = button("extension-request", _("申请延期"), item, [day, reason, progress], url=url)
    return {**shown, "disabled_reason": why_not}


def _grant(item: SubItem, waiting: Extension) -> dict[str, Any]:
    day = field("due_on", _("同意延到"), "date", value=waiting.asked_on, required=True)
    day |= {"min": (waiting.due_on + timedelta(days=1)).isoformat(), "max": waiting.asked_on.isoformat()}
    day["hint"] = _("可以早于申请的日期。")
    comment = field("comment", _("意见"), "textarea", maxlength=LONGEST)
    return _settle(item, waiting, "grant", _("同意延期"), [day, comment])


def _settle(item: SubItem, waiting: Extension, name: str, label: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    url = reverse("workflow:extension-settle", args=[waiting.pk, name])
    return button(f"extension-{name}", label, item, fields, url=url)
