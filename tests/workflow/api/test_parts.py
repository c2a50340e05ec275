"""配合 over the API: asked, answered with a file, settled; and the order of its refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.models import JournalEntry, Part

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
VERIFIER, SUPPORT, OTHER = "yangjing", "yangxiaolong", "jinlijuan"


@pytest.fixture
def supported(caller: Callers, at: Callable[[str], str]) -> str:
    """The path of 2.2, which 人社局 and 文广局 support, signed for; its version is 2."""
    assert caller(OFFICER).post(f"{at('2.2')}/moves/accept", {"version": 1}).status_code == 200
    return at("2.2")


@pytest.fixture
def asked(caller: Callers, supported: str) -> dict[str, str]:
    """The paths of the two parts by unit; the sub-item is at version 3."""
    made = caller(OFFICER).post(f"{supported}/parts", {"version": 2})
    assert made.status_code == 201, made.content.decode()
    return {each["unit"]: f"parts/{each['id']}" for each in made.json()}


def test_a_part_is_asked_answered_with_a_file_and_accepted(caller: Callers, supported: str) -> None:
    lead, support = caller(OFFICER), caller(SUPPORT)
    body = {"version": 2, "units": ["人社局"], "ask": "在编名册", "due_on": "2021-12-31"}
    made = lead.post(f"{supported}/parts", body).json()[0]
    assert (made["unit"], made["group"], made["status"], made["ask"], made["due_on"], made["version"]) == (
        *("人社局", None, "asked", "在编名册", "2021-12-31", 3),
    )
    assert (made["asked_by"], made["round_no"], made["moves"], made["evidence"]) == ("马建军", 1, ["waive"], [])
    path = f"parts/{made['id']}"
    seen = support.get(f"{supported}/parts").json()
    assert (seen["count"], seen["items"][0]["moves"]) == (1, ["answer", "decline"])
    assert caller(OTHER).get(f"{supported}/parts").json() == {"count": 0, "items": []}

    file = support.upload(f"{path}/evidence", caption="十一月")
    assert file.status_code == 201, file.content.decode()
    answered = support.post(f"{path}/answer", {"text": "已核。"}).json()
    assert (answered["status"], answered["text"], answered["answered_by"], answered["moves"]) == (
        *("answered", "已核。", "杨小龙", []),
    )
    assert answered["evidence"] == [file.json()]
    assert lead.get(f"evidence/{file.json()['id']}/file").status_code == 200
    assert refusal(caller(OTHER).get(f"evidence/{file.json()['id']}/file")) == NOT_FOUND
    accepted = lead.post(f"{path}/accept", {"version": answered["version"]}).json()
    assert (accepted["status"], accepted["settled_by"], accepted["moves"]) == ("accepted", "马建军", [])
    assert "submit" in caller(HEAD).get(supported).json()["moves"]


def test_whoever_sees_it_whole_lists_all_parts(caller: Callers, supported: str, asked: dict[str, str]) -> None:
    for username in (HEAD, VERIFIER, COORDINATOR, INSPECTOR):
        listed = caller(username).get(f"{supported}/parts", limit=1).json()
        assert (listed["count"], len(listed["items"])) == (2, 1)
    assert refusal(caller(STRANGER).get(f"{supported}/parts")) == NOT_FOUND
    assert "submit" not in caller(HEAD).get(supported).json()["moves"]


ASKING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, {"version": 1}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (OFFICER, {"version": 1, "units": 5}, STALE),
    *((who, {"version": 2, "units": 5}, NOT_ALLOWED) for who in (SUPPORT, INSPECTOR, COORDINATOR, VERIFIER)),
    (SUPPORT, "{", NOT_ALLOWED),
    (OFFICER, {}, INVALID),
    *((OFFICER, body, INVALID) for body in UNREADABLE),
    *((OFFICER, {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *((OFFICER, {"version": 2, "units": units}, INVALID) for units in ([], ["财政局"], [5], 5, {}, [["人社局"]], True)),
    *((OFFICER, {"version": 2, "ask": words}, INVALID) for words in ("", " ", 5, [], "\u0000", "字" * 5001)),
    *((OFFICER, {"version": 2, "due_on": day}, INVALID) for day in ("2021-01-01", "2023-01-01", 5, [], {}, True)),
]


def test_asking_refuses_in_order(caller: Callers, supported: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in ASKING}}
    for username, body, expected in ASKING:
        answer = people[username].post(f"{supported}/parts", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert (JournalEntry.objects.count(), Part.objects.count()) == (entries, 0)


STEPS: list[tuple[str, str, Any, tuple[int, str]]] = [
    (STRANGER, "answer", {"text": "好"}, NOT_FOUND),
    (OTHER, "answer", {"text": "好"}, NOT_FOUND),
    (SUPPORT, "postpone", {"text": "好"}, NOT_FOUND),
    (SUPPORT, "answer", {"version": 2, "text": ""}, STALE),
    (OFFICER, "accept", {}, NOT_POSSIBLE),
    (SUPPORT, "return", {"version": 3}, NOT_POSSIBLE),
    *((who, "answer", {"text": "好"}, NOT_ALLOWED) for who in (OFFICER, HEAD, INSPECTOR, COORDINATOR, VERIFIER)),
    *((who, "waive", "{", NOT_ALLOWED) for who in (SUPPORT, INSPECTOR, COORDINATOR, VERIFIER)),
    *((SUPPORT, "answer", body, INVALID) for body in UNREADABLE),
    *((SUPPORT, "answer", {"text": words}, INVALID) for words in (None, "", " ", 5, [], {}, "\u202e", "字" * 5001)),
    *((SUPPORT, "decline", {"comment": words}, INVALID) for words in (None, "", 5, "\u0000")),
    (OFFICER, "waive", {"comment": "不用"}, INVALID),  # no version
    (OFFICER, "waive", {"version": 3}, INVALID),
    *((OFFICER, "waive", {"version": version, "comment": "不用"}, INVALID) for version in WRONG_VERSIONS),
]


def test_steps_refuse_in_order(caller: Callers, asked: dict[str, str]) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in STEPS}}
    for username, name, body, expected in STEPS:
        answer = people[username].post(f"{asked['人社局']}/{name}", body)
        assert refusal(answer) == expected, (username, name, str(body)[:80])
    assert JournalEntry.objects.count() == entries
    assert refusal(people[OFFICER].post("parts/999999999/answer", {"text": "好"})) == NOT_FOUND


def test_files_of_a_part_are_refused_in_order(caller: Callers, asked: dict[str, str]) -> None:
    path = f"{asked['人社局']}/evidence"
    for username, expected in ((STRANGER, NOT_FOUND), (OTHER, NOT_FOUND), (OFFICER, NOT_ALLOWED)):
        assert refusal(caller(username).upload(path, b"MZ", name="a.exe")) == expected
    support = caller(SUPPORT)
    assert refusal(support.upload(path, b"MZ", name="a.exe")) == INVALID
    assert refusal(support.post(path, {"file": "a"})) == INVALID
    support.post(f"{asked['人社局']}/decline", {"comment": "不归我局。"})
    assert refusal(support.upload(path)) == NOT_POSSIBLE
    assert refusal(support.post(f"{asked['人社局']}/answer", {"text": "好"})) == NOT_POSSIBLE
