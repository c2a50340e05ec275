import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.decoding import BINARY, CUT_OFF, DAMAGED, EMPTY, UNKNOWN, text_of

TEXT = "附件\n\t牵头单位\n\t教育工委、教体局\n\t2023年 12月\n一、实施立德树人工程\n"


def refusal_of(data: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        text_of(data)
    return refusal.value.sentence


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8 in utf-16-be bom"]
)
def test_text_of_any_usual_encoding(encoding: str) -> None:
    with_bom = encoding.endswith("bom")
    data = codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be") if with_bom else TEXT.encode(encoding)
    assert text_of(data) == TEXT


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_text_of_any_line_end(line_end: str) -> None:
    assert text_of(f"教育工委{line_end}教体局".encode()) == "教育工委\n教体局"


def test_text_of_signs_nobody_sees() -> None:
    assert text_of("\ufeff\ufeff教\u200b体\xad局".encode()) == "教体局"


def test_text_of_rare_names_in_gb18030() -> None:
    assert text_of("李㛃、王喆、㙍镇人民政府负责落实。".encode("gb18030")) == "李㛃、王喆、㙍镇人民政府负责落实。"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", EMPTY),
        (b" \n\t\n", EMPTY),
        (b"\xef\xbb\xbf", EMPTY),
        (b"\tab\x00c", BINARY),
        ("教体局\x07负责".encode(), BINARY),
        (bytes(range(256)) * 8, BINARY),
        ("教体局\x00负责".encode("utf-16"), BINARY),
        (b"\xff\xff\xff", UNKNOWN),
        (b"\xff\xfe\x00\xd8\x00\x00", UNKNOWN),
        ("責任分工：教育局負責落實".encode("big5"), UNKNOWN),
        ("Élève à l'été, où forêt réglée".encode("latin-1"), UNKNOWN),
        (b"\xff\xfe\x00", CUT_OFF),
        (TEXT.encode("utf-16-le")[:-1], CUT_OFF),
    ],
    ids=[
        *("empty", "blank", "bom", "nul", "bell", "all-bytes", "nul-in-utf-16", "no-encoding", "half-a-pair", "big5"),
        *("latin-1", "half-utf-16", "half-utf-16-without-bom"),
    ],
)
def test_text_of_unreadable(data: bytes, sentence: str) -> None:
    assert refusal_of(data) == sentence


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("missing", [1, 2])
@pytest.mark.parametrize("text", ["教", "教体", "教育工委、教体局", "完成时限：2023年"])
def test_text_of_utf_8_cut_inside_its_last_character(text: str, missing: int, bom: bytes) -> None:
    assert refusal_of(bom + text.encode()[:-missing]) == CUT_OFF


def test_text_of_gbk_cut_inside_its_last_character() -> None:
    assert refusal_of("一、实施立德树人工程".encode("gbk")[:-1]) == CUT_OFF


@given(st.integers(0, len(TEXT.encode()) - 2))
def test_text_of_utf_8_with_a_byte_lost_is_never_read_as_gbk(at: int) -> None:
    data = TEXT.encode()
    lost = data[:at] + data[at + 1 :]
    try:
        assert text_of(lost) == lost.decode()
    except Unreadable as refusal:
        assert refusal.sentence in (DAMAGED, CUT_OFF)


@given(st.binary(max_size=200))
def test_text_of_any_bytes_is_text_or_unreadable(data: bytes) -> None:
    try:
        text = text_of(data)
    except Unreadable:
        return
    assert text.strip()
    assert not {"\x00", "\r", "\f", "\x1b"} & set(text)


@given(st.text(alphabet="教育工委牵头配合单位完成时限2023年\t\n、。（）", max_size=200))
def test_text_of_a_chinese_table_in_gbk(text: str) -> None:
    assert text_of((TEXT + text).encode("gbk")) == TEXT + text
