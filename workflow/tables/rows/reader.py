"""Rows below a header → items and rows that are none: headings carried down, merged and continued rows put together."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from workflow.tables.checks.findings import Finding, short
from workflow.tables.columns.layout import Field, Layout, Stretch
from workflow.tables.columns.names import Role
from workflow.tables.grid import Grid, Row
from workflow.tables.rows.entries import NUMBERS, Entry
from workflow.tables.rows.headings import Headings, Level
from workflow.tables.rows.numbering import plain_number, split_number
from workflow.tables.rows.other_rows import begins_points, is_date, is_title, kind_of
from workflow.tables.rows.row_headings import Line, line_of
from workflow.tables.table import OtherRow, RowKind, Source

DUTIES = {Role.LEADS, Role.SUPPORTS, Role.DUTIES, Role.START, Role.DEADLINE}
OF_AN_ITEM = {Role.TEXT, *DUTIES}
COLUMN_LEVELS = {Role.SECTION: Level.SECTION, Role.TASK: Level.TASK}
NUMBERED = {Role.SECTION: Role.SECTION_NUMBER, Role.TASK: Role.TASK_NUMBER}
# Without any of these a row says what belongs to the item above it.
BEGINS_ITEM = {Role.TEXT, Role.SECTION, Role.TASK, *NUMBERS}

CONTINUED = "没有编号和任务内容，已并入上一项：如是另一项任务，请在文件中补上内容后重新导入。"
LEFT_OUT = "只写了“{text}”，不成一项任务，没有读入：如有遗漏，请在文件中补全后重新导入。"
MIXED = "的“{column}”没有写明谁牵头、谁配合，全部按牵头读入：请核对。"


class RowReader:
    """Reads the rows of one table in their order; every row that says anything ends up somewhere."""

    def __init__(self, grid: Grid, headings: Headings) -> None:
        self.entries: list[Entry] = []
        self.other_rows: list[OtherRow] = []
        self.findings: list[Finding] = []
        self._grid = grid
        self._headings = headings
        self._layout: Layout
        # The item that a lower part would belong to, whether a numbered remark may go on, and whether a title came.
        self._open: Entry | None = None
        self._in_remark = False
        self._titled = False

    def read(self, stretch: Stretch) -> None:
        self._layout = stretch.layout
        self._open = None
        if self._titled and self.entries:
            self._headings.begin_anew()  # a second table below the first on the same sheet
        for row in stretch.header:
            self._put(row, RowKind.HEADER)
        rows = [row for row in stretch.rows if any(cell.text for cell in row.cells)]
        for row, below in zip_longest(rows, rows[1:]):
            self._take(row, below)

    def put_title(self, row: Row, kind: RowKind = RowKind.TITLE) -> None:
        """A row above the header."""
        self._put(row, kind)

    # --- one row ------------------------------------------------------------------------------------------------------
    def _take(self, row: Row, below: Row | None) -> None:
        fields = list(self._layout.fields(row))
        own = [field for field in fields if not field.above]
        said = [cell.text for cell in row.cells if cell.text and not cell.above]
        if kind := self._kind(row, said, own, below):
            self._put(row, kind)
        elif line := line_of(row, fields, self._layout, self._fields(below), self._open):
            self._enter(row, line)
        elif self._open and fields and _is_lower_part(fields):
            self._add_to(self._open, row, own)
        else:
            self._begin(row, fields, own)

    def _kind(self, row: Row, said: Sequence[str], own: Sequence[Field], below: Row | None) -> RowKind | None:
        if not said:
            return RowKind.CONTINUED if self._open else RowKind.HEADER
        if self._layout.header.has(row):
            return RowKind.HEADER
        if self._open and [field.role for field in own] == [Role.DEADLINE] and self._open.lacks(Role.DEADLINE):
            return None  # a date alone, though not the date of a signature
        if kind := kind_of(said, in_remark=self._in_remark):
            return kind
        if below and is_date([cell.text for cell in below.cells if cell.text]) and _may_sign(said, own):
            return RowKind.SIGNATURE  # who signs stands above the date
        across = len(said) == 1 and bool(own) and own[0].span * 2 > self._layout.width
        return RowKind.TITLE if across and is_title(said[0]) else None

    def _put(self, row: Row, kind: RowKind) -> None:
        text = " ".join(" ".join(cell.text for cell in row.cells if not cell.above).split())
        text = text or " ".join(" ".join(cell.text for cell in row.cells).split())
        if row.number and text:  # a header that no file has carries no number
            self.other_rows.append(OtherRow(kind, text, self._source(row)))
        if kind not in (RowKind.HEADER, RowKind.CONTINUED):
            self._open = None
        self._titled = kind is RowKind.TITLE
        if kind is not RowKind.HEADER:
            self._in_remark = kind is RowKind.REMARK and (self._in_remark or begins_points(text))

    def _enter(self, row: Row, line: Line) -> None:
        if line.is_heading:
            self._headings.enter_line(line.text, line.no)
        self._put(row, RowKind.HEADING if line.is_heading else RowKind.REMARK)

    def _add_to(self, entry: Entry, row: Row, own: Sequence[Field]) -> None:
        """The lower part of an item: its text goes on, or it has none in a file that knows no merged cells."""
        source = self._source(row)
        entry.add(own, source)
        self._check_width(row, source)
        if all(field.role is not Role.TEXT for field in self._layout.fields(row)):
            self.findings.append(Finding("row_continued", CONTINUED, source))
        self._put(row, RowKind.CONTINUED)

    def _begin(self, row: Row, fields: Sequence[Field], own: Sequence[Field]) -> None:
        source = self._source(row)
        self._enter_columns(fields)
        roles = {field.role for field in own}
        self._in_remark = False
        if roles & OF_AN_ITEM:
            for field in (field for field in own if field.role is Role.TEXT):
                self._headings.end_before_item(field.text)
            self._open = Entry(fields, self._headings.place(), self._layout, source)
            self.entries.append(self._open)
            self._check_width(row, source)
            if self._open.has_mixed_duties():
                message = MIXED.format(column=self._layout.name_of(Role.DUTIES))
                self.findings.append(Finding("duties_not_marked", message, source))
        elif roles & COLUMN_LEVELS.keys():
            self._put(row, RowKind.HEADING)
        else:
            self._open = None
            said = " ".join(cell.text for cell in row.cells if not cell.above)
            self.findings.append(Finding("row_left_out", LEFT_OUT.format(text=short(said)), source))

    def _enter_columns(self, fields: Sequence[Field]) -> None:
        """Sections and tasks that stand in columns of their own; an empty cell means as above."""
        numbers = {field.role: field for field in fields if field.role in NUMBERS}
        if self._layout.is_by_unit:
            for field in (field for field in fields if field.role is Role.LEADS):
                self._headings.enter_column(Level.SECTION, field.at, "、".join(field.text.split("\n")))
        for field in sorted(fields, key=lambda field: field.role is Role.TASK):
            if field.role in COLUMN_LEVELS:
                number = numbers.pop(NUMBERED[field.role], None)
                self._headings.enter_column(
                    COLUMN_LEVELS[field.role], field.at, field.text, number.text if number else ""
                )
        alone = numbers.get(Role.TASK_NUMBER)
        if alone and self._is_new_task(plain_number(alone.text)):
            self._headings.enter_column(Level.TASK, alone.at, "", alone.text)

    def _is_new_task(self, number: str) -> bool:
        """Whether a number without a title begins a task; beside titles, the number above means as above."""
        return bool(number) and not (self._layout.has(Role.TASK) and number == self._headings.place().task_no)

    # --- where it stands ----------------------------------------------------------------------------------------------
    def _fields(self, row: Row | None) -> list[Field]:
        return list(self._layout.fields(row)) if row else []

    def _source(self, row: Row) -> Source:
        return Source(row.number, self._grid.table, self._grid.sheet)

    def _check_width(self, row: Row, source: Source) -> None:
        self.findings += (Finding(code, message, source) for code, message in _width_problems(row, self._layout))


def _may_sign(said: Sequence[str], own: Sequence[Field]) -> bool:
    return len(said) == 1 and not split_number(said[0])[0] and all(field.role is not Role.TEXT for field in own)


def _is_lower_part(fields: Sequence[Field]) -> bool:
    """Whether the row belongs to the item above: its text is merged from there, or it begins nothing of its own."""
    begins = [field for field in fields if field.role in BEGINS_ITEM]
    is_merged = any(field.role is Role.TEXT for field in begins) and all(field.above for field in begins)
    return is_merged or not begins


def _width_problems(row: Row, layout: Layout) -> Iterator[tuple[str, str]]:
    usual = layout.width
    if row.width < usual:
        if lost := list(dict.fromkeys(column.name for column in layout.columns[row.width :] if column.name)):
            cells = "”“".join(lost)
            yield (
                "row_short",
                f"只有{row.width}个单元格，应有{usual}个，末尾的“{cells}”按空白处理：请核对有没有错列。",
            )
    elif row.width > usual:
        extra = short("、".join(filter(None, row.texts()[usual:]))) or "空白"
        yield "row_long", f"有{row.width}个单元格，应有{usual}个，多出的内容（{extra}）没有读入：请核对有没有错列。"
