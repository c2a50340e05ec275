import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import LARGEST_PART, MOST_ENTRIES, MOST_MARKS, Archive, open_archive

PART = "word/document.xml"
ROWS = '<s xmlns="urn:x"><!-- 注 --><row r="1"><c>甲</c>\n</row><skip><row r="2"/></skip><row r="3">乙<row/></row></s>'


def packed(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_declared_size(data: bytes, size: int) -> bytes:
    """The archive of one part, its inflated size stated anew in both of its headers."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, 22, size)
    struct.pack_into("<I", changed, data.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def opened(xml: bytes | str) -> Archive:
    return open_archive(packed({PART: xml}))


def read_by_tree(xml: bytes | str) -> object:
    return opened(xml).xml(PART)


def read_by_events(xml: bytes | str) -> object:
    return list(opened(xml).events(PART, {"a", "b"}))


WAYS = pytest.mark.parametrize("read", [read_by_tree, read_by_events])


def test_archive_reads_a_part() -> None:
    archive = open_archive(packed({PART: "甲", "word/": b"", "xl/a.xml": "<a/>"}))
    assert archive.names == {PART, "word/", "xl/a.xml"}
    assert archive.read(PART) == "甲".encode()
    assert archive.xml("xl/a.xml").tag == "a"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "平罗县".encode(),
        b"PK\x03\x04",
        packed({PART: "<a/>"})[:-30],
        packed({PART: "<a/>"})[30:],
        packed({PART: "<a/>"}, zipfile.ZIP_BZIP2),
        packed({PART: "<a/>"}, zipfile.ZIP_LZMA),
    ],
    ids=["empty", "text", "magic", "end-cut", "beginning-cut", "bzip2", "lzma"],
)
def test_open_archive_of_no_whole_zip_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="打不开"):
        open_archive(data).read(PART)


def test_open_archive_with_two_parts_of_one_name_is_unreadable() -> None:
    file = BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "w") as archive:
        archive.writestr(PART, "<a/>")
        archive.writestr(PART, "<b/>")
    with pytest.raises(Unreadable, match="打不开"):
        open_archive(file.getvalue())


def test_open_archive_encrypted_is_unreadable() -> None:
    data = bytearray(packed({PART: "<a/>"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="密码"):
        open_archive(bytes(data))


@pytest.mark.parametrize("entries", [MOST_ENTRIES + 1, 100_000])
def test_open_archive_with_too_many_entries_is_unreadable(entries: int) -> None:
    data = packed({f"{number}.xml": b"" for number in range(entries)}, zipfile.ZIP_STORED)
    with pytest.raises(Unreadable, match="多得"):
        open_archive(data)


def test_archive_separators_of_another_system_are_the_usual_ones() -> None:
    data = packed({"word/document.xml": "<a/>"}).replace(b"word/document", b"word\\document")
    assert open_archive(data).xml(PART).tag == "a"


def test_open_archive_names_are_never_paths() -> None:
    archive = open_archive(packed({"../../etc/passwd": "甲", "/etc/passwd": "乙"}))
    assert archive.read("../../etc/passwd") == "甲".encode()
    with pytest.raises(Unreadable):
        archive.read("etc/passwd")


@pytest.mark.parametrize("size", [0, 5, 2**31])
def test_read_part_of_another_size_than_declared_is_unreadable(size: int) -> None:
    with pytest.raises(Unreadable):
        open_archive(with_declared_size(packed({PART: "<a>甲</a>" * 99}), size)).read(PART)


def test_read_part_with_changed_bytes_is_unreadable() -> None:
    data = packed({PART: "平罗县基础教育"}, zipfile.ZIP_STORED)
    with pytest.raises(Unreadable, match="打不开"):
        open_archive(data.replace("平罗".encode(), "惠农".encode())).read(PART)


@cache
def bomb() -> bytes:
    """Some 300 KB that inflate to 300 MB."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(PART, "w") as part:
        for _ in range(300):
            part.write(bytes(1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize("declared", [None, 1000, 9_000_000, LARGEST_PART])
def test_read_bomb_costs_no_more_than_the_limit(declared: int | None) -> None:
    data = bomb() if declared is None else with_declared_size(bomb(), declared)
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            open_archive(data).read(PART)
        assert tracemalloc.get_traced_memory()[1] < 2.5 * LARGEST_PART
    finally:
        tracemalloc.stop()


def test_open_archive_of_more_than_the_limit_in_all_is_unreadable() -> None:
    parts = {f"word/media/{number}.bin": bytes(LARGEST_PART // 16) for number in range(33)}
    with pytest.raises(Unreadable, match="多得"):
        open_archive(packed(parts, zipfile.ZIP_STORED))


def test_read_part_over_the_limit_that_shrinks_little_is_unreadable() -> None:
    data = packed({PART: b"<a>" + bytes(range(256)) * (LARGEST_PART // 256)}, zipfile.ZIP_STORED)
    with pytest.raises(Unreadable, match="多得"):
        open_archive(data).read(PART)


@WAYS
@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<a>",
        "<a></b>",
        "<a>&nbsp;</a>",
        "<a b=1/>",
        "<a/><b/>",
        b"<a>\xff\xfe</a>",
        b"\xff\xfe<a/>",
        "<a>\x01</a>",
        '<?xml version="1.0" encoding="GB18030"?><a>甲</a>'.encode("gb18030"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-',
    ],
)
def test_xml_malformed_is_unreadable(read: Callable[[bytes | str], object], xml: bytes | str) -> None:
    with pytest.raises(Unreadable):
        read(xml)


@WAYS
@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY e "甲">]><a>&e;</a>'.encode("utf-16"),
        "<!DOCTYPE a [<!ENTITY e0 '甲甲甲甲甲甲甲甲'>"
        + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 20}'>" for n in range(1, 12))
        + "]><a b='&e11;'>&e11;</a>",
    ],
    ids=["empty", "external", "file", "parameter", "utf-16", "laughs"],
)
def test_xml_with_doctype_is_unreadable(read: Callable[[bytes | str], object], xml: bytes | str) -> None:
    with pytest.raises(Unreadable):
        read(xml)


@WAYS
def test_xml_nested_deeply_is_unreadable(read: Callable[[bytes | str], object]) -> None:
    with pytest.raises(Unreadable):
        read("<a>" * 10_000 + "</a>" * 10_000)


@WAYS
@pytest.mark.parametrize("element", ["<c/>", '<c d=""/>'])
def test_xml_of_too_many_elements_is_unreadable(read: Callable[[bytes | str], object], element: str) -> None:
    with pytest.raises(Unreadable, match="多得"):
        read("<a>" + element * (MOST_MARKS + 1) + "</a>")


def test_xml_in_utf_16_without_doctype_is_read() -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?><a>甲</a>'.encode("utf-16")
    assert opened(xml).xml(PART).text == "甲"
    assert [element.text for element in opened(xml).events(PART, {"a"})] == ["甲"]


def test_events_are_the_outermost_elements_in_order() -> None:
    rows = list(opened(ROWS).events(PART, {"{urn:x}row"}))
    assert [row.get("r") for row in rows] == ["1", "2", "3"]
    assert [child.text for child in rows[0]] == ["甲"]
    assert len(rows[2]) == 1


def test_events_of_a_large_part_keep_nothing() -> None:
    archive = opened("<s>" + "<row><c>甲</c></row>" * 200_000 + "</s>")
    assert sum(1 for _ in archive.events(PART, {"row"})) == 200_000
    assert list(archive.events(PART, {"other"})) == []


@given(st.data())
def test_open_archive_of_damaged_bytes_is_read_or_unreadable(data: st.DataObject) -> None:
    whole = bytearray(packed({PART: "<a>甲</a>" * 20, "word/styles.xml": "<b/>"}))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    try:
        archive = open_archive(bytes(whole))
        for name in archive.names:
            archive.read(name)
    except Unreadable as refusal:
        assert refusal.sentence.endswith("。")
