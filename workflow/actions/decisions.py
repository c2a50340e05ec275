"""年度研判: once a year the owner's side says of each duty without end whether it goes on (domain rule 4)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.details import text
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.errors import Invalid, MoveNotPossible
from workflow.models import SubItem
from workflow.models.journal import Step
from workflow.states import OPEN, Ending, State

VERDICTS = {"continue": Ending.NONE, "routine": Ending.ROUTINE, "end": Ending.END}


@one_commit
def decide_year(
    item_id: int, verdict: Any, *, by: Actor, now: datetime, version: int | None, comment: Any = None
) -> SubItem:
    """`continue`, `routine` or `end`; the last two with a reason. Until it is carried out it may be decided anew.

    Nothing is approved by it: a duty that is to end is closed by its own move once a round is verified, and until then
    its rounds go on and lapse. Refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible,
    NotAllowed, Invalid.
    """
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    if why_not := obstacle(item):
        raise MoveNotPossible(why_not)
    step = Step(by, policies.check_may_decide(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    ending = VERDICTS.get(verdict) if isinstance(verdict, str) else None
    if ending is None:
        raise Invalid(_("请选继续、转为常态或者结束。"))
    reason = text(comment) if comment is not None else ""
    if ending and not reason:
        raise Invalid(_("转为常态或者结束，请写明理由。"))
    is_news = bool(ending or item.ending)
    item.decided_year = item.year_under_decision(step.today, step.rules.calendar)
    item.ending = ending
    said = {"year": item.decided_year, "verdict": verdict}
    finish(item, step, "decide", comment=reason, details=said, tells=("assignee", "lead_heads") if is_news else ())
    return item


def obstacle(item: SubItem) -> str:
    """Why there is nothing to decide, in a sentence; empty where there is."""
    words = {"number": item.number, "state": State(item.state).label}
    if not item.is_periodic:
        return _("%(number)s有明确的完成时限，不用年度研判。") % words
    return "" if item.state in OPEN else _("%(number)s%(state)s，不用再研判。") % words
