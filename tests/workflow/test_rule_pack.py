import json
from pathlib import Path
from typing import Any

import pytest

from workflow.rule_pack import Clock, RulePack, Unit

RULES_JSON = Path(__file__).parents[2] / "fixtures" / "rules.json"
RULES = json.loads(RULES_JSON.read_text(encoding="utf-8"))
PACK = RulePack.from_json(RULES)


def test_pack_survives_json() -> None:
    assert PACK.to_json() == RULES
    assert RulePack.from_json(json.loads(json.dumps(PACK.to_json()))) == PACK


def test_top_rungs_alone_are_instant() -> None:
    assert {rung.code for rung in PACK.rungs if rung.instant} == {"due+5", "due+10", "due+20", "review+10"}
    assert all(rung.instant == (rung.level >= 2) for rung in PACK.rungs)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in RULES.items() if name != key}


def with_rung(**changes: object) -> dict[str, Any]:
    return RULES | {"rungs": [RULES["rungs"][0] | changes]}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ([], "an object is expected"),
        (without("rungs"), "rungs"),
        (RULES | {"rung": []}, "unknown.*rung"),
        (RULES | {"version": "1"}, "version: '1' is not int"),
        (RULES | {"sign_within": True}, "sign_within: True is not int"),
        (RULES | {"sign_within": 0}, "sign_within.*positive"),
        (RULES | {"extensions_a_round": -1}, "extensions_a_round must not be negative"),
        (RULES | {"ring_at": "9 Uhr"}, "ring_at"),
        (RULES | {"ring_at": "09:00:30"}, "ring_at: hours and minutes"),
        (RULES | {"timezone": "Asia/Pingluo"}, "timezone: unknown 'Asia/Pingluo'"),
        (RULES | {"colours": {"green": "green"}}, "colours"),
        (RULES | {"yellow": [{"last_days": 30, "last_nth": 4}]}, "exactly one of"),
        (RULES | {"yellow": [{"last_days": 0}]}, "exactly one of"),
        (RULES | {"rungs": RULES["rungs"] * 2}, "twice"),
        (with_rung(clock="tea"), "sign.3: clock: 'tea' is not a valid Clock"),
        (with_rung(offset=4), "code must be clock and offset"),
        (with_rung(code="sign-3", offset=-3), "only calendar days before due"),
        (with_rung(level=5), "level must be 0 to 4"),
        (with_rung(every=-1), "every must not be negative"),
        (with_rung(audience=["everybody"]), "audience.*everybody"),
        (with_rung(audience=[]), "audience"),
        (with_rung(instant=1), "instant: 1 is not bool"),
        (RULES | {"rungs": [{**rung, "every": 5} for rung in RULES["rungs"] if rung["offset"] > 0]}, "may repeat"),
    ],
)
def test_pack_that_makes_no_sense_is_refused(data: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RulePack.from_json(data)


def test_every_rung_of_the_pack_counts_as_the_domain_says() -> None:
    after_due = {rung.unit for rung in PACK.rungs if rung.clock is Clock.DUE and rung.offset > 0}
    before_due = {rung.unit for rung in PACK.rungs if rung.clock is Clock.DUE and rung.offset < 0}
    assert (before_due, after_due) == ({Unit.CALENDAR}, {Unit.WORKING})
