import pytest

from tests.workflow.tables.building import Printed, grid, items, others, read
from workflow.tables.rows.headings import Headings, Level, Place

HEADER = ("序号", "任务", "牵头单位", "完成时限")
ITEM = ("1", "做好", "教体局", "2024年")


def placed(*rows: Printed, header: Printed = HEADER) -> list[tuple[str, str, str, str]]:
    found = items(header, *rows)
    return [(item.section_no, item.section, item.task_no, item.task) for item in found]


def test_headings_innermost_is_the_task_and_the_one_above_the_section() -> None:
    rows = ("一、甲", "（一）乙", ITEM, "（二）丙", ITEM, "二、丁", "（一）戊", ITEM)
    assert placed(*rows) == [("一", "甲", "一", "乙"), ("一", "甲", "二", "丙"), ("二", "丁", "一", "戊")]


def test_headings_further_out_join_the_section() -> None:
    rows = ("第一章 总", "一、甲", "（一）乙", "1.丙", ITEM, "2.丁", ITEM, "二、戊", ITEM)
    assert placed(*rows) == [
        ("一", "总 · 甲 · 乙", "1", "丙"),
        ("一", "总 · 甲 · 乙", "2", "丁"),
        ("一", "总", "二", "戊"),
    ]


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("一、甲", ("一", "甲", "", "")),
        ("（一）甲", ("一", "甲", "", "")),
        ("第一部分 甲", ("一", "甲", "", "")),
        ("甲工程", ("", "甲工程", "", "")),
        ("1.甲", ("", "", "1", "甲")),
        ("①甲", ("", "", "1", "甲")),
        ("一、甲\n乙。 ", ("一", "甲乙", "", "")),
    ],
)
def test_headings_one_alone_is_what_its_number_says(heading: str, place: tuple[str, ...]) -> None:
    assert placed(heading, ITEM) == [place]


def test_headings_without_number_follow_one_another() -> None:
    assert placed("甲工程", ITEM, "乙工程", ITEM) == [("", "甲工程", "", ""), ("", "乙工程", "", "")]


def test_headings_without_number_below_numbered_ones() -> None:
    rows = ("一、甲", "教育方面", ITEM, "医疗方面", ITEM, "二、乙", ITEM)
    assert placed(*rows) == [("一", "甲", "", "教育方面"), ("一", "甲", "", "医疗方面"), ("二", "乙", "", "")]


def test_headings_without_number_above_numbered_ones() -> None:
    rows = ("教育工程", "一、甲", ITEM, "二、乙", ITEM, "医疗工程", "一、丙", ITEM)
    assert placed(*rows) == [
        ("", "教育工程", "一", "甲"),
        ("", "教育工程", "二", "乙"),
        ("", "医疗工程", "一", "丙"),
    ]


def test_headings_above_a_task_column_are_sections() -> None:
    header = ("任务", "措施", "牵头单位", "完成时限")
    row = ("1.丙", "1.丁", "教体局", "2024年")
    assert placed("一、甲", "（一）乙", row, "（二）戊", row, header=header) == [
        ("一", "甲 · 乙", "1", "丙"),
        ("二", "甲 · 戊", "1", "丙"),
    ]


def test_headings_line_ends_the_task_of_a_column() -> None:
    header = ("任务", "措施", "牵头单位", "完成时限")
    rows = ("一、甲", ("1.乙", "1.丙", "教体局", ""), "二、丁", ("", "1.戊", "教体局", ""))
    assert placed(*rows, header=header)[1] == ("二", "丁", "", "")


def test_headings_across_the_table_beside_their_number_stand_above_a_column() -> None:
    header = ("序号", "问题", "措施", "责任单位", "时限")
    rows = (("一", ("学习不够", 4)), ("1", "甲", "1.乙", "县委办", "2024年"), ("▲", "▲", "2.丙", "县委办", "2024年"))
    assert placed(*rows, header=header) == [("一", "学习不够", "1", "甲")] * 2


