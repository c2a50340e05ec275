"""How the API speaks: problems for everything, one language, no page kept, a document that describes it."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from workflow import queries
from workflow.models import Plan

from .conftest import Caller, refusal

Callers = Callable[[str], Caller]
HUGE = [2**63, 2**64, 10**30, "9" * 5000, 0]


def test_an_id_beyond_all_bounds_names_nothing(caller: Callers) -> None:
    officer = caller("majianjun")
    for number in HUGE:
        for path in ("sub-items/{}", "sub-items/{}/journal", "plans/{}", "evidence/{}/file", "evidence/{}/view"):
            assert refusal(officer.get(path.format(number))) == (404, "not-found")
        assert refusal(officer.get(f"rechecks/draws/{number}")) == (404, "not-found")
        for path in (
            "rechecks/{}/stands",
            "sub-items/{}/moves/accept",
            "sub-items/{}/reports",
            "sub-items/{}/evidence",
            "inbox/{}/read",
        ):
            assert refusal(officer.post(path.format(number), {"version": 1})) == (404, "not-found")


def test_an_address_that_does_not_exist(caller: Callers) -> None:
    officer = caller("majianjun")
    for path in ("", "nothing", "sub-items/", "sub-items/x", "sub-items/-1", "sub-items/1/moves", "me/"):
        assert refusal(officer.get(path)) == (404, "not-found")
        assert refusal(Caller().get(path)) == (404, "not-found")


def test_a_method_that_is_not_served(caller: Callers) -> None:
    for path, allowed in (("me", "GET"), ("inbox/1/read", "POST"), ("sub-items/1", "GET")):
        answer = caller("majianjun").client.delete(f"/api/v1/{path}")
        assert refusal(answer) == (405, "method-not-allowed")
        assert answer.headers["Allow"] == allowed


def test_what_nobody_foresaw_is_logged_and_not_told(
    caller: Callers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(queries, "plans", broken)
    with caplog.at_level(logging.ERROR):
        answer = caller("majianjun").get("plans")
    assert refusal(answer) == (500, "internal")
    assert "secret" not in answer.content.decode()
    assert "secret inside" in caplog.text


def test_a_refusal_is_chinese_whatever_the_client_accepts(caller: Callers) -> None:
    script = caller("majianjun")
    answer = script.client.get("/api/v1/sub-items/1000000", headers={**script.headers, "Accept-Language": "en"})
    assert refusal(answer) == (404, "not-found")
    assert answer.headers["Content-Language"] == "zh-hans"


def test_answers_are_kept_by_no_cache(caller: Callers, pingluo: Plan) -> None:
    for path in ("me", "sub-items", f"plans/{pingluo.pk}", "nothing"):
        assert caller("majianjun").get(path).headers["Cache-Control"] == "private, no-store"


# --- the document -----------------------------------------------------------------------------------------------------
PATHS = {
    "/me": {"get"},
    "/plans": {"get"},
    "/plans/{plan_id}": {"get"},
    "/sub-items": {"get"},
    "/sub-items/{item_id}": {"get"},
    "/sub-items/{item_id}/journal": {"get"},
    "/sub-items/{item_id}/moves/{move}": {"post"},
    "/sub-items/{item_id}/reports": {"post"},
    "/sub-items/{item_id}/evidence": {"post"},
    "/sub-items/{item_id}/extensions": {"post"},
    "/sub-items/{item_id}/objections": {"post"},
    "/objections/{objection_id}/{step}": {"post"},
    "/sub-items/{item_id}/criteria": {"post"},
    "/sub-items/{item_id}/criteria/{step}": {"post"},
    "/sub-items/moves/{move}": {"post"},
    "/extensions/{extension_id}/{step}": {"post"},
    "/rechecks": {"get"},
    "/rechecks/draws": {"get", "post"},
    "/rechecks/draws/{draw_id}": {"get"},
    "/rechecks/{recheck_id}/stands": {"post"},
    "/sub-items/{item_id}/circulate": {"post"},
    "/sub-items/{item_id}/countersign": {"post"},
    "/sub-items/{item_id}/refuse-countersign": {"post"},
    "/posts": {"get"},
    "/posts/{post_id}/handover": {"post"},
    "/delegations": {"get", "post"},
    "/delegations/{delegation_id}/end": {"post"},
    "/basis/{basis_id}/file": {"get"},
    "/sub-items/{item_id}/rounds": {"get"},
    "/sub-items/{item_id}/decision": {"post"},
    "/sub-items/{item_id}/parts": {"get", "post"},
    "/parts/{part_id}/{step}": {"post"},
    "/parts/{part_id}/evidence": {"post"},
    "/evidence/{evidence_id}/file": {"get"},
    "/evidence/{evidence_id}/view": {"get"},
    "/inbox": {"get"},
    "/inbox/{message_id}/read": {"post"},
    "/escalations": {"get"},
    "/stats": {"get"},
    "/health": {"get"},
}


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    return Caller().get("openapi.json").json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path.removeprefix("/api/v1"), method, operation


def test_the_document_names_every_path(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    found: dict[str, set[str]] = {}
    for path, method, _operation in operations(document):
        found.setdefault(path, set()).add(method)
    assert found == PATHS


def test_the_document_holds_together(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, _method, operation in operations(document):
        told = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert told == {part.strip("{}") for part in path.split("/") if part.startswith("{")}
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert bool(operation.get("security")) == (path != "/health")
    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_the_document_describes_bodies_and_moves(document: dict[str, Any]) -> None:
    move = document["paths"]["/api/v1/sub-items/{item_id}/moves/{move}"]["post"]
    assert "version" in move["requestBody"]["content"]["application/json"]["schema"]["required"]
    names = next(each["schema"]["enum"] for each in move["parameters"] if each["name"] == "move")
    moves = "accept submit withdraw approve reject close renew lapse reopen amend reassign suspend resume cancel"
    assert set(moves.split()) <= set(names)
    upload = document["paths"]["/api/v1/sub-items/{item_id}/evidence"]["post"]
    assert upload["requestBody"]["content"]["multipart/form-data"]["schema"]["required"] == ["file"]
    assert json.dumps(document)
