from collections.abc import Iterable

from workflow.tables.grid import Cell, Grid, Row
from workflow.tables.layout import layout_of
from workflow.tables.rows import items_of
from workflow.tables.table import Item

HEADER = ["具体内容", "牵头单位", "配合单位", "完成时限"]


def read(*rows: Iterable[str], header: list[str] = HEADER) -> list[Item]:
    numbered = enumerate([header, *rows], start=1)
    grid = Grid(tuple(Row(number, tuple(map(Cell, cells))) for number, cells in numbered), table=1)
    return list(items_of(grid, layout_of(grid)))


def headings(item: Item) -> tuple[str, str, str, str]:
    return item.section_no, item.section, item.task_no, item.task


def test_items_take_empty_headings_from_above() -> None:
    first, second, third = read(
        ["一、甲工程 ", "1.乙\n任务。", "1.丙。", "教体局", "", "2022年"],
        ["", "", "2.丁", "教体局", "", "2022年"],
        ["", "2.戊", "1.己", "教体局", "", "2022年"],
    )
    assert headings(first) == headings(second) == ("一", "甲工程", "1", "乙任务")
    assert headings(third) == ("一", "甲工程", "2", "戊")
    assert [item.text for item in (first, second, third)] == ["丙。", "丁", "己"]
    assert [item.number for item in (first, second, third)] == ["1.1", "1.2", "2.1"]
    assert [item.source.row for item in (first, second, third)] == [2, 3, 4]


def test_items_new_section_ends_the_task() -> None:
    items = read(
        ["一、甲", "1.乙", "1.丙", "教体局", "", "2022年"],
        ["二、丁", "", "1.戊", "教体局", "", "2022年"],
        ["二、丁", "", "2.己", "教体局", "", "2022年"],
    )
    assert [headings(item) for item in items[1:]] == [("二", "丁", "", "")] * 2


def test_items_heading_rows_across_the_table() -> None:
    rows = (["一、甲"], ["1.乙", "1.丙", "教体局", "", "2022年"], ["二、丁"], ["2.戊", "1.己", "教体局", "", "2022年"])
    items = read(*rows, header=["任务", "措施", "牵头单位", "配合单位", "时限"])
    assert [headings(item) for item in items] == [("一", "甲", "1", "乙"), ("二", "丁", "2", "戊")]


def test_items_leave_out_repeated_headers_blank_rows_and_remarks() -> None:
    row = ["1.甲", "教体局", "", "2022年"]
    assert [item.text for item in read(row, HEADER, ["", "", "", ""], row, ["注：甲"])] == ["甲", "甲"]


def test_items_number_from_its_own_column() -> None:
    items = read(["1．", "甲", "教体局"], ["2", "3.乙", "教体局"], header=["序号", "任务", "牵头单位"])
    assert [item.item_no for item in items] == ["1", "3"]


def test_items_keep_rows_that_lack_text_or_duties() -> None:
    items = read(["", "教体局", "", "2022年"], ["1.甲", "", "", ""])
    assert [(item.text, item.leads) for item in items] == [("", ("教体局",)), ("甲", ())]
