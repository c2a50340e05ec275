"""A county of three people, and a mail server on loopback."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Post, Region, Unit, User
from notifications import outbox
from notifications.models import Message
from notifications.outbox import Audience
from tests.notifications.smtp import Mailbox, smtp_server

NOW = datetime(2021, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
YESTERDAY = NOW.replace(day=22, hour=15)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """Letters really go over the wire, to this server."""
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SITE_URL = "https://luoshi.example"
        yield server


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """`person("li")` has the address li@pingluo.example; posts as `post=("教体局", "officer")`."""

    def make(username: str, *, post: tuple[str, str] | None = None, region: str = "640221", **fields: Any) -> User:
        fields = {"name": username, "email": f"{username}@pingluo.example", **fields}
        user, _created = User.objects.get_or_create(username=username, defaults=fields)
        if post:
            place, _created = Region.objects.get_or_create(code=region, defaults={"name": region})
            unit, _created = Unit.objects.get_or_create(region=place, name=post[0], defaults={"kind": "government"})
            Post.objects.create(user=user, unit=unit, role=post[1])
        return user

    return make


@pytest.fixture
def tell(db: None) -> Callable[..., Message]:
    """`tell(user)`: one message in the outbox, put the day before NOW in the afternoon unless told otherwise."""
    numbers = count(1)

    def put(user: User, *, kind: str = "move.submit", at: datetime = YESTERDAY, **more: Any) -> Message:
        number = f"1.{next(numbers)}"
        context = {"number": number, "text": "配齐教师", "unit": "教体局", "by": "丁海燕"} | more.pop("context", {})
        outbox.put(
            kind,
            to=Audience(people=frozenset({user.pk})),
            link=f"/items/{number}/",
            context=context,
            dedupe=f"test:{number}",
            at=at,
            **more,
        )
        return Message.objects.get(dedupe_key=f"test:{number}:{user.pk}")

    return put
