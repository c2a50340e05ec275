"""Reading 完成时限 as printed (domain rules 4 and 5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from workflow.deadlines.points import A_YEAR, FIVE_YEARS, point_of
from workflow.deadlines.rounds import Period
from workflow.deadlines.spelling import core, plain
from workflow.states import DeadlineKind, Frequency


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline cell says. `due_on` is the last day that is still in time; None unless a date or a range."""

    kind: DeadlineKind
    start_on: date | None = None
    due_on: date | None = None
    freq: Frequency | None = None

    def as_json(self) -> dict[str, str | None]:
        """As in the interface description; dates in ISO form."""
        return {
            "kind": self.kind.value,
            "start_on": self.start_on.isoformat() if self.start_on else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "freq": self.freq.value if self.freq else None,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Deadline":
        """The deadline that gave this JSON."""
        start_on, due_on = (date.fromisoformat(said[name]) if said[name] else None for name in ("start_on", "due_on"))
        return cls(DeadlineKind(said["kind"]), start_on, due_on, Frequency(said["freq"]) if said["freq"] else None)


UNKNOWN = Deadline(DeadlineKind.UNKNOWN)

# Longer text is a sentence about the work, not a deadline; a person reads it.
LONGEST = 60

ONGOING_WORD = re.compile("长期|长效|持续|常态|常年|经常|日常|常抓")
ONGOING = re.compile(
    "(?:(?P<since>.+?)(?:起|开始)[,;]?)?"
    "(?:长期|长效|持续|常态|常年|经常|日常|常抓不懈|化|性|坚持|推进|开展|实施|落实|执行|抓好|抓|进行|深化|巩固|提升|提高"
    "|优化|完善|加强|改进|强化|任务|工作|下去|并|[,;、。.])+"
)
EVERY = re.compile("每一?个?(?P<every>半年|年|季|月)度?|(?P<once>一年|半年|一季)一次")
# 按 and 逐 only with the bare word: 按年度计划 is no rhythm.
STEP_BY_STEP = re.compile(
    "[按逐](?P<every>半年|年|季|月)度?(?:推进|开展|调度|报送|实施|落实|完成|通报|更新|进行|[,;。.])*"
)
FREQUENCIES = {
    "年": Frequency.YEARLY,
    "半年": Frequency.HALF_YEARLY,
    "季": Frequency.QUARTERLY,
    "月": Frequency.MONTHLY,
}
SINCE = re.compile(r"^(?P<since>.+?)(?:起|开始|以来)(?:以后|之后)?[,;]?$")
NOW = re.compile("(?:自|从)?(?:即日|现在|现)")
# A day within the rounds (每年12月底前); two of them (每年6月、12月) would need rounds of another length.
IN_ROUND = re.compile("[0-9]{1,2}(?![0-9]*[次轮场期个名])|年[初中底末]|[上下]半年|[一二三四]季度")
BEYOND = re.compile(f"{A_YEAR}|{FIVE_YEARS.pattern}|次年|翌年|明年|[两二三四五]年")
LIST_MARK = re.compile("[,;、和及与]")

DASH = re.compile("(?:起|开始|启动|开工)?,?(?:-+|~+|至|到)|(?<!前)(?:启动|开始|开工)(?:实施|建设)?[,;]")
FOLLOWING_YEAR = re.compile("次年|翌年|第二年")
LOOSE_RANGE = re.compile(
    r"(?P<head>.*?年)?第?(?P<left>[0-9]{1,2}|[一二三四])(?:-+|~+|至|到)第?(?P<right>[0-9]{1,2}|[一二三四])"
    r"(?P<word>月份?[底末]?|季度?[底末]?)"
)


def read_deadline(text: str, *, year: int | None = None) -> Deadline:
    """Read one deadline cell; whatever cannot be read for certain is UNKNOWN and waits for a person. Never raises.

    A year, half-year, quarter, month or five-year plan stands for its last day, and 前/之前 includes the day, month or
    year it follows (domain rule 5). `year` is used where the cell names none. Two dates, a date beside 长期, or two
    days in each year (每年6月、12月) are for a person to take apart.
    """
    printed = printed_of(text)
    return _read(printed, year) if printed else UNKNOWN


@lru_cache(maxsize=1024)  # a table says the same few deadlines row after row
def _read(printed: str, year: int | None) -> Deadline:
    if EVERY.search(printed) or STEP_BY_STEP.fullmatch(printed):
        return _read_recurring(printed, year)
    if ONGOING_WORD.search(printed):
        return _read_ongoing(printed, year)
    point = point_of(core(printed), year)
    return Deadline(DeadlineKind.DATE, due_on=point.due_on) if point else _read_range(core(printed), year)


@lru_cache(maxsize=1024)
def _plain(short: str) -> str:
    return plain(short)


def printed_of(text: str) -> str:
    """The cell in plain spelling; "" where it says nothing or is too long to be a deadline."""
    short = " ".join(text.split())
    printed = _plain(short) if len(short) <= 2 * LONGEST else ""
    return printed if len(printed) <= LONGEST else ""


def _read_recurring(printed: str, year: int | None) -> Deadline:
    """Rounds whose length is printed. Of years only the first is clear enough (2024年起每年); an end is not."""
    found = [*EVERY.finditer(printed)] or [*STEP_BY_STEP.finditer(printed)]
    before, rest = printed[: found[0].start()].rstrip(",;"), EVERY.sub("", printed[found[0].end() :])
    since = SINCE.fullmatch(before)
    start = point_of(core(since["since"]), year) if since else None
    rhythms = {_rhythm(each) for each in found}
    if len(rhythms) > 1 or printed.count("每") > len(found) or _leaves_its_rounds("" if start else before, rest):
        return UNKNOWN
    return Deadline(DeadlineKind.RECURRING, start_on=start.start_on if start else None, freq=rhythms.pop())


def _leaves_its_rounds(before: str, after: str) -> bool:
    """Whether what stands around 每年 names an end, the year after, or more than one day in each round."""
    days = sum(bool(IN_ROUND.search(part)) for part in LIST_MARK.split(after))
    return days > 1 or bool(BEYOND.search(after) or BEYOND.search(before) or IN_ROUND.search(before))


def _rhythm(found: re.Match[str]) -> Frequency:
    said = found.groupdict()
    return FREQUENCIES[said["every"] or said["once"].removeprefix("一")]


def _read_ongoing(printed: str, year: int | None) -> Deadline:
    """长期坚持 and its kin, yearly unless a plan says otherwise (domain rule 4); with a date beside it, unknown."""
    found = ONGOING.fullmatch(printed)
    if not found:
        return UNKNOWN
    if not found["since"] or NOW.fullmatch(found["since"]):
        return Deadline(DeadlineKind.ONGOING, freq=Frequency.YEARLY)
    since = point_of(core(found["since"]), year)
    return Deadline(DeadlineKind.ONGOING, start_on=since.start_on, freq=Frequency.YEARLY) if since else UNKNOWN


def _read_range(printed: str, year: int | None) -> Deadline:
    """Two points with a dash or 至 between them; the right one may lean on the year and month of the left one."""
    for dash in DASH.finditer(printed):
        start = point_of(core(printed[: dash.start()]), year)
        end = _right_end(core(printed[dash.end() :]), start) if start else None
        if start and end and start.start_on <= end.due_on:
            return Deadline(DeadlineKind.RANGE, start_on=start.start_on, due_on=end.due_on)
    return _read_loose_range(printed, year)


def _right_end(printed: str, start: Period) -> Period | None:
    """6月 and 15日 lean on the left end, 次年6月 on the year after it."""
    if following := FOLLOWING_YEAR.match(printed):
        return point_of(printed[following.end() :], start.start_on.year + 1)
    return point_of(printed, start.start_on.year, after=start)


def _read_loose_range(printed: str, year: int | None) -> Deadline:
    """3-6月, 2024年3-6月, 一至三季度: the left end is bare, its 月 or 季度 stands on the right only."""
    found = LOOSE_RANGE.fullmatch(printed)
    if not found:
        return UNKNOWN
    start = point_of(f"{found['head'] or ''}{found['left']}{found['word'].rstrip('底末')}", year)
    end = point_of(f"{found['head'] or ''}{found['right']}{found['word']}", year)
    if start and end and start.start_on <= end.due_on:
        return Deadline(DeadlineKind.RANGE, start_on=start.start_on, due_on=end.due_on)
    return UNKNOWN
