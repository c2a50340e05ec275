"""Several plain SQL writes as one statement: a round trip and a plan less for each, where the database can.

The only place that knows which database it is on: PostgreSQL joins them as data-modifying CTEs, SQLite, which has
none, runs them in turn. Both inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

Statement = tuple[str, Sequence[Any]]


def update_of(row: models.Model, names: Iterable[str]) -> Statement:
    """UPDATE of these fields of a row that exists."""
    fields = [row._meta.get_field(name) for name in names]
    columns = tuple(field.column for field in fields)  # type: ignore[union-attr]
    return _update(row._meta.db_table, columns), [*_values(row, fields), row.pk]


def insert_of(row: models.Model) -> Statement:
    """INSERT of a new row whose key the database makes."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return _insert(row._meta.db_table, tuple(field.column for field in fields)), _values(row, fields)


def write_together(*statements: Statement | None) -> None:
    """Run the statements given; None stands for nothing to write."""
    wanted = [statement for statement in statements if statement is not None]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for sql, args in wanted:
                cursor.execute(sql, args)
            return
        cursor.execute(_joined(tuple(sql for sql, _args in wanted)), [value for _sql, args in wanted for value in args])


def _values(row: models.Model, fields: Iterable[Any]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@lru_cache(maxsize=64)
def _update(table: str, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s"  # noqa: S608 - names


@lru_cache(maxsize=64)
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 - names


@lru_cache(maxsize=256)
def _joined(statements: tuple[str, ...]) -> str:
    parts = ", ".join(f"w{place} AS ({sql})" for place, sql in enumerate(statements))
    return f"WITH {parts} SELECT 1"
