import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.workflow.tables.formats.excel.files import (
    STRICT,
    by_hand,
    edited,
    grid,
    inline,
    notices,
    part,
    read,
    texts,
    written,
)
from workflow.tables.errors import Unreadable
from workflow.tables.formats.excel.workbooks import document_of
from workflow.tables.grid import Cell

HEADER = ["内容", "牵头单位", "完成时限"]


def test_grid_of_a_sheet() -> None:
    data = written(lambda _, sheet: (sheet.write_row(0, 0, HEADER), sheet.write_row(1, 0, ["1.甲", "教体局", 2022])))
    assert texts(data) == [HEADER, ["1.甲", "教体局", "2022"]]
    assert (grid(data).sheet, grid(data).table, grid(data).notices) == ("分工", None, ())


def test_grid_leaves_out_blank_rows_and_columns_around() -> None:
    data = written(
        lambda book, sheet: (
            sheet.write_row("C5", HEADER),
            sheet.write_row("C8", ["1.甲", "", "2022年"]),
            sheet.write_blank("Z90", None, book.add_format({"bold": True})),
            sheet.write_string("A1", " \n "),
        )
    )
    assert texts(data) == [HEADER, ["1.甲", "", "2022年"]]
    assert [row.number for row in grid(data).rows] == [5, 8]


# --- values ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("><v>2022</v>", "2022"),
        ("><v>1.1000000000000001</v>", "1.1"),
        ("><v>1e999</v>", ""),
        ("><v>甲</v>", "甲"),
        ('t="b"><v>1</v>', "是"),
        ('t="b"><v>0</v>', "否"),
        ('t="e"><v>#REF!</v>', ""),
        ('t="str"><v> 甲&#13;&#10;  乙 </v>', "甲\n乙"),
        ('t="str"><v>甲_x000D_\n\n_x005F_x000D_</v>', "甲\n_x000D_"),
        ('t="str"><v>甲_x0000__xD800_乙</v>', "甲乙"),
        ('t="str"><v></v>', ""),
        ('t="inlineStr"><is><t>甲</t></is>', "甲"),
        ('t="inlineStr"><is><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is>', "甲 乙"),
        ('t="s"><v>0</v>', "课税"),
        ('t="s"><v>1</v>', "甲乙"),
        ('t="s"><v>2</v>', ""),
        ('s="999"><v>5</v>', "5"),
        ('s="x"><v>5</v>', "5"),
    ],
)
def test_value_as_people_see_it(cell: str, shown: str) -> None:
    strings = (
        '<si><t>课税</t><rPh sb="0" eb="2"><t>カゼイ</t></rPh><phoneticPr fontId="1"/></si>'
        "<si><r><t>甲</t></r><rPh><t>カ</t></rPh><r><t>乙</t></r></si><si/>"
    )
    row = f'<row r="1">{inline("A1", "首")}<c r="B1" {cell}</c>{inline("C1", "尾")}</row>'
    assert texts(by_hand(row, strings=strings)) == [["首", shown, "尾"]]


def test_text_of_several_formats_is_joined() -> None:
    data = written(
        lambda book, sheet: sheet.write_rich_string(0, 0, "教育", book.add_format({"bold": True}), "工委\n", "教体局")
    )
    assert texts(data) == [["教育工委\n教体局"]]


@pytest.mark.parametrize(
    "row",
    [
        '<row><c t="str"><v>甲</v></c><c/><c><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="C1"><v>2</v></c></row>',
        '<row r="1"><c r="c1"><v>2</v></c><c r="A1" t="str"><v>甲</v></c></row>',
        '<row><c r="A1" t="str"><v>甲</v></c></row><row r="1"><c r="C1"><v>2</v></c></row>',
    ],
    ids=["no-references", "references", "out-of-order", "row-twice"],
)
def test_cells_with_and_without_references(row: str) -> None:
    assert texts(by_hand(row)) == [["甲", "", "2"]]
    assert grid(by_hand(row)).rows[0].number == 1


