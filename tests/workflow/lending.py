"""Lending posts in tests: at once as a row, or through the action; and the demo's clock set to a moment."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Delegation, Post, Unit, User
from workflow.actions.delegations import delegate
from workflow.clock import ROW
from workflow.models import DemoClock


def user(username: str) -> User:
    return User.objects.get(username=username)


def person(username: str) -> Actor:
    return Actor.of(user(username))


def post_of(username: str, role: str, unit: str = "教体局") -> Post:
    return Post.objects.current().get(user__username=username, role=role, unit__name=unit)


def appoint(username: str, unit: str, role: str) -> Post:
    return Post.objects.create(user=user(username), unit=Unit.objects.get(name=unit), role=role)


def lend(post: Post, to: str, first: date, last: date) -> Delegation:
    days = {"from_on": first, "until_on": last}
    return Delegation.objects.create(
        post=post, delegate=user(to), made_by_id=post.user_id, made_at=timezone.now(), **days
    )


def ask_to_stand_in(post: Post, to: Any, by: str, now: datetime, **days: Any) -> Delegation:
    said = {"from_on": "2021-11-22", "until_on": "2021-12-03", **days}
    return delegate(post.pk, to=to, by=person(by), now=now, **said)


def set_clock(moment: datetime) -> None:
    offset = int((moment - timezone.now()).total_seconds())
    DemoClock.objects.update_or_create(pk=ROW, defaults={"offset_seconds": offset})
