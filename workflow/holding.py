"""The fair clock: who had the ball when, and how many working days each used (domain rule 2). Pure.

A working day is charged to whoever had the ball at its beginning, 00:00: whoever hands on during a day pays for that
day, the next pays from the day after, and the day of dispatch is charged to nobody. So no day is charged twice, and
the days of all holders add up to the working days since the dispatch, less those of a suspension, which are nobody's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.calendar import WorkCalendar
from workflow.states import Pause, State


class Phase(TextChoices):
    """What the ball is held for."""

    HANDLING = "handling", _("办理")  # by the main lead
    REVIEW = "review", _("审核")  # by the verifying unit
    AWAITED = (
        "awaited",
        _("会签配合"),
    )  # by those whose signatures or parts the lead waits for
    DECIDING = "deciding", _("定责")  # by the owner unit, to which the lead has objected
    CONCLUDING = "concluding", _("统筹")  # by the owner unit, which closes or renews


TOGETHER = "、"  # between the names of units that are waited for at the same time: they share a day, it is one day
PHASES = {
    State.ASSIGNED: Phase.HANDLING,
    State.IN_PROGRESS: Phase.HANDLING,
    State.SUBMITTED: Phase.REVIEW,
    State.VERIFIED: Phase.CONCLUDING,
}  # closed or cancelled, nobody has it


@dataclass(frozen=True)
class Units:
    """The units between which an item goes, by name; `verifier` is empty where nobody is eligible."""

    lead: str
    verifier: str
    owner: str

    def holder(self, phase: Phase) -> str:
        return {Phase.HANDLING: self.lead, Phase.REVIEW: self.verifier}.get(phase, self.owner)

    def before(self, changes: Mapping[str, Any]) -> "Units":
        """Those before a change of units, which the journal keeps as [before, after]."""
        lead = changes["leads"][0][0] if "leads" in changes else self.lead
        verifier = changes["verifier"][0] or "" if "verifier" in changes else self.verifier
        return replace(self, lead=lead, verifier=verifier)


@dataclass(frozen=True)
class Turn:
    """A journal entry as the clock reads it: its day, the state it left the item in, the changes it keeps.

    `awaits` are the units waited for after it, `pause` why the clocks stand still; None: as before it.
    """

    on: date
    state: str
    changes: Mapping[str, Any]
    awaits: Sequence[str] | None = None
    pause: str | None = None


@dataclass(frozen=True)
class Span:
    """From the day a unit got the ball to the day it handed it on; None: it still has it."""

    unit: str
    phase: Phase
    since: date
    until: date | None


@dataclass(frozen=True)
class HolderDays:
    """Working days a unit had the ball, and those of them after the due date."""

    unit: str
    phase: Phase
    working_days: int
    overdue_days: int


def spans(turns: Sequence[Turn], units: Units) -> list[Span]:
    """Who had the ball when, oldest first, from the entries of one round in their order.

    `units` are those of today: the journal says which ones a change replaced, so they are followed backwards.
    """
    found: list[Span] = []
    until = None
    for turn, awaits, pause in reversed(list(_standing(turns))):
        if phase := _phase(turn.state, awaits, pause):
            who = TOGETHER.join(awaits) if phase == Phase.AWAITED else units.holder(phase)
            span = Span(who, phase, turn.on, until)
            if found and (span.unit, span.phase, span.until) == (found[-1].unit, found[-1].phase, found[-1].since):
                found[-1] = replace(found[-1], since=span.since)
            else:
                found.append(span)
        until, units = turn.on, units.before(turn.changes)
    return found[::-1]


def _standing(turns: Iterable[Turn]) -> Iterator[tuple[Turn, Sequence[str], str]]:
    """Each entry with whom the item waits for and why its clocks stand still after it."""
    awaits: Sequence[str] = ()
    pause = ""
    for turn in turns:
        awaits = awaits if turn.awaits is None else turn.awaits
        pause = pause if turn.pause is None else turn.pause
        yield turn, awaits, pause


def _phase(state: str, awaits: Sequence[str], pause: str) -> Phase | None:
    """What the ball is held for; nobody has it where the item has ended or is suspended."""
    phase = PHASES.get(State(state))
    if phase is None or pause == Pause.SUSPENDED:
        return None
    if pause == Pause.OBJECTED:
        return Phase.DECIDING
    return Phase.AWAITED if awaits and phase == Phase.HANDLING else phase


def working_days_by_holder(
    spans: Iterable[Span], calendar: WorkCalendar, today: date, due_on: date | None
) -> list[HolderDays]:
    """The days of each holder, in the order in which they first had the ball; a unit once for each of its phases.

    What was verified is no longer late, whatever the day: the owner unit has no overdue days.
    """
    days: dict[tuple[str, Phase], HolderDays] = {}
    for span in spans:
        key, until = (span.unit, span.phase), span.until or today
        used, late = calendar.between(span.since, until), 0
        if due_on is not None and span.phase != Phase.CONCLUDING:
            late = calendar.between(max(span.since, due_on), until)
        so_far = days.get(key, HolderDays(*key, 0, 0))
        days[key] = replace(so_far, working_days=so_far.working_days + used, overdue_days=so_far.overdue_days + late)
    return list(days.values())
