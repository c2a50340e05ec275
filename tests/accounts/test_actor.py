"""Who is acting: one query, posts with groups, and nothing for those who are out."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import NOBODY, Actor
from accounts.models import Delegation, Post, Region, Role, Unit, User

A_FEW = (1, 3)


@pytest.mark.parametrize("groups", A_FEW)
@pytest.mark.parametrize("posts", A_FEW)
def test_actor_costs_one_query(
    region: Region, person: Callable[..., User], django_assert_num_queries: Any, posts: int, groups: int
) -> None:
    user = person("maguohua")
    for number in range(posts):
        unit = Unit.objects.create(region=region, name=f"乡{number}", full_name="乡", kind=Unit.Kind.TOWNSHIP)
        Post.objects.create(user=user, unit=unit, role=Role.HEAD)
        for each in range(groups):
            group = Unit.objects.create(region=region, name=f"组{number}.{each}", full_name="组", kind=Unit.Kind.GROUP)
            group.members.add(unit)
    with django_assert_num_queries(1):
        actor = Actor.of(user)
        assert len(actor.posts) == posts
        assert {len(post.group_ids) for post in actor.posts} == {groups}
        assert len(actor.unit_ids) == len(actor.duty_unit_ids) == posts * (1 + groups)


def test_units_count_by_what_the_post_is(person: Callable[..., User], unit: Unit) -> None:
    table = {
        Role.OFFICER: (True, True), Role.HEAD: (True, True), Role.VERIFIER: (True, False),
        Role.COORDINATOR: (False, False), Role.INSPECTOR: (False, False), Role.LEADER: (False, False),
        Role.SYSTEM_ADMIN: (False, False), Role.SECURITY_ADMIN: (False, False), Role.AUDIT_ADMIN: (False, False),
    }  # fmt: skip
    for role, (works, duty) in table.items():
        actor = Actor.of(person(role, role))
        assert (unit.pk in actor.unit_ids, unit.pk in actor.duty_unit_ids) == (works, duty), role


def test_post_as_is_the_one_for_the_unit(officer: User, region: Region, unit: Unit) -> None:
    other = Unit.objects.create(region=region, name="财政局", full_name="财政局", kind=Unit.Kind.GOVERNMENT)
    Post.objects.create(user=officer, unit=other, role=Role.OFFICER)
    actor = Actor.of(officer)
    found = actor.post_as(Role.OFFICER, [other.pk, None])
    assert found and (found.unit_name, found.role_label, found.region_id) == ("财政局", "经办人", region.pk)
    assert actor.post_as(Role.HEAD, [other.pk]) is None


def test_ended_posts_and_stopped_people_give_nothing(officer: User) -> None:
    Post.objects.update(ended_at=timezone.now())
    assert Actor.of(officer).posts == ()
    Post.objects.update(ended_at=None)
    User.objects.update(is_active=False)
    assert Actor.of(officer).posts == ()


def test_system_is_nobody_else(db: None) -> None:
    assert (Actor.system().is_system, NOBODY.is_system, Actor.system().posts) == (True, False, ())


# --- posts one stands in for somebody by ------------------------------------------------------------------------------
FIRST, LAST = date(2021, 12, 1), date(2021, 12, 3)
DAY = timedelta(days=1)


def lend(post: Post, to: User, first: date = FIRST, last: date = LAST) -> Delegation:
    days = {"from_on": first, "until_on": last}
    return Delegation.objects.create(post=post, delegate=to, made_by=to, made_at=timezone.now(), **days)


@pytest.fixture
def head(person: Callable[..., User]) -> User:
    return person("dinghaiyan", Role.HEAD, name="丁海燕")


def roles(user: User, today: date = FIRST) -> list[tuple[str, str]]:
    return [(post.role, post.for_name) for post in Actor.of(user, today=today).posts]


@pytest.mark.parametrize("times", A_FEW)
def test_lent_posts_cost_no_further_query(
    officer: User, person: Callable[..., User], django_assert_num_queries: Any, times: int
) -> None:
    for number in range(times):
        holder = person(f"head{number}", Role.HEAD, Role.VERIFIER)
        lend(Post.objects.get(user=holder, role=Role.HEAD), officer)
    with django_assert_num_queries(1):
        actor = Actor.of(officer, today=FIRST)
    assert (len(actor.posts), len(actor.behind), len(actor.stood_in_for)) == (1 + times, times, times)


def test_a_lent_post_comes_after_ones_own_and_says_whose_it_is(officer: User, head: User, unit: Unit) -> None:
    lend(Post.objects.get(user=head), officer)
    actor = Actor.of(officer, today=FIRST)
    assert [(post.role, post.is_lent, post.for_name) for post in actor.posts] == [
        (Role.OFFICER, False, ""),
        (Role.HEAD, True, "丁海燕"),
    ]
    assert (actor.stood_in_for, actor.own_posts) == ({head.pk: "丁海燕"}, [actor.posts[0]])
    assert actor.post_as(Role.HEAD, [unit.pk]).for_user_id == head.pk  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("today", "acts"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)], ids=str
)
def test_it_begins_and_ends_with_its_days(officer: User, head: User, today: date, acts: bool) -> None:
    lend(Post.objects.get(user=head), officer)
    assert ((Role.HEAD, "丁海燕") in roles(officer, today)) == acts


@pytest.mark.parametrize("end", ["early", "post", "holder", "delegate", "left", "became administrator"])
def test_it_ends_with_whatever_it_rests_on(officer: User, head: User, end: str) -> None:
    lent = lend(Post.objects.get(user=head), officer)
    now = timezone.now()
    if end == "early":
        Delegation.objects.filter(pk=lent.pk).update(ended_at=now, ended_by=head)
    if end == "post":
        Post.objects.filter(user=head).update(ended_at=now)
    if end in ("holder", "delegate"):
        User.objects.filter(pk={"holder": head, "delegate": officer}[end].pk).update(is_active=False)
    if end == "left":
        elsewhere = Unit.objects.create(
            region=head.posts.get().unit.region, name="财政局", full_name="财政局", kind="party"
        )
        Post.objects.filter(user=officer).update(unit=elsewhere)
    if end == "became administrator":
        Post.objects.filter(user=officer).update(role=Role.AUDIT_ADMIN)
    assert (Role.HEAD, "丁海燕") not in roles(officer)
    assert Actor.of(officer, today=FIRST).stood_in_for == {}


def test_units_of_whom_one_stands_in_for_count_as_duties(
    officer: User, person: Callable[..., User], region: Region
) -> None:
    """A verifier who is head elsewhere lends the verifying alone: the other unit bars, and gives nothing."""
    holder = person("maguohua", Role.VERIFIER)
    other = Unit.objects.create(region=region, name="财政局", full_name="财政局", kind=Unit.Kind.GOVERNMENT)
    Post.objects.create(user=holder, unit=other, role=Role.HEAD)
    before = Actor.of(officer, today=FIRST)
    lend(Post.objects.get(user=holder, role=Role.VERIFIER), officer)
    actor = Actor.of(officer, today=FIRST)
    assert actor.duty_unit_ids - before.duty_unit_ids == {other.pk}
    assert (actor.unit_ids, actor.post_as(Role.HEAD, [other.pk])) == (before.unit_ids, None)


def test_the_clock_is_asked_only_where_something_was_lent(officer: User, head: User, settings: Any) -> None:
    settings.CLOCK = "nowhere.to.be.found"
    assert len(Actor.of(officer).posts) == 1
    lend(Post.objects.get(user=head), officer)
    assert len(Actor.of(head).posts) == 1
    with pytest.raises(ImportError):
        Actor.of(officer)


def test_what_was_lent_is_not_lent_on(officer: User, head: User, person: Callable[..., User]) -> None:
    third = person("baihuiling", Role.OFFICER)
    lend(Post.objects.get(user=head), officer)
    lend(Post.objects.get(user=officer), third)
    assert roles(third) == [(Role.OFFICER, ""), (Role.OFFICER, "马建军")]


@pytest.mark.parametrize(
    "wrong",
    [{"until_on": LAST}, {"ended_at": timezone.now()}, {"from_on": FIRST, "until_on": LAST + DAY}],
    ids=["backwards", "ended by nobody", "twice from the same day"],
)
def test_the_database_refuses(officer: User, head: User, wrong: dict[str, Any]) -> None:
    post = Post.objects.get(user=head)
    lend(post, officer)
    said = {"from_on": LAST + 5 * DAY, "until_on": LAST + 9 * DAY, "made_by": head, "made_at": timezone.now(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(post=post, delegate=officer, **said)
