import pytest

from tests.workflow.tables.building import grid, items, others, read, told
from workflow.tables.grid import Cell, Grid, Row
from workflow.tables.table import Item, numbers_of

HEADER = ("具体内容", "牵头单位", "配合单位", "完成时限")
NUMBERED = ("序号", "任务", "牵头单位", "完成时限")
GOOD = ("1", "做好甲", "教体局", "2024年")


def headings(item: Item) -> tuple[str, str, str, str]:
    return item.section_no, item.section, item.task_no, item.task


@pytest.mark.parametrize("units", ["教育局牵头，财政局配合", "项目实施单位"])
def test_items_whose_cells_sound_like_column_names(units: str) -> None:
    row = ("2", "推进重点任务", units, "2024年")
    assert [item.text for item in items(NUMBERED, GOOD, row)] == ["做好甲", "推进重点任务"]


def test_items_without_numbers_whose_cells_sound_like_column_names() -> None:
    header = ("任务", "责任单位", "时限")
    found = items(header, ("甲", "教体局", "2024年"), ("推进重点项目", "项目责任单位", "2024年"))
    assert [item.text for item in found] == ["甲", "推进重点项目"]


def test_items_are_what_divides_the_text_where_each_has_units() -> None:
    header = ("项目", "内容", "标准", "牵头单位", "时限")
    rows = (("甲", "乙", "做好丙", "教育局", "2024年"), ("▲", "▲", "做好丁", "财政局", "2025年"))
    assert [(item.task, item.text, item.leads) for item in items(header, *rows)] == [
        ("乙", "做好丙", ("教育局",)),
        ("乙", "做好丁", ("财政局",)),
    ]


def test_items_of_several_points_keep_the_number_of_the_first() -> None:
    (item,) = items(NUMBERED, ("7", "1.做好甲。\n2.做好乙。", "教体局", "2024年"))
    assert (item.item_no, item.text) == ("7", "1.做好甲。\n2.做好乙。")


# --- headings in columns ----------------------------------------------------------------------------------------------
WIDE = ("具体内容", "", "", "牵头单位", "配合单位", "完成时限")


def test_items_take_empty_headings_from_above() -> None:
    first, second, third = items(
        WIDE,
        ("一、甲工程 ", "1.乙\n任务。", "1.丙。", "教体局", "", "2022年"),
        ("", "", "2.丁", "教体局", "", "2022年"),
        ("", "2.戊", "1.己", "教体局", "", "2022年"),
    )
    assert headings(first) == headings(second) == ("一", "甲工程", "1", "乙任务")
    assert headings(third) == ("一", "甲工程", "2", "戊")
    assert [item.text for item in (first, second, third)] == ["丙。", "丁", "己"]
    assert [item.number for item in (first, second, third)] == ["1.1", "1.2", "2.1"]
    assert [item.source.row for item in (first, second, third)] == [2, 3, 4]


def test_items_new_section_ends_the_task() -> None:
    found = items(
        WIDE,
        ("一、甲", "1.乙", "1.丙", "教体局", "", "2022年"),
        ("二、丁", "", "1.戊", "教体局", "", "2022年"),
        ("二、丁", "", "2.己", "教体局", "", "2022年"),
    )
    assert [headings(item) for item in found[1:]] == [("二", "丁", "", "")] * 2


def test_items_number_of_the_task_in_a_column_of_its_own() -> None:
    found = items(
        ("序号", "任务", "措施", "牵头单位", "完成时限"),
        ("1", "甲", "做好乙", "教体局", "2024年"),
        ("▲", "▲", "做好丙", "教体局", "2024年"),
        ("2", "丁", "（1）做好戊", "教体局", "2024年"),
    )
    assert [(item.task_no, item.task, item.item_no) for item in found] == [
        ("1", "甲", ""),
        ("1", "甲", ""),
        ("2", "丁", "1"),
    ]


