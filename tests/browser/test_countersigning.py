"""会签 in a browser: sent round by the officer, refused and signed by the co-lead's head, at both widths."""

from collections.abc import Callable

import pytest

from accounts.actor import Actor
from accounts.models import User
from tests.browser.visitor import Visitor
from workflow import clock
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress
from workflow.models import SubItem

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1366, 360])
def test_a_draft_is_signed_by_the_co_lead(visitor: Callable[[int], Visitor], county: None, width: int) -> None:
    one, person = SubItem.objects.get(number="18.2"), visitor(width)
    officer = Actor.of(User.objects.get(username="songjiahui"))
    make_move(one.pk, "accept", by=officer, now=clock.now(), version=1)
    report_progress(one.pk, by=officer, now=clock.now(), percent=80, words="人才引进已完成两批。")

    person.carry_session_of("songjiahui")
    person.open(one.get_absolute_url())
    person.fill_in("circulate", press="送会签", summary="全年引进教师 42 人，名册和合同附后，请会签。")
    person.reads("已送会签，等教体局签。")
    person.open("/")
    person.reads("教体局会签")

    person.carry_session_of("dinghaiyan")
    person.open("/")
    person.press(person.page.get_by_role("link", name="会签 18.2"))
    person.reads("全年引进教师 42 人，名册和合同附后，请会签。")
    person.fill_in("refuse-countersign", press="不同意会签", opinion="教师数与台账差 3 人，请核对后再送。")
    person.reads("已答复不同意，主牵头单位会收到意见。")

    person.carry_session_of("songjiahui")
    person.open(one.get_absolute_url())
    person.reads("按教体局的会签意见改：教师数与台账差 3 人，请核对后再送。")
    person.fill_in("circulate", press="送会签", summary="全年引进教师 39 人，名册和合同附后，请会签。")
    person.carry_session_of("dinghaiyan")
    person.open(one.get_absolute_url())
    person.fill_in("countersign", press="会签", opinion="同意。")
    person.reads("已会签，都签齐了，由主牵头单位报送。")

    person.carry_session_of("xuzhengyang")
    person.open("/")
    person.reads("会签已齐，可以报送。")
    person.open(one.get_absolute_url())
    person.press(person.page.locator("form[action$='/moves/submit/'] button"))
    person.reads("会签：教体局 丁海燕")
