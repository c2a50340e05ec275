"""Workbooks that are damaged, or made to do harm: one sentence, in bounded time and memory."""

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.workflow.tables.formats.excel.files import (
    SHEET,
    STRINGS,
    by_hand,
    edited,
    grid,
    inline,
    part,
    read,
    texts,
    written,
)
from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import BROKEN, ENTITIES, TOO_MUCH
from workflow.tables.formats.excel.workbooks import MOST_COLUMNS, MOST_ROWS, MOST_SHEETS

SMALL = written(lambda _, sheet: sheet.write_string(0, 0, "甲"))
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def sentence(data: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data)
    return refusal.value.sentence


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="ZZZZZZ99999999"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="É1"><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="-1"><c><v>1</v></c></row>',
        '<row r="１"><c><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="4294967297"><c><v>1</v></c></row>',
        '<row><c r="A4294967297"><v>1</v></c></row>',
        '<row r="1048576"/><row><c><v>1</v></c></row>',
        '<row r="1"><c t="s"><v>1</v></c></row>',
        '<row r="1"><c t="s"><v>-1</v></c></row>',
        '<row r="1"><c t="s"><v>99999999999999999999</v></c></row>',
        '<row r="1"><c t="s"><v>²</v></c></row>',
        '<row r="1"><c>',
    ],
)
def test_damaged_cells(row: str) -> None:
    assert sentence(by_hand(row, strings="<si><t>甲</t></si>")) == BROKEN


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: None},
        {STRINGS: None},
        {STRINGS: "甲"},
        {"xl/workbook.xml": None},
        {"xl/workbook.xml": "<workbook>"},
        {"xl/_rels/workbook.xml.rels": None},
        {"xl/_rels/workbook.xml.rels": "<Relationships/>"},
        {"_rels/.rels": "<Relationships/>"},
        {"xl/styles.xml": b"\xff"},
    ],
    ids=lambda parts: "-".join(parts),
)
def test_workbook_without_a_part(parts: dict[str, str | bytes | None]) -> None:
    assert sentence(edited(SMALL, parts)) == BROKEN


def test_sheet_outside_the_archive_is_not_fetched() -> None:
    name = "xl/_rels/workbook.xml.rels"
    outside = part(SMALL, name).replace("worksheets/sheet1.xml", "../../../../etc/hostname")
    assert sentence(edited(SMALL, {name: outside})) == BROKEN


@pytest.mark.parametrize("name", [SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(name: str) -> None:
    declaration, _, rest = part(SMALL, name).partition("?>")
    assert sentence(edited(SMALL, {name: f"{declaration}?>{ENTITY}{rest}"})) == ENTITIES


@given(st.integers(0, len(SMALL) - 1))
def test_truncated_workbook(length: int) -> None:
    assert sentence(SMALL[:length])


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=4))
def test_workbook_with_changed_bytes(at: int, junk: bytes) -> None:
    try:
        read(SMALL[:at] + junk + SMALL[at + len(junk) :])
    except Unreadable:
        pass


@given(
    st.lists(
        st.sampled_from(["<row", "<c", " r='A1'", " r='7'", " t='s'", ">", "/>", "<v>", "0", "</v>", "</c>", "</row>"])
    )
)
def test_sheet_of_random_marks(marks: list[str]) -> None:
    try:
        read(by_hand("".join(marks), strings="<si><t>甲</t></si>"))
    except Unreadable:
        pass


# --- size ------------------------------------------------------------------------------------------------------------
def test_sparse_rows_cost_nothing() -> None:
    corners = f'<row r="1">{inline("A1", "甲")}</row><row r="1048576">{inline("C1048576", "乙")}</row>'
    data = by_hand(
        corners, around='<dimension ref="A1:XFD1048576"/>{}<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
    )
    tracemalloc.start()
    assert [(row.number, row.texts()) for row in grid(data).rows] == [(1, ["甲", "", ""]), (1048576, ["甲", "", "乙"])]
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_declared_counts_are_not_believed() -> None:
    strings = part(SMALL, STRINGS).replace('ount="1"', 'ount="10000000000000"')
    assert texts(edited(SMALL, {STRINGS: strings})) == [["甲"]]


