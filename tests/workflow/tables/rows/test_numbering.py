from itertools import pairwise

import pytest

from workflow.tables.rows.numbering import (
    follows,
    is_chinese,
    is_list,
    plain_number,
    rank_of,
    rank_of_cell,
    split_number,
)


@pytest.mark.parametrize(
    ("printed", "number", "rest"),
    [
        ("一、实施立德树人工程", "一", "实施立德树人工程"),
        ("（十二）落实责任", "十二", "落实责任"),
        ("1.强化体育", "1", "强化体育"),
        ("22．提升水平", "22", "提升水平"),
        ("３、在５所学校", "3", "在５所学校"),
        ("(3) 加强", "3", "加强"),
        ("4）加强", "4", "加强"),
        (" 5 . 加强 ", "5", "加强"),
        ("1.2022年完成", "1", "2022年完成"),
        ("1.5万亩农田", "", "1.5万亩农田"),
        ("2.0实施方案", "", "2.0实施方案"),
        ("2022年完成", "", "2022年完成"),
        ("一校一案", "", "一校一案"),
        ("1.1 推进", "1.1", "推进"),
        ("１．２、推进", "1.2", "推进"),
        ("1-1 推进", "1-1", "推进"),
        ("1—2、推进", "1-2", "推进"),
        ("1.1.2推进", "1.1.2", "推进"),
        ("①推进", "1", "推进"),
        ("⑳ 推进", "20", "推进"),
        ("⒉推进", "2", "推进"),
        ("⑶推进", "3", "推进"),
        ("㈣推进", "四", "推进"),
        ("第一章 总则", "一", "总则"),
        ("第二部分：重点任务", "二", "重点任务"),
        ("第一节课", "", "第一节课"),
        ("第一季度完成", "", "第一季度完成"),
        ("1.5 万亩农田", "", "1.5 万亩农田"),
        ("3-5 年内", "", "3-5 年内"),
        ("1-3月完成", "", "1-3月完成"),
        ("2024.6.1前完成", "", "2024.6.1前完成"),
        ("24.6.1前完成", "", "24.6.1前完成"),
        ("1.1推进", "", "1.1推进"),
        ("II.推进", "", "II.推进"),
        ("", "", ""),
    ],
)
def test_split_number(printed: str, number: str, rest: str) -> None:
    assert split_number(printed) == (number, rest)


@pytest.mark.parametrize(("number", "expected"), [("一", True), ("二十一", True), ("1", False), ("", False)])
def test_is_chinese(number: str, expected: bool) -> None:
    assert is_chinese(number) == expected


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("７．", "7"),
        ("（3）", "3"),
        ("12", "12"),
        ("第三批", ""),
        ("", ""),
        ("1.1", "1.1"),
        ("1-2", "1-2"),
        ("①", "1"),
        ("（一）", "一"),
        ("1024", "1024"),
    ],
)
def test_plain_number(cell: str, number: str) -> None:
    assert plain_number(cell) == number


@pytest.mark.parametrize(
    ("printed", "task_no", "number"),
    [
        ("1.1推进", "1", "1.1"),
        ("12.3推进", "12", "12.3"),
        ("1-1推进", "1", "1-1"),
        ("1.1推进", "2", ""),
        ("1.5万亩", "1", ""),
        ("1.推进", "1", "1"),
    ],
)
def test_split_number_within_a_task(printed: str, task_no: str, number: str) -> None:
    assert split_number(printed, within=task_no)[0] == number


def test_rank_of_from_outermost_to_innermost() -> None:
    printed = ["第一章 甲", "第一节 甲", "一、甲", "（一）甲", "1.甲", "1.1 甲", "1.1.1 甲", "（1）甲", "①甲"]
    ranks = [rank_of(text) for text in printed]
    assert ranks == sorted(set(ranks), key=ranks.index)
    assert all(above < below for above, below in pairwise(ranks))


@pytest.mark.parametrize(
    ("left", "right"), [("⒈甲", "1.甲"), ("⑴甲", "（1）甲"), ("㈠甲", "（一）甲"), ("1）甲", "1、甲")]
)
def test_rank_of_the_same_number_written_otherwise(left: str, right: str) -> None:
    assert rank_of(left) == rank_of(right)


@pytest.mark.parametrize(
    ("cell", "printed"), [("一", "一、甲"), ("（一）", "（一）甲"), ("1", "1.甲"), ("1.1", "1.1 甲")]
)
def test_rank_of_a_number_in_a_cell_of_its_own(cell: str, printed: str) -> None:
    assert rank_of_cell(cell) == rank_of(printed)


def test_rank_of_words_is_none() -> None:
    assert (rank_of("甲工程"), rank_of_cell("甲工程"), rank_of_cell("")) == (None, None, None)


@pytest.mark.parametrize(
    ("number", "before", "is_next"),
    [
        ("二", "一", True),
        ("十", "九", True),
        ("十一", "十", True),
        ("二十一", "二十", True),
        ("三", "一", False),
        ("2", "1", False),
        ("一", "", False),
    ],
)
def test_follows(number: str, before: str, is_next: bool) -> None:
    assert follows(number, before) == is_next


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("1.甲。\n2.乙。", True),
        ("1.甲；2.乙", True),
        ("①甲\n②乙", True),
        ("1.甲\n（1）乙\n（2）丙", False),
        ("（一）甲\n1.乙\n2.丙", False),
        ("甲\n1.乙\n2.丙", False),
        ("1.甲。2.5万亩", False),
        ("3.甲。\n1.乙。\n2.丙。", False),
        ("", False),
    ],
)
def test_is_list(text: str, several: bool) -> None:
    assert is_list(text) == several