def test_items_repeated_task_text_is_one_task() -> None:
    found = items(
        ("序号", "任务", "措施", "牵头单位", "完成时限"),
        ("1", "甲", "做好乙", "教体局", "2024年"),
        ("", "甲", "做好丙", "教体局", "2024年"),
    )
    assert [(item.task_no, item.task) for item in found] == [("1", "甲")] * 2


def test_items_units_in_front_are_the_sections() -> None:
    table = read(
        grid(
            ("责任单位", "任务", "完成时限"),
            ("教体局", "1.甲", "2024年"),
            ("▲", "2.乙", "2024年"),
            ("财政局\n人社局", "1.丙", "2024年"),
        )
    )
    assert [(item.section, item.leads, item.item_no) for item in table.items] == [
        ("教体局", ("教体局",), "1"),
        ("教体局", ("教体局",), "2"),
        ("财政局、人社局", ("财政局", "人社局"), "1"),
    ]
    assert (table.warnings, numbers_of(table.items)) == ((), ["1.1", "1.2", "2.1"])


# --- numbers and cells ------------------------------------------------------------------------------------------------
def test_items_number_from_its_own_column() -> None:
    found = items(
        ("序号", "任务", "牵头单位"), ("1．", "甲", "教体局"), ("2", "3.乙", "教体局"), ("1.3", "丙", "教体局")
    )
    assert [item.item_no for item in found] == ["1", "3", "1.3"]


def test_items_number_that_repeats_its_task() -> None:
    found = items(("任务", "措施", "牵头单位"), ("1.甲", "1.1做好乙", "教体局"), ("", "1.2做好丙", "教体局"))
    assert [(item.item_no, item.text, item.number) for item in found] == [
        ("1.1", "做好乙", "1.1"),
        ("1.2", "做好丙", "1.2"),
    ]


def test_items_keep_rows_that_lack_text_or_duties() -> None:
    found = items(HEADER, ("", "教体局", "", "2022年"), ("1.甲", "", "", ""))
    assert [(item.text, item.leads) for item in found] == [("", ("教体局",)), ("甲", ())]


def test_items_keep_unknown_columns_with_the_notes() -> None:
    (item,) = items(
        ("任务", "牵头单位", "责任人", "资金", "完成时限", "备注", "编号"),
        ("1.甲", "教体局", "张三\n李四", "", "2024年", "重点", "D-7"),
    )
    assert item.notes == "重点\n责任人：张三 李四\n编号：D-7"
    assert item.leads == ("教体局",)


def test_items_text_over_the_columns_of_task_and_text() -> None:
    found = items(
        ("任务", "措施", "牵头单位", "完成时限"), ("1.甲", "1.乙", "教体局", "2024年"), (("丙", 2), "教体局", "")
    )
    assert [item.text for item in found] == ["乙", "丙"]


@pytest.mark.parametrize(
    ("begin", "end", "raw", "kind", "notes"),
    [
        ("2024年3月", "2024年12月", "2024年3月至2024年12月", "range", ""),
        ("", "2024年12月", "2024年12月", "date", ""),
        ("2024年3月", "", "", "unknown", "开始时间：2024年3月"),
        ("已启动", "2024年12月", "2024年12月", "date", "开始时间：已启动"),
        ("2024年3月", "长期坚持", "长期坚持", "ongoing", "开始时间：2024年3月"),
    ],
)
def test_items_begin_in_a_column_of_its_own(begin: str, end: str, raw: str, kind: str, notes: str) -> None:
    (item,) = items(("任务", "牵头单位", "开始时间", "完成时间"), ("1.甲", "教体局", begin, end))
    assert (item.deadline_raw, item.deadline.kind.value, item.notes) == (raw, kind, notes)


def test_items_deadline_over_begin_and_end() -> None:
    (item,) = items(("任务", "牵头单位", "开始时间", "完成时间"), ("1.甲", "教体局", ("长期坚持", 2)))
    assert item.deadline_raw == "长期坚持"


