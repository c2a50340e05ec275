"""A small county of its own, and a person with a password."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Post, Region, Role, Unit, User

PASSWORD = "Zhai-hu4-luo-shi"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """allauth counts requests in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def region(db: None) -> Region:
    return Region.objects.create(code="640221", name="平罗县")


@pytest.fixture
def unit(region: Region) -> Unit:
    return Unit.objects.create(region=region, name="教体局", full_name="平罗县教育体育局", kind=Unit.Kind.GOVERNMENT)


@pytest.fixture
def person(unit: Unit) -> Callable[..., User]:
    """`person("zhang", Role.HEAD)`: with a password and the posts."""

    def make(username: str, *roles: str, **fields: Any) -> User:
        user = User.objects.create_user(username, PASSWORD, **({"name": username} | fields))
        Post.objects.bulk_create(Post(user=user, unit=unit, role=role) for role in roles)
        return user

    return make


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("majianjun", Role.OFFICER, name="马建军")


@pytest.fixture
def system_admin(person: Callable[..., User]) -> User:
    return person("fenglei", Role.SYSTEM_ADMIN, name="冯磊")


@pytest.fixture
def as_admin(system_admin: User) -> Client:
    client = Client()
    client.force_login(system_admin)
    return client
