"""A document becomes a draft: who may, what is kept of a file that cannot be read, and what corrections do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Unit
from workflow.actions import corrections, drafts, unit_names
from workflow.actions.plans import publish
from workflow.actions.unit_names import Decision
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion
from workflow.models import Plan, PlanDocument, SubItem
from workflow.tables import Draft

People = Callable[[str], Actor]
TABLE = """某县2024年重点任务责任分工

序号,任务,牵头单位,配合单位,完成时限
1,新建幼儿园3所,教体局,财政局、县人社局,2024年6月底
2,开展督导,教育督导室,各乡镇,按时间节点
3,检查食堂,教体局,,长期坚持
"""


@pytest.fixture
def coordinator(actor: People) -> Actor:
    return actor("wangxuewen")


@pytest.fixture
def draft(coordinator: Actor, now: datetime) -> Plan:
    """The table above, read; 2 needs a date and a unit."""
    plan = drafts.begin(TABLE.encode(), "重点任务.csv", by=coordinator, now=now)
    drafts.read_document(plan.pk)
    plan.refresh_from_db()
    return plan


def rows(plan: Plan) -> list[dict[str, Any]]:
    plan.refresh_from_db()
    return Draft(plan.table).rows


def edit(plan: Plan, place: int, by: Actor, **said: Any) -> None:
    row = rows(plan)[place]
    corrections.edit_row(plan.pk, row["id"], corrections.change(said), by=by, version=row["version"])


def decide(plan: Plan, by: Actor, *decisions: Decision) -> dict[str, str]:
    return unit_names.decide(plan.pk, decisions, by=by)


def test_document_becomes_a_draft_that_nobody_is_told_of(draft: Plan) -> None:
    assert draft.title == "某县2024年重点任务责任分工"
    assert [row["text"] for row in rows(draft)] == ["新建幼儿园3所", "开展督导", "检查食堂"]
    assert PlanDocument.objects.get(plan=draft).filename == "重点任务.csv"
    assert draft.published_at is None


@pytest.mark.parametrize("username", ["majianjun", "changlihua", "zhoumin", "fenglei"])
def test_only_a_coordinator_begins_a_draft(actor: People, now: datetime, username: str) -> None:
    with pytest.raises(NotAllowed):
        drafts.begin(TABLE.encode(), "t.csv", by=actor(username), now=now)
    assert not Plan.objects.drafts().exists()


def test_draft_is_seen_by_its_owners_coordinators_alone(draft: Plan, actor: People) -> None:
    for username in ("majianjun", "lizhiqiang", "zhoumin", "fenglei"):
        assert not Plan.objects.visible_to(actor(username)).filter(pk=draft.pk).exists()
        with pytest.raises(NotFound):
            drafts.discard(draft.pk, by=actor(username))


def test_file_that_is_no_table_is_refused_with_its_sentence(coordinator: Actor, now: datetime) -> None:
    plan = drafts.begin("采购清单".encode(), "t.txt", by=coordinator, now=now)
    with pytest.raises(Invalid):
        drafts.read_document(plan.pk)
    plan.refresh_from_db()
    assert plan.table == {}


def test_another_document_replaces_the_draft(draft: Plan, coordinator: Actor) -> None:
    drafts.replace_document(draft.pk, TABLE.replace("食堂", "宿舍").encode(), "二.csv", by=coordinator)
    drafts.read_document(draft.pk)
    assert rows(draft)[2]["text"] == "检查宿舍"
    assert PlanDocument.objects.get(plan=draft).filename == "二.csv"


def test_discarding_removes_draft_and_document(draft: Plan, coordinator: Actor) -> None:
    drafts.discard(draft.pk, by=coordinator)
    assert not Plan.objects.drafts().exists() and not PlanDocument.objects.exists()


def test_published_plan_is_no_draft_any_more(pingluo: Plan, coordinator: Actor) -> None:
    with pytest.raises(MoveNotPossible):
        drafts.discard(pingluo.pk, by=coordinator)


def test_signs_that_turn_the_writing_round_are_not_taken_over(coordinator: Actor, now: datetime) -> None:
    text = (
        TABLE.replace("开展督导", "开展\u202e导督")
        .replace("财政局", "财\u2067政局")
        .replace("某县2024", "某\u202d县2024")
    )
    plan = drafts.begin(text.encode(), "t.csv", by=coordinator, now=now)
    drafts.read_document(plan.pk)
    first, second = rows(plan)[:2]
    assert (second["text"], second["printed"]["text"]) == ("开展导督", "开展导督")
    assert first["supports"] == ["财政局", "县人社局"]
    assert plan.title == "某县2024年重点任务责任分工"


def test_draft_thrown_away_while_it_is_read_is_refused(draft: Plan, coordinator: Actor) -> None:
    drafts.discard(draft.pk, by=coordinator)
    with pytest.raises(NotFound):
        drafts.read_document(draft.pk)


# --- rows -------------------------------------------------------------------------------------------------------------
def test_edit_changes_the_row_and_keeps_the_documents_words(draft: Plan, coordinator: Actor) -> None:
    edit(draft, 1, coordinator, text="开展春季督导", leads_raw="教体局牵头，财政局配合", deadline_raw="2024年9月底")
    row = rows(draft)[1]
    assert row["text"] == "开展春季督导" and row["printed"]["text"] == "开展督导"
    assert row["leads"] == ["教体局"] and row["supports"] == ["财政局", "各乡镇"]
    assert row["deadline"]["due_on"] == "2024-09-30" and row["printed"]["deadline"] == "按时间节点"


def test_edit_that_settles_a_warning_makes_it_go(draft: Plan, coordinator: Actor) -> None:
    before = {warning["code"] for warning in Draft(draft.table).warnings()}
    edit(draft, 1, coordinator, deadline_raw="2024-09-30")
    draft.refresh_from_db()
    assert "unparsed_deadline" in before
    assert "unparsed_deadline" not in {warning["code"] for warning in Draft(draft.table).warnings()}


def test_unreadable_deadline_is_refused_and_nothing_of_the_edit_stays(draft: Plan, coordinator: Actor) -> None:
    with pytest.raises(Invalid, match="适时"):
        edit(draft, 0, coordinator, text="别的", deadline_raw="适时")
    assert rows(draft)[0]["text"] == "新建幼儿园3所"


def test_words_can_be_edited_while_the_deadline_still_waits(draft: Plan, coordinator: Actor) -> None:
    edit(draft, 1, coordinator, text="开展督导检查", deadline_raw="按时间节点")
    assert rows(draft)[1]["text"] == "开展督导检查"


def test_rhythm_of_an_ongoing_row_can_be_chosen(draft: Plan, coordinator: Actor) -> None:
    edit(draft, 2, coordinator, freq="quarterly")
    assert rows(draft)[2]["deadline"]["freq"] == "quarterly"


def test_heading_is_corrected_for_all_rows_under_it(draft: Plan, coordinator: Actor) -> None:
    edit(draft, 0, coordinator, section_no="一", section="基础教育", task_no="", task="")
    assert {row["section"] for row in rows(draft)} == {"基础教育"}


def test_stale_row_is_refused(draft: Plan, coordinator: Actor) -> None:
    stale = rows(draft)[0]
    edit(draft, 0, coordinator, text="新建幼儿园4所")
    with pytest.raises(StaleVersion):
        corrections.edit_row(
            draft.pk, stale["id"], corrections.change({"text": "甲"}), by=coordinator, version=stale["version"]
        )


def test_row_left_out_makes_no_sub_item_and_can_come_back(draft: Plan, coordinator: Actor) -> None:
    row = rows(draft)[1]
    corrections.edit_row(draft.pk, row["id"], corrections.leave_out, by=coordinator, version=row["version"])
    assert [row["text"] for row in Draft(Plan.objects.get(pk=draft.pk).table).standing()] == [
        "新建幼儿园3所",
        "检查食堂",
    ]
    row = rows(draft)[1]
    corrections.edit_row(draft.pk, row["id"], corrections.take_in, by=coordinator, version=row["version"])
    assert len(Draft(Plan.objects.get(pk=draft.pk).table).standing()) == 3


# --- units ------------------------------------------------------------------------------------------------------------
def test_matched_name_is_remembered_as_an_alias(draft: Plan, coordinator: Actor) -> None:
    unit = Unit.objects.get(name="教体局")
    decide(draft, coordinator, Decision("教育督导室", [unit.pk], remember=True))
    assert "教育督导室" in Unit.objects.get(pk=unit.pk).aliases


def test_created_unit_stands_after_the_others(draft: Plan, coordinator: Actor) -> None:
    decide(draft, coordinator, Decision("教育督导室", new_kind="government"))
    assert Unit.objects.order_by("position").last().name == "教育督导室"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "problem"), [("教体局", "已经有单位叫"), ("没有写过的局", "表里没有写")], ids=["taken", "not in the table"]
)
def test_unit_that_cannot_be_created(draft: Plan, coordinator: Actor, name: str, problem: str) -> None:
    assert problem in decide(draft, coordinator, Decision(name, new_kind="government"))[name]


def test_draft_is_published_once_everything_is_settled(draft: Plan, coordinator: Actor, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        publish(draft.pk, by=coordinator, now=now)
    assert str(refused.value).count("\n") == 1  # the unit and the date, a sentence each
    edit(draft, 1, coordinator, deadline_raw="2024-09-30")
    decide(draft, coordinator, Decision("教育督导室", [Unit.objects.get(name="教体局").pk]))
    published = publish(draft.pk, by=coordinator, now=now)
    assert published.items == 3
    one = SubItem.objects.get(plan=draft, number="1")
    assert one.printed["deadline"] == "2024年6月底" and [unit.name for unit in one.supports] == ["财政局", "人社局"]


def test_name_left_out_becomes_no_duty(draft: Plan, coordinator: Actor, now: datetime) -> None:
    edit(draft, 1, coordinator, deadline_raw="2024-09-30", leads_raw="教体局、教育督导室")
    decide(draft, coordinator, Decision("教育督导室"))
    publish(draft.pk, by=coordinator, now=now)
    assert [unit.name for unit in SubItem.objects.get(plan=draft, number="2").leads] == ["教体局"]


def test_dates_that_passed_need_one_agreement(draft: Plan, coordinator: Actor, now: datetime) -> None:
    edit(draft, 1, coordinator, deadline_raw="2021-09-30", leads_raw="教体局")
    with pytest.raises(Invalid, match="1 项的完成时限已经过了"):
        publish(draft.pk, by=coordinator, now=now)
    assert publish(draft.pk, by=coordinator, now=now, passed_agreed=True).passed == ["2"]


def test_publishing_a_draft_that_changed_meanwhile_is_refused(draft: Plan, coordinator: Actor, now: datetime) -> None:
    seen = Draft(draft.table).version
    edit(draft, 1, coordinator, deadline_raw="2024-09-30", leads_raw="教体局")
    with pytest.raises(StaleVersion):
        publish(draft.pk, by=coordinator, now=now, version=seen)


def test_targets_taken_go_with_the_item(draft: Plan, coordinator: Actor, now: datetime) -> None:
    offered = rows(draft)[0]["offered"]
    assert [(target["value"], target["unit"]) for target in offered] == [("3", "所")]
    edit(draft, 0, coordinator, targets=[0])
    edit(draft, 1, coordinator, deadline_raw="2024-09-30", leads_raw="教体局")
    publish(draft.pk, by=coordinator, now=now)
    assert SubItem.objects.get(plan=draft, number="1").targets == offered
