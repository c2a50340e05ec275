"""An objection meets another one, its answer, the move that answers it, or the signature it forbids: one of the two."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.test_races import NOW, at_once, county, item, move, person, sound
from workflow.actions.objections import keep_assignment, raise_objection, withdraw_objection
from workflow.models import Objection

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def object_to() -> Callable[[], Any]:
    one, by = item("2.1"), person("dinghaiyan")
    said = {"reason": "不归本单位管。", "suggested": "团县委"}
    return lambda: raise_objection(one.pk, by=by, now=NOW, version=one.seq, **said)


def keep() -> Callable[[], Any]:
    objection, version, by = Objection.objects.get(), item("2.1").seq, person("wangxuewen")
    return lambda: keep_assignment(objection.pk, by=by, now=NOW, version=version, comment="维持")


def withdraw() -> Callable[[], Any]:
    objection, version, by = Objection.objects.get(), item("2.1").seq, person("dinghaiyan")
    return lambda: withdraw_objection(objection.pk, by=by, now=NOW, version=version)


def test_one_of_many_objections_is_raised(county: None) -> None:
    assert at_once(*(object_to() for _click in range(6))) == {"ok": 1, "StaleVersion": 5}
    assert (Objection.objects.count(), item("2.1").pause, item("2.1").seq) == (1, "objected", 2)
    assert sound()


def test_signing_and_objecting_are_one_or_the_other(county: None) -> None:
    assert at_once(object_to(), move("2.1", "accept", "majianjun")) == {"ok": 1, "StaleVersion": 1}
    one = item("2.1")
    assert (one.state, one.pause, Objection.objects.count()) in {("in_progress", "", 0), ("assigned", "objected", 1)}
    assert sound()


def test_an_objection_is_answered_once(county: None) -> None:
    object_to()()
    give = move("2.1", "reassign", "wangxuewen", comment="成立", leads=["团县委"])
    assert at_once(keep(), withdraw(), give, keep()) == {"ok": 1, "StaleVersion": 3}
    one, objection = item("2.1"), Objection.objects.get()
    actions = {"kept": "objection.kept", "withdrawn": "objection.withdrawn", "upheld": "reassign"}
    assert (one.journal.last().action, one.pause) == (actions[objection.status], "")
    assert sound()
