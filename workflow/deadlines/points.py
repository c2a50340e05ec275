"""The day, month, quarter, half-year, year or plan period that a piece of text names as a whole."""

import re
from calendar import monthrange
from datetime import date

from workflow.deadlines.rounds import Period, months

A_YEAR = "(?:19|20|21)[0-9]{2}"
YEAR = f"(?P<year>{A_YEAR})"
# The year may be missing in these; the caller then says which one is meant.
THIS_OR_NEXT = "今年|本年|当年|(?P<next>明年)"
YEAR_WORD = rf"(?:{YEAR}(?:年度?)?|今年|本年度?|当年|(?P<next>明年))"
WHOLE_YEAR = re.compile(rf"{YEAR_WORD}(?:年?[底末终内]|全年)?|年[底末终内]|全年")
HALF_YEAR = re.compile(rf"{YEAR_WORD}?(?P<half>[上下])半年[底末内]?")
QUARTER = re.compile(rf"{YEAR_WORD}?(?:(?P<first>前)?第?(?P<quarter>[一二三四1-4])季度?|Q(?P<q>[1-4]))[底末内]?")
MONTH = re.compile(
    rf"(?:{YEAR}[年\-./]|{THIS_OR_NEXT})?(?P<month>[0-9]{{1,2}})(?P<word>月份?)?(?P<part>月?[底末内]|[上中下]旬)?"
)
DAY = re.compile(rf"(?:{YEAR}年|{THIS_OR_NEXT})?(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})[日号]?")
SHORT_DAY = re.compile(rf"{YEAR}(?P<mark>[-./])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})[日号]?")
COMPACT = re.compile(rf"{YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})")
# At the right end of a range the year, or year and month, are those of the left.
BARE_DAY = re.compile(r"(?P<day>[0-9]{1,2})[日号]")
BARE_SHORT_DAY = re.compile(r"(?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})[日号]?")
# 五年规划: the 14th ran from 2021 to 2025.
FIVE_YEARS = re.compile("十(?P<ones>[一二三四五六七])五(?:规划)?(?:期?末|期间|期内|末期|时期)?")


def point_of(core: str, year: int | None, *, after: Period | None = None) -> Period | None:
    """What `core` names as a whole, or None; `after` is the left end where `core` is the right end of a range."""
    try:
        return _day(core, year, after) or _month(core, year, after) or _longer(core, year)
    except (ValueError, OverflowError):  # 2月30日, 13月, a year the calendar does not have
        return None


def _day(core: str, year: int | None, after: Period | None) -> Period | None:
    if after and (found := BARE_DAY.fullmatch(core)):
        day = date(after.start_on.year, after.start_on.month, int(found["day"]))
        return Period(day, day)
    found = DAY.fullmatch(core) or SHORT_DAY.fullmatch(core) or COMPACT.fullmatch(core)
    if not found and after:
        found = BARE_SHORT_DAY.fullmatch(core)
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
    """Quarter, half-year, year, or five-year plan."""
    if found := FIVE_YEARS.fullmatch(core):
        last_year = 1955 + 5 * (10 + "一二三四五六七".index(found["ones"]) + 1)
        return Period(date(last_year - 4, 1, 1), date(last_year, 12, 31))
    if found := QUARTER.fullmatch(core):
        number = int(found["q"] or 0) or "一二三四".find(found["quarter"]) + 1 or int(found["quarter"])
        first, last = 1 if found["first"] else number * 3 - 2, number * 3
    elif found := HALF_YEAR.fullmatch(core):
        first, last = (1, 6) if found["half"] == "上" else (7, 12)
    elif found := WHOLE_YEAR.fullmatch(core):
        first, last = 1, 12
    else:
        return None
    year = _year_of(found, year)
    return None if year is None else months(year, first, last)


def _year_of(found: re.Match[str], year: int | None) -> int | None:
    said = found.groupdict()
    if said.get("year"):
        return int(said["year"])
    return year + 1 if year is not None and said.get("next") else year
