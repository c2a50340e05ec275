"""分出: a co-lead goes on with a sub-item of its own, and both journals name the other."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.actor import Actor
from notifications import rendering
from notifications.models import Message
from tests.workflow.actions.test_extensions import appoint, fresh, move, sound, told
from tests.workflow.actions.test_objections import headed, objected
from workflow import queries
from workflow.errors import Invalid, MoveNotPossible, NotAllowed
from workflow.models import JournalEntry, Plan, Responsibility, SubItem
from workflow.states import State, Tier

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

COORDINATOR, INSPECTOR = "wangxuewen", "lizhiqiang"
BASIS = "县政府专题会议纪要第 12 期"


def split(item: SubItem, now: datetime, username: str = COORDINATOR, **said: Any) -> SubItem:
    """The new item."""
    move(item, "split", username, now, **{"unit": "教体局", "comment": BASIS, **said})
    return SubItem.objects.with_responsibilities().select_related("holder", "verifier", "section").latest("pk")


def names(units: Any) -> list[str]:
    return [unit.name for unit in units]


def test_the_co_lead_leaves_with_an_item_of_its_own(item: Item, now: datetime) -> None:
    one, later = item("21.1"), now + timedelta(days=7)
    before = names(one.supports)
    new, old = split(one, later, text="核定教职工编制。"), fresh(item("21.1"))
    assert (names(old.leads), names(old.supports), old.text) == (["县委编办"], before, one.text)
    assert (names(new.leads), names(new.supports), new.text) == (["教体局"], before, "核定教职工编制。")
    assert (new.number, new.section_id, new.state, new.holder.name) == ("21.4", one.section_id, "assigned", "教体局")
    assert (new.due_on, new.original_due_on, new.start_on, new.deadline_raw) == (
        *(one.due_on, one.due_on, later.date()),
        one.deadline_raw,
    )
    assert (new.verifier.name, new.verifier_tier) == ("教育工委", Tier.INDEPENDENT)
    assert new.clocks["sign"] == {"seq": 1, "since": "2021-11-29"} and new.alarm_at is not None
    left, first = old.journal.last(), new.journal.get()
    assert (left.action, left.comment, left.details["split"]) == ("split", BASIS, {"number": "21.4", "unit": "教体局"})
    assert left.details["changes"] == {"leads": [["县委编办", "教体局"], ["县委编办"]]}
    assert (first.action, first.comment, first.details["split_from"]) == ("dispatch", BASIS, "21.1")
    assert (first.details["leads"], first.details["text"]) == (["教体局"], "核定教职工编制。")
    assert sound(old) and sound(new)


def test_the_new_lead_is_told_of_the_new_item_and_the_others_of_the_old(item: Item, now: datetime) -> None:
    one = item("21.1")
    new = split(one, now, supports=["妇联"])
    assert {headed("妇联"), "dinghaiyan", "majianjun"} <= told("split.begun")
    assert headed("县委编办") in told("move.split") and "dinghaiyan" not in told("move.split")
    message = Message.objects.filter(kind="split.begun").first()
    assert (message.link, BASIS in rendering.body(message)) == (new.get_absolute_url(), True)


def test_it_stands_behind_the_last_of_its_task(item: Item, now: datetime) -> None:
    last = SubItem.objects.filter(number__startswith="22.").count()
    split(item("21.1"), now)
    split(item("22.1"), now, INSPECTOR)
    ordered = list(queries.ledger(Actor.system(), now.date(), queries.LedgerFilter()).values_list("number", flat=True))
    assert ordered[ordered.index("21.3") :] == ["21.3", "21.4", *(f"22.{n}" for n in range(1, last + 2))]


def test_numbers_of_cancelled_items_are_not_used_again(item: Item, now: datetime) -> None:
    move(item("21.3"), "cancel", COORDINATOR, now, comment="并入")
    assert split(item("21.1"), now).number == "21.4"


@pytest.mark.parametrize(("number", "new"), [("7", "23"), ("二-1", "二-1-1"), ("21.1a", "21.1a-1")])
def test_other_numberings_go_on_too(item: Item, now: datetime, number: str, new: str) -> None:
    one = item("21.1")
    if number == "7":
        for place, each in enumerate(SubItem.objects.all()[:22], 1):
            SubItem.objects.filter(pk=each.pk).update(number=f"x{place}")
        SubItem.objects.filter(number="x3").update(number="22")
    SubItem.objects.filter(pk=one.pk).update(number=number)
    assert split(one, now).number == new


def test_a_round_is_taken_over_as_it_stands(item: Item, now: datetime) -> None:
    second = Responsibility.objects.filter(duty="lead", position=2, item__kind="ongoing").select_related("unit")
    chosen = second.exclude(item__responsibilities__unit__name="教育工委").first()
    one, later = item(chosen.item.number), now + timedelta(days=60)
    new = split(one, later, unit=chosen.unit.name)
    assert (new.kind, new.freq, new.due_on, new.start_on) == (one.kind, one.freq, one.due_on, later.date())


def test_another_deadline_may_be_given(item: Item, now: datetime) -> None:
    new = split(item("21.1"), now, deadline={"kind": "date", "due_on": "2023-06-30"})
    assert (new.due_on, new.deadline_raw, new.original_due_on) == (
        *(date(2023, 6, 30), "2023年6月30日"),
        date(2023, 6, 30),
    )


def test_an_item_in_progress_goes_on_while_the_new_one_is_signed_for(item: Item, now: datetime) -> None:
    one = item("21.1")
    move(one, "accept", headed("县委编办"), now)
    new, old = split(one, now), fresh(one)
    assert (old.state, old.assignee_id is not None, new.state, new.assignee_id) == (
        *(State.IN_PROGRESS, True),
        *(State.ASSIGNED, None),
    )
    assert move(new, "accept", "majianjun", now).state == State.IN_PROGRESS


BAD: list[tuple[dict[str, Any], str]] = [
    ({"unit": "县委编办"}, "不是这一项的共同牵头单位"),  # the main lead
    ({"unit": "人社局"}, "不是这一项的共同牵头单位"),  # a support
    ({"unit": "火星办"}, "单位名册里没有"),
    ({"unit": ""}, "请写分出哪个单位"),
    ({"unit": 5}, "要写成文字"),
    ({"text": " "}, "请写具体内容"),
    ({"comment": ""}, "请写明理由"),
    ({"supports": ["火星办"]}, "单位名册里没有"),
    ({"deadline": {"kind": "date", "due_on": "2021-01-01"}}, "要晚于今天"),
    ({"deadline": {"kind": "date", "due_on": ""}}, "请填新的完成时限"),
    ({"deadline": {"kind": "ongoing"}}, "多久一期"),
]


@pytest.mark.parametrize(("said", "sentence"), BAD)
def test_what_is_said_badly_is_refused_and_nothing_written(
    item: Item, now: datetime, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        split(item("21.1"), now, **said)
    assert (SubItem.objects.count(), JournalEntry.objects.count()) == (48, 48)


def test_who_may_split_and_when(item: Item, now: datetime) -> None:
    with pytest.raises(MoveNotPossible, match="只有一个牵头单位"):
        split(item("2.1"), now, "majianjun")
    with pytest.raises(NotAllowed, match="由统筹办理"):
        split(item("21.1"), now, "dinghaiyan")
    with pytest.raises(NotAllowed, match="由督查办理"):
        split(item("1.1"), now)
    objected(item("21.1"), now)
    with pytest.raises(MoveNotPossible, match="有异议在等统筹来定"):
        split(item("21.1"), now)
    appoint(COORDINATOR, "人社局", "officer")
    with pytest.raises(NotAllowed, match="您在人社局任职"):
        split(item("18.1"), now, unit="人社局")


def test_nobody_dates_what_becomes_their_own(item: Item, now: datetime) -> None:
    appoint(COORDINATOR, "妇联", "officer")
    said = {"supports": ["妇联"], "deadline": {"kind": "date", "due_on": "2023-06-30"}}
    with pytest.raises(NotAllowed, match="您在妇联任职"):
        split(item("21.1"), now, **said)
    assert split(item("21.1"), now, supports=["妇联"]).number == "21.4"


def test_the_stricter_option_holds_for_both(item: Item, now: datetime) -> None:
    """教育工委 leads 22.3 with 教体局: apart, each is verified by the other."""
    Plan.objects.update(leads_never_verify=True)
    new = split(item("22.3"), now, INSPECTOR)
    assert (new.verifier.name, new.verifier_tier) == ("教育工委", Tier.INDEPENDENT)
    assert (fresh(item("22.3")).verifier.name, item("22.3").verifier_tier) == ("教体局", Tier.INDEPENDENT)
