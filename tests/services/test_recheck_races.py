"""Two inspectors at once: one verdict on a re-check, one draw of a number, and a reopening meets a verdict."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Post, Unit, User
from tests.services.test_races import NOW, at_once, county, item, move, person, ready, sound
from workflow.actions.moves import make_move
from workflow.actions.rechecks import draw, let_stand
from workflow.models import Draw, Plan, Recheck

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
INSPECTORS = ("lizhiqiang", "second")


def closed(number: str = "2.1") -> None:
    ready(number)
    for name, username, said in (
        ("submit", "dinghaiyan", {"summary": "请审核。"}),
        ("approve", "yangjing", {}),
        ("close", "wangxuewen", {"comment": "材料齐全。"}),
    ):
        one = item(number)
        make_move(one.pk, name, by=person(username), now=NOW, version=one.seq, details=said)
    user, new = User.objects.get_or_create(username="second", defaults={"name": "二督查"})
    if new:
        Post.objects.create(user=user, unit=Unit.objects.get(name="政府督查室"), role="inspector")


def drawing(username: str, number: int = 1) -> Callable[[], Any]:
    by, plan, day = person(username), Plan.objects.get().pk, NOW.date()
    said = {"public": "号码", "closed_from": day, "closed_to": day, "size": 1}
    return lambda: draw(plan, by=by, now=NOW, number=number, **said)


def stand(username: str) -> Callable[[], Any]:
    recheck, by = Recheck.objects.select_related("item").get(), person(username)
    said = {"version": recheck.item.seq, "comment": "属实。"}
    return lambda: let_stand(recheck.pk, by=by, now=NOW, **said)


def test_one_of_many_draws_is_made(county: None) -> None:
    closed("2.1")
    closed("2.2")
    assert at_once(*(drawing(username) for username in INSPECTORS * 2)) == {"ok": 1, "StaleVersion": 3}
    assert (Draw.objects.count(), Recheck.objects.count()) == (1, 1)
    assert sound()


def test_a_recheck_is_settled_once(county: None) -> None:
    closed()
    drawing("lizhiqiang")()
    before = item("2.1").seq
    assert at_once(*(stand(username) for username in INSPECTORS * 2)) == {"ok": 1, "StaleVersion": 3}
    assert (Recheck.objects.get().status, item("2.1").seq) == ("stands", before + 1)
    assert sound()


def test_a_verdict_and_a_reopening_are_one_of_the_two(county: None) -> None:
    closed()
    drawing("lizhiqiang")()
    said = {"comment": "不实。", "due_on": "2022-06-30"}
    told = at_once(
        stand("lizhiqiang"), move("2.1", "reopen", "second", **said), move("2.1", "reopen", "wangxuewen", **said)
    )
    assert told == {"ok": 1, "StaleVersion": 2}
    outcome = {"closed": {"stands"}, "in_progress": {"reopened", "dropped"}}
    assert Recheck.objects.get().status in outcome[item("2.1").state]
    assert sound()


def test_a_draw_and_a_reopening_are_one_after_the_other(county: None) -> None:
    """Drawn first, the reopening is stale; reopened first, there is nothing to draw."""
    closed()
    said = {"comment": "不实。", "due_on": "2022-06-30"}
    told = at_once(drawing("lizhiqiang"), move("2.1", "reopen", "second", **said))
    assert dict(told) in ({"ok": 1, "StaleVersion": 1}, {"ok": 1, "Invalid": 1})
    assert Recheck.objects.pending().count() == (1 if item("2.1").state == "closed" else 0)
    assert sound()
