"""The sweep on the real plan, through the winter of 2021/22: which rung rings when, and who hears it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from notifications.models import Message
from tests.workflow.conftest import NOW
from workflow.actions.escalations import sweep
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress
from workflow.models import Escalation, Plan, SubItem
from workflow.states import State

pytestmark = pytest.mark.django_db
Item = Callable[[str], SubItem]
As = Callable[[str], Actor]
END = date(2022, 2, 28)

# 9.1 is due on Friday 2021-12-31, the plan was published on Monday 2021-11-22: 39 days, so due-30 lies in the first
# half and is left out. New Year: 1 to 3 January off. Spring Festival: 31 January to 6 February off, Saturday 29 and
# Sunday 30 January worked. Working days after the due date: 1 = 4 January, 5 = 10, 10 = 17, 20 = Saturday the 29th.
LADDER_OF_9_1 = [
    ("due-7", date(2021, 12, 24), {"majianjun", "baihuiling"}),  # no 经办人 is named yet: the lead's officers
    ("due-1", date(2021, 12, 30), {"majianjun", "baihuiling"}),
    ("due+1", date(2022, 1, 4), {"dinghaiyan", "maguohua"}),
    ("due+5", date(2022, 1, 10), {"yangjing", "maguohua", "lizhiqiang", "yuanchunsheng"}),
    ("due+10", date(2022, 1, 17), {"yangjing", "maguohua", "lizhiqiang", "yuanchunsheng"}),
    ("due+20", date(2022, 1, 29), {"yangjing", "maguohua", "lizhiqiang", "yuanchunsheng"}),
]
UNSIGNED = ("sign+3", date(2021, 11, 25), {"dinghaiyan", "maguohua"})


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)


def sweep_daily(start: date, end: date, times: int = 1) -> None:
    """As beat does, at ten in the morning."""
    for day in range((end - start).days + 1):
        for _time in range(times):
            sweep(now=at(start + timedelta(days=day)))


def rang(number: str, *, superseded: bool = False) -> list[tuple[str, date, set[str]]]:
    """(rung, day, usernames told) in order of time."""
    rows = Escalation.objects.filter(item__number=number, superseded=superseded).order_by("raised_at", "level", "id")
    return [(row.rung, row.raised_at.astimezone(NOW.tzinfo).date(), told(row)) for row in rows]


def told(row: Escalation) -> set[str]:
    key = f"{row.item.uid}:{row.clock_seq}:{row.rung}:"
    messages = Message.objects.filter(kind="escalation", dedupe_key__startswith=key)
    return set(messages.values_list("recipient__username", flat=True))


def go(item: SubItem, name: str, by: Actor, day: date, **details: str) -> SubItem:
    version = SubItem.objects.get(pk=item.pk).seq
    return make_move(item.pk, name, by=by, now=at(day), version=version, details=details)


# --- the ladder -------------------------------------------------------------------------------------------------------
def test_every_rung_of_9_1_rings_on_its_day_and_nothing_else_in_the_plan(pingluo: Plan) -> None:
    sweep_daily(NOW.date(), END, times=2)
    assert rang("9.1") == [UNSIGNED, *LADDER_OF_9_1]
    assert [row[:2] for row in rang("17.2")] == [row[:2] for row in rang("9.1")]  # the other item due in 2021
    assert not Escalation.objects.filter(superseded=True).exists()
    rest = Escalation.objects.exclude(item__number__in=["9.1", "17.2"])
    assert set(rest.values_list("rung", "raised_at")) == {("sign+3", at(UNSIGNED[1]))}
    assert rest.count() == 46
    assert {row.due_at for row in Escalation.objects.filter(rung="due+20")} == {at(date(2022, 1, 29), 9)}


def test_nothing_rings_before_nine(pingluo: Plan) -> None:
    assert sweep(now=at(UNSIGNED[1], 9) - timedelta(seconds=1)).raised == 0
    assert sweep(now=at(UNSIGNED[1], 9)).raised == 48


def test_signed_item_with_an_officer_tells_that_officer_and_heads(item: Item, actor: As) -> None:
    go(item("9.1"), "accept", actor("majianjun"), date(2021, 11, 23), assignee="baihuiling")
    sweep_daily(date(2021, 11, 23), END)
    mine = [(rung, day, {"baihuiling"} if rung in ("due-7", "due-1") else who) for rung, day, who in LADDER_OF_9_1]
    assert rang("9.1") == mine  # and no report+90 on 2022-02-21: another clock is ringing


def test_report_clock_rings_alone_after_90_days_and_again(item: Item, actor: As) -> None:
    """2.1 is due in December 2022, so nothing else rings; 90 days from 23 November 2021 is Monday 21 February."""
    go(item("2.1"), "accept", actor("majianjun"), date(2021, 11, 23))
    sweep_daily(date(2021, 11, 23), END)
    assert rang("2.1") == [("report+90", date(2022, 2, 21), {"majianjun"})]
    sweep_daily(date(2022, 5, 20), date(2022, 5, 25))  # 180 days: Sunday 22 May, so the Monday
    assert rang("2.1")[1:] == [("report+180", date(2022, 5, 23), {"majianjun"})]


def test_after_an_outage_only_the_highest_rings_and_lower_ones_are_superseded(pingluo: Plan) -> None:
    day = date(2022, 1, 20)
    swept = sweep(now=at(day))
    assert rang("9.1") == [("sign+3", day, UNSIGNED[2]), ("due+10", day, LADDER_OF_9_1[4][2])]
    assert rang("9.1", superseded=True) == [(rung, day, set()) for rung in ("due-7", "due-1", "due+1", "due+5")]
    assert swept.raised == 48 + 2 * 5
    assert sweep(now=at(day)).raised == 0
    sweep_daily(date(2022, 1, 21), END)
    assert [row[:2] for row in rang("9.1")[2:]] == [("due+20", date(2022, 1, 29))]


# --- states -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def handed_in(item: Item, actor: As) -> Callable[[date], SubItem]:
    """9.1 signed for on 23 November and handed in on a day."""

    def made(day: date) -> SubItem:
        go(item("9.1"), "accept", actor("majianjun"), date(2021, 11, 23))
        report_progress(item("9.1").pk, by=actor("majianjun"), now=at(day), percent=100, words="已办。")
        return go(item("9.1"), "submit", actor("dinghaiyan"), day, summary="请审核。")

    return made


def test_under_review_only_the_review_clock_rings(handed_in: Callable[[date], SubItem]) -> None:
    """Handed in on Monday 20 December: 5 working days are up on the 27th, 10 on 4 January."""
    one = handed_in(date(2021, 12, 20))
    sweep_daily(date(2021, 12, 20), END)
    assert rang("9.1") == [
        ("review+5", date(2021, 12, 27), {"hanlixin"}),
        ("review+10", date(2022, 1, 4), {"lizhiqiang", "yuanchunsheng"}),
    ]
    assert SubItem.objects.get(pk=one.pk).alarm_at is None


@pytest.mark.parametrize("last", ["approve", "close", "cancel"])
def test_what_is_done_raises_nothing(handed_in: Callable[[date], SubItem], actor: As, last: str) -> None:
    day = date(2021, 12, 21)
    one = handed_in(date(2021, 12, 20))
    if last != "cancel":
        go(one, "approve", actor("yangjing"), day)
    if last != "approve":
        go(one, last, actor("wangxuewen"), day, comment="已办结")
    sweep_daily(day, END)
    assert rang("9.1") == rang("9.1", superseded=True) == []


def test_rejection_gives_five_working_days(handed_in: Callable[[date], SubItem], actor: As) -> None:
    """Returned on Thursday 6 January: 7, 10, 11, 12 and 13 are the unit's; due+5, of the 10th, rings on the 14th."""
    one = handed_in(date(2021, 12, 30))
    go(one, "reject", actor("yangjing"), date(2022, 1, 6), comment="请补材料。")
    sweep_daily(date(2022, 1, 6), END)
    told_late = LADDER_OF_9_1[3][2]
    assert rang("9.1") == [
        ("due+5", date(2022, 1, 14), told_late),
        ("due+10", date(2022, 1, 17), told_late),
        ("due+20", date(2022, 1, 29), told_late),
    ]
    assert [row[:2] for row in rang("9.1", superseded=True)] == [("due+1", date(2022, 1, 14))]


