"""Which rows are headings across the table: by their one text, their number, and what stands below them."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.tables.columns.layout import Field, Layout
from workflow.tables.columns.names import Role
from workflow.tables.grid import Row
from workflow.tables.rows.entries import Entry
from workflow.tables.rows.numbering import DIGITS_RANK, plain_number, rank_of, rank_of_cell
from workflow.tables.rows.other_rows import is_heading, is_named_heading

CONTENT = {Role.SECTION, Role.TASK, Role.TEXT}
NUMBERS = {Role.SECTION_NUMBER, Role.TASK_NUMBER, Role.NUMBER}


@dataclass(frozen=True, slots=True)
class Line:
    """The one text of a row; `no` is its number where that has a cell of its own."""

    text: str
    no: str = ""
    is_heading: bool = True


def line_of(
    row: Row, fields: Sequence[Field], layout: Layout, below: Sequence[Field], above: Entry | None
) -> Line | None:
    """The heading (or paragraph) that the row is, None where it is an item or part of one.

    `below` is what the next row says, `above` the item before.
    """
    own = [field for field in fields if not field.above]
    if len(own) == 1:
        if line := _alone(own[0], row, layout):
            return line
    numbers = [field for field in own if field.role in NUMBERS and plain_number(field.text)]
    words = [field for field in own if field not in numbers]
    if len(words) != 1 or len(numbers) > 1 or words[0].role not in CONTENT:
        return None
    if any(field.role not in CONTENT | NUMBERS for field in fields):
        return None  # units or dates merged from above: it is one of several items that share them
    no = numbers[0].text if numbers else ""
    rank = rank_of_cell(no) if no else rank_of(words[0].text)
    if rank is None:
        return None
    if words[0].span * 2 > layout.width:
        return Line(words[0].text, no)
    has_own_number = any(field.role is Role.NUMBER for field in numbers)
    is_section = has_own_number and rank < DIGITS_RANK and not (above and above.number_rank == rank)
    return Line(words[0].text, no) if is_section or _stands_above(rank, words[0], below) else None


def _alone(field: Field, row: Row, layout: Layout) -> Line | None:
    text, rank = field.text, rank_of(field.text)
    across = field.span * 2 > layout.width or (len(row.cells) == 1 and field.role is not Role.TEXT)
    if across or (field.role in NUMBERS and not plain_number(text)):
        return Line(text, is_heading=is_heading(text))
    is_chinese = rank is not None and rank < DIGITS_RANK
    if field.role is Role.TEXT:
        return Line(text) if is_chinese or (rank is None and is_named_heading(text)) else None
    if field.role is Role.TASK and is_chinese and not layout.has(Role.SECTION):
        return Line(text)
    return None


def _stands_above(rank: int, field: Field, below: Sequence[Field]) -> bool:
    """Whether the next row is numbered deeper, and is an item: 1 above 1.1 or （1）; in its own column, if not text."""
    if all(other.role in CONTENT | NUMBERS for other in below):
        return False
    if field.role is not Role.TEXT and not any(other.at == field.at and not other.above for other in below):
        return False
    ranks = (
        rank_of_cell(other.text) if other.role in NUMBERS else rank_of(other.text)
        for other in below
        if other.role in {*NUMBERS, field.role} and not other.above
    )
    return any(deeper is not None and deeper > rank for deeper in ranks)
