from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadlines import (
    Deadline,
    Period,
    first_round,
    lacks_year,
    next_period,
    period_of,
    read_deadline,
)
from workflow.states import DeadlineKind, Frequency

UNKNOWN = Deadline(DeadlineKind.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("2025年", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        ("２０２５年", date(2025, 12, 31)),
        ("二〇二五年", date(2025, 12, 31)),
        ("2025年度", date(2025, 12, 31)),
        ("2025年底", date(2025, 12, 31)),
        ("2025年年末", date(2025, 12, 31)),
        ("2025年内", date(2025, 12, 31)),
        ("2024年6月底", date(2024, 6, 30)),
        ("2024年6月", date(2024, 6, 30)),
        ("2024年2月", date(2024, 2, 29)),
        ("2023年2月末", date(2023, 2, 28)),
        ("2024.6", date(2024, 6, 30)),
        ("2024-06", date(2024, 6, 30)),
        ("2024年6月中旬", date(2024, 6, 20)),
        ("二〇二四年十二月底", date(2024, 12, 31)),
        ("2024年一季度末", date(2024, 3, 31)),
        ("2024年第二季度", date(2024, 6, 30)),
        ("2024年4季度", date(2024, 12, 31)),
        ("2024年前三季度", date(2024, 9, 30)),
        ("2024年上半年", date(2024, 6, 30)),
        ("2024年下半年", date(2024, 12, 31)),
        ("2024年6月30日", date(2024, 6, 30)),
        ("2024-06-30", date(2024, 6, 30)),
        ("2024.6.30", date(2024, 6, 30)),
        ("2024/6/30", date(2024, 6, 30)),
        ("20240630", date(2024, 6, 30)),
        ("2023-12-31 00:00:00", date(2023, 12, 31)),
        ("2023-12-31T00:00:00", date(2023, 12, 31)),
        ("到2025年", date(2025, 12, 31)),
        ("力争到2025年底前", date(2025, 12, 31)),
        ("于2024年6月30日前完成", date(2024, 6, 30)),
        ("2024年6月30日之前完成。", date(2024, 6, 30)),
        ("至2024年11月底以前", date(2024, 11, 30)),
        (" 2024年\n6月底\t", date(2024, 6, 30)),
    ],
)
def test_read_deadline_date(text: str, due_on: date) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.DATE, due_on=due_on)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("年底", date(2024, 12, 31)),
        ("年末", date(2024, 12, 31)),
        ("年内", date(2024, 12, 31)),
        ("今年底", date(2024, 12, 31)),
        ("6月底", date(2024, 6, 30)),
        ("6月30日前", date(2024, 6, 30)),
        ("2月29日", date(2024, 2, 29)),
        ("一季度末", date(2024, 3, 31)),
        ("上半年", date(2024, 6, 30)),
        ("下半年", date(2024, 12, 31)),
    ],
)
def test_read_deadline_without_year(text: str, due_on: date) -> None:
    assert read_deadline(text, year=2024) == Deadline(DeadlineKind.DATE, due_on=due_on)
    assert read_deadline(text) == UNKNOWN
    assert lacks_year(text)


def test_read_deadline_printed_year_beats_the_given_one() -> None:
    assert read_deadline("2022年6月", year=2024).due_on == date(2022, 6, 30)


@pytest.mark.parametrize(
    ("text", "start_on", "due_on"),
    [
        ("2021年-2025年", date(2021, 1, 1), date(2025, 12, 31)),
        ("2022—2024年", date(2022, 1, 1), date(2024, 12, 31)),
        ("2022～2024年", date(2022, 1, 1), date(2024, 12, 31)),
        ("2022年至2024年底前", date(2022, 1, 1), date(2024, 12, 31)),
        ("2024年3月至6月", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年3-6月", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024.3-6", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年10月—2025年3月", date(2024, 10, 1), date(2025, 3, 31)),
        ("2024年3月1日至15日", date(2024, 3, 1), date(2024, 3, 15)),
        ("从2024年3月1日到6月30日", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024-03-01至2024-06-30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024-03-01 - 2024-06-30", date(2024, 3, 1), date(2024, 6, 30)),
    ],
)
def test_read_deadline_range(text: str, start_on: date, due_on: date) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.RANGE, start_on, due_on)


@pytest.mark.parametrize(
    "text", ["长期坚持", "长期", "持续推进", "常态化", "常态化推进", "长期坚持、持续推进", "长期\n坚持。"]
)
def test_read_deadline_ongoing_is_yearly(text: str) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.ONGOING, freq=Frequency.YEARLY)


