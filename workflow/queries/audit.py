"""The journal recomputed."""

from dataclasses import dataclass
from typing import Any

from workflow.models import SubItem
from workflow.models.journal import broken_links


@dataclass(frozen=True)
class Checked:
    """Entries read, and the first broken one of each broken chain."""

    entries: int
    broken: list[dict[str, Any]]


def verify_journal(plan_id: int | None = None) -> Checked:
    """Recompute every chain, of one plan or all, in batches of items; for commands of the audit, sees everything."""
    items = SubItem.objects.order_by("pk").only("pk", "uid", "number", "seq", "head")
    if plan_id is not None:
        items = items.filter(plan=plan_id)
    read, broken = 0, []
    for item in items.prefetch_related("journal").iterator(chunk_size=500):
        entries = list(item.journal.all())
        read += len(entries)
        for seq, problem in broken_links(str(item.uid), item.seq, item.head, entries):
            broken.append({"sub_item": item.pk, "number": item.number, "seq": seq, "problem": problem})
    return Checked(read, broken)
