"""Bytes → text: which encoding, and whether it is text at all."""

import codecs

from workflow.tables.errors import Unreadable

# A county's table is some 20 KB of text; a thousand times that is no responsibility table.
LARGEST = 20 * 1024 * 1024

OTHER_FORMATS = (
    (b"PK\x03\x04", "Word、Excel 或压缩包"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Word 或 Excel（.doc、.xls）"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(data: bytes) -> str:
    """The text of the file with "\\n" as the only line end. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable("文件超过 20 MB，不像一张责任分工表，请确认选对了文件。")
    for magic, name in OTHER_FORMATS:
        if data.startswith(magic):
            raise Unreadable(f"这是{name}文件，目前只能读取纯文本：请把表格另存为纯文本（.txt，UTF-8 编码）后再导入。")
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable("文件里有二进制内容，不是纯文本，请把表格另存为纯文本（.txt，UTF-8 编码）后再导入。")
    # Word writes a soft line break as a vertical tab, some editors a Unicode line end.
    for line_end in ("\r\n", "\r", "\v", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    if not text.strip():
        raise Unreadable("文件是空的，请确认选对了文件。")
    return text


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("认不出文件的文字编码，请把表格另存为 UTF-8 编码的纯文本（.txt）后再导入。")