@pytest.mark.parametrize("far", ["XFD1048576", "BN1"])
def test_sheet_too_wide(far: str) -> None:
    data = written(lambda _, sheet: (sheet.write_string("B1", "甲"), sheet.write_string(far, "乙")))
    last = far.rstrip("0123456789")
    expected = f"工作表“分工”的内容从 B 列一直到 {last} 列，超过 64 列：请删去多余的列后再导入。"
    assert sentence(data) == expected


def test_widest_sheet() -> None:
    assert texts(written(lambda _, sheet: sheet.write_row("B1", ["甲"] * MOST_COLUMNS))) == [["甲"] * MOST_COLUMNS]


def test_formatted_cells_are_no_text() -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, "甲")
        for column in range(1, 16_384):
            sheet.write_blank(0, column, None, bold)

    assert texts(written(fill)) == [["甲"]]


@pytest.mark.parametrize(("rows", "fits"), [(MOST_ROWS, True), (MOST_ROWS + 1, False)])
def test_longest_sheet(rows: int, fits: bool) -> None:
    data = by_hand("<row><c><v>1</v></c></row>" * rows)
    if fits:
        assert len(grid(data).rows) == rows
    else:
        assert sentence(data).startswith(f"工作表“分工”有超过 {MOST_ROWS} 行文字")


def test_too_many_sheets() -> None:
    data = written(lambda book, _: [book.add_worksheet() for _ in range(MOST_SHEETS)])
    assert sentence(data) == "工作簿里有超过 50 张工作表：请只留下责任分工表后再导入。"


@pytest.mark.parametrize(
    "fill",
    [
        lambda _, sheet: None,
        lambda _, sheet: sheet.write_string(0, 0, " \n"),
        lambda book, sheet: (
            sheet.write_string(0, 0, "甲"),
            sheet.hide(),
            book.add_worksheet().activate(),
        ),
    ],
    ids=["empty", "blank", "hidden"],
)
def test_workbook_without_text(fill: Callable[[Workbook, Worksheet], object]) -> None:
    assert sentence(written(fill)) == "工作簿里看得见的工作表都没有文字，请确认选对了文件。"


def test_zip_bomb() -> None:
    assert sentence(edited(SMALL, {SHEET: b" " * 210_000_000})) == TOO_MUCH


def test_one_long_text_in_every_cell() -> None:
    cells = "".join('<c t="s"><v>0</v></c>' for _ in range(40))
    data = by_hand(f"<row>{cells}</row>" * 20, strings=f"<si><t>{'甲' * 32_000}</t></si>")
    assert sentence(data) == TOO_MUCH


def test_one_long_text_merged_over_every_row() -> None:
    rows = f'<row r="1"><c r="A1" t="s"><v>0</v></c></row>{"<row><c/><c><v>1</v></c></row>" * 1_000}'
    around = '{}<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
    assert sentence(by_hand(rows, around=around, strings=f"<si><t>{'甲' * 32_000}</t></si>")) == TOO_MUCH


def test_text_longer_than_a_cell_of_excel() -> None:
    assert sentence(by_hand(f'<row r="1">{inline("A1", "甲" * 32_768)}</row>')) == TOO_MUCH


def test_many_merges_over_one_another() -> None:
    merges = "".join(f'<mergeCell ref="A{1 + at % 3}:XFD{1_000_000 + at}"/>' for at in range(20_000))
    rows = "<row><c><v>1</v></c></row>" * 5_000
    assert len(grid(by_hand(rows, around=f"{{}}<mergeCells>{merges}</mergeCells>")).rows) == 1
