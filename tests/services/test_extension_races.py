"""A request for more time meets another one, its decision, or the hand-in it was asked for: one of the two."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.services.test_races import NOW, at_once, county, item, move, person, ready, sound
from workflow.actions.extensions import decide_extension, request_extension, withdraw_extension
from workflow.models import Extension

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def ask(username: str = "dinghaiyan") -> Callable[[], Any]:
    one, by = item("2.1"), person(username)
    said = {"due_on": "2023-03-31", "reason": "场馆未完工。", "progress": "已办两级。"}
    return lambda: request_extension(one.pk, by=by, now=NOW, version=one.seq, **said)


def decide(verdict: str, username: str = "yangjing") -> Callable[[], Any]:
    extension, version, by = Extension.objects.get(), item("2.1").seq, person(username)
    return lambda: decide_extension(extension.pk, verdict, by=by, now=NOW, version=version, comment="好")


def withdraw() -> Callable[[], Any]:
    extension, version, by = Extension.objects.get(), item("2.1").seq, person("dinghaiyan")
    return lambda: withdraw_extension(extension.pk, by=by, now=NOW, version=version)


def test_one_of_many_requests_is_made(county: None) -> None:
    before = ready()
    assert at_once(*(ask() for _click in range(6))) == {"ok": 1, "StaleVersion": 5}
    assert (Extension.objects.count(), item("2.1").seq) == (1, before.seq + 1)
    assert sound()


def test_a_request_is_settled_once(county: None) -> None:
    ready()
    ask()()
    assert at_once(decide("grant"), decide("refuse"), decide("grant"), withdraw()) == {"ok": 1, "StaleVersion": 3}
    one, extension = item("2.1"), Extension.objects.get()
    assert one.journal.last().action == f"extension.{extension.status}"
    assert one.due_on == (date(2023, 3, 31) if extension.status == "granted" else date(2022, 12, 31))
    assert sound()


def test_handing_in_and_granting_are_one_after_the_other(county: None) -> None:
    ready()
    ask()()
    told = at_once(decide("grant"), move("2.1", "submit", "dinghaiyan", summary="请审核。"))
    assert told == {"ok": 1, "StaleVersion": 1}
    one, extension = item("2.1"), Extension.objects.get()
    assert (one.state, extension.status) in {("in_progress", "granted"), ("submitted", "withdrawn")}
    assert not one.extension_is_open
    assert sound()
