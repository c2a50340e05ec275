"""Health says what is alive, and why not, and nothing that helps a stranger."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from tests.services.processes import free_port
from workflow import tasks
from workflow.health import health
from workflow.models import Heartbeat


@pytest.fixture
def file_broker(settings: Any, tmp_path: Path) -> Path:
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "broker")}
    (tmp_path / "broker").mkdir()
    return tmp_path / "broker"


def beat(worker: float = 1, beat: float = 2) -> None:
    for name, age in (("worker", worker), ("beat", beat)):
        Heartbeat.objects.create(name=name, at=timezone.now() - timedelta(seconds=age))


def test_all_is_well(db: None, file_broker: Path) -> None:
    beat()
    ok, said = health()
    assert ok
    assert 1 <= said.pop("worker_age") < 2 <= said.pop("beat_age") < 3
    assert said == {"status": "ok", "database": "ok", "broker": "ok"}


@pytest.mark.parametrize("ages", [{"worker": 91}, {"beat": 91}])
def test_a_heartbeat_that_stopped_is_failing(db: None, file_broker: Path, ages: dict[str, float]) -> None:
    beat(**ages)
    ok, said = health()
    assert (ok, said["status"], said["database"], said["broker"]) == (False, "failing", "ok", "ok")


def test_never_started_is_failing(db: None, file_broker: Path) -> None:
    ok, said = health()
    assert (ok, said["worker_age"], said["beat_age"]) == (False, None, None)


def test_broker_folder_that_is_gone_is_failing(db: None, file_broker: Path) -> None:
    beat()
    file_broker.rmdir()
    ok, said = health()
    assert (ok, said["broker"]) == (False, "failing")


def test_redis_that_is_away_is_failing_soon_and_is_not_named(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    beat()
    settings.REDIS_URL = f"redis://:geheim@127.0.0.1:{free_port()}/0"
    began = timezone.now()
    ok, said = health()
    assert (ok, said["broker"]) == (False, "failing")
    assert timezone.now() - began < timedelta(seconds=3)
    assert "geheim" not in f"{said}{caplog.text}"


def test_database_that_is_away_is_failing(file_broker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise DatabaseError("password=geheim")

    monkeypatch.setattr(Heartbeat.objects, "values_list", broken)
    ok, said = health()
    assert ok is False
    assert said == {"status": "failing", "database": "failing", "broker": "ok", "worker_age": None, "beat_age": None}


def test_heartbeat_marks_the_worker_now_and_the_beat_when_it_published(db: None) -> None:
    sent_at = timezone.now() - timedelta(seconds=7)
    tasks.heartbeat.push_request(sent_at=sent_at.isoformat())  # as the header of a published tick arrives
    tasks.heartbeat.run()
    tasks.heartbeat.run()
    tasks.heartbeat.pop_request()
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    assert seen["beat"] == sent_at
    assert timezone.now() - seen["worker"] < timedelta(seconds=5)


def test_heartbeat_by_hand_is_no_sign_of_the_beat(db: None) -> None:
    tasks.heartbeat.apply()
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker"]
