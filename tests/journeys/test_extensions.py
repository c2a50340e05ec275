"""延期 through the pages: asked by the head, found on the verifier's desk, granted, and seen in the ledger."""

from collections.abc import Callable
from datetime import date

import pytest

from accounts.actor import Actor
from accounts.models import User
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, move
from workflow import queries
from workflow.models import Extension, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def settle(name: str) -> str:
    return f"/extensions/{Extension.objects.get().pk}/{name}/"


def asked(enter: Enter, one: SubItem, **typed: str) -> Person:
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    said = {"due_on": "2023-03-31", "reason": "场馆改造未完工。", "progress": "三级竞赛已办两级。", **typed}
    return enter("dinghaiyan").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/extensions/", **said)


def test_2_1_is_given_more_time(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    head = asked(enter, one)
    assert (head.status, head.sees("已申请延期，同意前时限不变。"), head.sees("延期由教育工委决定。")) == (
        200,
        True,
        True,
    )
    assert not head.offers(f"/items/{one.pk}/extensions/") and head.offers(settle("withdraw"))

    verifier = enter("yangjing").open("/")
    assert verifier.sees("等您办的 1 件") and verifier.sees("教体局申请延到2023年3月31日，同意前时限不变。")
    page = verifier.open(f"/items/{one.pk}/")
    assert page.sees("场馆改造未完工。") and page.sees("三级竞赛已办两级。")
    assert page.hidden(settle("grant"))["due_on"] == "2023-03-31"
    page.send(settle("grant"), due_on="2023-06-30")
    assert (page.status, page.sees("不晚于申请的 2023-03-31")) == (422, True)
    page.send(settle("grant"), due_on="2023-02-28", comment="请抓紧。")
    assert (page.status, page.path, page.sees("已同意延期")) == (200, f"/items/{one.pk}/", True)
    assert page.sees("同意延期，时限由 2022-12-31 改为 2023-02-28")
    assert page.sees("2023-02-28 原 2022-12-31 ，延期 1 次")
    assert not enter("yangjing").open("/").sees("等您办的")

    assert enter("lizhiqiang").open("/ledger/?q=2.1").sees("2023-02-28")
    assert head.open(f"/items/{one.pk}/").offers(f"/items/{one.pk}/extensions/")
    assert (item("2.1").due_on, actions(one)[-2:]) == (
        *(date(2023, 2, 28), ["extension.requested", "extension.granted"]),
    )
    assert sound()


def test_who_is_barred_reads_why_and_has_no_button(enter: Enter, item: Item) -> None:
    one = item("2.1")
    asked(enter, one)
    page = enter("maguohua").open(f"/items/{one.pk}/")  # a verifier, and head of the lead
    assert page.sees("您在教体局任职，教体局承担这一项，不能决定延期") and not page.offers(settle("grant"))
    assert page.offers(settle("withdraw"))
    assert not enter("maguohua").open("/").sees("申请延到")
    for username in ("maguohua", "majianjun", "wangxuewen", "lizhiqiang"):
        version = SubItem.objects.get(pk=one.pk).seq
        assert enter(username).open(f"/items/{one.pk}/").force(settle("grant"), version=version) == 403
    assert enter("nafang").open("/").force(settle("grant"), version=3) == 404
    assert enter("yangjing").open("/").force(settle("postpone"), version=3) == 404


def test_refused_and_asked_again_with_what_was_typed(enter: Enter, item: Item) -> None:
    one = item("2.1")
    head = asked(enter, one, due_on="2022-06-30")
    assert (head.status, head.sees("申请的日期要晚于现在的时限 2022-12-31。")) == (422, True)
    assert head.hidden(f"/items/{one.pk}/extensions/")["reason"].strip() == "场馆改造未完工。"
    head.send(f"/items/{one.pk}/extensions/", due_on="2023-03-31")
    enter("yangjing").open(f"/items/{one.pk}/").send(settle("refuse"), comment="理由不足。")
    assert head.open(f"/items/{one.pk}/").sees("不同意延期，时限仍为 2022-12-31")
    assert head.sees("理由不足。") and head.offers(f"/items/{one.pk}/extensions/")


def test_handing_in_takes_the_request_back(enter: Enter, item: Item) -> None:
    one = item("2.1")
    head = asked(enter, one)
    enter("majianjun").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    assert head.open(f"/items/{one.pk}/").sees("报送后，等待决定的延期申请随之撤回。")
    head.send(move(one, "submit"), summary="请审核。")
    assert head.sees("延期申请随之撤回")
    assert Extension.objects.get().status == "withdrawn"


def test_why_no_more_time_can_be_asked_for_is_said(enter: Enter, item: Item) -> None:
    one, ongoing = item("2.1"), item("3.2")
    for each in (one, ongoing):
        enter("majianjun").open(f"/items/{each.pk}/").send(move(each, "accept"))
    SubItem.objects.filter(pk=one.pk).update(due_on=date(2021, 11, 1))
    head = enter("dinghaiyan").open(f"/items/{one.pk}/")
    assert head.sees("完成时限已过，延期要在到期前申请。") and not head.offers(f"/items/{one.pk}/extensions/")
    assert not head.open(f"/items/{ongoing.pk}/").sees("申请延期")
    assert not enter("majianjun").open(f"/items/{one.pk}/").sees("申请延期")


def test_an_inspector_finds_what_nobody_may_verify_on_the_desk(enter: Enter, item: Item) -> None:
    one = item("2.1")
    asked(enter, one)
    SubItem.objects.filter(pk=one.pk).update(verifier=None, verifier_tier="none")
    page = enter("lizhiqiang").open("/")
    assert page.sees("教体局申请延到2023年3月31日")
    page.open(f"/items/{one.pk}/").send(settle("grant"))
    assert SubItem.objects.get(pk=one.pk).due_on == date(2023, 3, 31)


@pytest.mark.parametrize(("username", "count"), [("yangjing", 1), ("maguohua", 0)])
def test_the_number_beside_the_desk_counts_what_is_to_decide(
    enter: Enter, item: Item, username: str, count: int
) -> None:
    actor, today = Actor.of(User.objects.get(username=username)), date(2021, 11, 23)
    asked(enter, item("2.1"))
    before = queries.waiting_for(actor, today).count()
    assert queries.waiting_counts(actor, today)["all"] - before == count
