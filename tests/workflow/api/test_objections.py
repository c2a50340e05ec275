"""提异议 over the API: raised, shown with the sub-item, answered; and the order of its refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.models import JournalEntry, Objection

from .conftest import Caller, refusal
from .test_refusals import (
    COORDINATOR,
    HEAD,
    INSPECTOR,
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_POSSIBLE,
    OFFICER,
    STALE,
    STRANGER,
    UNREADABLE,
    WRONG_VERSIONS,
)

Callers = Callable[[str], Caller]
VERIFIER = "yangjing"
GOOD = {"version": 1, "reason": "不归本单位管。", "suggested": "团县委"}


@pytest.fixture
def raised(caller: Callers, at: Callable[[str], str]) -> str:
    """The path of an objection to 2.1 that waits; the sub-item is at version 2."""
    made = caller(HEAD).post(f"{at('2.1')}/objections", GOOD)
    assert made.status_code == 201, made.content.decode()
    return f"objections/{made.json()['id']}"


def test_an_objection_is_shown_with_its_item_until_it_is_kept(caller: Callers, at: Callable[[str], str]) -> None:
    head, coordinator, path = caller(HEAD), caller(COORDINATOR), at("2.1")
    assert head.get(path).json()["objection"] is None
    made = head.post(f"{path}/objections", GOOD).json()
    assert (made["status"], made["unit"], made["suggested"], made["version"]) == ("raised", "教体局", "团县委", 2)
    assert made["moves"] == ["withdraw"]
    seen = coordinator.get(path).json()
    assert seen["objection"] == made | {"moves": ["keep"]}
    assert "reassign" in seen["moves"] and "accept" not in caller(OFFICER).get(path).json()["moves"]
    listed = {row["number"]: row["objection"] for row in coordinator.get("sub-items", limit=200).json()["items"]}
    assert listed.pop("2.1") == seen["objection"]
    assert set(listed.values()) == {None}
    kept = coordinator.post(f"objections/{made['id']}/keep", {"version": 2, "comment": "职责如此。"}).json()
    assert (kept["status"], kept["comment"], kept["version"], kept["moves"]) == ("kept", "职责如此。", 3, [])
    assert head.get(path).json()["objection"] is None


def test_reassigning_upholds_it(caller: Callers, raised: str, at: Callable[[str], str]) -> None:
    body = {"version": 2, "comment": "异议成立。", "leads": ["团县委"]}
    after = caller(COORDINATOR).post(f"{at('2.1')}/moves/reassign", body).json()
    assert (after["holder"], after["objection"], Objection.objects.get().status) == ("团县委", None, "upheld")


RAISING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, GOOD | {"version": 9}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (OFFICER, GOOD | {"version": 9}, STALE),
    *((who, GOOD | {"reason": ""}, NOT_ALLOWED) for who in (OFFICER, INSPECTOR, COORDINATOR, VERIFIER)),
    (OFFICER, "{", NOT_ALLOWED),
    (HEAD, {}, INVALID),
    (HEAD, {name: value for name, value in GOOD.items() if name != "version"}, INVALID),
    *((HEAD, body, INVALID) for body in UNREADABLE),
    *((HEAD, GOOD | {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *((HEAD, GOOD | {"reason": words}, INVALID) for words in (None, "", " ", 5, [], "\u0000", "字" * 5001)),
    *(
        (HEAD, GOOD | {"suggested": words}, INVALID)
        for words in (None, "", 5, [], "\u202e", "教体局", "火星办", "各乡镇")
    ),
]


def test_raising_refuses_in_order(caller: Callers, at: Callable[[str], str]) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in RAISING}}
    for username, body, expected in RAISING:
        answer = people[username].post(f"{at('2.1')}/objections", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert (JournalEntry.objects.count(), Objection.objects.count()) == (entries, 0)


def test_what_cannot_be_objected_to_is_said_before_who_asks(
    caller: Callers, in_progress: str, at: Callable[[str], str]
) -> None:
    for username in (HEAD, INSPECTOR):
        answer = caller(username).post(f"{in_progress}/objections", GOOD | {"version": 2, "reason": ""})
        assert refusal(answer) == NOT_POSSIBLE


ANSWERING: list[tuple[str, str, Any, tuple[int, str]]] = [
    (STRANGER, "keep", {"version": 2}, NOT_FOUND),
    (COORDINATOR, "uphold", {"version": 2}, NOT_FOUND),
    (COORDINATOR, "keep", {"version": 1}, STALE),
    *((who, "keep", {"version": 2}, NOT_ALLOWED) for who in (HEAD, OFFICER, VERIFIER, INSPECTOR)),
    (INSPECTOR, "keep", "{", NOT_ALLOWED),
    *((who, "withdraw", {"version": 2}, NOT_ALLOWED) for who in (COORDINATOR, OFFICER, INSPECTOR)),
    (COORDINATOR, "keep", {}, INVALID),
    (COORDINATOR, "keep", {"version": 2}, INVALID),
    (HEAD, "withdraw", {}, INVALID),
    *((COORDINATOR, "keep", body, INVALID) for body in UNREADABLE),
    *((COORDINATOR, "keep", {"version": 2, "comment": words}, INVALID) for words in (None, "", " ", 5, [], "\u0000")),
]


def test_answering_refuses_in_order(caller: Callers, raised: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in ANSWERING}}
    for username, step, body, expected in ANSWERING:
        answer = people[username].post(f"{raised}/{step}", body)
        assert refusal(answer) == expected, (username, step, str(body)[:80])
    assert (JournalEntry.objects.count(), Objection.objects.get().status) == (entries, "raised")


def test_an_answered_objection_stays_so(caller: Callers, raised: str) -> None:
    caller(COORDINATOR).post(f"{raised}/keep", {"version": 2, "comment": "职责如此。"})
    for username, step in ((COORDINATOR, "keep"), (INSPECTOR, "keep"), (HEAD, "withdraw")):
        assert refusal(caller(username).post(f"{raised}/{step}", {"version": 3})) == NOT_POSSIBLE
    assert refusal(caller(STRANGER).post("objections/987654/keep", {"version": 3})) == NOT_FOUND
