import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import WorkCalendar

CALENDAR_CSV = Path(__file__).parents[2] / "fixtures" / "calendar.csv"
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)


def read_calendar() -> WorkCalendar:
    with CALENDAR_CSV.open(encoding="utf-8") as file:
        return WorkCalendar.from_rows((date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(file))


CALENDAR = read_calendar()
days = st.dates(date(2003, 1, 1), date(2030, 12, 31))
exceptions = st.dictionaries(st.dates(date(2024, 1, 1), date(2024, 3, 31)), st.booleans(), max_size=60)
near = st.dates(date(2023, 12, 1), date(2024, 5, 31))


def test_every_day_agrees_with_chinesecalendar() -> None:
    every_day = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [day for day in every_day if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2024-10-07", False),  # National Day, a Monday
        ("2024-10-12", True),  # the Saturday that makes up for it
        ("2024-10-13", False),
        ("2024-10-14", True),
    ],
)
def test_is_working_knows_holidays_and_make_up_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


def test_year_without_published_holidays_counts_weekdays_and_is_provisional() -> None:
    new_year = date(2027, 1, 1)  # a Friday
    assert (CALENDAR.is_working(new_year), CALENDAR.is_provisional(new_year)) == (True, True)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2024-09-30", 1, "2024-10-08"),  # over the National Day week
        ("2024-09-30", 5, "2024-10-12"),  # 8, 9, 10, 11 and the make-up Saturday
        ("2024-10-05", 1, "2024-10-08"),  # from inside it
        ("2024-10-12", 0, "2024-10-12"),
        ("2024-10-13", 0, "2024-10-14"),
    ],
)
def test_add_counts_working_days(day: str, n: int, expected: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), n) == date.fromisoformat(expected)


def test_neighbours_of_a_holiday() -> None:
    holiday = date(2024, 10, 5)
    assert CALENDAR.on_or_before(holiday) == date(2024, 9, 30)
    assert CALENDAR.on_or_after(holiday) == date(2024, 10, 8)
    assert CALENDAR.back(holiday, 2) == date(2024, 9, 27)  # 29 (a make-up Sunday) and 30 are left


def test_between_counts_from_the_day_after_start() -> None:
    assert CALENDAR.between(date(2024, 9, 30), date(2024, 10, 12)) == 5
    assert CALENDAR.between(date(2024, 10, 12), date(2024, 10, 12)) == 0
    assert CALENDAR.between(date(2024, 10, 12), date(2024, 9, 30)) == 0
    assert CALENDAR.between(date(2022, 12, 31), date(2023, 12, 31)) == 249  # the official count of 2023


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(FIRST, -1)
    with pytest.raises(ValueError, match="positive"):
        CALENDAR.back(FIRST, 0)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([(FIRST, "feast")], "holiday or workday"),
        ([(FIRST, "holiday"), (FIRST, "workday")], "both"),
    ],
)
def test_rows_that_make_no_sense_are_refused(rows: list[tuple[date, str]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        WorkCalendar.from_rows(rows)


def test_equal_content_is_equal_hashes_alike_and_cannot_be_changed() -> None:
    again = read_calendar()
    assert (again, hash(again)) == (CALENDAR, hash(CALENDAR))
    assert again != WorkCalendar(CALENDAR.days, CALENDAR.known_years | {2027})
    with pytest.raises(TypeError):
        again.days[FIRST] = True  # type: ignore[index]


@given(days, st.integers(1, 3000))
def test_add_and_between_are_inverse(day: date, n: int) -> None:
    end = CALENDAR.add(day, n)
    assert CALENDAR.is_working(end)
    assert CALENDAR.between(day, end) == n
    assert CALENDAR.between(CALENDAR.back(end, n), end) == n


@given(exceptions, near, near)
def test_any_table_counts_as_counting_by_hand_does(table: dict[date, bool], start: date, end: date) -> None:
    calendar = WorkCalendar(table, frozenset({2024}))
    span = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    working = [day for day in span if calendar.is_working(day)]
    assert calendar.between(start, end) == len(working)
    assert [calendar.add(start, n) for n in range(1, len(working) + 1)] == working


@given(exceptions, near)
def test_neighbours_are_the_nearest_working_days(table: dict[date, bool], day: date) -> None:
    calendar = WorkCalendar(table)
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    between = [before + timedelta(days=n) for n in range((after - before).days + 1)]
    assert {one for one in between if calendar.is_working(one)} == {before, after}
