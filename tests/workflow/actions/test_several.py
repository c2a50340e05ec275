"""One move on many items: each by itself, a result for each; what is refused stops none of the others."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.actor import Actor
from tests.workflow.actions.test_criteria import OFFICER, VERIFIER, fresh, person, propose, settle, upload
from workflow.actions.moves import make_move
from workflow.actions.several import Wanted, make_moves
from workflow.errors import NotFound
from workflow.models import SubItem

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db
SOME = ("2.1", "2.2", "9.1")


def wanted(item: Item, *numbers: str, **details: str) -> list[Wanted]:
    return [Wanted(item(number).pk, item(number).seq, details) for number in numbers]


def outcomes(name: str, rows: list[Wanted], by: Actor, now: datetime) -> list[str]:
    made = make_moves(name, rows, by=by, now=now)
    return [each.refusal.code if each.refusal else each.item.state for each in made]


@pytest.fixture
def handed_in(item: Item, now: datetime) -> tuple[str, ...]:
    for number in SOME:
        one = item(number)
        make_move(one.pk, "accept", by=person(OFFICER), now=now, version=1, details={})
        upload(one, now, f"{number}.txt")
        if number == "9.1":
            propose(one, now, proposed=[{"text": "台账齐全"}])
            settle(one, "agree", now)
        answers = {"1": {"text": "齐全"}} if number == "9.1" else None
        said = {"summary": "请审核。", "answers": answers}
        make_move(one.pk, "submit", by=person("dinghaiyan"), now=now, version=fresh(one).seq, details=said)
    return SOME


def test_each_is_a_move_of_its_own_with_a_result(item: Item, now: datetime) -> None:
    rows = wanted(item, *SOME)
    rows[1] = Wanted(rows[1].item_id, 9)  # stale
    rows += [Wanted(987654, 1), rows[0], *wanted(item, "4.2")]  # unknown, twice, one more
    assert outcomes("accept", rows, person(OFFICER), now) == [
        *("in_progress", "stale-version", "in_progress", "not-found", "stale-version", "in_progress")
    ]
    assert [item(number).state for number in SOME] == ["in_progress", "assigned", "in_progress"]


def test_what_has_criteria_is_approved_by_nobody_blindly(item: Item, now: datetime, handed_in: tuple[str, ...]) -> None:
    assert outcomes("approve", wanted(item, *SOME), person(VERIFIER), now) == ["verified", "verified", "invalid"]
    assert item("9.1").state == "submitted"


def test_several_are_rejected_with_one_reason(item: Item, now: datetime, handed_in: tuple[str, ...]) -> None:
    assert outcomes("reject", wanted(item, *SOME), person(VERIFIER), now) == ["invalid"] * 3
    rows = wanted(item, "2.1", "2.2", comment="请补签字页。")
    assert outcomes("reject", rows, person(VERIFIER), now) == ["in_progress"] * 2
    assert {fresh(item(number)).submissions.get().comment for number in ("2.1", "2.2")} == {"请补签字页。"}


def test_who_may_not_is_told_for_each(item: Item, now: datetime, handed_in: tuple[str, ...]) -> None:
    assert outcomes("approve", wanted(item, *SOME), person("maguohua"), now) == ["not-allowed"] * 3


@pytest.mark.parametrize("name", ["cancel", "submit", "reopen", "amend", "nonsense"])
def test_what_concerns_one_item_each_is_not_done_to_many(item: Item, now: datetime, name: str) -> None:
    with pytest.raises(NotFound):
        make_moves(name, wanted(item, "2.1"), by=person(OFFICER), now=now)
