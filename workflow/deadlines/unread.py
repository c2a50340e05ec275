"""Why a deadline could not be read, so that the person who mends it is told the right thing."""

import re
from calendar import monthrange

from workflow.deadlines.points import A_YEAR, FIVE_YEARS
from workflow.deadlines.reading import BEYOND, EVERY, ONGOING_WORD, UNKNOWN, printed_of, read_deadline

LEAP_YEAR = 2000
# Everything that names a time: 2024.6.30, (2024年)6月30日, (2024年)二季度, (2024年)上半年, 年底, 2024年, 十四五.
MENTION = re.compile(
    r"(?<![0-9])(?:"
    rf"(?P<year>{A_YEAR})(?P<mark>[-./])(?P<month>[0-9]{{1,2}})(?:(?P=mark)(?P<day>[0-9]{{1,2}})(?![0-9]))?(?![0-9])"
    rf"|(?:(?P<of>{A_YEAR})年?度?)?(?:(?P<month_of>[0-9]{{1,2}})月份?(?:(?P<day_of>[0-9]{{1,2}})[日号]?)?"
    "|第?(?P<quarter>[0-9一二三四五六七八九])季度|[上下]半年|年[底末内])"
    rf"|{A_YEAR}年?|{FIVE_YEARS.pattern})"
)


def lacks_year(text: str) -> bool:
    """Whether the cell would be a date if only somebody said of which year (6月底, 年底)."""
    return read_deadline(text) == UNKNOWN != read_deadline(text, year=LEAP_YEAR)


def why_unknown(text: str, *, year: int | None = None) -> str:
    """What keeps the cell from being read; "" where it is read.

    "no_year" (6月底), "impossible" (2月30日: there is no such day), "end_and_ongoing" (a date, and 长期 or 每年 beside
    it), "several" (more than one time), else "unread".
    """
    if read_deadline(text, year=year) != UNKNOWN:
        return ""
    if year is None and lacks_year(text):
        return "no_year"
    printed = printed_of(text)
    times = [*MENTION.finditer(printed)]
    if any(_is_impossible(time, year) for time in times):
        return "impossible"
    if times and (ONGOING_WORD.search(printed) or (EVERY.search(printed) and BEYOND.search(printed))):
        return "end_and_ongoing"
    return "several" if len(times) > 1 or EVERY.search(printed) else "unread"


def _is_impossible(time: re.Match[str], year: int | None) -> bool:
    """A month, day or quarter that the calendar does not have; where no year is known, in no year."""
    if time["quarter"]:
        return time["quarter"] not in "一二三四1234"
    printed_year, month = time["year"] or time["of"], int(time["month"] or time["month_of"] or 1)
    day = int(time["day"] or time["day_of"] or 1)
    return not 1 <= month <= 12 or not 1 <= day <= monthrange(int(printed_year or year or LEAP_YEAR), month)[1]
