"""The rounds of duties that come back: calendar years, half-years, quarters and months (domain rule 4)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.calendar import WorkCalendar
from workflow.states import Frequency

MONTHS = {Frequency.YEARLY: 12, Frequency.HALF_YEARLY: 6, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}
SHORT = 90  # days


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    start_on: date
    due_on: date


def period_of(day: date, freq: Frequency) -> Period:
    """The calendar year, half-year, quarter or month that contains the day."""
    length = MONTHS[freq]
    first = (day.month - 1) // length * length + 1
    return months(day.year, first, first + length - 1)


def next_period(due_on: date, freq: Frequency) -> Period:
    """The calendar period after the one that ends on `due_on`, beginning on its first day (domain rule 4)."""
    return period_of(due_on + timedelta(days=1), freq)


def first_round(start_on: date, freq: Frequency) -> Period:
    """The first round of a duty that begins on `start_on`: to the end of the running period.

    A rest of fewer than SHORT days is too short to show anything and is joined to the next period: published on 22
    November, the first yearly round ends on 31 December of the next year, a quarterly one on 31 March. A whole period
    is no rest, however short: a monthly duty that begins on the 1st has its first month. Without the rule a monthly
    duty published on the last of a month would be missed the same night.
    """
    running = period_of(start_on, freq)
    is_short = (running.due_on - start_on).days + 1 < SHORT
    joined = is_short and start_on != running.start_on
    return Period(start_on, next_period(running.due_on, freq).due_on if joined else running.due_on)


def round_after(last_day: date, freq: Frequency) -> Period:
    """The round after one that ended on `last_day`: the next period.

    Where a round was prolonged into a later period, what is left of that one, by the rule of a first round.
    """
    return first_round(last_day + timedelta(days=1), freq)


def year_to_decide(today: date, calendar: WorkCalendar) -> int:
    """The last year for which it is time to say whether duties without end go on: asked from 1 December."""
    return today.year if today >= calendar.on_or_after(date(today.year, 12, 1)) else today.year - 1


def months(year: int, first: int, last: int) -> Period:
    """Whole months of one year, both included."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
