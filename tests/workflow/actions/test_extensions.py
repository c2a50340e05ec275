"""延期申请: who may ask and decide, what is refused in which order, what a new date does to clocks and lights."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from workflow.actions.escalations import sweep_through
from workflow.actions.extensions import decide_extension, request_extension, withdraw_extension
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Escalation, Extension, Plan, RulePackVersion, SubItem, rules
from workflow.models.journal import broken_links
from workflow.states import Light, State

Item = Callable[[str], SubItem]
As = Callable[[str], Actor]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, VERIFIER, INSPECTOR, COORDINATOR = "dinghaiyan", "majianjun", "yangjing", "lizhiqiang", "wangxuewen"
DUE, LATER = date(2022, 12, 31), date(2023, 3, 31)  # of 2.1
WHY = {"reason": "场馆改造未完工。", "progress": "三级竞赛已办两级。"}


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(pk=item.pk)


def move(item: SubItem, name: str, username: str, now: datetime, **details: Any) -> SubItem:
    return make_move(item.pk, name, by=person(username), now=now, version=fresh(item).seq, details=details)


def ask(item: SubItem, now: datetime, username: str = HEAD, **said: Any) -> Extension:
    said = {"due_on": LATER, "version": fresh(item).seq, **WHY, **said}
    return request_extension(item.pk, by=person(username), now=now, **said)


def decide(extension: Extension, verdict: str, now: datetime, username: str = VERIFIER, **said: Any) -> Extension:
    said = {"version": fresh(extension.item).seq, **said}
    return decide_extension(extension.pk, verdict, by=person(username), now=now, **said)


def appoint(username: str, unit: str, role: str) -> None:
    Post.objects.create(user=User.objects.get(username=username), unit=Unit.objects.get(name=unit), role=role)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def sound(item: SubItem) -> bool:
    one = fresh(item)
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


@pytest.fixture
def running(item: Item, now: datetime) -> Callable[..., SubItem]:
    """2.1 or another item of 教体局, signed for."""

    def made(number: str = "2.1", by: str = OFFICER) -> SubItem:
        return fresh(move(item(number), "accept", by, now))

    return made


# --- the life of a request --------------------------------------------------------------------------------------------
def test_a_request_waits_and_changes_no_date(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = ask(one, now)
    after, entry = fresh(one), one.journal.last()
    assert (extension.status, extension.number, extension.due_on, extension.asked_on) == ("requested", 1, DUE, LATER)
    assert (after.due_on, after.clocks["due"], after.yellow_on) == (DUE, one.clocks["due"], one.yellow_on)
    assert (after.extension_is_open, after.open_extension) == (True, extension)
    assert (entry.action, entry.comment, entry.from_state, entry.to_state) == (
        *("extension.requested", WHY["reason"], "in_progress", "in_progress"),
    )
    days = {"due_on": "2022-12-31", "asked_on": "2023-03-31"}
    assert entry.details == {"extension": 1, **days, "progress": WHY["progress"]}
    assert told("extension.requested") == {VERIFIER, "maguohua"}
    assert sound(one)


def test_granted_the_date_moves_and_its_clock_starts_at_that_entry(
    running: Callable[..., SubItem], now: datetime
) -> None:
    one = running()
    extension = decide(ask(one, now), "grant", now + timedelta(days=3), comment="同意。")
    after, entry = fresh(one), one.journal.last()
    assert (extension.status, extension.granted_on, extension.decided_by.username) == ("granted", LATER, VERIFIER)
    assert (after.due_on, after.original_due_on, after.start_on) == (LATER, DUE, one.start_on)
    assert after.clocks["due"] == {"seq": entry.seq, "since": "2021-11-25"}
    assert (after.yellow_on, after.extension_is_open, after.state) == (date(2023, 3, 1), False, State.IN_PROGRESS)
    assert (entry.action, entry.comment, entry.details["granted_on"]) == ("extension.granted", "同意。", "2023-03-31")
    assert told("extension.granted") == {OFFICER, HEAD, "maguohua", COORDINATOR}
    words = rendering.body(Message.objects.filter(kind="extension.granted").first())
    assert "完成时限：2023年3月31日" in words and "同意。" in words
    assert sound(one)


def test_an_earlier_date_than_asked_may_be_granted(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = decide(ask(one, now), "grant", now, due_on="2023-01-31")
    assert (fresh(one).due_on, extension.granted_on, extension.asked_on) == (
        date(2023, 1, 31),
        date(2023, 1, 31),
        LATER,
    )


@pytest.mark.parametrize("day", ["2022-12-31", "2022-06-30", "2023-04-01", "明年", 5, ["2023-01-31"]])
def test_no_other_date_is_granted(running: Callable[..., SubItem], now: datetime, day: Any) -> None:
    one = running()
    extension = ask(one, now)
    with pytest.raises(Invalid):
        decide(extension, "grant", now, due_on=day)
    assert (fresh(one).due_on, Extension.objects.get().status) == (DUE, "requested")


def test_refused_the_date_stays_and_the_unit_may_ask_again(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = decide(ask(one, now), "refuse", now, comment="理由不足。")
    after = fresh(one)
    assert (extension.status, extension.comment, extension.granted_on) == ("refused", "理由不足。", None)
    assert (after.due_on, after.clocks["due"], after.extension_is_open) == (DUE, one.clocks["due"], False)
    assert told("extension.refused") == {OFFICER, HEAD, "maguohua"}
    assert ask(one, now).number == 2
    assert sound(one)


def test_withdrawn_the_date_stays_and_the_verifiers_learn_of_it(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = ask(one, now)
    withdrawn = withdraw_extension(extension.pk, by=person(HEAD), now=now, version=fresh(one).seq)
    assert (withdrawn.status, fresh(one).due_on, fresh(one).extension_is_open) == ("withdrawn", DUE, False)
    assert (one.journal.last().action, told("extension.withdrawn")) == ("extension.withdrawn", {VERIFIER, "maguohua"})


def test_decided_after_the_date_it_still_counts_from_the_day_granted(
    running: Callable[..., SubItem], now: datetime
) -> None:
    """Who asked in time is not made late by the desk the request lay on."""
    one = running()
    extension = ask(one, now, due_on="2023-01-10")
    late = datetime(2023, 1, 12, 10, tzinfo=now.tzinfo)
    assert decide(extension, "grant", late).granted_on == date(2023, 1, 10)
    assert fresh(one).light(late.date()) == Light.RED
    assert fresh(one).light(date(2023, 1, 10)) != Light.RED


# --- what overtakes a request -----------------------------------------------------------------------------------------
def submitted(one: SubItem, now: datetime) -> None:
    report_progress(one.pk, by=person(OFFICER), now=now, percent=100, words="已办。")
    move(one, "submit", HEAD, now, summary="请审核。")


OVERTAKING: dict[str, Callable[[SubItem, datetime], Any]] = {
    "submit": submitted,
    "cancel": lambda one, now: move(one, "cancel", COORDINATOR, now, comment="并入 2.2"),
    "reassign": lambda one, now: move(one, "reassign", COORDINATOR, now, comment="调整", leads=["团县委"]),
    "amend": lambda one, now: move(
        one, "amend", COORDINATOR, now, comment="调整", deadline={"kind": "date", "due_on": "2023-06-30"}
    ),
}


@pytest.mark.parametrize("name", OVERTAKING)
def test_what_overtakes_a_request_ends_it_in_the_same_entry(
    running: Callable[..., SubItem], now: datetime, name: str
) -> None:
    one = running()
    ask(one, now)
    OVERTAKING[name](one, now)
    extension, entry = Extension.objects.get(), one.journal.last()
    assert (extension.status, extension.decided_by_id) == ("withdrawn", entry.actor_id)
    assert (entry.action, entry.details["extension_withdrawn"]) == (name, True)
    assert not fresh(one).extension_is_open
    with pytest.raises(MoveNotPossible, match="已经办结：撤回"):
        decide(extension, "grant", now)
    assert sound(one)


def test_amending_anything_but_the_date_leaves_the_request(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = ask(one, now)
    move(one, "amend", COORDINATOR, now, comment="调整", notes="每季调度")
    assert fresh(one).open_extension == extension
    assert decide(extension, "grant", now).status == "granted"


# --- refusals ---------------------------------------------------------------------------------------------------------
def late(one: SubItem, now: datetime) -> datetime:
    return datetime(2023, 1, 1, 9, tzinfo=now.tzinfo)


@pytest.mark.parametrize(
    ("number", "prepare", "sentence"),
    [
        ("2.1", lambda one, now: submitted(one, now) or now, "办理中才能申请延期"),
        ("2.1", late, "完成时限已过，延期要在到期前申请"),
        ("2.1", lambda one, now: ask(one, now) and now, "已有一份延期申请在等决定"),
        ("3.2", lambda one, now: now, "到期转入下期，不用延期"),
    ],
)
def test_a_state_that_permits_none_is_said_before_who_asks(
    running: Callable[..., SubItem], now: datetime, number: str, prepare: Any, sentence: str
) -> None:
    one = running(number)
    at = prepare(one, now)
    before = Extension.objects.count()
    for username in (HEAD, OFFICER, INSPECTOR):
        with pytest.raises(MoveNotPossible, match=sentence):
            ask(one, at, username)
    assert Extension.objects.count() == before


def test_on_its_last_day_it_may_still_be_asked_for(running: Callable[..., SubItem], now: datetime) -> None:
    assert ask(running(), datetime(2022, 12, 31, 23, 59, tzinfo=now.tzinfo)).status == "requested"


def test_at_most_so_many_a_round_as_the_rules_say(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    for day in ("2023-01-31", "2023-02-28"):
        decide(ask(one, now, due_on=day), "grant", now)
    with pytest.raises(MoveNotPossible, match="本期最多延期 2 次"):
        ask(one, now)
    assert (fresh(one).due_on, fresh(one).original_due_on) == (date(2023, 2, 28), DUE)


def test_a_county_that_grants_none_says_so(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    pack = one.plan.rules
    none = RulePackVersion.store(pack.region, {**pack.content, "extensions_a_round": 0}, now)
    Plan.objects.update(rules=none)
    with pytest.raises(MoveNotPossible, match="本期最多延期 0 次"):
        ask(one, now)


def test_packs_stored_before_allow_two(pingluo: Plan, now: datetime) -> None:
    content = {name: value for name, value in pingluo.rules.content.items() if name != "extensions_a_round"}
    stored = RulePackVersion.store(pingluo.region, content, now)
    assert rules.rule_pack(stored.pk).extensions_a_round == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"due_on": None}, "请填申请延到哪一天"),
        ({"due_on": ""}, "请填申请延到哪一天"),
        ({"due_on": "明年"}, "日期要写成"),
        ({"due_on": 20230331}, "日期要写成"),
        ({"due_on": "2022-12-31"}, "要晚于现在的时限 2022-12-31"),
        ({"due_on": "2021-01-01"}, "要晚于今天"),
        ({"due_on": "2072-01-01"}, "太远"),
        ({"reason": " "}, "请写延期理由"),
        ({"reason": None}, "请写延期理由"),
        ({"reason": 5}, "说明要写成文字"),
        ({"progress": ""}, "请写目前进展"),
        ({"progress": "字" * 5001}, "说明超过"),
        ({"version": None}, "缺少 version"),
    ],
)
def test_what_is_asked_is_judged_last(
    running: Callable[..., SubItem], now: datetime, said: dict[str, Any], sentence: str
) -> None:
    one = running()
    with pytest.raises(Invalid, match=sentence):
        ask(one, now, **said)
    with pytest.raises(NotAllowed):
        ask(one, now, OFFICER, **said)
    assert (Extension.objects.count(), fresh(one).seq) == (0, one.seq)


@pytest.mark.parametrize(
    ("username", "version", "refusal"),
    [
        ("nafang", 1, NotFound),
        (OFFICER, 1, StaleVersion),
        (OFFICER, 2, NotAllowed),
        (VERIFIER, 2, NotAllowed),
        (INSPECTOR, 2, NotAllowed),
        (COORDINATOR, 2, NotAllowed),
        (HEAD, 2, None),
    ],
)
def test_the_head_of_the_lead_asks(
    running: Callable[..., SubItem], now: datetime, username: str, version: int, refusal: type[WorkflowError] | None
) -> None:
    one = running()
    if refusal is None:
        assert ask(one, now, username, version=version).requested_by.username == username
        return
    with pytest.raises(refusal):
        ask(one, now, username, version=version)


def test_an_officer_asks_where_the_plan_lets_officers_hand_in(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    Plan.objects.update(officers_may_submit=True)
    assert ask(one, now, OFFICER).status == "requested"


@pytest.mark.parametrize(
    ("username", "said", "refusal"),
    [
        ("nafang", {"version": 1}, NotFound),
        (VERIFIER, {"version": 2, "due_on": "明年"}, StaleVersion),
        (HEAD, {"due_on": "明年"}, NotAllowed),
        (INSPECTOR, {}, NotAllowed),
        (COORDINATOR, {}, NotAllowed),
        ("maguohua", {}, NotAllowed),  # a verifier, and head of the lead
        (VERIFIER, {"version": None}, Invalid),
        (VERIFIER, {"due_on": "明年"}, Invalid),
        (VERIFIER, {"comment": 5}, Invalid),
    ],
)
def test_a_decision_refuses_in_order(
    running: Callable[..., SubItem], now: datetime, username: str, said: Any, refusal: type[WorkflowError]
) -> None:
    one = running()
    extension = ask(one, now)
    with pytest.raises(refusal):
        decide(extension, "grant", now, username, **said)
    assert (fresh(one).seq, Extension.objects.get().status) == (3, "requested")


def test_refusing_takes_a_reason(running: Callable[..., SubItem], now: datetime) -> None:
    extension = ask(running(), now)
    for comment in (None, "", "  "):
        with pytest.raises(Invalid, match="请写明理由"):
            decide(extension, "refuse", now, comment=comment)


def test_what_was_settled_is_settled(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    extension = decide(ask(one, now), "grant", now)
    for verdict in ("grant", "refuse"):
        with pytest.raises(MoveNotPossible, match="已经办结：同意"):
            decide(extension, verdict, now, comment="好")
    with pytest.raises(MoveNotPossible):
        withdraw_extension(extension.pk, by=person(HEAD), now=now, version=fresh(one).seq)
    with pytest.raises(NotFound):
        decide_extension(987654, "grant", by=person(VERIFIER), now=now, version=1)


# --- who decides (rule 1) ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("unit", "role"), [("教体局", "officer"), ("教体局", "head")])
def test_who_works_in_a_unit_of_the_item_does_not_decide(
    running: Callable[..., SubItem], now: datetime, unit: str, role: str
) -> None:
    extension = ask(running(), now)
    appoint(VERIFIER, unit, role)
    for verdict in ("grant", "refuse"):
        with pytest.raises(NotAllowed, match=f"您在{unit}任职，{unit}承担这一项，不能决定延期"):
            decide(extension, verdict, now, comment="好")


@pytest.mark.parametrize("username", [HEAD, OFFICER])
def test_who_asked_or_reported_does_not_decide_after_changing_units(
    running: Callable[..., SubItem], now: datetime, username: str
) -> None:
    one = running()
    report_progress(one.pk, by=person(OFFICER), now=now, percent=10, words="在办。")
    extension = ask(one, now)
    Post.objects.filter(user__username=username).update(ended_at=now)
    appoint(username, "教育工委", "verifier")
    with pytest.raises(NotAllowed, match="您参与了这次报送"):
        decide(extension, "grant", now, username)


def test_what_the_owner_leads_is_decided_by_an_inspector(running: Callable[..., SubItem], now: datetime) -> None:
    one = running("1.3", "suxiaohong")
    SubItem.objects.filter(pk=one.pk).update(kind="date", freq="")
    extension = ask(one, now, "hanlixin", due_on=one.due_on + timedelta(days=30))
    assert INSPECTOR in told("extension.requested") and "changlihua" not in told("extension.requested")
    for username in ("changlihua", COORDINATOR, "hanlixin"):
        with pytest.raises(NotAllowed, match="延期由督查决定"):
            decide(extension, "grant", now, username)
    assert decide(extension, "grant", now, INSPECTOR).status == "granted"


def test_where_nobody_may_verify_an_inspector_decides(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    SubItem.objects.filter(pk=one.pk).update(verifier=None, verifier_tier="none")
    extension = ask(one, now)
    with pytest.raises(NotAllowed, match="没有可以审核的单位，延期由督查决定"):
        decide(extension, "grant", now, COORDINATOR)
    assert decide(extension, "grant", now, INSPECTOR).status == "granted"


def test_an_inspector_does_not_decide_for_the_own_unit(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    SubItem.objects.filter(pk=one.pk).update(verifier=None, verifier_tier="none")
    extension = ask(one, now)
    Post.objects.filter(user__username=INSPECTOR).update(unit=Unit.objects.get(name="教体局"))
    with pytest.raises(NotAllowed, match="不能由本单位决定"):
        decide(extension, "grant", now, INSPECTOR)


# --- clocks and the sweep ---------------------------------------------------------------------------------------------
def rung(one: SubItem) -> list[str]:
    return list(one.escalations.filter(rung__startswith="due").order_by("id").values_list("rung", flat=True))


def test_the_old_date_rings_no_more(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    sweep_through(start=now, end=datetime(2022, 12, 26, 12, tzinfo=now.tzinfo))
    assert rung(one) == ["due-30", "due-7"]
    granted = datetime(2022, 12, 28, 12, tzinfo=now.tzinfo)
    decide(ask(one, granted), "grant", granted)
    end = datetime(2023, 3, 15, 12, tzinfo=now.tzinfo)
    assert fresh(one).light(date(2023, 1, 5)) == Light.GREEN
    sweep_through(start=granted, end=end)
    assert rung(one) == ["due-30", "due-7", "due-30"]
    sweep_through(start=end, end=datetime(2023, 4, 3, 12, tzinfo=now.tzinfo))
    assert rung(one)[3:] == ["due-7", "due-1", "due+1"]
    assert Escalation.objects.filter(item=one, rung="due+1").get().inputs["due_on"] == "2023-03-31"


def test_days_promised_after_a_rejection_stay_quiet(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    at = datetime(2022, 12, 30, 10, tzinfo=now.tzinfo)
    submitted(one, at)
    move(one, "reject", VERIFIER, at, comment="请补名单。")
    quiet = fresh(one).clocks["due"]["quiet_until"]
    decide(ask(one, at, due_on="2023-01-01"), "grant", at)
    after = fresh(one)
    assert after.clocks["due"] == {"seq": after.seq, "since": "2022-12-30", "quiet_until": quiet}


def test_a_county_may_ring_for_a_request_that_lies(running: Callable[..., SubItem], now: datetime) -> None:
    one = running()
    content = one.plan.rules.content
    ring = {"code": "extension+5", "clock": "extension", "offset": 5, "unit": "working", "level": 1}
    ring |= {"label": "延期决定催办", "audience": ["verifier_heads"], "instant": False, "every": 0}
    Plan.objects.update(
        rules=RulePackVersion.store(one.plan.region, {**content, "rungs": [*content["rungs"], ring]}, now)
    )
    ask(one, now)
    sweep_through(start=now, end=now + timedelta(days=20))
    assert [each.rung for each in one.escalations.all()] == ["extension+5"]


# --- the database -----------------------------------------------------------------------------------------------------
def test_the_database_keeps_one_open_request_an_item(running: Callable[..., SubItem], now: datetime) -> None:
    extension = ask(running(), now)
    extension.pk, extension.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        extension.save(force_insert=True)
    Extension.objects.update(status="refused")
    extension.save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"asked_on": DUE},
        {"status": "granted"},
        {"granted_on": LATER},
        {"status": "granted", "granted_on": DUE},
        {"status": "granted", "granted_on": LATER + timedelta(days=1)},
    ],
)
def test_the_database_keeps_its_days(running: Callable[..., SubItem], now: datetime, changes: dict[str, Any]) -> None:
    ask(running(), now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.update(**changes)
