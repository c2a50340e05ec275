"""Rounds: what the clock renews and lapses and when, what ends with a round, and what stays in its history."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from notifications import rendering
from notifications.models import Message
from tests.workflow.conftest import NOW
from workflow import turning
from workflow.actions.escalations import sweep
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.deadlines import first_round, period_of
from workflow.errors import Invalid, MoveNotPossible, NotAllowed
from workflow.models import Escalation, Evidence, Round, SubItem, Submission
from workflow.models.journal import broken_links
from workflow.states import Frequency, Light, State
from workflow.turning import Turned, pass_time, turn_rounds

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, VERIFIER, COORDINATOR = "dinghaiyan", "majianjun", "yangjing", "wangxuewen"
ONE = "9.2"  # 教体局 leads, 教育工委 verifies; yearly, the first round from 2021-11-22 to 2022-12-31
DAY = timedelta(days=1)


def at(day: str, hour: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=NOW.tzinfo)


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(number: str = ONE) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(number=number)


def move(name: str, username: str, day: str, number: str = ONE, **details: Any) -> SubItem:
    one = fresh(number)
    return make_move(one.pk, name, by=person(username), now=at(day, 10), version=one.seq, details=details)


def report(day: str) -> None:
    report_progress(fresh().pk, by=person(OFFICER), now=at(day, 9), percent=100, words="已办。")


def hand_in(day: str) -> None:
    report(day)
    move("submit", HEAD, day, summary="请审核。")


def verify(day: str) -> SubItem:
    hand_in(day)
    return move("approve", VERIFIER, day)


def turn(day: str, hour: int = 0) -> Turned:
    return turn_rounds(now=at(day, hour))


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def sound() -> bool:
    one = fresh()
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


def rounds() -> list[tuple[int, str, str, str]]:
    rows = Round.objects.filter(item__number=ONE).order_by("number")
    return [(row.number, row.start_on.isoformat(), str(row.due_on), row.outcome) for row in rows]


@pytest.fixture
def signed(pingluo: object) -> SubItem:
    """The one item in rounds; the others of the plan are put out of the clock's sight."""
    SubItem.objects.exclude(number=ONE).update(turn_at=None)
    move("accept", OFFICER, "2021-11-23")
    return fresh()


# --- when the clock turns it ------------------------------------------------------------------------------------------
def test_what_runs_in_rounds_knows_when_it_turns(pingluo: object) -> None:
    turns = dict(SubItem.objects.values_list("number", "turn_at"))
    assert turns[ONE] == at("2023-01-01")
    assert {number for number, moment in turns.items() if moment} == set(
        SubItem.objects.filter(kind="ongoing").values_list("number", flat=True)
    )


def test_nothing_turns_before_its_day_has_passed(signed: SubItem) -> None:
    assert turn_rounds(now=at("2023-01-01") - timedelta(seconds=1)) == Turned()
    assert fresh().round_no == 1


def test_a_round_that_ends_unverified_is_kept_as_missed_and_the_next_begins(signed: SubItem) -> None:
    report("2022-05-01")
    assert turn("2023-01-01") == Turned(lapsed=1)
    one, entry = fresh(), signed.journal.last()
    assert (one.state, one.round_no, one.start_on, one.due_on) == (
        *(State.IN_PROGRESS, 2, date(2023, 1, 1), date(2023, 12, 31)),
    )
    assert (one.assignee.username, one.participants, one.reported_at, one.approved_by) == (OFFICER, [], None, None)
    assert (entry.action, entry.actor_id, entry.round_no) == ("lapse", None, 2)
    assert entry.details == {"outcome": "missed", "ended_round": 1, "round": 2}
    assert one.clocks == {
        "sign": signed.clocks["sign"],
        **{key: {"seq": entry.seq, "since": "2023-01-01"} for key in ("due", "report")},
    }
    assert rounds() == [(1, "2021-11-22", "2022-12-31", "missed")]
    assert told("move.lapse") == {OFFICER, HEAD, "maguohua", VERIFIER, COORDINATOR}
    assert (one.light(date(2023, 1, 1)), one.turn_at) == (Light.GREEN, at("2024-01-01"))
    assert sound()
    assert turn("2023-01-01") == Turned()


