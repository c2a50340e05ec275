"""The only door into the outbox: `put` writes messages inside the caller's transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Audience:
    """Whom a message concerns: people by name, and whoever holds these posts as (unit id, role) when it is put.

    `roles` are regional: (region id, role), for inspectors and leaders, who have no single unit.
    """

    people: frozenset[int] = frozenset()
    posts: frozenset[tuple[int, str]] = frozenset()
    roles: frozenset[tuple[int, str]] = frozenset()

    def __or__(self, other: "Audience") -> "Audience":
        return Audience(self.people | other.people, self.posts | other.posts, self.roles | other.roles)

    def __bool__(self) -> bool:
        return bool(self.people or self.posts or self.roles)


NOBODY = Audience()


def put(kind: str, *, to: Audience, **said: Any) -> int:
    """Write one message for each active person of `to`; returns how many were new. Arguments as for `insertion`."""
    statement = insertion(kind, to=to, **said)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return int(cursor.rowcount)


@dataclass(frozen=True)
class Notice:
    """One thing to tell to an audience, among several that are told at once."""

    kind: str
    to: Audience
    link: str
    context: Mapping[str, Any]
    dedupe: str


def put_all(notices: Iterable[Notice], *, at: datetime, not_to: int | None = None) -> int:
    """As `put`, for several notices in one statement; returns how many messages were new."""
    selections = [_selection(each, at, instant=False, not_to=not_to) for each in notices if each.to]
    if not selections:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*_inserted(selections))
        return int(cursor.rowcount)


def insertion(
    kind: str,
    *,
    to: Audience,
    link: str,
    context: Mapping[str, Any],
    dedupe: str,
    at: datetime,
    instant: bool = False,
    not_to: int | None = None,
) -> tuple[str, list[Any]] | None:
    """The statement that writes one message for each active person of `to`, once per `dedupe`; None for nobody.

    One statement whatever the number of recipients: the database expands posts into people.
    """
    if not to:
        return None
    return _inserted([_selection(Notice(kind, to, link, context, dedupe), at, instant=instant, not_to=not_to)])


def _inserted(selections: Sequence[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    sql = f"""
        INSERT INTO notifications_message (recipient_id, kind, context, link, instant, at, read_at, dedupe_key)
        {" UNION ALL ".join(sql for sql, _args in selections)} ON CONFLICT (dedupe_key) DO NOTHING
        """
    return sql, [value for _sql, args in selections for value in args]


def _selection(notice: Notice, at: datetime, *, instant: bool, not_to: int | None) -> tuple[str, list[Any]]:
    chosen, chosen_args = _chosen(notice.to)
    sql = f"""
        SELECT u.id, {_as("text")}, {_as("jsonb")}, {_as("text")}, {_as("boolean")}, {_as("timestamptz")},
        {_as("timestamptz")}, {_as("text")} || ':' || u.id
        FROM accounts_user u WHERE u.is_active AND u.id <> %s AND ({chosen})
        """  # noqa: S608 - placeholders and casts only, every value is an argument
    moment = connection.ops.adapt_datetimefield_value(at)
    said = json.dumps(notice.context, ensure_ascii=False)
    return sql, [notice.kind, said, notice.link, instant, moment, None, notice.dedupe, not_to or 0, *chosen_args]


def _as(kind: str) -> str:
    """A placeholder in a SELECT list, which has no type of its own on PostgreSQL."""
    return f"%s::{kind}" if connection.vendor == "postgresql" else "%s"


def _chosen(to: Audience) -> tuple[str, list[Any]]:
    """The people of an audience as an SQL condition on `u`, sorted so that equal audiences are equal statements."""
    conditions: list[str] = []
    args: list[Any] = []
    if to.people:
        conditions.append(f"u.id IN ({_marks(to.people)})")
        args += sorted(to.people)
    for source, pairs in (("p.unit_id", to.posts), ("n.region_id", to.roles)):
        if pairs:
            either = " OR ".join([f"({source} = %s AND p.role = %s)"] * len(pairs))
            conditions.append(
                "u.id IN (SELECT p.user_id FROM accounts_post p JOIN accounts_unit n ON n.id = p.unit_id "  # noqa: S608
                f"WHERE p.ended_at IS NULL AND ({either}))"
            )
            args += [value for pair in sorted(pairs) for value in pair]
    return " OR ".join(conditions), args


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _value in values)
