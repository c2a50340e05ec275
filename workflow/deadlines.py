"""Reading 完成时限 as printed, and the rounds of duties that come back (domain rules 4 and 5); no clock, no ORM."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.states import DeadlineKind, Frequency


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline cell says. `due_on` is the last day that is still in time; None unless a date or a range."""

    kind: DeadlineKind
    start_on: date | None = None
    due_on: date | None = None
    freq: Frequency | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    start_on: date
    due_on: date


UNKNOWN = Deadline(DeadlineKind.UNKNOWN)

# Longer text is a sentence about the work, not a deadline; a person reads it.
LONGEST = 60

TIME_OF_DAY = re.compile(r"(?<=[0-9])[T\s]\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*$")
BEFORE = re.compile(
    r"^(?:力争|争取|确保|务必|计划|预计|最迟|不迟于|不晚于|截止到|截至|截止|赶在|到|至|于|在|自|从|[,:])+"
)
AFTER = re.compile(r"(?:之前|以前|前|为止|止|之内|以内|基本|全面|全部|完成|完毕|到位|[,;.。、])+$")
ONGOING_WORD = re.compile("长期|持续|常态|常年|经常")
ONGOING = re.compile(
    "(?:(?P<since>.+?)(?:起|开始)[,;]?)?"
    "(?:长期|持续|常态|化|常年|经常|性|坚持|推进|开展|实施|落实|执行|抓好|进行|任务|工作|[,;、。.])+"
)
# 按 and 逐 only alone: 按年度计划 is no rhythm.
RECURRING = re.compile("每个?(半年|年|季|月)|^[按逐](半年|年|季|月)度?$")
FREQUENCIES = {
    "年": Frequency.YEARLY,
    "半年": Frequency.HALF_YEARLY,
    "季": Frequency.QUARTERLY,
    "月": Frequency.MONTHLY,
}
MONTHS = {Frequency.YEARLY: 12, Frequency.HALF_YEARLY: 6, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}

YEAR = r"(?P<year>(?:19|20|21)[0-9]{2})"
# The year may be missing in these; the caller then says which one is meant.
YEAR_WORD = rf"(?:{YEAR}(?:年度?)?|今年|本年度?|当年)"
WHOLE_YEAR = re.compile(rf"{YEAR_WORD}(?:年?[底末终内])?|年[底末终内]|全年")
HALF_YEAR = re.compile(rf"{YEAR_WORD}?(?P<half>[上下])半年[底末内]?")
QUARTER = re.compile(rf"{YEAR_WORD}?(?P<first>前)?第?(?P<quarter>[一二三四1-4])季度?[底末内]?")
MONTH = re.compile(
    rf"(?:{YEAR}[年\-./]|今年|本年|当年)?(?P<month>[0-9]{{1,2}})(?P<word>月份?)?(?P<part>[底末内]|[上中下]旬)?"
)
DAY = re.compile(rf"(?:{YEAR}年|今年|本年|当年)?(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})[日号]?")
SHORT_DAY = re.compile(rf"{YEAR}(?P<mark>[-./])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})[日号]?")
COMPACT = re.compile(rf"{YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})")
BARE_DAY = re.compile(r"(?P<day>[0-9]{1,2})[日号]")
DASH = re.compile("-+|~+|至|到")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―─━−～〜－", "-"))
CHINESE_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
CHINESE_YEAR = re.compile(f"[{''.join(CHINESE_DIGITS)}]{{4}}(?=年)")
CHINESE_DAY = re.compile("(?:二|三)?十[一二三四五六七八九]?(?=[月日号])|[一二三四五六七八九](?=[月日号])")


def read_deadline(text: str, *, year: int | None = None) -> Deadline:
    """Read one deadline cell; whatever cannot be read for certain is UNKNOWN and waits for a person. Never raises.

    A year, half-year, quarter or month stands for its last day, and 前/之前 includes the day, month or year it
    follows (domain rule 5). `year` is used where the cell names none.
    """
    printed = _plain(text)
    if not printed or len(printed) > LONGEST:
        return UNKNOWN
    if recurring := RECURRING.search(printed):
        # "2025年前每年…" is a duty with an end: neither a date nor an open row of rounds, so a person decides.
        freq = FREQUENCIES[recurring[1] or recurring[2]]
        return UNKNOWN if re.search(YEAR, printed) else Deadline(DeadlineKind.RECURRING, freq=freq)
    if ONGOING_WORD.search(printed):
        return _read_ongoing(printed, year)
    core = _core(printed)
    if point := _read_point(core, year):
        return Deadline(DeadlineKind.DATE, due_on=point.due_on)
    return _read_range(core, year)


def lacks_year(text: str) -> bool:
    """Whether the cell would be a date if only somebody said of which year (6月底, 年底)."""
    leap_year = 2000  # so that 2月29日 counts as well
    return read_deadline(text) == UNKNOWN != read_deadline(text, year=leap_year)


