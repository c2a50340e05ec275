"""The order of refusals is the same everywhere: 404 → 409 stale → 409 not possible → 403 → 422."""

from collections.abc import Callable
from typing import Any

from workflow.models import Evidence, JournalEntry, Report

from .conftest import Caller, refusal

Callers = Callable[[str], Caller]
NOT_FOUND, STALE, NOT_POSSIBLE = (404, "not-found"), (409, "stale-version"), (409, "move-not-possible")
NOT_ALLOWED, INVALID = (403, "not-allowed"), (422, "invalid")

# Of 2.1, in progress at version 2: its officer, its head, an inspector who sees it, and somebody who does not.
OFFICER, HEAD, INSPECTOR, STRANGER = "majianjun", "dinghaiyan", "lizhiqiang", "nafang"
COORDINATOR = "wangxuewen"
UNREADABLE: list[Any] = ["{", "[]", "null", '"x"', b"\xff\xfe", "[" * 100_000, '{"version": ' + "9" * 5000 + "}"]
WRONG_VERSIONS: list[Any] = ["2", 2.0, True, [2], {"seq": 2}]
SAID = "完成。"
WRONG_DEADLINES: list[Any] = [
    5,
    [],
    "2024年",
    {"kind": {}},
    {"kind": "date", "due_on": 5},
    {"kind": "ongoing", "freq": []},
]

MOVES: list[tuple[str, str, Any, tuple[int, str]]] = [
    (STRANGER, "submit", {"version": 1}, NOT_FOUND),
    (STRANGER, "submit", "{", NOT_FOUND),
    (OFFICER, "promote", {"version": 2}, NOT_FOUND),
    (INSPECTOR, "approve", {"version": 1}, STALE),
    (INSPECTOR, "approve", {"version": 3, "comment": []}, STALE),
    (INSPECTOR, "approve", {"version": 2**70}, STALE),
    (INSPECTOR, "approve", {"version": 2, "comment": []}, NOT_POSSIBLE),
    (INSPECTOR, "approve", "{", NOT_POSSIBLE),
    (INSPECTOR, "approve", {}, NOT_POSSIBLE),
    (OFFICER, "reject", {"version": 2}, NOT_POSSIBLE),
    (INSPECTOR, "submit", {"version": 2, "summary": 5}, NOT_ALLOWED),
    (INSPECTOR, "submit", {"version": "2"}, NOT_ALLOWED),
    (INSPECTOR, "submit", "{", NOT_ALLOWED),
    (OFFICER, "submit", {}, NOT_ALLOWED),  # the head signs
    (INSPECTOR, "amend", {"version": 2, "leads": 5}, NOT_ALLOWED),
    (INSPECTOR, "reassign", {"version": 2}, NOT_ALLOWED),
    (STRANGER, "reassign", {"version": 1}, NOT_FOUND),
    (COORDINATOR, "amend", {"version": 1, "leads": 5}, STALE),
    (COORDINATOR, "amend", {"notes": "新", "comment": SAID}, INVALID),
    (COORDINATOR, "amend", {"version": 2, "notes": "新"}, INVALID),
    (COORDINATOR, "amend", {"version": 2, "comment": SAID}, INVALID),
    *((COORDINATOR, "amend", {"version": 2, "comment": SAID, "leads": wrong}, INVALID) for wrong in (5, [], [[]], {})),
    *((COORDINATOR, "amend", {"version": 2, "comment": SAID, "deadline": wrong}, INVALID) for wrong in WRONG_DEADLINES),
    (HEAD, "submit", {"version": 2}, INVALID),  # says nothing
    (HEAD, "submit", {"version": 2, "summary": 5}, INVALID),
    (HEAD, "submit", {"version": 2, "summary": "\u0000"}, INVALID),
    (HEAD, "submit", {"summary": SAID}, INVALID),
    (HEAD, "submit", {"version": None, "summary": SAID}, INVALID),
    (HEAD, "submit", "", INVALID),
    (HEAD, "submit", '{"version": 2, "summary": "\\ud800"}', INVALID),
    *((HEAD, "submit", body, INVALID) for body in UNREADABLE),
    *((HEAD, "submit", {"version": version, "summary": SAID}, INVALID) for version in WRONG_VERSIONS),
]


