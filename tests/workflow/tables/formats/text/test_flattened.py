import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.flattened import grid_of

HEADER = "\t内容\n\t牵头\n\t配合\n\t时限\n\n"
ROW = "\t1.甲\n\t教体局\n\t财政局\n\t2022年\n\n"


def cells(text: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid_of(text).rows]


def test_grid_lines_above_and_row_numbers() -> None:
    grid = grid_of("附件\n 某县分工 \n\n" + HEADER + ROW)
    assert grid.lines_above == ("附件", "某县分工")
    assert [row.number for row in grid.rows] == [1, 2]
    assert (grid.table, grid.sheet, grid.left_out) == (1, None, ())


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        ("\t1.甲\n\t教育工委\n教体局\n\t\n\t2022年\n\n", ["1.甲", "教育工委\n教体局", "", "2022年"]),
        ("\t1.甲\n\t教体局\n\t\n人社局\n\t2022年\n\n", ["1.甲", "教体局", "人社局", "2022年"]),
        ("\t1.甲\n\t教体局\n\t\n\n人社局\n\t2022年\n\n", ["1.甲", "教体局", "人社局", "2022年"]),
        (
            "\t1.甲\n\t教体局\n\t发改局\n\n人社局\n\n妇联\n\t2022年\n\n",
            ["1.甲", "教体局", "发改局\n人社局\n妇联", "2022年"],
        ),
        ("\t1.甲\n\t教体局\n\t人社局\n\n\t2022年\n\n", ["1.甲", "教体局", "人社局", "2022年"]),
        ("\t1.甲\n\t教体局\n\t人社局 \n\n", ["1.甲", "教体局", "人社局"]),
        ("\t1.甲\t教体局\t人社局\t2022年\n\n", ["1.甲", "教体局", "人社局", "2022年"]),
    ],
    ids=["lines", "blank-first-line", "blank-line", "two-blank-lines", "cut-before-a-cell", "short", "one-line"],
)
def test_grid_row_with_lines_in_cells(printed: str, row: list[str]) -> None:
    read = cells(HEADER + ROW + printed + ROW)
    assert read[2] == row
    assert read[1] == read[3] == ["1.甲", "教体局", "财政局", "2022年"]


def test_grid_last_row_without_line_end() -> None:
    assert cells(HEADER + ROW + "\t2.乙\n\t教体局\n\t\n\t长期\n ")[2] == ["2.乙", "教体局", "", "长期"]


def test_grid_text_outside_the_table_is_reported() -> None:
    grid = grid_of(HEADER + ROW + "— 2 —\n\n" + ROW + "\t2.乙\n\t教体局\n\n注：本表自印发之日起施行。")
    assert [len(row.cells) for row in grid.rows] == [4, 4, 4, 2]
    assert grid.left_out == ("— 2 —", "注：本表自印发之日起施行。")


def test_grid_without_a_cell_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        grid_of("平罗县\n没有表格")


@given(st.text(alphabet="\t\n 甲1.", max_size=60))
def test_grid_keeps_every_word(text: str) -> None:
    try:
        grid = grid_of(text)
    except Unreadable:
        assert not any(line.startswith("\t") for line in text.split("\n"))
        return
    kept = [*grid.lines_above, *(cell.text for row in grid.rows for cell in row.cells), *grid.left_out]
    assert sorted("".join("".join(kept).split())) == sorted("".join(text.split()))