def test_a_verified_round_opens_the_next_on_the_first_day_of_the_next_period(signed: SubItem) -> None:
    verify("2022-06-30")
    assert turn("2022-12-31", 23) == Turned()
    assert turn("2023-01-01") == Turned(renewed=1)
    one, ended = fresh(), Round.objects.get()
    assert (one.state, one.round_no, one.due_on, one.holder.name) == (
        *(State.IN_PROGRESS, 2, date(2023, 12, 31), "教体局"),
    )
    assert (ended.outcome, ended.handed_in_on, ended.verified_by.username, ended.verifier.name) == (
        *("verified", date(2022, 6, 30), VERIFIER, "教育工委"),
    )
    assert (ended.used_days, ended.late_days, ended.ended_at) == (
        one.plan.rules_in_force().calendar.between(date(2021, 11, 22), date(2022, 6, 30)),
        0,
        at("2023-01-01"),
    )
    assert sound()


@pytest.mark.parametrize("day", ["2022-03-01", "2022-12-31"])
def test_renewed_early_it_is_the_round_the_clock_would_have_opened(signed: SubItem, day: str) -> None:
    verify("2022-02-01")
    early = move("renew", COORDINATOR, day)
    assert (early.round_no, early.start_on, early.due_on) == (2, date(2023, 1, 1), date(2023, 12, 31))
    assert turn("2023-01-01") == Turned()
    assert [row[:3] for row in rounds()] == [(1, "2021-11-22", "2022-12-31")]


def test_renewed_late_no_period_is_skipped(signed: SubItem) -> None:
    verify("2022-02-01")
    late = move("renew", COORDINATOR, "2024-05-01")  # the clock stood
    assert (late.round_no, late.due_on) == (2, date(2023, 12, 31))
    assert turn("2024-05-01", 11) == Turned(lapsed=1)
    assert fresh().due_on == date(2024, 12, 31)


def test_reopened_with_an_earlier_date_it_never_gets_the_same_period_again(signed: SubItem) -> None:
    verify("2022-02-01")
    move("reopen", COORDINATOR, "2022-03-01", comment="回头看", due_on="2022-05-31")
    assert (fresh().moved_from, fresh().turn_at) == (date(2022, 12, 31), at("2023-01-01"))
    assert turn("2022-06-01") == Turned()  # late, but its period runs
    assert fresh().light(date(2022, 6, 1)) == Light.RED
    verify("2022-07-01")
    assert move("renew", COORDINATOR, "2022-07-02").due_on == date(2023, 12, 31)


def test_after_years_without_a_clock_every_missed_round_is_kept(signed: SubItem) -> None:
    verify("2022-02-01")
    assert turn("2026-03-15", 8) == Turned(renewed=1, lapsed=3)
    assert rounds() == [
        (1, "2021-11-22", "2022-12-31", "verified"),
        (2, "2023-01-01", "2023-12-31", "missed"),
        (3, "2024-01-01", "2024-12-31", "missed"),
        (4, "2025-01-01", "2025-12-31", "missed"),
    ]
    assert (fresh().round_no, fresh().due_on) == (5, date(2026, 12, 31))
    assert sound()


def test_the_ladder_does_not_call_a_round_late_that_has_ended(signed: SubItem) -> None:
    SubItem.objects.exclude(number=ONE).update(alarm_at=None)
    late = at("2023-03-01", 10)
    sweep(now=late)
    assert not Escalation.objects.exists()
    turn_rounds(now=late)
    sweep(now=late)
    assert not Escalation.objects.filter(rung__startswith="due").exists()


def test_time_that_passes_rings_and_turns_in_order(signed: SubItem) -> None:
    turned, swept = pass_time(start=at("2021-11-23", 12), end=at("2023-02-01"))
    assert turned == Turned(lapsed=1)
    mine = Escalation.objects.filter(item=signed).order_by("raised_at").values_list("rung", "raised_at")
    before = [rung for rung, moment in mine if moment < at("2023-01-01")]
    assert before[-3:] == ["due-30", "due-7", "due-1"]
    assert len(before) == len(mine) and swept.raised >= len(mine)


