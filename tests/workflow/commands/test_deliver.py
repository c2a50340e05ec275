"""manage.py deliver: sends what is due and says how much that was."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import User
from notifications import outbox
from notifications.outbox import Audience
from workflow import clock


@pytest.fixture
def waiting(db: None) -> Callable[[], None]:
    """One urgent message."""
    user = User.objects.create(username="li", name="李", email="li@pingluo.example")

    def put() -> None:
        words: dict[str, Any] = {"link": "/items/1/", "context": {"number": "1.1"}, "dedupe": "1", "at": clock.now()}
        outbox.put("escalation", to=Audience(people=frozenset({user.pk})), instant=True, **words)

    return put


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("deliver", *arguments, stdout=out)
    return out.getvalue()


def test_deliver_prints_json(waiting: Callable[[], None]) -> None:
    waiting()
    assert json.loads(run("--format", "json")) == {"sent": 1, "failed": 0, "dead": 0, "pending": 0}
    assert [letter.to for letter in mail.outbox] == [["li@pingluo.example"]]


def test_deliver_prints_words(waiting: Callable[[], None]) -> None:
    assert run() == "发出 0 封，没有发出 0 封，放弃 0 封，待发 0 封。\n"
