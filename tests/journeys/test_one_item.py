"""Stories of single items through the pages, as the people of 平罗县 would live them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.journeys.conftest import Person
from tests.workflow.file_samples import SAMPLES
from workflow import clock
from workflow.models import Evidence, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def move(one: SubItem, name: str) -> str:
    return f"/items/{one.pk}/moves/{name}/"


def review(one: SubItem, name: str = "") -> str:
    return f"/review/{one.pk}/{name}/" if name else f"/review/{one.pk}/"


def state(one: SubItem) -> tuple[str, str]:
    one = SubItem.objects.select_related("holder").get(pk=one.pk)
    return one.state, one.holder.name if one.holder else ""


def actions(one: SubItem) -> list[str]:
    return list(one.journal.order_by("seq").values_list("action", flat=True))


def work_on(one: SubItem, officer: Person) -> None:
    """Sign, report, upload a PDF and write the draft."""
    page = officer.open(f"/items/{one.pk}/").send(move(one, "accept"))
    assert page.sees("已签收，可以开始办理。")
    page.send(f"/items/{one.pk}/report/", percent="60", text="三级竞赛已开赛。")
    assert page.sees("进展已记下。")
    page.send(f"/items/{one.pk}/evidence/", file=SimpleUploadedFile("赛事安排.pdf", SAMPLES["pdf"]))
    assert (page.status, page.sees("已传 1 份材料。"), page.sees("赛事安排.pdf")) == (200, True, True)
    page.send(f"/items/{one.pk}/draft/", summary="三级竞赛体系已建立，请审核。")
    assert (page.status, page.path, actions(one)[-1]) == (200, f"/items/{one.pk}/", "draft")


def hand_in(one: SubItem, head: Person, **typed: str) -> None:
    page = head.open(f"/items/{one.pk}/").send(move(one, "submit"), **typed)
    assert (page.status, page.sees("已报送")) == (200, True)


def verdict(one: SubItem, verifier: Person, name: str, **typed: str) -> Person:
    return verifier.open(review(one)).send(review(one, name), **typed)


def test_2_1_is_returned_once_and_closed(enter: Enter, item: Item, sound: Sound) -> None:
    one, officer, head, verifier = item("2.1"), enter("majianjun"), enter("dinghaiyan"), enter("yangjing")
    work_on(one, officer)
    assert not officer.offers(move(one, "submit"))
    assert officer.sees("报送要由单位负责人签发，请送负责人。")
    assert officer.force(move(one, "submit"), version=officer.hidden(f"/items/{one.pk}/draft/")["version"]) == 403
    hand_in(one, head)
    assert state(one) == ("submitted", "教育工委")

    own = enter("changlihua").open(f"/items/{one.pk}/")
    assert not own.open(review(one)).offers(review(one, "approve"))
    for name in ("approve", "reject"):
        assert own.force(move(one, name), version=5, comment="好") == 409  # stale
        assert own.force(move(one, name), version=6, comment="好") == 403
    assert state(one) == ("submitted", "教育工委")

    page = verifier.open("/review/")
    assert (page.path, page.sees("赛事安排.pdf"), page.sees("三级竞赛体系已建立")) == (review(one), True, True)
    page.send(review(one, "reject"))
    assert (page.status, page.sees("请写明理由。")) == (422, True)
    page.send(review(one, "reject"), comment="请附县级竞赛的成绩册。")
    assert (page.status, page.sees("已退回"), state(one)) == (200, True, ("in_progress", "教体局"))

    page = officer.open("/")
    assert page.sees("退回")
    assert page.open(f"/items/{one.pk}/").sees("请附县级竞赛的成绩册。")
    page.send(f"/items/{one.pk}/evidence/", file=SimpleUploadedFile("成绩册.pdf", SAMPLES["pdf"] + b"%\n"))
    hand_in(one, head, summary="已附成绩册，请审核。")
    page = verdict(one, verifier, "approve")
    assert (page.sees("已通过"), page.sees("都审完了"), state(one)) == (True, True, ("verified", "教育工委"))

    page = enter("wangxuewen").open(f"/items/{one.pk}/").send(move(one, "close"))
    assert (page.status, page.path, state(one)) == (200, f"/items/{one.pk}/", ("closed", ""))
    assert actions(one) == [
        *("dispatch", "accept", "report", "evidence", "draft", "submit", "reject"),
        *("evidence", "submit", "approve", "close"),
    ]
    submissions = one.submissions.order_by("number")
    assert [(each.status, each.evidence.count()) for each in submissions] == [("rejected", 1), ("approved", 2)]
    assert sound()


def test_1_1_is_checked_by_the_co_lead_and_ended_by_an_inspector(enter: Enter, item: Item, sound: Sound) -> None:
    one, head, coordinator, inspector = item("1.1"), enter("hanlixin"), enter("wangxuewen"), enter("lizhiqiang")
    assert head.open(f"/items/{one.pk}/").sees("由教体局互核：教育工委报送，不能自己审")
    work_on(one, enter("suxiaohong"))
    assert enter("dinghaiyan").force(move(one, "submit"), version=5, summary="代报") == 403  # the co-lead signs
    head.open(f"/items/{one.pk}/").send(f"/items/{one.pk}/circulate/")
    enter("dinghaiyan").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/countersign/")
    hand_in(one, head)
    assert state(one) == ("submitted", "教体局")
    for barred in ("yangjing", "maguohua"):
        assert enter(barred).force(move(one, "approve"), version=8) == 403
    assert verdict(one, enter("changlihua"), "approve").sees("已通过")
    assert state(one) == ("verified", "教育工委")

    page = coordinator.open(f"/items/{one.pk}/")
    assert (page.offers(move(one, "close")), page.sees("这一步由督查办理。")) == (False, True)
    assert page.force(move(one, "close"), version=9, comment="不再开展") == 403
    page = inspector.open(f"/items/{one.pk}/").send(move(one, "close"), comment=" ")
    assert (page.status, page.sees("请写明依据"), state(one)[0]) == (422, True, "verified")
    page.send(move(one, "close"), comment="按县委决定不再单列。")
    assert (page.status, state(one)) == (200, ("closed", ""))
    assert sound()


def test_5_1_is_worked_by_another_bureau_and_unseen_by_a_third(enter: Enter, item: Item, sound: Sound) -> None:
    one, officer, support = item("5.1"), enter("renhailong"), enter("majianjun")
    assert enter("nafang").open(f"/items/{one.pk}/").status == 404
    work_on(one, officer)
    page = support.open(f"/items/{one.pk}/")  # 教体局 supports: sees the item, not the files, and moves nothing
    assert (page.status, page.sees("赛事安排.pdf"), page.offers(f"/items/{one.pk}/report/")) == (200, False, False)
    file = Evidence.objects.get()
    assert [who.open(f"/evidence/{file.pk}/file/").status for who in (support, enter("nafang"))] == [404, 404]
    head = enter("wuzhongcheng")
    hand_in(one, head)
    head.open(f"/items/{one.pk}/").send(move(one, "withdraw"))
    assert (head.sees("已撤回"), state(one)) == (True, ("in_progress", "自然资源局"))
    hand_in(one, head, summary="规划已修编，请审核。")
    verdict(one, enter("yangjing"), "approve")
    enter("wangxuewen").open(f"/items/{one.pk}/").send(move(one, "close"))
    assert (state(one), sound()) == (("closed", ""), True)
    reopened = enter("lizhiqiang").open(f"/items/{one.pk}/")
    reopened.send(move(one, "reopen"), comment="回头看：两所园未交付。", due_on="2021-01-01")
    assert (reopened.status, reopened.sees("新的完成时限要晚于今天。")) == (422, True)
    reopened.send(move(one, "reopen"), comment="回头看：两所园未交付。", due_on="2022-06-30")
    assert state(one) == ("in_progress", "自然资源局")
    assert (item("5.1").due_on, item("5.1").original_due_on) == (date(2022, 6, 30), date(2022, 12, 31))
    assert sound()


def test_6_1_goes_on_in_the_next_round(enter: Enter, item: Item, sound: Sound) -> None:
    one, officer, head = item("6.1"), enter("nafang"), enter("liuyongning")
    work_on(one, officer)
    hand_in(one, head)
    verdict(one, enter("yangjing"), "approve")
    clock.forward(420)  # January 2023: the round of 2022 is over
    page = enter("wangxuewen").open(f"/items/{one.pk}/").send(move(one, "renew"))
    assert (page.sees("已转下期"), state(one)) == (True, ("in_progress", "财政局"))
    assert (item("6.1").round_no, item("6.1").due_on) == (2, date(2023, 12, 31))
    page = officer.open(f"/items/{one.pk}/")
    assert head.open(f"/items/{one.pk}/").send(move(one, "submit"), summary="同上期").status == 422
    page.send(f"/items/{one.pk}/report/", percent="30", text="预算已编入。")
    hand_in(one, head, summary="第二期。")
    verdict(one, enter("yangjing"), "approve")
    assert list(one.submissions.values_list("round_no", "number").order_by("id")) == [(1, 1), (2, 1)]
    assert sound()


def test_person_with_two_posts_is_refused_where_the_own_unit_has_a_duty(enter: Enter, item: Item) -> None:
    own, other = item("2.1"), item("22.2")
    for one in (own, other):
        work_on(one, enter("majianjun"))
        hand_in(one, enter("dinghaiyan"))
    ma = enter("maguohua")
    assert ma.open("/review/").sees("都审完了")  # both are led by the bureau he heads
    for one in (own, other):
        page = ma.open(review(one))
        assert (page.offers(review(one, "approve")), page.sees("您在教体局任职")) == (False, True)
        assert {ma.force(review(one, name), version=6, comment="好") for name in ("approve", "reject")} == {403}
    assert enter("yangjing").open("/review/").path == review(own)
    free = item("6.1")
    work_on(free, enter("nafang"))
    hand_in(free, enter("liuyongning"))
    page = ma.open(review(free))
    assert (page.offers(review(free, "approve")), page.sees("您在教体局任职")) == (False, True)  # it supports 6.1


def test_clicking_on_an_old_page_is_told_so_and_changes_nothing(enter: Enter, item: Item) -> None:
    one, first, second = item("2.1"), enter("majianjun"), enter("baihuiling")
    for person in (first, second):
        person.open(f"/items/{one.pk}/")
    first.send(move(one, "accept"))
    second.send(move(one, "accept"))
    assert (second.status, second.sees("别人刚办过这一项，请看最新情况再办。")) == (409, True)
    assert (actions(one), item("2.1").assignee.username) == (["dispatch", "accept"], "majianjun")


@pytest.mark.parametrize("username", ["zhoumin", "lizhiqiang"])
def test_who_oversees_opens_everything_and_hands_in_nothing(enter: Enter, item: Item, username: str) -> None:
    one = item("2.1")
    work_on(one, enter("majianjun"))
    page = enter(username).open(f"/items/{one.pk}/")
    assert (page.status, page.sees("赛事安排.pdf")) == (200, True)
    assert not any(page.offers(move(one, name)) for name in ("accept", "submit", "withdraw", "close"))
    assert page.force(f"/items/{one.pk}/report/", version=5, percent="1", text="x") == 403
