"""Tells the workers that something waits to be done. Only a doorbell: when it is lost, the next tick finds the work."""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction

TASK = "workflow.deliver"
EXPIRES = 55  # seconds; by then the tick has come by
DEAF = 30.0  # seconds without ringing once the broker did not answer, so that a request waits for it seldom
# The pool's connections try for seconds to reach a broker that is away; here one short try is enough.
HURRY = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
log = logging.getLogger(__name__)
_silent_until = 0.0


def ring(task: str = TASK) -> None:
    """Once the current transaction is committed, ask a worker to look. Never raises, and waits for seconds at most."""
    transaction.on_commit(partial(_ring, task), robust=True)


def _ring(task: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        options = {**current_app.conf.broker_transport_options, **HURRY}
        with current_app.connection(connect_timeout=1, transport_options=options) as broker:
            current_app.send_task(task, connection=broker, retry=False, expires=EXPIRES, ignore_result=True)
    except Exception as error:
        # The transports raise whatever their libraries raise; what happened before is committed and must stand.
        _silent_until = time.monotonic() + DEAF
        log.warning("doorbell: the broker does not answer (%s), the next tick will do it", type(error).__name__)
