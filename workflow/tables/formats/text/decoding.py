"""Bytes → text: which encoding, and whether it is text at all. A file that may be read in two ways is refused."""

import codecs
import re

from workflow.tables.errors import Unreadable

BINARY = "文件里有二进制内容，不是纯文本，请把表格另存为纯文本（.txt，UTF-8 编码）后再导入。"
EMPTY = "文件是空的，请确认选对了文件。"
CUT_OFF = "文件不完整，末尾的文字缺了一截，可能没有传完：请重新复制或另存一份后再导入。"
DAMAGED = "文件里有损坏的文字（UTF-8 编码有误），请从原件另存为 UTF-8 编码的纯文本（.txt）后再导入。"
UNKNOWN = "认不出文件的文字编码，请把表格另存为 UTF-8 编码的纯文本（.txt）后再导入。"

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Word writes a soft line break as a vertical tab, some editors a Unicode line end; a form feed begins a page.
LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
UNSEEN = re.compile("[\ufeff\u200b\xad]")
HAN = re.compile("[一-鿿]")
FOREIGN = re.compile("[^\x00-\x7f]")
# What nearly every Chinese text consists of: the signs and the usual half of GB 2312, as GBK has them. Text of another
# encoding that GB 18030 happens to accept shows rare characters instead.
USUAL = re.compile(
    "[{}]".format(
        "".join(
            bytes((lead, trail)).decode("gbk", "ignore")
            for lead in (0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8))
            for trail in range(0xA1, 0xFF)
        )
    )
)


def text_of(data: bytes) -> str:
    """The text of the file with "\\n" as the only line end, without signs nobody sees. Raises Unreadable."""
    text = LINE_END.sub("\n", UNSEEN.sub("", _decoded(data)))
    if CONTROL.search(text):
        raise Unreadable(BINARY)
    if not text.strip():
        raise Unreadable(EMPTY)
    return text


def _decoded(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding)
    if b"\x00" in data:
        return _utf_16_without_bom(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(data)


def _strictly(data: bytes, encoding: str) -> str:
    """The text in an encoding that the file itself declares."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(CUT_OFF if _is_cut_off(data, encoding) else UNKNOWN) from None


def _utf_16_without_bom(data: bytes) -> str:
    """Letters, digits and line ends hold a NUL in UTF-16; read from the wrong side nothing usual comes out."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        foreign = len(FOREIGN.findall(text))
        if not CONTROL.search(text) and len(USUAL.findall(text)) * 10 >= foreign * 9:
            return _strictly(data, encoding)
    raise Unreadable(BINARY)


def _chinese(data: bytes) -> str:
    """GB 18030, unless the bytes are UTF-8 with a fault, which GB 18030 would turn into other characters."""
    if _is_cut_off(data, "utf-8"):
        raise Unreadable(CUT_OFF)
    as_utf_8 = data.decode("utf-8", "replace")
    if len(HAN.findall(as_utf_8)) > as_utf_8.count("\ufffd"):
        raise Unreadable(DAMAGED)
    text = data.decode("gb18030", "replace")
    if len(USUAL.findall(text)) * 2 < len(FOREIGN.findall(text)):
        raise Unreadable(UNKNOWN)
    return _strictly(data, "gb18030")


def _is_cut_off(data: bytes, encoding: str) -> bool:
    """Whether only the last character is incomplete."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True