@pytest.mark.parametrize(
    ("name", "cell", "leads", "supports"),
    [
        ("牵头及配合单位", "教体局牵头，财政局、人社局配合", ["教体局"], ["财政局", "人社局"]),
        ("责任单位", "教体局牵头，财政局配合", ["教体局"], ["财政局"]),
        ("责任单位（排第一位的为牵头单位）", "教体局、财政局、人社局", ["教体局"], ["财政局", "人社局"]),
        ("责任单位（第一个为牵头单位，其余为配合单位）", "教体局、财政局", ["教体局"], ["财政局"]),
    ],
)
def test_items_leads_and_supports_of_one_column(name: str, cell: str, leads: list[str], supports: list[str]) -> None:
    (item,) = items(("任务", name, "完成时限"), ("1.甲", cell, "2024年"))
    assert (list(item.leads), list(item.supports)) == (leads, supports)


def test_items_measurable_targets() -> None:
    (item,) = items(HEADER, ("1.新建幼儿园5所", "教体局", "", "2024年"))
    assert [(target.value, target.unit) for target in item.targets] == [("5", "所")]


# --- merged and continued rows ----------------------------------------------------------------------------------------
def test_items_merged_cells_carry_down() -> None:
    found = items(
        ("序号", "任务", "牵头单位", "完成时限", "备注"),
        ("1", "做好甲", "教体局", "2024年", "重点"),
        ("2", "做好乙", "▲", "▲", "▲"),
    )
    assert (found[1].leads, found[1].deadline_raw, found[1].notes) == (("教体局",), "2024年", "重点")


def test_items_lower_part_of_a_merged_text_adds_its_units() -> None:
    table = read(
        grid(
            ("序号", "任务", "牵头单位", "配合单位", "责任人", "完成时限"),
            ("1", "做好甲", "教体局", "财政局", "张三", "2024年"),
            ("▲", "▲", "▲", "人社局", "李四", "▲"),
            ("▲", "▲", "住建局", "▲", "", "2025年"),
        )
    )
    (item,) = table.items
    assert (item.leads, item.supports) == (("教体局", "住建局"), ("财政局", "人社局"))
    assert (item.supports_raw, item.deadline_raw, item.notes) == (
        "财政局\n人社局",
        "2024年\n2025年",
        "责任人：张三 李四",
    )
    assert others(table)[1:] == [("continued", "人社局 李四"), ("continued", "住建局 2025年")]


def test_items_own_number_beside_a_merged_text_is_an_item() -> None:
    found = items(NUMBERED, GOOD, ("2", "▲", "财政局", "2025年"))
    assert [(item.number, item.text, item.leads) for item in found] == [
        ("1", "做好甲", ("教体局",)),
        ("2", "做好甲", ("财政局",)),
    ]


def test_items_row_without_number_and_text_continues_with_a_warning() -> None:
    table = read(grid(NUMBERED, GOOD, ("", "", "财政局", "")))
    assert [item.leads for item in table.items] == [("教体局", "财政局")]
    assert told(table) == [("row_continued", 1)]
    assert others(table)[1:] == [("continued", "财政局")]


def test_items_first_row_without_text_continues_nothing() -> None:
    table = read(grid(NUMBERED, ("", "", "财政局", "2024年"), GOOD))
    assert told(table) == [("missing_text", 1)]


def test_items_row_without_text_below_a_heading_continues_nothing() -> None:
    table = read(grid(NUMBERED, GOOD, "二、乙", ("", "", "财政局", "2024年")))
    assert told(table) == [("missing_text", 2)]


def test_items_row_with_a_number_but_no_text_is_missing_it() -> None:
    assert told(read(grid(NUMBERED, GOOD, ("2", "", "财政局", "2024年")))) == [("missing_text", 2)]


def test_items_empty_cell_is_never_filled() -> None:
    table = read(grid(NUMBERED, GOOD, ("2", "做好乙", "", "")))
    assert (table.items[1].leads, table.items[1].deadline_raw) == ((), "")
    assert told(table) == [("missing_lead", 2), ("missing_deadline", 2)]


# --- rows that are no items -------------------------------------------------------------------------------------------
def test_other_rows_above_and_of_the_header() -> None:
    table = read(grid("某县任务清单", ("单位：万元", "", "", "2024年3月"), NUMBERED, GOOD))
    assert others(table) == [
        ("title", "某县任务清单"),
        ("title", "单位：万元 2024年3月"),
        ("header", "序号 任务 牵头单位 完成时限"),
    ]


