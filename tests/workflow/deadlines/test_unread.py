import pytest

from workflow.deadlines import lacks_year, why_unknown


@pytest.mark.parametrize("text", ["2024年6月底", "长期坚持", "每年", "2021-2025年"])
def test_why_unknown_of_a_deadline_that_is_read(text: str) -> None:
    assert why_unknown(text) == ""


@pytest.mark.parametrize("text", ["6月底", "年底前", "明年6月", "第三季度", "9月—12月", "2月29日"])
def test_why_unknown_without_year(text: str) -> None:
    assert why_unknown(text) == "no_year"
    assert why_unknown(text, year=2024) == ""


@pytest.mark.parametrize(
    "text",
    [
        "2024年13月",
        "2024年0月",
        "2024.13.1",
        "2024年2月30日",
        "2024-02-30",
        "2024年6月31日前",
        "2024年6月0日",
        "2023年2月29日",
        "2024年3月1日至6月31日",
        "2024年五季度",
        "6月31日",
        "2月30日",
    ],
)
def test_why_unknown_of_a_day_that_is_not_in_the_calendar(text: str) -> None:
    assert why_unknown(text) == "impossible"
    assert not lacks_year(text)


def test_why_unknown_of_a_day_that_the_given_year_does_not_have() -> None:
    assert why_unknown("2月29日", year=2023) == "impossible"


@pytest.mark.parametrize(
    "text",
    [
        "2024年6月底前完成方案，12月底前完成建设",
        "2024年底前建成，2025年底前投用",
        "2024年6月、2025年6月",
        "2024年6月30日、12月31日",
        "6月、12月",
        "2024年6月底前（力争5月底前）",
        "2025年至2021年",
        "2024年6月至2024年5月",
        "2024-2025学年",
        "每年6月、12月",
        "每年6月底和12月底前",
        "每月5日、20日前",
        "每年上半年、下半年",
        "每月、每季度",
        "12月底前，每月调度",
    ],
)
def test_why_unknown_of_several_times(text: str) -> None:
    assert why_unknown(text) == "several"


@pytest.mark.parametrize(
    "text",
    [
        "2023年底，长期坚持",
        "2024年12月底前；长期坚持",
        "2024年6月底前完成，并长期坚持",
        "2024年6月30日前完成并持续推进",
        "2024年12月底前取得阶段性成效，持续推进",
        "持续推进至2025年底",
        "长期坚持到2025年",
        "2024年—长期",
        "2025年前每年",
        "每季度调度一次，2024年底完成",
        "到十四五末，每年",
    ],
)
def test_why_unknown_of_an_end_beside_an_ongoing_duty(text: str) -> None:
    assert why_unknown(text) == "end_and_ongoing"
