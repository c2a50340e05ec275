"""提异议: who may object and until when, what stands still meanwhile, and how it ends."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Post, Region, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.actions.test_extensions import appoint, fresh, move, person, sound, told
from workflow import queries
from workflow.actions.escalations import sweep_through
from workflow.actions.objections import keep_assignment, raise_objection, withdraw_objection
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Escalation, Objection, Plan, RulePackVersion, SubItem
from workflow.states import Pause, State

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, VERIFIER, INSPECTOR, COORDINATOR = "dinghaiyan", "majianjun", "yangjing", "lizhiqiang", "wangxuewen"
REASON = "这一项是场馆建设，不归本单位管。"


def objected(item: SubItem, now: datetime, username: str = HEAD, **said: Any) -> Objection:
    said = {"version": fresh(item).seq, "reason": REASON, "suggested": "团县委", **said}
    return raise_objection(item.pk, by=person(username), now=now, **said)


def keep(objection: Objection, now: datetime, username: str = COORDINATOR, **said: Any) -> Objection:
    said = {"version": fresh(objection.item).seq, "comment": "职责在三定方案里。", **said}
    return keep_assignment(objection.pk, by=person(username), now=now, **said)


def withdraw(objection: Objection, now: datetime, username: str = HEAD) -> Objection:
    version = fresh(objection.item).seq
    return withdraw_objection(objection.pk, by=person(username), now=now, version=version)


# --- raised -----------------------------------------------------------------------------------------------------------
def test_raised_the_item_stands_still_and_the_coordinator_learns_of_it(item: Item, now: datetime) -> None:
    one = item("2.1")
    objection = objected(one, now)
    after, entry = fresh(one), one.journal.last()
    assert (objection.status, objection.unit.name, objection.suggested.name) == ("raised", "教体局", "团县委")
    assert (after.pause, after.alarm_at, after.running(), after.holder_id) == (Pause.OBJECTED, None, [], one.holder_id)
    assert (entry.action, entry.comment, entry.details) == (
        *("objection.raised", REASON),
        {"suggested": "团县委", "pause": "objected"},
    )
    assert told("objection.raised") == {COORDINATOR}
    words = rendering.body(Message.objects.filter(kind="objection.raised").first())
    assert "建议单位：团县委" in words and REASON in words
    assert after.participants == []  # who objects did no work on it
    assert sound(one)


def test_no_alarm_rings_while_it_is_undecided(item: Item, now: datetime) -> None:
    one = item("2.1")
    objected(one, now)
    sweep_through(start=now, end=now + timedelta(days=30))
    assert not Escalation.objects.filter(item=one).exists()
    assert Escalation.objects.filter(rung="sign+3").count() == 47


def test_nobody_signs_for_it_meanwhile(item: Item, now: datetime) -> None:
    one = item("2.1")
    objected(one, now)
    for username in (OFFICER, HEAD, INSPECTOR):
        with pytest.raises(MoveNotPossible, match="有异议在等统筹来定"):
            move(one, "accept", username, now)
    withdraw(Objection.objects.get(), now)
    assert move(one, "accept", OFFICER, now).state == State.IN_PROGRESS


@pytest.mark.parametrize(
    ("day", "possible"), [(25, True), (26, False)], ids=["third working day", "fourth working day"]
)
def test_one_may_object_within_three_working_days(item: Item, now: datetime, day: int, possible: bool) -> None:
    one, late = item("2.1"), now.replace(day=day)
    if possible:
        assert objected(one, late).is_open
        return
    with pytest.raises(MoveNotPossible, match="要在分派后 3 个工作日内提出"):
        objected(one, late)
    move(one, "reassign", COORDINATOR, late, comment="调整", leads=["团县委"])
    assert objected(one, late + timedelta(days=5), headed("团县委"), suggested="教体局").is_open  # Wednesday


def test_the_rule_pack_says_how_long(item: Item, now: datetime, pingluo: Plan) -> None:
    pack = pingluo.rules
    Plan.objects.update(rules=RulePackVersion.store(pack.region, {**pack.content, "object_within": 1}, now))
    with pytest.raises(MoveNotPossible, match="1 个工作日"):
        objected(item("2.1"), now + timedelta(days=2))


def headed(unit: str) -> str:
    post = Post.objects.current().filter(unit__name=unit, role="head").select_related("user").first()
    return post.user.username


@pytest.mark.parametrize(
    ("number", "username", "refusal"),
    [
        ("2.1", OFFICER, "由牵头单位的负责人"),
        ("2.1", VERIFIER, "由牵头单位的负责人"),
        ("2.1", COORDINATOR, "由牵头单位的负责人"),
        ("2.1", INSPECTOR, "由牵头单位的负责人"),
        ("11.1", "support", "由牵头单位的负责人"),
        ("21.1", "co-lead", ""),
        ("21.1", "lead", ""),
    ],
)
def test_the_head_of_a_lead_objects(item: Item, now: datetime, number: str, username: str, refusal: str) -> None:
    one = item(number)
    who = {"support": headed("高仁乡"), "co-lead": HEAD, "lead": headed("县委编办")}.get(username, username)
    if refusal:
        with pytest.raises(NotAllowed, match=refusal):
            objected(one, now, who)
        return
    assert objected(one, now, who).unit.name == {"co-lead": "教体局", "lead": "县委编办"}[username]


def test_officers_object_where_they_may_hand_in(item: Item, now: datetime, pingluo: Plan) -> None:
    Plan.objects.update(officers_may_submit=True)
    assert objected(item("2.1"), now, OFFICER).raised_by.username == OFFICER


BAD: list[dict[str, Any]] = [
    {"reason": ""},
    {"reason": "  "},
    {"reason": None},
    {"reason": 5},
    {"reason": "\u202e反的"},
    {"reason": "字" * 5001},
    {"suggested": ""},
    {"suggested": None},
    {"suggested": ["团县委"]},
    {"suggested": "教体局"},
    {"suggested": "平罗县教育体育局"},
    {"suggested": "火星办"},
    {"suggested": "各乡镇"},
    {"suggested": "外县局"},
    {"version": None},
]


@pytest.mark.parametrize("said", BAD, ids=lambda said: str(said)[:30])
def test_what_is_said_badly_is_refused_and_nothing_written(item: Item, now: datetime, said: dict[str, Any]) -> None:
    abroad = Region.objects.create(code="640222", name="外县")
    Unit.objects.create(region=abroad, name="外县局", full_name="外县局", kind="government")
    one = item("2.1")
    with pytest.raises(Invalid):
        objected(one, now, **said)
    assert (fresh(one).seq, fresh(one).pause, Objection.objects.count()) == (1, "", 0)


def test_refusals_come_in_order(item: Item, now: datetime) -> None:
    one, wrong = item("2.1"), {"reason": "", "suggested": ""}
    cases: list[tuple[str, dict[str, Any], type[WorkflowError]]] = [
        ("nafang", {"version": 9, **wrong}, NotFound),
        (OFFICER, {"version": 9, **wrong}, StaleVersion),
        (OFFICER, wrong, NotAllowed),
        (HEAD, wrong, Invalid),
    ]
    for username, said, refusal in cases:
        with pytest.raises(refusal):
            objected(one, now, username, **said)
    objected(one, now)
    for username in (OFFICER, HEAD):  # twice
        with pytest.raises(MoveNotPossible, match="已有一份异议"):
            objected(one, now, username, **wrong)
    move_on = item("2.2")
    move(move_on, "accept", OFFICER, now)
    with pytest.raises(MoveNotPossible, match="签收以前"):
        objected(move_on, now, OFFICER, **wrong)
    SubItem.objects.filter(number="9.1").update(pause=Pause.SUSPENDED)
    with pytest.raises(MoveNotPossible, match="已经暂停"):
        objected(item("9.1"), now)


def test_a_person_without_a_post_finds_nothing(item: Item, now: datetime) -> None:
    Post.objects.filter(user__username=HEAD).update(ended_at=now)
    with pytest.raises(NotFound):
        objected(item("2.1"), now)


def test_the_database_keeps_one_open_an_item_and_another_unit(item: Item, now: datetime) -> None:
    objection = objected(item("2.1"), now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(suggested=objection.unit_id)
    objection.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        objection.save(force_insert=True)


# --- kept and taken back ----------------------------------------------------------------------------------------------
def test_kept_the_unit_signs_anew_with_some_quiet_days(item: Item, now: datetime) -> None:
    one, later = item("2.1"), now + timedelta(days=14)
    objection = keep(objected(one, now), later)
    after, entry = fresh(one), one.journal.last()
    assert (objection.status, objection.decided_by.username, after.pause) == ("kept", COORDINATOR, "")
    assert (entry.action, entry.comment) == ("objection.kept", "职责在三定方案里。")
    assert after.clocks["sign"] == {"seq": entry.seq, "since": "2021-12-06"}
    assert after.clocks["due"] == {**one.clocks["due"], "quiet_until": "2021-12-14"}
    assert (after.due_on, after.alarm_at.date().isoformat()) == (one.due_on, "2021-12-09")
    assert told("objection.kept") == {HEAD, "maguohua", *officers("教体局")}
    days = {(each.unit, each.phase.value): each.working_days for each in used(one, later + timedelta(days=2))}
    assert days == {("教育工委", "deciding"): 10, ("教体局", "handling"): 2}
    with pytest.raises(NotAllowed, match="已经维持，不能再提"):
        objected(one, later)
    assert move(one, "accept", OFFICER, later).state == State.IN_PROGRESS
    assert sound(one)


def officers(unit: str) -> set[str]:
    held = Post.objects.current().filter(unit__name=unit, role="officer")
    return set(held.values_list("user__username", flat=True))


def used(item: SubItem, now: datetime) -> Any:
    one = queries.with_days(queries.with_names(SubItem.objects.all())).get(pk=item.pk)
    return queries.days_by_holder(one, now.date())


def test_after_it_was_kept_for_one_lead_the_other_may_still_object(item: Item, now: datetime) -> None:
    one, later = item("21.1"), now + timedelta(days=14)
    keep(objected(one, now, headed("县委编办")), later)
    assert objected(one, later + timedelta(days=3)).unit.name == "教体局"


def test_withdrawn_the_days_it_stood_still_do_not_count(item: Item, now: datetime) -> None:
    one, raised = item("2.1"), now + timedelta(days=1)  # one of the three days is used
    objection = withdraw(objected(one, raised), now + timedelta(days=8))
    after = fresh(one)
    assert (objection.status, after.pause, told("objection.withdrawn")) == ("withdrawn", "", {COORDINATOR})
    assert after.clocks["sign"] == {"seq": 1, "since": "2021-11-29"}
    assert objected(one, now + timedelta(days=10)).is_open  # the third day
    withdraw(Objection.objects.open().get(), now + timedelta(days=10))
    with pytest.raises(MoveNotPossible):
        objected(one, now + timedelta(days=11))
    assert sound(one)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        (VERIFIER, "由统筹办理"),
        (INSPECTOR, "由统筹办理"),
        (HEAD, "由统筹办理"),
        (OFFICER, "由统筹办理"),
    ],
)
def test_the_coordinator_keeps(item: Item, now: datetime, username: str, refusal: str) -> None:
    objection = objected(item("2.1"), now)
    with pytest.raises(NotAllowed, match=refusal):
        keep(objection, now, username, comment="")
    with pytest.raises(Invalid, match="维持的理由"):
        keep(objection, now, comment=" ")
    assert Objection.objects.get().is_open


def test_nobody_concerned_keeps_nor_who_raised_it(item: Item, now: datetime) -> None:
    one = item("2.1")
    objection = objected(one, now)
    appoint(COORDINATOR, "教体局", "officer")
    with pytest.raises(NotAllowed, match="您在教体局任职"):
        keep(objection, now)
    Post.objects.filter(user__username=HEAD).update(ended_at=now)
    appoint(HEAD, "教育工委", "coordinator")  # changed offices since
    with pytest.raises(NotAllowed, match="异议是您提的"):
        keep(objection, now, HEAD)
    for name, said in (("reassign", {"leads": ["团县委"]}), ("amend", {"notes": "新"})):
        with pytest.raises(NotAllowed, match="异议是您提的"):
            move(one, name, HEAD, now, comment="依据", **said)


def test_where_the_owner_leads_an_inspector_answers_but_not_of_the_unit_that_objects(item: Item, now: datetime) -> None:
    one = item("1.1")
    objection = objected(one, now, headed("教育工委"), suggested="教体局")
    assert told("objection.raised") == {INSPECTOR, "yuanchunsheng"}
    with pytest.raises(NotAllowed, match="由督查办理"):
        keep(objection, now)
    unit = Unit.objects.get(name="县委督查室")
    Objection.objects.update(unit=unit)
    with pytest.raises(NotAllowed, match="异议是本单位提的"):
        keep(objection, now, INSPECTOR)
    appoint(INSPECTOR, "政府督查室", "inspector")
    assert keep(objection, now, INSPECTOR).status == "kept"
    assert one.journal.last().unit_name == "政府督查室"


@pytest.mark.parametrize("username", [OFFICER, COORDINATOR, INSPECTOR, "co-lead"])
def test_who_did_not_raise_it_does_not_take_it_back(item: Item, now: datetime, username: str) -> None:
    objection = objected(item("21.1"), now, headed("县委编办"))
    with pytest.raises(NotAllowed, match="异议是县委编办提的"):
        withdraw(objection, now, HEAD if username == "co-lead" else username)


def test_answered_it_stays_so(item: Item, now: datetime) -> None:
    objection = keep(objected(item("2.1"), now), now)
    for act, username in ((keep, COORDINATOR), (keep, HEAD), (withdraw, HEAD)):
        with pytest.raises(MoveNotPossible, match="已经办结：维持"):
            act(objection, now, username)


# --- upheld, and ended by other moves ---------------------------------------------------------------------------------
def test_reassigning_upholds_it_in_the_same_commit(item: Item, now: datetime) -> None:
    one, later = item("2.1"), now + timedelta(days=7)
    objected(one, now)
    move(one, "reassign", COORDINATOR, later, comment="异议成立。", leads=["团县委"])
    after, objection, entry = fresh(one), Objection.objects.get(), one.journal.last()
    assert (objection.status, objection.comment, objection.decided_by.username) == ("upheld", "异议成立。", COORDINATOR)
    assert (after.holder.name, after.pause, entry.details["objection"], entry.details["pause"]) == (
        *("团县委", "", "upheld", ""),
    )
    assert after.clocks["sign"]["seq"] == entry.seq and after.alarm_at is not None
    assert sound(one)


def test_reassigned_while_the_objecting_unit_stays_a_lead_it_was_kept(item: Item, now: datetime) -> None:
    one = item("21.1")
    objected(one, now)  # by 教体局, the co-lead
    move(one, "reassign", COORDINATOR, now, comment="调整", leads=["人社局", "教体局"])
    assert (Objection.objects.get().status, fresh(one).pause) == ("kept", "")


def test_dropping_the_objecting_co_lead_upholds_it(item: Item, now: datetime) -> None:
    one, later = item("21.1"), now + timedelta(days=7)
    objected(one, now)
    move(one, "amend", COORDINATOR, later, comment="改字", text="改过的内容")
    assert (Objection.objects.get().status, fresh(one).pause) == ("raised", Pause.OBJECTED)
    move(one, "amend", COORDINATOR, later, comment="异议成立。", leads=["县委编办"])
    after, entry = fresh(one), one.journal.last()
    assert (Objection.objects.get().status, after.pause, entry.details["objection"]) == ("upheld", "", "upheld")
    assert after.clocks["sign"] == {"seq": entry.seq, "since": "2021-11-29"}
    assert after.clocks["due"]["quiet_until"] == "2021-12-07"


def test_cancelling_ends_it(item: Item, now: datetime) -> None:
    one = item("2.1")
    objected(one, now)
    move(one, "cancel", COORDINATOR, now, comment="并入 2.2")
    after, objection = fresh(one), Objection.objects.get()
    assert (after.state, after.pause, objection.status, objection.is_open) == (State.CANCELLED, "", "withdrawn", False)
    assert one.journal.last().details["objection"] == "withdrawn"
    assert sound(one)


# --- on the desk ------------------------------------------------------------------------------------------------------
def test_it_is_on_the_desk_of_who_answers_it_and_off_that_of_who_signs(item: Item, now: datetime) -> None:
    one, today = item("2.1"), now.date()
    before = {who: queries.waiting_counts(person(who), today)["all"] for who in (OFFICER, COORDINATOR, INSPECTOR)}
    objected(one, now)
    after = {who: queries.waiting_counts(person(who), today)["all"] for who in before}
    assert {who: after[who] - before[who] for who in before} == {OFFICER: -1, COORDINATOR: 1, INSPECTOR: 0}
    assert one in queries.objected_to(person(COORDINATOR), today)
    assert one in queries.with_others(person(HEAD), today)
    appoint(COORDINATOR, "教体局", "officer")
    assert queries.waiting_counts(person(COORDINATOR), today)["all"] == before[COORDINATOR] + before[OFFICER] - 1
    assert not queries.objected_to(Actor.of(User.objects.get(username="limengyao")), today)
