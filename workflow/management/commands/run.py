"""The demo in one process tree: web and clock, on loopback, with everything it keeps under LUOSHI_VAR.

A supervisor of two children, not a server: each child leads a process group of its own, so that Ctrl-C (which a
terminal sends to everyone in the foreground) reaches them once, through here, and so that none is left behind.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import demo

HOST = "127.0.0.1"
PATIENCE = 15  # seconds that a child has to finish what it is doing

NAMES = {"web": "网页服务 (web)", "clock": "时钟 (Celery)"}


class Command(BaseCommand):
    help = "Prepares the demo and runs it: web, Celery worker and beat."
    requires_system_checks: list[str] = []  # migrate runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: PORT, else 8000")

    def handle(self, *args: Any, port: str, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("`run` is the demo and refuses in production; docker-compose.yml shows what runs there.")
        with listening(port) as door:
            try:
                self.say("准备中…… (preparing)")
                prepare()
            except KeyboardInterrupt:
                raise CommandError("已中断，再次启动即可。(Interrupted; start it again.)") from None
            self.serve(door, door.getsockname())

    def serve(self, door: socket.socket, address: tuple[str, int]) -> None:
        asked = requests_to_stop()
        children = {name: start(command, door) for name, command in commands(door).items()}
        door.close()  # the web server holds the port now: when it goes, the port is free
        welcomed = False
        dead: list[str] = []
        while not asked and not dead:
            if not welcomed and answers(address):
                self.welcome("http://{}:{}/".format(*address))
                welcomed = True
            time.sleep(0.2)
            dead = ended(children)
        if asked:
            self.say("正在停止…… (stopping)")
        stop(children, asked)
        if dead and not asked:
            code = children[dead[0]].returncode
            raise CommandError(
                f"{NAMES[dead[0]]} 意外退出，已全部停止。(It ended by itself with {code}; all is stopped.)"
            )
        self.say("已停止，数据保留。(Stopped; the data stays.)")

    def welcome(self, url: str) -> None:
        self.say("", f"落实 已启动，请在浏览器打开 (Luoshi is running, open)  {url}")
        self.say("演示人员，在登录页点选即可进入，不需要密码 (demo people: pick one on the log-in page, no password):")
        cast, _rest = demo.people()
        for heading, note, people in cast:
            self.say(f"  {heading}{f'（{note}）' if note else ''}")
            self.say(*(f"    {person.username} — {person.name} — {person.post}" for person in people))
        self.say(f"数据目录 (data): {settings.VAR_DIR}", "按 Ctrl-C 停止 (Ctrl-C stops it).", "")

    def say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


def listening(port: str) -> socket.socket:
    """A socket that holds the port, so that nobody takes it while we prepare."""
    door = socket.socket()
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
        door.bind((HOST, int(port)))
        door.listen(128)
    except (ValueError, OverflowError):
        door.close()
        raise CommandError(f"PORT must be a number from 0 to 65535, not {port!r}.", returncode=2) from None
    except OSError as error:
        door.close()
        raise CommandError(
            f"端口 {port} 不可用，请换一个：make run PORT=8001 (port {port} cannot be used: {error.strerror})."
        ) from None
    return door


def prepare() -> None:
    """Everything the demo keeps, made where it is missing."""
    for folder in (settings.VAR_DIR, settings.EVIDENCE_DIR, Path(settings.STATIC_ROOT), *broker_folders()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("compilemessages")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("demo", quiet=True)


def broker_folders() -> list[Path]:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return [Path(options[key]) for key in ("data_folder_in", "data_folder_out", "control_folder") if key in options]


def requests_to_stop() -> list[int]:
    """A list that fills as signals ask us to stop."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    return asked


def commands(door: socket.socket) -> dict[str, list[str]]:
    """Modules, not scripts: the first line of an installed script breaks where the path has a space."""
    web = ["gunicorn", "config.wsgi", "--bind", f"fd://{door.fileno()}", "--worker-class", "gthread", "--threads", "8"]
    web += ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", "5"]
    clock = ["celery", "--quiet", "-A", "config", "worker", "-B", "--concurrency", "1", "--loglevel", "WARNING"]
    clock += ["--without-gossip", "--without-mingle"]
    return {name: [sys.executable, "-m", *rest] for name, rest in (("web", web), ("clock", clock))}


def start(command: list[str], door: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own command line
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=[door.fileno()] if "gunicorn" in command else [],
    )


def ended(children: dict[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def answers(address: tuple[str, int]) -> bool:
    connection = http.client.HTTPConnection(*address, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    return False


def stop(children: dict[str, subprocess.Popen[bytes]], asked: list[int]) -> None:
    """Asks each child to finish, waits, then ends what is left of its group. A second Ctrl-C does not wait."""
    for child in children.values():
        with suppress(ProcessLookupError):
            child.terminate()
    already, until = len(asked), time.monotonic() + PATIENCE
    while time.monotonic() < until and len(asked) == already and len(ended(children)) < len(children):
        time.sleep(0.1)
    for child in children.values():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
