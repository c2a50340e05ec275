"""Document → Table: the tables read one after another, then what is said of the whole."""

from collections.abc import Sequence
from dataclasses import replace

from workflow.tables.checks.content import content_warnings
from workflow.tables.checks.findings import Finding, table_name
from workflow.tables.checks.reading import findings_of_layouts, findings_of_notices, warnings_of
from workflow.tables.columns.headers import WITH_UNITS
from workflow.tables.columns.names import Role
from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.paragraphs import grid_of
from workflow.tables.grid import Document, Row
from workflow.tables.reading.around import Around, above_first, begins_anew, between, headings_begin
from workflow.tables.reading.several import Part, Parts, parts_of, skipped
from workflow.tables.reading.titles import name_of_file, name_of_sheet, title_of, year_of_sheet, years_of
from workflow.tables.rows.entries import Entry
from workflow.tables.rows.headings import Headings
from workflow.tables.rows.other_rows import is_again
from workflow.tables.rows.reader import RowReader
from workflow.tables.table import Item, OtherRow, RowKind, Source, Table

NO_ITEMS = "表头下面没有任何任务，请确认选对了文件。"


def table_of(document: Document, filename: str) -> Table:
    """The table as it was understood. Raises Unreadable, with a sentence for the person, and nothing else."""
    document, found = _found(document)
    first = found.parts[0]
    lines = _lines_above(first)
    title = title_of(lines) or name_of_sheet(first.grid.sheet) or name_of_file(filename)
    years = years_of(title, lines)
    reader = DocumentReader(found)
    reader.read()
    items = reader.items(years.only)
    if not items:
        raise Unreadable(NO_ITEMS)
    findings = [*found.skipped, *reader.findings, *findings_of_notices(document, found.parts)]
    return Table(
        title,
        items,
        reading_warnings=tuple(warnings_of(findings, reader.refs(), items, several=len(found.parts) > 1)),
        content_warnings=tuple(
            content_warnings(
                items,
                doc_year=years.first,
                has_deadline_column=reader.has_column(Role.DEADLINE),
                has_lead_column=reader.has_column(*WITH_UNITS),
            )
        ),
        other_rows=tuple(reader.other_rows),
        doc_year=years.first,
    )


class DocumentReader:
    """Reads every part of a document; what a part leaves over is named."""

    def __init__(self, found: Parts) -> None:
        self.other_rows: list[OtherRow] = []
        self.findings: list[Finding] = []
        self._found = found
        self._headings = Headings()
        self._entries: list[Entry] = []

    def read(self) -> None:
        for at, part in enumerate(self._found.parts):
            self._read_part(part, is_first=at == 0)
        last = self._found.parts[-1].grid
        self._take(between(self._found.lines_below, Source(0, last.table, last.sheet), "表格下方"))
        self.findings += findings_of_layouts(self._found.parts)

    def has_column(self, *roles: Role) -> bool:
        return any(stretch.layout.has(*roles) for part in self._found.parts for stretch in part.stretches)

    def items(self, year: int | None) -> tuple[Item, ...]:
        """All items; `year` is that of the document, for a date without one that stands in no sheet of a year."""
        return tuple(entry.item(year_of_sheet(entry.sources[0].sheet) or year) for entry in self._entries)

    def refs(self) -> dict[Source, int]:
        """Which item every row belongs to that belongs to one."""
        return {source: ref for ref, entry in enumerate(self._entries, 1) for source in entry.sources}

    def _read_part(self, part: Part, *, is_first: bool) -> None:
        lines, rows = part.lines, part.titles
        texts = [*lines, *map(_text_of, rows)]
        begin = headings_begin(texts, is_first=is_first)
        self._begin_headings(part, anew=begins_anew(texts[:begin]))
        self._take_lines(part, lines[:begin], is_first=is_first)
        self._enter(texts[begin:], lines[begin:], Source(0, part.grid.table, part.grid.sheet))
        reader = RowReader(part.grid, self._headings)
        for at, row in enumerate(rows, len(lines)):
            reader.put_title(row, RowKind.TITLE if at < begin else RowKind.HEADING)
        for stretch in part.stretches:
            reader.read(stretch)
        self._entries += reader.entries
        self.other_rows += reader.other_rows
        self.findings += reader.findings
        if not reader.entries and not self._goes_on(part):
            self.findings.append(skipped(part.grid, "表头下面没有任何任务。"))

    def _begin_headings(self, part: Part, *, anew: bool) -> None:
        """Headings go on from table to table, but not from sheet to sheet, nor past the title of a further table."""
        sheet = part.grid.sheet
        if sheet is not None:
            self._headings = Headings(name_of_sheet(sheet) if len(self._found.parts) > 1 else "")
        elif anew:
            self._headings.begin_anew()

    def _take_lines(self, part: Part, lines: Sequence[str], *, is_first: bool) -> None:
        table = table_name(part.grid.table, part.grid.sheet) if len(self._found.parts) > 1 else "表格"
        if is_first:
            self.findings += above_first(lines, f"{table}上方")
        else:
            self._take(between(lines, Source(0, part.grid.table, part.grid.sheet), f"{table}上方"))

    def _enter(self, headings: Sequence[str], lines: Sequence[str], source: Source) -> None:
        """Enter the headings right above a table; those that are `lines` stand in no row that would name them."""
        for heading in headings:
            if not is_again(heading):
                self._headings.enter_line(heading)
        for line in lines:
            self.other_rows.append(OtherRow(RowKind.HEADER if is_again(line) else RowKind.HEADING, line, source))

    def _take(self, around: Around) -> None:
        self.other_rows += around.other_rows
        self.findings += around.findings

    def _goes_on(self, part: Part) -> bool:
        """Whether the next table has its header here: the header stood alone at the end of a page."""
        layout = part.stretches[-1].layout
        return any(other.stretches[0].layout is layout for other in self._found.parts if other is not part)


def _found(document: Document) -> tuple[Document, Parts]:
    """The readable tables; where there is none, the tasks that the text itself names with who does them."""
    try:
        return document, parts_of(document)
    except Unreadable:
        lines = [line for grid in document.grids for line in grid.lines_above] + [*document.lines_below]
        written = grid_of(lines)
        if written is None:
            raise
        grids = (*(replace(grid, lines_above=()) for grid in document.grids), written)
        document = replace(document, grids=grids, lines_below=())
        return document, parts_of(document)


def _lines_above(part: Part) -> list[str]:
    """The lines that may name the table: without the headings of its first items."""
    texts = [*part.lines, *map(_text_of, part.titles)]
    return texts[: headings_begin(texts, is_first=True)]


def _text_of(row: Row) -> str:
    """What a row above the header says, wrapped lines joined."""
    return " ".join("".join(cell.text.split("\n")) for cell in row.cells if cell.text and not cell.above)
