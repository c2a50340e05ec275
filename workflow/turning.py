"""Rounds turn: what the clock renews, lapses or resumes, and time that passes with all that it brings.

A tick of its own beside the sweep. Each turn is a move like any other, made by the system: one item, one transaction.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from notifications import doorbell
from workflow.actions.escalations import Swept, sweep_through
from workflow.actions.moves import make_move
from workflow.errors import MoveNotPossible, NotFound
from workflow.models import SubItem

log = logging.getLogger(__name__)
RETRY = timedelta(hours=1)  # an item that raised an error is tried again this much later


@dataclass(frozen=True)
class Turned:
    """Moves made; an item unattended for years is turned once a round. `failed` counts items."""

    renewed: int = 0
    lapsed: int = 0
    resumed: int = 0
    failed: int = 0

    def __add__(self, other: "Turned") -> "Turned":
        return Turned(
            self.renewed + other.renewed,
            self.lapsed + other.lapsed,
            self.resumed + other.resumed,
            self.failed + other.failed,
        )

    @property
    def moves(self) -> int:
        return self.renewed + self.lapsed + self.resumed


def turn_rounds(*, now: datetime) -> Turned:
    """Turn every item whose turn has come by `now` (aware), round by round up to the present one.

    Safe to run at any time, twice at once, and after a kill: a turn is one commit, decided on the locked row. An item
    that raises an error is logged and put off by an hour alone.
    """
    total = Turned()
    for pk in list(due(now)):
        try:
            total += _turn(pk, now)
        except Exception:
            log.exception("rounds: item %s failed, put off by an hour", pk)
            SubItem.objects.filter(pk=pk, turn_at__lte=now).update(turn_at=now + RETRY)
            total += Turned(failed=1)
    if total.moves:
        doorbell.ring()
    return total


def pass_time(*, start: datetime, end: datetime) -> tuple[Turned, Swept]:
    """All that a clock that ran from `start` to `end` would have done: rounds turn at midnight, the ladder at nine."""
    turned, swept = Turned(), Swept(0, 0, 0)
    while (moment := _next_turn(start, end)) is not None:
        swept += sweep_through(start=start, end=moment)
        turned += turn_rounds(now=moment)
        start = moment
    return turned, swept + sweep_through(start=start, end=end)


def due(now: datetime) -> QuerySet[SubItem, int]:
    """Cost follows what is due: the index of `turn_at` holds what turns at all, in order."""
    return SubItem.objects.filter(turn_at__lte=now).order_by("turn_at", "pk").values_list("pk", flat=True)


def _next_turn(after: datetime, end: datetime) -> datetime | None:
    first = SubItem.objects.filter(turn_at__lte=end).aggregate(first=Min("turn_at"))["first"]
    return max(first, after) if first is not None else None


def _turn(pk: int, now: datetime) -> Turned:
    done: Counter[str] = Counter()
    while item := SubItem.objects.filter(pk=pk, turn_at__lte=now).defer("plan__table").first():
        name = item.turning()
        try:
            make_move(pk, name, by=Actor.system(), now=now, version=None)
        except (MoveNotPossible, NotFound):
            break  # somebody else was faster; what they left is theirs, or the next tick's
        done[name] += 1
    return Turned(renewed=done["renew"], lapsed=done["lapse"], resumed=done["resume"])


def in_words(turned: Turned) -> str:
    """What turned, in one sentence; empty where nothing did."""
    parts = {
        _("转下期 %(n)s 项"): turned.renewed,
        _("期满未结 %(n)s 项"): turned.lapsed,
        _("恢复 %(n)s 项"): turned.resumed,
        _("出错 %(n)s 项"): turned.failed,
    }
    return "，".join(words % {"n": n} for words, n in parts.items() if n)
