"""Every kind of message can be said, whatever its context holds or lacks."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import User
from notifications import rendering
from notifications.channels import email
from notifications.models import Delivery, Message

TEMPLATES = Path(rendering.__file__).parent / "templates" / "notifications"
KINDS = [
    "plan.published",
    *(
        f"move.{m}"
        for m in "accept assign submit withdraw approve reject close renew reopen amend reassign cancel".split()
    ),
    *(f"countersign.{outcome}" for outcome in "circulated signed refused".split()),
    *(f"part.{outcome}" for outcome in "asked answered declined returned waived".split()),
    *("move.name-verifier", "move.split", "split.begun"),
    *(f"move.{m}" for m in "lapse suspend resume".split()),
    "decide",
    *(f"criteria.{outcome}" for outcome in "proposed agreed returned".split()),
    "draw.made",
    "recheck.drawn",
    "recheck.stands",
    *(f"extension.{outcome}" for outcome in "requested withdrawn granted refused".split()),
    *(f"criteria.{outcome}" for outcome in "proposed agreed returned".split()),
    *("draw.made", "recheck.drawn", "recheck.stands"),
    *(f"objection.{outcome}" for outcome in "raised withdrawn kept".split()),
    "escalation",
    *("delegation.made", "delegation.ended", "post.handed_over"),
    *("draw.made", "recheck.drawn", "recheck.stands"),
]
FULL = {
    "number": "22.3",
    "text": "配齐配强中小学教师",
    "unit": "教体局",
    "by": "丁海燕",
    "comment": "缺 2021 年的名册",
    "state": "待审核",
    "due_on": "2022-12-31",
    "asked_on": "2023-03-31",
    "suggested": "团县委",
    "round": 1,
    "year": 2022,
    "verdict": "routine",
    "unnamed": True,
    "light": "yellow",
    "plan": "平罗县基础教育质量提升行动方案",
    "items": 48,
    "rung": "due+5",
    "label": "黄色督办单",
    "deadline": "逾期 5 个工作日",
    "assignee": "拜慧玲",
    "former": "马建军",
    "holder": "丁海燕",
    "delegate": "马建军",
    "successor": "拜慧玲",
    "post": "教体局 单位负责人",
    "from_on": "2021-11-23",
    "until_on": "2021-12-03",
    "changes": "牵头单位：教体局 → 财政局\n备注：无 → 每季调度",
    "why": "完成时限是 2022年12月31日，已逾期 5 个工作日。",
}
EMPTY: dict[str, Any] = {}
NONE = dict.fromkeys(FULL)


def message(kind: str, context: dict[str, Any], **fields: Any) -> Message:
    return Message(kind=kind, context=context, **fields)


@pytest.mark.parametrize("context", [FULL, EMPTY, NONE], ids=["full", "empty", "none"])
@pytest.mark.parametrize("kind", [*KINDS, "move.unheard-of", "../../../etc/passwd"])
def test_every_kind_says_what_happened_and_what_next(kind: str, context: dict[str, Any]) -> None:
    title, body = rendering.title(message(kind, context)), rendering.body(message(kind, context))
    assert title and "\n" not in title and not title.startswith(("，", "已审核"))
    assert "下一步：" in body.splitlines()[-1]
    assert not re.search(r"None|\{|\}|《》|：$|\n\n\n|[\ue000]", f"{title}\n{body}")
    assert not re.search("[!！]|亲|恭喜|闭环|节点", title + body)


def test_kinds_of_the_workflow_have_templates_and_a_group() -> None:
    assert {kind for kind in KINDS if not (TEMPLATES / f"{kind}.txt").exists()} == set()
    assert set(rendering.GROUPS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("plan.published", "《平罗县基础教育质量提升行动方案》已发布"),
        ("move.accept", "教体局已签收，由您经办"),
        ("move.submit", "教体局已报送，等审核"),
        ("move.reject", "教体局退回了报送"),
        ("move.renew", "已转下期"),
        ("move.lapse", "上期期满未结，下一期已经开始"),
        ("move.suspend", "已暂停"),
        ("move.resume", "已恢复，时限顺延"),
        ("decide", "2022 年年度研判：转为常态"),
        ("escalation", "黄色督办单"),
    ],
)
def test_title_by_kind(kind: str, title: str) -> None:
    assert rendering.title(message(kind, FULL)) == title


def test_body_of_a_rejection_gives_the_reason_in_its_own_lines() -> None:
    said = FULL | {"comment": "缺标准 2 的材料\n第二页没有公章", "deadline": ""}
    lines = rendering.body(message("move.reject", said)).splitlines()
    assert lines == [
        "22.3 配齐配强中小学教师",
        "方案：平罗县基础教育质量提升行动方案",
        "完成时限：2022年12月31日",
        "",
        "经手人：教体局 丁海燕",
        "理由：缺标准 2 的材料",
        "第二页没有公章",
        "",
        "下一步：请按理由补齐材料，再由单位负责人报送。",
    ]


@pytest.mark.parametrize(
    ("rung", "next_step"),
    [
        ("sign+3", "下一步：请尽快签收，并定下经办人。"),
        ("due-7", "下一步：请在到期前备齐材料并报送；确实办不完的，请在到期前说明情况。"),
        ("due+20", "下一步：牵头单位请尽快办结并报送；审核和督查请跟进。"),
        ("report+180", "下一步：请报一次进展，上次写过的内容会带出来。"),
        ("review+5", "下一步：请审核单位尽快给出通过或退回的意见。"),
    ],
)
def test_escalation_says_what_its_clock_waits_for(rung: str, next_step: str) -> None:
    assert rendering.body(message("escalation", FULL | {"rung": rung})).splitlines()[-1] == next_step


def test_values_are_text_and_nothing_else() -> None:
    said = rendering.body(message("move.reject", {"comment": "<b>{{ plan }}</b> & {% now 'Y' %}\x00\x07"}))
    assert "理由：<b>{{ plan }}</b> & {% now 'Y' %}\n" in said


def test_day_that_cannot_be_read_is_left_out() -> None:
    assert "完成时限" not in rendering.body(message("move.reject", {"due_on": "年底"}))


EVIL = "教体局\r\nBcc: everyone@example.com\r\n\r\nfoo\u2028bar\x85\x0b\x00"


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_can_add_a_header_or_end_the_title(kind: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    context = {key: EVIL for key in FULL}
    told = message(kind, context, link="/items/1/")
    assert "\n" not in rendering.title(told)
    person = User(pk=7, email="li@pingluo.example", is_active=True)
    for key in ("instant:1", "digest:2021-11-23"):
        letter = email.compose(Delivery(recipient=person, channel="email", key=key), [told])
        assert not re.search(r"[\r\n\x00\x0b\x85\u2028]", letter.subject)
        with email.Post() as post:
            assert post.send(letter) == ""
    sent = mail.outbox[-1].message()
    assert sent["Bcc"] is None
    assert sent["To"] == "li@pingluo.example"


def test_address_with_a_line_break_is_refused_and_said(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter = email.Letter("li@pingluo.example\nBcc: x@example.com", "题", "文", "<1@luoshi.example>")
    with email.Post() as post:
        assert post.send(letter).startswith("BadHeaderError")


def test_digest_groups_by_kind_with_links_and_says_what_it_leaves_out(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = "https://luoshi.example"
    monkeypatch.setattr(email, "DIGEST_LINES", 3)
    person = User(pk=7, email="li@pingluo.example", is_active=True)
    kinds = ("move.submit", "move.unheard-of", "escalation", "move.submit")
    told = [message(kind, FULL | {"number": str(n)}, link=f"/items/{n}/") for n, kind in enumerate(kinds)]
    letter = email.compose(Delivery(recipient=person, channel="email", key="digest:2021-11-23"), told)
    assert letter.subject == "【落实】4 条消息"
    assert letter.message_id == "<digest.2021-11-23.to.7@luoshi.example>"
    assert letter.body.splitlines()[:17] == [
        "【催办和督办】1 条",
        "- 黄色督办单",
        "  2 配齐配强中小学教师",
        "  https://luoshi.example/items/2/",
        "",
        "【报送】1 条",
        "- 教体局已报送，等审核",
        "  0 配齐配强中小学教师",
        "  https://luoshi.example/items/0/",
        "",
        "【其他】1 条",
        "- 您有一条新消息",
        "  1 配齐配强中小学教师",
        "  https://luoshi.example/items/1/",
        "",
        "另有 1 条，请在“消息”里看。",
        "--",
    ]


def test_letters_are_in_the_language_of_the_installation() -> None:
    person = User(pk=7, email="li@pingluo.example", is_active=True)
    with translation.override("en"):
        letter = email.compose(
            Delivery(recipient=person, channel="email", key="instant:1"), [message("escalation", FULL)]
        )
    assert letter.subject == "【落实】22.3 黄色督办单"
