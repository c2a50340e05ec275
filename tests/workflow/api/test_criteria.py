"""验收标准 over the API: proposed, agreed to, answered, ticked; many moves at once with a result for each."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.models import JournalEntry

from .conftest import Caller, refusal
from .test_refusals import (
    COORDINATOR,
    HEAD,
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
TWO = [{"text": "创建健康学校", "baseline": 3, "value": 5, "unit": "所", "per": "round"}, {"text": "制度印发执行"}]
GOOD = {"version": 2, "criteria": TWO}
ANSWERS = {"1": {"value": 4.5, "text": "又建一所"}, "2": {"text": "已印发"}}


def test_criteria_from_proposal_to_verdict(caller: Callers, in_progress: str) -> None:
    officer, head, verifier = caller(OFFICER), caller(HEAD), caller(VERIFIER)
    none = {"state": "none", "agreed": [], "proposed": [], "version": 2, "moves": ["propose"]}
    assert officer.get(in_progress).json()["criteria"] == none
    made = officer.post(f"{in_progress}/criteria", GOOD)
    assert made.status_code == 200, made.content.decode()
    proposed = made.json()["proposed"]
    assert proposed[0] == {"no": 1, **TWO[0]}
    assert proposed[1] == {"no": 2, "text": "制度印发执行", "baseline": None, "value": None, "unit": "", "per": "total"}
    assert verifier.get(in_progress).json()["criteria"]["moves"] == ["agree", "return"]
    returned = verifier.post(f"{in_progress}/criteria/return", {"version": 3, "comment": "太少。"}).json()
    assert (returned["state"], returned["version"]) == ("none", 4)
    officer.post(f"{in_progress}/criteria", GOOD | {"version": 4})
    agreed = verifier.post(f"{in_progress}/criteria/agree", {"version": 5}).json()
    assert (agreed["state"], agreed["agreed"], agreed["proposed"]) == ("agreed", proposed, [])

    officer.post(f"{in_progress}/reports", {"percent": 100, "text": "已办。"})
    body = {"version": 7, "summary": "请审核。"}
    assert "缺标准 1、2" in head.post(f"{in_progress}/moves/submit", body).json()["detail"]
    assert head.post(f"{in_progress}/moves/submit", body | {"answers": ANSWERS}).status_code == 200
    unmet = {"version": 8, "comment": "标准 2：缺文号", "ticks": {"1": True, "2": False}}
    assert refusal(verifier.post(f"{in_progress}/moves/approve", unmet)) == INVALID
    assert refusal(verifier.post(f"{in_progress}/moves/approve", {"version": 8})) == INVALID
    assert verifier.post(f"{in_progress}/moves/reject", unmet).json()["state"] == "in_progress"
    head.post(f"{in_progress}/moves/submit", body | {"version": 9, "answers": ANSWERS})
    met = {"version": 10, "ticks": {"1": True, "2": True}}
    assert verifier.post(f"{in_progress}/moves/approve", met).json()["state"] == "verified"


PROPOSING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, GOOD | {"version": 1}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (OFFICER, GOOD | {"version": 1}, STALE),
    *((who, {"version": 2}, NOT_ALLOWED) for who in (COORDINATOR, VERIFIER)),
    (OFFICER, {}, INVALID),
    (OFFICER, {"criteria": TWO}, INVALID),
    *((OFFICER, body, INVALID) for body in UNREADABLE),
    *((OFFICER, GOOD | {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *(
        (OFFICER, GOOD | {"criteria": said}, INVALID)
        for said in (None, [], "标准", [TWO], TWO * 7, [{"text": "\u0000"}])
    ),
    *((OFFICER, GOOD | {"criteria": [{"text": "数", "value": value}]}, INVALID) for value in (-1, 1e300, True)),
]


def test_proposing_refuses_in_order(caller: Callers, in_progress: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in PROPOSING}}
    for username, body, expected in PROPOSING:
        answer = people[username].post(f"{in_progress}/criteria", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert JournalEntry.objects.count() == entries


def test_answering_refuses_in_order(caller: Callers, in_progress: str) -> None:
    verifier, officer = caller(VERIFIER), caller(OFFICER)
    assert refusal(verifier.post(f"{in_progress}/criteria/agree", {"version": 2})) == NOT_POSSIBLE
    officer.post(f"{in_progress}/criteria", GOOD)
    for who, step, body, expected in (
        (caller(STRANGER), "agree", {"version": 3}, NOT_FOUND),
        (verifier, "refuse", {"version": 3}, NOT_FOUND),
        (verifier, "agree", {"version": 2, "comment": []}, STALE),
        *((caller(name), "agree", {"version": 3}, NOT_ALLOWED) for name in (HEAD, COORDINATOR, "maguohua")),
        (officer, "return", "{", NOT_ALLOWED),
        (verifier, "return", {"version": 3}, INVALID),
        (verifier, "agree", {}, INVALID),
        *((verifier, "agree", body, INVALID) for body in UNREADABLE),
    ):
        assert refusal(who.post(f"{in_progress}/criteria/{step}", body)) == expected, (step, body)


# --- many at once -----------------------------------------------------------------------------------------------------
def test_many_moves_are_answered_one_by_one(caller: Callers, at: Callable[[str], str]) -> None:
    ids = {number: int(at(number).partition("/")[2]) for number in ("2.1", "2.2", "9.1", "4.2")}
    rows: list[Any] = [
        {"id": ids["2.1"], "version": 1},
        {"id": ids["2.2"], "version": 7},
        {"id": ids["9.1"]},
        {"id": ids["9.1"], "version": "1"},
        {"id": 987654, "version": 1},
        {"id": "x", "version": 1},
        {"id": True, "version": 1},
        {"id": 2**70, "version": 1},
        {"version": 1},
        "2.1",
        None,
        {"id": ids["4.2"], "version": 1, "assignee": "dinghaiyan"},
        {"id": ids["2.1"], "version": 1},
    ]
    answer = caller(OFFICER).post("sub-items/moves/accept", rows)
    assert answer.status_code == 200, answer.content.decode()
    said = answer.json()
    assert said[0] == {"id": ids["2.1"], "done": True, "state": "in_progress", "version": 2, "problem": None}
    problems = [row["problem"] and row["problem"]["code"] for row in said]
    assert problems == [
        *(None, "stale-version", "invalid", "invalid", "not-found", "not-found", "not-found", "not-found", "not-found"),
        *("invalid", "invalid", None, "stale-version"),
    ]
    assert all(any("\u4e00" <= letter for letter in row["problem"]["detail"]) for row in said if row["problem"])
    assert [row["id"] for row in said if row["done"]] == [ids["2.1"], ids["4.2"]]


@pytest.mark.parametrize("body", ["{", "", {}, "好", 5, None, [{}] * 201], ids=lambda body: str(body)[:20])
def test_what_is_no_list_of_rows_is_refused_whole(caller: Callers, body: Any) -> None:
    assert refusal(caller(OFFICER).post("sub-items/moves/accept", body)) == INVALID


@pytest.mark.parametrize("move", ["cancel", "submit", "reopen", "nonsense"])
def test_other_moves_are_not_made_on_many(caller: Callers, move: str) -> None:
    assert refusal(caller(COORDINATOR).post(f"sub-items/moves/{move}", [])) == NOT_FOUND


def test_nothing_asked_is_nothing_done(caller: Callers) -> None:
    assert caller(OFFICER).post("sub-items/moves/accept", []).json() == []
