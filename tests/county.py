"""The published plan of 平罗县 as rows: made once a process through the real doors, then put back as it was written.

Hundreds of tests begin with it, and publishing costs ten times what its rows cost.
"""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from accounts.models import Region
from workflow import demo

Rows = tuple[str, list[Any]]  # an INSERT and its values
_written: dict[datetime, list[Rows]] = {}


def publish_county(now: datetime) -> None:
    """The plan as published at that moment, with its county's people, in a database that has neither."""
    if Region.objects.filter(code=demo.REGION["code"]).exists():
        raise ValueError("the county is there already")
    if now not in _written:
        demo.publish_plan(demo.load_county(), now=now)
        _written[now] = [rows for model in _tables() if (rows := _read(model._meta.db_table))]
        return
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at its end
        for insert, values in _written[now]:
            cursor.execute(insert, values)


def _tables() -> list[Any]:
    ours = [apps.get_app_config(label) for label in ("accounts", "notifications", "workflow")]
    return [model for app in ours for model in app.get_models(include_auto_created=True)]


def _read(table: str) -> Rows | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        columns = [connection.ops.quote_name(column[0]) for column in cursor.description]
        rows = cursor.fetchall()
    if not rows:
        return None
    marks = f"({', '.join(['%s'] * len(columns))})"
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(rows))}"
    return insert, [value for row in rows for value in row]
