"""Totals. Units and sections in the order of the table: no ranking (rule 11)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch

from accounts.actor import Actor
from accounts.models import Unit
from workflow.holding import TOGETHER
from workflow.models import JournalEntry, Responsibility
from workflow.models.sub_item import SubItemQuerySet
from workflow.policies import sees_whole
from workflow.queries.item import days_by_holder
from workflow.queries.rows import LedgerFilter, ledger, with_names
from workflow.states import OPEN, Duty, Light, State


def count_by_light(items: SubItemQuerySet) -> dict[str, int]:
    """Items by light, every light named; cancelled items have none. Wants `with_light`."""
    found = dict(items.order_by().values_list("light_now").annotate(Count("pk")))  # type: ignore[misc]  # annotated
    return {light.value: found.get(light.value, 0) for light in Light}


def stats(actor: Actor, today: date, plan_id: int | None) -> dict[str, Any]:
    """Totals of what this actor may see. Units and sections in the order of the table: no ranking (rule 11)."""
    items = ledger(actor, today, LedgerFilter(plan=plan_id))
    rows = list(items.values_list("pk", "state", "light_now", "section__parent__title"))  # type: ignore[misc]  # annotated
    by_state, by_light = Counter(row[1] for row in rows), Counter(row[2] for row in rows if row[2])
    light_of = {row[0]: row[2] for row in rows}
    duties = Responsibility.objects.filter(item__in=items.values("pk"), duty=Duty.LEAD)
    leads = duties.order_by("unit__position", "unit_id").values_list("unit__name", "item_id")
    return {
        "by_state": {state.value: by_state[state.value] for state in State},
        "by_light": {light.value: by_light[light.value] for light in Light},
        "by_unit": _tally((name, light_of.get(item)) for name, item in leads),
        "by_section": _tally((title, light) for _pk, _state, light, title in rows),
        "by_holder": days_by_unit(actor, items, today),
    }


def days_by_unit(actor: Actor, items: SubItemQuerySet, today: date) -> list[dict[str, Any]]:
    """Of the running items: how many a unit has now, and the working days it had them in their present rounds.

    The days of an item are for who sees it whole. Four queries, whatever the number of items. Units in the order of
    the region, those no longer in it last.
    """
    journal = Prefetch("journal", queryset=JournalEntry.objects.handing_on())
    found: dict[str, Counter[str]] = {}
    for item in with_names(items.filter(state__in=OPEN)).select_related("plan__owner").prefetch_related(journal):
        for each in days_by_holder(item, today) if sees_whole(actor, item) else ():
            for unit in each.unit.split(TOGETHER):
                of_unit = found.setdefault(unit, Counter())
                of_unit.update(working_days=each.working_days, overdue_days=each.overdue_days)
        if item.holder:
            found.setdefault(item.holder.name, Counter())["items"] += 1
    units = Unit.objects.filter(name__in=found).values_list("name", flat=True)
    counts = ("items", "working_days", "overdue_days")
    return [{"name": name, **{each: found[name][each] for each in counts}} for name in dict.fromkeys([*units, *found])]


def _tally(pairs: Iterable[tuple[str, str | None]]) -> list[dict[str, Any]]:
    found: dict[str, Counter[str | None]] = {}
    for name, light in pairs:
        found.setdefault(name, Counter())[light] += 1
    return [
        {"name": name, "total": lights.total(), **{light.value: lights[light.value] for light in Light}}
        for name, lights in found.items()
    ]
