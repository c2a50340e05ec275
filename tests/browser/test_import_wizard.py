"""导入 in a real browser: from a Word file to the published ledger, and a revision of it, on a desk and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.workflow.documents import word_file

pytestmark = pytest.mark.browser
Opened = Callable[[int], Visitor]
ROWS = [
    ("1", "新建幼儿园3所，到2023年建成", "教体局", "财政局、县人社局", "2022年6月底"),
    ("2", "开展督导", "教育督导室", "各乡镇", "按时间节点"),
    ("3", "检查食堂", "教体局", "市场监管所", "长期坚持"),
]


def choose_file(person: Visitor, rows: Any, **more: str) -> None:
    file = word_file(rows, **more)
    person.page.get_by_label("文件", exact=True).set_input_files(
        {"name": "重点任务.docx", "mimeType": "application/octet-stream", "buffer": file.read()}
    )
    button(person, "读取文件")


def button(person: Visitor, name: str) -> None:
    person.press(person.page.get_by_role("button", name=name, exact=True))


def link(person: Visitor, name: str) -> None:
    person.press(person.page.get_by_role("link", name=name, exact=True))


def go_on(person: Visitor, words: str) -> None:
    """The one way on: on a phone it is always in sight."""
    step = person.page.get_by_role("link", name=words)
    expect(step).to_be_in_viewport()
    person.press(step)


@pytest.mark.parametrize("width", [1366, 360])
def test_document_becomes_a_published_plan(visitor: Opened, width: int) -> None:
    person = visitor(width)
    person.enter_as("王学文")
    link(person, "导入")
    person.reads("没有。读取过的文件在发布前都留在这里，随时可以接着办。")
    choose_file(person, ROWS)
    person.reads("读出 3 个子项。")
    corrects_a_row(person)
    settles_a_contradiction(person)
    go_on(person, "下一步：对应单位")
    matches_units(person)
    go_on(person, "下一步：发布")
    person.reads("发布后 3 个子项派给 6 个单位")
    button(person, "发布方案")
    person.reads("已发布，3 个子项已派给 6 个单位。")
    for words in ("开展春季督导", "检查食堂"):
        person.reads(words)


def corrects_a_row(person: Visitor) -> None:
    """The form opens in place of the row, is refused once with what was typed, and is saved."""
    person.page.get_by_role("link", name="改 2", exact=True).click()
    text = person.page.get_by_label("具体内容")
    expect(text).to_be_focused()
    text.fill("开展春季督导")
    button(person, "保存")
    person.page.get_by_role("link", name="改 2", exact=True).click()
    expect(text).to_be_focused()
    person.page.get_by_label("完成时限", exact=True).fill("适时")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="保存").click()
    person.problems = [each for each in person.problems if "422" not in each]  # the browser's own word on a refusal
    person.reads("读不出完成时限“适时”")
    person.page.get_by_label("完成时限", exact=True).fill("2022年9月底")
    button(person, "保存")
    person.reads("具体内容：开展督导")


def settles_a_contradiction(person: Visitor) -> None:
    person.page.get_by_label("2023年12月31日（按正文）").check()
    button(person, "就这样定")
    person.reads("2023年12月31日前")


def matches_units(person: Visitor) -> None:
    """One by a proposal of the page, one new; what was chosen in a list ticks its option."""
    person.reads("还有 2 个请您定")
    names = person.page.locator(".asked-name")
    names.filter(has_text="教育督导室").get_by_label("教育督导室 的类别").select_option(label="政府部门")
    expect(names.filter(has_text="教育督导室").get_by_label("新建单位")).to_be_checked()
    names.filter(has_text="市场监管所").get_by_label("市场监管局").check()
    button(person, "保存")
    person.reads("6 个单位名称都对上了")


REVISED = [("1", "新建普惠幼儿园3所", "教体局", "财政局", "2022年6月底"), ("2", "检查食堂", "教体局", "", "长期坚持")]


@pytest.mark.parametrize("width", [1366, 360])
def test_revision_is_carried_out_part_by_part(visitor: Opened, width: int) -> None:
    person = visitor(width)
    person.enter_as("王学文")
    link(person, "导入")
    choose_file(
        person, [("1", "新建幼儿园3所", "教体局", "", "2022年6月底"), ("2", "检查食堂", "教体局", "", "长期坚持")]
    )
    person.open(person.page.url.removeprefix(person.url) + "publish/")
    button(person, "发布方案")
    person.open("/imports/")
    person.page.get_by_label("这份文件是").select_option(label="修订《某县2024年重点任务责任分工》")
    choose_file(person, REVISED, title="某县重点任务修订稿")
    go_on(person, "下一步：对应单位")
    go_on(person, "下一步：核对变更")
    person.reads("有 1 处不同")
    expect(person.page.locator("ins").first).to_have_text("普惠")
    person.page.get_by_label("修订的依据").fill("县政府第3次会议")
    person.page.get_by_role("checkbox", name="1 新建普惠幼儿园3所").uncheck()
    expect(person.page.get_by_role("button", name="按所选办理 0 处")).to_be_visible()
    person.page.get_by_role("checkbox", name="1 新建普惠幼儿园3所").check()
    button(person, "按所选办理 1 处")
    person.reads("已办 1 处")
    link(person, "查看台账")
    person.reads("新建普惠幼儿园3所")
