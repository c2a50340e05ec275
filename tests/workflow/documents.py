"""Responsibility tables as files, the way people send them."""

from collections.abc import Sequence
from io import BytesIO

import docx
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

HEADER = ("序号", "任务", "牵头单位", "配合单位", "完成时限")
Rows = Sequence[Sequence[str]]


def word_file(
    rows: Rows, *, title: str = "某县2024年重点任务责任分工", name: str = "重点任务.docx"
) -> SimpleUploadedFile:
    """A Word document with the title above one table."""
    document = docx.Document()
    document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    written = BytesIO()
    document.save(written)
    return SimpleUploadedFile(name, written.getvalue())


def workbook(rows: Rows, *, name: str = "重点任务.xlsx") -> SimpleUploadedFile:
    """An Excel workbook with one sheet."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER, *rows)):
            sheet.write_row(place, 0, row)
    return SimpleUploadedFile(name, written.getvalue())
