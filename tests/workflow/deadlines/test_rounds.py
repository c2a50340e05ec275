from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadlines import Period, first_round, next_period, period_of
from workflow.states import Frequency


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
