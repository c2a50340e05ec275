"""A real worker killed in the middle of a sweep: nothing half-raised, and nothing twice afterwards."""

from collections.abc import Callable
from datetime import datetime
from subprocess import Popen
from zoneinfo import ZoneInfo

import psycopg
import pytest
from celery import Celery
from django.db import connection
from django.utils import timezone

from notifications.models import Message
from tests.county import publish_county
from tests.services.processes import OwnRedis, wait_until
from tests.services.test_celery import QUICK_START, env, kill, mailbox
from workflow import clock
from workflow.models import Escalation, Heartbeat

__all__ = ["env", "mailbox"]  # fixtures
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
DISPATCHED = datetime(2021, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_worker_killed_while_it_sweeps_raises_all_once(
    env: dict[str, str], worker_process: Callable[..., Popen[bytes]], own_redis: OwnRedis
) -> None:
    clock.start_demo(timezone.now())
    publish_county(DISPATCHED)
    clock.forward(7)  # all 48 are unsigned by now
    tick = Celery("test", broker=own_redis.url, set_as_current=False)
    with psycopg.connect(env["DATABASE_URL"]) as blocker:
        blocker.execute("LOCK TABLE notifications_message IN EXCLUSIVE MODE")  # the sweep stops at its first message
        worker = worker_process(*QUICK_START, **env)
        tick.send_task("workflow.sweep")
        wait_until(waiting_for_a_lock, "the sweep has written and waits to tell")
        kill(worker)
    wait_until(lambda: not waiting_for_a_lock(), "the server has noticed")
    assert (Escalation.objects.count(), Message.objects.filter(kind="escalation").count()) == (0, 0)

    worker = worker_process(*QUICK_START, **env)
    tick.send_task("workflow.sweep")
    wait_until(lambda: Escalation.objects.count() == 48, "the sweep is made up for")
    tick.send_task("workflow.sweep")
    tick.send_task("workflow.heartbeat")
    wait_until(Heartbeat.objects.exists, "the second one is behind, too")
    kill(worker)
    assert Escalation.objects.count() == 48
    keys = list(Message.objects.filter(kind="escalation").values_list("dedupe_key", flat=True))
    assert keys and len(keys) == len(set(keys))
