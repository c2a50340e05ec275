"""会签 over the API: sent round, signed or refused, shown with the sub-item; and the order of its refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.models import Countersignature, JournalEntry

from .conftest import Caller, refusal
from .test_refusals import (
    COORDINATOR,
    INSPECTOR,
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_POSSIBLE,
    STALE,
    UNREADABLE,
    WRONG_VERSIONS,
)

Callers = Callable[[str], Caller]
At = Callable[[str], str]
# 18.2: 县委组织部 leads with 教体局, 财政局 supports, 教育工委 verifies
OFFICER, HEAD, SIGNER, CLERK = "songjiahui", "xuzhengyang", "dinghaiyan", "majianjun"
VERIFIER, SUPPORT, STRANGER = "yangjing", "nafang", "zhaoyuqin"
GOOD = {"version": 3, "summary": "请会签。"}


@pytest.fixture
def working(caller: Callers, at: At) -> str:
    """The path of 18.2, signed for and reported on; its version is 3."""
    path, officer = at("18.2"), caller(OFFICER)
    assert officer.post(f"{path}/moves/accept", {"version": 1}).status_code == 200
    assert officer.post(f"{path}/reports", {"percent": 60, "text": "在办。"}).status_code == 201
    return path


@pytest.fixture
def sent_round(caller: Callers, working: str) -> str:
    """18.2, waiting for 教体局; its version is 4."""
    answered = caller(OFFICER).post(f"{working}/circulate", GOOD)
    assert answered.status_code == 200, answered.content.decode()
    return working


def shown(answer: Any) -> tuple[list[str], list[tuple[str, str | None, str | None]], list[str]]:
    said = answer.json()
    rows = [(row["unit"], row["status"], row["by"]) for row in said["countersignatures"]]
    return said["awaits"], rows, said["steps"]


def test_signed_it_is_handed_in(caller: Callers, working: str) -> None:
    officer, head, signer = caller(OFFICER), caller(HEAD), caller(SIGNER)
    assert shown(officer.get(working)) == ([], [("教体局", None, None)], ["circulate"])
    assert refusal(head.post(f"{working}/moves/submit", GOOD)) == INVALID
    sent = officer.post(f"{working}/circulate", GOOD)
    assert (sent.json()["version"], shown(sent)) == (4, (["教体局"], [("教体局", "requested", None)], []))
    assert shown(signer.get(working))[2] == ["countersign", "refuse-countersign"]
    signed = signer.post(f"{working}/countersign", {"version": 4, "opinion": "同意。"})
    assert shown(signed) == ([], [("教体局", "signed", "丁海燕")], [])
    assert signed.json()["countersignatures"][0]["opinion"] == "同意。"
    handed_in = head.post(f"{working}/moves/submit", {"version": 5})
    assert (handed_in.json()["state"], handed_in.json()["holder"]) == ("submitted", "教育工委")
    assert shown(caller(VERIFIER).get(working)) == ([], [("教体局", "signed", "丁海燕")], [])


def test_refused_it_goes_back_with_the_opinion(caller: Callers, sent_round: str) -> None:
    refused = caller(SIGNER).post(f"{sent_round}/refuse-countersign", {"version": 4, "opinion": "数不对。"})
    assert shown(refused) == ([], [("教体局", "refused", "丁海燕")], [])
    seen = caller(HEAD).get(sent_round)
    assert (shown(seen)[2], seen.json()["countersignatures"][0]["opinion"]) == (["circulate"], "数不对。")


def test_supporting_units_see_no_opinion(caller: Callers, sent_round: str) -> None:
    caller(SIGNER).post(f"{sent_round}/refuse-countersign", {"version": 4, "opinion": "数不对。"})
    seen, journal = caller(SUPPORT).get(sent_round), caller(SUPPORT).get(f"{sent_round}/journal")
    assert (seen.status_code, seen.json()["countersignatures"]) == (200, [])
    assert journal.json()[-1]["action"] == "countersign.refused" and "数不对" not in journal.content.decode()


ANSWERS = ("countersign", "refuse-countersign")
SENDING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, GOOD | {"version": 1}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (OFFICER, GOOD | {"version": 2}, STALE),
    *((who, GOOD | {"summary": []}, NOT_ALLOWED) for who in (SIGNER, CLERK, SUPPORT, VERIFIER, INSPECTOR, COORDINATOR)),
    (SIGNER, "{", NOT_ALLOWED),
    (OFFICER, {}, INVALID),
    (OFFICER, {"summary": "请会签。"}, INVALID),
    *((OFFICER, body, INVALID) for body in UNREADABLE),
    *((OFFICER, GOOD | {"version": version}, INVALID) for version in WRONG_VERSIONS),
    *((OFFICER, GOOD | {"summary": words}, INVALID) for words in (None, "", " ", 5, [], "\u0000", "字" * 5001)),
]
ANSWERING: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, {"version": 1}, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (SIGNER, {"version": 3, "opinion": []}, STALE),
    *((who, {"version": 4, "opinion": []}, NOT_ALLOWED) for who in (HEAD, OFFICER, CLERK, SUPPORT, VERIFIER)),
    *((who, "{", NOT_ALLOWED) for who in (INSPECTOR, COORDINATOR)),
    (SIGNER, {"opinion": "好"}, INVALID),
    *((SIGNER, body, INVALID) for body in UNREADABLE),
    *((SIGNER, {"version": version, "opinion": "好"}, INVALID) for version in WRONG_VERSIONS),
    *((SIGNER, {"version": 4, "opinion": words}, INVALID) for words in (5, [], "\u0000", "字" * 5001)),
]


def test_sending_round_refuses_in_order(caller: Callers, working: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in SENDING}}
    for username, body, expected in SENDING:
        answer = people[username].post(f"{working}/circulate", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert (JournalEntry.objects.count(), Countersignature.objects.count()) == (entries, 0)


@pytest.mark.parametrize("step", ANSWERS)
def test_answering_refuses_in_order(caller: Callers, sent_round: str, step: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in {row[0] for row in ANSWERING}}
    for username, body, expected in ANSWERING:
        answer = people[username].post(f"{sent_round}/{step}", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert (JournalEntry.objects.count(), Countersignature.objects.get().status) == (entries, "requested")


def test_what_is_not_possible_is_said_before_who_asks(caller: Callers, working: str, sent_round: str, at: At) -> None:
    for username in (OFFICER, SIGNER, INSPECTOR):
        assert refusal(caller(username).post(f"{sent_round}/circulate", {"version": 4})) == NOT_POSSIBLE
    path = at("2.1")  # one lead, not signed for
    for step in ("circulate", *ANSWERS):
        assert refusal(caller("dinghaiyan").post(f"{path}/{step}", {"version": 1, "opinion": []})) == NOT_POSSIBLE
