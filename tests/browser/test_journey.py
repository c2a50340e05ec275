"""The whole life of a sub-item in a real browser: every hand it goes through, a rejection on the way, and the end."""

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor
from tests.workflow.file_samples import SAMPLES

pytestmark = pytest.mark.browser
Opened = Callable[[int], Visitor]


@pytest.mark.parametrize("width", [1366, 360])
def test_item_goes_through_all_hands(visitor: Opened, width: int) -> None:
    person = visitor(width)
    works_and_drafts(person)
    head_hands_in(person)
    verifier_rejects(person)
    officer_adds_what_was_asked_for(person)
    head_hands_in(person)
    verifier_approves(person)
    coordinator_closes(person)
    person.page.locator(".verdict", has_text="第 2 次报送").get_by_text("材料 2 件").click()
    person.reads("参赛学校名单.xlsx")
    person.reads("校验完整")


def works_and_drafts(person: Visitor) -> None:
    person.enter_as("马建军")
    person.reads("等您办的 35 件")
    person.press(person.page.get_by_role("link", name="签收 2.1", exact=True))
    person.fill_in("accept", press="签收")
    person.reads("已签收，可以开始办理。")
    person.fill_in("report", press="报进展", percent="60", text="三级竞赛已开赛，参赛 1200 人。")
    person.reads("完成 60%。三级竞赛已开赛，参赛 1200 人。")
    upload(person, "赛事安排.pdf", "pdf")
    upload(person, "现场.png", "png")
    person.press(person.page.get_by_role("button", name="撤下 现场.png"))
    person.reads("已撤下 现场.png。")
    person.fill_in("draft", press="送负责人签发", summary="三级竞赛体系已建立，大课间活动全覆盖。")
    person.reads("已送负责人签发，签发前还可以改。")
    person.reads("报送要由单位负责人签发，请送负责人。")


def head_hands_in(person: Visitor) -> None:
    person.enter_as("丁海燕")
    person.press(person.page.get_by_role("link", name="报送 2.1", exact=True))
    person.fill_in("submit", press="报送")
    person.reads("已报送，由教育工委审核。")


def verifier_rejects(person: Visitor) -> None:
    person.enter_as("杨静")
    person.press(person.page.get_by_role("link", name="审核 2.1", exact=True))
    person.reads("第 1 次报送")
    person.page.get_by_role("button", name="退回，看下一件").click()  # without a reason it asks for one
    person.page.keyboard.type("请附参赛学校名单。")
    person.press(person.page.get_by_role("button", name="退回，看下一件"))
    person.reads("已退回，牵头单位会收到理由。")
    person.reads("都审完了")


def officer_adds_what_was_asked_for(person: Visitor) -> None:
    person.enter_as("马建军")
    person.reads("退回：请附参赛学校名单。")
    person.open("/inbox/")
    person.press(person.page.get_by_role("button", name="教育工委退回了报送"))
    person.reads("按退回意见补齐：请附参赛学校名单。")
    upload(person, "参赛学校名单.xlsx", "xlsx")
    person.fill_in("draft", press="送负责人签发", summary="已附参赛学校名单。")


def verifier_approves(person: Visitor) -> None:
    person.enter_as("杨静")
    person.open("/review/")
    person.reads("第 2 次报送")
    person.reads("新增")
    person.press(person.page.get_by_role("link", name="参赛学校名单.xlsx"))
    person.reads("这类文件不能在这里看，请下载后打开。")
    person.press(person.page.get_by_role("button", name="通过，看下一件"))
    person.reads("已通过，等统筹单位办结。")


def coordinator_closes(person: Visitor) -> None:
    person.enter_as("王学文")
    person.press(person.page.get_by_role("link", name="销号 2.1", exact=True))
    person.fill_in("close", press="销号")
    person.reads("已销号，这一项办结。")


def upload(person: Visitor, name: str, kind: str) -> None:
    person.page.locator("#act-evidence summary").click()
    person.page.locator("#evidence-file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": SAMPLES[kind]}
    )
    person.press(person.page.locator("#act-evidence form button"))
    person.reads("已传 1 份材料。")
    person.reads(name)


def test_many_are_signed_for_at_once(visitor: Opened) -> None:
    person = visitor(1366)
    person.enter_as("马建军")
    person.press(person.page.get_by_role("link", name="一并签收 35 项"))
    person.page.get_by_label("全选").uncheck()
    for text in ("强化体育教会勤练常赛", "实施美育教师配备"):
        person.page.get_by_role("checkbox", name=text).check()
    person.reads("已选 2 项")
    person.press(person.page.get_by_role("button", name="签收勾选的"))
    person.reads("已签收 2 项，可以开始办理。")
    person.reads("待签收 33 项")


# --- without a mouse --------------------------------------------------------------------------------------------------
FOCUSED = "() => (document.activeElement.innerText || document.activeElement.id || '').trim()"
SEEN = """() => {
  const beside = document.activeElement.nextElementSibling;  // of a radio button the label that stands for it
  const seen = (each) => each && getComputedStyle(each).outlineStyle !== "none";
  return seen(document.activeElement) || seen(beside);
}"""


def tab_to(person: Visitor, words: str) -> None:
    """Press Tab until what has the focus says `words`; on the way the focus is always seen."""
    for _presses in range(80):
        person.page.keyboard.press("Tab")
        focused = person.page.evaluate(FOCUSED)
        if focused and not person.page.evaluate(SEEN):
            person.problems.append(f"{person.page.url}: focus on “{focused[:20]}” is not seen")
        if focused.startswith(words):
            return
    raise AssertionError(f"Tab never came to “{words}”")


def enter(person: Visitor) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()


def test_signs_and_reports_by_keyboard_alone(visitor: Opened) -> None:
    person = visitor(1366)
    keys = person.page.keyboard
    person.open("/accounts/demo/")
    tab_to(person, "马建军")
    enter(person)
    tab_to(person, "签收")
    enter(person)
    tab_to(person, "签收")  # the form stands open, its first field had the focus
    enter(person)
    person.reads("已签收，可以开始办理。")
    tab_to(person, "报进展")
    keys.press("Enter")
    tab_to(person, "report-percent")
    keys.type("30")
    keys.press("Escape")  # closes the form; what was typed stays
    assert person.page.evaluate(FOCUSED) == "报进展"
    keys.press("Enter")
    tab_to(person, "report-text")
    keys.type("已开始。")
    tab_to(person, "报进展")
    enter(person)
    person.reads("完成 30%。已开始。")
    keys.press("/")
    assert person.page.evaluate("() => document.activeElement.name") == "q"
    keys.type("2.1")
    enter(person)
    person.reads("显示 48 项中的 1 项，按表中顺序。")
