"""Which reader a file gets, and what is said about files that none can read."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.tables.formats.excel.files import edited, part, written
from workflow.tables.errors import Unreadable
from workflow.tables.formats import LARGEST, document_of
from workflow.tables.formats.refused import (
    HTML,
    IMAGE,
    LOCKED,
    MEDIA,
    MHT,
    OFD,
    OLD_EXCEL,
    OLD_OFFICE,
    OLD_WORD,
    OLE2,
    PACKED,
    PDF,
    PROGRAM,
    RTF,
    SLIDES,
    XML,
    XML_EXCEL,
    XML_WORD,
    refuse_known,
)
from workflow.tables.grid import Document

TABLE = "分工\n\t内容\n\t牵头单位\n\t完成时限\n\n\t1.甲\n\t教体局\n\t2022年\n\n"
TYPES = "[Content_Types].xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(data: bytes) -> Document:
    return document_of(data, lambda done, total: None)


def sentence(data: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data)
    return refusal.value.sentence


def packed(parts: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def old_office(*streams: str) -> bytes:
    return OLE2 + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))


def as_docx() -> bytes:
    file, document = BytesIO(), docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "甲"
    document.save(file)
    return file.getvalue()


def as_xlsx() -> bytes:
    return written(lambda _, sheet: sheet.write_string(0, 0, "甲"))


# --- read ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("made", [as_docx, as_xlsx])
def test_office_file_gets_its_reader(made: Callable[[], bytes]) -> None:
    (grid,) = read(made()).grids
    assert [cell.text for row in grid.rows for cell in row.cells] == ["甲"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_anything_else_is_read_as_text(encoding: str) -> None:
    (grid,) = read(TABLE.encode(encoding)).grids
    assert grid.rows[-1].texts() == ["1.甲", "教体局", "2022年"]


@pytest.mark.parametrize("kind", ["sheet.macroEnabled", "template.macroEnabled", "template"])
def test_workbook_with_macros_or_as_a_template_is_read(kind: str) -> None:
    declared = part(as_xlsx(), TYPES).replace("spreadsheetml.sheet.main", f"spreadsheetml.{kind}.main")
    assert read(edited(as_xlsx(), {TYPES: declared})).grids


def test_workbook_whose_main_part_is_called_otherwise() -> None:
    data = as_xlsx()
    moved = {
        name.replace("workbook", "book2"): part(data, name)
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    }
    changed = {name: part(data, name).replace("xl/workbook.xml", "xl/book2.xml") for name in (TYPES, "_rels/.rels")}
    gone = {"xl/workbook.xml": None, "xl/_rels/workbook.xml.rels": None}
    assert read(edited(data, moved | changed | gone)).grids


# --- refused ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"{\\rtf1\\ansi", RTF),
        (b"\x89PNG\r\n\x1a\n", IMAGE),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", IMAGE),
        (b"GIF89a", IMAGE),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", IMAGE),
        (b"II*\x00\x08\x00", IMAGE),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", IMAGE),
        (b"\x00\x00\x00\x18ftypheic", MEDIA),
        (b"\x1f\x8b\x08\x00", PACKED),
        (b"Rar!\x1a\x07\x01\x00", PACKED),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", PACKED),
        (b"MZ\x90\x00\x03\x00", PROGRAM),
        (b"\x7fELF\x02\x01\x01", PROGRAM),
    ],
)
def test_binary_formats(data: bytes, said: str) -> None:
    assert sentence(data + bytes(300)) == said


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        (("EncryptionInfo", "EncryptedPackage"), LOCKED),
        (("1Table", "WordDocument"), OLD_WORD),
        (("ObjectPool", "Workbook", "WordDocument"), OLD_WORD),
        (("Workbook",), OLD_EXCEL),
        (("Book",), OLD_EXCEL),
        (("PowerPoint Document",), SLIDES),
        ((), OLD_OFFICE),
    ],
)
def test_old_office_files(streams: tuple[str, ...], said: str) -> None:
    assert sentence(old_office(*streams)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html><body><table>", HTML),
        ("\n <!DOCTYPE HTML>\n<HTML>", HTML),
        ("<!-- 导出 --><table border=1>", HTML),
        ("<meta charset=gbk><style>", HTML),
        ('<?xml version="1.0"?><!DOCTYPE html><html>', HTML),
        ("MIME-Version: 1.0\r\nContent-Type: multipart/related", MHT),
        ("From: <Saved by Blink>\r\nSubject: x", MHT),
        ("Subject: x\r\nContent-Type: multipart/related", MHT),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table>', XML_EXCEL),
        (
            '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
            XML_WORD,
        ),
        (
            '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">',
            XML_WORD,
        ),
        ('<?xml version="1.0"?><计划/>', XML),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_markup(text: str, said: str, encoding: str) -> None:
    assert sentence(f"{text}分工".encode(encoding)) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"xl/workbook.bin": b"", TYPES: "ms-excel.sheet.binary.macroEnabled.main"},
            "这是 Excel 二进制工作簿（.xlsb）：",
        ),
        ({"ppt/presentation.xml": "", "ppt/embeddings/a.xlsm": "", TYPES: "ms-excel.sheet.macroEnabled.12"}, SLIDES),
        ({"OFD.xml": "<ofd:OFD/>"}, OFD),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "这是 OpenDocument 表格（.ods）："),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "这是 OpenDocument 文档（.odt）："),
        ({"mimetype": "application/vnd.oasis.opendocument.graphics"}, "这是 OpenDocument 文件，不是表格："),
        ({"分工.docx": b"PK"}, PACKED),
        ({}, PACKED),
    ],
    ids=["xlsb", "pptx", "ofd", "ods", "odt", "odg", "zip", "empty-zip"],
)
def test_archives(parts: dict[str, str | bytes], said: str) -> None:
    assert sentence(packed(parts)).startswith(said)


def test_image_renamed_to_a_workbook_is_an_image() -> None:
    assert sentence(b"\x89PNG\r\n\x1a\n" + as_xlsx()) == IMAGE


def test_empty_file() -> None:
    assert sentence(b"") == "文件是空的，请确认选对了文件。"


def test_file_too_large_whatever_it_is() -> None:
    assert sentence(b"x" * (LARGEST + 1)) == "文件超过 20 MB，不像一张责任分工表，请确认选对了文件。"
    assert sentence(as_xlsx() + bytes(LARGEST)) == "文件超过 20 MB，不像一张责任分工表，请确认选对了文件。"


@pytest.mark.parametrize(
    "text",
    [
        "BM系统建设",
        "MZ镇",
        "PK赛方案\n",
        "<平罗县>分工",
        "《<div>》",
        "GIF",
        "ID3",
        "II级响应",
        "Content-Type: 甲",
        "From: 教体局",
    ],
)
def test_text_that_only_looks_like_another_format(text: str) -> None:
    refuse_known(text.encode())
    refuse_known(text.encode("gb18030"))


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for beginning in (b"", b"PK\x03\x04", OLE2, b"<", b"BM", b"MZ", b"RIFF", b"\xff\xfe"):
        try:
            read(beginning + data)
        except Unreadable as refusal:
            assert refusal.sentence.endswith("。")
