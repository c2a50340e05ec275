"""会签: who is asked, who signs, what a change voids, what handing in wants; and who used the days meanwhile."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.file_samples import SAMPLES
from workflow import queries
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.evidence import add_evidence, remove_evidence
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Countersignature, Evidence, Plan, SubItem, Submission
from workflow.models.countersignature import digest_of
from workflow.models.journal import broken_links
from workflow.states import State
from workflow.why import days_why

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

# 5.3: 教体局 leads with 财政局, 住建局 supports, 教育工委 verifies
NUMBER, HEAD, OFFICER = "5.3", "dinghaiyan", "majianjun"
SIGNER, SIGNERS_OFFICER, VERIFIER = "liuyongning", "nafang", "yangjing"
COORDINATOR, INSPECTOR, SUPPORT, STRANGER = "wangxuewen", "lizhiqiang", "mazhanshan", "zhaoyuqin"
WORDS = "两所园已开工，请审核。"


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(number: str = NUMBER) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(number=number)


def move(name: str, username: str, now: datetime, number: str = NUMBER, **details: Any) -> SubItem:
    one = fresh(number)
    return make_move(one.pk, name, by=person(username), now=now, version=one.seq, details=details)


def send_round(now: datetime, username: str = OFFICER, number: str = NUMBER, **said: Any) -> SubItem:
    one = fresh(number)
    return circulate(one.pk, by=person(username), now=now, **{"version": one.seq, "summary": WORDS, **said})


def sign(now: datetime, username: str = SIGNER, number: str = NUMBER, **said: Any) -> SubItem:
    one = fresh(number)
    return countersign(one.pk, by=person(username), now=now, **{"version": one.seq, **said})


def refuse(now: datetime, username: str = SIGNER, number: str = NUMBER, **said: Any) -> SubItem:
    one = fresh(number)
    said = {"version": one.seq, "opinion": "资金数不对。", **said}
    return refuse_countersign(one.pk, by=person(username), now=now, **said)


def upload(now: datetime, name: str = "a.pdf", more: bytes = b"") -> Evidence:
    file = SimpleUploadedFile(name, SAMPLES["pdf"] + more)
    return add_evidence(fresh().pk, file, by=person("baihuiling"), now=now)


def draft(words: str, now: datetime) -> Submission:
    return save_draft(fresh().pk, by=person(OFFICER), now=now, summary=words, version=None)


def appoint(username: str, unit: str, role: str) -> None:
    Post.objects.create(user=User.objects.get(username=username), unit=Unit.objects.get(name=unit), role=role)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def rows() -> list[tuple[str, str]]:
    return list(Countersignature.objects.order_by("pk").values_list("unit__name", "status"))


def awaited(number: str = NUMBER) -> list[str]:
    return [name for _unit, name in fresh(number).awaited]


def sound(number: str = NUMBER) -> bool:
    one = fresh(number)
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


@pytest.fixture
def running(item: Item, now: datetime) -> SubItem:
    """5.3 signed for, with one file."""
    move("accept", OFFICER, now)
    upload(now)
    return fresh()


@pytest.fixture
def with_three_leads(running: SubItem, now: datetime) -> SubItem:
    """发改局 leads as well."""
    return move("amend", COORDINATOR, now, comment="会议纪要", leads=["教体局", "财政局", "发改局"])


# --- the life of a signature ------------------------------------------------------------------------------------------
def test_sent_round_it_waits_for_the_co_leads(running: SubItem, now: datetime) -> None:
    send_round(now)
    one, entry = fresh(), running.journal.last()
    assert (rows(), awaited(), one.state, one.holder.name) == (
        *([("财政局", "requested")], ["财政局"], State.IN_PROGRESS, "教体局"),
    )
    assert (entry.action, entry.comment, entry.details) == (
        *("countersign.circulated", "", {"units": ["财政局"], "awaits": ["财政局"]}),
    )
    assert Submission.objects.get().summary == WORDS
    assert told("countersign.circulated") == {SIGNER}
    assert sound()


def test_signed_by_all_the_main_lead_hands_it_in(running: SubItem, now: datetime) -> None:
    send_round(now)
    one = sign(now + timedelta(hours=1), opinion="同意。")
    signed, entry = Countersignature.objects.get(), running.journal.last()
    files = [each.blob.sha256 for each in Evidence.objects.all()]
    assert (signed.status, signed.by.username, signed.opinion) == ("signed", SIGNER, "同意。")
    assert signed.digest == entry.details["sha256"] == digest_of(WORDS, files)
    assert (entry.action, entry.comment, entry.details["all"], entry.details["awaits"]) == (
        *("countersign.signed", "", True, []),
    )
    assert (one.awaited, User.objects.get(username=SIGNER).pk in one.participants) == ([], True)
    assert told("countersign.signed") == {OFFICER, HEAD, "maguohua"}
    handed_in = move("submit", HEAD, now + timedelta(hours=2))
    assert (handed_in.state, Submission.objects.get().summary, rows()) == (
        *(State.SUBMITTED, WORDS, [("财政局", "signed")]),
    )
    assert sound()


def test_of_two_the_last_one_tells_the_main_lead(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    assert (awaited(), told("countersign.circulated")) == (["财政局", "发改局"], {SIGNER, "jiangguoqing"})
    sign(now)
    assert (awaited(), told("countersign.signed")) == (["发改局"], set())
    with pytest.raises(Invalid, match="还差发改局会签。"):
        move("submit", HEAD, now)
    sign(now, "jiangguoqing")
    assert told("countersign.signed") == {OFFICER, HEAD, "maguohua"}
    assert move("submit", HEAD, now).state == State.SUBMITTED


def test_refused_the_ball_is_the_main_leads_again(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now, "jiangguoqing")
    refuse(now)
    entry = with_three_leads.journal.last()
    assert (rows(), awaited()) == ([("财政局", "refused"), ("发改局", "signed")], [])
    assert (entry.action, entry.comment, entry.details) == (
        *("countersign.refused", "", {"unit": "财政局", "opinion": "资金数不对。", "awaits": []}),
    )
    assert told("countersign.refused") == {OFFICER, HEAD, "maguohua", "jiangguoqing"}
    assert "意见：资金数不对。" in rendering.body(Message.objects.filter(kind="countersign.refused").first())
    with pytest.raises(Invalid, match="还差财政局会签。"):
        move("submit", HEAD, now)
    send_round(now)  # the same words: 发改局 need not sign again
    assert rows()[2:] == [("财政局", "requested")]
    assert awaited() == ["财政局"]
    assert sound()


def test_a_refusal_ends_what_is_asked_of_others(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    refuse(now)
    assert (rows(), awaited()) == ([("财政局", "refused"), ("发改局", "void")], [])
    with pytest.raises(MoveNotPossible, match="现在没有等会签的报送稿"):
        sign(now, "jiangguoqing")


# --- what a change voids ----------------------------------------------------------------------------------------------
CHANGES: dict[str, Callable[[datetime], Any]] = {
    "draft": lambda now: draft("改过的报送稿。", now),
    "evidence": lambda now: upload(now, "b.pdf", b"%\n"),
    "evidence-removed": lambda now: remove_evidence(Evidence.objects.get().pk, by=person(OFFICER), now=now),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("signed", [True, False])
def test_another_text_or_file_voids_and_says_so(running: SubItem, now: datetime, name: str, signed: bool) -> None:
    report_progress(running.pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    send_round(now)
    if signed:
        sign(now)
    CHANGES[name](now)
    entry = running.journal.last()
    assert (rows(), awaited(), entry.action) == ([("财政局", "void")], [], name)
    assert entry.details["signatures_void"] == ["财政局"]
    with pytest.raises(Invalid, match="还差财政局会签。"):
        move("submit", HEAD, now)
    send_round(now, summary=None)
    assert rows() == [("财政局", "void"), ("财政局", "requested")]
    sign(now)
    assert move("submit", HEAD, now).state == State.SUBMITTED
    assert sound()


def test_the_same_words_and_a_report_void_nothing(running: SubItem, now: datetime) -> None:
    send_round(now)
    draft(f"  {WORDS}\n", now)
    sign(now)
    draft(WORDS, now)
    report_progress(running.pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    assert (rows(), move("submit", HEAD, now).state) == ([("财政局", "signed")], State.SUBMITTED)


def test_sent_round_again_with_other_words_all_sign_anew(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now, "jiangguoqing")
    refuse(now)
    send_round(now, summary="资金数已改。")
    assert rows() == [*[("财政局", "refused"), ("发改局", "void")], *[("财政局", "requested"), ("发改局", "requested")]]
    assert with_three_leads.journal.last().details["signatures_void"] == ["发改局"]
    assert awaited() == ["财政局", "发改局"]


def test_other_words_at_handing_in_are_not_what_was_signed(running: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now)
    with pytest.raises(Invalid, match="报送说明和会签的不一样"):
        move("submit", HEAD, now, summary="两所园已完工。")
    assert (fresh().state, rows()) == (State.IN_PROGRESS, [("财政局", "signed")])
    assert move("submit", HEAD, now, summary=f"{WORDS} ").state == State.SUBMITTED


def test_a_returned_or_withdrawn_submission_is_signed_anew(running: SubItem, now: datetime) -> None:
    for name, by in (("withdraw", HEAD), ("reject", VERIFIER)):
        send_round(now)
        sign(now)
        move("submit", HEAD, now)
        move(name, by, now, comment="请补资金文件。")
        with pytest.raises(Invalid, match="还差财政局会签。"):
            move("submit", HEAD, now, summary=WORDS)
    assert rows() == [("财政局", "signed"), ("财政局", "signed")]  # of what was handed in then


# --- moves that change who leads, or end the round --------------------------------------------------------------------
def test_a_co_lead_that_was_dropped_is_not_needed(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now)
    move("amend", COORDINATOR, now, comment="会议纪要", leads=["教体局", "财政局"])
    entry = with_three_leads.journal.last()
    assert (rows(), awaited()) == ([("财政局", "signed"), ("发改局", "void")], [])
    assert (entry.details["signatures_void"], entry.details["awaits"]) == (["发改局"], [])
    assert move("submit", HEAD, now).state == State.SUBMITTED
    assert sound()


def test_a_new_co_lead_must_sign_and_others_need_not_again(running: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now)
    move("amend", COORDINATOR, now, comment="会议纪要", leads=["教体局", "财政局", "发改局"])
    assert "signatures_void" not in running.journal.last().details
    with pytest.raises(Invalid, match="还差发改局会签。"):
        move("submit", HEAD, now)
    send_round(now, summary=None)
    assert (rows(), awaited()) == ([("财政局", "signed"), ("发改局", "requested")], ["发改局"])


def test_amending_anything_else_leaves_the_signatures(running: SubItem, now: datetime) -> None:
    send_round(now)
    move("amend", COORDINATOR, now, comment="会议纪要", notes="每季调度", supports=[])
    assert (rows(), awaited()) == ([("财政局", "requested")], ["财政局"])


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("reassign", {"leads": ["发改局", "财政局"]}),
        ("reassign", {"leads": ["财政局", "教体局"]}),
        ("reassign", {"leads": ["发改局"]}),
        ("amend", {"leads": ["教体局"]}),
        ("cancel", {}),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_another_main_lead_or_the_end_voids_all(
    running: SubItem, now: datetime, name: str, details: dict[str, Any], signed: bool
) -> None:
    send_round(now)
    if signed:
        sign(now)
    move(name, COORDINATOR, now, comment="会议纪要", **details)
    assert (rows(), fresh().awaited) == ([("财政局", "void")], [])
    assert running.journal.last().details["signatures_void"] == ["财政局"]
    assert sound()


def test_item_of_one_lead_asks_nobody(item: Item, now: datetime) -> None:
    move("accept", OFFICER, now, "2.1")
    report_progress(fresh("2.1").pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    with pytest.raises(MoveNotPossible, match=r"2\.1只有一个牵头单位，不用会签。"):
        send_round(now, number="2.1")
    assert move("submit", HEAD, now, "2.1", summary="请审核。").state == State.SUBMITTED


# --- refusals of sending round ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda now: send_round(now), "已经送会签，正在等财政局。"),
        (lambda now: (send_round(now), sign(now)), "共同牵头单位都已会签，可以报送。"),
        (lambda now: (send_round(now), sign(now), move("submit", HEAD, now)), r"5\.3现在是“待审核”"),
        (lambda now: move("cancel", COORDINATOR, now, comment="并入"), r"5\.3现在是“已撤销”"),
    ],
)
def test_what_does_not_permit_it_is_said_before_who_asks(
    running: SubItem, now: datetime, prepare: Callable[[datetime], Any], sentence: str
) -> None:
    prepare(now)
    for username in (OFFICER, HEAD, SIGNER, INSPECTOR):
        with pytest.raises(MoveNotPossible, match=sentence):
            send_round(now, username)


@pytest.mark.parametrize(
    ("username", "said", "refusal"),
    [
        (STRANGER, {"version": 1}, NotFound),
        (OFFICER, {"version": 1}, StaleVersion),
        *((who, {"summary": 5}, NotAllowed) for who in (SIGNER, SIGNERS_OFFICER, VERIFIER, INSPECTOR, COORDINATOR)),
        (SUPPORT, {}, NotAllowed),
        (OFFICER, {"version": None}, Invalid),
        (OFFICER, {"summary": 5}, Invalid),
        (OFFICER, {"summary": "字" * 5001}, Invalid),
        (OFFICER, {"summary": "\u202e"}, Invalid),
        (OFFICER, {"summary": " "}, Invalid),
        (OFFICER, {"summary": None}, Invalid),
        (HEAD, {}, None),
    ],
)
def test_sending_round_refuses_in_order(
    running: SubItem, now: datetime, username: str, said: dict[str, Any], refusal: type[WorkflowError] | None
) -> None:
    if refusal is None:
        assert send_round(now, username, **said).awaited
        return
    with pytest.raises(refusal):
        send_round(now, username, **said)
    assert (fresh().seq, rows(), Submission.objects.count()) == (running.seq, [], 0)


def test_without_evidence_or_report_there_is_nothing_to_sign(running: SubItem, now: datetime) -> None:
    remove_evidence(Evidence.objects.get().pk, by=person(OFFICER), now=now)
    with pytest.raises(Invalid, match="至少要有一样才能送会签"):
        send_round(now)
    report_progress(running.pk, by=person(OFFICER), now=now, percent=50, words="在办。")
    assert send_round(now).awaited


# --- refusals of signing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("answer", [sign, refuse])
def test_nothing_is_signed_that_was_not_sent_round(running: SubItem, now: datetime, answer: Callable[..., Any]) -> None:
    draft(WORDS, now)
    for username in (SIGNER, INSPECTOR):
        with pytest.raises(MoveNotPossible, match="现在没有等会签的报送稿"):
            answer(now, username)
    move("cancel", COORDINATOR, now, comment="并入")
    with pytest.raises(MoveNotPossible, match="已撤销"):
        answer(now)


@pytest.mark.parametrize("answer", [sign, refuse])
@pytest.mark.parametrize(
    ("username", "said", "refusal"),
    [
        (STRANGER, {"version": 1}, NotFound),
        (SIGNER, {"version": 3}, StaleVersion),
        *((who, {"opinion": 5}, NotAllowed) for who in (HEAD, OFFICER, VERIFIER, INSPECTOR, COORDINATOR, SUPPORT)),
        (SIGNERS_OFFICER, {}, NotAllowed),
        (SIGNER, {"version": None}, Invalid),
        (SIGNER, {"opinion": 5}, Invalid),
        (SIGNER, {"opinion": "字" * 5001}, Invalid),
        (SIGNER, {"opinion": "\u0000"}, Invalid),
    ],
)
def test_an_answer_is_refused_in_order(
    running: SubItem,
    now: datetime,
    answer: Callable[..., Any],
    username: str,
    said: dict[str, Any],
    refusal: type[WorkflowError],
) -> None:
    sent = send_round(now)
    with pytest.raises(refusal):
        answer(now, username, **said)
    assert (fresh().seq, rows()) == (sent.seq, [("财政局", "requested")])


@pytest.mark.parametrize("opinion", [None, "", " \n"])
def test_refusing_takes_an_opinion(running: SubItem, now: datetime, opinion: str | None) -> None:
    send_round(now)
    with pytest.raises(Invalid, match="不同意会签要写明意见"):
        refuse(now, opinion=opinion)


def test_an_officer_signs_where_the_plan_lets_officers_hand_in(running: SubItem, now: datetime) -> None:
    send_round(now)
    with pytest.raises(NotAllowed, match="会签要由单位负责人办理，请送负责人。"):
        sign(now, SIGNERS_OFFICER)
    Plan.objects.update(officers_may_submit=True)
    assert sign(now, SIGNERS_OFFICER).awaited == []


def test_it_is_on_the_desk_of_whoever_may_sign_and_off_the_main_leads(running: SubItem, now: datetime) -> None:
    def on_the_desk() -> set[str]:
        people = (OFFICER, HEAD, SIGNER, SIGNERS_OFFICER, VERIFIER, SUPPORT)
        return {who for who in people if queries.waiting_for(person(who), now.date()).filter(number=NUMBER).exists()}

    draft(WORDS, now)
    assert on_the_desk() == {HEAD}
    send_round(now)
    assert on_the_desk() == {SIGNER}
    Plan.objects.update(officers_may_submit=True)
    assert on_the_desk() == {SIGNER, SIGNERS_OFFICER}
    appoint(SIGNER, "教体局", "officer")
    assert on_the_desk() == {SIGNERS_OFFICER}
    refuse(now, SIGNERS_OFFICER)
    assert on_the_desk() == {OFFICER, HEAD}


def test_a_unit_signs_once(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now)
    for answer in (sign, refuse):
        with pytest.raises(NotAllowed, match="现在不等财政局会签：已经签过"):
            answer(now)
    appoint("zhoumin", "财政局", "head")
    with pytest.raises(NotAllowed, match="现在不等财政局会签"):
        sign(now, "zhoumin")


@pytest.mark.parametrize("role", ["officer", "head"])
def test_who_works_for_the_main_lead_does_not_sign_for_another(running: SubItem, now: datetime, role: str) -> None:
    appoint(SIGNER, "教体局", role)
    send_round(now)
    for answer in (sign, refuse):
        with pytest.raises(NotAllowed, match="您也在主牵头单位任职"):
            answer(now)


@pytest.mark.parametrize("username", [OFFICER, "baihuiling"])  # who drafted, who uploaded
def test_who_made_it_does_not_sign_it_after_changing_units(running: SubItem, now: datetime, username: str) -> None:
    send_round(now)
    Post.objects.filter(user__username=username).update(ended_at=now)
    appoint(username, "财政局", "head")
    for answer in (sign, refuse):
        with pytest.raises(NotAllowed, match="报送稿或者材料是您办的"):
            answer(now, username)
    assert sign(now).awaited == []


def test_who_signed_before_a_change_signs_again(running: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now)
    draft("改过的报送稿。", now)
    send_round(now, summary=None)
    assert sign(now).awaited == []


# --- who used the days ------------------------------------------------------------------------------------------------
def test_days_are_charged_to_the_unsigned(item: Item, now: datetime) -> None:
    """Due on Wednesday 24 November 2021; each has the item for the working days told."""

    def on(day: int) -> datetime:
        return datetime(2021, 11 if day > 20 else 12, day, 10, tzinfo=now.tzinfo)

    SubItem.objects.filter(number=NUMBER).update(due_on="2021-11-24", yellow_on="2021-11-24")
    move("accept", OFFICER, on(23))
    report_progress(fresh().pk, by=person(OFFICER), now=on(23), percent=50, words="在办。")
    send_round(on(30))  # 25, 26, 29, 30 November: 教体局
    sign(on(3))  # 1, 2, 3 December: 财政局
    move("submit", HEAD, on(3))
    move("reject", VERIFIER, on(7), comment="请补。")  # 6, 7 December: the reviewer
    one = queries.with_days(queries.with_names(SubItem.objects.all())).get(number=NUMBER)
    today, calendar = date(2021, 12, 7), one.plan.rules_in_force().calendar
    said = days_why(one, queries.days_by_holder(one, today), today, calendar)
    assert said == ("逾期 9 个工作日", [("教体局", 4), ("财政局", 3), ("教育工委审核", 2)])


def test_two_awaited_share_a_day_and_the_last_one_has_its_own(with_three_leads: SubItem, now: datetime) -> None:
    send_round(now)
    sign(now + timedelta(days=1))
    sign(now + timedelta(days=3), "jiangguoqing")
    one = queries.with_days(queries.with_names(SubItem.objects.all())).get(number=NUMBER)
    found = [(each.unit, each.phase, each.working_days) for each in queries.days_by_holder(one, date(2021, 11, 26))]
    assert found == [
        ("教体局", "handling", 1),
        ("财政局、发改局", "awaited", 1),
        ("发改局", "awaited", 2),
    ]


# --- the database -----------------------------------------------------------------------------------------------------
def test_the_database_keeps_one_standing_signature_a_unit(running: SubItem, now: datetime) -> None:
    send_round(now)
    one = Countersignature.objects.get()
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)
    Countersignature.objects.update(status="void")
    one.save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [{"status": "signed"}, {"status": "refused"}, {"digest": "a" * 64}, {"status": "refused", "opinion": "不行"}],
)
def test_the_database_keeps_who_and_what(running: SubItem, now: datetime, changes: dict[str, Any]) -> None:
    send_round(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Countersignature.objects.update(**changes)
