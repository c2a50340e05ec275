"""The outbox finds the people itself, tells each once, and does it in one statement."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Delegation, Post, Region, Unit, User
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


# --- who stands in ----------------------------------------------------------------------------------------------------
def lend(holder: User, to: User, first: int = 0, last: int = 5) -> Delegation:
    """The one post of `holder`, from so many days after NOW until so many."""
    today, post = timezone.localdate(NOW), Post.objects.get(user=holder)
    days = {"from_on": today + timedelta(days=first), "until_on": today + timedelta(days=last)}
    return Delegation.objects.create(post=post, delegate=to, made_by=holder, made_at=NOW, **days)


@pytest.fixture
def heads(person: Person) -> Audience:
    """The heads of 教体局: li, for whom wang of the same unit may stand in."""
    person("li", post=("教体局", "head"))
    person("wang", post=("教体局", "officer"))
    return Audience(posts=frozenset({(unit("教体局"), "head")}))


@pytest.mark.parametrize(
    ("first", "last", "reached"),
    [(0, 5, {"li", "wang"}), (0, 0, {"li", "wang"}), (-3, 0, {"li", "wang"}), (1, 5, {"li"}), (-3, -1, {"li"})],
)
def test_put_to_a_post_reaches_who_stands_in_that_day(
    person: Person, heads: Audience, first: int, last: int, reached: set[str]
) -> None:
    lend(person("li"), person("wang"), first, last)
    assert put(heads) == len(reached)
    assert told() == reached


def test_put_reaches_who_stands_in_for_a_role_of_the_region_and_for_a_named_holder(person: Person) -> None:
    li, wang = person("li", post=("县委督查室", "inspector")), person("wang", post=("县委督查室", "inspector"))
    Post.objects.filter(user=wang).update(role="officer")
    lend(li, wang)
    assert put(Audience(roles=frozenset({(Region.objects.get(code="640221").pk, "inspector")}))) == 2
    named = Audience(people=frozenset({li.pk}), stand_ins=frozenset({(li.pk, unit("县委督查室"), "inspector")}))
    assert put(named, dedupe="move:2") == 2
    other = Audience(people=frozenset({li.pk}), stand_ins=frozenset({(li.pk, unit("县委督查室"), "officer")}))
    assert put(other, dedupe="move:3") == 1


@pytest.mark.parametrize("why", ["early", "post", "holder", "delegate", "left", "administrator"])
def test_put_leaves_out_who_stands_in_no_more(person: Person, heads: Audience, why: str) -> None:
    li, wang = person("li"), person("wang")
    lend(li, wang)
    person("also", post=("教体局", "head"))
    gone = {"early": Delegation.objects, "post": Post.objects.filter(user=li)}
    if why in gone:
        gone[why].update(ended_at=NOW, **({"ended_by": li} if why == "early" else {}))  # type: ignore[attr-defined]
    if why in ("holder", "delegate"):
        User.objects.filter(pk={"holder": li, "delegate": wang}[why].pk).update(is_active=False)
    if why == "left":
        Post.objects.filter(user=wang).update(ended_at=NOW)
    if why == "administrator":
        Post.objects.filter(user=wang).update(role="audit_admin")
    put(heads)
    assert told() == {"also"} | ({"li"} if why not in ("post", "holder") else set())


@pytest.mark.parametrize("many", [1, 3, 30])
def test_put_with_many_who_stand_in_is_one_statement(
    person: Person, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        lend(person(f"h{number}", post=("教体局", "head")), person(f"o{number}", post=("教体局", "officer")))
    everyone = Audience(posts=frozenset({(unit("教体局"), "head"), (unit("教体局"), "officer")}))
    with django_assert_num_queries(1):
        assert put(everyone) == 2 * many
