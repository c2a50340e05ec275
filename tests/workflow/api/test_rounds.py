"""Rounds, suspension and the yearly decision over the API, and the order of their refusals."""

from collections.abc import Callable

import pytest

from tests.workflow.actions.test_rounds import at
from workflow import clock
from workflow.models import SubItem
from workflow.turning import turn_rounds

from .conftest import Caller, refusal
from .test_refusals import COORDINATOR, HEAD, INVALID, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE, STALE, STRANGER

Callers = Callable[[str], Caller]
ONE = "9.2"


@pytest.fixture
def path(pingluo: object) -> str:
    return f"sub-items/{SubItem.objects.get(number=ONE).pk}"


def test_rounds_are_told_oldest_first_and_the_running_one_last(caller: Callers, path: str) -> None:
    head = caller(HEAD)
    [running] = head.get(f"{path}/rounds").json()
    assert (running["number"], running["outcome"], running["due_on"]) == (1, None, "2022-12-31")
    turn_rounds(now=at("2024-01-01"))
    said = head.get(f"{path}/rounds").json()
    assert [(row["number"], row["start_on"], row["due_on"], row["outcome"]) for row in said] == [
        (1, "2021-11-22", "2022-12-31", "missed"),
        (2, "2023-01-01", "2023-12-31", "missed"),
        (3, "2024-01-01", "2024-12-31", None),
    ]
    assert (said[0]["verified_by"], said[0]["late_days"], said[2]["ended_at"]) == (None, 0, None)
    dated = f"sub-items/{SubItem.objects.get(number='2.1').pk}"
    assert head.get(f"{dated}/rounds").json() == []
    assert refusal(caller(STRANGER).get(f"{path}/rounds")) == NOT_FOUND


def test_a_suspension_is_shown_until_it_is_resumed(caller: Callers, path: str) -> None:
    coordinator = caller(COORDINATOR)
    until = clock.today().replace(year=clock.today().year + 1).isoformat()
    assert "suspend" in coordinator.get(path).json()["moves"]
    made = coordinator.post(f"{path}/moves/suspend", {"version": 1, "comment": "等文件", "until": until}).json()
    assert (made["suspended_until"], made["light"]) == (until, "grey")
    assert {"resume"} <= set(made["moves"]) and "suspend" not in made["moves"]
    head = caller(HEAD)
    assert "accept" not in head.get(path).json()["moves"]
    assert refusal(head.post(f"{path}/moves/accept", {"version": 2})) == NOT_POSSIBLE
    back = coordinator.post(f"{path}/moves/resume", {"version": 2}).json()
    assert (back["suspended_until"], back["light"]) == (None, "green")


def test_lapse_is_nobodys(caller: Callers, path: str) -> None:
    assert "lapse" not in caller(COORDINATOR).get(path).json()["moves"]
    assert refusal(caller(COORDINATOR).post(f"{path}/moves/lapse", {"version": 1})) == NOT_POSSIBLE
    SubItem.objects.filter(number=ONE).update(turn_at=at("2020-01-01"))
    assert refusal(caller(COORDINATOR).post(f"{path}/moves/lapse", {"version": 1})) == NOT_ALLOWED


def test_the_year_is_decided_and_refused_in_order(caller: Callers, path: str) -> None:
    coordinator, head, good = caller(COORDINATOR), caller(HEAD), {"version": 1, "verdict": "end", "comment": "已办结"}
    assert refusal(caller(STRANGER).post(f"{path}/decision", {"version": 0})) == NOT_FOUND
    assert refusal(head.post(f"{path}/decision", good | {"version": 0})) == STALE
    assert refusal(head.post(f"{path}/decision", good)) == NOT_ALLOWED
    assert refusal(coordinator.post(f"{path}/decision", good | {"comment": None})) == INVALID
    assert refusal(coordinator.post(f"{path}/decision", good | {"verdict": {"a": 1}})) == INVALID
    assert coordinator.post(f"{path}/decision", good).json()["ending"] == "end"
    dated = f"sub-items/{SubItem.objects.get(number='2.1').pk}"
    assert refusal(coordinator.post(f"{dated}/decision", good)) == NOT_POSSIBLE
