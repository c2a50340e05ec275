"""Several tables in one file."""

import pytest

from tests.workflow.tables.building import grid, others, read, told
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Document
from workflow.tables.reading.document import table_of
from workflow.tables.table import Table

HEADER = ("任务", "牵头单位", "配合单位", "完成时限")
ROW = ("1.甲", "教体局", "", "2024年")


def sources(table: Table) -> list[tuple[int | None, str | None, int]]:
    return [(item.source.table, item.source.sheet, item.source.row) for item in table.items]


def sections(table: Table) -> list[tuple[str, str]]:
    return [(item.section, item.task) for item in table.items]


def test_each_table_is_read_with_its_own_header() -> None:
    other = ("完成时间", "责任单位", "工作内容")
    table = read(grid(HEADER, ROW), grid(other, ("2025年", "财政局", "2.乙"), table=2))
    assert [(item.text, item.leads, item.deadline_raw) for item in table.items] == [
        ("甲", ("教体局",), "2024年"),
        ("乙", ("财政局",), "2025年"),
    ]
    assert sources(table) == [(1, None, 2), (2, None, 2)]


def test_table_without_header_goes_on_with_the_one_before() -> None:
    table = read(grid(HEADER, ROW), grid(("2.乙", "财政局", "人社局", "长期坚持"), table=2))
    assert [item.leads for item in table.items] == [("教体局",), ("财政局",)]
    assert sources(table)[1] == (2, None, 1)


def test_header_at_the_end_of_a_page() -> None:
    table = read(grid(HEADER), grid(ROW, table=2))
    assert (len(table.items), table.warnings) == (1, ())


@pytest.mark.parametrize(
    "rows",
    [
        [("姓名", "职务", "电话", "备注"), ("张三", "局长", "1", "")],
        [("序号", "设备名称", "数量", "单价"), ("1", "电脑", "3", "5000")],
        [("张三", "12", "8000", "9")],
        [("甲", "乙")],
    ],
    ids=["contacts", "goods", "figures", "narrower"],
)
def test_table_that_is_none_is_skipped_with_a_warning(rows: list[tuple[str, ...]]) -> None:
    table = read(grid(HEADER, ROW), grid(*rows, table=2))
    assert [(w.code, w.ref) for w in table.warnings] == [("table_skipped", None)]
    assert table.warnings[0].message.startswith(f"表2（{'、'.join(filter(None, rows[0]))}）没有读入：")
    assert len(table.items) == 1


def test_sheet_that_is_none_is_skipped_with_a_warning() -> None:
    table = read(grid(("说明", "甲"), sheet="填表说明"), grid(HEADER, ROW, sheet="任务"))
    assert told(table) == [("sheet_skipped", None)]
    assert table.warnings[0].message.startswith("工作表“填表说明”（说明、甲）没有读入：")


def test_table_of_column_names_only_is_skipped_with_a_warning() -> None:
    table = read(grid(HEADER, ROW), grid(("任务", "责任单位", "时限"), table=2))
    assert told(table) == [("table_skipped", None)]


def test_empty_tables_need_no_word() -> None:
    assert read(grid(HEADER, ROW), grid(("", ""), table=2)).warnings == ()


