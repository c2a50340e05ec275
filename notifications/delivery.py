"""Sends out what the outbox holds: makes letters of messages, claims a batch, sends it, marks it.

At least once: a letter whose sender died between sending and marking goes out again when its lease has run out, with
the same Message-ID. Every moment stored is derived from the `now` of the caller, which in the demo is not the real one.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Prefetch, Q
from django.utils import timezone

from notifications.channels import email
from notifications.models import Delivery, Message

LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))  # after each failed attempt
ATTEMPTS = len(PAUSES) + 1  # then it is dead
BATCH = 25  # a crash repeats at most so many letters
MAKING = 500  # letters made in one transaction
BUDGET = timedelta(seconds=40)  # of one call: below the lease and the worker's time limit, whatever waits
# The ladder rings at the hour of the digest: what it raises in these minutes still belongs to this morning's letter.
SETTLING = timedelta(minutes=5)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivered:
    """What one call did: sent, failed (to be tried again), dead (given up); and how many letters are still pending."""

    sent: int
    failed: int
    dead: int
    pending: int


@dataclass
class Outcome:
    """What became of the letters of one batch."""

    sent: list[Delivery] = field(default_factory=list)
    failed: list[Delivery] = field(default_factory=list)  # with attempts, status, try_at and error set
    needless: list[Delivery] = field(default_factory=list)  # read meanwhile, or nobody to send it to
    untried: list[Delivery] = field(default_factory=list)

    @property
    def dead(self) -> int:
        return sum(one.status == Delivery.Status.DEAD for one in self.failed)


def deliver(now: datetime) -> Delivered:
    """Send every letter due by `now` (aware), as far as one call's time reaches; to be called outside transactions.

    Safe to run at any time, twice at once, and after a kill. What is left is sent by the next call.
    """
    started = time.monotonic()

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    make_letters(now)
    outcomes: list[Outcome] = []
    with email.Post() as post:
        while moment() < now + BUDGET and not post.unreachable and (batch := _claim(now, moment() + LEASE)):
            outcomes.append(_send_batch(batch, post, now, lambda: moment() < now + BUDGET))
    dead = sum(outcome.dead for outcome in outcomes)
    return Delivered(
        sent=sum(len(outcome.sent) for outcome in outcomes),
        failed=sum(len(outcome.failed) for outcome in outcomes) - dead,
        dead=dead,
        pending=Delivery.objects.filter(status=Delivery.Status.PENDING).count(),
    )


# --- messages become letters ------------------------------------------------------------------------------------------
def digest_day(now: datetime) -> date:
    """The day whose digest was closed last; it takes in what was put until SETTLING after that day's digest hour."""
    closing = timezone.localtime(now) - SETTLING
    return closing.date() if closing.time() >= settings.DIGEST_AT else closing.date() - timedelta(days=1)


def make_letters(now: datetime) -> int:
    """Make a letter of each instant message and one digest a person of the others; returns how many are new.

    The unique key of a letter decides between two that make it at once, and only its maker puts messages into it.
    """
    made = 0
    while new := _make_some(now):
        made += new
    return made


_KEY = "CASE WHEN m.instant THEN 'instant:' || m.id ELSE %s END"
_WAITING = (
    "m.read_at IS NULL AND u.is_active AND u.email <> '' AND (m.instant OR m.at < %s) "
    "AND NOT EXISTS (SELECT 1 FROM notifications_delivery_messages l WHERE l.message_id = m.id)"
)
_MAKE = f"""
    INSERT INTO notifications_delivery (recipient_id, channel, key, status, attempts, try_at, error)
    SELECT DISTINCT m.recipient_id, %s, {_KEY}, 'pending', 0, {{time}}, ''
    FROM notifications_message m JOIN accounts_user u ON u.id = m.recipient_id
    WHERE {_WAITING} AND NOT EXISTS (
        SELECT 1 FROM notifications_delivery d
        WHERE d.recipient_id = m.recipient_id AND d.channel = %s AND d.key = {_KEY}
    )
    ORDER BY 1, 3 LIMIT {MAKING}
    ON CONFLICT (recipient_id, channel, key) DO NOTHING RETURNING id"""  # noqa: S608 - constants of this module
_FILL = f"""
    INSERT INTO notifications_delivery_messages (delivery_id, message_id)
    SELECT d.id, m.id FROM notifications_delivery d
    JOIN notifications_message m ON m.recipient_id = d.recipient_id AND d.key = {_KEY}
    JOIN accounts_user u ON u.id = m.recipient_id
    WHERE d.id IN ({{ids}}) AND {_WAITING}"""  # noqa: S608 - constants of this module
