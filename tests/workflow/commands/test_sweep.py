"""manage.py sweep: when it rings, what it prints, what it refuses."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from workflow import clock
from workflow.actions import escalations
from workflow.actions.escalations import Swept
from workflow.management.commands import sweep as command


@pytest.fixture
def swept(db: None, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments the sweep was asked for; what it does then is tested with it."""
    moments: list[datetime] = []

    def sweep(*, now: datetime) -> Swept:
        moments.append(now)
        return Swept(examined=3, raised=2, messages=5)

    monkeypatch.setattr(command.escalations, "sweep", sweep)
    return moments


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


def test_sweep_prints_json(swept: list[datetime]) -> None:
    said = json.loads(run("--as-of", "2022-01-04T09:00+08:00", "--format", "json"))
    assert said.pop("seconds") >= 0
    assert said == {"as_of": "2022-01-04T09:00:00+08:00", "examined": 3, "raised": 2, "messages": 5}


def test_sweep_prints_words(swept: list[datetime]) -> None:
    assert run("--as-of", "2022-01-04T09:00").startswith(
        "按 2022-01-04 09:00：查看 3 项，催办 2 次，消息 5 条，用时 0."
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-01-04T09:00", "2022-01-04T09:00:00+08:00"),
        ("2022-01-04", "2022-01-04T00:00:00+08:00"),
        ("2022-01-04T01:00:00Z", "2022-01-04T09:00:00+08:00"),
    ],
)
def test_moment_without_zone_is_local(swept: list[datetime], text: str, moment: str) -> None:
    run("--as-of", text)
    assert swept == [datetime.fromisoformat(moment)]


def test_without_moment_it_is_now(swept: list[datetime]) -> None:
    run()
    assert clock.now() - swept[0] < timedelta(seconds=5)


@pytest.mark.parametrize("text", ["", "gestern", "2022-13-01", "2022-02-30T09:00", "0001-01-01", "９月"])
def test_moment_that_cannot_be_read_is_one_sentence_and_exit_2(swept: list[datetime], text: str) -> None:
    with pytest.raises(CommandError, match="ISO 8601") as refusal:
        run("--as-of", text)
    assert refusal.value.returncode == 2
    assert swept == []


def test_later_than_now_is_for_the_demo(swept: list[datetime], settings: Any) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    run("--as-of", tomorrow)
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="不能晚于现在") as refusal:
        run("--as-of", tomorrow)
    assert refusal.value.returncode == 2
    run("--as-of", (timezone.now() - timedelta(days=1)).isoformat())
    assert len(swept) == 2


def test_sweep_is_the_action_itself() -> None:
    assert command.escalations.sweep is escalations.sweep
