"""验收标准: proposed by the lead, agreed to or returned by the verifying unit; each step is journaled.

Each refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import criteria, policies
from workflow.actions import awaiting
from workflow.actions.commit import one_commit
from workflow.actions.details import text
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.criteria import LONGEST, LONGEST_UNIT, MOST, Criterion
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.models import SubItem
from workflow.models.journal import Step
from workflow.states import Per, State

PROPOSED_IN = (State.ASSIGNED, State.IN_PROGRESS)  # under review the measure does not change
STEPS = ("agree", "return")


@one_commit
def propose_criteria(item_id: int, *, by: Actor, now: datetime, version: int | None, proposed: Any) -> SubItem:
    """Propose a list of {text, baseline?, value?, unit?, per?}, numbered as they come; it stops no work.

    It takes the place of a proposal that still waits. What was agreed before stays in force until this is agreed.
    """
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    check_open(item)
    step = Step(by, policies.check_may_propose(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    wanted, before = _cleaned(proposed), on_the_table(item)
    if wanted == criteria.read(before):
        raise Invalid(_("和现在的标准一样，没有要改的。"))
    item.took_part(step)
    item.propose(wanted)
    _finish(item, step, "criteria.proposed", before, tells=_answering(item))
    return item


def settle_proposal(item_id: int, name: str, *, by: Actor, now: datetime, version: int | None, comment: Any) -> SubItem:
    """`agree` to a proposal or `return` it, as a door names it; other names are NotFound."""
    if name not in STEPS:
        raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})
    act = agree_criteria if name == "agree" else return_criteria
    return act(item_id, by=by, now=now, version=version, comment=comment)


@one_commit
def agree_criteria(item_id: int, *, by: Actor, now: datetime, version: int | None, comment: Any = None) -> SubItem:
    """They are in force: handing in answers each, a verdict ticks each."""
    item, step = _asked(item_id, by=by, now=now, version=version)
    said = text(comment) if comment is not None else ""
    before = item.criteria
    item.agree()
    ended = awaiting.paper_changed(item)  # whoever signed did not sign to these
    _finish(item, step, "criteria.agreed", before, comment=said, tells=("assignee", "lead_heads"), besides=ended)
    return item


@one_commit
def return_criteria(item_id: int, *, by: Actor, now: datetime, version: int | None, comment: Any = None) -> SubItem:
    """Send a proposal back with a reason; what was agreed before stays in force."""
    item, step = _asked(item_id, by=by, now=now, version=version)
    said = text(comment) if comment is not None else ""
    if not said:
        raise Invalid(_("请写明理由。"))
    before = item.criteria_proposed
    item.end_proposal()
    _finish(item, step, "criteria.returned", before, comment=said, tells=("assignee", "lead_heads"))
    return item


def check_open(item: SubItem) -> None:
    """Raises MoveNotPossible where the measure cannot change."""
    if item.state not in PROPOSED_IN:
        words = {"number": item.number, "state": State(item.state).label}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，办理中才能定验收标准。") % words)


def on_the_table(item: SubItem) -> list[dict[str, Any]]:
    """What is proposed, else what is agreed."""
    return item.criteria_proposed if item.proposal_is_open else item.criteria


def _asked(item_id: int, *, by: Actor, now: datetime, version: int | None) -> tuple[SubItem, Step]:
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    check_open(item)
    if not item.proposal_is_open:
        raise MoveNotPossible(_("没有等同意的验收标准。"))
    step = Step(by, policies.check_may_agree(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    return item, step


def _finish(
    item: SubItem,
    step: Step,
    action: str,
    before: list[dict[str, Any]],
    *,
    tells: tuple[str, ...],
    comment: str = "",
    besides: Mapping[str, Any] | None = None,
) -> None:
    """The journal keeps both lists whole."""
    both = {"criteria": [before, on_the_table(item)], **(besides or {})}
    finish(item, step, action, comment=comment, details=both, tells=tells, writes=("criteria",))


def _answering(item: SubItem) -> tuple[str]:
    return ("inspectors",) if item.verifier_id is None else ("verifiers",)


# --- what was typed ---------------------------------------------------------------------------------------------------
def _cleaned(said: Any) -> list[Criterion]:
    """Raises Invalid with one sentence."""
    if not isinstance(said, list) or not all(isinstance(each, Mapping) for each in said):
        raise Invalid(_("验收标准要写成清单。"))
    if not said:
        raise Invalid(_("请至少写一条标准。"))
    if len(said) > MOST:
        raise Invalid(_("标准最多 %(n)s 条，请合并几条。") % {"n": MOST})
    wanted = [_criterion(no, each) for no, each in enumerate(said, 1)]
    for place, each in enumerate(wanted):
        if any(each.text == other.text and each.unit == other.unit for other in wanted[:place]):
            raise Invalid(_("标准 %(no)s 和前面的一样。") % {"no": each.no})
    return wanted


def _criterion(no: int, said: Mapping[str, Any]) -> Criterion:
    words = _line(said.get("text"), LONGEST, no)
    if not words:
        raise Invalid(_("标准 %(no)s 没有写内容。") % {"no": no})
    unit = _line(said.get("unit"), LONGEST_UNIT, no)
    value, baseline = (_number(said.get(name), no) for name in ("value", "baseline"))
    if value is None and (baseline is not None or unit):
        raise Invalid(_("标准 %(no)s 写了基数或单位，还要写目标值。") % {"no": no})
    per = Per.TOTAL.value if said.get("per") in (None, "") else said["per"]
    if per not in Per.values:
        raise Invalid(_("标准 %(no)s 要写明是每期还是累计。") % {"no": no})
    return Criterion(no, words, baseline, value, unit, Per(per).value)


def _line(said: Any, longest: int, no: int) -> str:
    words = " ".join(text(said).split()) if said is not None else ""
    if len(words) > longest:
        raise Invalid(_("标准 %(no)s 有一处超过 %(n)s 字，请写短一些。") % {"no": no, "n": longest})
    return words


def _number(said: Any, no: int) -> int | float | None:
    if said is None or said == "":
        return None
    value = criteria.number(said)
    if value is None:
        raise Invalid(_("标准 %(no)s 的数要是 0 以上的数，最多 12 位整数、4 位小数。") % {"no": no})
    return value
