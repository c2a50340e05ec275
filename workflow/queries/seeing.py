"""What of an item's journal somebody gets to see: all of it, or what concerns a supporting unit (rule 6)."""

from collections.abc import Iterable
from copy import copy

from accounts.actor import Actor
from accounts.models import Role
from workflow import policies
from workflow.models import JournalEntry, SubItem

# What of an entry's details is a fact of the item itself, and so of whoever supports it.
FACTS: dict[str, tuple[str, ...]] = {
    "dispatch": ("text", "leads", "supports", "deadline_raw", "notes", "split_from"),
    "accept": ("assignee",),
    "amend": ("changes",),
    "reassign": ("changes",),
    "split": ("changes", "split"),
    "decide": ("year", "verdict"),
    "lapse": ("ended_round",),
    "suspend": ("until",),
    "resume": ("due_on", "days"),
    "close": ("ending",),
    "arrange": ("changes",),
    "reopen": ("due_on",),
    "extension.granted": ("due_on", "granted_on"),
}


def journal_of(actor: Actor, item_id: int) -> list[JournalEntry]:
    """The journal of an item, oldest entry first, as this person may read it; empty where they may not at all."""
    entries = list(JournalEntry.objects.visible_to(actor).filter(item=item_id).order_by("seq"))
    if not entries:
        return entries
    item = SubItem.objects.select_related("plan").defer("plan__table").get(pk=item_id)
    if any(post.region_id == item.plan.region_id for post in actor.posts_as(Role.AUDIT_ADMIN)):
        return entries
    return as_seen_by(actor, item, entries)


def as_seen_by(actor: Actor, item: SubItem, entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """To who sees the item whole, the entries as they are: their chain can be followed.

    To a supporting unit what was done, by whom and when, without what was said about it; of parts its own, with all
    that was said, and no other's. Hashes are left out: from one a short secret could be guessed.
    """
    if policies.sees_whole(actor, item):
        return list(entries)
    return [seen for entry in entries if (seen := _outlined(entry, actor.unit_ids)) is not None]


def _outlined(entry: JournalEntry, own: frozenset[int]) -> JournalEntry | None:
    units, seen = entry.details.get("part_units"), copy(entry)
    seen.hash, seen.prev_hash = "", ""
    if units is not None:
        mine = [each for each in units if each[0] in own]
        seen.details = {**entry.details, "part_units": mine}
        return seen if mine else None
    seen.comment = ""
    kept = (*FACTS.get(entry.action, ()), "for")  # whom the actor stood in for belongs to who it was
    seen.details = {name: entry.details[name] for name in kept if name in entry.details}
    return seen
