"""提异议 through the pages: raised by the head, found on the coordinator's desk, kept or upheld."""

from collections.abc import Callable

from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, move
from workflow import clock
from workflow.models import Objection, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def answer(name: str) -> str:
    return f"/objections/{Objection.objects.open().get().pk}/{name}/"


def raised(enter: Enter, one: SubItem, **typed: str) -> Person:
    said = {"suggested": "团县委", "reason": "场馆建设不归本单位管。", **typed}
    return enter("dinghaiyan").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/objections/", **said)


def test_2_1_goes_to_the_unit_suggested(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    head = raised(enter, one)
    assert (head.status, head.sees("已提异议，统筹来定；定下来以前不计时。"), head.sees("由统筹来定。")) == (
        200,
        True,
        True,
    )
    assert head.offers(answer("withdraw")) and not head.offers(move(one, "accept"))
    officer = enter("majianjun").open(f"/items/{one.pk}/")
    assert officer.sees("认为该由团县委牵头") and not officer.offers(move(one, "accept"))
    assert enter("dinghaiyan").open("/").sees("统筹定异议")

    coordinator = enter("wangxuewen").open("/")
    assert coordinator.sees("教体局提异议，认为该由团县委牵头；定下来以前不计时。") and coordinator.sees("定异议")
    page = coordinator.open(f"/items/{one.pk}/")
    assert page.sees("看异议，维持或者改派") and page.sees("场馆建设不归本单位管。")
    assert page.hidden(move(one, "reassign"))["leads"] == "团县委"
    page.send(move(one, "reassign"), comment="异议成立。")
    assert (page.status, page.sees("已改派，等团县委签收。")) == (200, True)
    assert page.sees("改派，等待签收；异议成立")
    assert not enter("wangxuewen").open("/").sees("提异议")
    assert (item("2.1").holder.name, actions(one)[-2:]) == ("团县委", ["objection.raised", "reassign"])
    assert sound()


def test_kept_the_head_reads_why_and_signs(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    raised(enter, one)
    page = enter("wangxuewen").open(f"/items/{one.pk}/")
    page.send(answer("keep"), comment=" ")
    assert (page.status, page.sees("请写明维持的理由。")) == (422, True)
    page.send(answer("keep"), comment="职责在三定方案里。")
    assert page.sees("已维持，牵头单位会收到理由，从今天起签收。")
    head = enter("dinghaiyan").open(f"/items/{one.pk}/")
    assert head.sees("维持分派，重新计签收时间") and head.sees("职责在三定方案里。")
    assert head.sees("教体局对这次分派提过异议，已经维持，不能再提。")
    assert not head.offers(f"/items/{one.pk}/objections/") and head.offers(move(one, "accept"))
    assert sound()


def test_refused_with_what_was_typed_and_why_it_is_too_late(enter: Enter, item: Item) -> None:
    one = item("2.1")
    head = raised(enter, one, suggested="火星办")
    assert (head.status, head.sees("单位名册里没有“火星办”。")) == (422, True)
    assert head.hidden(f"/items/{one.pk}/objections/")["reason"].strip() == "场馆建设不归本单位管。"
    clock.forward(3)
    head.open(f"/items/{one.pk}/")
    assert head.sees("提异议的期限已过：要在分派后 3 个工作日内提出。")
    assert not head.offers(f"/items/{one.pk}/objections/")
    assert not enter("majianjun").open(f"/items/{one.pk}/").sees("提异议")


def test_who_may_not_answer_reads_who_does(enter: Enter, item: Item) -> None:
    one = item("1.1")
    enter("hanlixin").open(f"/items/{one.pk}/").send(
        f"/items/{one.pk}/objections/", suggested="教体局", reason="应由教体局牵头。"
    )
    coordinator = enter("wangxuewen").open(f"/items/{one.pk}/")
    assert coordinator.sees("统筹单位是这一项的牵头单位，这一步由督查办理。") and not coordinator.offers(answer("keep"))
    assert enter("lizhiqiang").open("/").sees("教育工委提异议，认为该由教体局牵头")
    version = SubItem.objects.get(pk=one.pk).seq
    for username, status in (("wangxuewen", 403), ("dinghaiyan", 403), ("nafang", 404)):
        assert enter(username).open("/").force(answer("keep"), version=version, comment="好") == status
    assert enter("lizhiqiang").open(f"/items/{one.pk}/").force(answer("uphold"), version=version) == 404
    enter("lizhiqiang").open(f"/items/{one.pk}/").send(answer("keep"), comment="照方案办。")
    assert Objection.objects.get().status == "kept"
