"""What every test shares. Which servers a run uses is decided in tests/settings.py, before Django is set up."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase

from tests.services.processes import OwnRedis, celery, environment, missing, process
from workflow.models import triggers

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


# Where a verdict hangs on the run, the same tree always tries the same examples; elsewhere new ones each time.
hypothesis.settings.register_profile("verdict", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("verdict")


def pytest_report_header() -> str:
    return f"luoshi: tests run on {os.environ.get('LUOSHI_TEST_ON')}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and CHROMIUM is None:
        missing("Chromium is not installed")
    if item.get_closest_marker("services") and not os.environ["DATABASE_URL"]:
        missing(f"this run is on {os.environ['LUOSHI_TEST_ON']}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not django_settings.REDIS_URL:
        return  # the controller cleans up after all
    with suppress(redis.RedisError), redis.Redis.from_url(django_settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{django_settings.REDIS_PREFIX}*"):
            client.delete(key)


@pytest.fixture(autouse=True)
def _own_folders(settings: Any) -> None:
    """Evidence of one test is not found by the next. The folder appears when something is stored."""
    settings.EVIDENCE_DIR = settings.VAR_DIR / "evidence" / uuid4().hex


@pytest.fixture(autouse=True, scope="session")
def _journal_can_be_emptied() -> Iterator[None]:
    """A transactional test empties all tables at its end, which the journal's triggers refuse: lifted for that only."""
    flush = TransactionTestCase._fixture_teardown

    def lifted(case: TransactionTestCase) -> None:
        run(triggers.DROP)
        try:
            flush(case)
        finally:
            run(triggers.CREATE)

    def run(statements: dict[str, list[str]]) -> None:
        with connection.cursor() as cursor:
            for statement in statements[connection.vendor]:
                cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
        yield


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """A running Redis of the test's own."""
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def worker_process(tmp_path: Path) -> Iterator[Callable[..., Popen[bytes]]]:
    """Starts a Celery worker: `worker_process(DATABASE_URL=…, REDIS_URL=…)`; further arguments go to the worker.

    It uses config.settings and its own LUOSHI_VAR unless told another; its output is in `worker.log` of tmp_path.
    """
    with ExitStack() as started:

        def start(*arguments: str, **env: str | Path) -> Popen[bytes]:
            command = celery("worker", "--concurrency", "1", "--loglevel", "INFO", *arguments)
            variables = environment(**({"LUOSHI_VAR": tmp_path} | env))
            return started.enter_context(process(command, variables, tmp_path / "worker.log"))

        yield start


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, quiet: it looks up no host and keeps nothing."""
    quiet = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
    quiet += ["disable-component-update", "disable-sync"]
    return {"executable_path": CHROMIUM, "headless": True, "args": [f"--{word}" for word in quiet]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
