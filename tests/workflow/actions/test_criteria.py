"""验收标准: proposed, agreed to or returned; answered when handing in, ticked by the verdict; what is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.file_samples import SAMPLES
from workflow.actions.countersigning import circulate, countersign
from workflow.actions.criteria import propose_criteria, settle_proposal
from workflow.actions.evidence import add_evidence, remove_evidence
from workflow.actions.moves import make_move
from workflow.actions.reports import save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Evidence, Plan, SubItem, Submission
from workflow.models.countersignature import digest_of
from workflow.models.journal import broken_links

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, VERIFIER, INSPECTOR, COORDINATOR = "dinghaiyan", "majianjun", "yangjing", "lizhiqiang", "wangxuewen"
TWO = [{"text": "创建健康学校", "baseline": "3", "value": "5", "unit": "所"}, {"text": "制度印发执行"}]
KEPT = [
    {"no": 1, "text": "创建健康学校", "baseline": 3, "value": 5, "unit": "所", "per": "total"},
    {"no": 2, "text": "制度印发执行", "baseline": None, "value": None, "unit": "", "per": "total"},
]
ANSWERS = {"1": {"value": "4", "text": "又建一所", "evidence": []}, "2": {"text": "已印发"}}
MET, ONE_UNMET = {"1": True, "2": True}, {"1": True, "2": False}


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(pk=item.pk)


def move(item: SubItem, name: str, username: str, now: datetime, **details: Any) -> SubItem:
    return make_move(item.pk, name, by=person(username), now=now, version=fresh(item).seq, details=details)


def propose(item: SubItem, now: datetime, username: str = OFFICER, **said: Any) -> SubItem:
    said = {"proposed": TWO, "version": fresh(item).seq, **said}
    return propose_criteria(item.pk, by=person(username), now=now, **said)


def settle(item: SubItem, name: str, now: datetime, username: str = VERIFIER, **said: Any) -> SubItem:
    said = {"version": fresh(item).seq, "comment": None, **said}
    return settle_proposal(item.pk, name, by=person(username), now=now, **said)


def draft(item: SubItem, now: datetime, **said: Any) -> Submission:
    said = {"summary": "稿", "version": fresh(item).seq, **said}
    return save_draft(item.pk, by=person(OFFICER), now=now, **said)


def upload(item: SubItem, now: datetime, name: str = "名单.txt") -> Evidence:
    return add_evidence(item.pk, SimpleUploadedFile(name, SAMPLES["txt"] + name.encode()), by=person(OFFICER), now=now)


def sound(item: SubItem) -> bool:
    one = fresh(item)
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


@pytest.fixture
def running(item: Item, now: datetime) -> SubItem:
    """2.1, signed for, with a file."""
    one = fresh(move(item("2.1"), "accept", OFFICER, now))
    upload(one, now)
    return one


@pytest.fixture
def agreed(running: SubItem, now: datetime) -> SubItem:
    propose(running, now)
    settle(running, "agree", now)
    return running


@pytest.fixture
def handed_in(agreed: SubItem, now: datetime) -> SubItem:
    move(agreed, "submit", HEAD, now, summary="请审核。", answers=ANSWERS)
    return agreed


# --- proposed, agreed to, returned ------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", [OFFICER, HEAD])
def test_a_proposal_waits_and_is_no_measure_yet(item: Item, now: datetime, username: str) -> None:
    one = propose(item("2.1"), now, username)  # at signing: nobody has signed yet
    after, entry = fresh(one), one.journal.last()
    assert (after.criteria, after.criteria_proposed, after.criteria_state) == ([], KEPT, "proposed")
    assert (after.state, after.holder_id, after.clocks) == ("assigned", one.holder_id, one.clocks)
    assert (entry.action, entry.details) == ("criteria.proposed", {"criteria": [[], KEPT]})
    assert told("criteria.proposed") == {VERIFIER, "maguohua"} - {username}
    words = rendering.body(Message.objects.filter(kind="criteria.proposed").first())
    assert "1. 创建健康学校（基数 3 → 目标 5 所，累计）" in words
    assert sound(one)


def test_agreed_they_are_in_force_and_whole_in_the_journal(running: SubItem, now: datetime) -> None:
    propose(running, now)
    settle(running, "agree", now, comment="同意。")
    after, entry = fresh(running), running.journal.last()
    assert (after.criteria, after.criteria_proposed, after.criteria_state) == (KEPT, [], "agreed")
    assert (entry.action, entry.comment, entry.details) == ("criteria.agreed", "同意。", {"criteria": [[], KEPT]})
    assert told("criteria.agreed") == {OFFICER, HEAD, "maguohua"}
    assert sound(running)


def test_returned_with_a_reason_those_agreed_before_stay_in_force(agreed: SubItem, now: datetime) -> None:
    propose(agreed, now, proposed=TWO[:1])
    assert (fresh(agreed).criteria, fresh(agreed).criteria_state) == (KEPT, "proposed")
    with pytest.raises(Invalid, match="请写明理由"):
        settle(agreed, "return", now, comment=" ")
    settle(agreed, "return", now, comment="第 2 条不能少。")
    after, entry = fresh(agreed), agreed.journal.last()
    assert (after.criteria, after.criteria_proposed, after.criteria_state) == (KEPT, [], "agreed")
    assert (entry.action, entry.details) == ("criteria.returned", {"criteria": [KEPT[:1], KEPT]})
    assert told("criteria.returned") == {OFFICER, HEAD, "maguohua"}


def test_a_better_proposal_takes_the_place_of_one_that_waits(running: SubItem, now: datetime) -> None:
    stale = propose(running, now).seq
    propose(running, now, proposed=TWO[:1])
    assert fresh(running).criteria_proposed == KEPT[:1]
    with pytest.raises(StaleVersion):  # nobody agrees to what they did not read
        settle(running, "agree", now, version=stale)


def test_where_nobody_may_verify_an_inspector_agrees(running: SubItem, now: datetime) -> None:
    SubItem.objects.filter(pk=running.pk).update(verifier=None, verifier_tier="none")
    propose(running, now)
    assert INSPECTOR in told("criteria.proposed")
    with pytest.raises(NotAllowed, match="由督查同意"):
        settle(running, "agree", now, COORDINATOR)
    settle(running, "agree", now, INSPECTOR)
    assert fresh(running).criteria_state == "agreed"


def test_whoever_proposed_does_not_agree_whatever_post_they_change_to(running: SubItem, now: datetime) -> None:
    propose(running, now)
    Post.objects.filter(user__username=OFFICER).delete()
    Post.objects.create(
        user=User.objects.get(username=OFFICER), unit=Unit.objects.get(name="教育工委"), role="verifier"
    )
    with pytest.raises(NotAllowed, match="您参与了这次报送，不能定验收标准"):
        settle(running, "agree", now, OFFICER)


def test_another_verifying_unit_finds_the_proposal_and_what_is_agreed_stays(agreed: SubItem, now: datetime) -> None:
    propose(agreed, now, proposed=TWO[:1])
    other = Unit.objects.get(name="政府督查室")
    Post.objects.create(user=User.objects.get(username=INSPECTOR), unit=other, role="verifier")
    SubItem.objects.filter(pk=agreed.pk).update(verifier=other)
    with pytest.raises(NotFound):
        settle(agreed, "agree", now, VERIFIER)
    assert (fresh(agreed).criteria, fresh(agreed).criteria_state) == (KEPT, "proposed")
    settle(agreed, "agree", now, INSPECTOR)
    assert fresh(agreed).criteria == KEPT[:1]


@pytest.mark.parametrize(
    ("name", "said"), [("reassign", {"leads": ["团县委"]}), ("cancel", {})], ids=["reassign", "cancel"]
)
def test_a_proposal_ends_with_the_lead_that_made_it(agreed: SubItem, now: datetime, name: str, said: Any) -> None:
    propose(agreed, now, proposed=TWO[:1])
    move(agreed, name, COORDINATOR, now, comment="调整", **said)
    after, entry = fresh(agreed), agreed.journal.last()
    assert (after.criteria, after.criteria_proposed, after.criteria_state) == (KEPT, [], "agreed")
    assert (entry.action, entry.details["criteria"]) == (name, [KEPT[:1], KEPT])
    assert sound(agreed)


def test_handing_in_leaves_a_proposal_waiting_until_it_is_worked_on_again(agreed: SubItem, now: datetime) -> None:
    propose(agreed, now, proposed=TWO[:1])
    move(agreed, "submit", HEAD, now, summary="请审核。", answers=ANSWERS)
    for act in (lambda: settle(agreed, "agree", now), lambda: propose(agreed, now)):
        with pytest.raises(MoveNotPossible, match="待审核"):
            act()
    move(agreed, "reject", VERIFIER, now, comment="请补。", ticks=ONE_UNMET)
    settle(agreed, "agree", now)
    assert fresh(agreed).criteria == KEPT[:1]


TOO_MANY = [{"text": f"第 {no} 件事"} for no in range(13)]
BAD_LISTS: list[Any] = [
    *(None, "", [], {}, "标准", 5, [5], ["标准"], [[]], [{}], [{"text": " "}], [{"text": "\u200b"}], TOO_MANY),
    *([{"text": text}] for text in (None, 5, [], "字" * 201, "a\u0000b", "\u202e倒", "\ud800")),
    *([{"text": "数", "value": value}] for value in (-1, "-1", 1e13, "9" * 13, "五", True, [], {}, "1e5", "0.00001")),
    *([{"text": "数", "value": 1, "baseline": value}] for value in (-1, "x", [])),
    *([{"text": "数", "value": 1, "unit": unit}] for unit in (5, "字" * 17, "\u0000")),
    *([{"text": "数", "value": 1, "per": per}] for per in ("yearly", 5, [])),
    [{"text": "没有目标", "unit": "所"}],
    [{"text": "没有目标", "baseline": 3}],
    [{"text": "一样"}, {"text": "一样"}],
]


@pytest.mark.parametrize("said", BAD_LISTS, ids=lambda said: str(said)[:40])
def test_what_is_no_list_of_criteria_is_refused_in_a_sentence(running: SubItem, now: datetime, said: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        propose(running, now, proposed=said)
    assert str(refusal.value).endswith("。") and fresh(running).seq == 3
    assert fresh(running).criteria_state == "none"


def test_what_is_proposed_already_is_not_proposed_again(agreed: SubItem, now: datetime) -> None:
    with pytest.raises(Invalid, match="和现在的标准一样"):
        propose(agreed, now)


def test_refusals_come_in_order(running: SubItem, now: datetime) -> None:
    seq = running.seq + 1
    cases: list[tuple[str, Any, type[WorkflowError]]] = [
        ("nafang", {"version": 1, "proposed": None}, NotFound),
        (OFFICER, {"version": 1, "proposed": None}, StaleVersion),
        *((who, {"proposed": None}, NotAllowed) for who in (VERIFIER, COORDINATOR, INSPECTOR)),
        (OFFICER, {"version": None, "proposed": TWO}, Invalid),
    ]
    for username, said, error in cases:
        with pytest.raises(error):
            propose(running, now, username, **said)
    with pytest.raises(MoveNotPossible, match="没有等同意"):
        settle(running, "agree", now, OFFICER)
    propose(running, now)
    for username, name, said, error in (
        ("nafang", "agree", {}, NotFound),
        (VERIFIER, "refuse", {}, NotFound),
        (VERIFIER, "agree", {"version": seq, "comment": 5}, StaleVersion),
        *((who, "agree", {"comment": 5}, NotAllowed) for who in (OFFICER, HEAD, "maguohua", COORDINATOR, INSPECTOR)),
        (VERIFIER, "agree", {"version": None}, Invalid),
        *((VERIFIER, name, {"comment": bad}, Invalid) for name in ("agree", "return") for bad in (5, "\u0000", [])),
    ):
        with pytest.raises(error):
            settle(running, name, now, username, **said)
    assert fresh(running).criteria_state == "proposed"


# --- answered ---------------------------------------------------------------------------------------------------------
def test_a_submission_keeps_what_was_asked_and_answered(agreed: SubItem, now: datetime) -> None:
    file = Evidence.objects.get()
    move(
        agreed,
        "submit",
        HEAD,
        now,
        summary="请审核。",
        answers=ANSWERS | {"2": {"text": "已印发", "evidence": [file.pk]}},
    )
    submission, entry = Submission.objects.get(), agreed.journal.last()
    first = {"value": 4, "text": "又建一所", "evidence": []}
    assert submission.criteria == KEPT
    assert submission.answers == {"1": first, "2": {"value": None, "text": "已印发", "evidence": [file.pk]}}
    kept = {"value": None, "text": "已印发", "evidence": [file.blob.sha256]}
    assert entry.details["answers"] == {"1": first, "2": kept}
    assert sound(agreed)


def test_a_draft_may_leave_some_open_and_the_head_hands_it_in_when_whole(agreed: SubItem, now: datetime) -> None:
    draft(agreed, now, answers={"2": {"text": "已印发"}})
    digest = agreed.journal.last().details["sha256"]
    with pytest.raises(Invalid, match="缺标准 1 的完成情况，补齐后可以报送"):
        move(agreed, "submit", HEAD, now)
    draft(agreed, now, answers=ANSWERS)
    assert agreed.journal.last().details["sha256"] != digest  # of the answers as well
    draft(agreed, now, summary="改稿")  # without a word of the answers they stay
    assert move(agreed, "submit", HEAD, now).state == "submitted"
    assert Submission.objects.get().answers["1"]["value"] == 4


def test_a_draft_follows_criteria_agreed_anew_by_what_they_ask(agreed: SubItem, now: datetime) -> None:
    draft(agreed, now, answers=ANSWERS)
    propose(agreed, now, proposed=[TWO[1], {"text": "培训教师", "value": 50, "unit": "名"}])
    settle(agreed, "agree", now)
    with pytest.raises(Invalid, match="缺标准 2 "):
        move(agreed, "submit", HEAD, now)
    said = {"1": {"text": "已印发"}, "2": {"value": 50}}
    move(agreed, "submit", HEAD, now, answers=said)
    assert Submission.objects.get().answers["1"]["text"] == "已印发"


def test_a_file_taken_back_is_no_evidence_of_the_draft_any_more(agreed: SubItem, now: datetime) -> None:
    keep, other = Evidence.objects.get(), upload(agreed, now, "另一份.txt")
    draft(agreed, now, answers={"1": {"value": 4, "evidence": [keep.pk, other.pk]}, "2": {"text": "已印发"}})
    remove_evidence(other.pk, by=person(OFFICER), now=now)
    move(agreed, "submit", HEAD, now)
    assert Submission.objects.get().answers["1"]["evidence"] == [keep.pk]


@pytest.mark.parametrize(
    "answers",
    [
        *(None, {}, [], "好", 5, {"1": {}}, {"1": None, "2": {"text": "好"}}),
        *(ANSWERS | {no: {"text": "好"}} for no in ("3", "0", "-1", "٣", "一", "01", "1" * 40, "")),
        *(ANSWERS | {"1": {"value": value}} for value in (-4, "-4", "9" * 13, 1e300, "四", True, [], {})),
        *(ANSWERS | {"2": {"text": text}} for text in (5, [], "\u0000", "字" * 5001, " ")),
        *(ANSWERS | {"2": {"text": "好", "evidence": files}} for files in ("1", 5, [True], ["1"], [987654], [None])),
        ANSWERS | {"2": {"text": "好", "value": 5}},
    ],
    ids=lambda said: str(said)[:50],
)
def test_what_answers_nothing_is_refused_in_a_sentence(agreed: SubItem, now: datetime, answers: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        move(agreed, "submit", HEAD, now, summary="请审核。", answers=answers)
    assert str(refusal.value).endswith("。") and fresh(agreed).state == "in_progress"


def test_files_of_another_item_answer_nothing(agreed: SubItem, item: Item, now: datetime) -> None:
    other = fresh(move(item("2.2"), "accept", OFFICER, now))
    file = upload(other, now, "别的.txt")
    for act in (
        lambda said: draft(agreed, now, answers=said),
        lambda said: move(agreed, "submit", HEAD, now, summary="请审核。", answers=said),
    ):
        with pytest.raises(Invalid, match="从本期的佐证材料里选"):
            act(ANSWERS | {"2": {"text": "好", "evidence": [file.pk]}})


# --- ticked -----------------------------------------------------------------------------------------------------------
def test_a_verdict_ticks_each_and_the_journal_keeps_the_ticks(handed_in: SubItem, now: datetime) -> None:
    move(handed_in, "reject", VERIFIER, now, comment="标准 2：缺文号", ticks=ONE_UNMET)
    rejected = Submission.objects.get()
    assert (rejected.status, rejected.ticks) == ("rejected", ONE_UNMET)
    assert handed_in.journal.last().details == {"ticks": ONE_UNMET}
    move(handed_in, "submit", HEAD, now, summary="再报。", answers=ANSWERS)
    assert move(handed_in, "approve", VERIFIER, now, ticks=MET).state == "verified"
    assert handed_in.journal.last().details == {"ticks": MET}
    assert sound(handed_in)


@pytest.mark.parametrize(
    ("name", "ticks", "comment", "sentence"),
    [
        ("approve", None, "", "还没有看标准 1、2"),
        ("approve", {"1": True}, "", "还没有看标准 2"),
        ("approve", ONE_UNMET, "", "标准 2 不符，不能通过"),
        ("approve", MET | {"3": True}, "", "没有标准 3"),
        ("approve", {"1": True, "2": "true"}, "", "要选“符合”或“不符”"),
        ("approve", {"1": True, "2": 1}, "", "要选“符合”或“不符”"),
        ("approve", [True, True], "", "按标准的编号"),
        ("approve", {"一": True}, "", "没有标准 一"),
        ("reject", None, "请补。", "还没有看标准 1、2"),
        ("reject", {"2": False}, "请补。", "还没有看标准 1"),
        ("reject", MET, "请补。", "各条标准都符合，不能退回"),
        ("reject", ONE_UNMET, "", "请写明理由"),
        ("reject", ONE_UNMET, "标准 2：", "请写明标准 2 哪里不符"),
        ("reject", ONE_UNMET | {"9": False}, "请补。", "没有标准 9"),
    ],
)
def test_a_verdict_that_does_not_follow_from_its_ticks_is_refused(
    handed_in: SubItem, now: datetime, name: str, ticks: Any, comment: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        move(handed_in, name, VERIFIER, now, ticks=ticks, comment=comment)
    assert (fresh(handed_in).state, Submission.objects.get().ticks) == ("submitted", {})


def test_without_agreed_criteria_a_verdict_is_as_before(running: SubItem, now: datetime) -> None:
    propose(running, now)  # proposed is not agreed
    move(running, "submit", HEAD, now, summary="请审核。")
    with pytest.raises(Invalid, match="没有标准 1"):
        move(running, "approve", VERIFIER, now, ticks={"1": True})
    assert move(running, "approve", VERIFIER, now).state == "verified"
    assert Submission.objects.get().ticks == {}


def test_criteria_stay_for_the_next_round(pingluo: Plan, item: Item, now: datetime) -> None:
    one = fresh(move(item("3.2"), "accept", OFFICER, now))
    upload(one, now)
    propose(one, now)
    settle(one, "agree", now)
    move(one, "submit", HEAD, now, summary="请审核。", answers=ANSWERS)
    move(one, "approve", VERIFIER, now, ticks=MET)
    assert fresh(move(one, "renew", COORDINATOR, now)).criteria == KEPT


# --- with co-leads ----------------------------------------------------------------------------------------------------
LEAD, CO_LEAD = "hewenbin", "dinghaiyan"  # heads of 县委编办 and 教体局, which lead 21.1
OTHER = ANSWERS | {"2": {"text": "已印发并执行"}}


@pytest.fixture
def circulated(item: Item, now: datetime) -> SubItem:
    """21.1, measured and answered, sent round to its co-lead."""
    one = fresh(move(item("21.1"), "accept", LEAD, now))
    file = SimpleUploadedFile("名单.txt", SAMPLES["txt"])
    add_evidence(one.pk, file, by=person(LEAD), now=now)
    propose(one, now, LEAD)
    settle(one, "agree", now)
    circulate(one.pk, by=person(LEAD), now=now, version=fresh(one).seq, summary="请审核。", answers=ANSWERS)
    return one


def sign(one: SubItem, now: datetime) -> SubItem:
    return countersign(one.pk, by=person(CO_LEAD), now=now, version=fresh(one).seq)


def test_a_co_lead_signs_the_answers_as_they_stand(circulated: SubItem, now: datetime) -> None:
    sign(circulated, now)
    submission = Submission.objects.get()
    files = Evidence.objects.values_list("blob__sha256", flat=True)
    signed = submission.countersignatures.get().digest
    assert signed == digest_of("请审核。", files, KEPT, submission.answers) != digest_of("请审核。", files)
    with pytest.raises(Invalid, match="和会签的不一样"):
        move(circulated, "submit", LEAD, now, answers=OTHER)
    assert move(circulated, "submit", LEAD, now).state == "submitted"
    assert Submission.objects.get().answers["1"]["value"] == 4


def test_nobody_is_asked_to_sign_what_answers_too_little(item: Item, now: datetime, circulated: SubItem) -> None:
    half = {"1": {"value": 4}}
    save_draft(circulated.pk, by=person(LEAD), now=now, summary="稿", version=fresh(circulated).seq, answers=half)
    with pytest.raises(Invalid, match="缺标准 2 的完成情况"):
        circulate(circulated.pk, by=person(LEAD), now=now, version=fresh(circulated).seq)


@pytest.mark.parametrize("what", ["answers", "criteria", "nothing"])
def test_other_answers_or_criteria_void_what_was_signed(circulated: SubItem, now: datetime, what: str) -> None:
    sign(circulated, now)
    if what == "criteria":
        propose(circulated, now, LEAD, proposed=TWO[:1])
        assert Submission.objects.get().countersignatures.get().status == "signed"  # proposed is not agreed
        settle(circulated, "agree", now)
    else:
        said = OTHER if what == "answers" else ANSWERS
        version = fresh(circulated).seq
        save_draft(circulated.pk, by=person(LEAD), now=now, summary="请审核。", version=version, answers=said)
    status = Submission.objects.get().countersignatures.get().status
    assert status == ("signed" if what == "nothing" else "void")
    assert ("signatures_void" in circulated.journal.last().details) is (what != "nothing")
    assert sound(circulated)
