"""What every reader produces: the table as it stands on paper, before anybody asks what its columns mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell: its lines as printed, without white space around them; `span` counts the columns it covers."""

    text: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells; `number` counts from 1 in the table or sheet, the header included."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def width(self) -> int:
        """How many columns the row covers."""
        return sum(cell.span for cell in self.cells)

    def texts(self) -> list[str]:
        """One text a column; a cell over several columns stands in the first of them."""
        return [text for cell in self.cells for text in (cell.text, *[""] * (cell.span - 1))]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with the lines printed above it. `table` is its position in a document, `sheet` its name in a workbook.

    `left_out` is the text that was read but belongs to no cell: notes below the table, page headers between rows.
    """

    rows: tuple[Row, ...]
    lines_above: tuple[str, ...] = ()
    table: int | None = None
    sheet: str | None = None
    left_out: tuple[str, ...] = ()
