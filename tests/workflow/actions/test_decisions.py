"""年度研判: go on, make routine, end; asked once a year, and nothing approved by it."""

from datetime import date
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.actions.test_rounds import ONE, at, fresh, move, person, rounds, sound, told, turn, verify
from workflow import queries
from workflow.actions.decisions import decide_year
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion
from workflow.models import SubItem
from workflow.states import Ending, State
from workflow.turning import Turned

pytestmark = pytest.mark.django_db
HEAD, OFFICER, VERIFIER, COORDINATOR, INSPECTOR = "dinghaiyan", "majianjun", "yangjing", "wangxuewen", "lizhiqiang"


def decide(verdict: Any, day: str, username: str = COORDINATOR, number: str = ONE, **said: Any) -> SubItem:
    one = fresh(number)
    said = {"version": one.seq, **said}
    return decide_year(one.pk, verdict, by=person(username), now=at(day, 10), **said)


def asked(username: str, day: str) -> list[tuple[int, int]]:
    return [(each.year, each.count) for each in queries.undecided(person(username), date.fromisoformat(day))]


@pytest.fixture
def signed(pingluo: object) -> SubItem:
    SubItem.objects.exclude(number=ONE).update(turn_at=None)
    move("accept", OFFICER, "2021-11-23")
    return fresh()


# --- when it is asked -------------------------------------------------------------------------------------------------
def test_it_is_asked_from_december_of_the_year_in_which_a_round_ends_until_it_is_decided(pingluo: object) -> None:
    assert asked(COORDINATOR, "2021-12-31") == []  # the first round runs on through 2022
    assert asked(COORDINATOR, "2022-11-30") == []
    assert asked(COORDINATOR, "2022-12-01") == [(2022, 11)]  # four of the fifteen the owner unit leads itself
    assert asked(INSPECTOR, "2022-12-01") == [(2022, 4)]
    assert asked(COORDINATOR, "2023-06-01") == [(2022, 11)]
    assert [asked(who, "2022-12-01") for who in (HEAD, OFFICER, VERIFIER)] == [[], [], []]
    before = queries.waiting_counts(person(COORDINATOR), date(2022, 11, 30))["all"]
    assert queries.waiting_counts(person(COORDINATOR), date(2022, 12, 1))["all"] == before + 1
    assert decide("continue", "2022-12-02").decided_year == 2022
    assert asked(COORDINATOR, "2022-12-02") == [(2022, 10)]
    assert asked(COORDINATOR, "2023-12-01") == [(2023, 11)]


def test_decided_late_it_is_of_the_year_that_waits_and_early_of_this_one(signed: SubItem) -> None:
    assert decide("continue", "2023-02-01").decided_year == 2022
    assert decide("continue", "2023-06-01").decided_year == 2023


# --- what it comes to -------------------------------------------------------------------------------------------------
def test_to_go_on_the_clock_renews(signed: SubItem) -> None:
    verify("2022-06-01")
    one = decide("continue", "2022-12-05")
    entry = one.journal.last()
    assert (entry.action, entry.details, entry.actor_name) == (
        *("decide", {"year": 2022, "verdict": "continue"}, person(COORDINATOR).name),
    )
    assert told("decide") == set()
    assert turn("2023-01-01") == Turned(renewed=1)


@pytest.mark.parametrize(("verdict", "ending"), [("end", Ending.END), ("routine", Ending.ROUTINE)])
def test_to_end_a_verified_round_is_closed_by_its_own_move(signed: SubItem, verdict: str, ending: str) -> None:
    verify("2022-06-01")
    one = decide(verdict, "2022-12-05", comment="已建成制度")
    assert (one.ending, one.state, one.turn_at) == (ending, State.VERIFIED, None)
    assert told("decide") == {OFFICER, HEAD, "maguohua"}
    assert str(Ending(ending).label) in rendering.title(Message.objects.filter(kind="decide").first())
    assert turn("2023-05-01") == Turned()  # nothing renews it, and nothing closes it by default
    with pytest.raises(MoveNotPossible, match="不转下期"):
        move("renew", COORDINATOR, "2022-12-06")
    desk = queries.waiting_for(person(COORDINATOR), date(2022, 12, 6))
    assert list(desk.values_list("number", flat=True)) == [ONE]
    closed = move("close", COORDINATOR, "2022-12-06")
    assert (closed.state, closed.ending, rounds()[-1][3]) == (State.CLOSED, ending, "verified")
    assert closed.journal.last().details["ending"] == ending
    assert sound()


