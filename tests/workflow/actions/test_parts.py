"""配合: who may ask, answer and settle, what is refused in which order, what ends a part, whom the item waits for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.file_samples import SAMPLES
from workflow import queries
from workflow.actions import parts
from workflow.actions.evidence import MOST_A_PART, add_evidence, add_to_part, remove_evidence
from workflow.actions.moves import make_move
from workflow.actions.parts import ask_for_parts, take_step
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Evidence, Part, Plan, SubItem
from workflow.models.journal import broken_links

Item = Callable[[str], SubItem]
Running = Callable[..., SubItem]
pytestmark = pytest.mark.django_db

OFFICER, HEAD, VERIFIER, COORDINATOR, INSPECTOR = "majianjun", "dinghaiyan", "yangjing", "wangxuewen", "lizhiqiang"
SUPPORT, SUPPORT_HEAD = "yangxiaolong", "wangjianguo"  # of 人社局, which supports 2.2 with 文广局
OTHER = "jinlijuan"  # of 文广局
STRANGER = "nafang"


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(pk=item.pk)


def move(item: SubItem, name: str, username: str, now: datetime, **details: Any) -> SubItem:
    return make_move(item.pk, name, by=person(username), now=now, version=fresh(item).seq, details=details)


def ask(item: SubItem, now: datetime, username: str = OFFICER, **said: Any) -> list[Part]:
    said = {"version": fresh(item).seq, **said}
    return ask_for_parts(item.pk, by=person(username), now=now, **said)


def step(part: Part, name: str, username: str, now: datetime, said: Any = "说明。", **more: Any) -> Part:
    more = {"version": fresh(part.item).seq, **more}
    return take_step(part.pk, name, by=person(username), now=now, said=said, **more)


def upload(part: Part, now: datetime, username: str = SUPPORT, name: str = "名册.pdf") -> Evidence:
    return add_to_part(part.pk, SimpleUploadedFile(name, SAMPLES["pdf"]), by=person(username), now=now)


def of(item: SubItem, unit: str = "人社局") -> Part:
    return Part.objects.select_related("item", "unit").get(item=item, unit__name=unit, round_no=fresh(item).round_no)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def sound(item: SubItem) -> bool:
    """The chain is whole, and the row says of the open parts what their rows say."""
    one = fresh(item)
    rows = one.parts.open().select_related("unit")
    said = {(each.unit_id, each.unit.name, each.status, each.through_id) for each in rows}
    kept = {(each["unit"], each["name"], each["status"], each["through"]) for each in one.parts_open}
    return said == kept and list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


@pytest.fixture
def running(item: Item, now: datetime) -> Running:
    """2.2 or another item of 教体局, signed for."""
    return lambda number="2.2": fresh(move(item(number), "accept", OFFICER, now))


# --- asking -----------------------------------------------------------------------------------------------------------
def test_all_supports_are_asked_at_once_with_what_the_item_says(running: Running, now: datetime) -> None:
    one = running()
    made = ask(one, now)
    entry = one.journal.last()
    assert [(part.unit.name, part.status, part.group) for part in made] == [
        *(("人社局", "asked", None), ("文广局", "asked", None)),
    ]
    assert {part.due_on for part in made} == {date(2022, 12, 30)}  # the day before the item is due
    assert {part.ask for part in made} == {one.text[:80]} and {part.asked_by.username for part in made} == {OFFICER}
    assert (entry.action, entry.from_state, entry.to_state, entry.comment) == (
        *("part.asked", "in_progress", "in_progress", one.text[:80]),
    )
    assert [name for _unit, name in entry.details["part_units"]] == ["人社局", "文广局"]
    assert told("part.asked") == {SUPPORT, SUPPORT_HEAD, OTHER, "chenwenbo"}
    words = rendering.body(Message.objects.filter(kind="part.asked").first())
    assert "请在 2022年12月30日 前交" in words and one.text[:20] in words
    assert sound(one)


def test_a_group_is_asked_member_by_member(running: Running, now: datetime) -> None:
    one = running("11.1")
    made = ask(one, now, ask="各校布局现状", due_on="2022-03-31")
    members = list(Unit.objects.get(name="各乡镇").members.values_list("name", flat=True))
    assert [part.unit.name for part in made] == members and len(members) == 13
    assert {(part.group.name, part.ask, part.due_on) for part in made} == {
        ("各乡镇", "各校布局现状", date(2022, 3, 31))
    }
    assert len(told("part.asked")) == 26
    assert one.journal.count() == 3  # one entry, however many are asked
    assert sound(one)


def test_a_member_that_leads_is_not_asked_by_itself(running: Running, now: datetime) -> None:
    one = running("11.1")
    move(one, "amend", COORDINATOR, now, comment="调整", leads=["教体局", "城关镇"])
    assert "城关镇" not in [part.unit.name for part in ask(one, now)]


def test_who_was_not_asked_yet_is_asked_next_and_who_gave_only_by_name(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now, units=["人社局"])
    step(step(of(one), "answer", SUPPORT, now), "accept", OFFICER, now)
    assert [part.unit.name for part in ask(one, now)] == ["文广局"]
    with pytest.raises(Invalid, match="都请求过了"):
        ask(one, now)
    assert [part.unit.name for part in ask(one, now, units="人社局", ask="补交名册")] == ["人社局"]
    assert Part.objects.filter(unit__name="人社局").count() == 2
    assert sound(one)


def test_the_database_keeps_one_open_part_a_unit(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    part = of(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.create(item=one, round_no=1, unit=part.unit, ask="再来一份", asked_at=now, status="declined")


@pytest.mark.parametrize(
    "said",
    [
        *({"units": units} for units in ([], "", "财政局", ["人社局", "财政局"], [5], {"人社局": 1}, "教体局", 5)),
        *({"ask": words} for words in ("", " ", 5, [], "\u0000", "字" * 5001)),
        *({"due_on": day} for day in ("2021-11-21", "2023-01-01", "明年", 5, [])),  # the item is due on 2022-12-31
    ],
)
def test_what_cannot_be_asked(running: Running, now: datetime, said: dict[str, Any]) -> None:
    one = running()
    with pytest.raises(Invalid) as refusal:
        ask(one, now, **said)
    assert len(str(refusal.value)) > 5
    assert (Part.objects.count(), one.journal.count()) == (0, 2)


def test_nobody_is_asked_twice_at_the_same_time(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now, units=["人社局"])
    with pytest.raises(Invalid, match="人社局已有一份请求在办"):
        ask(one, now, units=["人社局", "文广局"])
    ask(one, now)
    with pytest.raises(MoveNotPossible, match="都有请求在办"):
        ask(one, now, units=["人社局"])


def test_an_item_without_supports_or_not_signed_for_asks_nobody(running: Running, item: Item, now: datetime) -> None:
    with pytest.raises(MoveNotPossible, match="没有可以请求的配合单位"):
        ask(running("2.1"), now)
    with pytest.raises(MoveNotPossible, match="办理中才能发配合请求"):
        ask(item("2.2"), now)


def test_what_is_late_itself_asks_for_today_or_later(running: Running, now: datetime) -> None:
    one = running("3.2")
    later = now + timedelta(days=500)
    assert {part.due_on for part in ask(one, later, units="文广局")} == {later.date()}
    with pytest.raises(Invalid, match="不能早于今天"):
        ask(one, later, due_on="2022-12-31")
    with pytest.raises(Invalid, match="太远"):
        ask(one, later, due_on="2035-12-31")
    assert ask(one, later, due_on=(later.date() + timedelta(days=20)).isoformat())


# --- giving and taking ------------------------------------------------------------------------------------------------
def test_an_answer_is_returned_answered_anew_and_accepted(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    step(of(one), "answer", SUPPORT, now, "已核 12 人。")
    assert (of(one).status, of(one).text, told("part.answered")) == ("answered", "已核 12 人。", {OFFICER})
    step(of(one), "return", HEAD, now, "缺证书编号。")
    assert (of(one).status, of(one).comment, told("part.returned")) == (
        *("returned", "缺证书编号。", {SUPPORT, SUPPORT_HEAD}),
    )
    step(of(one), "answer", SUPPORT_HEAD, now, "已补编号。")
    part = step(of(one), "accept", OFFICER, now, "")
    assert (part.status, part.text, part.comment, part.answered_by.username, part.settled_by.username) == (
        *("accepted", "已补编号。", "", SUPPORT_HEAD, OFFICER),
    )
    said = [(entry.action, entry.comment) for entry in one.journal.filter(action__startswith="part.").order_by("seq")]
    assert said[1:] == [
        ("part.answered", "已核 12 人。"),  # what was returned can still be read
        ("part.returned", "缺证书编号。"),
        ("part.answered", "已补编号。"),
        ("part.accepted", ""),
    ]
    assert {*fresh(one).participants} == {person(name).user_id for name in (SUPPORT, SUPPORT_HEAD, OFFICER)}
    assert sound(one)


def test_a_unit_declines_and_the_lead_takes_the_reason_or_does_not(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    step(of(one), "decline", SUPPORT, now, "不归我局管。")
    assert (of(one).status, of(one).comment, told("part.declined")) == ("declined", "不归我局管。", {OFFICER})
    step(of(one), "return", OFFICER, now, "名册在贵局。")
    assert of(one).status == "returned"
    step(of(one), "decline", SUPPORT, now, "名册已移交。")
    part = step(of(one), "accept", OFFICER, now, "")
    assert (part.status, part.text, part.comment) == ("accepted", "", "名册已移交。")
    assert sound(one)


@pytest.mark.parametrize("before", [(), ("answer",), ("decline",), ("answer", "return")])
def test_any_open_part_is_waived_with_a_reason(running: Running, now: datetime, before: tuple[str, ...]) -> None:
    one = running()
    ask(one, now)
    for name in before:
        step(of(one), name, OFFICER if name == "return" else SUPPORT, now)
    part = step(of(one), "waive", OFFICER, now, "已由省厅提供。")
    assert (part.status, part.comment) == ("waived", "已由省厅提供。")
    assert told("part.waived") == ({SUPPORT, SUPPORT_HEAD} if before else {SUPPORT_HEAD})
    assert sound(one)


SETTLED = {"accepted": ("answer", "accept"), "waived": ("waive",)}
# From each standing, the steps that are possible; by hand from the rules.
POSSIBLE = {
    "asked": {"answer", "decline", "waive"},
    "returned": {"answer", "decline", "waive"},
    "answered": {"accept", "return", "waive"},
    "declined": {"accept", "return", "waive"},
    "accepted": set(),
    "waived": set(),
}
REACHED = {
    "asked": (),
    "returned": ("answer", "return"),
    "answered": ("answer",),
    "declined": ("decline",),
    **SETTLED,
}
UNITS_OWN = {"answer", "decline"}


@pytest.mark.parametrize("standing", POSSIBLE)
def test_every_step_from_every_standing(running: Running, now: datetime, standing: str) -> None:
    one = running()
    ask(one, now)
    for name in REACHED[standing]:
        step(of(one), name, SUPPORT if name in UNITS_OWN else OFFICER, now)
    assert (of(one).status, set(parts.STEPS)) == (standing, {"answer", "decline", "accept", "return", "waive"})
    found = set()
    for name in parts.STEPS:
        savepoint = transaction.savepoint()
        try:
            step(of(one), name, SUPPORT if name in UNITS_OWN else OFFICER, now)
            found.add(name)
        except MoveNotPossible as refusal:
            assert "人社局的配合请求现在是" in str(refusal)
        transaction.savepoint_rollback(savepoint)
    assert found == POSSIBLE[standing]


def test_steps_refuse_in_order(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    part, seq = of(one), fresh(one).seq
    cases: list[tuple[str, str, dict[str, Any], type[WorkflowError]]] = [
        (SUPPORT, "postpone", {}, NotFound),
        (STRANGER, "answer", {"version": 1}, NotFound),
        (OTHER, "answer", {}, NotFound),  # another support does not know of it
        (SUPPORT, "answer", {"version": 1, "said": ""}, StaleVersion),
        (SUPPORT, "accept", {"said": ""}, MoveNotPossible),
        (OFFICER, "accept", {"version": None}, MoveNotPossible),
        *((who, "answer", {"said": ""}, NotAllowed) for who in (OFFICER, VERIFIER, COORDINATOR, INSPECTOR)),
        *((who, "waive", {"version": None}, NotAllowed) for who in (SUPPORT, VERIFIER, COORDINATOR, INSPECTOR)),
        (OFFICER, "waive", {"version": None}, Invalid),
        *((SUPPORT, "answer", {"said": words}, Invalid) for words in (None, "", " ", 5, "\u202e", "字" * 5001)),
        *((SUPPORT, "decline", {"said": words}, Invalid) for words in ("", [], "\u0000")),
        (OFFICER, "waive", {"said": ""}, Invalid),
    ]
    for username, name, said, refusal in cases:
        with pytest.raises(refusal):
            step(part, name, username, now, **said)
    assert (of(one).status, fresh(one).seq) == ("asked", seq)


def test_members_who_answer_at_the_same_hour_do_not_make_each_other_stale(running: Running, now: datetime) -> None:
    one = running("11.1")
    ask(one, now)
    for username, unit in (("limengyao", "城关镇"), ("wangcaixia", "黄渠桥镇")):
        take_step(of(one, unit).pk, "answer", by=person(username), now=now, said="已报。")
    assert [part["status"] for part in fresh(one).parts_open].count("answered") == 2
    assert sound(one)


# --- files ------------------------------------------------------------------------------------------------------------
def test_files_of_a_part_are_evidence_once_it_is_accepted(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    file = upload(of(one), now)
    assert (file.unit.name, file.part, one.journal.last().details["part_units"]) == (
        *("人社局", of(one), [[file.unit_id, "人社局"]]),
    )
    report_progress(one.pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    assert list(one.evidence.standing()) == []
    step(of(one), "answer", SUPPORT, now)
    assert list(one.evidence.standing()) == []
    step(of(one), "accept", OFFICER, now, "")
    step(of(one, "文广局"), "waive", OFFICER, now)
    assert list(one.evidence.standing()) == [file]
    move(one, "submit", HEAD, now, summary="请审核。")
    assert list(one.submissions.get().evidence.all()) == [file]
    move(one, "reject", VERIFIER, now, comment="缺总结。")
    assert (of(one).status, list(one.evidence.standing())) == ("accepted", [file])
    assert person(SUPPORT).user_id in fresh(one).participants


def test_files_of_a_waived_part_are_never_evidence(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    upload(of(one), now)
    step(of(one), "waive", OFFICER, now)
    assert list(one.evidence.standing()) == []


def test_a_file_comes_and_goes_while_the_unit_owes_the_part(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    file = upload(of(one), now)
    for username, refusal in ((OFFICER, NotAllowed), (OTHER, NotFound), (STRANGER, NotFound)):
        with pytest.raises(refusal):
            remove_evidence(file.pk, by=person(username), now=now)
        with pytest.raises(refusal):
            upload(of(one), now, username)
    with pytest.raises(NotAllowed):
        add_evidence(one.pk, SimpleUploadedFile("a.pdf", SAMPLES["pdf"]), by=person(SUPPORT), now=now)
    remove_evidence(file.pk, by=person(SUPPORT_HEAD), now=now)
    assert Evidence.objects.get(pk=file.pk).removed_at == now
    kept = upload(of(one), now)
    step(of(one), "answer", SUPPORT, now)
    for write in (lambda: upload(of(one), now), lambda: remove_evidence(kept.pk, by=person(SUPPORT), now=now)):
        with pytest.raises(MoveNotPossible, match="已交，待收下"):
            write()
    step(of(one), "return", OFFICER, now)
    remove_evidence(kept.pk, by=person(SUPPORT), now=now)
    assert sound(one)


def test_the_files_of_a_part_have_a_limit_of_their_own(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    file = upload(of(one), now)
    rows = [Evidence(**{**_fields(file), "filename": f"{n}.pdf"}) for n in range(MOST_A_PART - 1)]
    Evidence.objects.bulk_create(rows)
    with pytest.raises(Invalid, match=str(MOST_A_PART)):
        upload(of(one), now)
    assert upload(of(one, "文广局"), now, OTHER)
    assert add_evidence(one.pk, SimpleUploadedFile("a.pdf", SAMPLES["pdf"]), by=person(OFFICER), now=now)


def _fields(file: Evidence) -> dict[str, Any]:
    return {
        field.attname: getattr(file, field.attname) for field in Evidence._meta.concrete_fields if field.name != "id"
    }


# --- handing in, and what ends a part ---------------------------------------------------------------------------------
def test_nothing_is_handed_in_before_all_parts_are_in_or_waived(running: Running, now: datetime) -> None:
    one = running()
    report_progress(one.pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    ask(one, now)
    step(of(one), "answer", SUPPORT, now)
    with pytest.raises(MoveNotPossible) as refusal:
        move(one, "submit", HEAD, now, summary="请审核。")
    assert str(refusal.value) == "文广局还没有交配合材料；人社局的答复还没有收下；收齐或者免交后才能报送。"
    assert "submit" not in [each.name for each in queries.moves_open_to(person(HEAD), fresh(one))]
    step(of(one), "accept", OFFICER, now, "")
    with pytest.raises(MoveNotPossible, match=r"^文广局还没有交配合材料；收齐"):
        move(one, "submit", HEAD, now, summary="请审核。")
    step(of(one, "文广局"), "waive", OFFICER, now)
    assert move(one, "submit", HEAD, now, summary="请审核。").state == "submitted"


def test_a_lead_that_asked_nobody_hands_in(running: Running, now: datetime) -> None:
    one = running()
    report_progress(one.pk, by=person(OFFICER), now=now, percent=100, words="已办。")
    assert move(one, "submit", HEAD, now, summary="请审核。").state == "submitted"


ENDING: dict[str, tuple[dict[str, Any], set[str]]] = {  # what a move says, and whose open part it ends
    "cancel": ({"comment": "并入 2.1"}, {"人社局", "文广局"}),
    "amend": ({"comment": "调整", "supports": ["文广局"]}, {"人社局"}),
    "reassign": ({"comment": "调整", "leads": ["人社局"]}, {"人社局"}),
}


@pytest.mark.parametrize("name", ENDING)
def test_what_ends_a_part_says_so_in_the_same_entry(running: Running, now: datetime, name: str) -> None:
    one, (said, ended) = running(), ENDING[name]
    ask(one, now)
    step(of(one), "answer", SUPPORT, now)
    move(one, name, COORDINATOR, now, **said)
    entry = one.journal.last()
    assert (entry.action, {unit for _key, unit in entry.details["parts_ended"]}) == (name, ended)
    over = Part.objects.filter(status="waived")
    assert {part.unit.name for part in over} == ended and all(part.comment for part in over)
    assert {part.settled_by.username for part in over} == {COORDINATOR}
    assert SUPPORT_HEAD in told(f"move.{name}")
    assert sound(one)


def test_amending_the_words_leaves_the_parts(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    move(one, "amend", COORDINATOR, now, comment="调整", notes="每季调度")
    assert len(fresh(one).parts_open) == 2
    assert sound(one)


def test_dropping_the_group_ends_the_parts_of_its_members(running: Running, now: datetime) -> None:
    one = running("11.1")
    ask(one, now)
    move(one, "amend", COORDINATOR, now, comment="调整", supports=["发改局"])
    assert Part.objects.filter(status="waived").count() == 13
    assert "maliping" in told("move.amend")  # head of 城关镇
    assert sound(one)


def test_a_removed_unit_is_neither_asked_nor_heard(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    part = of(one)
    move(one, "amend", COORDINATOR, now, comment="调整", supports=["文广局"])
    with pytest.raises(NotFound):
        step(part, "answer", SUPPORT, now)
    with pytest.raises(MoveNotPossible):
        ask(one, now, units=["人社局"])


def test_a_new_round_asks_anew(running: Running, now: datetime) -> None:
    one = running("3.2")
    ask(one, now)
    for unit in ("文广局", "退役军人事务局"):
        step(of(one, unit), "waive", OFFICER, now)
    report_progress(one.pk, by=person(OFFICER), now=now, percent=100, words="已办。")
    move(one, "submit", HEAD, now, summary="请审核。")
    move(one, "approve", VERIFIER, now)
    move(one, "renew", COORDINATOR, now)
    assert [(part.round_no, part.status) for part in ask(one, now)] == [(2, "asked")] * 2
    assert sound(one)


# --- whom the item waits for ------------------------------------------------------------------------------------------
def awaits(item: SubItem) -> list[str]:
    return [name for _unit, name in fresh(item).awaited]


def test_the_item_waits_for_supports_once_its_submission_is_drafted(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    assert awaits(one) == []  # the lead has work of its own
    save_draft(one.pk, by=person(OFFICER), now=now, summary="稿", version=None)
    assert awaits(one) == ["人社局", "文广局"] == one.journal.last().details["awaits"]
    step(of(one), "answer", SUPPORT, now)
    assert awaits(one) == ["文广局"]
    step(of(one), "return", OFFICER, now)
    assert awaits(one) == ["人社局", "文广局"]
    step(of(one), "waive", OFFICER, now)
    move(one, "amend", COORDINATOR, now, comment="调整", supports=["人社局"])
    assert (awaits(one), one.journal.last().details["awaits"]) == ([], [])


def test_days_of_parts_awaited_are_those_of_the_units(running: Running, now: datetime) -> None:
    one = running()
    ask(one, now)
    save_draft(one.pk, by=person(OFFICER), now=now + timedelta(days=1), summary="稿", version=None)
    step(of(one), "answer", SUPPORT, now + timedelta(days=3))
    step(of(one, "文广局"), "answer", OTHER, now + timedelta(days=7))
    one = queries.with_days(queries.with_names(SubItem.objects.all())).get(pk=one.pk)
    days = {each.unit: each.working_days for each in queries.days_by_holder(one, (now + timedelta(days=8)).date())}
    assert days == {"教体局": 2, "人社局、文广局": 2, "文广局": 2}


# --- at dispatch ------------------------------------------------------------------------------------------------------
def test_parts_asked_at_dispatch_are_given_before_the_lead_signs(pingluo: Plan, item: Item, now: datetime) -> None:
    one = item("2.2")
    unit = Unit.objects.get(name="人社局")
    one.put_part(unit.pk, unit.name, unit.pk, "asked")
    one.save(update_fields=["parts_open"])
    Part.objects.create(item=one, round_no=1, unit=unit, ask="名册", asked_at=now)
    step(of(one), "answer", SUPPORT, now)
    with pytest.raises(MoveNotPossible, match="现在是“待签收”，不能收下"):
        step(of(one), "accept", OFFICER, now)
    move(one, "accept", OFFICER, now)
    assert step(of(one), "accept", OFFICER, now, "").status == "accepted"
    assert sound(one)
