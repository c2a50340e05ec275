from dataclasses import replace

from tests.workflow.tables.building import grid, read, told
from workflow.tables.grid import Cell, Document, Notice
from workflow.tables.reading.document import table_of
from workflow.tables.table import Warning

HEADER = ("任务", "牵头单位", "配合单位", "完成时限")
ROW = ("1.甲", "教体局", "", "2024年")
HIDDEN = "在 Excel 中是隐藏的，已照样读入：如不需要请删去。"


def test_notice_on_a_row_is_a_warning_of_its_item() -> None:
    noticed = replace(
        grid(HEADER, "一、甲", ROW), notices=(Notice("hidden_row", HIDDEN, 2), Notice("hidden_row", HIDDEN, 3))
    )
    assert read(noticed).warnings == (
        Warning("hidden_row", None, f"第2行{HIDDEN}"),
        Warning("hidden_row", 1, f"第3行（1）{HIDDEN}"),
    )


def test_notice_on_a_lower_part_is_a_warning_of_the_item_above() -> None:
    noticed = grid(HEADER, ROW, ("▲", "▲", "财政局", "▲"))
    assert told(read(replace(noticed, notices=(Notice("hidden_row", HIDDEN, 3),)))) == [("hidden_row", 1)]


def test_notices_of_the_document_and_of_a_table() -> None:
    noticed = replace(grid(HEADER, ROW), notices=(Notice("external_link", "表格链接了外部文件：请核对。"),))
    document = Document((noticed,), notices=(Notice("tracked_changes", "文件带有修订标记：请核对。"),))
    assert table_of(document, "t.docx").reading_warnings == (
        Warning("tracked_changes", None, "文件带有修订标记：请核对。"),
        Warning("external_link", None, "表格链接了外部文件：请核对。"),
    )


def test_notices_on_rows_of_a_skipped_table_are_dropped() -> None:
    skipped = replace(grid(("甲", "乙"), table=2), notices=(Notice("hidden_row", HIDDEN, 1),))
    assert told(read(grid(HEADER, ROW), skipped)) == [("table_skipped", None)]


def test_text_outside_the_rows_is_named_one_by_one_up_to_a_limit() -> None:
    messages = [w.message for w in read(replace(grid(HEADER, ROW), left_out=("甲", "乙"))).warnings]
    assert messages == [f"表格行之外的文字没有读入：“{text}”，如属于某个单元格，请移回表格内。" for text in "甲乙"]
    messages = [w.message for w in read(replace(grid(HEADER, ROW), left_out=tuple("甲乙丙丁戊己庚"))).warnings]
    assert messages[-1] == "表格行之外还有2段文字没有读入（如“己”）：如有任务在其中，请写进表格后重新导入。"


def test_row_widths_name_the_columns_of_this_table() -> None:
    table = read(grid(("任务", "责任单位", "协办单位", "时限"), ROW, ROW, ROW[:2], (*ROW, "多余")))
    assert [(w.code, w.message) for w in table.reading_warnings] == [
        ("row_short", "第4行（1）只有2个单元格，应有4个，末尾的“协办单位”“时限”按空白处理：请核对有没有错列。"),
        ("row_long", "第5行（1）有5个单元格，应有4个，多出的内容（多余）没有读入：请核对有没有错列。"),
    ]


def test_missing_columns_are_one_warning_each() -> None:
    assert told(read(grid(("任务", "牵头单位"), ROW[:2], ("2.乙", "")))) == [
        ("no_deadline_column", None),
        ("missing_lead", 2),
    ]
    no_leads = read(grid(("任务", "配合单位", "完成时限"), ("1.甲", "教体局", "2024年"), ("2.乙", "", "2024年")))
    assert told(no_leads) == [("no_lead_column", None)]


def test_missing_column_of_one_table_names_it() -> None:
    table = read(grid(HEADER, ROW), grid(("任务", "牵头单位"), ("2.乙", "教体局"), table=2))
    assert [w.message for w in table.warnings] == [
        "表2的表头没有“完成时限”一列：发布前请逐项填写完成时限。",
        "表2第2行（2）的“完成时限”是空的：请填写完成时限。",
    ]


def test_leads_beside_leads_are_said_to_be_supports() -> None:
    table = read(grid(("任务", "牵头单位", "责任单位", "完成时限"), ("1.甲", "教体局", "财政局", "2024年")))
    assert [(w.code, w.message) for w in table.warnings] == [
        ("column_as_supports", "“责任单位”一列按配合单位读入，因为“牵头单位”另有一列：请核对。")
    ]


def test_duties_in_one_cell_that_nothing_tells_apart() -> None:
    table = read(
        grid(("任务", "牵头及配合单位", "完成时限"), ("1.甲", "教体局、财政局", "2024年"), ("2.乙", "教体局", "2024年"))
    )
    assert [(w.code, w.message) for w in table.warnings] == [
        ("duties_not_marked", "第2行（1）的“牵头及配合单位”没有写明谁牵头、谁配合，全部按牵头读入：请核对。")
    ]


def test_warnings_come_in_the_order_of_the_table() -> None:
    table = read(grid(HEADER, ("1.甲", "", "", "2024年"), ROW[:2], ROW), below=["请遵照执行。"])
    assert [ref for _, ref in told(table)] == [None, 1, 2, 2, 2, 3]


def test_row_of_an_empty_table_is_no_row() -> None:
    assert read(grid(HEADER, ROW, tuple(Cell("").text for _ in HEADER))).other_rows[1:] == ()
