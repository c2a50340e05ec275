"""Text of a Word table flattened by "save as text" → grid.

A cell begins with a tab and may hold several lines; a blank line ends a row. Both signs can fail: a cell may hold a
blank line itself, so a blank line ends a row only where the row is whole or the next one plainly begins.
"""

from collections import Counter
from collections.abc import Iterator

from workflow.tables.errors import Unreadable
from workflow.tables.grid import Cell, Grid, Row
from workflow.tables.rows.numbering import split_number

# A row of one cell is a heading, not the measure of a table.
NARROWEST = 3

Lines = list[str]  # of one cell, without the empty ones


def grid_of(text: str) -> Grid:
    """The one table of the text. Raises Unreadable where no line begins a cell."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith("\t")), None)
    if start is None:
        raise Unreadable("文件里没有表格：每个单元格应以制表符（Tab）开头，请从 Word 把表格另存为纯文本后再导入。")
    blocks = list(_blocks(lines[start:]))
    rows, left_out = _whole_rows(blocks, _usual_width(blocks))
    return Grid(
        rows=tuple(
            Row(number, tuple(Cell("\n".join(lines)) for lines in cells)) for number, cells in enumerate(rows, start=1)
        ),
        lines_above=tuple(line.strip() for line in lines[:start] if line.strip()),
        table=1,
        left_out=tuple(left_out),
    )


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines between blank ones. A line of a lone tab is an empty cell, hence not blank."""
    block: list[str] = []
    for line in lines:
        if line.strip() or "\t" in line:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cells(block: list[str]) -> list[Lines]:
    """The cells of a block; what stands before its first tab comes first and is no cell of its own."""
    return [[line.strip() for line in cell.split("\n") if line.strip()] for cell in "\n".join(block).split("\t")]


def _usual_width(blocks: list[list[str]]) -> int:
    """How many cells most rows have; of two equally common widths the larger, since cells get lost, not added."""
    widths = Counter(width for block in blocks if (width := len(_cells(block)) - 1) >= NARROWEST)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _whole_rows(blocks: list[list[str]], width: int) -> tuple[list[list[Lines]], list[str]]:
    """Rows, with those put together again that a blank line inside a cell had cut in two; and the text left out."""
    rows: list[list[Lines]] = []
    left_out: list[str] = []
    for at, block in enumerate(blocks, start=1):
        before, *cells = _cells(block)
        begun = rows[-1] if rows else []
        # Text at the very end stands below the table, even where the last row lacks a cell.
        inside = bool(cells) or at < len(blocks)
        if before and inside and len(begun) < width and len(begun) + len(cells) <= width:
            begun[-1].extend(before)
            begun.extend(cells)
            continue
        if before:
            left_out.append("\n".join(before))
        if begun and _goes_on(begun, cells, width):
            begun.extend(cells)
        elif cells:
            rows.append(cells)
    return rows, left_out


def _goes_on(begun: list[Lines], cells: list[Lines], width: int) -> bool:
    """Whether cells after a blank line complete the row before: they fit exactly and begin no row of their own."""
    fits = bool(cells) and NARROWEST <= len(begun) and len(begun) + len(cells) == width
    return fits and bool(cells[0]) and not split_number(cells[0][0])[0]