def test_headings_whose_numbers_go_on_in_the_next_row_stand_above_a_column() -> None:
    header = ("序号", "问题", "措施", "责任单位", "时限")
    rows = (("一", "甲", "", "", ""), ("1", "乙", "1.丙", "县委办", ""), ("二", "丁", "", "", ""))
    more = (("1", "戊", "1.己", "县委办", ""), ("", "", "2.庚", "县委办", ""))
    assert placed(*rows, *more, header=header) == [
        ("一", "甲", "1", "乙"),
        ("二", "丁", "1", "戊"),
        ("二", "丁", "1", "戊"),
    ]


def test_headings_end_before_an_item_with_the_next_number() -> None:
    header = ("任务", "责任单位", "时限")
    rows = (("一、甲", "", ""), ("（一）乙", "", ""), ("1.丙", "教体局", ""), ("（二）丁", "教体局", ""))
    assert placed(*rows, ("二、戊", "教体局", ""), header=header) == [
        ("一", "甲", "一", "乙"),
        ("一", "甲", "", ""),
        ("", "", "", ""),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        ("一、甲", "", "", ""),
        ("", "一、甲", "", ""),
        ("一", "甲", "", ""),
        ("一", ("甲", 3)),
        (("一、甲", 4),),
        ("一、甲",),
    ],
    ids=["csv", "text-column", "number-apart", "number-apart-wide", "wide", "lost-cells"],
)
def test_headings_however_the_row_is_cut(heading: tuple[str, ...]) -> None:
    table = read(grid(HEADER, heading, ITEM, ITEM))
    assert {(item.section_no, item.section) for item in table.items} == {("一", "甲")}
    assert [kind for kind, _ in others(table)] == ["header", "heading"]


def test_headings_row_that_stands_above_deeper_numbers_is_their_task() -> None:
    rows = (
        ("1", "强化甲", "", ""),
        ("1.1", "做好", "教体局", "2024年"),
        ("2", "强化乙", "", ""),
        ("（1）", "做好", "教体局", "2024年"),
    )
    assert placed(*rows) == [("", "", "1", "强化甲"), ("", "", "2", "强化乙")]


def test_headings_item_that_lost_its_units_is_no_heading() -> None:
    assert len(items(HEADER, ITEM, ("2", "做好乙", "", ""), ("3", "做好丙", "教体局", "2024年"))) == 3


def test_headings_chinese_numbers_of_items_are_no_sections() -> None:
    found = items(
        HEADER, ("一", "做好甲", "教体局", "2024年"), ("二", "做好乙", "", ""), ("三", "做好丙", "教体局", "")
    )
    assert [item.item_no for item in found] == ["一", "二", "三"]


def test_enter_column_same_again_changes_nothing() -> None:
    headings = Headings()
    headings.enter_column(Level.SECTION, 0, "一、甲")
    headings.enter_column(Level.TASK, 1, "1.乙")
    headings.enter_column(Level.SECTION, 0, "一、甲")
    assert headings.place() == Place("一", "甲", "1", "乙")


def test_enter_column_ends_what_stands_further_right() -> None:
    headings = Headings()
    headings.enter_column(Level.SECTION, 1, "乙")
    headings.enter_column(Level.TASK, 2, "丙")
    headings.enter_column(Level.SECTION, 0, "甲")
    assert headings.place() == Place("", "甲", "", "")


def test_section_column_right_of_the_task_column() -> None:
    header = ("重点任务", "类别", "措施", "牵头单位", "完成时限")
    assert placed(("1.甲", "教育", "1.乙", "教体局", "2024年"), header=header) == [("", "教育", "1", "甲")]


def test_begin_anew_keeps_the_sheet_only() -> None:
    headings = Headings("教育")
    headings.enter_line("一、甲")
    headings.begin_anew()
    assert headings.place() == Place("", "教育", "", "")
