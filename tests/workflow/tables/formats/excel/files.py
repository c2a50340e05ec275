"""Workbooks for the tests: written by xlsxwriter, or by hand where it cannot write what is asked."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workflow.tables.formats.excel.workbooks import document_of
from workflow.tables.grid import Document, Grid

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def written(fill: Callable[[Workbook, Worksheet], object], **options: object) -> bytes:
    """A workbook with the sheet 分工 and whatever `fill` puts into it."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, **options})
    fill(book, book.add_worksheet("分工"))
    book.close()
    return file.getvalue()


def edited(data: bytes, parts: Mapping[str, str | bytes | None]) -> bytes:
    """The archive with some parts replaced, added or (None) left out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            part = parts[name] if name in parts else old.read(name)
            if part is not None:
                new.writestr(name, part)
    return file.getvalue()


def part(data: bytes, name: str) -> str:
    """One part of the archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


def by_hand(rows: str, *, around: str = "{}", strings: str = "", namespace: str = MAIN) -> bytes:
    """A workbook whose one sheet has these rows; `around` is what stands before and after its sheetData."""
    sheet = around.format(f"<sheetData>{rows}</sheetData>")
    parts = {SHEET: f'<worksheet xmlns="{namespace}">{sheet}</worksheet>'}
    if strings:
        parts[STRINGS] = f'<sst xmlns="{namespace}">{strings}</sst>'
    return edited(written(lambda _, sheet: sheet.write_string(0, 0, "甲")), parts)


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def read(data: bytes) -> Document:
    return document_of(data, lambda done, total: None)


def grid(data: bytes) -> Grid:
    (only,) = read(data).grids
    return only


def texts(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid(data).rows]


def notices(data: bytes) -> list[tuple[str, int | None, str]]:
    return [(notice.code, notice.row, notice.message) for notice in grid(data).notices]
