from collections.abc import Callable

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.tables.formats.word.files import (
    GRID,
    HIDDEN,
    bare,
    codes,
    grid_of,
    paragraph,
    put,
    read,
    run,
    spans,
    table,
    texts,
    word,
)
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Cell, Grid


def test_grid_cells_merged_to_the_right_have_a_span() -> None:
    grid = grid_of(lambda made: made.cell(0, 0).merge(made.cell(0, 1)) and None, GRID)
    assert grid.rows[0].cells == (Cell("内容\n牵头", span=2), Cell("时限"))
    assert [row.width for row in grid.rows] == [3, 3, 3]


def test_grid_cells_merged_downwards_repeat_their_text() -> None:
    def made(made: Table) -> None:
        for row in (1, 2):
            made.cell(row, 0).text = ""
        made.cell(0, 0).merge(made.cell(2, 0))

    grid = grid_of(made, GRID)
    assert [row.cells[0] for row in grid.rows] == [Cell("内容"), Cell("内容", above=True), Cell("内容", above=True)]


def test_grid_downward_merge_is_matched_by_column_not_by_position() -> None:
    def made(made: Table) -> None:
        made.cell(0, 0).merge(made.cell(0, 1))
        made.cell(1, 2).text = made.cell(2, 2).text = ""
        made.cell(0, 2).merge(made.cell(2, 2))

    grid = grid_of(made, GRID)
    assert spans(grid) == [[2, 1], [1, 1, 1], [1, 1, 1]]
    assert grid.rows[2].cells[2] == Cell("时限", above=True)


def set_merge(cell: _Cell, kind: str, val: str | None) -> None:
    attribute = f' w:val="{val}"' if val else ""
    cell._tc.get_or_add_tcPr().append(word(f"<w:{kind}{attribute}/>"))


@pytest.mark.parametrize("val", [None, "continue"])
def test_grid_lower_part_with_nothing_above_keeps_its_text(val: str | None) -> None:
    assert texts(grid_of(lambda made: set_merge(made.cell(1, 0), "vMerge", val), GRID)) == GRID


def test_grid_text_covered_by_a_merged_cell_is_noticed() -> None:
    def made(made: Table) -> None:
        set_merge(made.cell(1, 0), "vMerge", "restart")
        set_merge(made.cell(2, 0), "vMerge", None)

    grid = grid_of(made, GRID)
    assert grid.rows[2].cells[0] == Cell("1.甲", above=True)
    assert codes(grid) == [("hidden_text", 3)]


def test_grid_cells_merged_in_the_old_way_have_a_span() -> None:
    def made(made: Table) -> None:
        made.cell(0, 1).text = ""
        set_merge(made.cell(0, 0), "hMerge", "restart")
        set_merge(made.cell(0, 1), "hMerge", None)

    grid = grid_of(made, GRID)
    assert grid.rows[0].cells == (Cell("内容", span=2), Cell("时限"))
    assert codes(grid) == []


def test_grid_row_that_begins_further_right_has_an_empty_cell_first() -> None:
    def made(made: Table) -> None:
        row = made.rows[1]._tr
        row.remove(row.tc_lst[0])
        row.remove(row.tc_lst[0])
        row.get_or_add_trPr().append(word('<w:gridBefore w:val="2"/>'))

    grid = grid_of(made, GRID)
    assert grid.rows[1].cells == (Cell("", span=2), Cell("2022年"))


def test_grid_row_that_ends_early_is_short() -> None:
    def made(made: Table) -> None:
        row = made.rows[1]._tr
        row.remove(row.tc_lst[2])
        row.get_or_add_trPr().append(word('<w:gridAfter w:val="1"/>'))

    assert texts(grid_of(made, GRID))[1] == ["1.甲", "教体局"]


@pytest.mark.parametrize("span", ["1000000000", "9" * 5000, "0", "-3", "x"], ids=["billion", "huge", "0", "-3", "x"])
def test_grid_absurd_span_costs_nothing(span: str) -> None:
    def made(made: Table) -> None:
        made.cell(1, 2)._tc.get_or_add_tcPr().append(word(f'<w:gridSpan w:val="{span}"/>'))

    assert spans(grid_of(made, GRID)) == [[1, 1, 1]] * 3


def test_grid_column_that_no_row_has_is_none() -> None:
    def made(made: Table) -> None:
        for row in made.rows:
            row.cells[0].merge(row.cells[1])

    assert spans(grid_of(made, GRID)) == [[1, 1]] * 3


def test_grid_edge_drawn_a_little_beside_the_one_above_is_the_same() -> None:
    """A grid of 3000 | 40 | 3000: the first row's edge lies left of the sliver, the second's right of it."""

    def made(made: Table) -> None:
        for column, width in zip(made._tbl.tblGrid.gridCol_lst, (3000, 40, 3000), strict=True):
            column.set(qn("w:w"), str(width))
        made.cell(1, 1).text = made.cell(0, 2).text = ""
        made.cell(0, 1).merge(made.cell(0, 2))
        made.cell(1, 0).merge(made.cell(1, 1))

    grid = grid_of(made, [["内容", "牵头", ""], ["1.甲", "", "教体局"]])
    assert [row.cells for row in grid.rows] == [(Cell("内容"), Cell("牵头")), (Cell("1.甲"), Cell("教体局"))]


def test_grid_narrow_column_that_holds_a_cell_is_kept() -> None:
    def made(made: Table) -> None:
        made._tbl.tblGrid.gridCol_lst[1].set(qn("w:w"), "40")

    assert spans(grid_of(made, GRID)) == [[1, 1, 1]] * 3


Merge = tuple[int, int, int, int]  # top, left, bottom, right, all included


