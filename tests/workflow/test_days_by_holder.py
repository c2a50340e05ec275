"""Who used the days, read from the journal that real moves wrote; Monday 22 November 2021 is the day of dispatch."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from tests.workflow.conftest import NOW
from workflow import queries
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress
from workflow.holding import HolderDays, Phase
from workflow.models import SubItem
from workflow.why import days_why

As = Callable[[str], Actor]
Item = Callable[[str], SubItem]


def day(text: str) -> datetime:
    return NOW + (date.fromisoformat(text) - NOW.date())


def move(number: str, name: str, by: Actor, on: str, **details: object) -> None:
    item = SubItem.objects.get(number=number)
    make_move(item.pk, name, by=by, now=day(on), version=item.seq, details=details)


def hand_in(number: str, actor: As, on: str) -> None:
    item = SubItem.objects.get(number=number)
    report_progress(item.pk, by=actor("majianjun"), now=day(on) - timedelta(hours=1), percent=90, words="在办。")
    move(number, "submit", actor("dinghaiyan"), on, summary="请审核。")


def days(number: str, today: str) -> list[HolderDays]:
    item = queries.with_days(queries.with_names(SubItem.objects.all())).get(number=number)
    return queries.days_by_holder(item, date.fromisoformat(today))


def said(number: str, today: str) -> tuple[str, list[tuple[str, int]]]:
    item = queries.with_days(queries.with_names(SubItem.objects.all())).get(number=number)
    on, calendar = date.fromisoformat(today), item.plan.rules_in_force().calendar
    return days_why(item, queries.days_by_holder(item, on), on, calendar)


# --- the journal as moves write it ------------------------------------------------------------------------------------
def test_each_side_of_the_review_has_its_own_days(item: Item, actor: As) -> None:
    move("2.1", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    hand_in("2.1", actor, "2021-11-26")  # 23–26 November
    move("2.1", "reject", actor("yangjing"), "2021-12-01", comment="请补名单。")  # 29, 30, 1
    hand_in("2.1", actor, "2021-12-02")
    move("2.1", "withdraw", actor("dinghaiyan"), "2021-12-02", comment="再改。")
    hand_in("2.1", actor, "2021-12-06")  # 2, 3, 6
    move("2.1", "approve", actor("yangjing"), "2021-12-07")
    move("2.1", "close", actor("wangxuewen"), "2021-12-09")
    assert days("2.1", "2022-03-01") == [
        HolderDays("教体局", Phase.HANDLING, 4 + 3, 0),
        HolderDays("教育工委", Phase.REVIEW, 3 + 1, 0),
        HolderDays("教育工委", Phase.CONCLUDING, 2, 0),
    ]


def test_reassigned_item_charges_each_lead_its_own_days(item: Item, actor: As) -> None:
    move("2.1", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    move("2.1", "reassign", actor("wangxuewen"), "2021-11-25", comment="职责调整。", leads=["财政局"])
    move("2.1", "reassign", actor("wangxuewen"), "2021-11-26", comment="改回。", leads=["教体局", "财政局"])
    assert days("2.1", "2021-11-30") == [
        HolderDays("教体局", Phase.HANDLING, 3 + 2, 0),
        HolderDays("财政局", Phase.HANDLING, 1, 0),
    ]


def test_renewed_item_counts_from_its_new_round(item: Item, actor: As) -> None:
    move("3.2", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    hand_in("3.2", actor, "2021-12-20")
    move("3.2", "approve", actor("yangjing"), "2021-12-21")
    move("3.2", "renew", actor("wangxuewen"), "2021-12-31")
    assert days("3.2", "2022-01-05") == [HolderDays("教体局", Phase.HANDLING, 2, 0)]


def test_journal_of_an_item_costs_one_query_more(item: Item, django_assert_num_queries: Callable) -> None:
    one = queries.with_names(SubItem.objects.all()).get(number="2.1")
    with django_assert_num_queries(3):  # the item, its responsibilities, its journal
        two = queries.with_days(queries.with_names(SubItem.objects.all())).get(pk=one.pk)
    with django_assert_num_queries(0):
        queries.days_by_holder(two, NOW.date())


# --- by unit ----------------------------------------------------------------------------------------------------------
def by_unit(today: str) -> dict[str, tuple[int, int]]:
    found = queries.stats(Actor.system(), date.fromisoformat(today), None)["by_holder"]
    return {row["name"]: (row["items"], row["working_days"]) for row in found}


def test_units_add_up_their_days_of_the_running_items(item: Item, actor: As) -> None:
    before = by_unit("2021-11-26")
    move("2.1", "reassign", actor("wangxuewen"), "2021-11-24", comment="职责调整。", leads=["财政局"])
    move("2.2", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    hand_in("2.2", actor, "2021-11-25")
    move("9.1", "cancel", actor("wangxuewen"), "2021-11-25", comment="已并入。")
    after = by_unit("2021-11-26")
    moved = {name: (after[name][0] - has, after[name][1] - used) for name, (has, used) in before.items()}
    assert {name: change for name, change in moved.items() if any(change)} == {
        "教体局": (-3, -2 - 1 - 4),
        "财政局": (1, 2),
        "教育工委": (1, 1),
    }


def test_days_by_unit_cost_the_same_however_long_the_journals(item: Item, actor: As) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            by_unit("2021-11-26")
        return len(captured)

    little = cost()
    for number in ("2.1", "2.2"):
        move(number, "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
        hand_in(number, actor, "2021-11-24")
    assert cost() == little


# --- in words ---------------------------------------------------------------------------------------------------------
def due(number: str, on: str) -> None:
    SubItem.objects.filter(number=number).update(due_on=on, yellow_on=on)


def test_late_item_says_who_used_the_days_past_due(item: Item, actor: As) -> None:
    due("2.1", "2021-11-24")
    move("2.1", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    move("2.1", "reassign", actor("wangxuewen"), "2021-11-29", comment="职责调整。", leads=["财政局"])
    move("2.1", "reassign", actor("wangxuewen"), "2021-11-30", comment="改回。", leads=["教体局"])
    move("2.1", "accept", actor("majianjun"), "2021-11-30", assignee="majianjun")
    hand_in("2.1", actor, "2021-12-02")
    move("2.1", "reject", actor("yangjing"), "2021-12-03", comment="请补名单。")
    assert said("2.1", "2021-12-06") == (
        "逾期 8 个工作日",
        [("教体局", 6), ("财政局", 1), ("教育工委审核", 1)],
    )


def test_days_go_on_while_the_light_stands_still(item: Item, actor: As) -> None:
    due("2.1", "2021-11-24")
    move("2.1", "accept", actor("majianjun"), "2021-11-23", assignee="majianjun")
    hand_in("2.1", actor, "2021-11-26")
    assert said("2.1", "2021-11-30") == ("限期过后 4 个工作日", [("教体局", 2), ("教育工委审核", 2)])


def test_item_dispatched_late_tells_the_days_it_was_in_hand(item: Item) -> None:
    due("2.1", "2021-11-01")
    assert said("2.1", "2021-11-24") == ("已用 2 个工作日", [("教体局", 2)])


def test_item_in_time_tells_the_days_it_was_in_hand(item: Item) -> None:
    assert said("2.1", "2021-11-24") == ("已用 2 个工作日", [("教体局", 2)])


def test_first_day_tells_nothing(item: Item) -> None:
    assert said("2.1", "2021-11-22") == ("", [])
