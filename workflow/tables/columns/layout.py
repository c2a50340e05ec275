"""Which column means what, for each stretch of a table that stands below one header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.deadlines import read_deadline
from workflow.states import DeadlineKind
from workflow.tables.columns.headers import WITH_UNITS, Header, first_header, is_foreign, later_header
from workflow.tables.columns.meanings import Cells, Column, columns_of, usual_width
from workflow.tables.columns.names import NAMES, Role
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Grid, Row

WIDEST = 64
CONTENT = {Role.SECTION, Role.TASK, Role.TEXT}
TIMES = {Role.START, Role.DEADLINE}
LOOKS_LIKE_TIME = re.compile("[0-9０-９一二三四五六七八九十年月底前每即按常全]|长期|持续")
LOOKS_LIKE_WORDS = re.compile("[一-鿿]")

NO_HEADER = (
    "没有找到表头：需要有一行写着“具体内容”（或任务、措施）和“牵头单位”（或责任单位）这样的列名，"
    "最好还有“配合单位”和“完成时限”。"
)
MEASURED = "表头里的“单位”写的是计量单位，不是责任单位，不像一张责任分工表，请确认选对了文件。"


@dataclass(frozen=True, slots=True)
class Field:
    """What one cell says, in the column it counts for: that column's name and place; `span` as printed."""

    role: Role
    name: str
    at: int
    text: str
    above: bool = False
    span: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns, left to right, and the header that names them."""

    header: Header
    columns: tuple[Column, ...]
    is_by_unit: bool = False  # units stand in front and cover all their tasks, as headings do

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(column.role for column in self.columns)

    @property
    def width(self) -> int:
        return len(self.columns)

    def has(self, *roles: Role) -> bool:
        return any(column.role in roles for column in self.columns)

    def name_of(self, role: Role) -> str:
        """What the table itself calls the column; leads and supports may share one."""
        shared = {role, Role.DUTIES} if role in (Role.LEADS, Role.SUPPORTS) else {role}
        return next(
            (column.name for column in self.columns if column.role in shared and column.name), NAMES.get(role, "")
        )

    def fields(self, row: Row) -> Iterator[Field]:
        """What the row says, cell by cell, without empty cells and those beyond the last column."""
        at = 0
        for cell in row.cells:
            covered = self.columns[at : at + cell.span]
            if cell.text and covered:
                place = at + _inner(covered)
                column = self.columns[place]
                yield Field(column.role, column.name, place, cell.text, cell.above, cell.span)
            at += cell.span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows below one header, and the rows above and of it."""

    layout: Layout
    titles: tuple[Row, ...]
    header: tuple[Row, ...]
    rows: tuple[Row, ...]


def stretches_of(grid: Grid, before: Layout | None = None) -> tuple[Stretch, ...]:
    """The table cut at its headers. Raises Unreadable, with the reason, where it is no responsibility table.

    A table without a header goes on with the layout of the one `before` it, if it looks like its lower part.
    """
    first = first_header(grid.rows)
    if first is None:
        if before is None or not _goes_on(grid, before):
            raise Unreadable(NO_HEADER)
        return (Stretch(before, (), (), grid.rows),)
    starts = [first, *_later(grid.rows, *first)]
    ends = [*(at for at, _ in starts[1:]), len(grid.rows)]
    stretches = []
    for place, ((at, header), end) in enumerate(zip(starts, ends, strict=True)):
        body = at + len(header.rows)
        titles = () if place else grid.rows[:at]
        stretches.append(_stretch(header, titles, grid.rows[body:end]))
    return tuple(stretches)


def _later(rows: Sequence[Row], at: int, header: Header) -> Iterator[tuple[int, Header]]:
    """The headers further down that are not the one before again."""
    place = at + len(header.rows)
    while place < len(rows):
        found = None if header.has(rows[place]) else later_header(rows, place)
        found = None if found and _has_date(rows[place], header) else found
        if found:
            header = found
            yield place, header
        place += len(found.rows) if found else 1


def _has_date(row: Row, header: Header) -> bool:
    """Whether a date stands where the header wants one: an item, though its cells sound like column names."""
    texts = zip(row.texts(), header.roles, strict=False)
    return any(text and role in TIMES and read_deadline(text).kind != DeadlineKind.UNKNOWN for text, role in texts)


def _stretch(header: Header, titles: tuple[Row, ...], rows: tuple[Row, ...]) -> Stretch:
    width = max(len(header.names), usual_width(rows))
    used = max((_used(row) for row in (*header.rows, *rows)), default=0)
    if used > WIDEST:
        raise Unreadable(f"表格有{width}列，不像一张责任分工表，请确认选对了文件。")
    columns = columns_of(header, rows)
    layout = Layout(header, columns, _is_by_unit(columns, rows))
    if not layout.has(*WITH_UNITS, Role.SUPPORTS) and Role.UNIT in header.roles:
        raise Unreadable(MEASURED)
    return Stretch(layout, titles, header.rows, rows)


def _is_by_unit(columns: tuple[Column, ...], rows: Sequence[Row]) -> bool:
    roles = [column.role for column in columns]
    if Role.LEADS not in roles or Role.TEXT not in roles or {Role.SECTION, Role.TASK} & set(roles):
        return False
    leads, text = roles.index(Role.LEADS), roles.index(Role.TEXT)
    return leads < text and Cells(rows).is_merged_beside(leads, text)


def _used(row: Row) -> int:
    """How many columns there are up to the last that says something."""
    used = at = 0
    for cell in row.cells:
        at += cell.span
        used = at if cell.text else used
    return used


def _inner(covered: tuple[Column, ...]) -> int:
    """Which column a wide cell counts for: of several content columns the innermost, of begin and end the end."""
    roles = {column.role for column in covered}
    return len(covered) - 1 if len(covered) > 1 and (roles <= CONTENT or roles <= TIMES) else 0


def _goes_on(grid: Grid, before: Layout) -> bool:
    """Whether a table without a header is the lower part of the one before: as wide, and its cells fit the columns."""
    rows = [row for row in grid.rows if any(cell.text for cell in row.cells)]
    if not rows or usual_width(rows) != before.width or is_foreign(rows[0]):
        return False
    fields = [field for row in rows for field in before.fields(row)]
    times = [field.text for field in fields if field.role is Role.DEADLINE]
    units = [field.text for field in fields if field.role in WITH_UNITS]
    says_what = any(field.role is Role.TEXT for field in fields)
    return says_what and bool(times or units) and _mostly(LOOKS_LIKE_TIME, times) and _mostly(LOOKS_LIKE_WORDS, units)


def _mostly(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return sum(bool(pattern.search(text)) for text in texts) * 2 >= len(texts)
