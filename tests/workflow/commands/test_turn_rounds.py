"""manage.py turn_rounds: what it turns, what it prints, what it refuses."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from workflow.models import Round, SubItem

pytestmark = pytest.mark.django_db
ONGOING = 15


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("turn_rounds", *arguments, stdout=out)
    return out.getvalue()


def test_it_turns_what_is_due_once_and_prints_json(pingluo: object) -> None:
    SubItem.objects.filter(number="9.2").update(state="verified")
    said = json.loads(run("--as-of", "2023-01-01", "--format", "json"))
    assert said.pop("seconds") >= 0
    assert said == {
        "as_of": "2023-01-01T00:00:00+08:00",
        "renewed": 1,
        "lapsed": ONGOING - 1,
        "resumed": 0,
        "failed": 0,
    }
    again = json.loads(run("--as-of", "2023-01-01", "--format", "json"))
    assert (again["renewed"], again["lapsed"], Round.objects.count()) == (0, 0, ONGOING)


def test_it_prints_words(pingluo: object) -> None:
    assert run("--as-of", "2022-12-31T23:59").startswith("按 2022-12-31 23:59：没有到期的，用时 0.")
    assert run("--as-of", "2023-01-01").startswith("按 2023-01-01 00:00：期满未结 15 项，用时 ")


@pytest.mark.parametrize("text", ["", "gestern", "2022-13-01"])
def test_a_moment_that_cannot_be_read_is_one_sentence_and_exit_2(text: str) -> None:
    with pytest.raises(CommandError, match="ISO 8601") as refusal:
        run("--as-of", text)
    assert refusal.value.returncode == 2


def test_later_than_now_is_for_the_demo(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="不能晚于现在") as refusal:
        run("--as-of", (timezone.now() + timedelta(days=1)).isoformat())
    assert refusal.value.returncode == 2
