"""The outbox finds the people itself, tells each once, and does it in one statement."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Post, Region, Unit, User
from notifications import outbox
from notifications.models import Message
from notifications.outbox import NOBODY, Audience
from tests.notifications.conftest import NOW

Person = Callable[..., User]


def put(to: Audience, **more: Any) -> int:
    words = {"link": "/items/1/", "context": {"number": "1.1"}, "dedupe": "move:1", "at": NOW} | more
    return outbox.put("move.submit", to=to, **words)


def told() -> set[str]:
    return set(Message.objects.values_list("recipient__username", flat=True))


def unit(name: str) -> int:
    return Unit.objects.get(name=name).pk


def test_put_writes_what_was_said(person: Person) -> None:
    li = person("li")
    assert put(Audience(people=frozenset({li.pk})), instant=True) == 1
    message = Message.objects.get()
    assert (message.recipient, message.kind, message.link, message.instant) == (li, "move.submit", "/items/1/", True)
    assert (message.context, message.at, message.read_at) == ({"number": "1.1"}, NOW, None)


def test_put_to_a_post_reaches_its_holders_alone(person: Person) -> None:
    person("officer", post=("教体局", "officer"))
    person("head", post=("教体局", "head"))
    person("other", post=("财政局", "officer"))
    assert put(Audience(posts=frozenset({(unit("教体局"), "officer")}))) == 1
    assert told() == {"officer"}


def test_put_to_a_role_reaches_it_in_its_region_alone(person: Person) -> None:
    person("inspector", post=("县委督查室", "inspector"))
    person("second", post=("政府督查室", "inspector"))
    person("elsewhere", post=("区委督查室", "inspector"), region="640205")
    assert put(Audience(roles=frozenset({(Region.objects.get(code="640221").pk, "inspector")}))) == 2
    assert told() == {"inspector", "second"}


def test_put_tells_a_person_once_however_many_ways_lead_to_them(person: Person) -> None:
    li = person("li", post=("教体局", "officer"))
    person("li", post=("财政局", "officer"))
    posts = frozenset({(unit("教体局"), "officer"), (unit("财政局"), "officer")})
    audience = Audience(people=frozenset({li.pk})) | Audience(posts=posts)
    assert put(audience) == 1


def test_put_leaves_out_the_inactive_the_departed_and_the_one_who_acts(person: Person) -> None:
    person("gone", post=("教体局", "officer"))
    Post.objects.update(ended_at=NOW)
    person("locked", post=("教体局", "officer"), is_active=False)
    acts = person("acts", post=("教体局", "officer"))
    person("stays", post=("教体局", "officer"))
    assert put(Audience(posts=frozenset({(unit("教体局"), "officer")})), not_to=acts.pk) == 1
    assert told() == {"stays"}


def test_put_again_by_the_same_key_tells_only_who_was_not_told(person: Person) -> None:
    li, wang = person("li"), person("wang")
    assert put(Audience(people=frozenset({li.pk}))) == 1
    assert put(Audience(people=frozenset({li.pk, wang.pk}))) == 1
    assert put(Audience(people=frozenset({li.pk})), dedupe="move:2") == 1
    assert sorted(Message.objects.values_list("recipient__username", flat=True)) == ["li", "li", "wang"]


def test_put_to_nobody_writes_nothing(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert put(NOBODY) == 0


@pytest.mark.parametrize("people", [1, 3, 30])
def test_put_is_one_statement(person: Person, people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(people):
        person(f"p{number}", post=("教体局", "officer"))
    everyone = Audience(posts=frozenset({(unit("教体局"), "officer"), (unit("教体局"), "head")}))
    with django_assert_num_queries(1):
        assert put(everyone) == people
