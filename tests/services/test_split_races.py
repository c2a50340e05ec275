"""Two splits in one task at once, and a split that meets another change of its item."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.test_races import NOW, at_once, county, item, move, person, sound
from workflow.actions.moves import make_move
from workflow.models import SubItem

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def split(number: str, unit: str = "教体局", username: str = "lizhiqiang") -> Callable[[], Any]:
    one, by = item(number), person(username)
    details = {"unit": unit, "comment": "分开办"}
    return lambda: make_move(one.pk, "split", by=by, now=NOW, version=one.seq, details=details)


def test_two_in_one_task_get_numbers_of_their_own(county: None) -> None:
    before = set(SubItem.objects.values_list("number", flat=True))
    assert at_once(split("22.1"), split("22.3")) == {"ok": 2}
    after = set(SubItem.objects.values_list("number", flat=True)) - before
    last = max(int(number.partition(".")[2]) for number in before if number.startswith("22."))
    assert after == {f"22.{last + 1}", f"22.{last + 2}"}
    assert sound()


def test_one_item_is_split_once(county: None) -> None:
    cancel = move("22.1", "cancel", "lizhiqiang", comment="并入")
    assert at_once(split("22.1"), split("22.1"), cancel) == {"ok": 1, "StaleVersion": 2}
    assert SubItem.objects.count() in (48, 49)
    assert sound()
