from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from workflow import clock
from workflow.actions.escalations import sweep
from workflow.models import Plan

from .conftest import Caller, refusal

Callers = Callable[[str], Caller]
LISTS = ["sub-items", "plans", "inbox", "escalations"]


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [row["number"] for row in answer.json()["items"]]


def test_the_ledger_is_in_the_order_of_the_table(caller: Callers) -> None:
    inspector = caller("lizhiqiang")
    first = inspector.get("sub-items").json()
    assert (first["count"], len(first["items"])) == (48, 48)
    assert [row["number"] for row in first["items"][:4]] == ["1.1", "1.2", "1.3", "2.1"]
    assert numbers(inspector.get("sub-items", limit=2, offset=1)) == ["1.2", "1.3"]
    beyond = inspector.get("sub-items", offset=10**7).json()
    assert beyond == {"count": 48, "items": []}


def test_a_row_says_what_the_item_says(caller: Callers) -> None:
    officer = caller("majianjun")
    row = officer.get("sub-items", q="2.1").json()["items"][0]
    assert row.items() < officer.get(f"sub-items/{row['id']}").json().items()
    assert row["moves"] == ["accept"]


NARROWED: list[tuple[dict[str, Any], int]] = [
    ({"state": "assigned"}, 48),
    ({"state": "closed"}, 0),
    ({"light": "red"}, 0),
    ({"unit": "教育工委"}, 6),
    ({"holder": "教育工委"}, 6),
    ({"unit": "没有这个单位"}, 0),
    ({"q": "22.3"}, 1),
    ({"q": "体育美育"}, 3),  # words of the task
    ({"due_before": "2022-01-01"}, 2),
    ({"plan": 999_999}, 0),
    ({"plan": "", "state": "", "light": "", "unit": "", "holder": "", "q": "", "due_before": ""}, 48),
]


def test_the_ledger_narrows(caller: Callers) -> None:
    inspector = caller("lizhiqiang")
    for query, count in NARROWED:
        answer = inspector.get("sub-items", **query).json()
        assert (answer["count"], len(answer["items"])) == (count, count), query


def test_the_ledger_narrows_by_plan(caller: Callers, pingluo: Plan) -> None:
    assert caller("lizhiqiang").get("sub-items", plan=pingluo.pk).json()["count"] == 48


def test_pages_have_bounds(caller: Callers) -> None:
    inspector = caller("lizhiqiang")
    for path in LISTS:
        for limit in (0, -1, 201, "x", "", 1.5, 2**70):
            assert refusal(inspector.get(path, limit=limit)) == (422, "invalid"), (path, limit)
        for offset in (-1, 10**7 + 1, "x", 2**70):
            assert refusal(inspector.get(path, offset=offset)) == (422, "invalid"), (path, offset)
        assert inspector.get(path, limit=200, offset=10**7).json()["items"] == []


SENSELESS: dict[str, list[Any]] = {
    "plan": ["x", -1, 2**63, 2**70, "1.5"],
    "state": ["open", "ASSIGNED", "0"],
    "light": ["orange", "null"],
    "due_before": ["2022", "x", "0", "2022-02-30", "1640995200", "2022-01-01T00:00:00"],
    "q": ["\x00", "字" * 201],
    "unit": ["\x00"],
    "holder": ["\x00"],
}


def test_a_filter_that_makes_no_sense_is_refused(caller: Callers) -> None:
    inspector = caller("lizhiqiang")
    for name, values in SENSELESS.items():
        for value in values:
            assert refusal(inspector.get("sub-items", **{name: value})) == (422, "invalid"), (name, value)


def test_other_filters_refuse_alike(caller: Callers) -> None:
    inspector = caller("lizhiqiang")
    assert refusal(inspector.get("stats", plan="x")) == (422, "invalid")
    assert refusal(inspector.get("escalations", sub_item=2**63)) == (422, "invalid")
    assert refusal(inspector.get("escalations", plan="x")) == (422, "invalid")


def test_a_plan_has_its_headings(caller: Callers, pingluo: Plan) -> None:
    leader = caller("zhoumin")
    listed = leader.get("plans").json()
    assert (listed["count"], listed["items"][0]["owner"]) == (1, "教育工委")
    plan = leader.get(f"plans/{pingluo.pk}").json()
    assert plan["supervisors"] == ["教育工委", "教体局"]
    assert [len(section["tasks"]) for section in plan["sections"]] == [4, 4, 5, 5, 4]
    assert plan["sections"][0]["tasks"][1] == {"number": "2", "title": "提高体育美育劳动教育水平"}


def test_stats_count_what_the_caller_sees(caller: Callers, pingluo: Plan) -> None:
    stats = caller("lizhiqiang").get("stats", plan=pingluo.pk).json()
    assert stats.keys() == {"by_state", "by_light", "by_unit", "by_section", "by_holder"}
    assert (stats["by_state"]["assigned"], sum(stats["by_light"].values())) == (48, 48)
    assert {row["name"]: row["total"] for row in stats["by_unit"]}["教体局"] == 45
    assert [row["total"] for row in stats["by_section"]] == [10, 10, 9, 9, 10]
    assert sum(row["items"] for row in stats["by_holder"]) == 48
    assert sum(row["working_days"] for row in stats["by_holder"]) == 48  # the plan was published yesterday
    assert caller("chenwenbo").get("stats").json()["by_state"]["assigned"] < 48


def test_escalations_say_why(caller: Callers, in_progress: str, pingluo: Plan) -> None:
    clock.forward(14)
    sweep(now=clock.now())
    inspector = caller("lizhiqiang")
    raised = inspector.get("escalations").json()
    assert raised["count"] >= 47
    row = next(row for row in raised["items"] if row["rung"].startswith("sign"))
    assert row.keys() == {
        *("id", "sub_item", "number", "rung", "level", "label", "due_at", "raised_at", "superseded", "why", "audience")
    }
    assert "签收" in row["why"]
    one = inspector.get("escalations", sub_item=row["sub_item"], plan=pingluo.pk).json()
    assert {each["sub_item"] for each in one["items"]} == {row["sub_item"]}


def cost(caller: Caller, path: str, **query: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(path, **query).status_code == 200
    return len(queries)


def test_a_list_costs_the_same_for_one_row_and_for_many(caller: Callers, in_progress: str) -> None:
    clock.forward(14)
    sweep(now=clock.now())
    head = caller("dinghaiyan")
    for path in ("sub-items", "inbox", "escalations"):
        assert head.get(path).json()["count"] >= 3
        assert cost(head, path, limit=1) == cost(head, path, limit=200), path


def test_plans_cost_the_same_for_one_and_for_many(caller: Callers, pingluo: Plan) -> None:
    leader = caller("zhoumin")
    before = cost(leader, "plans")
    for _copy in range(2):
        pingluo.pk = None
        pingluo.save(force_insert=True)
    assert (leader.get("plans").json()["count"], cost(leader, "plans")) == (3, before)


def test_a_journal_costs_the_same_however_long(caller: Callers, at: Callable[[str], str], in_progress: str) -> None:
    officer = caller("majianjun")
    for path in ("", "/journal"):  # one entry, two entries
        assert cost(officer, f"{at('2.2')}{path}") == cost(officer, f"{in_progress}{path}")