_TIME = {"postgresql": "%s::timestamptz", "sqlite": "%s"}  # a placeholder in a SELECT list has no type on PostgreSQL


@transaction.atomic(durable=True)
def _make_some(now: datetime) -> int:
    day = digest_day(now)
    key, channel = f"digest:{day.isoformat()}", email.CHANNEL
    zone = timezone.get_current_timezone()
    closed = _adapted(datetime.combine(day, settings.DIGEST_AT, zone) + SETTLING)
    with connection.cursor() as cursor:
        make = _MAKE.format(time=_TIME[connection.vendor])
        cursor.execute(make, [channel, key, _adapted(now), closed, channel, key])
        made = [row[0] for row in cursor.fetchall()]
        if made:
            cursor.execute(_FILL.format(ids=", ".join(["%s"] * len(made))), [key, *made, closed])
    return len(made)


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


# --- claim, send, mark ------------------------------------------------------------------------------------------------
@transaction.atomic(durable=True)
def _claim(now: datetime, until: datetime) -> list[Delivery]:
    """Lease a batch of due letters until that moment, which also tells this claim from any later one."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Delivery.objects.filter(free, status=Delivery.Status.PENDING, try_at__lte=now)
    # SQLite knows no row locks: there it is the condition of the UPDATE that decides.
    wanted = due.order_by("try_at", "pk").select_for_update(skip_locked=True).values_list("pk", flat=True)
    if not due.filter(pk__in=list(wanted[:BATCH])).update(leased_until=until):
        return []
    unread = Prefetch("messages", queryset=Message.objects.unread().order_by("at", "pk"), to_attr="unread")
    mine = Delivery.objects.filter(leased_until=until, status=Delivery.Status.PENDING)
    return list(mine.select_related("recipient").prefetch_related(unread).order_by("try_at", "pk"))


def _send_batch(
    batch: Sequence[Delivery], post: email.Post, now: datetime, time_is_left: Callable[[], bool]
) -> Outcome:
    """Send letter by letter, outside any transaction; what was sent is marked even when the worker's time runs out."""
    outcome, lease = Outcome(untried=list(batch)), batch[0].leased_until
    try:
        while outcome.untried and time_is_left():
            group = _send(outcome.untried[0], post, now, outcome)
            group.append(outcome.untried.pop(0))
    finally:
        _mark(outcome, lease, now)
    if post.unreachable:
        log.warning("%d letters not sent: %s", len(outcome.failed), post.unreachable)
    return outcome


def _send(delivery: Delivery, post: email.Post, now: datetime, outcome: Outcome) -> list[Delivery]:
    """Send one letter; answers which group of the outcome it belongs to."""
    unread: list[Message] = delivery.unread  # type: ignore[attr-defined]  # put there by _claim
    if not (unread and delivery.recipient.is_active and delivery.recipient.email):
        return outcome.needless
    try:
        letter = email.compose(delivery, unread)
    except Exception as error:  # one message that cannot be put into words must not hold up the others
        log.exception("letter %s cannot be written", delivery.pk)
        problem = email.problem_of(error)
    else:
        problem = post.send(letter)
    if not problem:
        return outcome.sent
    if not post.unreachable:
        log.warning("letter %s not sent: %s", delivery.pk, problem)
    _put_off(delivery, problem, now)
    return outcome.failed


def _put_off(delivery: Delivery, problem: str, now: datetime) -> None:
    delivery.attempts += 1
    delivery.error = problem[:300]
    if delivery.attempts >= ATTEMPTS:
        delivery.status = Delivery.Status.DEAD
    else:
        delivery.try_at = now + PAUSES[delivery.attempts - 1]
    delivery.leased_until = None


@transaction.atomic(durable=True)
def _mark(outcome: Outcome, lease: datetime | None, now: datetime) -> None:
    """Store what became of the letters, one statement a group; those claimed by another since are left to it."""
    mine = Delivery.objects.filter(leased_until=lease)
    if outcome.failed:
        mine.bulk_update(outcome.failed, ["status", "attempts", "try_at", "error", "leased_until"])
    if outcome.sent:
        mine.filter(pk__in=_keys(outcome.sent)).update(
            status=Delivery.Status.SENT, attempts=F("attempts") + 1, sent_at=now, error="", leased_until=None
        )
    if outcome.needless:
        mine.filter(pk__in=_keys(outcome.needless)).delete()
    if outcome.untried:
        mine.filter(pk__in=_keys(outcome.untried)).update(leased_until=None)


def _keys(deliveries: Iterable[Delivery]) -> list[int]:
    return [delivery.pk for delivery in deliveries]
