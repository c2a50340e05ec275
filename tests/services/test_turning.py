"""Rounds on PostgreSQL: two ticks at once, a worker killed half-way, and what the tick costs when nothing is due."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from subprocess import Popen
from zoneinfo import ZoneInfo

import psycopg
import pytest
from celery import Celery
from django.db import connection
from django.utils import timezone

from tests.services.processes import OwnRedis, wait_until
from tests.services.test_celery import QUICK_START, env, kill, mailbox
from tests.services.test_races import at_once
from tests.services.test_sweep_killed import DISPATCHED, waiting_for_a_lock
from workflow import clock, demo, queries, turning
from workflow.models import JournalEntry, Round, SubItem
from workflow.turning import turn_rounds

__all__ = ["env", "mailbox"]  # fixtures
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
LATE = datetime(2025, 1, 1, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ONGOING, ENDED = 15, 3  # items in rounds; rounds of each that end before LATE


@pytest.fixture
def county(transactional_db: None) -> None:
    demo.publish_plan(demo.load_county(), now=DISPATCHED)


def every_round_once() -> bool:
    numbers = Counter(Round.objects.values_list("number", flat=True))
    lapses = Counter(JournalEntry.objects.filter(action="lapse").values_list("item", flat=True))
    return (
        numbers == dict.fromkeys(range(1, ENDED + 1), ONGOING)
        and set(lapses.values()) == {ENDED}
        and set(SubItem.objects.filter(kind="ongoing").values_list("round_no", flat=True)) == {ENDED + 1}
        and queries.verify_journal().broken == []
    )


def test_ticks_at_once_turn_each_round_once(county: None) -> None:
    assert at_once(*[lambda: turn_rounds(now=LATE)] * 3) == {"ok": 3}
    assert every_round_once()
    assert turn_rounds(now=LATE).moves == 0


def test_a_worker_killed_half_way_turns_each_round_once(
    env: dict[str, str], worker_process: Callable[..., Popen[bytes]], own_redis: OwnRedis
) -> None:
    clock.start_demo(timezone.now())
    demo.publish_plan(demo.load_county(), now=DISPATCHED)
    clock.forward((LATE - DISPATCHED).days + 1)
    tick = Celery("test", broker=own_redis.url, set_as_current=False)
    middle = list(turning.due(clock.now()))[ONGOING // 2]
    with psycopg.connect(env["DATABASE_URL"]) as blocker:
        blocker.execute("SELECT 1 FROM workflow_subitem WHERE id = %s FOR UPDATE", [middle])
        worker = worker_process(*QUICK_START, **env)
        tick.send_task("workflow.turn_rounds")
        wait_until(waiting_for_a_lock, "the tick has come to the item in the middle")
        kill(worker)
    wait_until(lambda: not waiting_for_a_lock(), "the server has noticed")
    assert 0 < Round.objects.count() < ONGOING * ENDED

    worker = worker_process(*QUICK_START, **env)
    tick.send_task("workflow.turn_rounds")
    wait_until(lambda: Round.objects.count() == ONGOING * ENDED, "the rest is made up for")
    kill(worker)
    assert every_round_once()


def test_when_nothing_is_due_no_table_is_read_through(county: None) -> None:
    columns = [field.column for field in SubItem._meta.concrete_fields if not field.primary_key]
    copied = ", ".join({"uid": "gen_random_uuid()", "number": "i.number || '-' || n"}.get(c, f"i.{c}") for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO workflow_subitem ({', '.join(columns)}) "
            f"SELECT {copied} FROM workflow_subitem i CROSS JOIN generate_series(1, 200) n"
        )
        cursor.execute("ANALYZE workflow_subitem")
    plan = turning.due(DISPATCHED).explain()
    assert "item_turn" in plan and "Seq Scan" not in plan
    assert list(turning.due(DISPATCHED)) == []
