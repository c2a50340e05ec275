from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import WorkCalendar
from workflow.deadlines import Period, first_round, next_period, period_of, round_after, year_to_decide
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
        (date(2021, 1, 1), Frequency.YEARLY, date(2021, 12, 31)),
        (date(2023, 12, 31), Frequency.YEARLY, date(2024, 12, 31)),
        (date(2021, 11, 22), Frequency.HALF_YEARLY, date(2022, 6, 30)),
        (date(2021, 2, 1), Frequency.HALF_YEARLY, date(2021, 6, 30)),
        (date(2024, 4, 2), Frequency.HALF_YEARLY, date(2024, 6, 30)),  # 90 days
        (date(2024, 4, 3), Frequency.HALF_YEARLY, date(2024, 12, 31)),  # 89 days
        (date(2021, 11, 22), Frequency.QUARTERLY, date(2022, 3, 31)),
        (date(2024, 1, 1), Frequency.QUARTERLY, date(2024, 3, 31)),  # the whole of it
        (date(2024, 1, 2), Frequency.QUARTERLY, date(2024, 3, 31)),  # 90 days, for it is a leap year
        (date(2023, 1, 2), Frequency.QUARTERLY, date(2023, 6, 30)),  # 89 days
        (date(2023, 1, 1), Frequency.QUARTERLY, date(2023, 3, 31)),  # a whole quarter of 90 days
        (date(2021, 11, 22), Frequency.MONTHLY, date(2021, 12, 31)),
        (date(2021, 12, 1), Frequency.MONTHLY, date(2021, 12, 31)),  # the whole of it
        (date(2024, 2, 1), Frequency.MONTHLY, date(2024, 2, 29)),
        (date(2024, 1, 31), Frequency.MONTHLY, date(2024, 2, 29)),  # not one day, missed the same night
        (date(2023, 1, 31), Frequency.MONTHLY, date(2023, 2, 28)),
        (date(2021, 12, 31), Frequency.MONTHLY, date(2022, 1, 31)),
    ],
)
def test_first_round_joins_a_short_rest(start_on: date, freq: Frequency, due_on: date) -> None:
    assert first_round(start_on, freq) == Period(start_on, due_on)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), freq=st.sampled_from(Frequency), rounds=st.integers(1, 30))
def test_rounds_are_the_calendar_without_gap_or_overlap(day: date, freq: Frequency, rounds: int) -> None:
    """Against the plainest model there is: the last days of all periods, in order."""
    months = {"yearly": 12, "half-yearly": 6, "quarterly": 3, "monthly": 1}[freq]
    lasts = [
        date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        for year in range(day.year, day.year + rounds * 2 + 3)
        for month in range(months, 13, months)
    ]
    one = first_round(day, freq)
    ends = [one.due_on]
    for _round in range(rounds):
        following = round_after(one.due_on, freq)
        assert following.start_on == one.due_on + timedelta(days=1)
        one = following
        ends.append(one.due_on)
    first = lasts.index(ends[0])
    assert ends == lasts[first : first + rounds + 1]
    assert (ends[0] - day).days + 1 >= 90 or period_of(day, freq).start_on == day or freq in ("monthly", "quarterly")


@pytest.mark.parametrize(
    ("last_day", "freq", "following"),
    [
        (date(2022, 12, 31), Frequency.YEARLY, Period(date(2023, 1, 1), date(2023, 12, 31))),
        (date(2023, 3, 1), Frequency.YEARLY, Period(date(2023, 3, 2), date(2023, 12, 31))),  # prolonged by a suspension
        (date(2023, 12, 20), Frequency.YEARLY, Period(date(2023, 12, 21), date(2024, 12, 31))),
        (date(2024, 2, 10), Frequency.MONTHLY, Period(date(2024, 2, 11), date(2024, 3, 31))),
    ],
)
def test_round_after_one_that_was_prolonged_is_the_rest(last_day: date, freq: Frequency, following: Period) -> None:
    assert round_after(last_day, freq) == following


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2022, 11, 30), 2021),
        (date(2022, 12, 1), 2022),  # a Thursday
        (date(2024, 11, 30), 2023),
        (date(2024, 12, 1), 2023),  # a Sunday
        (date(2024, 12, 2), 2024),
        (date(2025, 1, 1), 2024),
    ],
)
def test_year_is_decided_from_the_first_working_day_of_december(today: date, year: int) -> None:
    assert year_to_decide(today, WorkCalendar()) == year
