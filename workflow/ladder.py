"""Which rung of the ladder is due when, and the dates behind a light. Pure: rule pack, calendar and time are arguments.

Sources are the rules of the domain: 2 and 3 (lateness is no state), 12 (ladders are data), 13 (working days).
Dates are days of the pack's time zone; moments are aware.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count, takewhile

from workflow.calendar import WorkCalendar
from workflow.rule_pack import AUDIENCES, Clock, RulePack, Rung, Unit, YellowRule
from workflow.states import Light, State

__all__ = [
    "AUDIENCES",
    "Alarm",
    "Clock",
    "Ring",
    "RulePack",
    "Rung",
    "Running",
    "Unit",
    "YellowRule",
    "alarms",
    "days_left",
    "due_now",
    "late_working_days",
    "light",
    "next_alarm",
    "quiet_after_rejection",
    "yellow_on",
]

Moment = tuple[datetime, str, Rung]  # an alarm before it belongs to a journal entry: when, its code, the rung


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs on an item; `seq` is the journal entry that started it, `since` the day of that entry."""

    clock: Clock
    seq: int
    since: date
    due_on: date | None = None  # needed by the due clock, which is silent without
    quiet_until: date | None = None  # nothing rings before this day; see quiet_after_rejection


@dataclass(frozen=True, slots=True)
class Alarm:
    """One moment at which a rung is due; (clock_seq, rung_code) is unique on an item."""

    at: datetime
    rung_code: str  # the rung's code, at a repetition with its own number: report+180
    rung: Rung
    clock_seq: int


@dataclass(frozen=True, slots=True)
class Ring:
    """An alarm to record now; a superseded one is recorded and tells nobody."""

    alarm: Alarm
    superseded: bool


def alarms(running: Running, pack: RulePack, calendar: WorkCalendar) -> Iterator[Alarm]:
    """All alarms of one clock, lowest rung first, each at `pack.ring_at` on a working day.

    Endless where a rung repeats: take what is needed. Rungs before due that fall into the first half of the term
    are left out, and so are those that quiet days would push past the due date.
    """
    if running.clock == Clock.DUE and running.due_on is None:
        return iter(())
    once = _once(running.clock, running.since, running.due_on, running.quiet_until, pack, calendar)
    repeated = (_repeated(rung, running, pack, calendar) for rung in pack.rungs_of(running.clock) if rung.every)
    moments = heapq.merge(once, *repeated, key=lambda moment: (moment[0], moment[2].offset))
    return (Alarm(at, code, rung, running.seq) for at, code, rung in moments)


def due_now(
    clocks: Iterable[Running],
    raised: Collection[tuple[int, str]],
    pack: RulePack,
    calendar: WorkCalendar,
    now: datetime,
) -> list[Ring]:
    """What to record at `now` (aware), given the (clock_seq, rung_code) pairs already recorded for the item.

    Of each clock at most one rings: the highest rung due, unless it has rung. The lower ones not yet recorded come
    with it as superseded, as after an outage. The report clock does not ring while another clock does.
    """
    clocks = list(clocks)
    others_ring_at = _others_ring_at(clocks, pack, calendar)
    rings = []
    for running in clocks:
        series = _audible(running, others_ring_at, pack, calendar)
        due = list(takewhile(lambda alarm: alarm.at <= now, series))
        silent = running.clock == Clock.REPORT and others_ring_at is not None and others_ring_at <= now
        for alarm in due:
            if (alarm.clock_seq, alarm.rung_code) not in raised:
                rings.append(Ring(alarm, superseded=silent or alarm is not due[-1]))
    return rings


def next_alarm(clocks: Iterable[Running], pack: RulePack, calendar: WorkCalendar, after: datetime) -> datetime | None:
    """The first moment later than `after` (aware) at which a rung of any of these clocks is due; None: never again."""
    clocks = list(clocks)
    others_ring_at = _others_ring_at(clocks, pack, calendar)
    coming = []
    for running in clocks:
        series = _audible(running, others_ring_at, pack, calendar)
        coming += [next((alarm.at for alarm in series if alarm.at > after), None)]
    return min((at for at in coming if at is not None), default=None)


def quiet_after_rejection(rejected_on: date, pack: RulePack, calendar: WorkCalendar) -> date:
    """First day on which a clock may ring again: the unit has its working days whole (domain rule 3)."""
    return calendar.add(rejected_on, pack.retry_working_days + 1)


def yellow_on(start_on: date, due_on: date | None, pack: RulePack, calendar: WorkCalendar) -> date | None:
    """The day from which the light is yellow: when so many days are left as the pack's rule for this term says.

    Never before the term begins nor after it is due; None without due date or where no rule covers the term.
    """
    if due_on is None:
        return None
    days, working_days = (due_on - start_on).days, calendar.between(start_on, due_on)
    for rule in pack.yellow:
        if rule.covers(days, working_days):
            return min(due_on, max(start_on, rule.first_day(start_on, due_on, calendar)))
    return None


