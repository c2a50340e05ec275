"""Celery's doors: the clock's ticks. Each can be lost or run twice without harm; what must not be lost is in rows."""

from datetime import datetime
from typing import Any

from celery import Task, shared_task
from celery.signals import before_task_publish
from django.utils import timezone

from notifications.delivery import deliver as deliver_letters
from workflow import clock, long_work, turning
from workflow.actions import escalations
from workflow.models import Heartbeat

HEARTBEAT = "workflow.heartbeat"
SENT_AT = "sent_at"


@shared_task(name="workflow.sweep")
def sweep() -> None:
    escalations.sweep(now=clock.now())


@shared_task(name="workflow.turn_rounds", soft_time_limit=600, time_limit=660)
def turn_rounds() -> None:
    """Within minutes on the first day of a year, when all rounds turn; the rest of the year it finds nothing."""
    turning.turn_rounds(now=clock.now())


@shared_task(name="workflow.deliver")
def deliver() -> None:
    deliver_letters(clock.now())


@shared_task(name=long_work.TASK, soft_time_limit=600, time_limit=660)
def do_long_work() -> None:
    long_work.do_waiting(now=clock.now())


@shared_task(name=HEARTBEAT, bind=True)
def heartbeat(self: Task) -> None:
    """Signs of life in real time: the worker's is now, the beat's is when it published this tick."""
    seen = [Heartbeat(name="worker", at=timezone.now())]
    if sent_at := self.request.get(SENT_AT):
        seen.append(Heartbeat(name="beat", at=datetime.fromisoformat(sent_at)))
    Heartbeat.objects.bulk_create(seen, update_conflicts=True, unique_fields=["name"], update_fields=["at"])


@before_task_publish.connect(sender=HEARTBEAT)
def stamp(headers: dict[str, Any], **_signal: Any) -> None:
    """Runs in the process that publishes, which is the beat."""
    headers[SENT_AT] = timezone.now().isoformat()
