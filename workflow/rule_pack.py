"""A county's rule pack: ladders, thresholds and colours as data, versioned (domain rule 12), read from JSON."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from workflow.calendar import WorkCalendar
from workflow.states import Light

T = TypeVar("T")


class Clock(StrEnum):
    """What is being waited for."""

    SIGN = "sign"  # the holder signs for the item; since the dispatch
    DUE = "due"  # the item is handed in by its due date; since the date was set or moved
    REPORT = "report"  # a progress report; since the last one, or since signing
    REVIEW = "review"  # the verdict on a submission; since it was handed in
    EXTENSION = "extension"  # the decision on a request for more time; since it was asked


class Unit(StrEnum):
    """What an offset counts."""

    CALENDAR = "calendar"
    WORKING = "working"


# Who a rung tells; the posts behind a word are found when it rings, since duty follows the post.
AUDIENCES = frozenset(
    {
        "assignee",  # the named officer of the item
        "holder_heads",  # heads of the unit that has the ball
        "lead_heads",  # heads of all leads
        "verifiers",  # verifiers of the verifying unit
        "verifier_heads",  # heads of the verifying unit
        "inspectors",
        "coordinators",
        "leaders",
    }
)
TOP_LEVEL = 4


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder. Its code says clock and offset and is what an escalation is unique by."""

    code: str
    clock: Clock
    offset: int  # days from the due date (due clock) or from the start of the clock; negative: before due
    unit: Unit
    level: int  # 0 reminder (提醒), 1 催办, 2 yellow, 3 orange, 4 red 督办单
    label: str
    audience: tuple[str, ...]
    instant: bool  # sent at once, not in the daily digest
    every: int = 0  # rings again each time so many more days have passed; 0 = once

    def __post_init__(self) -> None:
        _require(self.offset != 0 and self.code == self.code_at(self.offset), f"code must be clock and offset: {self}")
        before_due = self.clock is Clock.DUE and self.unit is Unit.CALENDAR and not self.every
        _require(self.offset > 0 or before_due, f"{self.code}: only calendar days before due may be negative")
        _require(0 <= self.level <= TOP_LEVEL, f"{self.code}: level must be 0 to {TOP_LEVEL}")
        _require(self.every >= 0, f"{self.code}: every must not be negative")
        unknown = set(self.audience) - AUDIENCES
        _require(bool(self.audience) and not unknown, f"{self.code}: unknown or empty audience {sorted(unknown)}")

    def code_at(self, offset: int) -> str:
        """The code at one of its repetitions: report+90 is report+180 the second time."""
        return f"{self.clock}{offset:+d}"


