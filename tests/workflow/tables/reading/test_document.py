import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow import tables

SEED = (Path(__file__).resolve().parents[4] / "fixtures/pingluo/table.txt").read_bytes()
TABLE = "\t任务\n\t牵头单位\n\n\t1.甲\n\t教体局\n"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("附件\n某县责任分工\n", "某县责任分工"),
        ("附件1：\n某县责任分工\n（试行）\n", "某县责任分工"),
        ("附 件 2\n某县行动\n", "某县行动"),
        ("", "名称"),
        ("附件\n", "名称"),
    ],
)
def test_title(above: str, title: str) -> None:
    assert tables.read((above + TABLE).encode(), "/tmp/名称.txt").title == title  # noqa: S108, only a name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_gives_the_same_table(encoding: str) -> None:
    assert tables.read(SEED.decode().encode(encoding), "t.txt") == tables.read(SEED, "t.txt")


def test_windows_line_ends_give_the_same_table() -> None:
    assert tables.read(SEED.replace(b"\n", b"\r\n"), "t.txt") == tables.read(SEED, "t.txt")


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", "\t甲\n\t乙\n".encode(), "\t任务\n\t牵头单位\n".encode(), bytes(range(256))]
)
def test_unreadable_is_one_chinese_sentence(data: bytes) -> None:
    with pytest.raises(tables.Unreadable) as refusal:
        tables.read(data, "t.txt")
    assert refusal.value.sentence.count("。") == 1
    assert refusal.value.sentence.endswith("。")
    assert "\n" not in refusal.value.sentence


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(tables.Unreadable) as refusal:
        tables.read((TABLE + "\n\t2.乙\n\t教体局\n" * tables.MOST_ROWS).encode(), "t.txt")
    assert refusal.value.sentence == "表格超过20000行，不像一张责任分工表，请确认选对了文件。"


def table_or_clear_error(data: bytes) -> None:
    try:
        json.dumps(tables.read(data, "t.txt").as_json())
    except tables.Unreadable as refusal:
        assert refusal.sentence.endswith("。")


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_a_table_or_a_clear_error(data: bytes) -> None:
    table_or_clear_error(data)


WORDS = st.sampled_from(
    ["\t", "\n", "\n\n", "一、", "1.", "甲", "、", "等", "2024年", "到2025年", "（", "）", "《", "每年", " "]
)


@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_body_below_a_header_gives_a_table_or_a_clear_error(body: str) -> None:
    table_or_clear_error(f"\t任务\n\t牵头单位\n\t配合单位\n\t完成时限\n\n{body}".encode())


@settings(max_examples=50)
@given(st.integers(0, len(SEED)), st.integers(0, 200))
def test_damaged_seed_gives_a_table_or_a_clear_error(at: int, lost: int) -> None:
    table_or_clear_error(SEED[:at] + SEED[at + lost :])
