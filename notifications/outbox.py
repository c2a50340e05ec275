"""The only door into the outbox: `put` writes messages inside the caller's transaction."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import ADMINISTRATORS


@dataclass(frozen=True)
class Audience:
    """Whom a message concerns: people by name, and whoever holds these posts as (unit id, role) when it is put.

    `roles` are regional: (region id, role), for inspectors and leaders, who have no single unit. Whoever stands in for
    a holder that day is told as well; `stand_ins` are those of named holders: (user id, unit id, role).
    """

    people: frozenset[int] = frozenset()
    posts: frozenset[tuple[int, str]] = frozenset()
    roles: frozenset[tuple[int, str]] = frozenset()
    stand_ins: frozenset[tuple[int, int, str]] = frozenset()

    def __or__(self, other: "Audience") -> "Audience":
        people, posts = self.people | other.people, self.posts | other.posts
        return Audience(people, posts, self.roles | other.roles, self.stand_ins | other.stand_ins)

    def __bool__(self) -> bool:
        return bool(self.people or self.posts or self.roles or self.stand_ins)


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
    chosen, chosen_args = _chosen(notice.to, timezone.localdate(at))
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


# The holders of posts, and who stands in for them on a day: within the unit, both at work (accounts.Delegation).
HELD = "SELECT p.user_id FROM accounts_post p JOIN accounts_unit n ON n.id = p.unit_id WHERE p.ended_at IS NULL"
LENT = f"""
    SELECT d.delegate_id FROM accounts_delegation d JOIN accounts_post p ON p.id = d.post_id
    JOIN accounts_unit n ON n.id = p.unit_id JOIN accounts_user h ON h.id = p.user_id
    WHERE p.ended_at IS NULL AND h.is_active AND d.ended_at IS NULL AND d.from_on <= %s AND d.until_on >= %s
    AND EXISTS (SELECT 1 FROM accounts_post o WHERE o.user_id = d.delegate_id AND o.unit_id = p.unit_id
    AND o.ended_at IS NULL AND o.role NOT IN ({", ".join(f"'{role.value}'" for role in sorted(ADMINISTRATORS))}))
    """  # noqa: S608 - names of roles


def _chosen(to: Audience, day: date) -> tuple[str, list[Any]]:
    """The people of an audience as an SQL condition on `u`, sorted so that equal audiences are equal statements."""
    conditions: list[str] = []
    args: list[Any] = []
    on = connection.ops.adapt_datefield_value(day)
    if to.people:
        conditions.append(f"u.id IN ({_marks(to.people)})")
        args += sorted(to.people)
    posts = _either("p.unit_id = %s AND p.role = %s", to.posts), _either("n.region_id = %s AND p.role = %s", to.roles)
    held, held_args = _joined(*posts)
    lent, lent_args = _joined(*posts, _either("p.user_id = %s AND p.unit_id = %s AND p.role = %s", to.stand_ins))
    if held:
        conditions.append(f"u.id IN ({HELD} AND ({held}))")
        args += held_args
    if lent:
        conditions.append(f"u.id IN ({LENT} AND ({lent}))")
        args += [on, on, *lent_args]
    return " OR ".join(conditions), args


Condition = tuple[str, list[Any]]


def _either(one: str, values: Collection[tuple[Any, ...]]) -> Condition:
    """One of these: the condition for each, and the values of all."""
    return " OR ".join([f"({one})"] * len(values)), [value for each in sorted(values) for value in each]


def _joined(*conditions: Condition) -> Condition:
    return " OR ".join(sql for sql, _args in conditions if sql), [arg for _sql, args in conditions for arg in args]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _value in values)
