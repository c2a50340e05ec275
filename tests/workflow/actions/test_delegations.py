"""代办: who may lend a post and to whom, what an act by a lent post leaves behind, whom it bars, and when it ends."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.actor import Actor
from accounts.models import Delegation, Post, Region, Role, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.lending import appoint, ask_to_stand_in, lend, person, post_of, set_clock, user
from workflow import queries
from workflow.actions.delegations import end_delegation
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, WorkflowError
from workflow.models import Plan, SubItem, Submission
from workflow.models.journal import broken_links
from workflow.states import State

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, COLLEAGUE, OTHER_HEAD = "dinghaiyan", "majianjun", "baihuiling", "maguohua"  # of 教体局
VERIFIER, COORDINATOR, INSPECTOR, ADMIN = "yangjing", "wangxuewen", "lizhiqiang", "fenglei"
TODAY, LAST = date(2021, 11, 22), date(2021, 12, 3)


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(pk=item.pk)


def move(item: SubItem, name: str, username: str, now: datetime, **details: Any) -> SubItem:
    return make_move(item.pk, name, by=person(username), now=now, version=fresh(item).seq, details=details)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def handed_in(item: SubItem, now: datetime, by: str = HEAD) -> SubItem:
    move(item, "accept", OFFICER, now)
    report_progress(item.pk, by=person(OFFICER), now=now, percent=100, words="已办。")
    return move(item, "submit", by, now, summary="请审核。")


# --- lending ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", [HEAD, ADMIN])
def test_a_post_is_lent_and_both_are_told(pingluo: Plan, now: datetime, by: str) -> None:
    made = ask_to_stand_in(post_of(HEAD, "head"), OFFICER, by, now)
    assert (made.from_on, made.until_on, made.made_by.username, made.ended_at) == (TODAY, LAST, by, None)
    assert told("delegation.made") == {HEAD, OFFICER} - {by}
    message = Message.objects.filter(kind="delegation.made").latest("pk")
    assert rendering.title(message) == "马建军代丁海燕办理"
    assert "时间：2021年11月22日至2021年12月3日" in rendering.body(message)
    assert [(post.role, post.for_name) for post in person(OFFICER).posts] == [("officer", ""), ("head", "丁海燕")]


WHO = {  # post, by → whether they may lend it
    (HEAD, "head", HEAD): True,
    (HEAD, "head", OTHER_HEAD): False,  # equals do not send each other on leave
    (HEAD, "head", OFFICER): False,
    (HEAD, "head", ADMIN): True,
    (OFFICER, "officer", OFFICER): True,
    (OFFICER, "officer", HEAD): True,
    (OFFICER, "officer", COLLEAGUE): False,
    ("changlihua", "verifier", HEAD): True,
    ("changlihua", "verifier", OFFICER): False,
}


@pytest.mark.parametrize(("holder", "role", "by"), WHO)
def test_who_may_lend_a_post(pingluo: Plan, now: datetime, holder: str, role: str, by: str) -> None:
    post, to = post_of(holder, role), {COLLEAGUE: OFFICER}.get(holder, COLLEAGUE)
    if WHO[holder, role, by]:
        assert ask_to_stand_in(post, to, by, now).pk
    else:
        with pytest.raises(NotAllowed, match="代办由本人来定"):
            ask_to_stand_in(post, to, by, now)
    assert Delegation.objects.exists() == WHO[holder, role, by]


@pytest.mark.parametrize("by", ["nafang", INSPECTOR, "zhoumin", "baiyong", "xuli"])
def test_posts_of_other_units_do_not_exist(pingluo: Plan, now: datetime, by: str) -> None:
    """Of another unit nobody knows; the security and audit administrators see them, and may arrange nothing."""
    expected = NotAllowed if by in ("baiyong", "xuli") else NotFound
    with pytest.raises(expected):
        ask_to_stand_in(post_of(HEAD, "head"), OFFICER, by, now)


def test_posts_of_another_region_do_not_exist(pingluo: Plan, now: datetime) -> None:
    abroad = Region.objects.create(code="640205", name="惠农区")
    unit = Unit.objects.create(region=abroad, name="教体局", full_name="教体局", kind="government")
    stranger = User.objects.create(username="stranger", name="外人")
    theirs = Post.objects.create(user=stranger, unit=unit, role=Role.HEAD)
    with pytest.raises(NotFound):
        ask_to_stand_in(theirs, OFFICER, ADMIN, now)
    with pytest.raises(Invalid, match="教体局在岗的人员"):
        ask_to_stand_in(post_of(HEAD, "head"), "stranger", HEAD, now)
    for impossible in (0, 10**9):
        with pytest.raises(NotFound):
            ask_to_stand_in(Post(pk=impossible), OFFICER, HEAD, now)


WRONG = {
    "nobody": {"to": ""},
    "unknown": {"to": "no-such-person"},
    "no text": {"to": {"a": 1}},
    "oneself": {"to": HEAD},
    "of another unit": {"to": VERIFIER},
    "an administrator": {"to": ADMIN},
    "no last day": {"until_on": ""},
    "no day": {"until_on": "明天"},
    "no date at all": {"until_on": 5},
    "from yesterday": {"from_on": "2021-11-21"},
    "backwards": {"from_on": "2021-12-02", "until_on": "2021-12-01"},
    "over already": {"from_on": "", "until_on": "2021-11-21"},
    "longer than 90 days": {"until_on": "2022-02-20"},
    "in ten years": {"from_on": "2031-11-22", "until_on": "2031-11-23"},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_refused_in_words(pingluo: Plan, now: datetime, name: str) -> None:
    said = {"to": OFFICER, **WRONG[name]}
    with pytest.raises(Invalid) as refused:
        ask_to_stand_in(post_of(HEAD, "head"), said.pop("to"), HEAD, now, **said)
    assert len(str(refused.value)) > 8
    assert (Delegation.objects.count(), told("delegation.made")) == (0, set())


def test_90_days_are_not_too_long(pingluo: Plan, now: datetime) -> None:
    made = ask_to_stand_in(post_of(HEAD, "head"), OFFICER, HEAD, now, until_on=date(2022, 2, 19))
    assert (made.until_on - made.from_on).days + 1 == 90


@pytest.mark.parametrize("role", ["leader", "system_admin", "audit_admin"])
def test_some_posts_are_lent_to_nobody(pingluo: Plan, now: datetime, role: str) -> None:
    post = Post.objects.filter(role=role).first()
    with pytest.raises(MoveNotPossible, match="不能由别人代办"):
        ask_to_stand_in(post, OFFICER, ADMIN, now)  # type: ignore[arg-type]


def test_a_stopped_holder_hands_over_instead(pingluo: Plan, now: datetime) -> None:
    User.objects.filter(username=HEAD).update(is_active=False)
    with pytest.raises(MoveNotPossible, match="请把岗位移交给别人"):
        ask_to_stand_in(post_of(HEAD, "head"), OFFICER, ADMIN, now)


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [("2021-12-03", "2021-12-09", False), ("2021-11-22", "2021-12-31", False), ("2021-12-04", "2021-12-09", True)],
)
def test_one_person_at_a_time(pingluo: Plan, now: datetime, first: str, last: str, free: bool) -> None:
    post = post_of(HEAD, "head")
    ask_to_stand_in(post, OFFICER, HEAD, now)
    if free:
        ask_to_stand_in(post, COLLEAGUE, HEAD, now, from_on=first, until_on=last)
    else:
        with pytest.raises(Invalid, match="2021-11-22 至 2021-12-03 已由马建军代办"):
            ask_to_stand_in(post, COLLEAGUE, HEAD, now, from_on=first, until_on=last)


def test_a_lent_post_lends_nothing_on(pingluo: Plan, now: datetime) -> None:
    """Neither itself, nor as head the posts of the officers."""
    lend(post_of(HEAD, "head"), OFFICER, TODAY, LAST)
    for post in (post_of(HEAD, "head"), post_of(COLLEAGUE, "officer")):
        with pytest.raises(NotAllowed):
            ask_to_stand_in(post, "changlihua", OFFICER, now)


# --- its end ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("by", "may"), [(HEAD, True), (OFFICER, True), (ADMIN, True), (COLLEAGUE, False)])
def test_who_may_end_it_early(pingluo: Plan, now: datetime, by: str, may: bool) -> None:
    made = lend(post_of(HEAD, "head"), OFFICER, TODAY, LAST)
    if not may:
        with pytest.raises(NotAllowed):
            end_delegation(made.pk, by=person(by), now=now)
        return
    ended = end_delegation(made.pk, by=person(by), now=now)
    assert (ended.ended_at, ended.ended_by.username) == (now, by)  # type: ignore[union-attr]
    assert told("delegation.ended") == {HEAD, OFFICER} - {by}
    assert person(OFFICER).stood_in_for == {}
    with pytest.raises(MoveNotPossible, match="这次代办已经结束"):
        end_delegation(made.pk, by=person(by), now=now)


def test_what_is_over_or_unknown_cannot_be_ended(pingluo: Plan, now: datetime) -> None:
    made = lend(post_of(HEAD, "head"), OFFICER, TODAY, TODAY)
    with pytest.raises(MoveNotPossible):
        end_delegation(made.pk, by=person(HEAD), now=now + timedelta(days=1))
    for who in ("nafang", INSPECTOR):
        with pytest.raises(NotFound):
            end_delegation(made.pk, by=person(who), now=now)


def test_it_ends_at_midnight_of_the_county_by_the_demos_own_clock(item: Item) -> None:
    """In the demo's December of 2021, whatever the real day is."""
    lend(post_of(HEAD, "head"), OFFICER, TODAY, LAST)
    midnight = datetime(2021, 12, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
    set_clock(midnight - timedelta(seconds=60))
    assert person(OFFICER).post_as(Role.HEAD, [user(OFFICER).posts.get().unit_id])
    set_clock(midnight + timedelta(seconds=1))
    assert person(OFFICER).stood_in_for == {}


# --- acting by it -----------------------------------------------------------------------------------------------------
def test_an_act_by_a_lent_post_names_both(item: Item, now: datetime) -> None:
    one = item("2.1")
    lend(post_of(HEAD, "head"), OFFICER, TODAY, LAST)
    handed_in(one, now, by=OFFICER)
    entry, after = one.journal.last(), fresh(one)
    assert (entry.action, entry.actor_name, entry.role, entry.unit_name) == ("submit", "马建军", "head", "教体局")
    assert entry.details["for"] == {"id": user(HEAD).pk, "name": "丁海燕"}
    assert entry.actor_in_words == "马建军代丁海燕"
    assert set(after.participants) == {user(OFFICER).pk, user(HEAD).pk}
    message = Message.objects.filter(kind="move.submit", recipient__username=VERIFIER).get()
    assert message.context["by"] == "马建军代丁海燕"
    assert list(broken_links(str(after.uid), after.seq, after.head, one.journal.order_by("seq"))) == []
    entry.details = {key: value for key, value in entry.details.items() if key != "for"}
    assert entry.digest(str(after.uid)) != entry.hash  # who was stood in for is covered
    earlier = [each.details.get("for") for each in one.journal.order_by("seq")][:-1]
    assert earlier == [None] * 3  # what was one's own to do is done in one's own name


def test_what_is_on_their_desk_is_done_for_them(item: Item, now: datetime) -> None:
    """Two officers: either may do it anyway, but it is the absent one's duty."""
    one, mine = item("2.1"), item("2.2")
    move(one, "accept", OFFICER, now)
    move(mine, "accept", COLLEAGUE, now)
    lend(post_of(OFFICER, "officer"), COLLEAGUE, TODAY, LAST)
    for each in (one, mine):
        save_draft(each.pk, by=person(COLLEAGUE), now=now, summary="稿", version=None)
    assert [each.journal.last().actor_in_words for each in (one, mine)] == ["拜慧玲代马建军", "拜慧玲"]


def test_who_signs_for_a_head_without_a_post_of_that_kind_leaves_the_duty_with_the_post(
    item: Item, now: datetime
) -> None:
    lend(post_of(HEAD, "head"), "changlihua", TODAY, LAST)  # a verifier in 教体局
    move(item("2.1"), "accept", "changlihua", now)
    assert (item("2.1").assignee.username, item("2.1").journal.last().details["assignee"]) == (HEAD, "丁海燕")
    lend(post_of(OTHER_HEAD, "head"), OFFICER, TODAY, LAST)
    move(item("2.2"), "accept", OFFICER, now)
    assert item("2.2").assignee.username == OFFICER


def test_the_desk_of_one_stood_in_for_is_on_ones_own(item: Item, now: datetime) -> None:
    one, later = item("2.1"), now + timedelta(days=100)
    move(one, "accept", OFFICER, now)
    lend(post_of(OFFICER, "officer"), "changlihua", later.date(), later.date() + timedelta(days=5))

    def desk(day: date) -> set[str]:
        actor = Actor.of(user("changlihua"), today=day)
        waiting = queries.waiting_for(actor, day).filter(state=State.IN_PROGRESS)
        return {each.number for each in (*waiting, *queries.in_hand(actor, day))}

    assert (desk(later.date()), desk(later.date() + timedelta(days=6))) == ({"2.1"}, set())


def test_messages_reach_who_stands_in(item: Item, now: datetime) -> None:
    one = item("2.1")
    lend(post_of(OFFICER, "officer"), COLLEAGUE, TODAY, LAST)
    lend(post_of(VERIFIER, "verifier", "教育工委"), "suxiaohong", TODAY, LAST)
    handed_in(one, now)
    assert told("move.submit") >= {VERIFIER, "suxiaohong"}
    move(one, "reject", VERIFIER, now, comment="请补材料")
    assert told("move.reject") == {OFFICER, COLLEAGUE, HEAD, OTHER_HEAD}


# --- whom it bars -----------------------------------------------------------------------------------------------------
def refused(write: Callable[[], Any]) -> str:
    with pytest.raises(NotAllowed) as refusal:
        write()
    return str(refusal.value)


def test_who_stands_in_for_a_head_of_the_lead_does_not_verify(item: Item, now: datetime) -> None:
    """By whatever other post: 杨静 verifies for 教育工委, and has a harmless post in 教体局."""
    one = item("2.1")
    appoint(VERIFIER, "教体局", "verifier")
    handed_in(one, now)
    lend(post_of(HEAD, "head"), VERIFIER, TODAY, TODAY)
    words = refused(lambda: move(one, "approve", VERIFIER, now))
    assert words.startswith("您代丁海燕办理，丁海燕参与了这次报送，不能审核")
    SubItem.objects.filter(pk=one.pk).update(participants=[])
    words = refused(lambda: move(one, "approve", VERIFIER, now))
    assert words.startswith("您代丁海燕办理，丁海燕在教体局任职，教体局承担这一项，不能审核")
    set_clock(now + timedelta(days=1))
    assert move(one, "approve", VERIFIER, now + timedelta(days=1)).state == State.VERIFIED


def test_who_is_barred_is_barred_through_another(item: Item, now: datetime) -> None:
    """马国华 verifies for 教育工委 and is head of 教体局: whoever stands in for the verifying is barred as he is."""
    one = item("2.1")
    handed_in(one, now)
    lend(post_of(OTHER_HEAD, "verifier", "教育工委"), "suxiaohong", TODAY, LAST)
    assert "马国华在教体局任职" in refused(lambda: move(one, "approve", "suxiaohong", now))


def test_neither_who_approved_nor_whom_they_stood_in_for_closes(item: Item, now: datetime) -> None:
    one = item("2.1")
    handed_in(one, now)
    lend(post_of(VERIFIER, "verifier", "教育工委"), COORDINATOR, TODAY, TODAY)
    move(one, "approve", COORDINATOR, now)
    after = fresh(one)
    assert (after.approved_by.username, after.approved_for.username) == (COORDINATOR, VERIFIER)
    appoint(VERIFIER, "教育工委", "coordinator")
    appoint("suxiaohong", "教育工委", "coordinator")
    for who in (COORDINATOR, VERIFIER):
        assert "您审核通过的" in refused(lambda who=who: move(one, "close", who, now))
    lend(post_of(VERIFIER, "coordinator", "教育工委"), "suxiaohong", TODAY, LAST)
    assert "杨静审核通过的" in refused(lambda: move(one, "close", "suxiaohong", now))
    set_clock(now + timedelta(days=60))
    assert move(one, "close", "suxiaohong", now + timedelta(days=60)).state == State.CLOSED


def test_what_one_did_for_another_bars_both_after_it_has_ended(item: Item, now: datetime) -> None:
    one = item("2.1")
    lend(post_of(HEAD, "head"), OFFICER, TODAY, TODAY)
    handed_in(one, now, by=OFFICER)
    set_clock(now + timedelta(days=1))
    Post.objects.filter(user__username__in=[HEAD, OFFICER]).update(ended_at=now)
    for who in (HEAD, OFFICER):
        appoint(who, "教育工委", "verifier")
        assert refused(lambda who=who: move(one, "approve", who, now)).startswith("您参与了这次报送")


def test_the_numbers_beside_the_desk_leave_out_what_is_barred(item: Item, now: datetime) -> None:
    handed_in(item("2.1"), now)
    lend(post_of(VERIFIER, "verifier", "教育工委"), "suxiaohong", TODAY, LAST)
    assert queries.waiting_counts(person("suxiaohong"), TODAY)["review"] == 1
    lend(post_of(OTHER_HEAD, "verifier", "教育工委"), "suxiaohong", TODAY, LAST)
    assert queries.waiting_counts(person("suxiaohong"), TODAY)["review"] == 0


# --- another 经办人 ---------------------------------------------------------------------------------------------------
def test_another_assignee_is_named_and_both_are_told(item: Item, now: datetime) -> None:
    one = item("2.1")
    move(one, "accept", OFFICER, now)
    move(one, "assign", HEAD, now, assignee=COLLEAGUE, comment="马建军另有任务。")
    after, entry = fresh(one), one.journal.last()
    assert (after.assignee.username, after.state, after.clocks) == (COLLEAGUE, State.IN_PROGRESS, fresh(one).clocks)
    assert (entry.action, entry.comment) == ("assign", "马建军另有任务。")
    assert entry.details == {"assignee": "拜慧玲", "former": "马建军"}
    assert told("move.assign") == {OFFICER, COLLEAGUE}
    assert rendering.title(Message.objects.filter(kind="move.assign")[0]) == "经办人换为拜慧玲"
    assert after.participants == []  # naming somebody is no part in the work


@pytest.mark.parametrize(
    ("by", "has_it", "may"),
    [
        (HEAD, OFFICER, True),
        (OFFICER, OFFICER, True),
        (COLLEAGUE, OFFICER, False),
        (COLLEAGUE, None, True),
        ("changlihua", None, False),
        (VERIFIER, OFFICER, False),
        (COORDINATOR, OFFICER, False),
    ],
)
def test_who_may_name_another(item: Item, now: datetime, by: str, has_it: str | None, may: bool) -> None:
    one = item("2.1")
    move(one, "accept", OFFICER, now)
    SubItem.objects.filter(pk=one.pk).update(assignee=user(has_it) if has_it else None)
    if may:
        assert move(one, "assign", by, now, assignee=COLLEAGUE).assignee.username == COLLEAGUE  # type: ignore[union-attr]
    else:
        with pytest.raises(NotAllowed):
            move(one, "assign", by, now, assignee=COLLEAGUE)


@pytest.mark.parametrize("to", [None, "", "  ", OFFICER, "no-such-person", VERIFIER, "changlihua", ["x"], "a\x00b"])
def test_who_cannot_be_assignee(item: Item, now: datetime, to: Any) -> None:
    one = item("2.1")
    move(one, "accept", OFFICER, now)
    with pytest.raises(Invalid):
        move(one, "assign", HEAD, now, assignee=to)
    assert fresh(one).assignee.username == OFFICER  # type: ignore[union-attr]


def test_a_deserted_item_is_on_the_heads_desk_until_somebody_has_it(item: Item, now: datetime) -> None:
    one = item("2.1")
    move(one, "accept", OFFICER, now)

    def deserted() -> list[str]:
        waiting = queries.waiting_for(person(HEAD), TODAY).filter(state=State.IN_PROGRESS)
        return [each.number for each in waiting if each.is_deserted]  # type: ignore[attr-defined]

    assert deserted() == []
    Post.objects.filter(user__username=OFFICER).update(ended_at=now)
    assert deserted() == ["2.1"]
    with pytest.raises(WorkflowError):
        move(one, "assign", COLLEAGUE, now, assignee=COLLEAGUE)
    move(one, "assign", HEAD, now, assignee=COLLEAGUE)
    assert deserted() == []


def test_a_draft_by_who_stands_in_is_signed_by_another(item: Item, now: datetime) -> None:
    """The one draft an item has stays one, whoever writes it for whom."""
    one = item("2.1")
    move(one, "accept", OFFICER, now)
    lend(post_of(OFFICER, "officer"), COLLEAGUE, TODAY, LAST)
    save_draft(one.pk, by=person(COLLEAGUE), now=now, summary="稿", version=None)
    report_progress(one.pk, by=person(COLLEAGUE), now=now, percent=1, words="在办。")
    move(one, "submit", HEAD, now)
    assert Submission.objects.get().drafted_by.username == COLLEAGUE
    assert set(fresh(one).participants) == {user(who).pk for who in (OFFICER, COLLEAGUE, HEAD)}