@dataclass(frozen=True, slots=True)
class YellowRule:
    """From when a light is yellow in terms that meet the conditions; exactly one `last_…` is set."""

    min_term_days: int | None = None  # condition, calendar days
    max_working_days: int | None = None  # condition, working days
    last_days: int | None = None  # yellow when so many calendar days are left
    last_working_days: int | None = None  # yellow when so many working days are left
    last_nth: int | None = None  # yellow when one n-th of the term is left: 4 = the last quarter

    def __post_init__(self) -> None:
        lasts = [n for n in (self.last_days, self.last_working_days, self.last_nth) if n is not None]
        _require(len(lasts) == 1 and lasts[0] > 0, "exactly one of last_days, last_working_days, last_nth, positive")

    def covers(self, days: int, working_days: int) -> bool:
        """Is a term of so many days one this rule is for?"""
        long_enough = self.min_term_days is None or days >= self.min_term_days
        return long_enough and (self.max_working_days is None or working_days <= self.max_working_days)

    def first_day(self, start_on: date, due_on: date, calendar: WorkCalendar) -> date:
        """The day on which exactly the said number of days is left until `due_on`."""
        if self.last_working_days:
            return calendar.back(due_on, self.last_working_days)
        return due_on - timedelta(days=self.last_days or (due_on - start_on).days // (self.last_nth or 1))


@dataclass(frozen=True)
class RulePack:
    """Everything a county may set about time; immutable, a change is a new version."""

    version: int
    name: str
    rungs: tuple[Rung, ...]
    yellow: tuple[YellowRule, ...]  # the first that covers a term decides; none: never yellow
    colours: Mapping[str, str]  # light → colour it is shown in: one county's red is "in time"
    ring_at: time = time(9, 0)
    timezone: str = "Asia/Shanghai"
    retry_working_days: int = 5  # left to the lead after a rejection
    sign_within: int = 2  # working days
    object_within: int = 3  # working days
    extensions_a_round: int = 2  # granted at most; 0: none

    def __post_init__(self) -> None:
        codes = [rung.code for rung in self.rungs]
        _require(len(codes) == len(set(codes)), f"rungs: a code is there twice in {codes}")
        for rung in self.rungs:
            top = max(other.offset for other in self.rungs if other.clock is rung.clock)
            _require(not rung.every or rung.offset == top, f"{rung.code}: only the last rung of a clock may repeat")
        _require(self.ring_at == time(self.ring_at.hour, self.ring_at.minute), "ring_at: hours and minutes only")
        terms = (self.retry_working_days, self.sign_within, self.object_within)
        _require(min(terms) > 0, "retry_working_days, sign_within and object_within must be positive")
        _require(self.extensions_a_round >= 0, "extensions_a_round must not be negative")
        lights = sorted(Light.values)
        _require(sorted(self.colours) == sorted(self.colours.values()) == lights, f"colours: each of {lights} once")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, OSError) as error:
            raise ValueError(f"timezone: unknown {self.timezone!r}") from error

    def __hash__(self) -> int:
        return hash((self.version, self.name))  # cheap, since packs key caches; equality still compares everything

    def rungs_of(self, clock: Clock) -> tuple[Rung, ...]:
        """The ladder of one clock, in the order of the pack."""
        return self._ladders.get(clock, ())

    @cached_property
    def _ladders(self) -> dict[Clock, tuple[Rung, ...]]:
        return {clock: tuple(rung for rung in self.rungs if rung.clock is clock) for clock in Clock}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone the alarms ring in."""
        return ZoneInfo(self.timezone)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read a rule pack from its JSON object; raises ValueError that names the place of what does not fit."""
        return _read(cls, data, "rule pack", PACK_FIELDS)

    def to_json(self) -> dict[str, Any]:
        """The JSON object `from_json` reads back as an equal pack."""
        yellow = [{name: n for name, n in asdict(rule).items() if n is not None} for rule in self.yellow]
        rungs = [asdict(rung) | {"audience": list(rung.audience)} for rung in self.rungs]
        plain = {part.name: getattr(self, part.name) for part in fields(self)}
        changed = {"ring_at": f"{self.ring_at:%H:%M}", "colours": dict(self.colours), "yellow": yellow, "rungs": rungs}
        return plain | changed


def _instance_of(kind: type[T]) -> Callable[[Any], T]:
    def check(value: Any) -> T:
        # A bool is an int to Python, not to a rule.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(f"{value!r} is not {kind.__name__}")
        return value

    return check


def _list_of(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    return lambda value: tuple(read(one) for one in _instance_of(list)(value))


def _object_of(kind: type[T], readers: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any], T]:
    return lambda value: _read(kind, value, value.get("code", value) if isinstance(value, dict) else value, readers)


def _read(kind: type[T], data: Any, where: object, readers: Mapping[str, Callable[[Any], Any]]) -> T:
    """Make `kind` of a JSON object with one reader a field; fields left out take their defaults."""
    _require(isinstance(data, dict), f"{where}: an object is expected")
    unknown = sorted(data.keys() - readers.keys())
    _require(not unknown, f"{where}: unknown {unknown}")
    values = {}
    for name, value in data.items():
        try:
            values[name] = readers[name](value)
        except ValueError as error:
            raise ValueError(f"{where}: {name}: {error}") from error
    try:
        return kind(**values)
    except TypeError as error:  # a field without default is missing; Python names it
        raise ValueError(f"{where}: {error}") from error


_whole, _text = _instance_of(int), _instance_of(str)
YELLOW_FIELDS = {part.name: _whole for part in fields(YellowRule)}
RUNG_FIELDS: dict[str, Callable[[Any], Any]] = {
    "code": _text,
    "clock": Clock,
    "offset": _whole,
    "unit": Unit,
    "level": _whole,
    "label": _text,
    "audience": _list_of(_text),
    "instant": _instance_of(bool),
    "every": _whole,
}
PACK_FIELDS: dict[str, Callable[[Any], Any]] = {
    "version": _whole,
    "name": _text,
    "rungs": _list_of(_object_of(Rung, RUNG_FIELDS)),
    "yellow": _list_of(_object_of(YellowRule, YELLOW_FIELDS)),
    "colours": _instance_of(dict),
    "ring_at": lambda value: time.fromisoformat(_text(value)),
    "timezone": _text,
    "retry_working_days": _whole,
    "sign_within": _whole,
    "object_within": _whole,
    "extensions_a_round": _whole,
}
