"""What a file is, by its content; the extension only says what it claims to be."""

import codecs
import re
from dataclasses import dataclass
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.errors import Invalid
from workflow.evidence_files import documents

CHUNK = 64 * 1024
TAIL = 22 + 0xFFFF  # as far from the end as a zip's last record may begin
TEXT = "text"  # content that can be txt or csv
OLD_OFFICE = "ole"  # doc, xls, ppt; and a new one behind a password


@dataclass(frozen=True)
class Kind:
    """A kind of file we take."""

    label: str | Promise
    content: str  # what recognise() says of it
    media_type: str


KINDS = {
    "pdf": Kind("PDF", "pdf", "application/pdf"),
    "docx": Kind(
        gettext_lazy("Word 文档"),
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": Kind(
        gettext_lazy("Excel 表格"), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "pptx": Kind(
        gettext_lazy("PPT 演示文稿"),
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "jpg": Kind(gettext_lazy("JPG 图片"), "jpg", "image/jpeg"),
    "png": Kind(gettext_lazy("PNG 图片"), "png", "image/png"),
    "ofd": Kind(gettext_lazy("OFD 版式文件"), "ofd", "application/ofd"),
    "txt": Kind(gettext_lazy("纯文本"), TEXT, "text/plain"),
    "csv": Kind(gettext_lazy("CSV 表格"), TEXT, "text/csv"),
}
SAME = {"jpeg": "jpg"}  # extension → kind, where they differ
SIGNATURES = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
ENDINGS = {"pdf": b"%%EOF", "png": b"IEND"}  # not cut off on its way; some programs write more behind it
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")  # all but tab, line and page ends


def recognise(stream: IO[bytes], size: int) -> str | None:
    """The kind of this content, TEXT, OLD_OFFICE, or None for what is nothing we take.

    Raises Invalid on a document that is one we take but for macros, a password, a second file hidden behind it or
    damage. Reads at most the ends of the file, a zip's directory and its list of parts; text it reads whole.
    """
    stream.seek(0)
    head = stream.read(8)
    if head.startswith(b"PK\x03\x04"):
        return documents.recognise(stream, _tail(stream, size), size)
    if head == OLE:
        return OLD_OFFICE
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            _check_end(kind, _tail(stream, size))
            return kind
    return TEXT if _is_text(stream, head) else None


def _tail(stream: IO[bytes], size: int) -> bytes:
    stream.seek(max(0, size - TAIL))
    return stream.read(TAIL)


def _check_end(kind: str, tail: bytes) -> None:
    if documents.last_record(tail) is not None:
        raise Invalid(_("文件后面夹带了压缩包，请重新导出后再传。"))
    if ENDINGS.get(kind, b"") not in tail:
        raise Invalid(_("文件不完整，请重新导出后再传。"))


def _is_text(stream: IO[bytes], head: bytes) -> bool:
    encodings = ["utf-16"] if head.startswith(UTF_16) else ["utf-8-sig", "gb18030"]
    return any(_decodes(stream, encoding) for encoding in encodings)


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if CONTROL.search(decoder.decode(chunk)):
                return False
        return not CONTROL.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False
