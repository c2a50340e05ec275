"""配合: the lead asks its supporting units for their parts; they give or decline, it takes, returns or waives.

Each refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import ActingPost, Actor
from notifications.outbox import Audience
from workflow import policies, queries
from workflow.actions import awaiting
from workflow.actions.commit import one_commit
from workflow.actions.details import iso_day, text, unit_names
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.models import Part, SubItem
from workflow.models.journal import Step
from workflow.queries import Supporter
from workflow.states import GIVEN, OWED, PART_OPEN, PartStatus, State

SHORT = 80  # characters of an item's text that say what is asked for, where nobody says it better
LATEST = timedelta(days=365)  # from today, for an item whose own due date has passed


@dataclass(frozen=True)
class PartStep:
    """One step of a part: from where, to what, by whom, and what must be said with it."""

    sources: tuple[PartStatus, ...]
    target: PartStatus
    label: Promise
    says: str  # the field of the part the words go into; empty: none are said
    missing: Promise | str = ""

    @property
    def by_unit(self) -> bool:
        """Taken by the unit that was asked, as far as its own part goes; the others by the lead."""
        return self.sources == OWED

    @property
    def states(self) -> tuple[State, ...]:
        return queries.WORKED_ON if self.by_unit else (State.IN_PROGRESS,)

    def check(self, actor: Actor, part: Part) -> ActingPost:
        return policies.check_may_answer(actor, part) if self.by_unit else policies.check_may_gather(actor, part.item)

    def may(self, actor: Actor, part: Part) -> bool:
        return policies.may_answer(part, actor) if self.by_unit else policies.may_gather(part.item, actor)

    def starts_from(self, part: Part) -> bool:
        """What part and item permit, whoever asks."""
        return part.status in self.sources and part.item.state in self.states


WHY = gettext_lazy("请写明理由。")
STEPS = {
    "answer": PartStep(OWED, PartStatus.ANSWERED, gettext_lazy("交配合材料"), "text", gettext_lazy("请写配合的情况。")),
    "decline": PartStep(OWED, PartStatus.DECLINED, gettext_lazy("说明不配合"), "comment", WHY),
    "accept": PartStep(GIVEN, PartStatus.ACCEPTED, gettext_lazy("收下"), ""),
    "return": PartStep(GIVEN, PartStatus.RETURNED, gettext_lazy("退回"), "comment", WHY),
    "waive": PartStep(PART_OPEN, PartStatus.WAIVED, gettext_lazy("免交"), "comment", WHY),
}


# --- asking -----------------------------------------------------------------------------------------------------------
@one_commit
def ask_for_parts(
    item_id: int,
    *,
    by: Actor,
    now: datetime,
    version: int | None,
    units: Any = None,
    ask: Any = None,
    due_on: Any = None,
) -> list[Part]:
    """Ask supporting units, named or all that were not asked in this round, for their parts.

    Without `ask` the item's own words say what, without `due_on` it is the day before the item is due.
    """
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    free = without_open(item)
    if why_not := obstacle(item, free):
        raise MoveNotPossible(why_not)
    step = Step(by, policies.check_may_gather(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    chosen = _chosen(item, units, free)
    words = text(ask) if ask is not None else Truncator(item.text).chars(SHORT)
    if not words:
        raise Invalid(_("请写要交什么。"))
    due = _due(due_on, item, step.today)
    for each in chosen:
        item.put_part(each.unit_id, each.name, each.through_id, PartStatus.ASKED)
    awaiting.parts_changed(item)
    facts = {"part_units": [[each.unit_id, each.name] for each in chosen], "part_due_on": due.isoformat()}
    to = queries.officers_and_heads(each.unit_id for each in chosen)
    finish(item, step, "part.asked", comment=words, details=facts, to=to)
    return Part.objects.bulk_create(requests(item, chosen, words, due, step))


def requests(item: SubItem, units: Iterable[Supporter], ask: str, due_on: date | None, step: Step) -> list[Part]:
    """One part for each unit, not saved."""
    said = {"ask": ask, "due_on": due_on, "asked_by_id": step.by.user_id, "asked_at": step.now}
    return [
        Part(item=item, round_no=item.round_no, unit_id=each.unit_id, group_id=each.group_id, **said) for each in units
    ]


def without_open(item: SubItem) -> list[Supporter]:
    """Its supporting units that have no open part; one query."""
    asked = {part["unit"] for part in item.parts_open}
    return [each for each in queries.supporters(item.lead_ids, item.support_ids) if each.unit_id not in asked]


def obstacle(item: SubItem, free: Sequence[Supporter]) -> str:
    """Why nobody can ask supports now, in a sentence; empty where the lead may. `free`: those without an open part."""
    words = {"number": item.number, "state": State(item.state).label}
    if item.state != State.IN_PROGRESS:
        return _("%(number)s现在是“%(state)s”，办理中才能发配合请求。") % words
    if free:
        return ""
    return _("配合单位都有请求在办，收下或免交后才能再发。") if item.parts_open else _("这一项没有可以请求的配合单位。")


def first_asked(item: SubItem, free: Iterable[Supporter]) -> list[Supporter]:
    """Those never asked in this round: the same material is asked for once (rule 11)."""
    before = set(item.parts.filter(round_no=item.round_no).values_list("unit", flat=True))
    return [each for each in free if each.unit_id not in before]


def due_by_default(item: SubItem, today: date) -> date:
    """A day before the item is due, so that the lead can work it in; never past."""
    return max(item.due_on - timedelta(days=1), today) if item.due_on else today


def _chosen(item: SubItem, units: Any, free: Sequence[Supporter]) -> list[Supporter]:
    if units is None:
        if chosen := first_asked(item, free):
            return chosen
        raise Invalid(_("配合单位本期都请求过了，要再请求请选明单位。"))
    names = list(dict.fromkeys(unit_names(units)))
    by_name = {each.name: each for each in free}
    for name in names:
        if any(part["name"] == name for part in item.parts_open):
            raise Invalid(_("%(name)s已有一份请求在办，不能再发。") % {"name": name})
        if name not in by_name:
            raise Invalid(_("“%(name)s”不是这一项的配合单位。") % {"name": name[:64]})
    if not names:
        raise Invalid(_("请选要请求的配合单位。"))
    return [by_name[name] for name in names]


def _due(value: Any, item: SubItem, today: date) -> date:
    if value in (None, ""):
        return due_by_default(item, today)
    day = iso_day(value)
    if day < today:
        raise Invalid(_("交材料的日期不能早于今天。"))
    if item.due_on is not None and item.due_on >= today and day > item.due_on:
        raise Invalid(_("交材料的日期不能晚于这一项的时限 %(due_on)s。") % {"due_on": item.due_on.isoformat()})
    if day > today + LATEST and (item.due_on is None or item.due_on < today):
        raise Invalid(_("交材料的日期太远，请检查年份。"))
    return day


# --- what becomes of it -----------------------------------------------------------------------------------------------
@one_commit
def take_step(
    part_id: int, name: str, *, by: Actor, now: datetime, version: int | None = None, said: Any = None
) -> Part:
    """`answer` or `decline` a part, or `accept`, `return` or `waive` it; other names are NotFound.

    The unit's own steps need no version: nobody but itself changes what it is to give, and thirteen members who
    answer on one morning must not make each other stale. The lead names the version it decides upon.
    """
    if name not in STEPS:
        raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})
    taken = STEPS[name]
    item, part = locked_part(part_id, by, version)
    check_step_possible(part, taken)
    step = Step(by, taken.check(by, part), now, item.plan.rules_in_force(), {})
    if not taken.by_unit:
        check_version_given(by, version)
    words = text(said) if said is not None and taken.says else ""
    if taken.says and not words:
        raise Invalid(str(taken.missing))
    _go_on(part, taken, words, step)
    item.put_part(part.unit_id, part.unit.name, part.through_id, part.status)
    signatures = awaiting.paper_changed(item) if part.status == PartStatus.ACCEPTED else {}
    awaiting.parts_changed(item)
    facts = {"part_units": [[part.unit_id, part.unit.name]], **signatures}
    finish(item, step, f"part.{part.status}", comment=words, details=facts, to=_told(item, part))
    part.save(update_fields=WRITTEN)
    return part


WRITTEN = ("status", "text", "comment", "answered_by", "answered_at", "settled_by", "settled_at")


def _go_on(part: Part, taken: PartStep, words: str, step: Step) -> None:
    part.status = taken.target
    if taken.by_unit:
        part.text, part.comment = "", ""  # what was given before stays in the journal
        part.answered_by_id, part.answered_at = step.by.user_id, step.now
    else:
        part.settled_by_id, part.settled_at = step.by.user_id, step.now
    if taken.says:
        setattr(part, taken.says, words)
    if taken.by_unit or part.status == PartStatus.ACCEPTED:
        part.item.took_part(step)


def _told(item: SubItem, part: Part) -> Audience:
    """The lead's 经办人 of what the unit gave; the unit of what is to be done again or no more."""
    if part.is_given:
        return queries.people_to_tell(item, ("assignee",))
    if part.status == PartStatus.ACCEPTED:
        return Audience()
    answered = Audience(people=frozenset({part.answered_by_id})) if part.answered_by_id else Audience()
    return answered | queries.heads([part.unit_id])


