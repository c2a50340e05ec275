"""What every reader produces: the tables as they stand on paper, before anybody asks what their columns mean."""

from collections.abc import Callable
from dataclasses import dataclass

# How far a long reading has come: rows (or paragraphs) done, and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell: its lines as printed, without white space around them; `span` counts the columns it covers.

    `above`: the cell is the lower part of one merged downwards and repeats its text.
    """

    text: str
    span: int = 1
    above: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells; `number` is the one people see: in the sheet, else counted from 1 with the header included."""

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
class Notice:
    """What a reader saw that a person should know: a hidden row, a formula; `row` is a Row.number of the grid."""

    code: str
    message: str  # what follows "第5行" where there is a row, else a whole sentence
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with the lines printed above it. `table` is its position in a document, `sheet` its name in a workbook.

    `left_out` is the text that was read but belongs to no cell: page headers between rows.
    """

    rows: tuple[Row, ...]
    lines_above: tuple[str, ...] = ()
    table: int | None = None
    sheet: str | None = None
    left_out: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All tables of a file in their order, and the lines below the last; of a file without tables, all its lines."""

    grids: tuple[Grid, ...]
    lines_below: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
