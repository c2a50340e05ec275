"""移交: a post with its open items goes over in one commit, journaled on each item, in a fixed number of statements."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Delegation, Post, Region, Unit, User
from notifications import rendering
from notifications.models import Message
from tests.workflow.lending import appoint, lend, person, post_of, user
from workflow.actions.handover import HandedOver, hand_over
from workflow.actions.moves import make_move
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from workflow.models import JournalEntry, Plan, SubItem
from workflow.models.journal import broken_links

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

HEAD, OFFICER, COLLEAGUE, ADMIN = "dinghaiyan", "majianjun", "baihuiling", "fenglei"
TODAY, LAST = date(2021, 11, 22), date(2021, 12, 3)


def give(post: Post, to: Any, by: str, now: datetime) -> HandedOver:
    return hand_over(post.pk, to=to, by=person(by), now=now)


def signed(numbers: int | list[str], now: datetime, by: str = OFFICER) -> list[SubItem]:
    """So many items led by 教体局, or those, with this 经办人."""
    items = SubItem.objects.filter(state="assigned", holder__name="教体局").order_by("position")
    chosen = items[:numbers] if isinstance(numbers, int) else items.filter(number__in=numbers)
    return [make_move(item.pk, "accept", by=person(by), now=now, version=item.seq) for item in chosen]


def assignees(items: list[SubItem]) -> set[str]:
    return set(SubItem.objects.filter(pk__in=[item.pk for item in items]).values_list("assignee__username", flat=True))


@pytest.fixture
def newcomer(pingluo: Plan) -> User:
    return User.objects.create(username="newcomer", name="新来的")


def test_the_post_and_what_is_open_go_over(pingluo: Plan, newcomer: User, now: datetime) -> None:
    items = signed(["2.1", "2.2", "3.2"], now)
    mine = signed(["9.1"], now, by=COLLEAGUE)
    lent = lend(post_of(OFFICER, "officer"), COLLEAGUE, TODAY, LAST)
    old = post_of(OFFICER, "officer")
    done = give(old, "newcomer", ADMIN, now)
    assert (done.items, done.to, done.post) == (3, newcomer, old)
    assert (assignees(items), assignees(mine)) == ({"newcomer"}, {COLLEAGUE})
    old.refresh_from_db()
    lent.refresh_from_db()
    assert (old.ended_at, lent.ended_at, lent.ended_by) == (now, now, user(ADMIN))
    assert list(newcomer.posts.values_list("unit__name", "role", "ended_at")) == [("教体局", "officer", None)]
    for one in SubItem.objects.filter(pk__in=[item.pk for item in items]):
        entry = one.journal.last()
        assert (entry.action, entry.seq, entry.actor_name, entry.role) == ("handover", one.seq, "冯磊", "system_admin")
        assert entry.details == {"assignee": "新来的", "former": "马建军"}
        assert list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


def test_both_are_told_once(pingluo: Plan, newcomer: User, now: datetime) -> None:
    signed(3, now)
    give(post_of(OFFICER, "officer"), "newcomer", ADMIN, now)
    messages = Message.objects.filter(kind="post.handed_over")
    assert {message.recipient.username for message in messages} == {OFFICER, "newcomer"}
    assert rendering.title(messages[0]) == "马建军的岗位移交给新来的"
    assert "一并移交：3 项" in rendering.body(messages[0])


def test_items_under_review_go_over_too_and_ended_ones_stay(pingluo: Plan, newcomer: User, now: datetime) -> None:
    items = signed(3, now)
    states = ["submitted", "verified", "closed"]
    for item, state in zip(items, states, strict=True):
        SubItem.objects.filter(pk=item.pk).update(state=state)
    assert give(post_of(OFFICER, "officer"), "newcomer", ADMIN, now).items == 2
    assert (assignees(items[:2]), assignees(items[2:])) == ({"newcomer"}, {OFFICER})


def test_what_they_do_for_another_unit_stays(pingluo: Plan, newcomer: User, now: datetime) -> None:
    """马建军 also serves 县委编办, which leads 21.1 together with 教体局: that item is not of the post that ends."""
    appoint(OFFICER, "县委编办", "officer")
    one = SubItem.objects.get(number="21.1")
    make_move(one.pk, "accept", by=person(OFFICER), now=now, version=one.seq)
    items = signed(1, now)
    assert give(post_of(OFFICER, "officer"), "newcomer", ADMIN, now).items == 1
    assert (assignees([one]), assignees(items)) == ({OFFICER}, {"newcomer"})


def test_a_verifiers_post_takes_no_items_along(pingluo: Plan, newcomer: User, now: datetime) -> None:
    signed(1, now)
    assert give(post_of("changlihua", "verifier"), "newcomer", ADMIN, now).items == 0
    assert person("newcomer").posts[0].role == "verifier"


def test_a_successor_who_has_such_a_post_gets_no_second_one(pingluo: Plan, now: datetime) -> None:
    items = signed(2, now)
    give(post_of(OFFICER, "officer"), COLLEAGUE, HEAD, now)
    assert (assignees(items), Post.objects.current().filter(user__username=COLLEAGUE).count()) == ({COLLEAGUE}, 1)


def test_a_post_is_handed_over_once(pingluo: Plan, newcomer: User, now: datetime) -> None:
    post = post_of(OFFICER, "officer")
    give(post, "newcomer", ADMIN, now)
    with pytest.raises(NotFound):
        give(post, "newcomer", ADMIN, now)


def test_who_left_suddenly_is_handed_over_as_well(pingluo: Plan, newcomer: User, now: datetime) -> None:
    items = signed(2, now)
    User.objects.filter(username=OFFICER).update(is_active=False)
    give(post_of(OFFICER, "officer"), "newcomer", ADMIN, now)
    assert assignees(items) == {"newcomer"}
    assert Message.objects.filter(kind="post.handed_over").count() == 1


@pytest.mark.parametrize(
    ("holder", "role", "by", "expected"),
    [
        (OFFICER, "officer", HEAD, None),
        (OFFICER, "officer", ADMIN, None),
        (HEAD, "head", ADMIN, None),
        (HEAD, "head", "maguohua", NotAllowed),
        (HEAD, "head", HEAD, NotAllowed),
        (OFFICER, "officer", OFFICER, NotAllowed),
        (OFFICER, "officer", "xuli", NotAllowed),
        (OFFICER, "officer", "nafang", NotFound),
        (OFFICER, "officer", "lizhiqiang", NotFound),
    ],
)
def test_who_may_hand_over(
    pingluo: Plan, now: datetime, holder: str, role: str, by: str, expected: type[Exception] | None
) -> None:
    post = post_of(holder, role)
    if expected is None:
        assert give(post, COLLEAGUE, by, now).to.username == COLLEAGUE
        return
    with pytest.raises(expected):
        give(post, COLLEAGUE, by, now)
    assert Post.objects.current().filter(pk=post.pk).exists()


def test_a_lent_heads_post_hands_nothing_over(pingluo: Plan, now: datetime) -> None:
    lend(post_of(HEAD, "head"), OFFICER, TODAY, LAST)
    with pytest.raises(NotAllowed):
        give(post_of(COLLEAGUE, "officer"), OFFICER, OFFICER, now)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_posts_are_not_handed_over(pingluo: Plan, newcomer: User, now: datetime, role: str) -> None:
    with pytest.raises(MoveNotPossible, match="三员"):
        give(Post.objects.get(role=role), "newcomer", ADMIN, now)


@pytest.mark.parametrize("by", [HEAD, ADMIN])
@pytest.mark.parametrize("to", [None, "", "no-such-person", OFFICER, "xuli", ["x"], 5, "a\x00b"])
def test_who_cannot_take_over(pingluo: Plan, now: datetime, by: str, to: Any) -> None:
    items = signed(1, now)
    with pytest.raises(Invalid):
        give(post_of(OFFICER, "officer"), to, by, now)
    assert (assignees(items), post_of(OFFICER, "officer").ended_at) == ({OFFICER}, None)


def test_a_head_hands_over_within_the_unit_alone(pingluo: Plan, newcomer: User, now: datetime) -> None:
    for stranger in ("newcomer", "nafang"):
        with pytest.raises(Invalid, match="本单位在岗的人员"):
            give(post_of(OFFICER, "officer"), stranger, HEAD, now)


def test_nobody_of_another_region_takes_over(pingluo: Plan, newcomer: User, now: datetime) -> None:
    abroad = Region.objects.create(code="640205", name="惠农区")
    unit = Unit.objects.create(region=abroad, name="教体局", full_name="教体局", kind="government")
    Post.objects.create(user=newcomer, unit=unit, role="officer")
    with pytest.raises(Invalid):
        give(post_of(OFFICER, "officer"), "newcomer", ADMIN, now)


def statements(post: Post, to: str, now: datetime) -> int:
    by = person(ADMIN)
    with CaptureQueriesContext(connection) as captured:
        hand_over(post.pk, to=to, by=by, now=now)
    return len(captured)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [3, 30])
def test_it_costs_the_same_whatever_is_open(pingluo: Plan, many: int, now: datetime) -> None:
    """Begin, post, successor, their posts, items; rows, entries, delegations, post, new post, message, commit."""
    User.objects.create(username="newcomer", name="新来的")
    signed(many, now)
    Delegation.objects.all().delete()
    assert statements(post_of(OFFICER, "officer"), "newcomer", now) == 12
    assert JournalEntry.objects.filter(action="handover").count() == many