def test_other_rows_header_of_two_rows_again_on_the_next_page() -> None:
    names = [("序号", "任务", ("责任单位", 2)), ("▲", "▲", "牵头单位", "配合单位")]
    row = ("1", "甲", "教体局", "")
    table = read(grid(*names, row, "（续表）", *names, ("2", "乙", "教体局", "")))
    assert [item.number for item in table.items] == ["1", "2"]
    assert [kind for kind, _ in others(table)] == ["header"] * 5


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("注：1.本表自印发之日起施行。", "remark"),
        ("说明：本表由教体局解释", "remark"),
        (("备注：", "另行通知", "", ""), "remark"),
        ("填表人：张三", "signature"),
        (("填报单位：教体局", "", "审核人：李四", "2024年3月5日"), "signature"),
        ("2024年3月5日", "signature"),
        ("联系电话：0952-1234567", "signature"),
        (("合计", "", "3项", ""), "total"),
        (("", "小 计", "3", ""), "total"),
        ("单位：万元", "title"),
        ("续表", "header"),
        ("— 2 —", "header"),
        ("第2页 共5页", "header"),
        ("以上各项任务由各牵头单位抓好落实，每季度末报送进展。", "remark"),
    ],
)
def test_other_rows_by_what_they_say(row: tuple[str, ...] | str, kind: str) -> None:
    table = read(grid(NUMBERED, GOOD, row))
    assert [found for found, _ in others(table)] == ["header", kind]
    assert len(table.items) == 1


def test_other_rows_points_of_a_remark() -> None:
    table = read(grid(NUMBERED, GOOD, "注：1.甲", "2.乙", ("3.丙", "", "", "")))
    assert [kind for kind, _ in others(table)] == ["header", "remark", "remark", "remark"]


def test_row_with_nothing_but_a_number_is_named() -> None:
    table = read(grid(NUMBERED, GOOD, ("2", "", "", "")))
    assert [(warning.code, warning.message) for warning in table.warnings] == [
        ("row_left_out", "第3行只写了“2”，不成一项任务，没有读入：如有遗漏，请在文件中补全后重新导入。")
    ]


def test_date_alone_completes_an_item_that_has_none() -> None:
    table = read(grid(NUMBERED, ("1", "甲", "教体局", ""), ("", "", "", "2024年12月")))
    assert [item.deadline_raw for item in table.items] == ["2024年12月"]


def test_table_of_other_columns_further_down_the_sheet() -> None:
    table = read(
        grid(
            NUMBERED,
            "一、甲工程",
            GOOD,
            "2024年重点项目清单",
            ("序号", "牵头单位", "任务", "完成时限"),
            ("1", "财政局", "做好乙", "2024年"),
        )
    )
    assert [(item.section, item.text, item.leads) for item in table.items] == [
        ("甲工程", "做好甲", ("教体局",)),
        ("", "做好乙", ("财政局",)),
    ]
    assert ("title", "2024年重点项目清单") in others(table)


def test_made_up_header_is_no_row_of_the_file() -> None:
    rows = (Row(0, tuple(map(Cell, HEADER))), Row(7, tuple(map(Cell, ("1.甲", "教体局", "", "2024年")))))
    assert read(Grid(rows)).other_rows == ()


def test_signature_and_date_below_the_table_are_no_item() -> None:
    table = read(grid(NUMBERED, GOOD, ("", "", "", "平罗县教体局"), ("", "", "", "2024年3月5日")))
    assert len(table.items) == 1
    assert [kind for kind, _ in others(table)] == ["header", "signature", "signature"]


def test_items_keep_the_number_of_a_task_without_a_title() -> None:
    header = ("序号", "重点任务", "工作措施", "牵头单位")
    (item,) = items(header, (("一", 2), "做好甲", "教体局"), header)
    assert (item.task_no, item.task, item.text) == ("一", "", "做好甲")
