"""A database of a benchmark's own on the server of DATABASE_URL, else the local PostgreSQL; dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/luoshi"


@contextmanager
def own_database() -> Iterator[str]:
    """Make a database, point DATABASE_URL at it before Django reads its settings, and drop it again."""
    name, server = f"luoshi_bench_{uuid4().hex[:8]}", SERVER.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = f"{server}/{name}"
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