# --- what is no turn --------------------------------------------------------------------------------------------------
def test_only_the_clock_lapses_and_only_in_time(signed: SubItem) -> None:
    system, one = Actor.system(), fresh()
    for name in ("lapse", "renew", "resume"):
        with pytest.raises(MoveNotPossible):
            make_move(one.pk, name, by=system, now=at("2022-12-31", 23), version=None)
    with pytest.raises(MoveNotPossible, match="还没有到期"):
        move("lapse", COORDINATOR, "2022-12-31")
    with pytest.raises(NotAllowed, match="由系统到期记录"):
        move("lapse", COORDINATOR, "2023-01-01")
    SubItem.objects.filter(number="2.1").update(turn_at=at("2021-11-22"))
    with pytest.raises(MoveNotPossible, match="有明确的完成时限"):
        make_move(fresh("2.1").pk, "lapse", by=system, now=at("2023-01-01"), version=None)


def test_an_objected_item_does_not_lapse(signed: SubItem) -> None:
    SubItem.objects.filter(pk=signed.pk).update(pause="objected")
    assert turn("2023-01-01") == Turned()
    assert fresh().round_no == 1


def test_an_item_that_fails_is_put_off_and_does_not_stop_the_others(
    pingluo: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = fresh(ONE).pk

    def failing(pk: int, *args: Any, **said: Any) -> SubItem:
        if pk == bad:
            raise RuntimeError("bad row")
        return make_move(pk, *args, **said)

    monkeypatch.setattr(turning, "make_move", failing)
    assert turn("2023-01-01") == Turned(lapsed=14, failed=1)
    assert "put off by an hour" in caplog.text
    assert (fresh().round_no, fresh().turn_at) == (1, at("2023-01-01", 1))
    monkeypatch.undo()
    assert turn("2023-01-01") == Turned()
    assert turn("2023-01-01", 1) == Turned(lapsed=1)


# --- what ends with a round and what stays ----------------------------------------------------------------------------
def test_a_submission_under_review_ends_with_its_round(signed: SubItem) -> None:
    add_evidence(signed.pk, SimpleUploadedFile("a.txt", "台账".encode()), by=person(OFFICER), now=at("2022-12-29"))
    hand_in("2022-12-30")
    turn("2023-01-01")
    submission, ended = Submission.objects.get(), Round.objects.get()
    assert (submission.status, submission.round_no, submission.evidence.count()) == ("lapsed", 1, 1)
    assert (ended.outcome, ended.handed_in_on, ended.verified_by) == ("missed", date(2022, 12, 30), None)
    assert (fresh().state, fresh().handed_in_on) == (State.IN_PROGRESS, None)
    assert Evidence.objects.get().round_no == 1
    with pytest.raises(Invalid, match="本期还没有佐证材料"):
        move("submit", HEAD, "2023-02-01", summary="再报一次。")


def test_a_draft_ends_with_its_round_and_another_can_be_written(signed: SubItem) -> None:
    save_draft(signed.pk, by=person(OFFICER), now=at("2022-12-30"), summary="稿", version=None)
    turn("2023-01-01")
    assert Submission.objects.get().status == "lapsed"
    save_draft(signed.pk, by=person(OFFICER), now=at("2023-01-05"), summary="新稿", version=None)
    assert list(Submission.objects.order_by("pk").values_list("round_no", "status")) == [(1, "lapsed"), (2, "draft")]


def test_numbers_of_submissions_count_from_one_in_each_round(signed: SubItem) -> None:
    hand_in("2022-12-30")
    turn("2023-01-01")
    hand_in("2023-05-01")
    assert list(Submission.objects.order_by("pk").values_list("round_no", "number")) == [(1, 1), (2, 1)]


def test_what_nobody_signed_for_runs_on_without_an_officer_and_the_heads_hear_of_it(pingluo: object) -> None:
    turn("2023-01-01")
    one = fresh()
    assert (one.state, one.assignee, one.round_no) == (State.IN_PROGRESS, None, 2)
    message = Message.objects.filter(kind="move.lapse", recipient__username=HEAD, context__number=ONE).get()
    assert "还没有经办人" in rendering.body(message) and rendering.title(message).startswith("上期期满未结")


# --- closing, cancelling, reopening -----------------------------------------------------------------------------------
def test_a_closed_round_is_in_the_history_until_it_is_reopened(signed: SubItem) -> None:
    verify("2022-02-01")
    move("close", COORDINATOR, "2022-03-01", comment="任务完成")
    assert (rounds(), fresh().turn_at, fresh().ending) == (
        *([(1, "2021-11-22", "2022-12-31", "verified")], None, "end"),
    )
    move("reopen", "lizhiqiang", "2022-04-01", comment="回头看", due_on="2022-09-30")
    assert (rounds(), fresh().ending, fresh().turn_at) == ([], "", at("2023-01-01"))
    turn("2023-01-01")
    assert rounds() == [(1, "2022-04-01", "2022-09-30", "missed")]


def test_a_cancelled_round_ends_in_the_middle(signed: SubItem) -> None:
    move("cancel", COORDINATOR, "2022-03-01", comment="并入 9.1")
    assert (rounds(), fresh().turn_at) == ([(1, "2021-11-22", "2022-12-31", "ended")], None)


def test_what_has_a_date_of_its_own_has_no_rounds(pingluo: object) -> None:
    move("cancel", COORDINATOR, "2022-03-01", "2.1", comment="并入 2.2")
    assert not Round.objects.exists()


def test_another_frequency_begins_other_rounds(signed: SubItem) -> None:
    move("amend", COORDINATOR, "2022-05-10", comment="改季度", deadline={"kind": "recurring", "freq": "quarterly"})
    assert (fresh().due_on, fresh().turn_at) == (date(2022, 9, 30), at("2022-10-01"))
    assert turn("2023-01-01") == Turned(lapsed=2)
    assert fresh().due_on == date(2023, 3, 31)
    move("amend", COORDINATOR, "2023-01-10", comment="限期", deadline={"kind": "date", "due_on": "2023-06-30"})
    assert (fresh().turn_at, fresh().period_ends_on, fresh().decided_year) == (None, None, None)


# --- against a model --------------------------------------------------------------------------------------------------
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    freq=st.sampled_from(Frequency),
    start=st.dates(date(2021, 11, 23), date(2024, 12, 31)),
    verified=st.lists(st.booleans(), min_size=1, max_size=5),
    gap=st.integers(0, 400),
)
def test_rounds_of_any_frequency_follow_the_model(
    pingluo: object, freq: Frequency, start: date, verified: list[bool], gap: int
) -> None:
    """The model: periods in a row from the first round's; each verified or missed; then an outage of `gap` days."""
    SubItem.objects.exclude(number=ONE).update(turn_at=None)
    Round.objects.all().delete()
    period = first_round(start, freq)
    SubItem.objects.filter(number=ONE).update(
        state="in_progress",
        freq=freq,
        kind="ongoing",
        round_no=1,
        start_on=start,
        due_on=period.due_on,
        period_ends_on=period.due_on,
        pause="",
        turn_at=at(str(period.due_on + DAY)),
        approved_by=None,
    )
    meant = []
    for is_verified in verified:
        if is_verified:
            SubItem.objects.filter(number=ONE).update(state="verified")
        one = fresh()
        meant.append((one.start_on, one.due_on, "verified" if is_verified else "missed"))
        assert turn_rounds(now=at(str(one.due_on))) == Turned()
        assert turn_rounds(now=at(str(one.due_on + DAY))).moves == 1
    today = fresh().due_on + timedelta(days=gap)
    turn_rounds(now=at(str(today)))
    found = list(Round.objects.order_by("number").values_list("start_on", "due_on", "outcome"))
    assert found[: len(meant)] == meant
    assert {outcome for *_days, outcome in found[len(meant) :]} <= {"missed"}
    days = [*[(first, last) for first, last, _outcome in found], (fresh().start_on, fresh().due_on)]
    assert days[0] == (start, period.due_on) and all(b[0] == a[1] + DAY for a, b in pairwise(days))
    assert all(period_of(last, freq).due_on == last for _first, last in days)
    assert fresh().start_on <= today <= fresh().due_on
