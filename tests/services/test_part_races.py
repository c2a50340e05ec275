"""A part meets two at once: the unit's answer and the lead's waiver, two clicks, two members: one after the other."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.test_races import NOW, at_once, county, item, move, person, sound
from workflow.actions.parts import ask_for_parts, take_step
from workflow.models import Part

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def asked(number: str = "2.2") -> None:
    move(number, "accept", "majianjun")()
    ask(number)()


def ask(number: str = "2.2") -> Callable[[], Any]:
    one, by = item(number), person("majianjun")
    return lambda: ask_for_parts(one.pk, by=by, now=NOW, version=one.seq)


def step(unit: str, name: str, username: str, *, number: str = "2.2", version: bool = True) -> Callable[[], Any]:
    one, part, by = item(number), Part.objects.get(unit__name=unit), person(username)
    seq = one.seq if version else None
    return lambda: take_step(part.pk, name, by=by, now=NOW, version=seq, said="说明。")


def as_rows_say(number: str) -> bool:
    """The item's row says of the open parts what their rows say."""
    one = item(number)
    return {(each["unit"], each["status"]) for each in one.parts_open} == set(
        one.parts.open().values_list("unit_id", "status")
    )


def test_a_part_is_answered_or_waived(county: None) -> None:
    asked()
    told = at_once(step("人社局", "waive", "majianjun"), step("人社局", "answer", "yangxiaolong", version=False))
    part = Part.objects.get(unit__name="人社局")
    assert (dict(told), part.status) in (
        ({"ok": 1, "StaleVersion": 1}, "answered"),  # the waiver was of a part without an answer
        ({"ok": 1, "MoveNotPossible": 1}, "waived"),
    )
    assert sound() and as_rows_say("2.2")


def test_one_of_many_answers_is_taken(county: None) -> None:
    asked()
    clicks = [step("人社局", "answer", "yangxiaolong", version=False) for _click in range(6)]
    assert at_once(*clicks) == {"ok": 1, "MoveNotPossible": 5}
    assert sound() and as_rows_say("2.2")


def test_one_of_many_requests_is_made(county: None) -> None:
    move("2.2", "accept", "majianjun")()
    assert at_once(*(ask() for _click in range(6))) == {"ok": 1, "StaleVersion": 5}
    assert (Part.objects.count(), sound(), as_rows_say("2.2")) == (2, True, True)


def test_members_who_answer_at_once_all_answer(county: None) -> None:
    asked("11.1")
    officers = {"城关镇": "limengyao", "黄渠桥镇": "wangcaixia", "宝丰镇": "maxiaohua", "头闸镇": "zhangningbo"}
    answers = [step(unit, "answer", who, number="11.1", version=False) for unit, who in officers.items()]
    assert at_once(*answers) == {"ok": 4}
    assert (Part.objects.filter(status="answered").count(), sound(), as_rows_say("11.1")) == (4, True, True)
