"""Who is acting: one query, posts with groups, and nothing for those who are out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.actor import NOBODY, Actor
from accounts.models import Post, Region, Role, Unit, User

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
