"""What docker-compose.yml says, run without Docker on the local PostgreSQL and a Redis of our own."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
import yaml
from psycopg import sql

from tests.services.processes import ROOT, OwnRedis, environment, free_port, manage, process, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")
GIVEN = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ".luoshi.example,other.example",
    "SITE_URL": "https://www.luoshi.example",
    "EMAIL_URL": "dummymail://",
    "OWNER_DB_PASSWORD": "owner0password",
    "WEB_DB_PASSWORD": "web0password",
}


def filled(text: str) -> str:
    """What compose puts in for ${NAME}, ${NAME:-default} and ${NAME:?why}."""

    def value(found: re.Match[str]) -> str:
        name, kind, default = found.groups()
        if kind == "-":
            return GIVEN.get(name, default)
        return GIVEN[name]

    return VARIABLE.sub(value, text)


@dataclass
class Database:
    admin: str  # URL of a role that may create databases and roles
    name: str
    web: str  # the restricted role

    def url(self, user: str = "", password: str = "") -> str:
        parts = urlsplit(self.admin)
        login = f"{user}:{password}" if user else parts.netloc.rpartition("@")[0]
        return f"postgres://{login}@{parts.netloc.rpartition('@')[2]}/{self.name}"


@pytest.fixture
def database() -> Iterator[Database]:
    """A database of its own, made as the database container makes it: empty, with the role of deploy/db-init.sh."""
    mark = uuid4().hex[:8]
    database = Database(os.environ["DATABASE_URL"], f"luoshi_compose_{mark}", f"luoshi_web_{mark}")
    admin = database.admin.rpartition("/")[0] + "/postgres"
    name, role = sql.Identifier(database.name), sql.Identifier(database.web)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            init(database)
            yield database
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))


def init(database: Database) -> None:
    parts = urlsplit(database.admin)
    env = os.environ | {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGPASSWORD": parts.password or "",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_DB": database.name,
        "WEB_DB_USER": database.web,
        "WEB_DB_PASSWORD": GIVEN["WEB_DB_PASSWORD"],
    }
    subprocess.run(["sh", "deploy/db-init.sh"], cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.fixture
def migrated(database: Database) -> Database:
    """As the migrate service leaves it."""
    words = SERVICES["migrate"]["command"][2].replace("luoshi_web", database.web)
    for step in words.split(" && "):
        manage(*step.split()[2:], env=seen_by("migrate", DATABASE_URL=database.url()))
    return database


def seen_by(service: str, **changes: str | Path) -> dict[str, str]:
    declared = {name: filled(str(value)) for name, value in SERVICES[service]["environment"].items()}
    return environment(**(declared | {"EVIDENCE_DIR": "/nonexistent"} | changes))


def command(service: str) -> list[str]:
    program, *rest = SERVICES[service]["command"]
    assert program == "python"
    return [sys.executable, *rest]


def test_nothing_has_a_default_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    demanded = {name for name, kind, _ in VARIABLE.findall(text) if kind == "?"}
    assert demanded == set(GIVEN)
    optional = {name for name, kind, _ in VARIABLE.findall(text) if kind != "?"}
    assert not {name for name in optional if re.search("KEY|PASSWORD|SECRET|TOKEN", name)}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE))
    assert demanded | optional <= named
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"(?:env\.\w+|demanded)\(\s*\"([A-Z_]+)\"", settings))
    assert read <= named


def test_every_service_waits_for_what_it_needs_and_stops_in_time() -> None:
    for name in ("web", "worker", "beat"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["db"] == waits["redis"] == {"condition": "service_healthy"}
        assert SERVICES[name]["read_only"] is True
    for name in ("db", "redis", "web"):
        assert SERVICES[name]["healthcheck"]["test"]
    assert int(SERVICES["worker"]["stop_grace_period"].rstrip("s")) > 90
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"CMD {SERVICES['web']['command']}".replace("'", '"') in image


@pytest.mark.services
def test_the_web_role_can_only_add_to_the_journal(migrated: Database) -> None:
    with psycopg.connect(migrated.url(migrated.web, GIVEN["WEB_DB_PASSWORD"]), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM workflow_journalentry").fetchone() == (0,)
        refused = (
            "UPDATE workflow_journalentry SET comment = ''",
            "DELETE FROM workflow_journalentry",
            "TRUNCATE workflow_journalentry",
            "TRUNCATE workflow_subitem CASCADE",
            "ALTER TABLE workflow_journalentry DISABLE TRIGGER ALL",
            "DROP TRIGGER journal_append_only_row ON workflow_journalentry",
            "DROP TABLE workflow_journalentry",
            "CREATE TABLE mine (id int)",
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        )
        for statement in refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        allowed = connection.execute("SELECT has_table_privilege('workflow_journalentry', 'INSERT')").fetchone()
        assert allowed == (True,)


@pytest.mark.services
def test_the_containers_commands_make_a_healthy_installation(
    migrated: Database, own_redis: OwnRedis, tmp_path: Path
) -> None:
    port = free_port()
    changes = {
        "DATABASE_URL": migrated.url(migrated.web, GIVEN["WEB_DB_PASSWORD"]),
        "REDIS_URL": own_redis.url,
        "LUOSHI_VAR": tmp_path,
        "EVIDENCE_DIR": tmp_path / "evidence",
        "PORT": str(port),
    }
    (tmp_path / "evidence").mkdir()
    manage("collectstatic", "--no-input", env=seen_by("web", **changes))
    schedule = str(tmp_path / "beat-schedule")
    processes = {
        "web": [*command("web"), "--bind", f"127.0.0.1:{port}"],
        "worker": command("worker"),
        "beat": [schedule if word.endswith("/beat-schedule") else word for word in command("beat")],
    }
    healthy = SERVICES["web"]["healthcheck"]["test"]
    assert healthy[:2] == ["CMD", "python"]

    def answer() -> bool:
        check = [sys.executable, *healthy[2:]]
        return subprocess.run(check, cwd=ROOT, env=seen_by("web", **changes), capture_output=True).returncode == 0

    def head(path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path, headers={"Host": "www.luoshi.example"} | headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")

    try:
        with ExitStack() as running:
            for name, words in processes.items():
                running.enter_context(process(words, seen_by(name, **changes), tmp_path / f"{name}.log"))
            wait_until(answer, "health turns 200", 90)
            # Plain http is sent to https; what came through the county's TLS proxy is served.
            status, location = head("/accounts/login/")
            assert (status, location) == (301, "https://www.luoshi.example/accounts/login/")
            status, _ = head("/accounts/login/", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
            assert status == 200
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request(
                "GET", "/accounts/login/", headers={"Host": "evil.example", "X-Forwarded-Proto": "https"}
            )
            assert connection.getresponse().status == 400
    except TimeoutError as late:
        logs = "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted(tmp_path.glob("*.log")))
        raise AssertionError(f"{late}\n{logs}") from late
