"""回头看 over the API: drawn, repeated from what is published, judged; who sees it; the order of its refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from workflow import drawing
from workflow.models import Draw, Plan, Recheck, SubItem

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
    UNREADABLE,
    WRONG_VERSIONS,
)

Callers = Callable[[str], Caller]
VERIFIER, LEADER = "yangjing", "zhoumin"
NUMBERS = ("2.1", "2.2", "3.1")
DAYS = {"closed_from": "2021-11-01", "closed_to": "2021-11-23"}
SAID = "已到现场核查，与报送一致。"


def done(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def close(caller: Callers, path: str) -> dict[str, Any]:
    item = done(caller(OFFICER).get(path))
    if item["state"] == "assigned":
        item = done(caller(OFFICER).post(f"{path}/moves/accept", {"version": item["version"]}))
    done(caller(OFFICER).post(f"{path}/reports", {"percent": 100, "text": "已办。"}), 201)
    for username, move, more in (
        (HEAD, "submit", {"summary": "请审核。"}),
        (VERIFIER, "approve", {}),
        (COORDINATOR, "close", {"comment": "材料齐全。"}),
    ):
        version = done(caller(username).get(path))["version"]
        item = done(caller(username).post(f"{path}/moves/{move}", {"version": version, **more}))
    return item


@pytest.fixture
def body(pingluo: Plan) -> dict[str, Any]:
    return {"plan": pingluo.pk, "number": 1, "public": "福彩 3D 第2021311期 4 0 7", **DAYS, "size": 2}


@pytest.fixture
def made(caller: Callers, at: Callable[[str], str], body: dict[str, Any]) -> dict[str, Any]:
    """Two drawn of three closed."""
    for number in NUMBERS:
        close(caller, at(number))
    return done(caller(INSPECTOR).post("rechecks/draws", body), 201)


def test_a_draw_is_published_with_all_that_repeats_it(caller: Callers, made: dict[str, Any], body: Any) -> None:
    said = {name: made[name] for name in ("plan", "number", "public", "closed_from", "closed_to", "size")}
    assert said == body
    assert (made["candidates"], made["pending"], made["sound"], made["unit"]) == (3, 2, True, "县委督查室")
    assert drawing.faults(made["record"]) == []
    record = drawing.read(made["record"])
    assert record.seed == made["seed"]
    drawn = [candidate.number for candidate in record.drawn]
    for username in (INSPECTOR, COORDINATOR, LEADER):
        api = caller(username)
        assert done(api.get(f"rechecks/draws/{made['id']}")) == made
        rows = done(api.get("rechecks/draws", plan=made["plan"]))["items"]
        assert rows == [{name: value for name, value in made.items() if name not in ("record", "sound")}]
        listed = done(api.get("rechecks", plan=made["plan"], status="pending"))
        assert [row["number"] for row in listed["items"]] == drawn
        assert [row["moves"] for row in listed["items"]] == [["stands", "reopen"] if username == INSPECTOR else []] * 2
    for username in (OFFICER, HEAD, VERIFIER):
        api = caller(username)
        assert done(api.get("rechecks/draws")) == done(api.get("rechecks")) == {"count": 0, "items": []}
        assert refusal(api.get(f"rechecks/draws/{made['id']}")) == NOT_FOUND


def test_one_stands_and_one_is_reopened_and_closed_again(caller: Callers, made: dict[str, Any]) -> None:
    inspector = caller(INSPECTOR)
    first, second = done(inspector.get("rechecks"))["items"]
    judged = {"version": first["version"], "comment": SAID}
    stands = done(inspector.post(f"rechecks/{first['id']}/stands", judged))
    assert (stands["status"], stands["comment"], stands["version"], stands["moves"]) == (
        *("stands", SAID, first["version"] + 1, []),
    )
    path = f"sub-items/{second['sub_item']}"
    before = done(caller(OFFICER).get(path))
    assert (before["recheck"], [each["recheck"] for each in before["closings"]]) == (second["id"], ["pending"])
    said = {"version": second["version"], "comment": "现场不符。", "due_on": "2022-06-30"}
    after = done(inspector.post(f"{path}/moves/reopen", said))
    assert (after["state"], after["due_on"]) == ("in_progress", "2022-06-30")
    close(caller, path)
    later, earlier = done(caller(OFFICER).get(path))["closings"]
    assert earlier == before["closings"][0] | {"recheck": "reopened", "reopened_at": earlier["reopened_at"]}
    assert (earlier["submission"], earlier["by"], earlier["approved_by"]) == (1, "王学文", "杨静")
    assert (later["submission"], later["recheck"], later["reopened_at"]) == (2, None, None)
    assert [row["status"] for row in done(inspector.get("rechecks"))["items"]] == ["stands", "reopened"]
    assert done(inspector.get("rechecks", status="reopened"))["count"] == 1
    assert done(inspector.get("rechecks/draws"))["items"][0]["pending"] == 0


WRONG: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    (INSPECTOR, {"plan": 2**70}, NOT_FOUND),
    (INSPECTOR, {"plan": -1, "size": 0}, NOT_FOUND),
    (COORDINATOR, {"number": 2, "size": 0}, STALE),
    (COORDINATOR, {"size": 0}, NOT_ALLOWED),
    (OFFICER, {"public": []}, NOT_ALLOWED),
    (LEADER, {}, NOT_ALLOWED),
    *((INSPECTOR, {"plan": wrong}, INVALID) for wrong in (None, "1", True, [])),
    *((INSPECTOR, {"size": wrong}, INVALID) for wrong in (0, -1, 4, 10**30, "x", [], None, 1.0, {})),
    *((INSPECTOR, {"size": None, "percent": wrong}, INVALID) for wrong in (0, -5, 101, "x", [])),
    *((INSPECTOR, {"public": wrong}, INVALID) for wrong in (None, "", 5, [], "\u0000", "x" * 201)),
    *((INSPECTOR, {"closed_from": wrong}, INVALID) for wrong in (None, "", 5, [], "2021-11-24", "昨天", "2021-13-01")),
    *((INSPECTOR, {"closed_to": wrong}, INVALID) for wrong in (None, "2021-11-24", "2021-10-31", {})),
    *((INSPECTOR, {"number": wrong}, INVALID) for wrong in (None, "1", True, 1.0)),
]


def test_refusals_of_a_draw_come_in_their_order(caller: Callers, at: Callable[[str], str], body: Any) -> None:
    for number in NUMBERS:
        close(caller, at(number))
    callers = {username: caller(username) for username in (INSPECTOR, COORDINATOR, OFFICER, LEADER)}
    for username, wrong, told in WRONG:
        assert refusal(callers[username].post("rechecks/draws", body | wrong)) == told, (username, wrong)
    for unread in UNREADABLE:
        assert refusal(callers[OFFICER].post("rechecks/draws", unread)) == INVALID
    assert not Draw.objects.exists()
    assert done(callers[INSPECTOR].post("rechecks/draws", body), 201)["number"] == 1
    assert refusal(callers[INSPECTOR].post("rechecks/draws", body)) == STALE  # sent twice, drawn once
    assert Draw.objects.count() == 1


def test_refusals_of_a_verdict_come_in_their_order(caller: Callers, made: dict[str, Any]) -> None:
    recheck = Recheck.objects.select_related("item").first()
    path, good = f"rechecks/{recheck.pk}/stands", {"version": recheck.item.seq, "comment": SAID}
    assert refusal(caller(OFFICER).post(path, "{")) == NOT_FOUND
    assert refusal(caller(COORDINATOR).post(path, good | {"version": 1})) == STALE
    assert refusal(caller(COORDINATOR).post(path, "{")) == NOT_ALLOWED
    inspector = caller(INSPECTOR)
    for wrong in (*WRONG_VERSIONS, None):
        assert refusal(inspector.post(path, good | {"version": wrong})) == INVALID
    for wrong in ("", None, 5, [], "\u0000"):
        assert refusal(inspector.post(path, good | {"comment": wrong})) == INVALID
    done(inspector.post(path, good))
    again = good | {"version": recheck.item.seq + 1}
    assert refusal(inspector.post(path, again)) == refusal(caller(COORDINATOR).post(path, again)) == NOT_POSSIBLE


def test_lists_cost_the_same_however_long(caller: Callers, made: dict[str, Any]) -> None:
    inspector, counts = caller(INSPECTOR), []
    for limit in (1, 2, 200):
        with CaptureQueriesContext(connection) as captured:
            assert len(done(inspector.get("rechecks", limit=limit))["items"]) == min(limit, 2)
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
    counts = []
    with CaptureQueriesContext(connection) as captured:
        inspector.get("rechecks/draws")
    counts.append(len(captured))
    assert SubItem.objects.filter(state="closed", rechecks=None).count() == 1
    more = {"plan": made["plan"], "number": 2, "public": "又一次", **DAYS, "percent": 1}
    done(inspector.post("rechecks/draws", more), 201)
    with CaptureQueriesContext(connection) as captured:
        assert done(inspector.get("rechecks/draws"))["count"] == 2
    assert [len(captured)] == counts
