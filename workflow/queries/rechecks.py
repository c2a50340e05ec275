"""回头看: closings, those not looked at again yet, draws, and what waits for an inspector."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Role
from workflow import drawing, policies
from workflow.models import Draw, JournalEntry, Recheck, SubItem
from workflow.models.recheck import DrawQuerySet, RecheckQuerySet
from workflow.models.sub_item import SubItemQuerySet
from workflow.queries.rows import with_names
from workflow.states import State

Status = Recheck.Status


def draws(actor: Actor) -> DrawQuerySet:
    """What was drawn, latest first, without the published texts; annotates how many are `pending`."""
    rows = Draw.objects.visible_to(actor).select_related("plan", "drawn_by", "unit").defer("record", "plan__table")
    return rows.annotate(pending=Count("rechecks", filter=Q(rechecks__status=Status.PENDING)))


def rechecks(actor: Actor) -> RecheckQuerySet:
    """The items drawn that this actor may know of, latest draw first, each draw in its order; with all they name."""
    items = with_names(SubItem.objects.all())
    rows = Recheck.objects.visible_to(actor).select_related("settled_by", "draw", "draw__drawn_by", "draw__unit")
    return rows.defer("draw__record").prefetch_related(Prefetch("item", queryset=items))


def draw_is_sound(draw: Draw) -> bool:
    """Whether its record follows from its parts and is the one the journals of the items drawn vouch for."""
    items = set(draw.rechecks.values_list("item__uid", flat=True))
    entries = JournalEntry.objects.filter(item__rechecks__draw=draw, action="recheck.drawn", details__draw=draw.number)
    told = list(entries.values_list("item__uid", "details__record", "details__closing"))
    drawn = {(candidate.uid, candidate.closing) for candidate in draw.published.drawn}
    return (
        not drawing.faults(draw.record)
        and {(str(uid), closing) for uid, _record, closing in told} == drawn
        and {record for _uid, record, _closing in told} == {draw.fingerprint}
        and {str(uid) for uid in items} == {uid for uid, _closing in drawn}
    )


def pending_recheck(item: SubItem) -> Recheck | None:
    """The re-check of a closed item that waits; no query where there can be none."""
    if item.state != State.CLOSED:
        return None
    waiting = item.rechecks.pending().select_related("draw", "draw__drawn_by").defer("draw__record").first()
    if waiting is not None:
        waiting.item = item
    return waiting


def rechecks_of(item: SubItem) -> Sequence[Recheck]:
    """Those of an item's closings; no query where it was never closed, which wants its journal loaded."""
    if not any(entry.to_state == State.CLOSED for entry in item.journal.all()):
        return []
    return list(item.rechecks.select_related("settled_by"))


def to_recheck(actor: Actor, today: date) -> SubItemQuerySet:
    """Drawn items of this inspector's region that wait for a verdict; no query for who is no inspector."""
    regions = {post.region_id for post in actor.posts_as(Role.INSPECTOR)}
    if not regions:
        return SubItem.objects.none()
    waiting = Recheck.objects.pending().filter(item=OuterRef("pk"))
    items = SubItem.objects.visible_to(actor).with_light(today)
    return items.filter(Exists(waiting), plan__region__in=regions).prefetch_related(
        Prefetch("rechecks", Recheck.objects.pending().select_related("draw").defer("draw__record"), "waiting")
    )


def recheckable(actor: Actor, items: SubItemQuerySet) -> list[SubItem]:
    """Those of `to_recheck` this person may judge: nobody concerned (rule 1)."""
    found = list(items)
    for item in found:
        item.waiting[0].item = item  # type: ignore[attr-defined]
    return [item for item in found if policies.may_recheck(item.waiting[0], actor)]  # type: ignore[attr-defined]


def count_to_recheck(actor: Actor, today: date) -> int:
    """How many re-checks this person may judge now."""
    items = to_recheck(actor, today).select_related("plan").defer("plan__table")
    return len(recheckable(actor, items.with_responsibilities()))


# --- closings ---------------------------------------------------------------------------------------------------------
def closing_entries() -> QuerySet[JournalEntry]:
    """The entries by which items were closed."""
    return JournalEntry.objects.filter(to_state=State.CLOSED).exclude(from_state=State.CLOSED)


def closings_to_draw(plan_id: int, since: date, until: date) -> dict[int, JournalEntry]:
    """The entry that closed it by item: of those of a plan that are closed, since a day of the period.

    Without those that were drawn before: each closing is looked at again once. One query.
    """
    drawn = Recheck.objects.filter(item=OuterRef("item"), closing=OuterRef("seq"))
    entries = closing_entries().filter(item__plan=plan_id, item__state=State.CLOSED).annotate(drawn=Exists(drawn))
    needed = ("item_id", "seq", "round_no", "actor_id", "details", "at")
    last = {entry.item_id: entry for entry in entries.order_by("seq").only(*needed)}
    return {
        pk: entry for pk, entry in last.items() if not entry.drawn and since <= timezone.localdate(entry.at) <= until
    }


@dataclass(frozen=True)
class Closing:
    """One time an item was closed: kept whatever came after it."""

    seq: int
    round_no: int
    at: datetime
    by: str
    unit: str
    comment: str
    submission: int | None  # which of the round's was approved
    approved_at: datetime | None
    approved_by: str
    approved_unit: str
    recheck: Recheck | None
    reopened_at: datetime | None


def closings(entries: Iterable[JournalEntry], rechecks: Iterable[Recheck]) -> list[Closing]:
    """Every closing of one item, the latest first, told by its journal; `entries` oldest first."""
    looked_at = {recheck.closing: recheck for recheck in rechecks}
    found: list[dict[str, Any]] = []
    last: dict[str, JournalEntry] = {}
    for entry in entries:
        last[entry.action] = entry
        if entry.action == "close":
            found.append(_closing(entry, last.get("submit"), last.get("approve"), looked_at.get(entry.seq)))
        elif entry.action == "reopen" and entry.from_state == State.CLOSED and found:
            found[-1]["reopened_at"] = entry.at
    return [Closing(**each) for each in reversed(found)]


def _closing(
    entry: JournalEntry, submit: JournalEntry | None, approve: JournalEntry | None, recheck: Recheck | None
) -> dict[str, Any]:
    return {
        **{"seq": entry.seq, "round_no": entry.round_no, "at": entry.at, "comment": entry.comment},
        **{"by": entry.actor_in_words, "unit": entry.unit_name},
        "submission": submit.details.get("submission") if submit else None,
        "approved_at": approve.at if approve else None,
        "approved_by": approve.actor_in_words if approve else "",
        "approved_unit": approve.unit_name if approve else "",
        "recheck": recheck,
        "reopened_at": None,
    }
