"""另定审核单位: who names another unit, which one, what goes along; and that nobody being there to review shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Post, Region, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.actions.test_extensions import appoint, fresh, move, person, sound, told
from workflow import policies, queries
from workflow.actions.extensions import decide_extension, request_extension
from workflow.actions.reports import report_progress
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from workflow.models import Plan, SubItem, Submission
from workflow.states import State, Tier

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, VERIFIER, INSPECTOR, COORDINATOR = "dinghaiyan", "majianjun", "yangjing", "lizhiqiang", "wangxuewen"
WHY = "教育工委的审核人都参与了这一项。"


def name(item: SubItem, unit: Any, now: datetime, username: str = COORDINATOR, **said: Any) -> SubItem:
    return move(item, "name-verifier", username, now, **{"verifier": unit, "comment": WHY, **said})


def handed_in(item: SubItem, now: datetime) -> SubItem:
    move(item, "accept", OFFICER, now)
    report_progress(item.pk, by=person(OFFICER), now=now, percent=100, words="已办。")
    return move(item, "submit", HEAD, now, summary="请审核。")


def nobody_left() -> None:
    """Everybody who verifies for 教育工委 works in 教体局."""
    appoint(VERIFIER, "教体局", "officer")


def loaded(item: SubItem) -> SubItem:
    return queries.with_names(SubItem.objects.all()).get(pk=item.pk)


# --- what it does -----------------------------------------------------------------------------------------------------
def test_the_named_unit_verifies_and_the_page_says_why(item: Item, now: datetime) -> None:
    one = item("2.1")
    name(one, "县委督查室", now)
    after, entry = loaded(one), one.journal.last()
    assert (after.verifier.name, after.verifier_tier, after.state) == ("县委督查室", Tier.NAMED, State.ASSIGNED)
    assert (after.holder_id, after.clocks) == (one.holder_id, one.clocks)
    assert (entry.action, entry.comment, entry.details["changes"]) == (
        *("name-verifier", WHY),
        {"verifier": ["教育工委", "县委督查室"]},
    )
    assert queries.verifier_reason(after) == "由县委督查室审核，是另行指定的：教体局牵头，不能自己审。"
    assert told("move.name-verifier") == {INSPECTOR, HEAD, "maguohua", *people("教体局", "officer")}
    words = rendering.body(Message.objects.filter(kind="move.name-verifier").first())
    assert WHY in words and "审核单位：教育工委 → 县委督查室" in words
    assert sound(one)


def people(unit: str, role: str) -> set[str]:
    return set(Post.objects.current().filter(unit__name=unit, role=role).values_list("user__username", flat=True))


def test_a_submission_goes_to_the_new_unit_whose_clock_starts(item: Item, now: datetime) -> None:
    one, later = handed_in(item("2.1"), now), now + timedelta(days=14)
    name(one, "县委督查室", later)
    after, entry = fresh(one), one.journal.last()
    assert (after.holder.name, after.held_since, after.state) == ("县委督查室", later, State.SUBMITTED)
    assert after.clocks["review"] == {"seq": entry.seq, "since": "2021-12-06"}
    assert Submission.objects.get().verifier.name == "县委督查室"
    counted = queries.with_days(queries.with_names(SubItem.objects.all())).get(pk=one.pk)
    days = {each.unit: each.working_days for each in queries.days_by_holder(counted, later.date() + timedelta(days=2))}
    assert {unit: n for unit, n in days.items() if n} == {"教育工委": 10, "县委督查室": 2}
    with pytest.raises(NotFound):  # the unit that no longer verifies it sees it no longer
        move(one, "approve", VERIFIER, later)
    with pytest.raises(NotAllowed, match="由县委督查室审核"):
        move(one, "approve", "yuanchunsheng", later)
    assert move(one, "approve", INSPECTOR, later).state == State.VERIFIED  # by the inspectors of that unit
    assert one.journal.last().unit_name == "县委督查室"
    assert sound(one)


def test_a_request_for_more_time_is_decided_by_the_new_unit(item: Item, now: datetime) -> None:
    one = item("2.1")
    move(one, "accept", OFFICER, now)
    said = {"due_on": "2023-03-31", "reason": "未完工。", "progress": "在办。"}
    asked = request_extension(one.pk, by=person(HEAD), now=now, version=fresh(one).seq, **said)
    name(one, "县委督查室", now + timedelta(days=3))
    assert fresh(one).clocks["extension"]["seq"] == fresh(one).seq
    version = fresh(one).seq
    with pytest.raises(NotAllowed, match="延期由县委督查室决定"):
        decide_extension(asked.pk, "grant", by=person("yuanchunsheng"), now=now, version=version)
    assert decide_extension(asked.pk, "grant", by=person(INSPECTOR), now=now, version=version).status == "granted"


# --- who and which ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", [HEAD, OFFICER, VERIFIER, INSPECTOR])
def test_only_the_coordinator_names_while_somebody_may_review(item: Item, now: datetime, username: str) -> None:
    with pytest.raises(NotAllowed, match="由统筹办理"):
        name(item("2.1"), "", now, username)


def test_an_inspector_names_where_nobody_may_review_or_the_owner_leads(item: Item, now: datetime) -> None:
    nobody_left()
    assert name(item("2.1"), "县委督查室", now, INSPECTOR).verifier.name == "县委督查室"
    SubItem.objects.filter(number="2.2").update(verifier=None, verifier_tier=Tier.NONE)
    assert name(item("2.2"), "县委督查室", now, INSPECTOR).verifier.name == "县委督查室"
    with pytest.raises(NotAllowed, match="由督查办理"):
        name(item("1.1"), "县委督查室", now)
    assert name(item("1.1"), "县委督查室", now, INSPECTOR).verifier.name == "县委督查室"


def test_nobody_concerned_names(item: Item, now: datetime) -> None:
    appoint(COORDINATOR, "教体局", "officer")
    with pytest.raises(NotAllowed, match="您在教体局任职"):
        name(item("2.1"), "县委督查室", now)


BAD = [
    ("2.1", "教体局", "报送单位不能审核自己"),
    ("2.1", "教育工委", "现在就由教育工委审核"),
    ("2.1", "妇联", "妇联没有审核人"),
    ("2.1", "各乡镇", "各乡镇没有审核人"),
    ("2.1", "火星办", "单位名册里没有"),
    ("2.1", "外县局", "单位名册里没有"),
    ("2.1", "", "请写由哪个单位审核"),
    ("2.1", None, "请写由哪个单位审核"),
    ("2.1", 5, "要写成文字"),
    ("2.1", ["县委督查室"], "要写成文字"),
    ("2.1", "\u202e室查督", "无法保存"),
]


@pytest.mark.parametrize(("number", "unit", "sentence"), BAD)
def test_no_other_unit_is_named(item: Item, now: datetime, number: str, unit: Any, sentence: str) -> None:
    abroad = Region.objects.create(code="640222", name="外县")
    Unit.objects.create(region=abroad, name="外县局", full_name="外县局", kind="government")
    with pytest.raises(Invalid, match=sentence):
        name(item(number), unit, now)
    assert fresh(item(number)).seq == 1


def test_a_reason_is_given(item: Item, now: datetime) -> None:
    with pytest.raises(Invalid, match="请写明理由"):
        name(item("2.1"), "县委督查室", now, comment=" ")


def test_a_unit_whose_people_are_all_barred_is_not_named(item: Item, now: datetime) -> None:
    one = item("2.1")
    appoint(INSPECTOR, "教体局", "officer")
    with pytest.raises(Invalid, match="县委督查室现在没有能审这一项的人：李志强在教体局任职"):
        name(one, "县委督查室", now)
    move(one, "accept", "baihuiling", now)
    report_progress(one.pk, by=person("baihuiling"), now=now, percent=1, words="在办。")
    Post.objects.filter(user__username="baihuiling").update(ended_at=now)
    Post.objects.filter(user__username="yuanchunsheng").update(ended_at=now)
    appoint("baihuiling", "政府督查室", "inspector")
    with pytest.raises(Invalid, match="拜慧玲参与了这次报送"):
        name(one, "政府督查室", now)


def test_a_co_lead_is_named_as_mutual_check_and_never_under_the_strict_option(item: Item, now: datetime) -> None:
    one = item("21.1")  # 县委编办 with 教体局
    Plan.objects.update(leads_never_verify=True)
    with pytest.raises(Invalid, match="牵头单位一律不审核"):
        name(one, "教体局", now)
    Plan.objects.update(leads_never_verify=False)
    name(one, "教体局", now)
    assert loaded(one).verifier_tier == Tier.NAMED
    assert queries.verifier_reason(loaded(one)).startswith("由教体局互核，是另行指定的：县委编办报送")


@pytest.mark.parametrize("state", [State.VERIFIED, State.CLOSED, State.CANCELLED])
def test_what_was_judged_needs_no_other_unit(item: Item, now: datetime, state: str) -> None:
    SubItem.objects.filter(number="2.1").update(state=state)
    for username in (COORDINATOR, HEAD):
        with pytest.raises(MoveNotPossible):
            name(item("2.1"), "", now, username)
    with pytest.raises(NotFound):
        name(item("2.1"), "", now, "nafang")


# --- later changes ----------------------------------------------------------------------------------------------------
def test_a_named_unit_stays_while_it_may_verify(item: Item, now: datetime) -> None:
    one = item("2.1")
    name(one, "县委督查室", now)
    move(one, "amend", COORDINATOR, now, comment="修订", supports=["妇联"])
    move(one, "reassign", COORDINATOR, now, comment="修订", leads=["团县委"])
    assert (fresh(one).verifier.name, fresh(one).verifier_tier) == ("县委督查室", Tier.NAMED)
    assert "verifier" not in one.journal.last().details["changes"]
    move(one, "reassign", COORDINATOR, now, comment="修订", leads=["县委督查室"])
    assert (fresh(one).verifier.name, fresh(one).verifier_tier) == ("教育工委", Tier.INDEPENDENT)
    assert one.journal.last().details["changes"]["verifier"] == ["县委督查室", "教育工委"]


# --- nobody to review -------------------------------------------------------------------------------------------------
def test_nobody_of_the_unit_may_review_is_said_with_each_reason(item: Item, now: datetime) -> None:
    one = item("2.1")
    assert queries.verifier_problem(loaded(one)) == ""
    handed_in(one, now)
    nobody_left()
    Post.objects.filter(user__username="maguohua", unit__name="教体局").update(ended_at=now)
    SubItem.objects.filter(pk=one.pk).update(participants=[User.objects.get(username="maguohua").pk])
    assert queries.verifier_problem(loaded(one)) == (
        "教育工委现在没有能审这一项的人：杨静在教体局任职，马国华参与了这次报送，请统筹另行指定审核单位。"
    )
    Post.objects.filter(role="verifier", unit__name="教育工委").update(ended_at=now)
    assert queries.verifier_problem(loaded(one)) == "教育工委现在没有审核人，请统筹另行指定审核单位。"
    User.objects.filter(username="changlihua").update(is_active=False)  # the verifier of 教体局
    assert "请督查另行指定审核单位。" in queries.verifier_problem(loaded(item("1.1")))
    SubItem.objects.filter(pk=one.pk).update(state=State.VERIFIED)
    assert queries.verifier_problem(loaded(one)) == ""


def test_a_group_of_a_supporting_unit_bars_too(item: Item, now: datetime) -> None:
    appoint(VERIFIER, "高仁乡", "officer")
    assert loaded(item("11.1")).nobody_reviews and not loaded(item("9.1")).nobody_reviews


def test_what_nobody_can_review_is_on_the_desk_of_who_names_another(item: Item, now: datetime) -> None:
    one, near, far = item("2.1"), item("2.2"), item("9.1")
    handed_in(one, now)
    for each in (near, far):
        move(each, "accept", OFFICER, now)
    SubItem.objects.filter(pk=near.pk).update(yellow_on=now.date())
    today = now.date()
    assert queries.unreviewable(person(COORDINATOR), today) == []
    before = queries.waiting_counts(person(COORDINATOR), today)["all"]
    nobody_left()
    assert {each.number for each in queries.unreviewable(person(COORDINATOR), today)} == {"2.1", "2.2"}
    assert queries.waiting_counts(person(COORDINATOR), today)["all"] == before + 2
    assert queries.unreviewable(person(HEAD), today) == queries.unreviewable(person(INSPECTOR), today) == []


def test_handing_in_stays_possible_while_there_is_a_unit(item: Item, now: datetime) -> None:
    nobody_left()
    assert handed_in(item("2.1"), now).state == State.SUBMITTED


# --- recusal as a person, over everything that is judged -------------------------------------------------------------
INVOLVED = {
    "took part": lambda one, who: SubItem.objects.filter(pk=one.pk).update(participants=[person(who).user_id]),
    "officer of the lead": lambda one, who: appoint(who, "县委编办", "officer"),
    "head of the co-lead": lambda one, who: appoint(who, "教体局", "head"),
    "officer of a support": lambda one, who: appoint(who, "人社局", "officer"),
}
JUDGED = ("approve", "reject", "extension", "reopen", "amend", "reassign", "name-verifier", "objection")


@pytest.mark.parametrize("judged", JUDGED)
@pytest.mark.parametrize("involved", INVOLVED)
def test_whoever_is_involved_judges_nothing_of_an_item(item: Item, now: datetime, involved: str, judged: str) -> None:
    one = item("21.1")
    who = {"approve": VERIFIER, "reject": VERIFIER, "extension": VERIFIER, "reopen": INSPECTOR}.get(judged, COORDINATOR)
    checks: dict[str, Callable[[Actor, Any], Any]] = {
        **dict.fromkeys(("approve", "reject"), policies.check_may_verify),
        "extension": policies.check_may_extend,
        "reopen": policies.check_may_reopen,
        "amend": policies.check_may_amend,
        "reassign": policies.check_may_reassign,
        "name-verifier": policies.check_may_name_verifier,
        "objection": policies.check_may_keep,
    }
    assert checks[judged](person(who), fresh(one)) is not None
    INVOLVED[involved](one, who)
    with pytest.raises(NotAllowed, match="您参与了这次报送" if involved == "took part" else "您在.*任职"):
        checks[judged](person(who), fresh(one))