def test_read_deadline_ongoing_keeps_its_beginning() -> None:
    ongoing = Deadline(DeadlineKind.ONGOING, start_on=date(2022, 1, 1), freq=Frequency.YEARLY)
    assert read_deadline("2022年起长期坚持") == ongoing


@pytest.mark.parametrize(
    ("text", "freq"),
    [
        ("每年", Frequency.YEARLY),
        ("每年12月底前", Frequency.YEARLY),
        ("每半年", Frequency.HALF_YEARLY),
        ("每季度", Frequency.QUARTERLY),
        ("长期坚持，每季度一次", Frequency.QUARTERLY),
        ("按季度", Frequency.QUARTERLY),
        ("每月", Frequency.MONTHLY),
        ("每个月5日前", Frequency.MONTHLY),
    ],
)
def test_read_deadline_recurring(text: str, freq: Frequency) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.RECURRING, freq=freq)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "立即",
        "立即整改",
        "按时间节点",
        "按时限要求",
        "按年度计划",
        "每三年",
        "2024年2月30日",
        "2023年2月29日",
        "2024年13月",
        "2024年五季度",
        "2025年至2021年",
        "2023年底，长期坚持",
        "2025年前每年",
        "24年底",
        "3",
        "45291",
        "6.30",
        "2024年" * 1000,
    ],
)
def test_read_deadline_unknown_waits_for_a_person(text: str) -> None:
    assert read_deadline(text) == UNKNOWN
    assert not lacks_year(text)


def test_read_deadline_impossible_day_of_a_given_year() -> None:
    assert read_deadline("2月30日", year=2024) == UNKNOWN
    assert read_deadline("2月29日", year=2023) == UNKNOWN


PIECES = st.lists(
    st.sampled_from([*"0123456789年月日底前至到-—.每半季度长期坚持上下一二三十起〇 \n", "2024", "季度"]), max_size=15
)


@given(text=st.text() | PIECES.map("".join), year=st.none() | st.integers(-10, 20000))
def test_read_deadline_never_raises_and_is_consistent(text: str, year: int | None) -> None:
    read = read_deadline(text, year=year)
    assert (read.due_on is not None) == (read.kind in (DeadlineKind.DATE, DeadlineKind.RANGE))
    assert (read.freq is not None) == (read.kind in (DeadlineKind.ONGOING, DeadlineKind.RECURRING))
    if read.kind == DeadlineKind.RANGE:
        assert read.start_on <= read.due_on


@pytest.mark.parametrize(
    ("freq", "period"),
    [
        (Frequency.YEARLY, Period(date(2024, 1, 1), date(2024, 12, 31))),
        (Frequency.HALF_YEARLY, Period(date(2024, 1, 1), date(2024, 6, 30))),
        (Frequency.QUARTERLY, Period(date(2024, 1, 1), date(2024, 3, 31))),
        (Frequency.MONTHLY, Period(date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_period_of_contains_the_day(freq: Frequency, period: Period) -> None:
    assert period_of(date(2024, 2, 10), freq) == period


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), freq=st.sampled_from(Frequency))
def test_periods_follow_without_gap(day: date, freq: Frequency) -> None:
    period = period_of(day, freq)
    following = next_period(period.due_on, freq)
    assert period.start_on <= day <= period.due_on
    assert (following.start_on - period.due_on).days == 1
    assert period_of(following.due_on, freq) == following


@pytest.mark.parametrize(
    ("start_on", "freq", "due_on"),
    [
        (date(2021, 11, 22), Frequency.YEARLY, date(2022, 12, 31)),
        (date(2021, 10, 3), Frequency.YEARLY, date(2021, 12, 31)),  # 90 days
        (date(2021, 10, 4), Frequency.YEARLY, date(2022, 12, 31)),  # 89 days
        (date(2021, 11, 22), Frequency.HALF_YEARLY, date(2022, 6, 30)),
        (date(2021, 2, 1), Frequency.HALF_YEARLY, date(2021, 6, 30)),
        (date(2021, 11, 22), Frequency.QUARTERLY, date(2021, 12, 31)),
        (date(2021, 11, 22), Frequency.MONTHLY, date(2021, 11, 30)),
    ],
)
def test_first_round_joins_a_short_rest(start_on: date, freq: Frequency, due_on: date) -> None:
    assert first_round(start_on, freq) == Period(start_on, due_on)
