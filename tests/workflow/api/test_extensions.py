"""延期 over the API: asked, shown with the sub-item, decided; and the order of its refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.models import Extension, JournalEntry

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
VERIFIER, BARRED = "yangjing", "maguohua"
GOOD = {"version": 2, "due_on": "2023-03-31", "reason": "场馆未完工。", "progress": "已办两级。"}


@pytest.fixture
def asked(caller: Callers, in_progress: str) -> str:
    """The path of a request of 2.1 that waits; the sub-item is at version 3."""
    made = caller(HEAD).post(f"{in_progress}/extensions", GOOD)
    assert made.status_code == 201, made.content.decode()
    return f"extensions/{made.json()['id']}"


def test_a_request_is_shown_with_its_item_until_it_is_granted(caller: Callers, in_progress: str) -> None:
    head, verifier = caller(HEAD), caller(VERIFIER)
    assert head.get(in_progress).json()["extension"] is None
    made = head.post(f"{in_progress}/extensions", GOOD).json()
    assert (made["status"], made["due_on"], made["asked_on"]) == ("requested", "2022-12-31", "2023-03-31")
    assert (made["version"], made["moves"], made["unit"]) == (3, ["withdraw"], "教体局")
    seen = verifier.get(in_progress).json()
    assert seen["extension"] == made | {"moves": ["grant", "refuse"]}
    listed = {row["number"]: row["extension"] for row in verifier.get("sub-items", limit=200).json()["items"]}
    assert listed.pop("2.1") == seen["extension"]
    assert set(listed.values()) == {None}

    body = {"version": 3, "due_on": "2023-02-28", "comment": "请抓紧。"}
    granted = verifier.post(f"extensions/{made['id']}/grant", body)
    assert granted.status_code == 200, granted.content.decode()
    said = granted.json()
    assert (said["status"], said["granted_on"], said["version"], said["moves"]) == ("granted", "2023-02-28", 4, [])
    after = head.get(in_progress).json()
    assert (after["due_on"], after["extension"]) == ("2023-02-28", None)


@pytest.mark.parametrize(("username", "step"), [(VERIFIER, "refuse"), (HEAD, "withdraw")])
def test_a_request_is_refused_or_taken_back(
    caller: Callers, in_progress: str, asked: str, username: str, step: str
) -> None:
    said = caller(username).post(f"{asked}/{step}", {"version": 3, "comment": "理由不足。"}).json()
    assert (said["status"], said["granted_on"]) == ({"refuse": "refused"}.get(step, "withdrawn"), None)
    assert caller(HEAD).get(in_progress).json()["due_on"] == "2022-12-31"


ASKING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, GOOD | {"version": 1}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (OFFICER, GOOD | {"version": 1}, STALE),
    (OFFICER, {"version": 9, "due_on": []}, STALE),
    *((who, GOOD | {"due_on": "明年"}, NOT_ALLOWED) for who in (OFFICER, INSPECTOR, COORDINATOR, VERIFIER)),
    (OFFICER, "{", NOT_ALLOWED),
    (HEAD, {}, INVALID),
    (HEAD, {name: value for name, value in GOOD.items() if name != "version"}, INVALID),
    *((HEAD, body, INVALID) for body in UNREADABLE),
    *((HEAD, GOOD | {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *((HEAD, GOOD | {"due_on": day}, INVALID) for day in (None, "", "2022-12-31", "2021-01-01", 5, [], {}, True)),
    *((HEAD, GOOD | {"reason": words}, INVALID) for words in (None, "", " ", 5, [], "\u0000", "字" * 5001)),
    *((HEAD, GOOD | {"progress": words}, INVALID) for words in (None, "", " ", 5, [], "\u202e", "字" * 5001)),
]


def test_asking_refuses_in_order(caller: Callers, in_progress: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in ASKING}}
    for username, body, expected in ASKING:
        answer = people[username].post(f"{in_progress}/extensions", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert (JournalEntry.objects.count(), Extension.objects.count()) == (entries, 0)


def test_what_cannot_be_extended_is_said_before_who_asks(
    caller: Callers, in_progress: str, asked: str, at: Callable[[str], str]
) -> None:
    for path, version in ((at("2.1"), 3), (at("9.1"), 1)):  # one waits already; not signed for yet
        for username in (HEAD, INSPECTOR):
            answer = caller(username).post(f"{path}/extensions", GOOD | {"version": version, "due_on": []})
            assert refusal(answer) == NOT_POSSIBLE


DECIDING: list[tuple[str, str, Any, tuple[int, str]]] = [
    (STRANGER, "grant", {"version": 3}, NOT_FOUND),
    (VERIFIER, "postpone", {"version": 3}, NOT_FOUND),
    (VERIFIER, "grant", {"version": 2, "due_on": []}, STALE),
    *((who, "grant", {"version": 3, "due_on": []}, NOT_ALLOWED) for who in (HEAD, OFFICER, BARRED, INSPECTOR)),
    (COORDINATOR, "refuse", "{", NOT_ALLOWED),
    *((who, "withdraw", {"version": 3}, NOT_ALLOWED) for who in (VERIFIER, OFFICER, INSPECTOR)),
    (VERIFIER, "grant", {}, INVALID),
    (VERIFIER, "refuse", {"version": 3}, INVALID),
    (HEAD, "withdraw", {}, INVALID),
    *((VERIFIER, "grant", body, INVALID) for body in UNREADABLE),
    *((VERIFIER, "grant", {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *((VERIFIER, "grant", {"version": 3, "due_on": day}, INVALID) for day in ("2022-12-31", "2023-04-01", 5, [], 0)),
    *((VERIFIER, "grant", {"version": 3, "comment": words}, INVALID) for words in (5, [], "\u0000")),
]


def test_deciding_refuses_in_order(caller: Callers, asked: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in DECIDING}}
    for username, step, body, expected in DECIDING:
        answer = people[username].post(f"{asked}/{step}", body)
        assert refusal(answer) == expected, (username, step, str(body)[:80])
    assert (JournalEntry.objects.count(), Extension.objects.get().status) == (entries, "requested")


def test_a_settled_request_stays_so(caller: Callers, asked: str) -> None:
    caller(VERIFIER).post(f"{asked}/grant", {"version": 3})
    for username, step in ((VERIFIER, "refuse"), (INSPECTOR, "grant"), (HEAD, "withdraw")):
        assert refusal(caller(username).post(f"{asked}/{step}", {"version": 4})) == NOT_POSSIBLE
    assert refusal(caller(STRANGER).post("extensions/987654/grant", {"version": 4})) == NOT_FOUND
