"""The settings of a test run: on PostgreSQL and Redis where both can be used, else embedded.

Chosen once, before Django reads anything; the choice travels to xdist's workers in the environment.
`LUOSHI_TEST_EMBEDDED=1` asks for the embedded set-up although the servers are there.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import redis

LOCAL_DATABASE = "postgres://postgres@127.0.0.1:5432/luoshi"
LOCAL_REDIS = "redis://127.0.0.1:6379/0"


def database_refusal(url: str) -> str:
    """Why no test database can be made there, or an empty string."""
    server, _, _ = url.partition("?")
    try:
        with psycopg.connect(server.rpartition("/")[0] + "/postgres", connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return "" if row and row[0] else "the role may not create databases"


def redis_refusal(url: str) -> str:
    """Why that Redis cannot be used, or an empty string."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        return str(error)
    return ""


def choose() -> None:
    folder = tempfile.mkdtemp(prefix="luoshi-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = os.environ.get("DATABASE_URL") or LOCAL_DATABASE
    broker = os.environ.get("REDIS_URL") or LOCAL_REDIS
    if os.environ.get("LUOSHI_TEST_EMBEDDED"):
        refusal = "as LUOSHI_TEST_EMBEDDED asks"
    elif problem := database_refusal(database):
        refusal = f"as no database can be created: {problem}"
    elif problem := redis_refusal(broker):
        refusal = f"as Redis does not answer: {problem}"
    else:
        refusal = ""
    os.environ.update(
        LUOSHI_ENV="demo",  # whatever a .env says
        LUOSHI_TEST_FOLDER=folder,
        LUOSHI_TEST_ON=f"SQLite and the file broker, {refusal}" if refusal else "PostgreSQL and Redis",
        DATABASE_URL="" if refusal else database,
        REDIS_URL="" if refusal else broker,
        # Playwright runs an event loop in the test's thread; the tests use the ORM beside it, never inside it.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )


if "LUOSHI_TEST_FOLDER" not in os.environ:
    choose()
RUN = Path(os.environ["LUOSHI_TEST_FOLDER"])
os.environ["LUOSHI_VAR"] = str(RUN / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
os.environ.pop("EVIDENCE_DIR", None)
os.environ.pop("EMAIL_URL", None)

from config.settings import *  # noqa: E402, F403  (reads the environment set above)
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, EVIDENCE_DIR, REDIS_URL, VAR_DIR  # noqa: E402

for _folder in (VAR_DIR, VAR_DIR / "static", VAR_DIR / "broker", VAR_DIR / "broker-control", EVIDENCE_DIR):
    _folder.mkdir(mode=0o700, parents=True, exist_ok=True)

# Names of this run's own, so that two runs on one server do not meet. SQLite in a file, not in memory: threads and
# a live server then wait for each other as they do in the embedded set-up.
_name = RUN.name.replace("-", "_")
DATABASES["default"]["TEST"] = {"NAME": f"test_{_name}" if os.environ["DATABASE_URL"] else str(VAR_DIR / "test.db")}
REDIS_PREFIX = f"{RUN.name}:"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = REDIS_PREFIX

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; no real password is near
