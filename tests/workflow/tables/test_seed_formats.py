"""The county's table in every format a county may have it in: always the same 48 items."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from workflow import tables
from workflow.tables.formats.text import flattened
from workflow.tables.formats.text.decoding import text_of
from workflow.tables.table import Table

SEED = (Path(__file__).resolve().parents[3] / "fixtures/pingluo/table.txt").read_bytes()
GRID = flattened.grid_of(text_of(SEED))
WIDTH = 7
HEADER = ["具体内容", "", "", "牵头单位", "配合单位", "完成时限", "备注"]
ROWS = [[*row.texts(), *[""] * WIDTH][:WIDTH] for row in GRID.rows[1:]]
TITLE = GRID.lines_above[-1]


def runs(column: int) -> list[tuple[int, int]]:
    """First and last row of each stretch that a section or task cell covers on paper."""
    starts = [at for at, row in enumerate(ROWS) if row[column] or (column == 1 and row[0])]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), len(ROWS) - 1], strict=True))


def as_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("附件")
    document.add_paragraph(TITLE)
    table = document.add_table(rows=len(ROWS) + 1, cols=WIDTH)
    for row, texts in zip(table.rows, [HEADER, *ROWS], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            if text:
                cell.text = text
    table.cell(0, 0).merge(table.cell(0, 2))
    for column in (0, 1):
        for first, last in runs(column):
            if last > first:
                table.cell(first + 1, column).merge(table.cell(last + 1, column))
    return saved(document.save)


def as_xlsx() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("责任分工")
    sheet.merge_range(0, 0, 0, WIDTH - 1, TITLE)
    for column in range(3, WIDTH):
        sheet.write_string(1, column, HEADER[column])
    sheet.merge_range(1, 0, 1, 2, HEADER[0])
    for at, row in enumerate(ROWS):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(at + 2, column, text)
    for column in (0, 1):
        for first, last in runs(column):
            if last > first:
                sheet.merge_range(first + 2, column, last + 2, column, ROWS[first][column])
    book.close()
    return file.getvalue()


def as_csv() -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([[TITLE, *[""] * (WIDTH - 1)], HEADER, *ROWS])
    return file.getvalue().encode("gb18030")


def as_pasted() -> bytes:
    file = io.StringIO()
    csv.writer(file, dialect="excel-tab").writerows([HEADER, *ROWS])
    return f"{TITLE}\n\n{file.getvalue()}".encode("utf-16")


def as_pipes() -> bytes:
    lines = ["|".join(["", *(text.replace("\n", "<br>") for text in row), ""]) for row in [HEADER, *ROWS]]
    lines.insert(1, "|" + "---|" * WIDTH)
    return "\n".join([TITLE, "", *lines]).encode()


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def told(table: Table) -> list[dict[str, object]]:
    """The items without where they stood."""
    return [{**item, "source": None} for item in table.as_json()["items"]]


@pytest.mark.parametrize("document", [as_docx, as_xlsx, as_csv, as_pasted, as_pipes])
def test_every_format_gives_the_same_items(document: Callable[[], bytes]) -> None:
    seed, table = tables.read(SEED, "t.txt"), tables.read(document(), "t")
    assert told(table) == told(seed)
    assert table.title == seed.title
    assert {w.code for w in table.warnings} - {"row_short"} == {w.code for w in seed.warnings} - {"row_short"}
