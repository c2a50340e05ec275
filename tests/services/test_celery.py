"""Real Redis, real worker, real beat, real mail: what is killed or restarted loses no letter."""

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.parse import quote

import pytest
from celery import Celery
from django.db import connection, transaction

from accounts.models import User
from notifications import doorbell, outbox
from notifications.models import Delivery, Message
from notifications.outbox import Audience
from tests.notifications.smtp import Mailbox, smtp_server
from tests.services.processes import OwnRedis, wait_until
from workflow import clock
from workflow.health import health

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
QUICK_START = ("--without-gossip", "--without-mingle")  # one worker has nobody to talk to


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def env(own_redis: OwnRedis, mailbox: Mailbox, tmp_path: Path) -> dict[str, str]:
    """What worker and beat run with: the test's database, its own Redis, its own mail server, quick ticks."""
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return {
        "DATABASE_URL": f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}",
        "REDIS_URL": own_redis.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SITE_URL": "https://luoshi.example",
        "DJANGO_SETTINGS_MODULE": "tests.services.quick_settings",
        "LUOSHI_VAR": str(tmp_path),
    }


@pytest.fixture
def bell(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The doorbell, wired to the test's own Redis."""
    monkeypatch.setattr(doorbell, "current_app", Celery("test", broker=own_redis.url, set_as_current=False))
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    return doorbell.ring


def put_urgent(count: int) -> list[str]:
    """As many urgent messages to one person; their Message-IDs."""
    user, _created = User.objects.get_or_create(username="li", defaults={"name": "李", "email": "li@pingluo.example"})
    before = Message.objects.count()
    for number in range(before, before + count):
        words: dict[str, Any] = {"link": "/items/1/", "context": {"number": "1.1"}, "at": clock.now()}
        outbox.put("escalation", to=Audience(people=frozenset({user.pk})), dedupe=str(number), instant=True, **words)
    keys = Message.objects.order_by("-pk").values_list("pk", flat=True)[:count]
    return [f"<instant.{key}.to.{user.pk}@luoshi.example>" for key in keys]


def kill(worker: Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def all_sent() -> bool:
    return not Delivery.objects.exclude(status=Delivery.Status.SENT).exists()


def test_ticks_deliver_and_show_life_and_outlive_a_restart_of_redis(
    env: dict[str, str],
    worker_process: Callable[..., Popen[bytes]],
    own_redis: OwnRedis,
    mailbox: Mailbox,
    settings: Any,
) -> None:
    settings.REDIS_URL = own_redis.url
    worker = worker_process("-B", *QUICK_START, **env)
    first = put_urgent(3)
    wait_until(lambda: set(first) <= set(mailbox.ids()), "the tick delivers")
    wait_until(lambda: health()[0], "worker and beat show life")

    own_redis.stop(signal.SIGKILL)
    second = put_urgent(2)
    ok, said = health()
    assert (ok, said["broker"], said["database"]) == (False, "failing", "ok")
    time.sleep(1.5)  # long enough for both processes to notice
    own_redis.start()
    restarted = time.monotonic()
    wait_until(lambda: set(second) <= set(mailbox.ids()), "the tick delivers again")

    def lives_again() -> bool:
        ok, said = health()
        return ok and max(said["worker_age"], said["beat_age"]) < time.monotonic() - restarted

    wait_until(lives_again, "worker and beat show life again")
    wait_until(all_sent, "all marked")
    assert Counter(mailbox.ids()) == Counter([*first, *second])
    kill(worker)  # quicker than asking


def test_worker_killed_while_it_delivers_loses_nothing(
    env: dict[str, str],
    worker_process: Callable[..., Popen[bytes]],
    bell: Callable[[], None],
    mailbox: Mailbox,
) -> None:
    letters = put_urgent(6)
    mailbox.pause = 0.4
    worker = worker_process(*QUICK_START, **env)
    bell()
    wait_until(lambda: len(mailbox.ids()) >= 2, "two letters were taken")
    kill(worker)
    taken = mailbox.ids()
    assert not all_sent()
    assert Delivery.objects.exclude(leased_until=None).count() == 6

    clock.forward(1)  # the leases run out
    mailbox.pause = 0.0
    successor = worker_process(*QUICK_START, **env)
    bell()
    wait_until(all_sent, "all marked")
    assert set(mailbox.ids()) == set(letters)
    repeated = {letter for letter, times in Counter(mailbox.ids()).items() if times == 2}
    assert repeated == set(taken)  # sent, but not marked: again, and recognisably the same
    kill(successor)


def test_doorbell_rings_after_the_commit_and_not_without_one(
    env: dict[str, str], bell: Callable[[], None], own_redis: OwnRedis
) -> None:
    def waiting() -> int:
        with doorbell.current_app.connection_for_read() as broker:
            return broker.default_channel.client.llen("celery")

    with transaction.atomic():
        bell()
        assert waiting() == 0
    assert waiting() == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bell()
        raise ZeroDivisionError
    assert waiting() == 1


@pytest.fixture(params=["refuses", "is silent"])
def useless_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Nobody listens there; or somebody does who never answers, as behind some firewalls."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            door.listen()
        yield door.getsockname()[1]


def test_doorbell_without_broker_costs_one_short_wait(
    useless_port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = Celery("test", broker=f"redis://127.0.0.1:{useless_port}/0", set_as_current=False)
    monkeypatch.setattr(doorbell, "current_app", away)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    began = time.monotonic()
    for _again in range(100):
        doorbell.ring()
    assert time.monotonic() - began < 3
    assert [record.levelname for record in caplog.records if record.name == doorbell.log.name] == ["WARNING"]
