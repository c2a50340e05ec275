"""Histories worked by hand over the holidays and make-up days of 2021 and 2022, and the law that no day is lost."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import WorkCalendar
from workflow.holding import Phase, Span, Turn, Units, spans, working_days_by_holder

with (Path(__file__).parents[2] / "fixtures/calendar.csv").open(encoding="utf-8") as file:
    CALENDAR = WorkCalendar.from_rows((date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(file))
UNITS = Units(lead="教体局", verifier="教育工委", owner="统筹办")
TO_FINANCE = {"leads": [["财政局"], ["教体局", "财政局"]]}  # 财政局 had it before, 教体局 is the lead of today


def on(text: str) -> date:
    return date.fromisoformat(text)


def turns(*told: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> list[Turn]:
    return [Turn(on(day), state, *(changes or [{}])) for day, state, *changes in told]


def used(history: Iterable[Turn], today: str, due: str | None = None) -> dict[str, tuple[int, int]]:
    """Unit and phase → (working days, overdue days)."""
    found = working_days_by_holder(spans(list(history), UNITS), CALENDAR, on(today), due and on(due))
    return {f"{each.unit} {each.phase.label}": (each.working_days, each.overdue_days) for each in found}


# --- who had it when --------------------------------------------------------------------------------------------------
def test_entries_that_hand_nothing_on_make_no_span() -> None:
    history = turns(("2021-11-22", "assigned"), ("2021-11-23", "in_progress"), ("2021-12-01", "in_progress"))
    assert spans(history, UNITS) == [Span("教体局", Phase.HANDLING, on("2021-11-22"), None)]


def test_reassigned_item_was_the_former_leads_until_then() -> None:
    history = turns(("2021-11-22", "assigned"), ("2021-11-24", "assigned", TO_FINANCE), ("2021-11-25", "in_progress"))
    assert spans(history, UNITS) == [
        Span("财政局", Phase.HANDLING, on("2021-11-22"), on("2021-11-24")),
        Span("教体局", Phase.HANDLING, on("2021-11-24"), None),
    ]


def test_amendment_that_keeps_the_main_lead_divides_no_span() -> None:
    more = {"leads": [["教体局"], ["教体局", "财政局"]], "text": ["旧", "新"]}
    history = turns(("2021-11-22", "assigned"), ("2021-11-24", "assigned", more))
    assert spans(history, UNITS) == [Span("教体局", Phase.HANDLING, on("2021-11-22"), None)]


def test_review_before_another_verifier_was_chosen_stays_with_the_former() -> None:
    another = {"verifier": ["政府督查室", "教育工委"]}
    history = turns(
        ("2021-11-22", "submitted"), ("2021-11-23", "in_progress"), ("2021-11-24", "in_progress", another)
    ) + turns(("2021-11-25", "submitted"))
    assert [(span.unit, span.phase) for span in spans(history, UNITS)] == [
        ("政府督查室", Phase.REVIEW),
        ("教体局", Phase.HANDLING),
        ("教育工委", Phase.REVIEW),
    ]


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_ended_item_is_with_nobody(end: str) -> None:
    history = turns(("2021-11-22", "verified"), ("2021-11-24", end))
    assert spans(history, UNITS) == [Span("统筹办", Phase.CONCLUDING, on("2021-11-22"), on("2021-11-24"))]


def test_days_of_awaited_units_are_theirs_until_the_entry_that_says_otherwise() -> None:
    day, progress = date(2021, 11, 22), "in_progress"
    history = [
        Turn(day, progress, {}),
        Turn(on("2021-11-24"), progress, {}, awaits=["财政局", "人社局"]),
        Turn(on("2021-11-25"), progress, {}),  # a report, say
        Turn(on("2021-11-26"), progress, {}, awaits=["财政局"]),
        Turn(on("2021-11-29"), progress, {}, awaits=[]),
        Turn(on("2021-11-30"), "submitted", {}),
    ]
    assert spans(history, UNITS) == [
        Span("教体局", Phase.HANDLING, day, on("2021-11-24")),
        Span("财政局、人社局", Phase.AWAITED, on("2021-11-24"), on("2021-11-26")),
        Span("财政局", Phase.AWAITED, on("2021-11-26"), on("2021-11-29")),
        Span("教体局", Phase.HANDLING, on("2021-11-29"), on("2021-11-30")),
        Span("教育工委", Phase.REVIEW, on("2021-11-30"), None),
    ]


def test_days_of_a_suspension_are_nobodys_and_those_of_an_objection_the_owners() -> None:
    history = [
        Turn(on("2021-11-22"), "assigned", {}),
        Turn(on("2021-11-24"), "assigned", {}, pause="objected"),
        Turn(on("2021-11-26"), "assigned", {}, pause=""),
        Turn(on("2021-12-01"), "in_progress", {}, pause="suspended"),
        Turn(on("2021-12-08"), "in_progress", {}, pause=""),
    ]
    assert used(history, "2021-12-10") == {"教体局 办理": (2 + 3 + 2, 0), "统筹办 定责": (2, 0)}


# --- working days -----------------------------------------------------------------------------------------------------
DISPATCHED = ("2021-12-20", "assigned")  # a Monday
# 21–24 and 27–31 December; 4–6 January, after three days of 元旦; 7 and 10–14 January; 17 and 18 January
TWICE_HANDED_IN = turns(
    DISPATCHED,
    ("2021-12-21", "in_progress"),
    ("2021-12-31", "submitted"),
    ("2022-01-06", "in_progress"),
    ("2022-01-14", "submitted"),
    ("2022-01-18", "verified"),
)
# 28 January, the make-up days 29 and 30, then 春节 to 6 February; 7 and 8 February; 9–11; 14; 15 and 16
REASSIGNED = turns(
    ("2022-01-27", "assigned"),
    ("2022-02-08", "assigned", TO_FINANCE),
    ("2022-02-09", "in_progress"),
    ("2022-02-11", "submitted"),
    ("2022-02-14", "in_progress"),
)


@pytest.mark.parametrize(
    ("history", "today", "due", "expected"),
    [
        pytest.param(turns(DISPATCHED), "2021-12-20", None, {"教体局 办理": (0, 0)}, id="day of dispatch is nobody's"),
        pytest.param(turns(DISPATCHED), "2022-01-03", "2021-12-31", {"教体局 办理": (9, 0)}, id="holidays count not"),
        pytest.param(turns(DISPATCHED), "2022-01-04", "2021-12-31", {"教体局 办理": (10, 1)}, id="first day late"),
        pytest.param(
            TWICE_HANDED_IN,
            "2022-01-20",
            "2022-01-04",
            {"教体局 办理": (9 + 6, 6), "教育工委 审核": (3 + 2, 2 + 2), "统筹办 统筹": (2, 0)},
            id="rejected, handed in again, verified",
        ),
        pytest.param(
            REASSIGNED,
            "2022-02-16",
            "2022-01-30",
            {"财政局 办理": (5, 2), "教体局 办理": (3 + 2, 3 + 2), "教育工委 审核": (1, 1)},
            id="reassigned and withdrawn around 春节",
        ),
        pytest.param(
            turns(("2022-04-01", "in_progress"), ("2022-04-06", "submitted"), ("2022-04-06", "in_progress")),
            "2022-04-07",
            None,
            {"教体局 办理": (3, 0), "教育工委 审核": (0, 0)},
            id="withdrawn on the day, over 清明 with its make-up Saturday",
        ),
        pytest.param(
            turns(("2022-04-22", "in_progress"), ("2022-04-23", "submitted"), ("2022-04-24", "in_progress")),
            "2022-04-25",
            "2022-04-22",
            {"教体局 办理": (1, 1), "教育工委 审核": (1, 1)},
            id="review over a free Saturday and a Sunday that works",
        ),
        pytest.param(
            turns(("2022-04-20", "verified"), ("2022-04-22", "closed"), ("2022-04-27", "in_progress")),
            "2022-04-29",
            "2022-12-31",
            {"统筹办 统筹": (2, 0), "教体局 办理": (2, 0)},
            id="reopened: nobody had it while it was closed",
        ),
    ],
)
def test_days_of_a_history_worked_by_hand(
    history: list[Turn], today: str, due: str | None, expected: dict[str, tuple[int, int]]
) -> None:
    assert used(history, today, due) == expected


def test_holders_come_in_the_order_in_which_they_first_had_it() -> None:
    assert list(used(TWICE_HANDED_IN, "2022-01-20")) == ["教体局 办理", "教育工委 审核", "统筹办 统筹"]


# --- no day is lost or counted twice ----------------------------------------------------------------------------------
NAMES = st.sampled_from(["甲", "乙", "丙"])
STATES = st.sampled_from(["assigned", "in_progress", "submitted", "verified"])


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Turn], date]:
    """Entries in order of time, several a day among them, some with a change of units; and a day after them all."""
    day, history = draw(st.dates(date(2021, 1, 1), date(2022, 6, 30))), []
    for state in draw(st.lists(STATES, min_size=1, max_size=12)):
        pair = st.lists(st.lists(NAMES, min_size=1, max_size=2), min_size=2, max_size=2)
        changes = draw(st.fixed_dictionaries({}, optional={"leads": pair, "verifier": st.tuples(NAMES, NAMES)}))
        history.append(Turn(day, state, changes))
        day += timedelta(draw(st.integers(0, 20)))
    return history, day


@given(histories(), st.dates(date(2021, 1, 1), date(2023, 6, 30)))
def test_days_of_all_holders_are_the_working_days_since_dispatch(told: tuple[list[Turn], date], due_on: date) -> None:
    history, today = told
    start, handled = history[0].on, [turn for turn in history if turn.state != "verified"]
    found = working_days_by_holder(spans(history, UNITS), CALENDAR, today, due_on)
    assert sum(each.working_days for each in found) == CALENDAR.between(start, today)
    if handled == history:
        assert sum(each.overdue_days for each in found) == CALENDAR.between(max(start, due_on), today)
    assert all(0 <= each.overdue_days <= each.working_days for each in found)


@given(histories())
def test_each_day_belongs_to_who_had_it_as_the_day_began(told: tuple[list[Turn], date]) -> None:
    history, today = told
    found = spans(history, UNITS)
    for days in range(1, (today - history[0].on).days + 1):
        day = history[0].on + timedelta(days)
        holding = [span for span in found if span.since < day <= (span.until or today)]
        state = [turn.state for turn in history if turn.on < day][-1]
        phase = {"submitted": Phase.REVIEW, "verified": Phase.CONCLUDING}.get(state, Phase.HANDLING)
        assert [span.phase for span in holding] == [phase]
