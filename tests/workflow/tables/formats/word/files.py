"""Word files that tests write for themselves, and short ways to say what was read from them."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table, _Cell
from lxml import etree

from workflow.tables.formats.word.documents import document_of
from workflow.tables.grid import Document, Grid

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MAIN = "word/document.xml"


def saved(document: WordDocument) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def read(document: WordDocument | bytes) -> Document:
    data = document if isinstance(document, bytes) else saved(document)
    return document_of(data, lambda done, total: None)


def word(xml: str) -> etree._Element:
    """An element of Word's; its first tag gets the names it needs."""
    end = next(at for at, sign in enumerate(xml) if sign in " />")
    names = f'{nsdecls("w", "r")} xmlns:mc="{MC}" xmlns:m="{M}" xmlns:v="urn:schemas-microsoft-com:vml"'
    return parse_xml(f"{xml[:end]} {names}{xml[end:]}")


def paragraph(inner: str) -> etree._Element:
    return word(f"<w:p>{inner}</w:p>")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(document: WordDocument, rows: list[list[str]]) -> Table:
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def put(cell: _Cell, *blocks: etree._Element) -> None:
    """Make these the content of the cell."""
    for old in cell._tc.findall(qn("w:p")):
        cell._tc.remove(old)
    cell._tc.extend(blocks)


def lines_of(*blocks: etree._Element) -> tuple[str, ...]:
    """The lines of a document of these blocks, which hold no table."""
    document = docx.Document()
    for block in blocks:
        document.element.body.insert_element_before(block, "w:sectPr")
    return read(document).lines_below


def grid_of(made: Callable[[Table], None], rows: list[list[str]]) -> Grid:
    """The grid of one table after `made` has changed it."""
    document = docx.Document()
    made(table(document, rows))
    return read(document).grids[0]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def spans(grid: Grid) -> list[list[int]]:
    return [[cell.span for cell in row.cells] for row in grid.rows]


def codes(read: Document | Grid) -> list[tuple[str, int | None]]:
    return [(notice.code, notice.row) for notice in read.notices]


def repacked(document: WordDocument, changes: dict[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """The file with some parts changed, replaced or (None) left out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(document))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changes}:
            change = changes.get(name, old.read)
            if callable(change):
                new.writestr(name, old.read(name) if name not in changes else change(old.read(name)))
            elif change is not None:
                new.writestr(name, change)
    return file.getvalue()


HIDDEN = "<w:vanish/>"
GRID = [["内容", "牵头", "时限"], ["1.甲", "教体局", "2022年"], ["2.乙", "财政局", "2023年"]]


def document_with(rows: list[list[str]] = GRID) -> WordDocument:
    document = docx.Document()
    table(document, rows)
    return document


def bare(blocks: str) -> bytes:
    xml = f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{blocks}</w:body></w:document>'
    return repacked(docx.Document(), {MAIN: xml.encode()})