@st.composite
def merges(draw: st.DrawFn) -> tuple[int, int, list[Merge]]:
    """A grid's size and some rectangles in it that do not overlap."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    taken: set[tuple[int, int]] = set()
    found = []
    for _ in range(draw(st.integers(0, 5))):
        top, left = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1))
        bottom, right = draw(st.integers(top, rows - 1)), draw(st.integers(left, columns - 1))
        area = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(area) > 1 and not area & taken:
            taken |= area
            found.append((top, left, bottom, right))
    return rows, columns, found


def expected(rows: int, columns: int, found: list[Merge]) -> list[list[Cell]]:
    """The same grid from the rectangles alone."""
    corner = {(row, left): (top, left, right) for top, left, bottom, right in found for row in range(top, bottom + 1)}
    places = [[(row, column, *corner.get((row, column), (row, column, column))) for column in range(columns)]
              for row in range(rows)]  # fmt: skip
    inside = {(row, column) for top, left, bottom, right in found for row in range(top, bottom + 1)
              for column in range(left + 1, right + 1)}  # fmt: skip
    kept = [[place for place in line if place[:2] not in inside] for line in places]
    begun = {place[1] for line in kept for place in line}
    return [
        [
            Cell(f"{top}-{left}", sum(left <= at <= right for at in begun), above=top < row)
            for row, _, top, left, right in line
        ]
        for line in kept
    ]


@settings(max_examples=60, deadline=None)
@given(merges())
def test_grid_of_any_merges_reads_back(drawn: tuple[int, int, list[Merge]]) -> None:
    rows, columns, found = drawn
    covered = {(row, column) for top, left, bottom, right in found for row in range(top, bottom + 1)
               for column in range(left, right + 1)} - {merge[:2] for merge in found}  # fmt: skip

    def made(made: Table) -> None:
        for top, left, bottom, right in found:
            made.cell(top, left).merge(made.cell(bottom, right))

    printed = [
        ["" if (row, column) in covered else f"{row}-{column}" for column in range(columns)] for row in range(rows)
    ]
    assert [list(row.cells) for row in grid_of(made, printed).rows] == expected(rows, columns, found)


def test_cell_with_a_table_inside_keeps_its_text() -> None:
    def made(made: Table) -> None:
        cell = made.cell(1, 0)
        inner = cell.add_table(2, 2)
        for number, place in enumerate(inner._cells, start=1):
            place.text = f"{number}\n项"
        cell.add_paragraph("完")

    grid = grid_of(made, GRID)
    assert grid.rows[1].cells[0].text == "1.甲\n1 项 2 项\n3 项 4 项\n完"
    assert codes(grid) == [("nested_table", 2)]
    assert [row.number for row in grid.rows] == [1, 2, 3]


def test_grid_deleted_row_is_left_out_and_inserted_row_kept() -> None:
    def made(made: Table) -> None:
        made.rows[1]._tr.get_or_add_trPr().append(word('<w:del w:id="1"/>'))
        made.rows[2]._tr.get_or_add_trPr().append(word('<w:ins w:id="2"/>'))

    grid = grid_of(made, GRID)
    assert texts(grid) == [GRID[0], GRID[2]]
    assert [row.number for row in grid.rows] == [1, 2]


def test_grid_deleted_cell_is_left_out() -> None:
    def made(made: Table) -> None:
        made.cell(1, 1)._tc.get_or_add_tcPr().append(word('<w:cellDel w:id="1"/>'))

    assert texts(grid_of(made, GRID))[1] == ["1.甲", "2022年"]


def test_grid_hidden_text_is_kept_out_and_its_row_named() -> None:
    def made(made: Table) -> None:
        put(made.cell(1, 0), paragraph(run("1.甲") + run("不公开", HIDDEN) + run(" ", HIDDEN)))
        put(made.cell(2, 0), paragraph(run("2.乙") + run(" ", HIDDEN)))

    grid = grid_of(made, GRID)
    assert texts(grid) == GRID
    assert codes(grid) == [("hidden_text", 2)]


def test_grid_hidden_row_is_read_and_named() -> None:
    def made(made: Table) -> None:
        made.rows[1]._tr.get_or_add_trPr().append(word("<w:hidden/>"))
        put(made.cell(1, 0), paragraph(run("1.甲", HIDDEN)))

    grid = grid_of(made, GRID)
    assert texts(grid) == GRID
    assert codes(grid) == [("hidden_row", 2)]


def numbered_table(*texts: str, made: Callable[[Table], None]) -> Grid:
    """A table of one column whose paragraphs all stand in one list."""
    document = docx.Document()
    single = table(document, [[text] for text in texts])
    for row in single.rows:
        row.cells[0].paragraphs[0].style = "List Number"
    made(single)
    return read(document).grids[0]


def test_grid_numbers_count_through_the_cells() -> None:
    grid = numbered_table("甲", "", "丙", made=lambda made: None)
    assert texts(grid) == [["1.甲"], ["2."], ["3.丙"]]


def test_grid_numbers_skip_deleted_rows_and_lower_parts_of_merged_cells() -> None:
    def made(made: Table) -> None:
        made.rows[0]._tr.get_or_add_trPr().append(word('<w:del w:id="1"/>'))
        set_merge(made.cell(1, 0), "vMerge", "restart")
        set_merge(made.cell(2, 0), "vMerge", None)

    grid = numbered_table("甲", "乙", "", "丁", made=made)
    assert texts(grid) == [["1.乙"], ["1.乙"], ["2.丁"]]
    assert codes(grid) == []


def test_row_of_thousands_of_cells_is_refused() -> None:
    cells = "<w:tc><w:p/></w:tc>" * 5_000
    with pytest.raises(Unreadable, match="超过200列"):
        read(bare(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
