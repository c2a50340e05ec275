"""Totals. Units and sections in the order of the table: no ranking (rule 11)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count

from accounts.actor import Actor
from workflow.models import Responsibility
from workflow.models.sub_item import SubItemQuerySet
from workflow.queries.rows import LedgerFilter, ledger
from workflow.states import Duty, Light, State


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
    }


def _tally(pairs: Iterable[tuple[str, str | None]]) -> list[dict[str, Any]]:
    found: dict[str, Counter[str | None]] = {}
    for name, light in pairs:
        found.setdefault(name, Counter())[light] += 1
    return [
        {"name": name, "total": lights.total(), **{light.value: lights[light.value] for light in Light}}
        for name, lights in found.items()
    ]
