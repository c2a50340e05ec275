"""Tables built by hand: a text is a cell, ▲ one merged from above, a number a cell's width, one text a whole row."""

from collections.abc import Iterator, Sequence

from workflow.tables.grid import Cell, Document, Grid, Row
from workflow.tables.reading.document import table_of
from workflow.tables.table import Item, Table

Printed = Sequence[str | tuple[str, int]] | str
ABOVE = "▲"


def grid(*rows: Printed, lines: Sequence[str] = (), table: int | None = 1, sheet: str | None = None) -> Grid:
    """A table; "text" for a row means one cell over all columns, ("text", 2) a cell over two, "▲text" merged downwards.

    A bare ▲ repeats the text of the cell above it.
    """
    width = max((sum(_span(cell) for cell in row) for row in rows if not isinstance(row, str)), default=1)
    made: list[Row] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            cells = (Cell(row, width),)
        else:
            cells = tuple(_cells(row, made))
        made.append(Row(number, cells))
    return Grid(tuple(made), tuple(lines), table=None if sheet else table, sheet=sheet)


def read(*grids: Grid, below: Sequence[str] = (), filename: str = "文件.docx") -> Table:
    return table_of(Document(grids, tuple(below)), filename)


def items(*rows: Printed, lines: Sequence[str] = ()) -> tuple[Item, ...]:
    """The items of one table, its header first."""
    return read(grid(*rows, lines=lines)).items


def told(table: Table) -> list[tuple[str, int | None]]:
    return [(warning.code, warning.ref) for warning in table.warnings]


def others(table: Table) -> list[tuple[str, str]]:
    return [(row.kind.value, row.text) for row in table.other_rows]


def _span(cell: str | tuple[str, int]) -> int:
    return 1 if isinstance(cell, str) else cell[1]


def _cells(row: Sequence[str | tuple[str, int]], above: list[Row]) -> Iterator[Cell]:
    at = 0
    for cell in row:
        text, span = (cell, 1) if isinstance(cell, str) else cell
        if text.startswith(ABOVE):
            yield Cell(text[1:] or _text_at(above[-1], at), span, above=True)
        else:
            yield Cell(text, span)
        at += span


def _text_at(row: Row, column: int) -> str:
    return next(text for text in [cell.text for cell in row.cells for _ in range(cell.span)][column:])
