"""A person reads their own messages and nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from notifications import inbox
from notifications.models import Message
from tests.notifications.conftest import NOW

Person, Tell = Callable[..., User], Callable[..., Message]


def test_messages_of_one_person_newest_first(person: Person, tell: Tell) -> None:
    li = person("li")
    old, new = tell(li, at=NOW), tell(li, at=NOW + timedelta(hours=1))
    tell(person("wang"))
    assert list(inbox.messages_of(li.pk)) == [new, old]


def test_mark_read_once_keeps_the_first_time(person: Person, tell: Tell) -> None:
    li = person("li")
    message = tell(li)
    assert inbox.unread_count(li.pk) == 1
    assert inbox.mark_read(message.pk, li.pk, NOW).link == message.link
    inbox.mark_read(message.pk, li.pk, NOW + timedelta(days=1))
    message.refresh_from_db()
    assert (message.read_at, inbox.unread_count(li.pk)) == (NOW, 0)


def test_mark_read_refuses_what_belongs_to_another(person: Person, tell: Tell) -> None:
    message, other = tell(person("li")), person("wang")
    with pytest.raises(LookupError):
        inbox.mark_read(message.pk, other.pk, NOW)
    with pytest.raises(LookupError):
        inbox.mark_read(message.pk + 1, other.pk, NOW)
    assert Message.objects.get().read_at is None


def test_mark_all_read_touches_own_messages(person: Person, tell: Tell) -> None:
    li, wang = person("li"), person("wang")
    tell(li), tell(li), tell(wang)
    assert inbox.mark_all_read(li.pk, NOW) == 2
    assert (inbox.unread_count(li.pk), inbox.unread_count(wang.pk)) == (0, 1)
