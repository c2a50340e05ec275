"""The embedded set-up as a newcomer gets it: SQLite, file broker and `run`, in processes of their own."""

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.services.processes import environment, free_port, manage, process, wait_until


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a set-up whose path has a space and Chinese characters."""
    folder = tmp_path_factory.mktemp("embedded") / "落实 数据"
    folder.mkdir()
    return environment(LUOSHI_VAR=folder)


class Demo:
    """`manage.py run`, seen from outside."""

    def __init__(self, child: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.child, self.port, self.log = child, port, log

    @property
    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read()

    def health(self) -> int:
        return self.get("/api/v1/health")[0]

    def stop(self, number: int = signal.SIGINT) -> int:
        self.child.send_signal(number)
        return self.child.wait(40)


@pytest.fixture
def run(embedded: dict[str, str], tmp_path: Path) -> Callable[[], Iterator[Demo]]:
    @contextmanager
    def started() -> Iterator[Demo]:
        port = free_port()
        log = tmp_path / f"run-{port}.log"
        env = embedded | {"PORT": str(port), "PYTHONUNBUFFERED": "1"}
        with process([sys.executable, "manage.py", "run"], env, log) as child:
            demo = Demo(child, port, log)
            ready = lambda: "Ctrl-C" in demo.printed or child.poll() is not None  # noqa: E731
            wait_until(ready, "run says that it runs", 120)
            assert child.poll() is None, demo.printed
            assert f"http://127.0.0.1:{port}/" in demo.printed
            yield demo

    return started


def descendants(pid: int) -> set[int]:
    """Every process below this one."""
    below: dict[int, list[int]] = {}
    for line in subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        child, parent = map(int, line.split())
        below.setdefault(parent, []).append(child)
    found, queue = set(), [pid]
    while queue:
        children = below.get(queue.pop(), [])
        found.update(children)
        queue.extend(children)
    return found


def alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def everyone_gone(pids: set[int]) -> bool:
    return not any(map(alive, pids))


def items(env: dict[str, str]) -> int:
    with closing(sqlite3.connect(Path(env["LUOSHI_VAR"]) / "luoshi.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM workflow_subitem").fetchone()[0])


def test_commands(embedded: dict[str, str]) -> None:
    manage("migrate", "--no-input", env=embedded)
    manage("demo", env=embedded)
    swept = json.loads(manage("sweep", "--format", "json", env=embedded).stdout)
    assert swept["examined"] >= swept["raised"] >= 0
    verified = json.loads(manage("verify_journal", "--format", "json", env=embedded).stdout)
    assert verified["broken"] == []
    assert verified["entries"] >= 48


def test_run_serves_stops_and_keeps_its_data(run: Callable[[], Iterator[Demo]], embedded: dict[str, str]) -> None:
    with run() as demo:
        assert len(re.findall(r"^    \S+ — \S+ — .+$", demo.printed, re.MULTILINE)) >= 5, demo.printed
        status, location, _ = demo.get("/")
        assert (status, location.split("?")[0]) == (302, "/accounts/login/")
        status, _, page = demo.get(location)
        assert status == 200
        assert "登录" in page.decode()
        wait_until(lambda: demo.health() == 200, "health is 200, with worker and beat", 60)
        before = items(embedded)
        family = descendants(demo.child.pid)
        assert len(family) >= 4
        assert demo.stop(signal.SIGINT) == 0
        wait_until(lambda: everyone_gone(family), "every child has ended", 10)
    assert before == 48
    for folder in ("evidence", "broker"):
        assert (Path(embedded["LUOSHI_VAR"]) / folder).stat().st_mode & 0o777 == 0o700
    with run() as again:
        assert items(embedded) == before
        family = descendants(again.child.pid)
        assert again.stop(signal.SIGTERM) == 0
        wait_until(lambda: everyone_gone(family), "every child has ended", 10)


def test_run_ends_as_a_whole_when_a_child_dies(run: Callable[[], Iterator[Demo]]) -> None:
    with run() as demo:
        family = descendants(demo.child.pid)
        listing = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(demo.child.pid)], capture_output=True, text=True
        )
        clock = next(int(line.split()[0]) for line in listing.stdout.splitlines() if "celery" in line)
        os.kill(clock, signal.SIGKILL)
        assert demo.child.wait(40) == 1
        wait_until(lambda: everyone_gone(family), "every child has ended", 10)
        assert "意外退出" in demo.printed
