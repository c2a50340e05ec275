"""会签 through the pages: sent round by the main lead, signed by the co-lead as it stands, then handed in."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, hand_in, move, review, state, verdict, work_on
from tests.workflow.file_samples import SAMPLES
from workflow import clock, queries
from workflow.models import Evidence, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def step(one: SubItem, name: str) -> str:
    """circulate, countersign or refuse-countersign."""
    return f"/items/{one.pk}/{name}/"


def page_of(one: SubItem) -> str:
    return f"/items/{one.pk}/"


def version(one: SubItem) -> int:
    return SubItem.objects.get(pk=one.pk).seq


def test_1_3_is_signed_and_checked_by_two_of_the_co_lead(enter: Enter, item: Item, sound: Sound) -> None:
    """教育工委 with 教体局, which is printed as support as well and counts once, as lead: one head signs for it, its
    verifier checks it as 互核, and neither does both."""
    one = item("1.3")
    assert [each.name for each in SubItem.objects.with_responsibilities().get(pk=one.pk).supports] == []
    work_on(one, enter("suxiaohong"))
    head = enter("hanlixin").open(page_of(one))
    assert (head.offers(move(one, "submit")), head.sees("还差教体局会签。"), head.sees("已签 0 家，共 1 家")) == (
        *(False, True, True),
    )
    assert head.force(move(one, "submit"), version=version(one), summary="请审核。") == 422

    head.send(step(one, "circulate"), summary="三级竞赛体系已建立，请会签。")
    assert (head.status, head.sees("已送会签，等教体局签。"), head.sees("正在等教体局会签")) == (200, True, True)
    assert head.sees("已经送会签，正在等教体局。") and not head.offers(step(one, "circulate"))

    signer = enter("dinghaiyan").open("/")
    assert signer.sees("教育工委11月23日送会签，请看报送稿和材料。")
    signer.open(page_of(one))
    assert signer.sees("三级竞赛体系已建立，请会签。") and signer.sees("赛事安排.pdf")
    assert signer.client.get(f"/evidence/{Evidence.objects.get().pk}/view/").status_code == 200
    signer.open(page_of(one)).send(step(one, "countersign"), opinion="同意。")
    assert (signer.status, signer.sees("已会签，都签齐了")) == (200, True)
    assert not signer.open("/").sees("送会签，请看报送稿")

    assert enter("hanlixin").open("/").sees("会签已齐，可以报送。")
    hand_in(one, head)
    assert (state(one), head.sees("会签：教体局 丁海燕（11月23日）")) == (("submitted", "教体局"), True)
    for barred in ("dinghaiyan", "maguohua", "yangjing"):
        assert enter(barred).force(move(one, "approve"), version=version(one)) == 403
    checker = enter("changlihua").open(review(one))
    assert checker.sees("会签：教体局 丁海燕（11月23日）")
    assert verdict(one, checker, "approve").sees("已通过")
    enter("lizhiqiang").open(page_of(one)).send(move(one, "close"))
    assert (state(one), sound()) == (("closed", ""), True)
    assert actions(one)[5:] == ["countersign.circulated", "countersign.signed", "submit", "approve", "close"]


def test_18_2_is_refused_once_then_signed_and_verified(enter: Enter, item: Item, sound: Sound) -> None:
    one, officer, head = item("18.2"), enter("songjiahui"), enter("xuzhengyang")
    work_on(one, officer)
    officer.send(step(one, "circulate"))
    assert officer.sees("已送会签，等教体局签。")
    clock.forward(6)  # Monday 29 November
    assert officer.open("/").sees("在等别人 1") and officer.sees("教体局会签") and officer.sees("已 4 工作日")
    assert not officer.sees("等您办的") and not head.open("/").sees("等您办的")
    support = enter("nafang").open(page_of(one))  # 财政局 supports: not its paper
    assert support.status == 200 and not support.sees("三级竞赛体系已建立") and not support.sees("已签 0 家")

    clerk = enter("majianjun").open(page_of(one))
    assert clerk.sees("会签要由单位负责人办理，请送负责人。") and not clerk.offers(step(one, "countersign"))
    assert clerk.force(step(one, "countersign"), version=version(one)) == 403
    signer = enter("maguohua").open(page_of(one))
    signer.send(step(one, "refuse-countersign"), opinion=" ")
    assert (signer.status, signer.sees("不同意会签要写明意见。")) == (422, True)
    signer.send(step(one, "refuse-countersign"), opinion="教师数与台账不符。")
    assert (signer.status, signer.sees("已答复不同意")) == (200, True)
    assert not support.open(page_of(one)).sees("教师数与台账不符。")

    for who in (officer, head):
        assert who.open("/").sees("教体局不同意会签：教师数与台账不符。")
    assert officer.open(page_of(one)).sees("按教体局的会签意见改：教师数与台账不符。")
    officer.send(step(one, "circulate"), summary="教师数已核对，请会签。")
    enter("dinghaiyan").open(page_of(one)).send(step(one, "countersign"))
    hand_in(one, head)
    assert state(one) == ("submitted", "教育工委")
    page = enter("maguohua").open(review(one))  # verifies for 教育工委, but refused for the co-lead
    assert not page.offers(review(one, "approve"))
    assert enter("maguohua").force(move(one, "approve"), version=version(one)) == 403
    verdict(one, enter("yangjing"), "approve")
    assert (state(one), sound()) == (("verified", "教育工委"), True)


def test_a_change_voids_what_was_signed_and_the_pages_say_so(enter: Enter, item: Item) -> None:
    one, officer = item("18.2"), enter("songjiahui")
    work_on(one, officer)
    officer.send(step(one, "circulate"))
    signer = enter("dinghaiyan").open(page_of(one))
    seen = signer.hidden(step(one, "countersign"))
    assert officer.sees("会签就作废，要重新送会签。")
    officer.send(f"/items/{one.pk}/evidence/", file=SimpleUploadedFile("名册.pdf", SAMPLES["pdf"] + b"%\n"))
    assert officer.sees("传材料 《名册.pdf》；会签随之作废")
    signer.send(step(one, "countersign"), stale={"version": seen["version"]})
    assert (signer.status, signer.sees("别人刚办过这一项，请看最新情况再办。")) == (409, True)
    assert not signer.offers(step(one, "countersign")) and signer.sees("没有签，会签已停")
    officer.send(step(one, "circulate"))
    signer.open(page_of(one)).send(step(one, "countersign"))
    officer.open(page_of(one)).send(f"/items/{one.pk}/draft/", summary="又改了一稿。")
    assert officer.sees("拟好报送稿，送签发；会签随之作废")
    assert officer.sees("丁海燕 11月23日签的，稿子或材料有了改动")
    assert enter("xuzhengyang").open(page_of(one)).sees("还差教体局会签。")


def test_who_is_barred_reads_why(enter: Enter, item: Item) -> None:
    one, officer = item("18.2"), enter("songjiahui")
    work_on(one, officer)
    officer.send(step(one, "circulate"))
    Post.objects.create(
        user=User.objects.get(username="xuzhengyang"), unit=Unit.objects.get(name="教体局"), role="head"
    )
    page = enter("xuzhengyang").open(page_of(one))
    assert page.sees("您也在主牵头单位任职，不能再代共同牵头单位会签") and not page.offers(step(one, "countersign"))
    assert page.force(step(one, "countersign"), version=version(one)) == 403
    assert not page.open("/").sees("送会签，请看报送稿")
    assert [enter("zhaoyuqin").force(step(one, name), version=1) for name in ("circulate", "countersign")] == [404, 404]
    assert officer.open(page_of(one)).client.get(step(one, "countersign")).status_code == 405


@pytest.mark.parametrize(("username", "count"), [("dinghaiyan", 1), ("majianjun", 0), ("xuzhengyang", 0)])
def test_the_number_beside_the_desk_counts_what_is_to_sign(enter: Enter, item: Item, username: str, count: int) -> None:
    one, officer = item("18.2"), enter("songjiahui")
    actor, today = Actor.of(User.objects.get(username=username)), clock.today()
    before = queries.waiting_counts(actor, today)["all"] - (username == "xuzhengyang")  # 18.2 itself, unsigned for
    work_on(one, officer)
    officer.send(step(one, "circulate"))
    assert queries.waiting_counts(actor, today)["all"] - before == count
