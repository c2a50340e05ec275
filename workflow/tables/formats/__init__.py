"""File → Document: one reader a format, chosen by what the bytes are; the file's name decides nothing.

Every reader bounds what it takes in (bytes, inflated bytes, rows, columns) before it parses, refuses entities, and
never touches the network or a path.
"""

import re
from collections.abc import Callable

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import Archive, open_archive
from workflow.tables.formats.excel import workbooks
from workflow.tables.formats.refused import refuse_archive, refuse_known
from workflow.tables.formats.text import shapes
from workflow.tables.formats.text.decoding import text_of
from workflow.tables.formats.word import documents
from workflow.tables.grid import Document, Progress

__all__ = ["LARGEST", "document_of"]

# A county's table is some 20 KB of text; a thousand times that is no responsibility table.
LARGEST = 20 * 1024 * 1024
TOO_LARGE = "文件超过 20 MB，不像一张责任分工表，请确认选对了文件。"

Reader = Callable[[bytes, Progress], Document]
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
CONTENT_TYPES = "[Content_Types].xml"
# The usual name of the main part, and the type it declares where it is called otherwise.
OFFICE: tuple[tuple[Reader, str, bytes], ...] = (
    (
        documents.document_of,
        "word/document.xml",
        rb"(wordprocessingml|ms-word)\.(document|template)(\.macroEnabled\w*)?\.main",
    ),
    (workbooks.document_of, "xl/workbook.xml", rb"(spreadsheetml|ms-excel)\.(sheet|template)(\.macroEnabled)?\.main"),
)


def document_of(data: bytes, on_progress: Progress) -> Document:
    """The tables of a file. Raises Unreadable, and nothing else."""
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if data.startswith(ZIP):
        return _office_reader(open_archive(data))(data, on_progress)
    refuse_known(data)
    return shapes.document_of(text_of(data))


def _office_reader(archive: Archive) -> Reader:
    """The reader for an archive, by its main part. Raises Unreadable where it is no Word or Excel file."""
    names = {name.replace("\\", "/").lower() for name in archive.names}
    declared = archive.read(CONTENT_TYPES) if CONTENT_TYPES in archive.names else b""
    for reader, part, kind in OFFICE:
        if part in names or re.search(kind, declared):
            return reader
    refuse_archive(archive)
