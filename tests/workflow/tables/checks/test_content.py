from dataclasses import replace
from datetime import date

import pytest

from tests.workflow.tables.building import grid, items, read, told
from workflow import tables
from workflow.deadlines import read_deadline
from workflow.tables.checks.content import content_warnings
from workflow.tables.table import Item, Source

NAMES = ["任务", "措施", "牵头单位", "配合单位", "完成时限", "备注"]
GOOD = ["1.甲", "1.做好乙", "教体局", "财政局", "2024年", ""]


def flattened(*rows: list[str], title: str = "某县责任分工", below: str = "") -> bytes:
    printed = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)
    return f"{title}\n{printed}\n\n{below}".encode()


def warnings(row: list[str], *more: list[str], title: str = "某县责任分工") -> list[tuple[str, int | None]]:
    read = tables.read(flattened(NAMES, row, *more, title=title), "table.txt")
    return [(warning.code, warning.ref) for warning in read.warnings]


def changed(**cells: str) -> list[str]:
    columns = ["task", "text", "leads", "supports", "deadline", "notes"]
    return [cells.get(column, usual) for column, usual in zip(columns, GOOD, strict=True)]


def test_no_warning_for_a_good_row() -> None:
    assert warnings(GOOD) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed(text=""), "missing_text"),
        (changed(leads=""), "missing_lead"),
        (changed(leads="无"), "missing_lead"),
        (changed(leads="教体局、教体局"), "duplicate_unit"),
        (changed(supports="财政局、教体局"), "lead_also_support"),
        (changed(supports="各有关部门"), "unit_not_named"),
        (changed(supports="财政局等"), "open_ended_list"),
        (changed(deadline=""), "missing_deadline"),
        (changed(deadline="立即"), "unparsed_deadline"),
        (changed(deadline="6月底"), "ambiguous_year"),
        (changed(deadline="2024年2月30日"), "unparsed_deadline"),
        (changed(text="1.到2025年，做好"), "deadline_before_text_year"),
        (changed(text="1.2024年9月底前完成", deadline="2024年6月底"), "deadline_before_text_date"),
        (changed(text="1.2025年底前完成"), "deadline_before_text_year"),
        (changed(text="1.做好。力争2025年实现"), "deadline_before_text_year"),
        (changed(text="1.在2026年之前，做好"), "deadline_before_text_year"),
        ([*GOOD, "多余"], "row_long"),
        (GOOD[:5], "row_short"),
    ],
)
def test_one_warning_for_one_fault(row: list[str], code: str) -> None:
    assert warnings(row, ["", "2.丙", *GOOD[2:]], ["", "3.丁", *GOOD[2:]]) == [(code, 1)]


@pytest.mark.parametrize(
    "row",
    [
        changed(text="1.争取在2025年之前，做好"),  # the end of 2024 is before 2025
        changed(text="1.力争2024年做好"),
        changed(text="1.落实《到2025年的规划》"),
        changed(text="1.制定2026年计划"),
        changed(text="1.编制2024年至2026年规划"),
        changed(text="1.到2025年，做好", deadline="长期坚持"),
        changed(supports="各乡镇"),
        changed(supports=""),
        changed(deadline="每季度"),
    ],
)
def test_no_false_warning(row: list[str]) -> None:
    assert warnings(row) == []


def test_duplicate_number_names_the_first_row() -> None:
    read = tables.read(flattened(NAMES, GOOD, ["", *GOOD[1:]]), "table.txt")
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("duplicate_number", 2)]
    assert read.warnings[0].message == "第3行（1.1）的编号与第2行相同：请改为不重复的编号。"


def test_missing_deadline_column_is_one_warning() -> None:
    read = tables.read(
        flattened(["任务", "牵头单位", "配合单位"], ["1.甲", "教体局", ""], ["2.乙", "教体局", ""]), "t.txt"
    )
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("no_deadline_column", None)]


def test_year_of_the_title() -> None:
    assert warnings(changed(deadline="6月底"), title="2024年重点任务分工") == []
    assert warnings(changed(deadline="6月底"), title="2021—2025年任务分工") == [("ambiguous_year", 1)]
    assert warnings(changed(deadline="2020年"), title="2021—2025年任务分工") == [("deadline_before_doc_year", 1)]


def test_text_outside_the_table_is_a_warning() -> None:
    read = tables.read(flattened(NAMES, GOOD, below="注：自印发之日起施行。"), "table.txt")
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("text_left_out", None)]


# --- names and places -------------------------------------------------------------------------------------------------
def test_warnings_name_the_columns_of_this_table() -> None:
    table = read(grid(("整改措施", "责任单位", "协办单位", "整改时限"), ("", "", "财政局等", "")))
    assert [warning.message for warning in table.warnings] == [
        "第2行的“整改措施”是空的：请补上任务内容。",
        "第2行的“责任单位”是空的：请填写牵头单位。",
        "第2行的“协办单位”以“等”结尾，没有列全：请写全单位名称。",
        "第2行的“整改时限”是空的：请填写完成时限。",
    ]


