"""Formats we do not read, known by what their bytes are, each with the sentence that says what to do instead."""

import codecs
import re
from typing import NoReturn

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import Archive

AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 后再导入。"
AS_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
AS_EITHER = "请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx 后再导入。"
ORIGINAL = "请选用表格的 Word 或 Excel 原件导入。"

LOCKED = "文件加了密码，无法读取：请在 Word 或 Excel 里取消密码，另存一份后再导入。"
OLD_WORD = f"这是旧版 Word 文件（.doc 或 .wps）：{AS_DOCX}"
OLD_EXCEL = f"这是旧版 Excel 文件（.xls 或 .et）：{AS_XLSX}"
OLD_OFFICE = f"这是旧版 Office 文件：{AS_EITHER}"
SLIDES = f"这是演示文稿，不是表格：{ORIGINAL}"
PDF = f"这是 PDF 文件，读不出里面的表格：{ORIGINAL}"
OFD = f"这是 OFD 版式文件，读不出里面的表格：{ORIGINAL}"
RTF = f"这是 RTF 文件：{AS_DOCX}"
IMAGE = f"这是图片，读不出里面的表格：{ORIGINAL}"
MEDIA = f"这是音频、视频或手机照片，读不出表格：{ORIGINAL}"
PROGRAM = f"这是程序文件，没有打开：{ORIGINAL}"
PACKED = "这是压缩包：请解压后选里面的 Word 或 Excel 文件导入。"
HTML = f"这是网页（HTML）文件，可能是从别的系统导出的：{AS_EITHER}"
MHT = f"这是网页存档（MHT）文件，可能是从别的系统导出的：{AS_EITHER}"
XML_EXCEL = f"这是 XML 格式的 Excel 表格：{AS_XLSX}"
XML_WORD = f"这是 XML 格式的 Word 文件：{AS_DOCX}"
XML = f"这是 XML 文件，读不出里面的表格：{AS_EITHER}"

# What a file begins with.
BEGINNINGS = (
    (rb"%PDF", PDF),
    (rb"\{\\rtf", RTF),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|RIFF....WEBP|BM....\x00\x00\x00\x00", IMAGE),
    (rb"....ftyp|ID3[\x02-\x04]|RIFF....(?:AVI |WAVE)|\x1aE\xdf\xa3", MEDIA),
    (rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\x00|.{257}ustar", PACKED),
    (rb"MZ.{0,62}\x00|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", PROGRAM),
)

# The streams of an old Office file; the first that is found decides, since one document may hold another.
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = (
    ("EncryptedPackage", LOCKED),
    ("WordDocument", OLD_WORD),
    ("Workbook", OLD_EXCEL),
    ("Book", OLD_EXCEL),
    ("PowerPoint Document", SLIDES),
)

# Text written for programs: many systems export it under the name of .doc or .xls.
MARKUP = (
    (r"\s*<.*urn:schemas-microsoft-com:office:spreadsheet", XML_EXCEL),
    (r"\s*<.*schemas\.microsoft\.com/office/(?:word/2003/wordml|2006/xmlPackage)", XML_WORD),
    (r"\s*<(?:.*<)?(?:!doctype html|html|head|meta|body|table|style|div)\b", HTML),
    (r"\s*<(?:\?xml|uof:)", XML),
    (r"\s*(?:MIME-Version:|From: <Saved by|[a-z-]+:.*\nContent-Type: multipart/related)", MHT),
)
MARKUP_HEAD = 4096  # bytes

# The parts and types that tell what an archive is.
PARTS = (
    ("xl/workbook.bin", f"这是 Excel 二进制工作簿（.xlsb）：{AS_XLSX}"),
    ("ppt/presentation.xml", SLIDES),
    ("ofd.xml", OFD),
)
MIMETYPES = (
    (b"opendocument.spreadsheet", "这是 OpenDocument 表格（.ods）：请用 WPS 或 Excel 另存为 .xlsx 后再导入。"),
    (b"opendocument.text", "这是 OpenDocument 文档（.odt）：请用 WPS 或 Word 另存为 .docx 后再导入。"),
    (b"opendocument", f"这是 OpenDocument 文件，不是表格：{ORIGINAL}"),
)


def refuse_known(data: bytes) -> None:
    """Raises Unreadable for a file that is in one of these formats; anything else may be text."""
    known = _by_streams(data) if data.startswith(OLE2) else _by_beginning(data)
    if known:
        raise Unreadable(known[0])


def refuse_archive(archive: Archive) -> NoReturn:
    """Raises Unreadable for an archive that is neither a docx nor an xlsx."""
    names = {name.replace("\\", "/").lower() for name in archive.names}
    mimetype = archive.read("mimetype") if "mimetype" in archive.names else b""
    known = [sentence for part, sentence in PARTS if part in names]
    known += [sentence for kind, sentence in MIMETYPES if kind in mimetype]
    raise Unreadable(known[0] if known else PACKED)


def _by_streams(data: bytes) -> list[str]:
    """Names of streams are kept in UTF-16."""
    return [sentence for stream, sentence in STREAMS if stream.encode("utf-16-le") in data] or [OLD_OFFICE]


def _by_beginning(data: bytes) -> list[str]:
    head = data[:MARKUP_HEAD]
    known = [sentence for pattern, sentence in BEGINNINGS if re.match(pattern, head, re.DOTALL)]
    text = _readable(head)
    return known + [sentence for pattern, sentence in MARKUP if re.match(pattern, text, re.DOTALL | re.IGNORECASE)]


def _readable(head: bytes) -> str:
    """Enough of a text to see whether it is markup, whose own signs are the same in every encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