def test_rejection_in_time_lets_the_ladder_begin_as_it_would(handed_in: Callable[[date], SubItem], actor: As) -> None:
    one = handed_in(date(2021, 12, 13))
    go(one, "reject", actor("yangjing"), date(2021, 12, 14), comment="请补材料。")
    sweep_daily(date(2021, 12, 14), date(2022, 1, 9))
    assert [row[:2] for row in rang("9.1")] == [row[:2] for row in LADDER_OF_9_1[:3]]


def test_moved_due_date_starts_a_new_ladder(handed_in: Callable[[date], SubItem], actor: As) -> None:
    """Reopened on 22 December for Monday 28 February: 68 days; due-30 is Saturday 29 January, a day of work."""
    one = handed_in(date(2021, 12, 20))
    go(one, "approve", actor("yangjing"), date(2021, 12, 21))
    go(one, "reopen", actor("lizhiqiang"), date(2021, 12, 22), comment="复查", due_on="2022-02-28")
    sweep_daily(date(2021, 12, 22), date(2022, 3, 1))
    days = [("due-30", date(2022, 1, 29)), ("due-7", date(2022, 2, 21)), ("due-1", date(2022, 2, 25))]
    assert [row[:2] for row in rang("9.1")] == [*days, ("due+1", date(2022, 3, 1))]


