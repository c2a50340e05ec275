"""How pages say what turned: the rounds that ended, a suspension, what the yearly decision means."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.models import JournalEntry, Round, SubItem
from workflow.states import Ending, Pause, State
from workflow.views import words

Outcome = Round.Outcome


def history(item: SubItem, ended: Iterable[Round], today: date) -> list[dict[str, Any]]:
    """The rounds before the present one, newest first."""
    return [facts(each, today) for each in ended if each.number != item.round_no]


def facts(ended: Round, today: date) -> dict[str, Any]:
    return {
        "number": ended.number,
        "term": f"{ended.start_on.isoformat()} – {ended.due_on.isoformat()}" if ended.due_on else "",
        "outcome": ended.outcome,
        "outcome_words": str(Outcome(ended.outcome).label),
        "words": _words(ended, today),
        "url": reverse("workflow:past-round", args=[ended.item_id, ended.number]),
    }


def _words(ended: Round, today: date) -> str:
    """How it came to its outcome, in a sentence."""
    said: dict[str, Any] = {"on": words.day(ended.handed_in_on, today), "days": ended.used_days}
    if ended.outcome == Outcome.VERIFIED:
        said |= {"unit": ended.verifier or "", "name": ended.verified_by.name if ended.verified_by else ""}
        late = _("，晚 %(late)s 个工作日") % {"late": ended.late_days} if ended.late_days else ""
        return _("%(on)s报送，用时 %(days)s 个工作日%(late)s，%(unit)s %(name)s审核通过。") % {**said, "late": late}
    if ended.handed_in_on:
        return _("%(on)s已报送，到期还没有审结。") % said
    return _("到期没有报送。") if ended.outcome == Outcome.MISSED else ""


def suspension(item: SubItem, entry: JournalEntry | None, today: date) -> dict[str, str] | None:
    """Why the clocks stand still and how long; nothing where they run."""
    if item.pause != Pause.SUSPENDED:
        return None
    said = {"since": words.day(item.suspended_on, today), "until": words.day(item.suspended_until, today)}
    return {
        "words": _("%(since)s起暂停，到%(until)s为止，期间不计时限、不催办；第二天自动恢复，时限顺延。") % said,
        "reason": entry.comment if entry else "",
        "basis": entry.details.get("grounds", "") if entry else "",
    }


def ending_words(item: SubItem) -> str:
    """What the yearly decision means for the item now."""
    if item.ending == Ending.NONE:
        return ""
    if item.state == State.CLOSED:
        return _("转为常态工作，不再督办") if item.ending == Ending.ROUTINE else _("已结束，不再转期")
    return _("年度研判：%(ending)s，本期核验后销号") % {"ending": Ending(item.ending).label}


def missed(item: SubItem) -> str:
    """That the round before this one was missed; wants `queries.with_names`."""
    return _("上期未结") if item.last_was_missed else ""  # type: ignore[attr-defined]
