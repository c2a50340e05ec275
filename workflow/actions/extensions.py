"""延期: asked for by the unit that hands in, decided by the one that verifies; each step is journaled.

Each refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.details import future_day, iso_day, text
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.ladder import Clock
from workflow.models import Extension, SubItem
from workflow.models.journal import Step
from workflow.states import Pause, State

Status = Extension.Status
VERDICTS = {"grant": Status.GRANTED, "refuse": Status.REFUSED}
OUTCOMES = {**VERDICTS, "withdraw": Status.WITHDRAWN}
# What a step is called in the journal and as a message, and whom it tells.
TELLS = {
    Status.GRANTED: ("assignee", "lead_heads", "coordinators"),
    Status.REFUSED: ("assignee", "lead_heads"),
}


@one_commit
def request_extension(
    item_id: int, *, by: Actor, now: datetime, version: int | None, due_on: Any, reason: Any, progress: Any
) -> Extension:
    """Ask for a later due date, before the present one has passed; it moves only when that is granted."""
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    today = timezone.localdate(now)
    before = list(item.extensions.filter(round_no=item.round_no).values_list("status", flat=True))
    if why_not := obstacle(item, today, granted=before.count(Status.GRANTED)):
        raise MoveNotPossible(why_not)
    step = Step(by, policies.check_may_ask_extension(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    assert step.post and by.user_id and item.due_on  # noqa: S101 - only a person has a post; a date is no obstacle
    extension = Extension(item=item, round_no=item.round_no, number=len(before) + 1, due_on=item.due_on)
    extension.asked_on = _later_day(due_on, item, today)
    extension.reason, extension.progress = _said(reason, _("请写延期理由。")), _said(progress, _("请写目前进展。"))
    extension.requested_by_id, extension.unit_id, extension.requested_at = by.user_id, step.post.unit_id, now
    item.took_part(step)
    item.start_clock(Clock.EXTENSION, step)
    facts = {**_facts(extension), "progress": extension.progress}
    finish(item, step, "extension.requested", comment=extension.reason, details=facts, tells=_deciders(item))
    extension.save(force_insert=True)
    return extension


def settle_extension(
    extension_id: int, name: str, *, by: Actor, now: datetime, version: int | None, **said: Any
) -> Extension:
    """`grant`, `refuse` or `withdraw` a request, as a door names it; other names are NotFound."""
    if name == "withdraw":
        return withdraw_extension(extension_id, by=by, now=now, version=version)
    if name not in OUTCOMES:
        raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})
    return decide_extension(extension_id, name, by=by, now=now, version=version, **said)


@one_commit
def withdraw_extension(extension_id: int, *, by: Actor, now: datetime, version: int | None) -> Extension:
    """Take a request back; the due date stays."""
    item, extension = _locked(extension_id, by, version)
    step = Step(by, policies.check_may_ask_extension(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    return _settle(item, extension, Status.WITHDRAWN, step)


@one_commit
def decide_extension(
    extension_id: int,
    verdict: str,
    *,
    by: Actor,
    now: datetime,
    version: int | None,
    due_on: Any = None,
    comment: Any = None,
) -> Extension:
    """`grant` it, up to the day asked for or an earlier one, or `refuse` it with a reason.

    The day granted may have passed by then: a unit does not lose the days its request lay unread.
    """
    item, extension = _locked(extension_id, by, version)
    if verdict == "grant" and item.is_periodic:
        raise MoveNotPossible(_periodic())
    step = Step(by, policies.check_may_extend(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    extension.comment = text(comment) if comment is not None else ""
    if verdict == "refuse" and not extension.comment:
        raise Invalid(_("请写明理由。"))
    if verdict == "grant":
        extension.granted_on = _granted_day(due_on, extension)
        item.move_term(item.start_on, extension.granted_on, step)
    return _settle(item, extension, VERDICTS[verdict], step)


def obstacle(item: SubItem, today: date, *, granted: int) -> str:
    """Why nobody can ask for more time now, in a sentence; empty where the unit may. `granted` in this round."""
    at_most = item.plan.rules_in_force().pack.extensions_a_round
    words = {"number": item.number, "state": State(item.state).label, "n": at_most}
    if item.state != State.IN_PROGRESS:
        return _("%(number)s现在是“%(state)s”，办理中才能申请延期。") % words
    if item.is_periodic:
        return _periodic()
    if item.pause == Pause.SUSPENDED:
        return _("%(number)s正在暂停，时限停着不走，恢复后再申请。") % words
    if item.due_on is None:
        return _("%(number)s没有完成时限，不用延期。") % words
    if item.due_on < today:
        return _("完成时限已过，延期要在到期前申请。")
    if item.extension_is_open:
        return _("已有一份延期申请在等决定，不能再申请。")
    if granted >= at_most:
        return _("本期最多延期 %(n)s 次，已经用完，不能再申请。") % words
    return ""


def _periodic() -> str:
    return _("长期坚持和定期的事项按期办，到期转入下期，不用延期。")


def _locked(extension_id: int, by: Actor, version: int | None) -> tuple[SubItem, Extension]:
    """The item, locked, and the request as it is then; refuses a request that was settled."""
    found = Extension.objects.visible_to(by).filter(pk=extension_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound
    item = SubItem.objects.visible_to(by).locked("original_due_on").get_or_refuse(found)
    check_version(item, version)
    extension = Extension.objects.get(pk=extension_id)
    if not extension.is_open:
        words = {"outcome": Status(extension.status).label}
        raise MoveNotPossible(_("这份延期申请已经办结：%(outcome)s。") % words)
    extension.item = item
    return item, extension


def _settle(item: SubItem, extension: Extension, outcome: Extension.Status, step: Step) -> Extension:
    item.end_extension()
    extension.status, extension.decided_by_id, extension.decided_at = outcome, step.by.user_id, step.now
    tells = TELLS.get(outcome) or _deciders(item)
    finish(item, step, f"extension.{outcome}", comment=extension.comment, details=_facts(extension), tells=tells)
    extension.save(update_fields=["status", "granted_on", "decided_by", "decided_at", "comment"])
    return extension


def _facts(extension: Extension) -> dict[str, Any]:
    """What the journal keeps: which request, the date then and the one asked for; once granted, the new one."""
    granted = {"granted_on": extension.granted_on.isoformat()} if extension.granted_on else {}
    days = {"due_on": extension.due_on.isoformat(), "asked_on": extension.asked_on.isoformat()}
    return {"extension": extension.number, **days, **granted}


def _deciders(item: SubItem) -> tuple[str]:
    return ("inspectors",) if policies.extended_by_inspector(item) else ("verifiers",)


def _said(value: Any, missing: str) -> str:
    words = text(value) if value is not None else ""
    if not words:
        raise Invalid(missing)
    return words


def _later_day(value: Any, item: SubItem, today: date) -> date:
    if not value:
        raise Invalid(_("请填申请延到哪一天。"))
    day = future_day(value, today)
    if item.due_on is not None and day <= item.due_on:
        raise Invalid(_("申请的日期要晚于现在的时限 %(due_on)s。") % {"due_on": item.due_on.isoformat()})
    return day


def _granted_day(value: Any, extension: Extension) -> date:
    """The day asked for where none is named."""
    day = extension.asked_on if value in (None, "") else iso_day(value)
    if extension.due_on < day <= extension.asked_on:
        return day
    days = {"due_on": extension.due_on.isoformat(), "asked_on": extension.asked_on.isoformat()}
    raise Invalid(_("同意的日期要晚于现在的时限 %(due_on)s，不晚于申请的 %(asked_on)s。") % days)