def test_a_move_refuses_in_order(caller: Callers, in_progress: str) -> None:
    entries = JournalEntry.objects.count()
    people = {username: caller(username) for username in (OFFICER, HEAD, INSPECTOR, STRANGER, COORDINATOR)}
    for username, move, body, expected in MOVES:
        answer = people[username].post(f"{in_progress}/moves/{move}", body)
        assert refusal(answer) == expected, (username, move, str(body)[:80])
    assert JournalEntry.objects.count() == entries


GOOD = {"percent": 50, "text": "过半。"}
REPORTS: list[tuple[str, Any, tuple[int, str]]] = [
    (STRANGER, GOOD, NOT_FOUND),
    (STRANGER, "{", NOT_FOUND),
    (INSPECTOR, {"version": 1}, STALE),
    (INSPECTOR, "{", NOT_ALLOWED),
    (INSPECTOR, {"percent": 500}, NOT_ALLOWED),
    *((OFFICER, body, INVALID) for body in UNREADABLE),
    *((OFFICER, {**GOOD, "version": version}, INVALID) for version in WRONG_VERSIONS),
    *((OFFICER, {**GOOD, "percent": percent}, INVALID) for percent in (-1, 101, "x", 1.5, None, True, [50], 2**70)),
    *((OFFICER, {**GOOD, "text": text}, INVALID) for text in ("", "  ", None, 5, ["x"], "字" * 5001)),
]


def test_a_report_refuses_in_order(caller: Callers, in_progress: str) -> None:
    people = {username: caller(username) for username in (OFFICER, INSPECTOR, STRANGER)}
    for username, body, expected in REPORTS:
        answer = people[username].post(f"{in_progress}/reports", body)
        assert refusal(answer) == expected, (username, str(body)[:80])
    assert not Report.objects.exists()


def test_reports_and_files_are_for_items_in_progress(caller: Callers, at: Callable[[str], str]) -> None:
    officer, inspector, path = caller(OFFICER), caller(INSPECTOR), at("2.1")
    assert refusal(officer.post(f"{path}/reports", GOOD)) == NOT_POSSIBLE
    assert refusal(inspector.post(f"{path}/reports", "{")) == NOT_POSSIBLE
    assert refusal(officer.upload(f"{path}/evidence")) == NOT_POSSIBLE
    assert refusal(inspector.upload(f"{path}/evidence", b"", "x.exe")) == NOT_POSSIBLE


def test_a_body_that_is_too_large_is_said_last(caller: Callers, in_progress: str) -> None:
    large = b"{" + b" " * 3 * 1024 * 1024 + b"}"
    assert refusal(caller(STRANGER).post(f"{in_progress}/moves/submit", large)) == NOT_FOUND
    assert refusal(caller(INSPECTOR).post(f"{in_progress}/moves/submit", large)) == NOT_ALLOWED
    assert refusal(caller(HEAD).post(f"{in_progress}/moves/submit", large)) == (413, "too-large")


def test_a_file_is_judged_last(caller: Callers, in_progress: str) -> None:
    path = f"{in_progress}/evidence"
    for username, expected in ((STRANGER, NOT_FOUND), (INSPECTOR, NOT_ALLOWED)):
        person = caller(username)
        assert refusal(person.upload(path)) == expected
        assert refusal(person.upload(path, b"", "x.exe")) == expected
        assert refusal(person.post(path, "{")) == expected


def test_a_form_without_a_file_is_refused(caller: Callers, in_progress: str) -> None:
    officer = caller(OFFICER)
    field = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n'
    for body, content_type in (
        (b"", "application/json"),
        (b"{}", "application/json"),
        (b"caption=x", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (field, "multipart/form-data; boundary=x"),
    ):
        answer = officer.post(f"{in_progress}/evidence", body, content_type=content_type)
        assert refusal(answer) == INVALID, (body, content_type)


def test_a_file_that_is_not_taken_is_refused(caller: Callers, in_progress: str) -> None:
    officer = caller(OFFICER)
    for content, name, caption in (
        (b"", "空.pdf", ""),
        (b"MZ", "x.exe", ""),
        (b"<html>", "x.pdf", ""),
        (b"%PDF-1.4 %%EOF", "x.pdf", "字" * 201),
    ):
        answer = officer.upload(f"{in_progress}/evidence", content, name, caption=caption)
        assert refusal(answer) == INVALID, (name, content)
    assert not Evidence.objects.exists()