def test_warnings_name_the_table_where_there_are_several() -> None:
    names, row = ("任务", "牵头单位", "完成时限"), ("1.甲", "", "2024年")
    two = read(grid(names, row), grid(names, ("2.乙", *row[1:]), table=2))
    assert [w.message[:6] for w in two.warnings] == ["表1第2行（", "表2第2行（"]
    sheets = read(grid(names, row, sheet="教育"), grid(names, row, sheet="医疗"))
    assert sheets.warnings[1].message == "工作表“医疗”第2行（1）的“牵头单位”是空的：请填写牵头单位。"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("立即", "读不出日期"),
        ("2024年2月30日", "日历上没有这样的日期"),
        ("2024年底前完成并长期坚持", "既有期限又写了长期或每年"),
    ],
)
def test_unread_deadline_says_why(cell: str, says: str) -> None:
    table = read(grid(("任务", "牵头单位", "完成时限"), ("1.甲", "教体局", cell)))
    assert told(table) == [("unparsed_deadline", 1)]
    assert says in table.warnings[0].message


# --- numbers ----------------------------------------------------------------------------------------------------------
ROW = ("教体局", "2024年")


@pytest.mark.parametrize(
    ("rows", "doubled"),
    [
        (["一、甲", ("1", "a", *ROW), ("2", "b", *ROW), "二、乙", ("1", "c", *ROW)], []),
        (["一、甲", ("1", "a", *ROW), ("1", "b", *ROW), "二、乙", ("1", "c", *ROW)], [2]),
        (["一、甲", ("1", "a", *ROW), ("2", "b", *ROW), "二、乙", ("2", "c", *ROW)], [3]),
        ([("", "a", *ROW), ("", "b", *ROW)], []),
    ],
    ids=["anew-in-each-section", "twice-in-one", "through-all", "none"],
)
def test_duplicate_number_within_one_numbering(rows: list[tuple[str, ...] | str], doubled: list[int]) -> None:
    table = read(grid(("序号", "任务", "牵头单位", "完成时限"), *rows))
    assert [ref for code, ref in told(table) if code == "duplicate_number"] == doubled


def test_duplicate_number_in_another_task_without_number() -> None:
    header = ("任务", "措施", "牵头单位", "完成时限")
    anew = read(grid(header, ("甲", "1.a", *ROW), ("", "2.b", *ROW), ("乙", "1.c", *ROW)))
    assert told(anew) == []
    through = read(grid(header, ("甲", "1.a", *ROW), ("", "2.b", *ROW), ("乙", "2.c", *ROW)))
    assert told(through) == [("duplicate_number", 3)]


# --- after a person edited --------------------------------------------------------------------------------------------
def only() -> Item:
    (item,) = items(("任务", "牵头单位", "配合单位", "完成时限"), ("1.甲", "教体局", "财政局等", "6月底"))
    return item


def found(item: Item, **said: object) -> list[tuple[str, str]]:
    warnings = content_warnings([replace(item, **said)], doc_year=2024)
    return [(warning.code, warning.message) for warning in warnings]


def test_content_warnings_are_those_of_the_table() -> None:
    table = read(
        grid(("任务", "牵头单位", "配合单位", "完成时限"), ("1.甲", "", "财政局等", "6月底"), ("2.乙", "", "", ""))
    )
    assert tuple(content_warnings(table.items, doc_year=table.doc_year)) == table.content_warnings
    assert table.reading_warnings == ()


def test_content_warnings_open_list_that_a_person_completed() -> None:
    assert [code for code, _ in found(only())] == ["open_ended_list", "ambiguous_year"]
    assert [code for code, _ in found(only(), supports=("财政局", "人社局"))] == ["ambiguous_year"]


def test_content_warnings_date_that_a_person_set() -> None:
    deadline = read_deadline("2023年6月30日")
    assert found(only(), supports=(), deadline=deadline) == [
        ("deadline_before_doc_year", "第2行（1）的“完成时限”（2023-06-30）早于文件年份2024年：请核对年份。")
    ]
    assert found(only(), supports=(), deadline_raw="", deadline=replace(deadline, due_on=date(2025, 1, 1))) == []


def test_content_warnings_of_a_row_that_the_file_does_not_have() -> None:
    assert found(only(), supports=(), text="", source=Source(0))[0] == (
        "missing_text",
        "第1项的“任务”是空的：请补上任务内容。",
    )


def test_content_warnings_without_a_column() -> None:
    item = replace(only(), supports=(), leads=(), deadline_raw="")
    assert list(content_warnings([item], doc_year=None, has_deadline_column=False, has_lead_column=False)) == []
