"""Numbers, headings and order of a plan's items, as a revised document has them; written for all of them at once."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from workflow.actions.new_items import BATCH, make_sections, task_key
from workflow.models import JournalEntry, Plan, Section, SubItem
from workflow.models.journal import Step
from workflow.queries.revision import ARRANGED, Part
from workflow.states import State

FIELDS = ("number", "section", "seq", "head")


def arrange(plan: Plan, parts: Sequence[Part], step: Step, comment: str) -> dict[str, str]:
    """Take over the numbers and headings of changed parts, a journal entry each; returns refusals by code.

    Wants the plan locked. A number may pass from one item to another within one call.
    """
    moving = {part.item.pk: part for part in parts if part.item and set(part.change.fields) & set(ARRANGED)}
    if not moving:
        return {}
    refusals = _collisions(plan, moving)
    items = list(
        SubItem.objects.filter(pk__in=set(moving) - refusals.keys()).locked().select_related("section__parent")
    )
    sections = make_sections(plan, [part.row for part in moving.values() if part.row])
    entries = []
    for item in items:
        part = moving[item.pk]
        if part.row is None or part.change.after is None:
            continue
        before = _place(item)
        item.number, item.section = part.change.after.number, sections[task_key(part.row)]
        changes = {name: [old, new] for (name, old), new in zip(before.items(), _place(item).values(), strict=True)}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        entries.append(
            JournalEntry.following(
                item, "arrange", step, from_state=item.state, comment=comment, details={"changes": changes}
            )
        )
    _write(items)
    JournalEntry.objects.bulk_create(entries, batch_size=BATCH)
    _drop_empty_sections(plan)
    return {moving[pk].code: sentence for pk, sentence in refusals.items()}


def _place(item: SubItem) -> dict[str, str]:
    project = item.section.parent or item.section
    return {"number": item.number, "section": project.title, "task": item.section.title}


def _collisions(plan: Plan, moving: Mapping[int, Part]) -> dict[int, str]:
    """Items that cannot have their new number, because an item that keeps its own has it; by key."""
    running = SubItem.objects.filter(plan=plan).exclude(state=State.CANCELLED)
    old = dict(running.values_list("pk", "number"))
    new = old | {pk: part.change.after.number for pk, part in moving.items() if part.change.after}
    refusals: dict[int, str] = {}
    while True:
        held = Counter(new.values())
        found = [pk for pk in moving if held[new[pk]] > 1 and new[pk] != old[pk]]
        if not found:
            return refusals
        for pk in found:
            refusals[pk] = _("编号 %(number)s 已有另一项在用，这一项的编号没有改。") % {"number": new[pk]}
            new[pk] = old[pk]


def _write(items: Sequence[SubItem]) -> None:
    """In two steps: a number is unique at every moment, and items may exchange theirs."""
    numbers = [item.number for item in items]
    for item in items:
        item.number = f"~{item.pk}"
    SubItem.objects.bulk_update(items, ["number"], batch_size=BATCH)
    for item, number in zip(items, numbers, strict=True):
        item.number = number
    SubItem.objects.bulk_update(items, FIELDS, batch_size=BATCH)


def _drop_empty_sections(plan: Plan) -> None:
    """Headings under which nothing stands any more: tasks first, then the sections they were of."""
    for _level in range(2):
        Section.objects.filter(plan=plan, items=None, children=None).delete()


def put_in_order(plan: Plan, places: Mapping[int, int]) -> None:
    """The document's order; an item the document does not have stays behind the one it stood behind."""
    items = list(SubItem.objects.filter(plan=plan).order_by("position", "pk").only("pk", "position"))
    order, last = [], 0
    for item in items:
        last = places.get(item.pk, last)
        order.append((last, item.pk not in places, item.position, item))
    order.sort(key=lambda entry: entry[:3])
    moved = []
    for place, (*_key, item) in enumerate(order, 1):
        if item.position != place:
            item.position = place
            moved.append(item)
    SubItem.objects.bulk_update(moved, ["position"], batch_size=BATCH)
