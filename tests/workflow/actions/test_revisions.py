"""A revised document against a running plan: what it changes, and each accepted part through its own action."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from accounts.actor import Actor
from workflow import queries
from workflow.actions import drafts, revisions
from workflow.actions.moves import make_move
from workflow.actions.plans import publish
from workflow.actions.reports import report_progress
from workflow.errors import Invalid, MoveNotPossible
from workflow.models import JournalEntry, Plan, SubItem
from workflow.queries.revision import Part, compare
from workflow.tables import read

People = Callable[[str], Actor]
HEADER = "序号,任务,牵头单位,配合单位,完成时限\n"
FIRST = HEADER + "1,新建幼儿园,教体局,财政局,2024年6月底\n2,开展督导,教体局,,2024年底\n3,检查食堂,教体局,,长期坚持\n"


@pytest.fixture
def coordinator(actor: People) -> Actor:
    return actor("wangxuewen")


@pytest.fixture
def plan(pingluo: Plan, coordinator: Actor, now: datetime) -> Plan:
    draft = drafts.start(read(FIRST.encode(), "t.csv"), region=pingluo.region, by=Actor.system(), now=now)
    publish(draft.pk, by=coordinator, now=now)
    return Plan.objects.get(pk=draft.pk)


@pytest.fixture
def revise(plan: Plan, coordinator: Actor, now: datetime) -> Callable[[str], Plan]:
    """A revision of the plan whose table has these rows."""

    def begin(rows: str) -> Plan:
        data = (HEADER + rows).encode()
        revision = drafts.begin(data, "修订稿.csv", by=coordinator, now=now, revises_id=plan.pk)
        drafts.read_document(revision.pk)
        return Plan.objects.get(pk=revision.pk)

    return begin


def parts(revision: Plan) -> list[Part]:
    return compare(revision).parts


def one(plan: Plan, number: str) -> SubItem:
    return SubItem.objects.with_responsibilities().get(plan=plan, number=number)


def last_entry(item: SubItem) -> JournalEntry:
    return JournalEntry.objects.get(item=item, seq=item.seq)


ADDED = "4,新事一件,财政局,,2025年底\n"
UNCHANGED = FIRST.removeprefix(HEADER)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (UNCHANGED, []),
        (UNCHANGED + ADDED, [("added", "4", ())]),
        (UNCHANGED.replace("3,检查食堂,教体局,,长期坚持\n", ""), [("removed", "3", ())]),
        (UNCHANGED.replace("开展督导", "开展督导检查"), [("changed", "2", ("text",))]),
        (UNCHANGED.replace("2024年6月底", "2024年9月底"), [("changed", "1", ("deadline",))]),
        (UNCHANGED.replace("教体局,财政局", "财政局,教体局"), [("changed", "1", ("leads", "supports"))]),
        (UNCHANGED.replace("长期坚持", "每季度"), [("changed", "3", ("deadline",))]),
        (UNCHANGED.replace("3,检查", "5,检查"), [("changed", "5", ("number",))]),
    ],
    ids=["nothing", "added", "removed", "wording", "deadline", "units", "rhythm", "number"],
)
def test_what_a_revision_changes(
    revise: Callable[[str], Plan], rows: str, found: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    seen = [
        (part.change.kind, (part.change.after or part.change.before).number, part.change.fields)  # type: ignore[union-attr]
        for part in parts(revise(rows))
    ]
    assert seen == found


def test_date_that_was_moved_since_is_no_change(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    moved = {"kind": "date", "start_on": None, "due_on": "2024-12-31", "freq": None}
    item = one(plan, "1")
    details = {"deadline": moved, "deadline_raw": item.deadline_raw, "comment": "延期"}
    make_move(item.pk, "amend", by=coordinator, now=now, version=item.seq, details=details)
    assert parts(revise(UNCHANGED)) == []


def test_accepted_parts_are_carried_out_and_the_rest_is_left(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    rows = "1,新建幼儿园4所,教体局,,2024年9月底\n2,开展督导,财政局,,2024年底\n" + ADDED
    revision = revise(rows)
    codes = [part.code for part in parts(revision) if part.change.kind != "removed"]
    outcomes = revisions.apply(revision.pk, codes, basis="县政府第3次会议", by=coordinator, now=now)
    assert [outcome.refusal for outcome in outcomes] == ["", "", ""]
    first, second, third, fourth = (one(plan, number) for number in "1234")
    assert (first.text, first.due_on, first.support_ids) == ("新建幼儿园4所", date(2024, 9, 30), [])
    assert (second.holder.name, second.state) == ("财政局", "assigned")  # type: ignore[union-attr]
    assert third.state == "assigned" and third.seq == 1
    assert fourth.seq == 1 and fourth.holder.name == "财政局"  # type: ignore[union-attr]
    assert "县政府第3次会议" in last_entry(first).comment
    assert Plan.objects.get(pk=revision.pk).applied_at == now
    assert queries.verify_journal().broken == []


def test_removed_item_is_cancelled_and_its_history_stays(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    revision = revise("1,新建幼儿园,教体局,财政局,2024年6月底\n2,开展督导,教体局,,2024年底\n")
    revisions.apply(revision.pk, [part.code for part in parts(revision)], basis="会议", by=coordinator, now=now)
    item = one(plan, "3")
    assert item.state == "cancelled" and JournalEntry.objects.filter(item=item).count() == 2


def test_insertion_shifts_the_numbers_behind_it(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    before = {item.text: item.pk for item in SubItem.objects.filter(plan=plan)}
    inserted = "1,新建幼儿园,教体局,财政局,2024年6月底\n2,新插一项,财政局,,2025年底\n"
    rows = inserted + "3,开展督导,教体局,,2024年底\n4,检查食堂,教体局,,长期坚持\n"
    revision = revise(rows)
    outcomes = revisions.apply(
        revision.pk, [part.code for part in parts(revision)], basis="会议", by=coordinator, now=now
    )
    assert not any(outcome.refusal for outcome in outcomes)
    after = SubItem.objects.filter(plan=plan).order_by("position")
    assert [(item.number, item.text) for item in after] == [
        ("1", "新建幼儿园"),
        ("2", "新插一项"),
        ("3", "开展督导"),
        ("4", "检查食堂"),
    ]
    assert one(plan, "3").pk == before["开展督导"]
    assert last_entry(one(plan, "3")).details["changes"]["number"] == ["2", "3"]
    assert queries.verify_journal().broken == []


def test_number_that_another_item_keeps_is_refused_for_that_part_alone(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    rows = "1,新建幼儿园,教体局,财政局,2024年6月底\n3,开展督导,教体局,,2024年底\n2,检查食堂,教体局,,长期坚持\n"
    revision = revise(rows)
    only = next(part.code for part in parts(revision) if part.change.after and part.change.after.number == "3")
    outcomes = revisions.apply(revision.pk, [only], basis="会议", by=coordinator, now=now)
    assert ["编号 3" in outcome.refusal for outcome in outcomes] == [True]
    assert one(plan, "2").text == "开展督导"
    assert Plan.objects.get(pk=revision.pk).applied_at is None


def test_new_row_under_a_number_still_in_use_is_refused_in_words_of_the_plan(
    revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    revision = revise(UNCHANGED.replace("2,开展督导", "2,改造薄弱学校供暖设施"))
    added = next(part.code for part in parts(revision) if part.change.kind == "added")
    outcomes = revisions.apply(revision.pk, [added], basis="会议", by=coordinator, now=now)
    assert [outcome.refusal for outcome in outcomes] == ["编号 2 已有另一项在用，这一项没有加。"]


def test_numbers_can_go_round_in_a_circle(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    before = {item.text: item.pk for item in SubItem.objects.filter(plan=plan)}
    rows = "2,新建幼儿园,教体局,财政局,2024年6月底\n3,开展督导,教体局,,2024年底\n1,检查食堂,教体局,,长期坚持\n"
    revision = revise(rows)
    outcomes = revisions.apply(
        revision.pk, [part.code for part in parts(revision)], basis="会议", by=coordinator, now=now
    )
    assert not any(outcome.refusal for outcome in outcomes)
    assert {item.text: (item.number, item.pk) for item in SubItem.objects.filter(plan=plan)} == {
        text: (number, before[text]) for text, number in (("新建幼儿园", "2"), ("开展督导", "3"), ("检查食堂", "1"))
    }
    assert queries.verify_journal().broken == []


def test_item_under_review_is_no_change_to_make_now(
    plan: Plan, revise: Callable[[str], Plan], actor: People, coordinator: Actor, now: datetime
) -> None:
    item = one(plan, "2")
    make_move(item.pk, "accept", by=actor("majianjun"), now=now, version=1)
    report_progress(item.pk, by=actor("majianjun"), now=now, percent=50, words="过半")
    version = one(plan, "2").seq
    make_move(item.pk, "submit", by=actor("maguohua"), now=now, version=version, details={"summary": "完成"})
    found = parts(revise(UNCHANGED.replace("开展督导", "开展督导检查")))
    assert "待审核" in found[0].obstacle


def test_part_that_changed_meanwhile_is_refused_and_the_rest_done(
    plan: Plan, revise: Callable[[str], Plan], coordinator: Actor, actor: People, now: datetime
) -> None:
    revision = revise(UNCHANGED.replace("开展督导", "开展督导检查") + ADDED)
    codes = [part.code for part in parts(revision)]
    outcomes = revisions.apply(revision.pk, [*codes, "changed-0"], basis="会议", by=coordinator, now=now)
    assert sorted(bool(outcome.refusal) for outcome in outcomes) == [False, False, True]
    assert one(plan, "4").text == "新事一件"


@pytest.mark.parametrize("basis", ["", "  "])
def test_basis_is_required(revise: Callable[[str], Plan], coordinator: Actor, now: datetime, basis: str) -> None:
    with pytest.raises(Invalid, match="依据"):
        revisions.apply(revise(UNCHANGED + ADDED).pk, [], basis=basis, by=coordinator, now=now)


def test_applied_revision_cannot_be_applied_again(
    revise: Callable[[str], Plan], coordinator: Actor, now: datetime
) -> None:
    revision = revise(UNCHANGED + ADDED)
    revisions.apply(revision.pk, ["added-4"], basis="会议", by=coordinator, now=now)
    with pytest.raises(MoveNotPossible):
        revisions.apply(revision.pk, [], basis="会议", by=coordinator, now=now + timedelta(days=1))


def test_revision_is_never_published(revise: Callable[[str], Plan], coordinator: Actor, now: datetime) -> None:
    with pytest.raises(MoveNotPossible):
        publish(revise(UNCHANGED).pk, by=coordinator, now=now)
