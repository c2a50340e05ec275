import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.calendar import WorkCalendar
from workflow.ladder import (
    Clock,
    Ring,
    RulePack,
    Running,
    alarms,
    days_left,
    due_now,
    late_working_days,
    light,
    next_alarm,
    quiet_after_rejection,
    yellow_on,
)
from workflow.states import Light, State

FIXTURES = Path(__file__).parents[2] / "fixtures"
RULES = json.loads((FIXTURES / "rules.json").read_text(encoding="utf-8"))
with (FIXTURES / "calendar.csv").open(encoding="utf-8") as file:
    CALENDAR = WorkCalendar.from_rows((date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(file))
PACK = RulePack.from_json(RULES)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due_clock(since: str, due: str | None, quiet: str | None = None) -> Running:
    return Running(Clock.DUE, 1, on(since), due and on(due), quiet and on(quiet))


def days_of(running: Running, n: int = 20) -> dict[str, str]:
    """Rung code → the day it rings, in order; the hour is checked by a property below."""
    return {alarm.rung_code: f"{alarm.at:%Y-%m-%d}" for alarm in islice(alarms(running, PACK, CALENDAR), n)}


def codes(rings: Iterable[Ring], superseded: bool) -> list[str]:
    return [ring.alarm.rung_code for ring in rings if ring.superseded is superseded]


def rings_at(now: str, *clocks: Running, raised: Iterable[tuple[int, str]] = ()) -> list[Ring]:
    return due_now(clocks, set(raised), PACK, CALENDAR, at(now))


# When a rung rings


def test_due_clock_rings_up_to_the_year_end_and_through_spring_festival() -> None:
    assert days_of(due_clock("2021-11-22", "2022-12-31")) == {
        "due-30": "2022-12-01",
        "due-7": "2022-12-23",  # the 24th is a Saturday
        "due-1": "2022-12-30",
        "due+1": "2023-01-03",  # the 2nd is a holiday
        "due+5": "2023-01-09",
        "due+10": "2023-01-16",
        "due+20": "2023-02-02",  # 21–27 January is Spring Festival, 28 and 29 make up for it
    }


def test_reminder_inside_a_holiday_moves_before_it() -> None:
    assert days_of(due_clock("2024-01-02", "2024-10-06"))["due-1"] == "2024-09-30"


@pytest.mark.parametrize(
    ("since", "due", "reminders"),
    [
        ("2024-03-01", "2024-04-30", ["due-30", "due-7", "due-1"]),  # 60 days: the 30th is just in the second half
        ("2024-03-02", "2024-04-30", ["due-7", "due-1"]),  # 59
        ("2024-03-04", "2024-03-18", ["due-7", "due-1"]),  # 14
        ("2024-03-05", "2024-03-18", ["due-1"]),  # 13
        ("2024-03-18", "2024-03-19", []),  # 1
        ("2024-10-01", "2024-10-06", []),  # due-1 would ring on 30 September, before the term began
    ],
)
def test_reminder_earlier_than_half_the_term_is_skipped(since: str, due: str, reminders: list[str]) -> None:
    assert [code for code in days_of(due_clock(since, due)) if "-" in code] == reminders


def test_ladder_of_a_date_already_passed_starts_when_the_clock_does() -> None:
    assert days_of(due_clock("2024-11-20", "2022-12-31")) == {
        "due+1": "2024-11-21",
        "due+5": "2024-11-27",
        "due+10": "2024-12-04",
        "due+20": "2024-12-18",
    }


def test_due_clock_without_a_date_is_silent() -> None:
    assert days_of(due_clock("2024-11-20", None)) == {}


def test_quiet_days_gather_the_rungs_that_would_ring_in_them() -> None:
    assert days_of(due_clock("2022-01-04", "2024-11-15", quiet="2024-11-28")) == {
        "due+1": "2024-11-28",
        "due+5": "2024-11-28",  # by itself on the 22nd
        "due+10": "2024-11-29",
        "due+20": "2024-12-13",
    }


def test_rejection_leaves_five_whole_working_days() -> None:
    assert quiet_after_rejection(on("2024-11-20"), PACK, CALENDAR) == on("2024-11-28")
    assert quiet_after_rejection(on("2024-09-30"), PACK, CALENDAR) == on("2024-10-14")


def test_quiet_days_that_end_before_the_due_date_keep_its_reminders() -> None:
    assert days_of(due_clock("2024-01-02", "2024-11-29", quiet="2024-11-28"))["due-7"] == "2024-11-28"


def test_signing_is_in_time_on_the_second_working_day() -> None:
    running = Running(Clock.SIGN, 1, on("2024-09-30"))
    assert days_of(running) == {"sign+3": "2024-10-10"}
    assert rings_at("2024-10-09T23:59", running) == []


def test_review_clock_counts_working_days_since_handing_in() -> None:
    running = Running(Clock.REVIEW, 4, on("2024-11-20"))
    assert days_of(running) == {"review+5": "2024-11-27", "review+10": "2024-12-04"}


def test_report_clock_repeats_and_moves_to_the_next_working_day() -> None:
    assert days_of(Running(Clock.REPORT, 3, on("2024-01-08")), 3) == {
        "report+90": "2024-04-07",  # a Sunday that makes up for Tomb-sweeping Day
        "report+180": "2024-07-08",  # the 6th is a Saturday
        "report+270": "2024-10-08",  # the 4th is a holiday
    }


# What to record now


def test_nothing_is_due_before_nine() -> None:
    running = due_clock("2021-11-22", "2022-12-31")
    assert rings_at("2022-12-01T08:59:59", running) == []
    assert codes(rings_at("2022-12-01T09:00", running), superseded=False) == ["due-30"]


def test_after_an_outage_only_the_highest_rung_rings() -> None:
    rings = rings_at("2023-01-10T03:00", due_clock("2021-11-22", "2022-12-31"), raised=[(1, "due-30")])
    assert codes(rings, superseded=False) == ["due+5"]
    assert codes(rings, superseded=True) == ["due-7", "due-1", "due+1"]


def test_rung_below_one_that_has_rung_does_not_ring_any_more() -> None:
    rings = rings_at("2023-01-10T03:00", due_clock("2021-11-22", "2022-12-31"), raised=[(1, "due+5")])
    assert codes(rings, superseded=False) == []


def test_moved_due_date_is_a_clock_of_its_own() -> None:
    moved = replace(due_clock("2023-01-10", "2023-12-31"), seq=9)
    assert codes(rings_at("2023-12-01T09:00", moved, raised=[(1, "due-30")]), superseded=False) == ["due-30"]


def test_each_clock_rings_for_itself() -> None:
    late, unsigned = due_clock("2024-11-20", "2022-12-31"), Running(Clock.SIGN, 1, on("2024-11-20"))
    assert codes(rings_at("2024-11-25T09:00", late, unsigned), superseded=False) == ["due+1", "sign+3"]


def test_report_clock_is_silent_once_the_due_clock_rings() -> None:
    due, report = due_clock("2024-01-02", "2024-12-31"), Running(Clock.REPORT, 2, on("2024-09-10"))
    assert codes(rings_at("2024-12-31T09:00", due, report), superseded=False) == ["due-1"]
    assert next_alarm([due, report], PACK, CALENDAR, at("2024-12-03T00:00")) == at("2024-12-24T09:00")
    assert next_alarm([report], PACK, CALENDAR, at("2024-12-03T00:00")) == at("2024-12-09T09:00")


def test_report_missed_in_an_outage_is_only_recorded_when_the_due_clock_rings() -> None:
    due, report = due_clock("2024-01-02", "2024-12-31"), Running(Clock.REPORT, 2, on("2024-08-20"))
    rings = rings_at("2024-12-02T09:00", due, report)
    assert codes(rings, superseded=False) == ["due-30"]
    assert codes(rings, superseded=True) == ["report+90"]


def test_quiet_days_of_the_due_clock_do_not_wake_the_report_clock() -> None:
    due, report = due_clock("2024-01-02", "2024-11-29", quiet="2024-11-28"), Running(Clock.REPORT, 2, on("2024-08-20"))
    assert rings_at("2024-11-27T09:00", due, report) == []


def test_next_alarm_is_none_when_the_ladder_is_climbed() -> None:
    assert next_alarm([due_clock("2021-11-22", "2022-12-31")], PACK, CALENDAR, at("2023-02-02T09:00")) is None
    assert next_alarm([], PACK, CALENDAR, at("2023-02-02T09:00")) is None


def test_county_may_choose_its_own_ladder() -> None:
    rung = RULES["rungs"][4] | {"code": "due+7", "offset": 7, "unit": "calendar"}
    pack = RulePack.from_json(RULES | {"rungs": [rung], "ring_at": "08:30"})
    assert [alarm.at for alarm in alarms(due_clock("2021-11-22", "2024-09-28"), pack, CALENDAR)] == [
        at("2024-10-08T08:30")  # seven calendar days end in the National Day week
    ]


# Lights and days


@pytest.mark.parametrize(
    ("start", "due", "expected"),
    [
        ("2021-11-22", "2022-12-31", "2022-12-01"),  # a long term: 30 days are left
        ("2024-01-01", "2024-04-30", "2024-03-31"),  # 120 days
        ("2024-01-02", "2024-04-30", "2024-04-01"),  # 119 days: 29 are left
        ("2021-11-22", "2021-12-31", "2021-12-22"),  # 39 days: 9 are left
        ("2024-11-18", "2024-11-29", "2024-11-26"),  # 9 working days: 3 are left
        ("2024-11-28", "2024-11-29", "2024-11-28"),  # yellow all along
        ("2024-11-20", "2022-12-31", "2022-12-31"),  # passed before it began
    ],
)
def test_yellow_begins_with_the_last_stretch_of_the_term(start: str, due: str, expected: str) -> None:
    assert yellow_on(on(start), on(due), PACK, CALENDAR) == on(expected)


def test_no_due_date_is_never_yellow() -> None:
    assert yellow_on(on("2024-01-01"), None, PACK, CALENDAR) is None


DUE, YELLOW = on("2022-12-31"), on("2022-12-01")


@pytest.mark.parametrize(
    ("state", "today", "frozen", "suspended", "expected"),
    [
        (State.IN_PROGRESS, "2022-11-30", None, False, Light.GREEN),
        (State.IN_PROGRESS, "2022-12-01", None, False, Light.YELLOW),
        (State.IN_PROGRESS, "2022-12-31", None, False, Light.YELLOW),
        (State.ASSIGNED, "2023-01-01", None, False, Light.RED),
        (State.IN_PROGRESS, "2023-01-01", None, True, Light.GREY),
        (State.SUBMITTED, "2023-02-01", "2022-11-20", False, Light.GREEN),
        (State.SUBMITTED, "2023-02-01", "2022-12-31", False, Light.YELLOW),
        (State.SUBMITTED, "2023-02-01", "2023-01-01", False, Light.RED),
        (State.IN_PROGRESS, "2023-02-01", "2022-11-20", False, Light.RED),  # rejected: its own days again
        (State.VERIFIED, "2023-02-01", "2023-01-20", False, Light.BLUE),
        (State.CLOSED, "2023-02-01", None, False, Light.BLUE),
        (State.CANCELLED, "2023-02-01", None, False, None),
    ],
)
def test_light(state: State, today: str, frozen: str | None, suspended: bool, expected: Light | None) -> None:
    frozen_on = frozen and on(frozen)
    shown = light(state=state, due_on=DUE, yellow_on=YELLOW, frozen_on=frozen_on, suspended=suspended, today=on(today))
    assert shown == expected


def test_light_without_due_date_is_green() -> None:
    shown = light(state=State.ASSIGNED, due_on=None, yellow_on=None, frozen_on=None, today=on("2099-01-01"))
    assert shown == Light.GREEN


def test_lateness_is_told_in_working_days_and_the_rest_in_calendar_days() -> None:
    assert late_working_days(DUE, on("2023-01-09"), CALENDAR) == 5
    assert late_working_days(DUE, DUE, CALENDAR) == 0
    assert late_working_days(None, DUE, CALENDAR) == 0
    assert (days_left(DUE, on("2022-12-01")), days_left(DUE, on("2023-01-02"))) == (30, -2)


# Properties

any_day = st.dates(date(2021, 1, 1), date(2028, 12, 31))


@st.composite
def running_clocks(draw: st.DrawFn) -> list[Running]:
    kinds = draw(st.lists(st.sampled_from(Clock), unique=True, min_size=1))
    clocks = []
    for seq, clock in enumerate(kinds, 1):
        since = draw(any_day)
        due_on = draw(st.none() | st.dates(since - timedelta(days=100), since + timedelta(days=500)))
        quiet = draw(st.none() | st.dates(since, since + timedelta(days=600)))
        clocks.append(Running(clock, seq, since, due_on if clock is Clock.DUE else None, quiet))
    return clocks


moments = st.datetimes(
    datetime(2021, 1, 1), datetime(2031, 1, 1), timezones=st.sampled_from([SHANGHAI, ZoneInfo("UTC")])
)


@given(running_clocks())
def test_alarms_ring_at_nine_on_working_days_in_order(clocks: list[Running]) -> None:
    for running in clocks:
        series = list(islice(alarms(running, PACK, CALENDAR), 12))
        assert all(CALENDAR.is_working(alarm.at.date()) for alarm in series)
        assert {f"{alarm.at:%H:%M %z}" for alarm in series} <= {"09:00 +0800"}
        assert all(alarm.at.date() > running.since for alarm in series if running.quiet_until is None)
        assert all(running.quiet_until <= alarm.at.date() for alarm in series if running.quiet_until)
        assert all(one.at <= other.at for one, other in pairwise(series))
        assert len({alarm.rung_code for alarm in series}) == len(series)


@given(running_clocks())
def test_reminders_ring_up_to_the_due_date_and_demands_after_it(clocks: list[Running]) -> None:
    for running in clocks:
        if running.clock is Clock.DUE and running.due_on:
            for alarm in alarms(running, PACK, CALENDAR):
                assert (alarm.at.date() <= running.due_on) == (alarm.rung.offset < 0)


@given(running_clocks(), moments)
def test_at_most_one_rung_a_clock_rings_and_only_once(clocks: list[Running], now: datetime) -> None:
    rings = due_now(clocks, set(), PACK, CALENDAR, now)
    ringing = [ring.alarm.clock_seq for ring in rings if not ring.superseded]
    assert len(ringing) == len(set(ringing))
    assert all(ring.alarm.at <= now for ring in rings)
    raised = {(ring.alarm.clock_seq, ring.alarm.rung_code) for ring in rings}
    assert due_now(clocks, raised, PACK, CALENDAR, now) == []


@given(running_clocks(), moments)
def test_next_alarm_lies_ahead_and_brings_something_new(clocks: list[Running], now: datetime) -> None:
    coming = next_alarm(clocks, PACK, CALENDAR, now)
    assume(coming is not None)
    assert coming > now
    raised = {(r.alarm.clock_seq, r.alarm.rung_code) for r in due_now(clocks, set(), PACK, CALENDAR, now)}
    assert due_now(clocks, raised, PACK, CALENDAR, coming - timedelta(seconds=1)) == []
    assert due_now(clocks, raised, PACK, CALENDAR, coming) != []


@given(running_clocks(), moments)
def test_report_clock_never_rings_beside_another(clocks: list[Running], now: datetime) -> None:
    kinds = {ring.alarm.rung.clock for ring in due_now(clocks, set(), PACK, CALENDAR, now) if not ring.superseded}
    assert Clock.REPORT not in kinds or kinds == {Clock.REPORT}


@given(any_day, any_day)
def test_yellow_lies_inside_the_term(start_on: date, due_on: date) -> None:
    assume(start_on <= due_on)
    first = yellow_on(start_on, due_on, PACK, CALENDAR)
    assert first is not None
    assert start_on <= first <= due_on