def test_rows_in_any_order() -> None:
    data = by_hand(
        f'<row r="7">{inline("A7", "乙")}</row><row r="3">{inline("A3", "甲")}</row><row><c><v>4</v></c></row>'
    )
    assert [(row.number, row.cells[0].text) for row in grid(data).rows] == [(3, "甲"), (4, "4"), (7, "乙")]


def test_sheet_of_the_strict_standard() -> None:
    assert texts(by_hand(f'<row r="1">{inline("A1", "甲")}</row>', namespace=STRICT)) == [["甲"]]


def test_sheet_with_prefixed_names() -> None:
    plain = by_hand("")
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2">'
        '<x:c r="B2" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert texts(edited(plain, {"xl/worksheets/sheet1.xml": sheet})) == [["甲"]]


# --- merges ----------------------------------------------------------------------------------------------------------
def merged(*ranges: str) -> bytes:
    """Three rows of the texts A1 … C3, with these ranges merged."""
    rows = [
        f'<row r="{row}">{"".join(inline(f"{column}{row}", f"{column}{row}") for column in "ABC")}</row>'
        for row in (1, 2, 3)
    ]
    cells = "".join(f'<mergeCell ref="{reference}"/>' for reference in ranges)
    return by_hand("".join(rows), around=f"{{}}<mergeCells>{cells}</mergeCells>")


def shape(data: bytes) -> list[str]:
    """Each row as its texts, ×n for a span and ^ for the lower part of a merge."""
    return [" ".join(_shape(cell) for cell in row.cells) for row in grid(data).rows]


def _shape(cell: Cell) -> str:
    return f"{'^' if cell.above else ''}{cell.text}" + (f"×{cell.span}" if cell.span > 1 else "")


@pytest.mark.parametrize(
    ("ranges", "rows"),
    [
        (["A1:C1"], ["A1×3", "A2 B2 C2", "A3 B3 C3"]),
        (["A1:A3"], ["A1 B1 C1", "^A1 B2 C2", "^A1 B3 C3"]),
        (["A1:B2"], ["A1×2 C1", "^A1×2 C2", "A3 B3 C3"]),
        (["$B$1:$B$2", "C2:C3"], ["A1 B1 C1", "A2 ^B1 C2", "A3 B3 ^C2"]),
        (["A1:A1048576"], ["A1 B1 C1", "^A1 B2 C2", "^A1 B3 C3"]),
        (["B1:XFD1"], ["A1 B1×2", "A2 B2 C2", "A3 B3 C3"]),
        (["A1:A2", "A2:A3"], ["A1 B1 C1", "^A1 B2 C2", "A3 B3 C3"]),
        (["A1:B2", "B2:C3"], ["A1×2 C1", "^A1×2 C2", "A3 B3 C3"]),
        (["A1:B3", "B2:B2", "A1:B3"], ["A1×2 C1", "^A1×2 C2", "^A1×2 C3"]),
        (
            ["B2:A1", "A1", "A1:A1", "", "A1:", "A1:B", "A0:A2", "XFE1:XFF2", "A1:A1048577", "A1:B2:C3"],
            ["A1 B1 C1", "A2 B2 C2", "A3 B3 C3"],
        ),
    ],
    ids=["across", "down", "both", "two", "whole-column", "whole-row", "overlap", "crossing", "twice", "no-ranges"],
)
def test_merged_cells(ranges: list[str], rows: list[str]) -> None:
    assert shape(merged(*ranges)) == rows


def test_merge_without_text_of_its_own_makes_no_rows() -> None:
    data = written(lambda _, sheet: (sheet.merge_range("A1:A1000", "工程"), sheet.write_string("B3", "1.甲")))
    assert [(row.number, row.texts()) for row in grid(data).rows] == [(1, ["工程", ""]), (3, ["工程", "1.甲"])]


def test_text_under_a_merge_is_not_seen() -> None:
    row = f'<row r="1">{inline("B1", "藏")}{inline("C1", "甲")}</row>'
    assert shape(by_hand(row, around='{}<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')) == ["甲"]


def test_rows_are_equally_wide() -> None:
    data = written(lambda _, sheet: (sheet.merge_range("A1:H1", "分工"), sheet.write_row("A2", HEADER)))
    assert [row.width for row in grid(data).rows] == [3, 3]


