"""What keeps a draft from becoming sub-items, each with the place where it is mended."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.actions.new_items import problems
from workflow.models import Plan
from workflow.queries import Registry
from workflow.tables import Draft
from workflow.views.imports.checking import ALL, Wanted
from workflow.views.imports.draft_words import must_decide, warnings_of

SHOWN = 20
NAMES_SHOWN = 8
DUTIES = ("leads", "supports")


def obstacles(plan: Plan, draft: Draft, registry: Registry) -> dict[str, Any]:
    """`blocked`: how many there are; `listed` the first of them, names without a unit in one line."""
    found = [*_names(plan, draft, registry), *_rows(plan, draft, registry)]
    if not draft.standing():
        found = [{"words": _("表里没有子项。"), "url": Wanted(show=ALL).address(plan), "verb": _("去核对")}]
    return {"blocked": len(found), "listed": found[:SHOWN], "unlisted": len(found[SHOWN:])}


def undecided_hints(plan: Plan, draft: Draft) -> dict[str, Any] | None:
    """What was asked and is published as it stands if nobody answers."""
    open_ = [warning for warning in warnings_of(draft) if must_decide(warning)]
    return {"count": len(open_), "url": Wanted(show="decide").address(plan)} if open_ else None


def _names(plan: Plan, draft: Draft, registry: Registry) -> Iterator[dict[str, str]]:
    names = [name for name in draft.unit_names() if registry.problem(name)]
    if names:
        said = {"n": len(names), "names": "、".join(names[:NAMES_SHOWN]), "more": "…" if names[NAMES_SHOWN:] else ""}
        words = _("还有 %(n)s 个单位名称没有对应：%(names)s%(more)s。") % said
        yield {"words": words, "url": reverse("workflow:import-units", args=[plan.pk]), "verb": _("去对应")}


def _rows(plan: Plan, draft: Draft, registry: Registry) -> Iterator[dict[str, str]]:
    """Everything else, row by row; a row whose only trouble are its names was named above."""
    seen: set[str] = set()
    for number, row in draft.numbered():
        clear = {**row, **{duty: [name for name in row[duty] if not registry.problem(name)] for duty in DUTIES}}
        taken = {number} & seen
        of_row = set(problems([(number, row)], registry, taken))
        for words in problems([(number, clear)], registry, taken):
            if words in of_row:
                yield {"words": words, "url": Wanted(row=row["id"], show=ALL).address(plan), "verb": _("去改")}
        seen.add(number)