def period_of(day: date, freq: Frequency) -> Period:
    """The calendar year, half-year, quarter or month that contains the day."""
    length = MONTHS[freq]
    first = (day.month - 1) // length * length + 1
    return _months(day.year, first, first + length - 1)


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


def _plain(text: str) -> str:
    """The cell in one form: ASCII digits and dashes, no white space, no time of day."""
    text = unicodedata.normalize("NFKC", text.translate(DASHES)).translate(DASHES)
    text = TIME_OF_DAY.sub("", text)
    text = re.sub(r"[\s\"'“”]+", "", text)
    text = CHINESE_YEAR.sub(lambda found: "".join(str(CHINESE_DIGITS[digit]) for digit in found[0]), text)
    return CHINESE_DAY.sub(lambda found: str(_number(found[0])), text)


def _number(chinese: str) -> int:
    """A Chinese number up to 39, as months and days are written: 六, 十二, 二十八."""
    tens, ten, ones = chinese.rpartition("十")
    if not ten:
        return CHINESE_DIGITS[ones]
    return CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0)


def _core(printed: str) -> str:
    """Without the words around a date that do not change it: 力争到…, …之前完成."""
    return AFTER.sub("", BEFORE.sub("", printed))


def _read_ongoing(printed: str, year: int | None) -> Deadline:
    """长期坚持 and its kin, yearly unless a plan says otherwise (domain rule 4); with a date beside it, unknown."""
    found = ONGOING.fullmatch(printed)
    if not found:
        return UNKNOWN
    since = _read_point(_core(found["since"]), year) if found["since"] else None
    if found["since"] and not since:
        return UNKNOWN
    return Deadline(DeadlineKind.ONGOING, start_on=since.start_on if since else None, freq=Frequency.YEARLY)


def _read_range(core: str, year: int | None) -> Deadline:
    """Two points with a dash or 至 between them; the right one may lean on the year and month of the left one."""
    for dash in DASH.finditer(core):
        start = _read_point(_core(core[: dash.start()]), year)
        end = _read_point(_core(core[dash.end() :]), start.start_on.year if start else None, after=start)
        if start and end and start.start_on <= end.due_on:
            return Deadline(DeadlineKind.RANGE, start_on=start.start_on, due_on=end.due_on)
    return _read_loose_range(core, year)


def _read_loose_range(core: str, year: int | None) -> Deadline:
    """3-6月, 2024年3-6月: the left month is bare, its 月 stands on the right only."""
    found = re.fullmatch(r"(?P<head>.*?年)?(?P<left>[0-9]{1,2})(?:-+|~+|至|到)(?P<right>[0-9]{1,2}月份?[底末]?)", core)
    if not found:
        return UNKNOWN
    head = found["head"] or ""
    start = _read_point(f"{head}{found['left']}月", year)
    end = _read_point(f"{head}{found['right']}", year)
    if start and end and start.start_on <= end.due_on:
        return Deadline(DeadlineKind.RANGE, start_on=start.start_on, due_on=end.due_on)
    return UNKNOWN


def _read_point(core: str, year: int | None, *, after: Period | None = None) -> Period | None:
    """The day, month, quarter, half-year or year that the text names as a whole, or None."""
    try:
        return _day(core, year, after) or _month(core, year, after) or _longer(core, year)
    except (ValueError, OverflowError):  # 2月30日, 13月, a year the calendar does not have
        return None


def _day(core: str, year: int | None, after: Period | None) -> Period | None:
    if after and (found := BARE_DAY.fullmatch(core)):
        day = date(after.start_on.year, after.start_on.month, int(found["day"]))
        return Period(day, day)
    found = DAY.fullmatch(core) or SHORT_DAY.fullmatch(core) or COMPACT.fullmatch(core)
    year = _year_of(found, year) if found else None
    if not found or year is None:
        return None
    day = date(year, int(found["month"]), int(found["day"]))
    return Period(day, day)


def _month(core: str, year: int | None, after: Period | None) -> Period | None:
    found = MONTH.fullmatch(core)
    if not found or not (found["year"] or found["word"] or after):
        return None
    year, month = _year_of(found, year), int(found["month"])
    if year is None:
        return None
    last = {"上旬": 10, "中旬": 20}.get(found["part"] or "", monthrange(year, month)[1])
    first = {"中旬": 11, "下旬": 21}.get(found["part"] or "", 1)
    return Period(date(year, month, first), date(year, month, last))


def _longer(core: str, year: int | None) -> Period | None:
    """Quarter, half-year or year."""
    if found := QUARTER.fullmatch(core):
        number = "一二三四".find(found["quarter"]) + 1 or int(found["quarter"])
        first, last = 1 if found["first"] else number * 3 - 2, number * 3
    elif found := HALF_YEAR.fullmatch(core):
        first, last = (1, 6) if found["half"] == "上" else (7, 12)
    elif found := WHOLE_YEAR.fullmatch(core):
        first, last = 1, 12
    else:
        return None
    year = _year_of(found, year)
    return None if year is None else _months(year, first, last)


def _year_of(found: re.Match[str], year: int | None) -> int | None:
    return int(found["year"]) if found["year"] else year


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