# --- cost and faults --------------------------------------------------------------------------------------------------
def statements(now: datetime) -> int:
    with CaptureQueriesContext(connection) as captured:
        sweep(now=now)
    return len(captured)


def test_cost_follows_what_is_due(pingluo: Plan) -> None:
    sweep(now=at(UNSIGNED[1]))
    idle, one_due = at(date(2021, 12, 1)), at(LADDER_OF_9_1[0][1])
    nothing = statements(idle)
    assert nothing <= 4  # the question and its transaction
    SubItem.objects.filter(number="17.2").update(alarm_at=None)
    with_others = statements(one_due)
    SubItem.objects.filter(number="9.1").update(alarm_at=at(LADDER_OF_9_1[1][1], 9))
    SubItem.objects.exclude(number="9.1").update(alarm_at=None)
    assert statements(at(LADDER_OF_9_1[1][1])) == with_others  # 47 items that wait cost nothing
    assert statements(idle) == nothing


def test_item_that_fails_is_put_off_an_hour_and_the_rest_goes_on(pingluo: Plan, item: Item, caplog: Any) -> None:
    bad, now = item("9.1"), at(UNSIGNED[1])
    good = bad.clocks
    SubItem.objects.filter(pk=bad.pk).update(clocks={**good, "sign": {"seq": 1, "since": "不是日子"}})
    swept = sweep(now=now)
    assert (swept.raised, Escalation.objects.filter(rung="sign+3").count()) == (47, 47)
    assert SubItem.objects.get(pk=bad.pk).alarm_at == now + timedelta(hours=1)
    assert sum("put off" in record.message for record in caplog.records) == 1
    assert sweep(now=now + timedelta(minutes=59)).examined == 0
    SubItem.objects.filter(pk=bad.pk).update(clocks=good)
    assert sweep(now=now + timedelta(hours=1)).raised == 1
    assert rang("9.1") == [UNSIGNED]


# --- the light, said twice --------------------------------------------------------------------------------------------
TODAY = date(2022, 1, 10)
days = st.none() | st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))
rows = st.tuples(st.sampled_from(list(State)), days, days, days)


@given(st.lists(rows, min_size=48, max_size=48), st.integers(-40, 40))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # 48 rows at a time say enough, to shrink them takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_light_in_sql_is_the_light_in_python(pingluo: Plan, drawn: list[tuple[Any, ...]], away: int) -> None:
    today, items = TODAY + timedelta(days=away), list(SubItem.objects.order_by("pk"))
    for item, values in zip(items, drawn, strict=True):
        item.__dict__.update(zip(("state", "due_on", "yellow_on", "handed_in_on"), values, strict=True))
    SubItem.objects.bulk_update(items, ["state", "due_on", "yellow_on", "handed_in_on"])
    said = dict(SubItem.objects.with_light(today).values_list("pk", "light_now"))
    assert said == {item.pk: item.light(today) for item in items}