def test_to_end_an_unverified_round_waits_for_a_verdict_and_lapses_without(signed: SubItem) -> None:
    decide("end", "2022-12-05", comment="已办结")
    assert turn("2023-01-01") == Turned(lapsed=1)
    one = fresh()
    assert (one.state, one.round_no, one.ending) == (State.IN_PROGRESS, 2, Ending.END)
    verify("2023-03-01")
    assert turn("2024-01-01") == Turned()
    assert move("close", COORDINATOR, "2024-01-02").state == State.CLOSED
    assert [row[3] for row in rounds()] == ["missed", "verified"]


def test_decided_anew_before_it_is_carried_out(signed: SubItem) -> None:
    verify("2022-06-01")
    decide("end", "2022-12-05", comment="已办结")
    assert decide("continue", "2022-12-06").ending == Ending.NONE
    assert told("decide") == {OFFICER, HEAD, "maguohua"}
    assert turn("2023-01-01") == Turned(renewed=1)


def test_whoever_approved_does_not_close_what_was_decided_to_end(signed: SubItem) -> None:
    verify("2022-06-01")
    decide("end", "2022-12-05", comment="已办结")
    SubItem.objects.update(approved_by=User.objects.get(username=COORDINATOR))
    with pytest.raises(NotAllowed, match="办结要由另一位办理"):
        move("close", COORDINATOR, "2022-12-06")


# --- refusals ---------------------------------------------------------------------------------------------------------
def test_refusals_come_in_their_order(signed: SubItem) -> None:
    one = fresh()
    with pytest.raises(NotFound):
        decide_year(one.pk, "what", by=Actor(-9, "x", "某人", ()), now=at("2022-12-05"), version=0)
    with pytest.raises(StaleVersion):
        decide("what", "2022-12-05", HEAD, version=one.seq - 1)
    with pytest.raises(MoveNotPossible, match="有明确的完成时限"):
        decide("what", "2022-12-05", HEAD, "2.1")
    with pytest.raises(NotAllowed, match="由统筹办理"):
        decide("what", "2022-12-05", HEAD)
    with pytest.raises(Invalid, match="缺少 version"):
        decide("continue", "2022-12-05", version=None)
    for verdict in ("what", "", None, 5, ["end"]):
        with pytest.raises(Invalid, match="请选继续"):
            decide(verdict, "2022-12-05")
    for verdict in ("end", "routine"):
        with pytest.raises(Invalid, match="请写明理由"):
            decide(verdict, "2022-12-05", comment=" ")
    assert (fresh().seq, fresh().decided_year) == (one.seq, 2021)


def test_what_has_ended_is_not_decided(signed: SubItem) -> None:
    move("cancel", COORDINATOR, "2022-03-01", comment="并入 9.1")
    with pytest.raises(MoveNotPossible, match="不用再研判"):
        decide("continue", "2022-12-05")


def test_nobody_concerned_decides(signed: SubItem) -> None:
    unit = Unit.objects.get(name="教体局")
    Post.objects.create(user=User.objects.get(username=COORDINATOR), unit=unit, role="officer")
    with pytest.raises(NotAllowed, match="不能做年度研判"):
        decide("continue", "2022-12-05")


def test_where_the_owner_leads_an_inspector_decides(pingluo: object) -> None:
    with pytest.raises(NotAllowed, match="由督查办理"):
        decide("continue", "2022-12-05", number="1.1")
    assert decide("continue", "2022-12-05", INSPECTOR, "1.1").decided_year == 2022
