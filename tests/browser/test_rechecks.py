"""回头看 in a browser: drawn, one that stands, and the draw with all that repeats it, at both widths."""

from collections.abc import Callable

import pytest

from accounts.actor import Actor
from accounts.models import User
from tests.browser.visitor import Visitor
from workflow import clock
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress
from workflow.models import Draw, SubItem

pytestmark = pytest.mark.browser


def close(number: str) -> None:
    for name, username, said in (
        ("accept", "majianjun", {}),
        ("submit", "dinghaiyan", {"summary": "三级竞赛全部办完，名单见附件。"}),
        ("approve", "yangjing", {"comment": "属实。"}),
        ("close", "wangxuewen", {"comment": "材料齐全。"}),
    ):
        item, by = SubItem.objects.get(number=number), Actor.of(User.objects.get(username=username))
        if name == "submit":
            officer = Actor.of(User.objects.get(username="majianjun"))
            report_progress(item.pk, by=officer, now=clock.now(), percent=100, words="已办。")
            item.refresh_from_db(fields=["seq"])
        make_move(item.pk, name, by=by, now=clock.now(), version=item.seq, details=said)


@pytest.mark.parametrize("width", [1366, 360])
def test_closed_items_are_drawn_and_one_stands(visitor: Callable[[int], Visitor], county: None, width: int) -> None:
    for number in ("2.1", "2.2", "9.1"):
        close(number)
    person, today = visitor(width), clock.today().isoformat()
    person.carry_session_of("lizhiqiang")
    person.open("/rechecks/")
    for name, said in {
        "closed_from": today,
        "closed_to": today,
        "amount": "2",
        "public": "福彩 3D 第2021311期 4 0 7",
    }.items():
        person.page.locator(f"[name={name}]").fill(said)
    person.press(person.page.get_by_role("button", name="抽取", exact=True))
    person.reads("已抽取 2 项")
    person.reads("已重算，结果一致，与流程记录相符")
    person.open("/")
    person.press(person.page.get_by_role("link", name="核查").first)
    person.fill_in("recheck-stands", press="结论成立", comment="已到现场核查，与报送一致。")
    person.reads("已记下：结论成立")
    person.open("/rechecks/")
    person.reads("待核查 1 项")
    person.open(Draw.objects.get().get_absolute_url())
    person.reads("已到现场核查，与报送一致。")
    person.carry_session_of("zhoumin")
    person.open("/rechecks/")
    person.open(SubItem.objects.get(number="2.1").get_absolute_url())
