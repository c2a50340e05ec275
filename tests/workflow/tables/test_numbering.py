import pytest

from workflow.tables.numbering import is_chinese, plain_number, split_number


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
        ("", "", ""),
    ],
)
def test_split_number(printed: str, number: str, rest: str) -> None:
    assert split_number(printed) == (number, rest)


@pytest.mark.parametrize(("number", "expected"), [("一", True), ("二十一", True), ("1", False), ("", False)])
def test_is_chinese(number: str, expected: bool) -> None:
    assert is_chinese(number) == expected


@pytest.mark.parametrize(("cell", "number"), [("７．", "7"), ("（3）", "3"), ("12", "12"), ("第三批", ""), ("", "")])
def test_plain_number(cell: str, number: str) -> None:
    assert plain_number(cell) == number
