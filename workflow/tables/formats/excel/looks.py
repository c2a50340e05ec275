"""How Excel shows a number: number format → what a person sees in the cell.

A month typed into Excel is kept as its first day, and 95% as 0.95: only the format knows what was meant.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

Look = Callable[[float], str]  # of any finite number

# ECMA-376 part 1, 18.8.30, with the Chinese meaning of 27 to 58.
BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **dict.fromkeys((14, 15, 30, 31), "yyyy-m-d"),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-m"),
    **dict.fromkeys((16, 28, 29, 51, 53, 54, 58), "m-d"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "h:mm:ss"),
    22: "yyyy-m-d h:mm",
}
FIRST_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;])*', re.DOTALL)
LITERAL = re.compile(r'"([^"]*)"|\\(.)', re.DOTALL)
ELAPSED = re.compile(r"\[([hms]+)\]", re.IGNORECASE)  # hours beyond 24
UNSEEN = re.compile(r"\[[^\]]*\]|_.|\*.", re.DOTALL)  # colours, languages, padding
HALF_DAYS = re.compile("AM/PM|A/P|上午/下午", re.IGNORECASE)
SAID = r'"[^"]*"|\\.|[()+: \-\u3000-\uffef]'
NUMBER = re.compile(
    rf"(?P<before>(?:{SAID})*)(?:(?P<general>General)|(?P<whole>[#0,]{{0,15}}[#0])(?:\.(?P<part>[#0]{{1,9}}))?)"
    rf"(?P<after>(?:{SAID})*%?(?:{SAID})*)",
    re.IGNORECASE | re.DOTALL,
)
LONGEST_FORMAT = 255  # Excel's own limit
# Beyond these a float holds fewer digits than would be printed.
SMALLEST, LARGEST = 1e-9, 1e15
LAST_DAY = 2_957_000  # in the year 9995, counted from 1900 or from 1904


def plain(number: float) -> str:
    """As Excel shows a number without any format: 2022 and not 2022.0, 0.3 and not 0.30000000000000004."""
    printed = f"{number:.15g}"
    return f"{Decimal(printed):f}" if "e" in printed and SMALLEST <= abs(number) < 1e21 else printed


def look_of(code: str, from_1904: bool) -> Look:
    """The look that a format code gives; a code that is not understood shows the number as it is."""
    if len(code) > LONGEST_FORMAT:
        return plain
    first = FIRST_SECTION.match(code)
    section = UNSEEN.sub("", ELAPSED.sub(r"\1", first[0] if first else ""))
    if number := NUMBER.fullmatch(section):
        return partial(_shown_number, number)
    letters = frozenset(HALF_DAYS.sub("", LITERAL.sub("", section)).lower())
    if letters & set("ymdhs") and "general" not in section.lower():
        return partial(_shown_serial, letters, from_1904)
    return plain


def _shown_number(look: re.Match[str], number: float) -> str:
    said = [LITERAL.sub(r"\1\2", look[side]) for side in ("before", "after")]
    scaled = number * 100 if "%" in said[1] else number
    is_rounded = not look["general"] and abs(scaled) < LARGEST
    return (_rounded(scaled, look["whole"], look["part"] or "") if is_rounded else plain(scaled)).join(said)


def _rounded(number: float, whole: str, part: str) -> str:
    """With as many decimals as the format has; no thousands separators, which only disturb whoever reads on."""
    digits = f"{abs(Decimal(plain(number))).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP):f}"
    before, _, after = digits.partition(".")
    wanted = part.count("0")
    after = after[:wanted] + after[wanted:].rstrip("0")
    shown = ".".join(filter(None, (before.zfill(whole.count("0")), after)))
    return f"-{shown}" if number < 0 and float(shown) else shown


def _shown_serial(letters: frozenset[str], from_1904: bool, serial: float) -> str:
    """A date or time by the letters of its format; days are counted from 1900 or 1904."""
    if not 0 <= serial < LAST_DAY:
        return plain(serial)
    clock = bool(letters & set("hs"))
    if clock and not letters & set("yd"):  # m means minutes
        return _shown_time(round(serial * 86_400))
    moment = _moment(serial, from_1904)
    return _shown_date(letters, moment) if not clock or _is_midnight(moment) else shown_moment(moment)


def _moment(serial: float, from_1904: bool) -> datetime:
    # Excel's 1900 has a 29th of February, day 60: days before it count one less.
    zero = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    return zero + timedelta(days=int(serial), seconds=round(serial % 1 * 86_400))


def _is_midnight(moment: datetime) -> bool:
    return not (moment.hour or moment.minute or moment.second)


def _shown_date(letters: frozenset[str], day: date) -> str:
    """Only what the format shows: a day that nobody sees was made up by Excel."""
    parts = [text for letter, text in zip("ymd", _parts(day), strict=True) if letter in letters]
    return "".join(_parts(day) if letters & set("ymd") in ({"d"}, {"y", "d"}) else parts)


def _parts(day: date) -> tuple[str, str, str]:
    return f"{day.year}年", f"{day.month}月", f"{day.day}日"


def shown_moment(moment: datetime) -> str:
    """A whole date, with the time of day unless it is midnight."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return "".join(_parts(moment)) + (f" {_shown_time(seconds)}" if seconds else "")


def _shown_time(seconds: int) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours:02}:{minutes:02}" + (f":{rest:02}" if rest else "")