# --- what a person should know ---------------------------------------------------------------------------------------
def test_formulas_are_named_once_a_row() -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("B5", "=A1&A2", None, "甲乙")
        sheet.write_formula("C5", "=1+1", None, 2)
        sheet.write_formula("E5", "=1/0", None, "#DIV/0!")

    data = written(fill)
    assert texts(data) == [["甲乙", "2"]]
    message = "的单元格 B5、C5 由公式算出，已取保存时的结果；单元格 E5 是错误值，已按空白读入：请核对。"
    assert notices(data) == [("formula_cell", 5, message)]


def test_formula_without_a_saved_result_is_empty() -> None:
    data = by_hand(
        f'<row r="1">{inline("A1", "甲")}<c r="B1"><f>A1</f></c></row><row r="2"><c r="A2"><f>A1</f><v/></c></row>'
    )
    assert texts(data) == [["甲"]]
    assert notices(data) == [
        ("formula_cell", None, "工作表“分工”的单元格 A2 有公式但没有可用的结果，已按空白读入：请核对。"),
        ("formula_cell", 1, "的单元格 B1 有公式但没有存下结果，已按空白读入：请核对。"),
    ]


def test_formula_with_an_empty_result_is_not_named() -> None:
    assert notices(by_hand(f'<row r="1">{inline("A1", "甲")}<c r="B1" t="str"><f>A2</f><v></v></c></row>')) == []


@pytest.mark.parametrize(
    ("formula", "is_linked"),
    [
        ("[1]Sheet1!A1", True),
        ("'[2]某 表'!A1", True),
        ("[1]!名称", True),
        ("表1[1]+Sheet2!A1", False),
        ("Sheet2!A1", False),
    ],
)
def test_formula_over_another_workbook(formula: str, is_linked: bool) -> None:
    data = by_hand(f'<row r="4"><c r="B4" t="str"><f>{formula}</f><v>甲</v></c></row>')
    message = "的单元格 B4 引用了别的工作簿，系统没有打开它，已取保存时的内容：请核对。"
    assert [notice for notice in notices(data) if notice[0] == "external_link"] == (
        [("external_link", 4, message)] if is_linked else []
    )


def test_workbook_that_links_another_without_a_formula() -> None:
    relation = (
        '<Relationship Id="rId99" TargetMode="External" Target="file:///other.xlsx"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"/></Relationships>'
    )
    name = "xl/_rels/workbook.xml.rels"
    data = written(lambda _, sheet: sheet.write_string(0, 0, "甲"))
    data = edited(data, {name: part(data, name).replace("</Relationships>", relation)})
    assert [notice.code for notice in read(data).notices] == ["external_link"]


def test_hidden_row_is_read_and_named() -> None:
    data = written(lambda _, sheet: (sheet.write_column(0, 0, "甲乙"), sheet.set_row(1, None, None, {"hidden": True})))
    assert texts(data) == [["甲"], ["乙"]]
    assert notices(data) == [("hidden_row", 2, "在 Excel 中是隐藏的，已照样读入：如不需要请删去。")]


def test_hidden_columns_with_text_are_read_and_named() -> None:
    hide = {"hidden": True}
    data = written(
        lambda _, sheet: (
            sheet.write_row(0, 0, "甲乙丙"),
            sheet.set_column("B:C", 9, None, hide),
            sheet.set_column("F:F", 9, None, hide),
        )
    )
    assert texts(data) == [["甲", "乙", "丙"]]
    message = "工作表“分工”的 B、C 列是隐藏的，已照样读入：如不需要请删去。"
    assert notices(data) == [("hidden_column", None, message)]


