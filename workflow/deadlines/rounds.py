"""The rounds of duties that come back: calendar years, half-years, quarters and months (domain rule 4)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.states import Frequency

MONTHS = {Frequency.YEARLY: 12, Frequency.HALF_YEARLY: 6, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}


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

    A rest of fewer than 90 days of a year or half-year is too short to show anything and is joined to the next
    period: published on 22 November, the first yearly round ends on 31 December of the next year. A quarter has
    hardly more than 90 days and a month fewer, so that for them the rule would join every first round; they keep
    whatever is left of the period.
    """
    due_on = period_of(start_on, freq).due_on
    days = (due_on - start_on).days + 1
    if days < 90 and freq in (Frequency.YEARLY, Frequency.HALF_YEARLY):
        due_on = next_period(due_on, freq).due_on
    return Period(start_on, due_on)


def months(year: int, first: int, last: int) -> Period:
    """Whole months of one year, both included."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
