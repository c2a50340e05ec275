"""What the table is called and which year it is about, from the lines above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from workflow.tables.rows.numbering import split_number
from workflow.tables.rows.other_rows import DATED, is_attachment, kind_of

TITLE_WORD = re.compile("分工|清单|台账|责任|任务|方案|计划|一览|表")
LONGEST_TITLE = 100
# Shorter than that a title is the second line of one: …提升行动 / 责任分工表; alone it says little.
SHORTEST_TITLE = 8
LONGEST_FIRST_LINE = 40
ENDS_SENTENCE = "。；;：:，"
# 关于印发《某县行动方案》的通知 hands on what is named inside.
NOTICE = re.compile("关于(?:印发|转发|下发|公布|发布)[^《》]{0,20}《(.+)》.{0,6}的(?:通知|公告|通告)$")
ATTACHED = re.compile(r"附[件表][0-9０-９一二三四五六七八九十]*(?:[-—–][0-9]+)?[:：]\s*(?=.)")
UNTELLING = re.compile(r"(?:sheet|工作表|表格?|table)\s*[0-9]*(?:\s*[(（][0-9]+[)）])?", re.IGNORECASE)
YEAR = re.compile("20[0-9]{2}")
DOCUMENT_NUMBER = re.compile(r"[〔\[［(（【](20[0-9]{2})[〕\]］)）】]")
NUMBER_LINE = re.compile(rf"{DOCUMENT_NUMBER.pattern}\s*第?\s*[0-9]+\s*号$")


@dataclass(frozen=True, slots=True)
class Years:
    """`first` is the first year the document is about, `only` the one that a date without a year is of."""

    first: int | None
    only: int | None


def title_of(lines: Sequence[str]) -> str:
    """The line that names the table: the last one with a word such as 分工, else the last; never 附件 or a date."""
    lines = [*map(_name_in, lines)]
    naming = [at for at, line in enumerate(lines) if _can_name(line)]
    named = [at for at in naming if TITLE_WORD.search(lines[at])]
    if not named:
        return lines[naming[-1]] if naming else ""
    at, title = named[-1], lines[named[-1]]
    is_second_line = len(title) < SHORTEST_TITLE and at - 1 in naming and len(lines[at - 1]) <= LONGEST_FIRST_LINE
    if is_second_line:
        return f"{lines[at - 1]}{title}"
    telling = [lines[at] for at in named if len(lines[at]) >= SHORTEST_TITLE]
    return telling[-1] if telling else title


def name_of_sheet(sheet: str | None) -> str:
    """The name of a sheet if somebody gave it one: not Sheet1."""
    return sheet.strip() if sheet and not UNTELLING.fullmatch(sheet.strip()) else ""


def name_of_file(filename: str) -> str:
    """The file's own name without its ending; bytes that are no text cannot be printed and are replaced."""
    return PurePath(filename).stem.encode("utf-8", "replace").decode()


def years_of(title: str, lines: Sequence[str]) -> Years:
    """From the title, the document's number or the dates above the table.

    "2024年重点任务" dates a bare 6月底; "2021—2025年行动计划" does not.
    """
    titled = sorted({int(year) for year in YEAR.findall(title)})
    numbered = [int(year) for line in lines for year in DOCUMENT_NUMBER.findall(line)]
    dated = [int(year) for line in lines if DATED.fullmatch("".join(line.split())) for year in YEAR.findall(line)]
    years = titled or numbered or dated
    return Years(next(iter([*titled, *numbered, *dated]), None), years[0] if len(set(years)) == 1 else None)


def year_of_sheet(sheet: str | None) -> int | None:
    """The year a sheet is named after, if it is one."""
    years = set(YEAR.findall(sheet or ""))
    return int(years.pop()) if len(years) == 1 else None


def _name_in(line: str) -> str:
    """What a line calls the document: without 附件1：, of a notice what it hands on."""
    name = ATTACHED.sub("", line, count=1) if ATTACHED.match(line) else line
    notice = NOTICE.search("".join(name.split()))
    return notice[1] if notice else name


def _can_name(line: str) -> bool:
    if len(line) > LONGEST_TITLE or line[-1:] in ENDS_SENTENCE or is_attachment(line) or kind_of([line]):
        return False
    return not split_number(line)[0] and not NUMBER_LINE.search(line)
