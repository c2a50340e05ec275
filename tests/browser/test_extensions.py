"""延期 in a browser: asked for by the head, decided by the verifier, at both widths."""

from collections.abc import Callable

import pytest

from accounts.actor import Actor
from accounts.models import User
from tests.browser.visitor import Visitor
from workflow import clock
from workflow.actions.moves import make_move
from workflow.models import SubItem

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1366, 360])
def test_more_time_is_asked_for_and_granted(visitor: Callable[[int], Visitor], county: None, width: int) -> None:
    one, person = SubItem.objects.get(number="2.1"), visitor(width)
    officer = Actor.of(User.objects.get(username="majianjun"))
    make_move(one.pk, "accept", by=officer, now=clock.now(), version=1)

    person.carry_session_of("dinghaiyan")
    person.open(one.get_absolute_url())
    said = {"reason": "场馆改造未完工，赛事顺延。", "progress": "三级竞赛已办两级。"}
    person.fill_in("extension-request", press="申请延期", due_on="2023-03-31", **said)
    person.reads("已申请延期，同意前时限不变。")

    person.carry_session_of("yangjing")
    person.open("/")
    person.press(person.page.get_by_role("link", name="决定延期"))
    person.reads("场馆改造未完工，赛事顺延。")
    person.fill_in("extension-grant", press="同意延期", comment="请抓紧。")
    person.reads("已同意延期")
    person.reads("延期 1 次")