def light(
    *,
    state: str,
    due_on: date | None,
    yellow_on: date | None,
    frozen_on: date | None,
    suspended: bool = False,
    today: date,
) -> Light | None:
    """The light of an item (default rule pack, domain rule 3); `frozen_on` is the day the submission was handed in."""
    if state == State.CANCELLED:
        return None
    if state in (State.VERIFIED, State.CLOSED):
        return Light.BLUE
    if suspended:
        return Light.GREY
    if state == State.SUBMITTED and frozen_on is not None:
        today = frozen_on  # the days of the review are not the lead's
    if due_on is not None and today > due_on:
        return Light.RED
    if yellow_on is not None and today >= yellow_on:
        return Light.YELLOW
    return Light.GREEN


def late_working_days(due_on: date | None, today: date, calendar: WorkCalendar) -> int:
    """Working days since the due date; 0 while in time or without one."""
    return 0 if due_on is None else calendar.between(due_on, today)


def days_left(due_on: date, today: date) -> int:
    """Calendar days until the due date: 0 on it, negative after it."""
    return (due_on - today).days


@lru_cache(maxsize=10_000)
def _once(
    clock: Clock, since: date, due_on: date | None, quiet_until: date | None, pack: RulePack, calendar: WorkCalendar
) -> tuple[Moment, ...]:
    """The moments of the rungs that do not repeat, in order; kept, since the items of a plan share their dates."""
    running = Running(clock, 0, since, due_on, quiet_until)
    rungs = (rung for rung in pack.rungs_of(clock) if not rung.every)
    moments = (_moment(rung, rung.offset, running, pack, calendar) for rung in rungs)
    return tuple(sorted((moment for moment in moments if moment), key=lambda moment: (moment[0], moment[2].offset)))


def _repeated(rung: Rung, running: Running, pack: RulePack, calendar: WorkCalendar) -> Iterator[Moment]:
    moments = (_moment(rung, offset, running, pack, calendar) for offset in count(rung.offset, rung.every))
    return (moment for moment in moments if moment)


def _moment(rung: Rung, offset: int, running: Running, pack: RulePack, calendar: WorkCalendar) -> Moment | None:
    day = _ring_day(rung, offset, running, calendar)
    return (datetime.combine(day, pack.ring_at, pack.zone), rung.code_at(offset), rung) if day else None


def _ring_day(rung: Rung, offset: int, running: Running, calendar: WorkCalendar) -> date | None:
    """The working day a rung rings on, None if it does not."""
    due_on = running.due_on if running.clock == Clock.DUE else None
    # A plan published after its dates keeps them, and its ladder starts that day.
    start = running.since if due_on is None else max(due_on, running.since)
    if offset < 0:
        day = _day_before_due(offset, running.since, start, calendar)
    elif rung.unit is Unit.WORKING:
        day = calendar.add(start, offset)
    else:
        day = calendar.on_or_after(start + timedelta(days=offset))
    if day is None or running.quiet_until is None:
        return day
    day = max(day, calendar.on_or_after(running.quiet_until))
    return None if offset < 0 and day > start else day  # "due tomorrow" is not said when it is past


def _day_before_due(offset: int, since: date, due_on: date, calendar: WorkCalendar) -> date | None:
    """The working day at or before due + offset, None in the first half of the term or on the day it began."""
    day = calendar.on_or_before(due_on + timedelta(days=offset))
    is_early = -2 * offset > (due_on - since).days
    return None if is_early or day <= since else day


def _others_ring_at(clocks: Iterable[Running], pack: RulePack, calendar: WorkCalendar) -> datetime | None:
    """From when a clock other than the report clock rings; quiet days hush that clock, they do not wake the report."""
    clocks = list(clocks)
    if all(running.clock != Clock.REPORT for running in clocks):
        return None  # nobody asks
    others = (Running(one.clock, one.seq, one.since, one.due_on) for one in clocks if one.clock != Clock.REPORT)
    firsts = (next(alarms(running, pack, calendar), None) for running in others)
    return min((first.at for first in firsts if first is not None), default=None)


def _audible(
    running: Running, others_ring_at: datetime | None, pack: RulePack, calendar: WorkCalendar
) -> Iterator[Alarm]:
    """The alarms of a clock, the report clock's only up to the moment another clock begins to ring."""
    series = alarms(running, pack, calendar)
    if running.clock == Clock.REPORT and others_ring_at is not None:
        return takewhile(lambda alarm: alarm.at < others_ring_at, series)
    return series
