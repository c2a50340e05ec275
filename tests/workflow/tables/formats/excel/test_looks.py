from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.tables.formats.excel.files import by_hand, texts, written
from workflow.tables.formats.excel.looks import look_of, plain

JUNE_30 = 44742  # 2022-06-30


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (2022.0, "2022"),
        (1.1, "1.1"),
        (-3.0, "-3"),
        (0.1 + 0.2, "0.3"),
        (123456789012345678.0, "123456789012346000"),
        (0.00001, "0.00001"),
        (1e300, "1e+300"),
    ],
)
def test_plain_number(number: float, shown: str) -> None:
    assert plain(number) == shown


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("General", 22.3, "22.3"),
        ("@", 22.3, "22.3"),
        ("0", 2.5, "3"),
        ("0.00", 1.1, "1.10"),
        ("0.0#", 1.10, "1.1"),
        ("000", 7, "007"),
        ("#,##0.00", 1234.5, "1234.50"),
        ("0%", 0.95, "95%"),
        ("0.0%", 0.955, "95.5%"),
        ("0_ ;[Red]-0", 12, "12"),
        ("0.00;-0.00", -0.001, "0.00"),
        ('0"年"', 2022, "2022年"),
        ("0年", 2022, "2022年"),
        ('General"、"', 3, "3、"),
        ('"("0")"', 3, "(3)"),
        ("(0)", 3, "(3)"),
        ("# ?/?", 0.5, "0.5"),
        ("0.00E+00", 12345, "12345"),
        ("0", 1e18, "1000000000000000000"),
        ('"' * 300, 5, "5"),
        ("", 5, "5"),
        ("0" + "%" * 200, 0.5, "0.5"),
        ("0." + "0" * 100, 5, "5"),
        ("0" * 200, 5, "5"),
        ('"未完', 5, "5"),
    ],
)
def test_number_format(code: str, number: float, shown: str) -> None:
    assert look_of(code, False)(number) == shown


@given(
    st.text(st.sampled_from('yMdhs0#.,%;@[]"\\_*年 GeneralE?/-'), max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_format_and_number(code: str, number: float) -> None:
    assert isinstance(look_of(code, False)(number), str)
    assert isinstance(look_of(code, True)(number), str)


@pytest.mark.parametrize(
    ("code", "serial", "shown"),
    [
        ("yyyy-mm-dd", JUNE_30, "2022年6月30日"),
        ('yyyy"年"m"月"d"日";@', JUNE_30, "2022年6月30日"),
        ("[$-804]yyyy年m月d日", JUNE_30, "2022年6月30日"),
        ('[DBNum1][$-804]yyyy"年"m"月"', JUNE_30, "2022年6月"),
        ('yyyy"年"m"月"', JUNE_30, "2022年6月"),
        ("mmm-yy", JUNE_30, "2022年6月"),
        ("yyyy", JUNE_30, "2022年"),
        ('m"月"d"日"', JUNE_30, "6月30日"),
        ("m/d", JUNE_30, "6月30日"),
        ("d", JUNE_30, "2022年6月30日"),
        ("yyyy-m-d h:mm", JUNE_30, "2022年6月30日"),
        ("yyyy-m-d h:mm", JUNE_30 + 0.375, "2022年6月30日 09:00"),
        ("yyyy-m-d", JUNE_30 + 0.375, "2022年6月30日"),
        ("h:mm", 0.375, "09:00"),
        ("h:mm AM/PM", 0.75, "18:00"),
        ("上午/下午h时mm分", 0.75, "18:00"),
        ("h:mm:ss", 0.375 + 5 / 86400, "09:00:05"),
        ("[h]:mm", 1.25, "30:00"),
        ("yyyy-mm-dd", 1, "1900年1月1日"),
        ("yyyy-mm-dd", 61, "1900年3月1日"),
        ("yyyy-mm-dd", -5, "-5"),
        ("yyyy-mm-dd", 1e15, "1000000000000000"),
        ("yyyy-mm-dd", JUNE_30 + 0.9999999, "2022年7月1日"),
    ],
)
def test_date_format(code: str, serial: float, shown: str) -> None:
    assert look_of(code, False)(serial) == shown


@pytest.mark.parametrize(
    ("built_in", "number", "shown"),
    [
        (0, 2022.0, "2022"),
        (9, 0.95, "95%"),
        (14, JUNE_30, "2022年6月30日"),
        (17, JUNE_30, "2022年6月"),
        (22, JUNE_30 + 0.5, "2022年6月30日 12:00"),
        (31, JUNE_30, "2022年6月30日"),
        (57, JUNE_30, "2022年6月"),
        (58, JUNE_30, "6月30日"),
    ],
)
def test_built_in_format(built_in: int, number: float, shown: str) -> None:
    data = written(lambda book, sheet: sheet.write_number(0, 0, number, book.add_format({"num_format": built_in})))
    assert texts(data) == [[shown]]


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_of_either_epoch(from_1904: bool) -> None:
    data = written(
        lambda book, sheet: (
            sheet.write_datetime(0, 0, date(2022, 6, 30)),
            sheet.write_datetime(0, 1, datetime(2022, 6, 30, 9, 5), book.add_format({"num_format": "yyyy/m/d h:mm"})),
            sheet.write_datetime(0, 2, time(9, 5), book.add_format({"num_format": "h:mm"})),
        ),
        default_date_format="yyyy-mm-dd",
        date_1904=from_1904,
    )
    assert texts(data) == [["2022年6月30日", "2022年6月30日 09:05", "09:05"]]


def test_date_kept_as_text_of_the_standard() -> None:
    row = '<row r="1"><c r="A1" t="d"><v>2022-06-30</v></c><c r="B1" t="d"><v>2022-06-30T09:05:00</v></c></row>'
    assert texts(by_hand(row)) == [["2022年6月30日", "2022年6月30日 09:05"]]
