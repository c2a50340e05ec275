"""The sweep: raises every escalation due, once; its cost follows what is due, not what exists."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications import doorbell, outbox
from workflow import ladder, queries
from workflow.ladder import Ring
from workflow.models import Escalation, SubItem
from workflow.why import rung_why

log = logging.getLogger(__name__)
BATCH = 500  # items a transaction
RETRY = timedelta(hours=1)  # an item that raised an error is tried again this much later


@dataclass(frozen=True)
class Swept:
    examined: int
    raised: int
    messages: int

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(self.examined + other.examined, self.raised + other.raised, self.messages + other.messages)


NONE = Swept(0, 0, 0)


def sweep(*, now: datetime) -> Swept:
    """Raise what the ladder wants by `now` (aware), in batches, each in its own transaction.

    Safe to run at any time, twice at once, and after a kill: an escalation is unique on item, clock and rung, and
    escalation, messages and next alarm share one commit. An item that raises an error is put off by an hour alone.
    """
    total = NONE
    while True:
        try:
            swept = _sweep_batch(now, BATCH)
        except Exception:
            log.exception("sweep: a batch failed, its items are tried one by one")
            swept = _sweep_singly(now)
        total += swept
        if swept.examined < BATCH:
            break
    if total.messages:
        doorbell.ring()
    return total


def sweep_through(*, start: datetime, end: datetime) -> Swept:
    """Sweep at every moment from `start` to `end` at which an alarm is set, as a clock that ran would have done."""
    total, moment = NONE, _next_moment(start, end)
    while moment is not None:
        total += sweep(now=moment)
        moment = _next_moment(moment, end)
    return total


def _next_moment(after: datetime, end: datetime) -> datetime | None:
    before_its_turn = Q(turn_at=None) | Q(turn_at__gt=after) & Q(turn_at__gt=F("alarm_at"))
    waiting = SubItem.objects.filter(before_its_turn, alarm_at__lte=end).order_by("alarm_at")
    first = waiting.values_list("alarm_at", flat=True).first()
    return max(first, after) if first is not None else None


def _due(now: datetime) -> Any:
    """What has rung, but for what is to turn first: a round that has ended is not called overdue."""
    return SubItem.objects.filter(Q(turn_at=None) | Q(turn_at__gt=now), alarm_at__lte=now).order_by("alarm_at", "pk")


@transaction.atomic(durable=True)
def _sweep_batch(now: datetime, size: int) -> Swept:
    return _escalate(list(_claimed(_due(now))[:size]), now)


def _sweep_singly(now: datetime) -> Swept:
    """Once over a batch that failed, an item a transaction."""
    total = NONE
    for pk in list(_due(now).values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic(durable=True):
                total += _escalate(list(_claimed(_due(now).filter(pk=pk))), now)
        except Exception:
            log.exception("sweep: item %s failed, put off by an hour", pk)
            with transaction.atomic(durable=True):
                SubItem.objects.filter(pk=pk, alarm_at__lte=now).update(alarm_at=now + RETRY)
            total += Swept(1, 0, 0)
    return total


def _claimed(items: Any) -> Any:
    """Lock what no other sweep has locked; SQLite takes one writer at a time anyway."""
    skip = connection.features.has_select_for_update_skip_locked
    return (
        items.select_related("plan")
        .defer("plan__table")
        .select_for_update(of=("self",) if skip else (), no_key=skip, skip_locked=skip)
        .with_responsibilities()
    )


def _escalate(items: Sequence[SubItem], now: datetime) -> Swept:
    """Record what is due on locked items, tell whom it concerns, and set their next alarms."""
    if not items:
        return NONE
    raised = _raised_before(items)
    rung: list[tuple[SubItem, Ring, Escalation]] = []
    alarms: defaultdict[datetime | None, list[int]] = defaultdict(list)
    for item in items:
        rules = item.plan.rules_in_force()
        clocks = item.running()
        rings = ladder.due_now(clocks, raised[item.pk], rules.pack, rules.calendar, now)
        rung += [(item, ring, _escalation(item, ring, now)) for ring in rings]
        alarms[ladder.next_alarm(clocks, rules.pack, rules.calendar, now)].append(item.pk)
    Escalation.objects.bulk_create([escalation for _item, _ring, escalation in rung], ignore_conflicts=True)
    messages = sum(_tell(item, ring, escalation) for item, ring, escalation in rung if not ring.superseded)
    for moment, pks in alarms.items():
        SubItem.objects.filter(pk__in=pks).update(alarm_at=moment)
    return Swept(len(items), len(rung), messages)


def _raised_before(items: Iterable[SubItem]) -> defaultdict[int, set[tuple[int, str]]]:
    raised: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = Escalation.objects.filter(item__in=[item.pk for item in items]).values_list("item_id", "clock_seq", "rung")
    for item_id, clock_seq, rung in rows:
        raised[item_id].add((clock_seq, rung))
    return raised


def _escalation(item: SubItem, ring: Ring, now: datetime) -> Escalation:
    rung = ring.alarm.rung
    return Escalation(
        item=item,
        clock_seq=ring.alarm.clock_seq,
        rung=ring.alarm.rung_code,
        level=rung.level,
        label=rung.label,
        due_at=ring.alarm.at,
        raised_at=now,
        superseded=ring.superseded,
        audience=list(rung.audience),
        inputs=_inputs(item, ring, now),
        rules_id=item.plan.rules_id,
    )


def _inputs(item: SubItem, ring: Ring, now: datetime) -> dict[str, Any]:
    """The dates a rung followed from, as they were: "why" keeps its answer whatever changes later."""
    started = item.clocks[ring.alarm.rung.clock.value]
    return {
        **started,
        "due_on": item.due_on.isoformat() if item.due_on else None,
        "today": timezone.localdate(now).isoformat(),
        "holder": item.holder_id,
    }


def _tell(item: SubItem, ring: Ring, escalation: Escalation) -> int:
    return outbox.put(
        "escalation",
        to=queries.people_to_tell(item, escalation.audience),
        link=item.get_absolute_url(),
        context={
            "number": item.number,
            "text": item.text[:80],
            "plan": item.plan.title,
            "rung": escalation.rung,
            "label": escalation.label,
            "due_on": item.due_on.isoformat() if item.due_on else "",
            "why": rung_why(escalation.rung, escalation.inputs),
        },
        dedupe=f"{item.uid}:{escalation.clock_seq}:{escalation.rung}",
        at=escalation.raised_at,
        instant=ring.alarm.rung.instant,
    )
