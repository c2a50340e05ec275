"""Moves through the one function that makes them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.actor import Actor
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion
from workflow.models import SubItem, Submission
from workflow.models.journal import broken_links
from workflow.states import Light, State

Item = Callable[[str], SubItem]
As = Callable[[str], Actor]


def go(item: SubItem, name: str, by: Actor, now: datetime, **details: Any) -> SubItem:
    item = SubItem.objects.get(pk=item.pk)
    return make_move(item.pk, name, by=by, now=now, version=item.seq, details=details)


def test_item_goes_from_assigned_to_closed(item: Item, actor: As, now: datetime) -> None:
    one = item("2.1")
    go(one, "accept", actor("majianjun"), now, assignee="majianjun")
    report_progress(one.pk, by=actor("majianjun"), now=now, percent=50, words="三级竞赛已开赛。")
    save_draft(one.pk, by=actor("majianjun"), now=now, summary="请审核。", version=None)
    done = go(one, "submit", actor("dinghaiyan"), now)
    assert (done.state, done.holder.name) == (State.SUBMITTED, "教育工委")
    with pytest.raises(NotAllowed):
        go(one, "approve", actor("changlihua"), now)  # the verifier of 教体局 itself
    with pytest.raises(Invalid):
        go(one, "reject", actor("yangjing"), now, comment=" ")
    back = go(one, "reject", actor("yangjing"), now, comment="请附赛事安排。")
    assert (back.state, back.holder.name) == (State.IN_PROGRESS, "教体局")
    go(one, "submit", actor("dinghaiyan"), now, summary="已附赛事安排。")
    approved = go(one, "approve", actor("yangjing"), now)
    assert (approved.state, approved.holder.name) == (State.VERIFIED, "教育工委")
    closed = go(one, "close", actor("wangxuewen"), now)
    assert (closed.state, closed.holder, closed.light(now.date())) == (State.CLOSED, None, Light.BLUE)
    chain = list(closed.journal.all())
    assert [entry.action for entry in chain] == [
        *("dispatch", "accept", "report", "draft", "submit", "reject", "submit", "approve", "close")
    ]
    assert list(broken_links(str(closed.uid), closed.seq, closed.head, chain)) == []
    assert list(closed.submissions.order_by("number").values_list("number", "status", "summary")) == [
        (1, "rejected", "请审核。"),
        (2, "approved", "已附赛事安排。"),
    ]


def test_refusals_come_in_order(item: Item, actor: As, now: datetime) -> None:
    one = item("5.1")  # 自然资源局
    stranger, own = actor("majianjun"), actor("nafang")
    with pytest.raises(NotFound):
        make_move(one.pk, "approve", by=own, now=now, version=99)
    with pytest.raises(StaleVersion):
        make_move(one.pk, "approve", by=stranger, now=now, version=99)
    with pytest.raises(MoveNotPossible):
        make_move(one.pk, "approve", by=stranger, now=now, version=1)
    with pytest.raises(NotAllowed):
        make_move(one.pk, "accept", by=stranger, now=now, version=None)
    assert SubItem.objects.get(pk=one.pk).seq == 1


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("2.1", "教育工委", "没有承担"),
        ("1.1", "教体局", "互核"),
        ("22.3", "教体局", "互核"),
        ("5.1", "教育工委", "没有承担"),
    ],
)
def test_verifier_is_chosen_by_rule_1(item: Item, number: str, unit: str, words: str) -> None:
    from workflow.queries import verifier_reason

    assert item(number).verifier.name == unit
    assert words in verifier_reason(item(number))


def test_ongoing_item_renews(item: Item, actor: As, now: datetime) -> None:
    one = item("6.1")
    assert (one.due_on, one.original_due_on) == (date(2022, 12, 31), date(2022, 12, 31))
    head = actor(head_of("财政局"))
    go(one, "accept", head, now)
    report_progress(one.pk, by=head, now=now, percent=100, words="只增不减。")
    go(one, "submit", head, now, summary="只增不减。")
    go(one, "approve", actor("yangjing"), now)
    with pytest.raises(Invalid):
        go(one, "close", actor("wangxuewen"), now)  # ending what never ends takes a reason
    renewed = go(one, "renew", actor("wangxuewen"), now + timedelta(days=1))
    assert (renewed.state, renewed.round_no, renewed.due_on) == (State.IN_PROGRESS, 2, date(2023, 12, 31))
    assert (renewed.participants, renewed.reported_at, renewed.holder.name) == ([], None, "财政局")
    with pytest.raises(Invalid):  # the report was of the round before
        go(one, "submit", head, now, summary="只增不减。")


def head_of(unit: str) -> str:
    from accounts.models import Post

    return Post.objects.filter(unit__name=unit, role="head").first().user.username


def test_person_with_two_posts_is_barred(item: Item, actor: As, now: datetime) -> None:
    one = item("2.1")
    go(one, "accept", actor("majianjun"), now)
    report_progress(one.pk, by=actor("majianjun"), now=now, percent=50, words="进行中。")
    go(one, "submit", actor("dinghaiyan"), now, summary="请审核。")
    with pytest.raises(NotAllowed, match="教体局"):
        go(one, "approve", actor("maguohua"), now)
    assert Submission.objects.get(item=one).status == "submitted"


@pytest.mark.parametrize("reason", ["\u200b", "\u200b \u2060", "\u202e退回", "退\x00回", "\ud800"])
def test_reason_that_nobody_can_read_is_none(item: Item, actor: As, now: datetime, reason: str) -> None:
    one = item("2.1")
    with pytest.raises(Invalid):
        go(one, "cancel", actor("wangxuewen"), now, comment=reason)
    assert SubItem.objects.get(pk=one.pk).seq == 1


@pytest.mark.parametrize("percent", ["1_0", "٣", "５０", "+5", -1, 101, 1.5, True, None, ""])
def test_percent_is_a_plain_number(item: Item, actor: As, now: datetime, percent: Any) -> None:
    one = item("2.1")
    go(one, "accept", actor("majianjun"), now)
    with pytest.raises(Invalid):
        report_progress(one.pk, by=actor("majianjun"), now=now, percent=percent, words="进行中。")
