"""Is the whole of it alive: database, broker, worker and beat. Answers without log-in, so it tells nothing else."""

import logging
import os
from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from workflow.models import Heartbeat

STALE = timedelta(seconds=90)  # heartbeats come every 20 s; three may be missed
PATIENCE = 1.0  # seconds the broker has to answer
OK, FAILING = "ok", "failing"
log = logging.getLogger(__name__)


def health() -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and {"status", "database", "broker": ok|failing, "worker_age", "beat_age": seconds|null}."""
    heartbeats = _heartbeats()
    ages = {name: _age(heartbeats, name) for name in ("worker", "beat")}
    alive = all(age is not None and age <= STALE.total_seconds() for age in ages.values())
    broker = _broker_answers()
    ok = heartbeats is not None and broker and alive
    return ok, {
        "status": OK if ok else FAILING,
        "database": FAILING if heartbeats is None else OK,
        "broker": OK if broker else FAILING,
        "worker_age": ages["worker"],
        "beat_age": ages["beat"],
    }


def _heartbeats() -> dict[str, datetime] | None:
    """When worker and beat were last seen; None if the database does not answer."""
    try:
        return dict(Heartbeat.objects.values_list("name", "at"))
    except (DatabaseError, InterfaceError) as error:
        log.error("health: the database does not answer (%s)", type(error).__name__)
        return None


def _age(heartbeats: dict[str, datetime] | None, name: str) -> float | None:
    seen = (heartbeats or {}).get(name)
    return None if seen is None else round(max(0.0, (timezone.now() - seen).total_seconds()), 1)


def _broker_answers() -> bool:
    if not settings.REDIS_URL:
        return os.access(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"], os.W_OK | os.X_OK)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=None
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError) as error:
        log.error("health: the broker does not answer (%s)", type(error).__name__)
        return False
