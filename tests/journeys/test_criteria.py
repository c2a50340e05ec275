"""验收标准 through the pages: proposed at signing, agreed to, answered, found wanting, approved; many at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Unit
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, hand_in, move, review, work_on
from tests.workflow.file_samples import SAMPLES
from workflow.models import Evidence, Responsibility, SubItem, Submission

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]
OFFICER, HEAD, VERIFIER, COORDINATOR = "majianjun", "dinghaiyan", "yangjing", "wangxuewen"
TARGET = {"label": "创建自治区级健康学校", "value": "5", "unit": "所", "per": "yearly"}


def page(one: SubItem) -> str:
    return f"/items/{one.pk}/"


def criteria(one: SubItem, step: str = "") -> str:
    return f"/items/{one.pk}/criteria/{step}"


def proposed(enter: Enter, one: SubItem) -> Person:
    """By the officer before signing: the target of the table, and one more in words."""
    SubItem.objects.filter(pk=one.pk).update(targets=[TARGET])
    officer = enter(OFFICER).open(page(one))
    assert officer.sees("还没有标准。") and officer.sees("可以从责任分工表的指标取。")
    officer.open(criteria(one))
    assert officer.sees("取自责任分工表的指标")
    form = officer.hidden(criteria(one))
    assert (form["text-1"].strip(), form["value-1"], form["unit-1"], form["per-1"]) == (
        *("创建自治区级健康学校", "5", "所", "round"),
    )
    return officer.send(criteria(one), **{"baseline-1": "3", "text-2": "管理制度印发执行"})


def agreed(enter: Enter, one: SubItem) -> Person:
    officer = proposed(enter, one)
    enter(VERIFIER).open(page(one)).send(criteria(one, "agree/"))
    officer.open(page(one)).send(move(one, "accept"))
    form = {"file": SimpleUploadedFile("创建批复.pdf", SAMPLES["pdf"])}
    return officer.send(f"{page(one)}evidence/", **form)


def test_2_1_is_agreed_answered_found_wanting_and_approved(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    officer = proposed(enter, one)
    assert (officer.path, officer.sees("已提出验收标准，不影响办理。验收标准由教育工委同意。")) == (page(one), True)

    verifier = enter(VERIFIER).open("/")
    assert verifier.sees("教体局提出验收标准 2 条，同意后按它报送和审核。") and verifier.sees("看标准")
    verifier.open(page(one))
    assert verifier.sees("基数 3 → 目标 5 所，每期")
    verifier.send(criteria(one, "return/"), comment=" ")
    assert (verifier.status, verifier.sees("请写明理由。")) == (422, True)
    verifier.send(criteria(one, "agree/"), comment="同意。")
    assert verifier.sees("已同意验收标准，报送和审核按它逐条看。")
    assert not verifier.open("/").sees("看标准")

    officer.open(page(one)).send(move(one, "accept"))
    officer.send(f"{page(one)}evidence/", file=SimpleUploadedFile("创建批复.pdf", SAMPLES["pdf"]))
    assert officer.sees("2 条，缺 2 条完成情况")
    file = str(Evidence.objects.get().pk)
    said = {"summary": "稿", "answer-1-value": "四"}
    officer.send(f"{page(one)}draft/", **said)
    assert (officer.status, officer.sees("标准 1 的数要是 0 以上的数")) == (422, True)
    officer.send(f"{page(one)}draft/", **{"answer-1-value": "4", "answer-1-evidence": [file]})
    assert officer.sees("2 条，缺 1 条完成情况") and officer.sees("本期达到 4 所") and officer.sees("材料已齐")

    head = enter(HEAD).open(page(one))
    form = head.hidden(move(one, "submit"))
    assert (form["answer-1-value"], form["answer-1-evidence"]) == ("4", [file])
    head.send(move(one, "submit"))
    assert (head.status, head.sees("缺标准 2 的完成情况，补齐后可以报送。")) == (422, True)
    head.send(move(one, "submit"), **{"answer-2-text": "制度已印发。"})
    assert head.sees("已报送，由教育工委审核。")

    verifier.open(review(one))
    assert verifier.sees("本期达到 4 所") and verifier.sees("制度已印发。") and verifier.sees("创建批复.pdf")
    verifier.send(review(one, "approve"))
    assert (verifier.status, verifier.sees("还没有看标准 1、2，请逐条选“符合”或“不符”。")) == (422, True)
    verifier.send(review(one, "approve"), **{"tick-1": "no", "tick-2": "yes"})
    assert (verifier.status, verifier.sees("标准 1 不符，不能通过。")) == (422, True)
    form = verifier.hidden(review(one, "reject"))
    assert (form["tick-1"], form["tick-2"], form["comment"]) == ("no", "yes", "标准 1：")
    verifier.send(review(one, "reject"))
    assert (verifier.status, verifier.sees("请写明标准 1 哪里不符、怎么补。")) == (422, True)
    verifier.send(review(one, "reject"), comment="标准 1：还差一所")
    assert verifier.status == 200

    head.open(page(one))
    assert head.sees("标准 1：还差一所") and head.sees("上次不符")
    assert head.hidden(move(one, "submit"))["answer-2-text"].strip() == "制度已印发。"  # nobody types the same twice
    head.send(move(one, "submit"), **{"answer-1-value": "5", "answer-2-text": "制度已印发，并已执行。"})
    verifier.open(review(one))
    assert verifier.sees("，并已执行") and verifier.sees("是比上次退回时多出的内容")
    verifier.send(review(one, "approve"), **{"tick-1": "yes", "tick-2": "yes"})
    assert verifier.status == 200
    assert [each.ticks for each in Submission.objects.order_by("pk")] == [
        {"1": False, "2": True},
        {"1": True, "2": True},
    ]
    assert actions(one)[1:3] == ["criteria.proposed", "criteria.agreed"]
    assert sound()


def test_bad_rows_come_back_as_typed(enter: Enter, item: Item) -> None:
    one = item("2.1")
    officer = enter(OFFICER).open(criteria(one))
    officer.send(criteria(one), **{"text-1": "建成投用", "value-1": "-3"})
    assert (officer.status, officer.sees("标准 1 的数要是 0 以上的数")) == (422, True)
    assert officer.hidden(criteria(one))["value-1"] == "-3"
    officer.send(criteria(one), **{"text-1": "<script>alert(1)</script>", "value-1": ""})
    assert officer.sees("<script>alert(1)</script>")  # as words, escaped
    assert SubItem.objects.get(pk=one.pk).criteria_proposed[0]["text"] == "<script>alert(1)</script>"


def test_who_may_not_finds_no_form(enter: Enter, item: Item) -> None:
    one = item("2.1")
    for username in (VERIFIER, COORDINATOR, "lizhiqiang"):
        person = enter(username).open(criteria(one))
        assert (person.path, person.sees("验收标准由牵头单位的经办人或负责人提。")) == (page(one), True)
        assert person.force(criteria(one), version=1, **{"text-1": "我提"}) == 403
        assert not person.open(page(one)).sees("提标准")
    assert enter("nafang").open(criteria(one)).status == 404
    assert enter(VERIFIER).open("/").force(criteria(one, "postpone/"), version=1) == 404


def test_a_supporting_unit_reads_what_is_asked_and_not_what_was_answered(enter: Enter, item: Item) -> None:
    one = item("2.1")
    agreed(enter, one)
    answers = {"answer-1-value": "4", "answer-1-text": "又建一所", "answer-2-text": "已印发"}
    enter(HEAD).open(page(one)).send(move(one, "submit"), summary="请审核。", **answers)
    finance = Unit.objects.get(name="财政局")
    Responsibility.objects.create(item=one, unit=finance, duty="support", position=99)
    support = enter("nafang").open(page(one))
    assert support.sees("管理制度印发执行") and not support.sees("又建一所") and not support.sees("本期达到 4 所")


# --- many at once -----------------------------------------------------------------------------------------------------
@pytest.fixture
def three_handed_in(enter: Enter, item: Item) -> list[SubItem]:
    made = [item("2.1"), item("2.2"), item("9.1")]
    for one in made:
        work_on(one, enter(OFFICER))
        hand_in(one, enter(HEAD))
    return made


def ticked(*items: SubItem) -> list[str]:
    return [f"{each.pk}:{SubItem.objects.get(pk=each.pk).seq}" for each in items]


def test_several_are_approved_rejected_and_closed_with_a_result_each(
    enter: Enter, three_handed_in: list[SubItem], sound: Sound
) -> None:
    first, second, third = three_handed_in
    verifier = enter(VERIFIER).open("/")
    assert verifier.sees("一并审核 3 项")
    verifier.open("/review/several/")
    stale: dict[str, Any] = {"item": [*ticked(first), f"{second.pk}:1"]}
    verifier.send("/review/several/", move="approve", **stale)
    assert verifier.sees("已通过 1 项，等统筹单位办结。") and verifier.sees("1 项没有办成")
    assert verifier.sees("别人刚办过这一项，请看最新情况再办。") and verifier.sees("待审核 2 项")
    verifier.send("/review/several/", move="reject", item=ticked(third), comment="请补签字页。")
    assert verifier.sees("已退回 1 项，牵头单位会收到理由。")
    verifier.send("/review/several/", move="approve", item=ticked(second))
    assert verifier.status == 200

    coordinator = enter(COORDINATOR).open("/")
    assert coordinator.sees("一并办结 2 项")
    coordinator.open("/concluding/")
    assert coordinator.sees("等您办结 2 项")
    coordinator.send("/concluding/", move="close", item=[*ticked(first, second), "987654:1"])
    assert coordinator.sees("已销号 2 项。") and coordinator.sees("1 项没有办成")
    assert {each.state for each in SubItem.objects.filter(pk__in=[first.pk, second.pk])} == {"closed"}
    assert sound()


def test_periodic_ones_are_renewed_together_and_ended_only_with_a_basis(enter: Enter, item: Item) -> None:
    ongoing = list(SubItem.objects.filter(kind="ongoing", holder__name="教体局", verifier__name="教育工委")[:2])
    for one in ongoing:
        work_on(one, enter(OFFICER))
        hand_in(one, enter(HEAD))
    verifier = enter(VERIFIER).open("/review/several/")
    verifier.send("/review/several/", move="approve", item=ticked(*ongoing))
    coordinator = enter(COORDINATOR).open("/concluding/")
    coordinator.send("/concluding/", move="close", item=ticked(*ongoing))
    assert coordinator.sees("2 项没有办成") and coordinator.sees("长期坚持的事项销号就不再转下期，请写明依据。")
    coordinator.send("/concluding/", move="renew", item=ticked(ongoing[0]))
    assert coordinator.sees("已转下期 1 项")
    coordinator.send("/concluding/", move="close", item=ticked(ongoing[1]), comment="县政府 3 号文。")
    assert [SubItem.objects.get(pk=one.pk).state for one in ongoing] == ["in_progress", "closed"]


def test_what_has_criteria_has_no_box_and_is_not_approved_blindly(enter: Enter, item: Item) -> None:
    one = item("2.1")
    agreed(enter, one)
    answers = {"answer-1-value": "4", "answer-2-text": "已印发"}
    enter(HEAD).open(page(one)).send(move(one, "submit"), summary="请审核。", **answers)
    verifier = enter(VERIFIER).open("/review/several/")
    assert verifier.sees("有验收标准 2 条，要逐条看")
    form = next(form for form in verifier.forms if "/review/several/" in form["buttons"])
    assert "item" not in form["choices"]
    assert verifier.force("/review/several/", move="approve", item=ticked(one)) == 200
    assert SubItem.objects.get(pk=one.pk).state == "submitted"


@pytest.mark.parametrize("path", ["/review/several/", "/concluding/"])
def test_nothing_ticked_and_other_moves_do_nothing(enter: Enter, three_handed_in: list[SubItem], path: str) -> None:
    person = enter(VERIFIER).open("/")
    for move_name in ("cancel", "", "submit"):
        assert person.force(path, move=move_name, item=ticked(*three_handed_in)) == 404
    move_name = "approve" if "review" in path else "close"
    assert person.force(path, move=move_name) == 302
    assert person.force(path, move=move_name, item=["x", "1:y", "1", "9" * 30 + ":1", "\u0000:1"]) == 302
    assert {each.state for each in SubItem.objects.filter(number__in=["2.1", "2.2", "9.1"])} == {"submitted"}


def test_signing_many_tells_what_became_of_each(enter: Enter, item: Item) -> None:
    officer = enter(OFFICER).open("/accept/")
    pairs = [*ticked(item("2.1"), item("2.2")), f"{item('9.1').pk}:7"]
    officer.send("/accept/", item=pairs)
    assert officer.sees("已签收 2 项，可以开始办理。") and officer.sees("1 项没有办成")
    assert officer.sees("待签收 33 项")