# --- sheets ----------------------------------------------------------------------------------------------------------
def test_sheets_in_their_order() -> None:
    def fill(book: Workbook, first: Worksheet) -> None:
        first.write_string(0, 0, "甲")
        book.add_worksheet("空的")
        book.add_worksheet("乙").write_string(0, 0, "乙")
        for name, hide in (("藏", Worksheet.hide), ("深藏", Worksheet.very_hidden)):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, name)
            hide(sheet)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=分工!$A$1"})
        book.add_chartsheet("图").set_chart(chart)

    document = read(written(fill))
    assert [grid.sheet for grid in document.grids] == ["分工", "乙"]
    assert [(notice.code, notice.message) for notice in document.notices] == [
        ("sheet_skipped", "工作表“藏”是隐藏的，没有读入：需要的话请在 Excel 里取消隐藏后再导入。"),
        ("sheet_skipped", "工作表“深藏”是隐藏的，没有读入：需要的话请在 Excel 里取消隐藏后再导入。"),
        ("sheet_skipped", "工作表“图”不是普通表格（图表或宏表），没有读入。"),
    ]


def test_workbook_with_parts_called_otherwise() -> None:
    """Some programs write capital letters, backslashes or absolute targets."""
    data = written(lambda _, sheet: sheet.write_string(0, 0, "甲"))
    relations, name = part(data, "xl/_rels/workbook.xml.rels"), "xl/worksheets/sheet1.xml"
    moved = {
        "xl/_rels/workbook.xml.rels": relations.replace("worksheets/sheet1.xml", r"\xl\Worksheets\SHEET1.xml"),
        name: None,
        "xl/WorkSheets/Sheet1.xml": part(data, name),
    }
    assert texts(edited(data, moved)) == [["甲"]]


def test_progress_is_told_now_and_then() -> None:
    told: list[tuple[int, int]] = []
    document_of(
        written(lambda _, sheet: sheet.write_column(0, 0, ["甲"] * 500)), lambda done, total: told.append((done, total))
    )
    assert told == [(200, 500), (400, 500), (500, 500)]


# --- what was written is read back -----------------------------------------------------------------------------------
@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """Texts by row and column, some empty, and merges that do not overlap: bands of rows, one merge a band."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    text = st.text(st.sampled_from("甲乙1a.、 "), max_size=4).map(str.strip)
    rows = draw(st.lists(st.lists(text, min_size=width, max_size=width), min_size=height, max_size=height))
    merges, top = [], 0
    while top < height:
        bottom = draw(st.integers(top, height - 1))
        left = draw(st.integers(0, width - 1))
        merges.append((top, left, bottom, draw(st.integers(left, width - 1))))
        top = bottom + 1
    return rows, merges


@settings(deadline=None)
@given(tables())
def test_sheet_is_read_as_it_was_written(table: tuple[list[list[str]], list[tuple[int, int, int, int]]]) -> None:
    rows, merges = table
    shown = seen(rows, merges)
    data = written(lambda _, sheet: fill_merged(sheet, rows, merges))
    if not any(map(any, shown)):
        with pytest.raises(Unreadable):
            read(data)
        return
    used = [column for column in range(len(rows[0])) if any(row[column] for row in shown)]
    read_back = {row.number - 1: row for row in grid(data).rows}
    assert sorted(read_back) == [number for number, row in enumerate(shown) if any(row)]
    for number, row in read_back.items():
        expected = [repeated(shown, merges, number, column) for column in range(used[0], used[-1] + 1)]
        assert row.texts() == expected
        assert row.width == len(expected)


def fill_merged(sheet: Worksheet, rows: list[list[str]], merges: list[tuple[int, int, int, int]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text)
    for top, left, bottom, right in merges:
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, "")
            sheet.write_string(top, left, rows[top][left])


def seen(rows: list[list[str]], merges: list[tuple[int, int, int, int]]) -> list[list[str]]:
    """The texts of the table without those a merge covers."""
    covered = {
        (row, column)
        for top, left, bottom, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    return [["" if (r, c) in covered else text for c, text in enumerate(row)] for r, row in enumerate(rows)]


def repeated(shown: list[list[str]], merges: list[tuple[int, int, int, int]], number: int, column: int) -> str:
    """The text a column has in a row: in the lower rows of a merge that of its first cell."""
    above = [top for top, left, bottom, _ in merges if left == column and top <= number <= bottom]
    return shown[above[0] if above else number][column]
