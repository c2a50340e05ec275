"""Processes of a test's own, each ended by its id, and what a missing service means."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def missing(reason: str) -> None:
    """Skips the test with the reason; where services are required, fails it."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"REQUIRE_SERVICES is set, but {reason}", pytrace=False)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def wait_until(true: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Returns once `true()`; raises TimeoutError naming `what` after that many seconds."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.05)


def environment(**changes: str | Path) -> dict[str, str]:
    """What a process of its own sees: the application's settings, not those of the test run, plus `changes`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LUOSHI_", "DJANGO_"))}
    for name in ("DATABASE_URL", "REDIS_URL"):
        kept[name] = ""  # embedded, unless told otherwise; empty also hides what a .env says
    return kept | {"DJANGO_SETTINGS_MODULE": "config.settings"} | {name: str(value) for name, value in changes.items()}


def manage(*arguments: str, env: Mapping[str, str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments, in a process of its own; it must succeed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


@contextmanager
def process(command: list[str], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, with its output in `log`; the whole group ends with the block."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", *arguments]


class OwnRedis:
    """A Redis server on a free port that a test may stop, kill and start again."""

    def __init__(self, folder: Path) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            missing("redis-server is not installed")
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [
            str(binary),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "redis.log").open("ab") as log:
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self.answers, "redis-server answers")

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client, suppress(redis.RedisError):
            return bool(client.ping())
        return False

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """Ends the server; with SIGKILL, as a crash would."""
        if self._child is not None:
            self._child.send_signal(signal_number)
            self._child.wait(20)
            self._child = None
