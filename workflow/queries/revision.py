"""What a revised document changes in the plan it revises, as the plan runs now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from workflow.models import Plan, SubItem
from workflow.models.moves import MOVES
from workflow.queries.registry import Registry
from workflow.states import State
from workflow.tables import Draft
from workflow.tables.difference import Change, Line, difference
from workflow.tables.draft import Row

AMENDED = ("text", "notes", "leads", "supports", "deadline")  # by the moves amend and reassign
ARRANGED = ("number", "section", "task")


@dataclass(frozen=True)
class Part:
    """One change of the revised document, as a person accepts or leaves it; `code` names it in a form."""

    code: str
    change: Change
    row: Row | None
    item: SubItem | None
    obstacle: str  # why it cannot be carried out now, empty if it can


@dataclass(frozen=True)
class Comparison:
    """The parts in the order of the revised document, and which row (by id) each running item (by key) is now."""

    parts: list[Part]
    rows: dict[int, int]


def compare(revision: Plan) -> Comparison:
    """Every difference between a revision and its plan; what was cancelled is no longer of the plan."""
    draft = Draft(revision.table)
    registry = Registry(revision.region, draft.units_decided())
    items = {item.pk: item for item in _running(revision)}
    rows = {row["id"]: (number, row) for number, row in draft.numbered()}
    before = [_line_of_item(item) for item in items.values()]
    after = [_line_of_row(number, row, registry) for number, row in rows.values()]
    changes = [_without_moved_dates(change) for change in difference(before, after)]
    parts = [_part(change, rows, items) for change in changes if change.kind != "same"]
    return Comparison(parts, {c.before.key: c.after.key for c in changes if c.before and c.after})  # type: ignore[misc]


def _without_moved_dates(change: Change) -> Change:
    """The date of a running item may have been moved since: what the document says in the same words is no change."""
    if change.kind != "changed" or change.before.deadline_raw != change.after.deadline_raw:  # type: ignore[union-attr]
        return change
    fields = tuple(name for name in change.fields if name != "deadline")
    return replace(change, kind="changed" if fields else "same", fields=fields)


def _part(change: Change, rows: Mapping[int, tuple[str, Row]], items: Mapping[int, SubItem]) -> Part:
    row = rows[change.after.key][1] if change.after else None  # type: ignore[index]
    item = items[change.before.key] if change.before else None  # type: ignore[index]
    code = f"{change.kind}-{item.pk if item else row['id'] if row else ''}"
    return Part(code, change, row, item, _obstacle(change, item))


def _obstacle(change: Change, item: SubItem | None) -> str:
    """The state of the item, where it does not permit the move that would carry the change out."""
    if item is None or (change.after and not set(change.fields) & set(AMENDED)):
        return ""
    move = MOVES["amend" if change.after else "cancel"]
    return "" if move.starts_from(item) else _("现在是“%(state)s”，不能改。") % {"state": State(item.state).label}


def _running(revision: Plan) -> Iterable[SubItem]:
    """What the plan has now; what was cancelled is no longer of it."""
    items = SubItem.objects.filter(plan=revision.revises_id).exclude(state=State.CANCELLED)
    return items.select_related("section__parent").with_responsibilities().order_by("position", "id")


def _line_of_item(item: SubItem) -> Line:
    project = item.section.parent or item.section
    return Line(
        key=item.pk,
        number=item.number,
        section=project.title,
        task=item.section.title,
        text=item.text,
        leads=tuple(item.lead_ids),
        supports=tuple(item.support_ids),
        deadline=("rounds", item.freq) if item.is_periodic else ("by", item.due_on and item.due_on.isoformat()),
        deadline_raw=item.deadline_raw,
        notes=item.notes,
    )


def _line_of_row(number: str, row: Row, registry: Registry) -> Line:
    leads, said = registry.ids_of(row["leads"]), row["deadline"]
    return Line(
        key=row["id"],
        number=number,
        section=row["section"],
        task=row["task"],
        text=row["text"],
        leads=tuple(leads),
        supports=tuple(unit for unit in registry.ids_of(row["supports"]) if unit not in leads),
        deadline=("rounds", said["freq"]) if said["freq"] else ("by", said["due_on"]),
        deadline_raw=row["deadline_raw"],
        notes=row["notes"],
    )
