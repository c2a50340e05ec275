"""One Word table → rows of cells: columns from the edges people see, merged cells repeated, hidden rows named."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.tables.errors import Unreadable
from workflow.tables.formats.word.text import Story, cells_of, rows_of
from workflow.tables.formats.word.xml import VAL, Element, T, W, find, is_on, number, value
from workflow.tables.grid import Cell, Notice, Row

MOST_COLUMNS = 64
# Word itself draws 63; each costs time before anybody asks what the columns mean.
MOST_CELLS = 200
TOO_WIDE = "文件里有一张表格超过{}列，不像责任分工表，请确认选对了文件。"
# Twips, two millimetres: no sign fits in, so it is an edge drawn a little beside the one above.
NARROWEST = 115

NOTICES = {
    "hidden_row": "在 Word 中是隐藏的，已照样读入：如不需要请删去。",
    "hidden_text": "有隐藏或被合并遮住的文字，没有读入：如需要请在 Word 中取消隐藏。",
    "nested_table": "的单元格里还有一张表，其中的文字已并入这个单元格：请核对。",
}


@dataclass(slots=True)
class Place:
    """A cell and the columns of Word's own grid that it covers; no cell where the row begins further right."""

    start: int
    end: int
    cell: Element | None = None
    covered: list[Element] = field(default_factory=list)  # cells merged into it from the right

    @property
    def goes_down(self) -> bool:
        return self.cell is not None and find(self.cell, "tcPr/vMerge") is not None

    @property
    def continues(self) -> bool:
        """Whether it is the lower part of the cell above."""
        return self.cell is not None and (value(self.cell, "tcPr/vMerge") or "continue") == "continue"


class TableReader:
    """Reads the rows of one table in their order."""

    def __init__(self, table: Element, story: Story) -> None:
        self._story = story
        self._rows = [(row, _places(row)) for row in rows_of(table)]
        self._edges = Edges(table, [place for _, places in self._rows for place in places])
        # The text of the cells that may go on in the next row, by their first column.
        self._open: dict[int, str] = {}
        self.notices: list[Notice] = []

    def rows(self) -> Iterator[Row]:
        for at, (row, places) in enumerate(self._rows, start=1):
            yield self._row(at, row, places)

    def _row(self, at: int, row: Element, places: list[Place]) -> Row:
        story = self._story
        story.shows_hidden = is_on(row, "trPr/hidden")
        story.hid = story.nested = False
        above, self._open = self._open, {}
        cells = tuple(self._cell(place, above) for place in places if self._edges.shows(place))
        seen = {"hidden_row": story.shows_hidden, "hidden_text": story.hid, "nested_table": story.nested}
        self.notices += (Notice(code, NOTICES[code], at) for code, was_seen in seen.items() if was_seen)
        story.shows_hidden = False
        return Row(at, cells)

    def _cell(self, place: Place, above: dict[int, str]) -> Cell:
        if place.cell is None:
            return Cell("", self._edges.span(place))
        start = self._edges.column(place.start)
        is_lower = place.goes_down and place.continues and start in above
        text = above[start] if is_lower else "\n".join(self._story.lines(place.cell))
        self._story.hid |= any(map(_says_something, [*place.covered, *([place.cell] if is_lower else [])]))
        if place.goes_down:
            self._open[start] = text
        return Cell(text, self._edges.span(place), above=is_lower)


class Edges:
    """The columns people see: those at whose left edge some cell begins. Others are left-overs of dragging."""

    def __init__(self, table: Element, places: list[Place]) -> None:
        self._beside = _beside(table, places)
        starts = {self._drawn(place.start) for place in places}
        self._starts = sorted(starts)[:MOST_COLUMNS]

    def column(self, edge: int) -> int:
        return bisect_left(self._starts, self._drawn(edge))

    def span(self, place: Place) -> int:
        return max(1, self.column(place.end) - self.column(place.start))

    def shows(self, place: Place) -> bool:
        """Whether people see it: not a row that merely begins a little beside the others."""
        return place.cell is not None or self.column(place.end) > self.column(place.start)

    def _drawn(self, edge: int) -> int:
        return self._beside.get(edge, edge)


def _beside(table: Element, places: list[Place]) -> dict[int, int]:
    """Edges so near the one on their left that the same edge is meant; never the two edges of one cell."""
    widths = [number(column.get(f"{W}w"), 0) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    cells = {place.start for place in places if place.cell is not None and place.end == place.start + 1}
    meant: dict[int, int] = {}
    for at, width in enumerate(widths):
        if 0 < width < NARROWEST and at not in cells and at not in meant:
            meant[at + 1] = at
    return meant


def _places(row: Element) -> list[Place]:
    """Raises Unreadable for a row of more cells than any table has."""
    places: list[Place] = []
    start = number(value(row, "trPr/gridBefore"), 0)
    if start:
        places.append(Place(0, start))
    for cell in cells_of(row):
        end = start + max(1, number(value(cell, "tcPr/gridSpan"), 1))
        if places and _is_right_part(cell):
            places[-1].end = end
            places[-1].covered.append(cell)
        else:
            places.append(Place(start, end, cell))
        start = end
    if len(places) > MOST_CELLS:
        raise Unreadable(TOO_WIDE.format(MOST_CELLS))
    return places


def _is_right_part(cell: Element) -> bool:
    """Whether the cell belongs to the one on its left, as old versions of Word wrote it."""
    merge = find(cell, "tcPr/hMerge")
    return merge is not None and merge.get(VAL, "continue") == "continue"


def _says_something(cell: Element) -> bool:
    return any(text.text and text.text.strip() for text in cell.iter(T))
