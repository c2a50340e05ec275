"""验收标准 in a browser: proposed, answered, ticked; the verdict follows the ticks; many at once; at both widths."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Locator, expect

from tests.browser.test_pages import actor, move
from tests.browser.visitor import Visitor
from tests.workflow.file_samples import SAMPLES
from workflow import clock
from workflow.actions.criteria import propose_criteria, settle_proposal
from workflow.actions.evidence import add_evidence
from workflow.models import Evidence, SubItem, Submission

pytestmark = pytest.mark.browser
SAID = [
    {"text": "创建自治区级健康学校，编制和购买服务两条渠道都有落实依据", "baseline": 3, "value": 5, "unit": "所"},
    {"text": "管理制度印发执行"},
    {"text": "安保、食堂、保育员、宿管、医护、后勤六类岗位全部覆盖"},
]
ANSWERS = {
    "1": {"value": 5, "text": "新建两所，10月底全部到岗。"},
    "2": {"text": "制度已印发，9月起执行。"},
    "3": {"text": "五类已签合同；医护由卫健局派驻，不再购买。"},
}


@pytest.fixture
def judged(county: None) -> SubItem:
    """2.1, handed in with an answer to each of three criteria, once returned."""
    item = SubItem.objects.get(number="2.1")
    officer, verifier = actor("majianjun"), actor("yangjing")
    move("2.1", "accept", "majianjun")
    propose_criteria(item.pk, by=officer, now=clock.now(), version=2, proposed=SAID)
    settle_proposal(item.pk, "agree", by=verifier, now=clock.now(), version=3, comment=None)
    for name, kind in (("创建批复.pdf", "pdf"), ("到岗名册.xlsx", "xlsx"), ("制度.pdf", "pdf")):
        file = SimpleUploadedFile(name, SAMPLES[kind] + name.encode() * (kind == "pdf"))
        add_evidence(item.pk, file, by=officer, now=clock.now())
    files = list(Evidence.objects.values_list("pk", flat=True))
    first = {**ANSWERS["1"], "value": 4, "text": "新建一所。"}
    move("2.1", "submit", "dinghaiyan", summary="请审核。", answers=ANSWERS | {"1": first})
    ticks = {"1": False, "2": True, "3": True}
    move("2.1", "reject", "yangjing", comment="标准 1：还差一所，请补批复。", ticks=ticks)
    tied = {"1": files[:2], "2": files[2:], "3": []}
    answers = {no: {**each, "evidence": tied[no]} for no, each in ANSWERS.items()}
    move("2.1", "submit", "dinghaiyan", summary="已按退回意见补齐，请审核。", answers=answers)
    return SubItem.objects.get(pk=item.pk)


def tick(person: Visitor, no: int, word: str) -> None:
    person.page.get_by_role("group", name=f"标准 {no} 是否符合").get_by_label(word).check()


def is_grey(button: Locator) -> bool:
    return button.get_attribute("aria-disabled") == "true"


def is_first(button: Locator) -> bool:
    return "primary" in (button.get_attribute("class") or "").split()


@pytest.mark.parametrize("width", [1366, 360])
def test_the_verdict_follows_the_ticks(visitor: Callable[[int], Visitor], judged: SubItem, width: int) -> None:
    person = visitor(width)
    person.carry_session_of("yangjing")
    person.open(f"/review/{judged.pk}/")
    approve, reject = (person.page.locator(f"[data-{name}]") for name in ("approve", "reject"))
    reason = person.page.locator("[name=comment]")
    assert (is_grey(approve), is_grey(reject), is_first(approve), is_first(reject)) == (False, False, False, False)

    tick(person, 1, "符合")
    tick(person, 2, "符合")
    tick(person, 3, "不符")
    assert (is_grey(approve), is_first(reject)) == (True, True)
    expect(reason).to_have_value("标准 3：")
    if width > 900:
        person.reads("2 项符合，1 项不符")
        person.reads("有不符的，只能退回。")
    approve.click(force=True)  # greyed: nothing happens
    assert SubItem.objects.get(pk=judged.pk).state == "submitted"

    tick(person, 3, "符合")
    expect(reason).to_have_value("")
    assert (is_grey(approve), is_grey(reject), is_first(approve)) == (False, True, True)
    tick(person, 2, "不符")
    reason.fill("标准 2：缺文号")
    tick(person, 2, "符合")
    expect(reason).to_have_value("标准 2：缺文号")  # what was written is never touched
    tick(person, 2, "不符")
    person.press(reject)
    person.reads("已退回，牵头单位会收到理由。")
    assert Submission.objects.latest("pk").ticks == {"1": True, "2": False, "3": True}


def test_keys_do_what_the_buttons_may(visitor: Callable[[int], Visitor], judged: SubItem) -> None:
    person = visitor(1366)
    person.carry_session_of("yangjing")
    person.open(f"/review/{judged.pk}/")
    tick(person, 1, "不符")
    person.page.keyboard.press("a")  # 通过 is grey
    person.page.keyboard.press("2")  # the second file
    person.page.wait_for_url("**file=*")
    assert SubItem.objects.get(pk=judged.pk).state == "submitted"
    for no in (1, 2, 3):
        tick(person, no, "符合")
    with person.page.expect_navigation():
        person.page.keyboard.press("a")
    person.reads("已通过，等统筹单位办结。")


@pytest.mark.parametrize("width", [1366, 360])
def test_criteria_are_proposed_agreed_and_answered(visitor: Callable[[int], Visitor], county: None, width: int) -> None:
    target = {"label": "创建自治区级健康学校", "value": "5", "unit": "所", "per": "yearly"}
    SubItem.objects.filter(number="2.1").update(targets=[target])
    one, person = SubItem.objects.get(number="2.1"), visitor(width)
    person.carry_session_of("majianjun")
    person.open(one.get_absolute_url())
    person.press(person.page.get_by_role("link", name="提标准"))
    person.page.locator("[name=text-2]").fill("管理制度印发执行")
    person.press(person.page.get_by_role("button", name="提标准"))
    person.reads("提出的标准，等同意")

    person.carry_session_of("yangjing")
    person.open("/")
    person.press(person.page.get_by_role("link", name="看标准"))
    person.fill_in("criteria-agree", press="同意标准", comment="同意。")
    person.reads("已同意验收标准")

    move("2.1", "accept", "majianjun")
    add_evidence(one.pk, SimpleUploadedFile("批复.pdf", SAMPLES["pdf"]), by=actor("majianjun"), now=clock.now())
    person.carry_session_of("dinghaiyan")
    person.open(one.get_absolute_url())
    person.page.locator("#act-submit summary").click()
    person.page.locator("#act-submit").get_by_label("批复.pdf").first.check()
    answers = {"answer-1-value": "5", "answer-1-text": "又建两所", "answer-2-text": "已印发"}
    person.fill_in("submit", press="报送", summary="请审核。", **answers)
    person.reads("本期达到 5 所")
    person.reads("材料已齐")


@pytest.mark.parametrize("width", [1366, 360])
def test_several_at_once_say_what_became_of_each(
    visitor: Callable[[int], Visitor], judged: SubItem, width: int
) -> None:
    for number in ("2.2", "9.1", "3.2"):
        move(number, "accept", "majianjun")
        file = SimpleUploadedFile("总结.pdf", SAMPLES["pdf"])
        add_evidence(SubItem.objects.get(number=number).pk, file, by=actor("majianjun"), now=clock.now())
        move(number, "submit", "dinghaiyan", summary="材料已齐，已按方案要求逐项落实，请审核。")
    person = visitor(width)
    person.carry_session_of("yangjing")
    person.open("/review/several/")
    person.page.locator("[data-choose-all]").check()
    move("9.1", "withdraw", "dinghaiyan", comment="再改")  # meanwhile
    person.press(person.page.get_by_role("button", name="通过勾选的"))
    person.reads("已通过 2 项，等统筹单位办结。")
    person.reads("别人刚办过这一项，请看最新情况再办。")

    person.carry_session_of("wangxuewen")
    person.open("/concluding/")
    person.page.locator(f"[value^='{SubItem.objects.get(number='2.2').pk}:']").check()
    person.press(person.page.get_by_role("button", name="销号勾选的"))
    person.reads("已销号 1 项。")
