"""The lines above, between and below the tables: headings, notes, and what nobody took in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.tables.checks.findings import Finding, short
from workflow.tables.rows.numbering import split_number
from workflow.tables.rows.other_rows import begins_points, is_again, is_attachment, is_named_heading, is_title, kind_of
from workflow.tables.table import OtherRow, RowKind, Source

LONGEST_HEADING = 60
OPEN_END = "；;：:，,"
# Above the first table a few short lines are title and date; longer ones are the text of a plan.
LONGEST_OPENING = 60

DUTY = re.compile("(?:牵头|主办|责任|承办|落实|配合|协办)(?:单位|部门)[:：]")

LEFT_OUT = "{where}的文字没有读入（共{count}段，如“{text}”）：如有任务在其中，请写进表格后重新导入。"


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines around a table were taken for."""

    other_rows: tuple[OtherRow, ...]
    findings: tuple[Finding, ...]


def headings_begin(lines: Sequence[str], *, is_first: bool) -> int:
    """Where the headings right above a table begin. A line without number is one only between tables."""
    at = len(lines)
    while at and (_is_heading(lines[at - 1], is_first) or is_again(lines[at - 1])):
        at -= 1
    return at


def begins_anew(lines: Sequence[str]) -> bool:
    """Whether a further table has a title of its own, so that the headings before it are over."""
    return any(is_attachment(line) or is_title(line) for line in lines)


def between(lines: Sequence[str], source: Source, where: str) -> Around:
    """Lines between and below tables; `source` is the table they stand by, `where` says so in words."""
    rows: list[OtherRow] = []
    lost: list[str] = []
    in_remark = False
    for line in lines:
        kind = kind_of([line], in_remark=in_remark) or (RowKind.TITLE if is_title(line) else None)
        in_remark = kind is RowKind.REMARK and (in_remark or begins_points(line))
        if kind:
            rows.append(OtherRow(kind, " ".join(line.split()), source))
        else:
            lost.append(line)
    return Around(tuple(rows), tuple(_left_out(lost, where)))


def above_first(lines: Sequence[str], where: str) -> Iterator[Finding]:
    """Titles and dates need no word; paragraphs above the first table do, and whatever names who does it."""
    yield from _left_out([line for line in lines if len(line) > LONGEST_OPENING or DUTY.search(line)], where)


def _left_out(lost: Sequence[str], where: str) -> Iterator[Finding]:
    if lost:
        yield Finding("text_left_out", LEFT_OUT.format(where=where, count=len(lost), text=short(lost[0])))


def _is_heading(line: str, is_first: bool) -> bool:
    number, title = split_number(line)
    if number:
        return bool(title) and len(line) <= LONGEST_HEADING and line[-1] not in OPEN_END
    return not is_first and is_named_heading(line)
