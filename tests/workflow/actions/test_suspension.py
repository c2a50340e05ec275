"""暂停: who lets the clocks stand still, what is not done meanwhile, and what it makes of dates and lights."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.actions.test_rounds import at, fresh, person, report, sound, told, turn
from workflow import queries
from workflow.actions.escalations import sweep_through
from workflow.actions.extensions import request_extension
from workflow.actions.moves import make_move
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, WorkflowError
from workflow.models import Escalation, Extension, SubItem
from workflow.states import Light, Pause, State
from workflow.turning import Turned, pass_time

pytestmark = pytest.mark.django_db
HEAD, OFFICER, VERIFIER, COORDINATOR, INSPECTOR = "dinghaiyan", "majianjun", "yangjing", "wangxuewen", "lizhiqiang"
DATED, OWNER_LED = "2.1", "1.1"  # due 2022-12-31; led by the owner unit


def move(name: str, username: str, day: str, number: str = DATED, **details: Any) -> SubItem:
    one = fresh(number)
    return make_move(one.pk, name, by=person(username), now=at(day, 10), version=one.seq, details=details)


def suspend(day: str = "2022-11-01", until: Any = "2022-11-30", number: str = DATED, **said: Any) -> SubItem:
    by = said.pop("username", COORDINATOR)
    return move("suspend", by, day, number, **{"comment": "等上级文件", "until": until, **said})


@pytest.fixture
def signed(pingluo: object) -> SubItem:
    SubItem.objects.exclude(number=DATED).update(turn_at=None, alarm_at=None)
    return move("accept", OFFICER, "2021-11-23")


# --- what stands still ------------------------------------------------------------------------------------------------
def test_suspended_the_light_is_grey_and_nothing_rings(signed: SubItem) -> None:
    one = suspend(grounds="平政发〔2022〕1 号")
    entry = one.journal.last()
    days = date(2022, 11, 1), date(2022, 11, 30)
    assert (one.pause, one.suspended_on, one.suspended_until) == (Pause.SUSPENDED, *days)
    assert (one.state, one.light(date(2022, 11, 20)), one.alarm_at, one.due_on) == (
        *(State.IN_PROGRESS, Light.GREY, None, date(2022, 12, 31)),
    )
    assert SubItem.objects.with_light(date(2022, 11, 20)).get(pk=one.pk).light_now == Light.GREY
    assert (entry.action, entry.comment) == ("suspend", "等上级文件")
    assert entry.details == {"until": "2022-11-30", "grounds": "平政发〔2022〕1 号", "pause": "suspended"}
    assert told("move.suspend") >= {OFFICER, HEAD, VERIFIER}
    assert "暂停到：2022年11月30日" in rendering.body(Message.objects.filter(kind="move.suspend").first())
    before = Escalation.objects.count()
    sweep_through(start=at("2022-11-01", 11), end=at("2022-11-30", 23))
    assert Escalation.objects.count() == before


@pytest.mark.parametrize("number", [DATED, "9.2"])
def test_on_the_day_after_the_clock_resumes_and_the_due_date_is_as_much_later(pingluo: object, number: str) -> None:
    SubItem.objects.exclude(number=number).update(turn_at=None, alarm_at=None)
    move("accept", OFFICER, "2021-11-23", number)
    suspend(number=number)
    assert turn("2022-11-30", 23) == Turned()
    assert turn("2022-12-01") == Turned(resumed=1)
    one, entry = fresh(number), fresh(number).journal.last()
    assert (one.pause, one.due_on, one.moved_from, one.suspended_until) == (
        *("", date(2023, 1, 30), date(2022, 12, 31), None),
    )
    assert (entry.action, entry.actor_id) == ("resume", None)
    assert entry.details == {"days": 30, "due_on": ["2022-12-31", "2023-01-30"], "pause": ""}
    started = {"seq": entry.seq, "since": "2022-12-01"}
    assert (one.clocks["due"], one.clocks["report"]) == (started, started)
    assert one.alarm_at is not None and one.alarm_at > at("2022-12-01")
    assert turn("2022-12-01", 1) == Turned()


@pytest.mark.parametrize(
    ("suspended", "resumed", "due_on"),
    [
        ("2022-11-01", "2022-11-01", date(2022, 12, 31)),  # the same day: nothing stood still
        ("2022-11-01", "2022-11-02", date(2023, 1, 1)),
        ("2022-02-28", "2022-03-01", date(2023, 1, 1)),
        ("2022-12-31", "2023-01-02", date(2023, 1, 2)),  # over the turn of a year
    ],
)
def test_people_resume_it_before(signed: SubItem, suspended: str, resumed: str, due_on: date) -> None:
    suspend(suspended, "2023-01-31")
    assert move("resume", COORDINATOR, resumed, comment="文件已到").due_on == due_on
    assert told("move.resume") >= {OFFICER, HEAD, VERIFIER}


def test_an_unsigned_item_has_its_time_to_sign_anew(pingluo: object) -> None:
    suspend("2021-11-23", "2021-12-31")
    one = move("resume", COORDINATOR, "2021-12-06")
    assert (one.state, one.clocks["sign"]) == (State.ASSIGNED, {"seq": one.seq, "since": "2021-12-06"})
    sweep_through(start=at("2021-12-06", 11), end=at("2021-12-10", 12))
    assert Escalation.objects.filter(item=one).get().due_at == at("2021-12-09", 9)


def test_a_round_does_not_lapse_while_suspended_and_turns_after_the_days_it_lost(pingluo: object) -> None:
    SubItem.objects.exclude(number="9.2").update(turn_at=None, alarm_at=None)
    move("accept", OFFICER, "2021-11-23", "9.2")
    suspend("2022-12-01", "2023-01-31", number="9.2")
    turned, _swept = pass_time(start=at("2022-12-01", 11), end=at("2023-03-04", 1))
    one = fresh("9.2")
    assert turned == Turned(lapsed=1, resumed=1)
    assert (one.round_no, one.start_on, one.due_on) == (2, date(2023, 3, 4), date(2023, 12, 31))


def test_the_fair_clock_charges_nobody(signed: SubItem) -> None:
    suspend("2022-11-01", "2022-11-30")
    turn("2022-12-01")
    one = queries.with_days(queries.with_names(SubItem.objects.filter(number=DATED))).get()
    days = queries.days_by_holder(one, date(2022, 12, 9))
    calendar = one.plan.rules_in_force().calendar
    before = calendar.between(date(2021, 11, 22), date(2022, 11, 1))
    assert [(each.unit, each.working_days) for each in days] == [
        ("教体局", before + calendar.between(date(2022, 12, 1), date(2022, 12, 9)))
    ]


# --- what is done meanwhile, and what is not --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "username", "said"),
    [
        ("submit", HEAD, {"summary": "请审核。"}),
        ("amend", COORDINATOR, {"comment": "修订", "notes": "新"}),
        ("reassign", COORDINATOR, {"comment": "修订", "leads": ["团县委"]}),
        ("suspend", COORDINATOR, {"comment": "再停", "until": "2023-03-31"}),
    ],
)
def test_what_is_not_done_meanwhile_says_until_when(signed: SubItem, name: str, username: str, said: Any) -> None:
    suspend()
    with pytest.raises(MoveNotPossible, match=r"2\.1暂停到2022年11月30日，恢复后再办。"):
        move(name, username, "2022-11-02", **said)


def test_an_unsigned_item_is_not_signed_for_meanwhile(pingluo: object) -> None:
    suspend("2021-11-23", "2021-12-31")
    with pytest.raises(MoveNotPossible, match="恢复后再办"):
        move("accept", OFFICER, "2021-11-24")


def test_more_time_is_not_asked_for_meanwhile_and_a_request_that_waits_is_overtaken(signed: SubItem) -> None:
    said = {"due_on": "2023-03-31", "reason": "未完工", "progress": "在办"}
    asked = {"by": person(HEAD), "now": at("2022-10-20"), **said}
    request_extension(signed.pk, version=fresh(DATED).seq, **asked)
    suspend()
    assert (Extension.objects.get().status, fresh(DATED).journal.last().details["extension_withdrawn"]) == (
        *("withdrawn", True),
    )
    with pytest.raises(MoveNotPossible, match="正在暂停"):
        request_extension(signed.pk, version=fresh(DATED).seq, **{**asked, "now": at("2022-11-05")})


def test_reports_stay_possible(pingluo: object) -> None:
    move("accept", OFFICER, "2021-11-23", "9.2")
    suspend(number="9.2")
    report("2022-11-05")
    assert (fresh("9.2").reported_at, fresh("9.2").alarm_at) == (at("2022-11-05", 9), None)
    assert sound()


def test_cancelled_it_is_no_longer_suspended(signed: SubItem) -> None:
    suspend()
    one = move("cancel", COORDINATOR, "2022-11-05", comment="并入 2.2")
    assert (one.state, one.pause, one.suspended_until, one.turn_at) == (State.CANCELLED, "", None, None)


@pytest.mark.parametrize("state", ["submitted", "verified", "closed", "cancelled"])
def test_only_what_is_being_handled_is_suspended(signed: SubItem, state: str) -> None:
    SubItem.objects.filter(pk=signed.pk).update(state=state)
    with pytest.raises(MoveNotPossible, match="不能暂停"):
        suspend()


def test_what_is_not_suspended_is_not_resumed(signed: SubItem) -> None:
    with pytest.raises(MoveNotPossible, match="没有暂停"):
        move("resume", COORDINATOR, "2022-11-01")


# --- what is bad input, who may ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"comment": ""}, "请写明理由"),
        ({"until": ""}, "请填暂停到哪天"),
        ({"until": None}, "请填暂停到哪天"),
        ({"until": "2022-11-01"}, "要晚于今天"),
        ({"until": "2021-12-31"}, "要晚于今天"),
        ({"until": "2023-11-02"}, "最多暂停一年"),
        ({"until": "9999-12-31"}, "最多暂停一年"),
        ({"until": "月底"}, "日期要写成"),
        ({"until": 20221130}, "日期要写成"),
        ({"grounds": ["文"]}, "说明要写成文字"),
        ({"comment": "a\x00b"}, "无法保存的字符"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_written(signed: SubItem, said: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        suspend(**said)
    assert (fresh(DATED).seq, fresh(DATED).pause) == (signed.seq, "")


def test_a_year_to_the_day_is_possible(signed: SubItem) -> None:
    assert suspend(until="2023-11-01").suspended_until == date(2022, 11, 1) + timedelta(days=365)


def appoint(username: str, unit: str, role: str) -> None:
    Post.objects.create(user=User.objects.get(username=username), unit=Unit.objects.get(name=unit), role=role)


def test_nobody_concerned_suspends_or_resumes(signed: SubItem) -> None:
    appoint(COORDINATOR, "教体局", "officer")
    with pytest.raises(NotAllowed, match="不能暂停，请由另一位办理"):
        suspend()
    Post.objects.filter(user__username=COORDINATOR, role="officer").delete()
    suspend()
    appoint(COORDINATOR, "教体局", "officer")
    with pytest.raises(NotAllowed, match="不能恢复，请由另一位办理"):
        move("resume", COORDINATOR, "2022-11-10")


@pytest.mark.parametrize("username", [HEAD, OFFICER, VERIFIER, INSPECTOR])
def test_only_the_owners_side_suspends(signed: SubItem, username: str) -> None:
    with pytest.raises(NotAllowed):
        suspend(username=username)


def test_where_the_owner_leads_an_inspector_suspends(pingluo: object) -> None:
    with pytest.raises(WorkflowError, match="由督查办理"):
        suspend("2021-11-23", "2021-12-31", OWNER_LED)
    assert suspend("2021-11-23", "2021-12-31", OWNER_LED, username=INSPECTOR).pause == "suspended"
