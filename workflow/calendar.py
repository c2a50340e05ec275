"""Working days of a Chinese calendar: Monday to Friday, less public holidays, plus make-up days."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from types import MappingProxyType
from typing import Self

KINDS = {"holiday": False, "workday": True}


def _weekdays_until(ordinal: int) -> int:
    """Count Mondays to Fridays from 0001-01-01, a Monday and ordinal 1, up to and including `ordinal`."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _nth_weekday(n: int) -> int:
    """Ordinal of the n-th Monday-to-Friday day since 0001-01-01, n ≥ 1: the inverse of `_weekdays_until`."""
    weeks, rest = divmod(n - 1, 5)
    return 7 * weeks + rest + 1


@dataclass(frozen=True)
class WorkCalendar:
    """An immutable calendar; equal content is equal and hashes alike, so it can key a cache.

    `days` holds the exceptions to Monday–Friday: True a make-up working day, False a holiday.
    `known_years` are the years whose holidays are published; in others a day is provisional (domain rule 13).
    Every method takes plain dates and costs two binary searches at most, whatever the span.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False)
    # Ordinals of days that really differ from Monday–Friday; after each, how far the count of working days
    # is off the plain count of weekdays, and the count itself.
    _ordinals: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _drift: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _counts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = dict(sorted(self.days.items()))
        steps = {day.toordinal(): 1 if works else -1 for day, works in days.items() if works != (day.weekday() < 5)}
        drift = tuple(accumulate(steps.values(), initial=0))
        counts = (_weekdays_until(ordinal) + off for ordinal, off in zip(steps, drift[1:], strict=True))
        known_years = frozenset(self.known_years)
        computed = {
            "days": MappingProxyType(days),
            "known_years": known_years,
            "_hash": hash((tuple(days.items()), known_years)),
            "_ordinals": tuple(steps),
            "_drift": drift,
            "_counts": tuple(counts),
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)  # the dataclass is frozen for everybody else

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, str]]) -> Self:
        """Build from (date, kind) rows, kind being holiday or workday; every year that has a row counts as known.

        Raises ValueError for another kind and for a date given as both.
        """
        days: dict[date, bool] = {}
        for day, kind in rows:
            if kind not in KINDS:
                raise ValueError(f"{day}: kind must be holiday or workday, not {kind!r}")
            if days.setdefault(day, KINDS[kind]) != KINDS[kind]:
                raise ValueError(f"{day} is given both as holiday and as workday")
        return cls(days, frozenset(day.year for day in days))

    def is_working(self, day: date) -> bool:
        """Is `day` a working day? In a year not yet known, Monday to Friday are."""
        return self.days.get(day, day.weekday() < 5)

    def is_provisional(self, day: date) -> bool:
        """Is the answer for `day` a guess, because the holidays of its year are not published?"""
        return day.year not in self.known_years

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`; for n = 0 `day` itself if it works, else the next that does.

        Raises ValueError for a negative n, OverflowError beyond year 9999.
        """
        if n < 0:
            raise ValueError("n must not be negative")
        if n == 0:
            return self.on_or_after(day)
        return self._nth(self._count(day) + n)

    def on_or_after(self, day: date) -> date:
        """`day` if it is a working day, else the next one."""
        return day if self.is_working(day) else self._nth(self._count(day) + 1)

    def on_or_before(self, day: date) -> date:
        """`day` if it is a working day, else the one before."""
        return day if self.is_working(day) else self._nth(self._count(day))

    def back(self, day: date, n: int) -> date:
        """The working day after which n ≥ 1 working days are left up to and including `day`; ValueError for less."""
        if n < 1:
            raise ValueError("n must be positive")
        return self._nth(self._count(day) - n)

    def between(self, start: date, end: date) -> int:
        """Number of working days after `start` up to and including `end`; 0 if `end` is not after `start`."""
        return self._count(end) - self._count(start) if end > start else 0

    def _count(self, day: date) -> int:
        ordinal = day.toordinal()
        return _weekdays_until(ordinal) + self._drift[bisect_right(self._ordinals, ordinal)]

    def _nth(self, n: int) -> date:
        """The first day by which n working days have passed: between two exceptions plain weekdays count."""
        position = bisect_left(self._counts, n)
        ordinal = _nth_weekday(n - self._drift[position])
        if position < len(self._ordinals):
            ordinal = min(ordinal, self._ordinals[position])
        return date.fromordinal(ordinal)