def locked_part(part_id: int, by: Actor, version: int | None) -> tuple[SubItem, Part]:
    """The item, locked, and the part as it is then."""
    found = Part.objects.visible_to(by).filter(pk=part_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(found)
    check_version(item, version)
    part = Part.objects.select_related("unit").get(pk=part_id)
    part.item = item
    return item, part


def check_step_possible(part: Part, taken: PartStep) -> None:
    """Raises MoveNotPossible where part or item do not permit it, whoever asks."""
    words = {"unit": part.unit.name, "step": taken.label, "number": part.item.number}
    if part.status not in taken.sources:
        words["status"] = PartStatus(part.status).label
        raise MoveNotPossible(_("%(unit)s的配合请求现在是“%(status)s”，不能%(step)s。") % words)
    if part.item.state not in taken.states:
        words["state"] = State(part.item.state).label
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，不能%(step)s。") % words)


def open_to(actor: Actor, part: Part) -> list[str]:
    """The steps this person may take on a part now."""
    return [name for name, step in STEPS.items() if step.starts_from(part) and step.may(actor, part)]


# --- what moves do to it ----------------------------------------------------------------------------------------------
def ended_by(item: SubItem, before: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """[unit, name] of the parts that were open and that a move has ended."""
    still = {part["unit"] for part in item.parts_open}
    return [[part["unit"], part["name"]] for part in before if part["unit"] not in still]


WHY_ENDED: dict[str, Callable[[], str]] = {
    "cancel": lambda: _("这一项已撤销，不用再交。"),
    "amend": lambda: _("不再承担配合，不用再交。"),
    "reassign": lambda: _("不再承担配合，不用再交。"),
}


def why_ended(move: str) -> str:
    return WHY_ENDED.get(move, lambda: _("本期已结束，不用再交。"))()
