"""代办 through the pages: the only head of 教体局 is on leave, the deputy hands in for her, and nothing stops."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.models import Delegation, Post
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import move
from tests.workflow.lending import appoint, post_of
from workflow import clock
from workflow.models import SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]
PAGE = "/delegations/"


def lend_path(username: str, role: str) -> str:
    return f"/posts/{post_of(username, role).pk}/delegate/"


@pytest.fixture
def only_head(county: None) -> None:
    """丁海燕 alone is head of 教体局."""
    Post.objects.filter(user__username="maguohua", role="head").update(ended_at=clock.now())


def test_the_only_head_is_on_leave_and_her_deputy_hands_in(
    only_head: None, enter: Enter, item: Item, sound: Sound
) -> None:
    one = item("2.1")
    deputy = enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    deputy.send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    deputy.send(f"/items/{one.pk}/draft/", summary="请审核。")
    assert not deputy.offers(move(one, "submit"))
    unit = post_of("dinghaiyan", "head").unit_id
    admin = enter("fenglei").open(f"{PAGE}?unit={unit}")
    path = f"{lend_path('dinghaiyan', 'head')}?unit={unit}"
    admin.send(path, to="majianjun", until_on="2021-12-03")
    assert (admin.status, admin.sees("已定好，由马建军代丁海燕办理")) == (200, True)
    assert admin.sees("马建军代丁海燕，11月23日至12月3日") and admin.sees("冯磊设定")

    desk = deputy.open("/")
    assert desk.sees("代丁海燕 报送稿已拟好，等单位负责人签发。") and desk.sees("教体局 · 单位负责人（代丁海燕）")
    deputy.open(f"/items/{one.pk}/").send(move(one, "submit"))
    assert (deputy.status, deputy.sees("已报送，由教育工委审核。")) == (200, True)
    assert deputy.sees("马建军代丁海燕 （教体局）签发第 1 次报送") and deputy.sees("教体局 马建军代丁海燕签发")
    assert enter("dinghaiyan").open("/inbox/").sees("马建军代丁海燕办理")
    verifier = enter("yangjing").open(f"/review/{one.pk}/")
    assert verifier.sees("教体局 马建军代丁海燕签发")
    verifier.send(f"/review/{one.pk}/approve/")
    assert sound()


def test_the_verifier_who_stands_in_for_the_head_cannot_verify(only_head: None, enter: Enter, item: Item) -> None:
    one = item("2.1")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    page = enter("majianjun").open(f"/items/{one.pk}/")
    page.send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    enter("dinghaiyan").open(f"/items/{one.pk}/").send(move(one, "submit"), summary="请审核。")
    appoint("yangjing", "教体局", "verifier")
    head = enter("dinghaiyan").open(PAGE)
    head.send(lend_path("dinghaiyan", "head"), to="yangjing", until_on="2021-11-24")
    verifier = enter("yangjing").open("/")
    assert verifier.sees("您代丁海燕办理，丁海燕参与了这次报送，不能审核。") and not verifier.sees("等您办的 1 件")
    version = SubItem.objects.get(pk=one.pk).seq
    assert verifier.force(move(one, "approve"), version=version) == 403
    clock.forward(2)
    verifier.open("/")
    assert verifier.sees("等您办的 1 件") and not verifier.sees("代丁海燕")


def test_leave_is_arranged_and_ended_on_the_page(enter: Enter) -> None:
    head = enter("dinghaiyan").open(PAGE)
    path = lend_path("dinghaiyan", "head")
    assert head.sees("谁替我办") and head.sees("本单位的岗位") and not head.sees("代办记录")
    head.send(path, to="majianjun", from_on="2021-11-20", until_on="2021-12-03")
    assert (head.status, head.sees("代办不能从过去的日子起，最早从今天。")) == (422, True)
    assert head.hidden(path)["until_on"] == "2021-12-03"  # as typed
    head.send(path, to="majianjun", from_on="2021-11-25")
    assert head.sees("马建军代丁海燕，11月25日至12月3日") and head.sees("还没开始")
    head.send(path, to="baihuiling", from_on="2021-12-01", until_on="2021-12-02")
    assert head.sees("已由马建军代办，请先结束那一次")
    end = f"{PAGE}{Delegation.objects.get().pk}/end/"
    deputy = enter("majianjun").open(PAGE)
    assert deputy.sees("我替谁办") and deputy.offers(end)
    assert enter("baihuiling").open(PAGE).force(end) == 403
    assert enter("nafang").open(PAGE).force(end) == 404
    deputy.send(end)
    assert deputy.sees("代办已结束，仍由丁海燕本人办理。") and not deputy.sees("我替谁办")
    assert enter("baiyong").open(PAGE).sees("代办记录") and enter("xuli").open(PAGE).sees("马建军代丁海燕")


def test_a_post_is_handed_over_on_the_page(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    head = enter("dinghaiyan").open(PAGE)
    path = f"/posts/{post_of('majianjun', 'officer').pk}/hand-over/"
    head.send(path, to="baihuiling")
    assert head.sees("马建军的岗位已移交给拜慧玲，在办的 1 项一并移交。")
    assert enter("baihuiling").open(f"/items/{one.pk}/").sees("岗位移交，经办人由 马建军 改为 拜慧玲")
    assert enter("baihuiling").open("/inbox/").sees("马建军的岗位移交给拜慧玲")
    assert enter("majianjun").open("/").sees("没有岗位") or enter("majianjun").open("/").sees("还没有岗位")
    assert sound()


def test_another_assignee_is_named_on_the_page(enter: Enter, item: Item) -> None:
    one = item("2.1")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    Post.objects.filter(user__username="majianjun").update(ended_at=clock.now())
    head = enter("dinghaiyan").open("/")
    assert head.sees("经办人已离任，请另定。")
    head.open(f"/items/{one.pk}/").send(move(one, "assign"), assignee="baihuiling")
    assert (head.status, head.sees("已换经办人")) == (200, True)
    assert head.sees("换经办人，由 马建军 改为 拜慧玲")
    assert not head.open("/").sees("经办人已离任")
    assert SubItem.objects.get(pk=one.pk).due_on - date(2021, 11, 23) > timedelta(days=30)  # not there for being late
