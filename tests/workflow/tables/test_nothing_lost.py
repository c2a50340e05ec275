"""Over any tables made of realistic words: a table in which every row is accounted for, or one clear sentence."""

import json
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.tables.building import grid
from workflow.tables.checks.findings import place_name, table_name
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Cell, Document, Grid, Notice, Row
from workflow.tables.reading.document import table_of
from workflow.tables.rows.numbering import split_number
from workflow.tables.table import Source, Table, numbers_of

NAMES = (
    *("序号", "具体内容", "重点任务", "工作措施", "工作目标", "存在问题", "类别", "牵头单位", "责任单位", "配合单位"),
    *("牵头及配合单位", "单位", "责任人", "开始时间", "完成时限", "时间", "备注", "资金", "数量", "进展情况"),
)
WORDS = [
    *(
        "",
        "",
        "",
        "1",
        "2",
        "一",
        "（一）",
        "1.1",
        "①",
        "一、实施甲工程",
        "（二）乙",
        "1.强化丙",
        "（1）做好丁",
        "1.1 推进戊",
    ),
    *(
        "做好己",
        "教育工程",
        "教体局",
        "教体局、财政局",
        "教体局牵头，财政局配合",
        "财政局等",
        "各有关部门",
        "千克",
        "2024年",
        "6月底",
    ),
    *(
        "长期坚持",
        "每年",
        "立即",
        "到2025年，做好",
        "合计",
        "小计",
        "注：1.甲",
        "填表人：张三",
        "续表",
        "— 2 —",
        "2024年3月5日",
        "附件2",
    ),
    *("单位：万元", "某县任务清单", "姓名", "职务", "甲\n乙", "长" * 130, *NAMES),
]
HEADERS = [
    ["序号", "重点任务", "工作措施", "牵头单位", "配合单位", "完成时限", "备注"],
    ["具体内容", "牵头单位", "配合单位", "完成时限"],
    ["类别", "任务", "责任单位", "责任人", "时间"],
    ["任务", "牵头及配合单位"],
]
words = st.sampled_from(WORDS)
cells = st.builds(Cell, words, st.sampled_from([1, 1, 1, 1, 2, 3, 7]), st.sampled_from([False, False, False, True]))
free_rows = st.lists(cells, max_size=8)
headers = st.sampled_from(HEADERS).map(lambda names: [Cell(name) for name in names])
lines = st.lists(words.filter(bool), max_size=3).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    grids = []
    for table in range(1, draw(st.integers(1, 3)) + 1):
        rows = [*draw(st.lists(free_rows, max_size=2)), *draw(st.lists(headers, max_size=1))]
        rows += draw(st.lists(free_rows | headers, max_size=8))
        numbered = tuple(Row(number, tuple(row)) for number, row in enumerate(rows, 1))
        notices = tuple(Notice("hidden_row", "是隐藏的。", row) for row in draw(st.sets(st.integers(1, 9), max_size=1)))
        is_sheet = draw(st.booleans())
        place = {"sheet": f"教育{table}"} if is_sheet else {"table": table}
        grids.append(Grid(numbered, draw(lines), notices=notices, **place))
    return Document(tuple(grids), draw(lines))


def is_named(table: Table, grid: Grid, row: Row) -> bool:
    source = Source(row.number, grid.table, grid.sheet)
    sources = {*(item.source for item in table.items), *(other.source for other in table.other_rows)}
    return source in sources or is_told(table, grid, row)


def is_told(table: Table, grid: Grid, row: Row, codes: tuple[str, ...] = ()) -> bool:
    """Whether a warning (of these codes) names the row, or the whole table as skipped."""
    source = Source(row.number, grid.table, grid.sheet)
    places = tuple(place_name(source, several=several) for several in (False, True))
    skipped = f"{table_name(grid.table, grid.sheet)}（"
    return any(
        warning.message.startswith(skipped)
        or (warning.message.startswith(places) and (not codes or warning.code in codes))
        for warning in table.warnings
    )


def squeezed(text: str) -> str:
    """Without white space and what a heading loses at its end."""
    return "".join(text.split()).rstrip("。")


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_row_is_accounted_for(document: Document) -> None:
    try:
        table = table_of(document, "表.docx")
    except Unreadable as refusal:
        assert refusal.sentence.endswith("。")
        assert "\n" not in refusal.sentence
        return
    json.dumps(table.as_json())
    for part in document.grids:
        for row in part.rows:
            assert not any(cell.text for cell in row.cells) or is_named(table, part, row)


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_text_is_kept(document: Document) -> None:
    """Texts of cells, numbers in front aside, stand somewhere in what was read or are cut short in a warning."""
    try:
        table = table_of(document, "表.docx")
    except Unreadable:
        return
    raw = [cell for item in table.items for cell in (item.leads_raw, item.supports_raw)]
    kept = squeezed("".join([json.dumps(table.as_json(), ensure_ascii=False).replace("\\n", ""), *raw]))
    for part in document.grids:
        for row in part.rows:
            if not is_told(table, part, row, ("row_left_out", "row_long")):
                for text in (cell.text for cell in row.cells if not cell.above):
                    assert squeezed(split_number(text)[1]) in kept


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_item_has_a_number_and_every_warning_an_item(document: Document) -> None:
    try:
        table = table_of(document, "表.docx")
    except Unreadable:
        return
    numbers = numbers_of(table.items)
    assert len(numbers) == len(table.items)
    assert all(0 < len(number) <= 32 for number in numbers)
    codes = {warning.code for warning in table.warnings}
    assert len(set(numbers)) == len(numbers) or "duplicate_number" in codes
    assert all(warning.ref is None or 0 < warning.ref <= len(table.items) for warning in table.warnings)
    assert sorted(table.warnings, key=lambda warning: warning.ref or 0) == list(table.warnings)


def seconds(rows: int) -> float:
    header = ("序号", "重点任务", "工作措施", "牵头单位", "配合单位", "完成时限", "备注")
    body = ((str(at), f"任务{at}", f"{at}.做好", "教体局", "财政局、人社局", "2024年", "") for at in range(rows))
    document = Document((grid(header, *body),))
    began = time.process_time()
    table_of(document, "表.docx")
    return time.process_time() - began


def test_time_grows_with_the_rows_only() -> None:
    seconds(100)
    assert min(seconds(2000) for _ in range(2)) < 8 * min(seconds(500) for _ in range(3))