@pytest.mark.parametrize(
    ("grids", "words"),
    [
        ([grid(("甲", "乙"))], ["具体内容", "牵头单位", "配合单位", "完成时限"]),
        ([grid(("甲", "乙")), grid(("丙", "丁"), table=2)], ["具体内容", "牵头单位"]),
        ([grid(("项目", "单位", "完成时间"), ("大米", "千克", "2024年"))], ["计量单位"]),
        ([], ["没有表格"]),
        ([grid(HEADER)], ["没有任何任务"]),
    ],
)
def test_no_readable_table_is_one_sentence(grids: list[object], words: list[str]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(*grids)
    assert refusal.value.sentence.count("。") == 1
    assert all(word in refusal.value.sentence for word in words)


# --- headings between tables ------------------------------------------------------------------------------------------
def test_headings_above_each_table() -> None:
    table = read(
        grid(HEADER, ROW, lines=["附件", "某县分工", "一、实施甲工程"]),
        grid(HEADER, ROW, lines=["二、实施乙工程", "（一）丙"], table=2),
        grid(HEADER, ROW, lines=["（二）丁"], table=3),
    )
    assert sections(table) == [("实施甲工程", ""), ("实施乙工程", "丙"), ("实施乙工程", "丁")]
    assert table.title == "某县分工"
    assert ("heading", "（二）丁") in others(table)


def test_heading_without_number_between_tables() -> None:
    table = read(grid(HEADER, ROW), grid(HEADER, ROW, lines=["教育方面"], table=2))
    assert sections(table) == [("", ""), ("教育方面", "")]


def test_heading_goes_on_over_the_end_of_a_page() -> None:
    table = read(grid(HEADER, "一、甲", ROW), grid(("2.乙", *ROW[1:]), lines=["（续表）"], table=2))
    assert sections(table) == [("甲", ""), ("甲", "")]
    assert ("header", "（续表）") in others(table)


def test_further_attachment_begins_anew() -> None:
    table = read(grid(HEADER, "一、甲", ROW), grid(HEADER, ROW, lines=["附件2", "某县项目清单"], table=2))
    assert sections(table) == [("甲", ""), ("", "")]
    assert others(table)[-3:-1] == [("title", "附件2"), ("title", "某县项目清单")]


def test_heading_row_above_the_header() -> None:
    table = read(grid("某县任务分工", "一、甲", HEADER, ROW))
    assert (table.title, sections(table)) == ("某县任务分工", [("甲", "")])
    assert others(table)[:2] == [("title", "某县任务分工"), ("heading", "一、甲")]


def test_sheets_are_sections() -> None:
    table = read(grid(HEADER, ROW, sheet="教育"), grid(HEADER, "一、甲", ROW, sheet="医疗"))
    assert [(item.section_no, item.section) for item in table.items] == [("", "教育"), ("一", "医疗 · 甲")]


def test_one_sheet_is_no_section() -> None:
    assert sections(read(grid(HEADER, ROW, sheet="教育"))) == [("", "")]


# --- text around the tables -------------------------------------------------------------------------------------------
def test_lines_below_are_notes_signatures_or_named() -> None:
    table = read(
        grid(HEADER, ROW), below=["注：1.甲", "2.乙", "联系人：张三，电话1", "自印发之日起施行。", "请遵照执行。"]
    )
    assert others(table)[1:] == [("remark", "注：1.甲"), ("remark", "2.乙"), ("signature", "联系人：张三，电话1")]
    assert [(w.code, w.message) for w in table.warnings] == [
        (
            "text_left_out",
            "表格下方的文字没有读入（共2段，如“自印发之日起施行。”）：如有任务在其中，请写进表格后重新导入。",
        )
    ]


def test_text_between_tables_is_named() -> None:
    table = read(grid(HEADER, ROW), grid(HEADER, ROW, lines=["各单位要高度重视，抓好落实。"], table=2))
    assert next(w.message for w in table.warnings if w.code == "text_left_out").startswith("表2上方的文字没有读入")


def test_plan_above_the_first_table_is_named_once() -> None:
    lines = ["某县方案", *["为贯彻落实上级部署，" + "结合实际" * 15 + "。"] * 3, "附件", "某县责任分工"]
    table = read(grid(HEADER, ROW, lines=lines))
    assert (table.title, told(table)) == ("某县责任分工", [("text_left_out", None)])


def test_short_line_above_the_first_table_is_named_where_it_says_who() -> None:
    lines = ["某县责任分工方案", "1.做好乙。（责任单位：教体局）", "附件", "责任分工表"]
    table = read(grid(HEADER, ROW, lines=lines))
    assert told(table) == [("text_left_out", None)]


def test_lines_below_the_last_readable_table() -> None:
    table = read(grid(HEADER, ROW), grid(("甲", "乙"), lines=["注：丙"], table=2), below=["注：丁"])
    assert others(table)[1:] == [("remark", "注：丙"), ("remark", "注：丁")]


# --- a text without tables --------------------------------------------------------------------------------------------
def test_document_without_tables_that_names_who_does_what() -> None:
    lines = (
        "某县重点任务",
        "一、教育",
        "1.新建幼儿园5所。（牵头单位：教体局；配合单位：财政局；完成时限：2024年底）",
        "2.改造校舍。（牵头单位：住建局；完成时限：2024年底）",
    )
    table = table_of(Document((), lines), "文件.docx")
    assert [(item.section, item.number, item.leads) for item in table.items] == [
        ("教育", "1", ("教体局",)),
        ("教育", "2", ("住建局",)),
    ]
