"""The accepted parts of a revised document, carried out.

Every part goes through the action it would go through by itself, so that each has its policy, its journal entry and
its messages, and is refused on its own; what was refused is told with the reason, and the rest stands.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Unit
from workflow import policies
from workflow.actions import arrangement
from workflow.actions.commit import one_commit
from workflow.actions.details import text
from workflow.actions.drafts import open_draft
from workflow.actions.moves import make_move
from workflow.actions.new_items import Numbered, make_items, problems, tell
from workflow.errors import Invalid, MoveNotPossible, WorkflowError
from workflow.models import Plan, SubItem
from workflow.models.journal import Step
from workflow.queries import Registry
from workflow.queries.revision import AMENDED, Comparison, Part, compare
from workflow.states import State
from workflow.tables import Draft, no_progress
from workflow.tables.grid import Progress

Move = tuple[Part, str, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of an accepted part: done, or refused with a sentence."""

    code: str
    number: str
    refusal: str = ""

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        return self.code.partition("-")[0]


def apply(
    revision_id: int,
    accepted: Collection[str],
    *,
    basis: str,
    by: Actor,
    now: datetime,
    on_progress: Progress = no_progress,
) -> list[Outcome]:
    """Carry out the accepted parts, each by its own action; the revision ends when none was refused.

    `basis` says why, in every journal entry. Raises NotFound, MoveNotPossible, NotAllowed or Invalid before anything
    is written.
    """
    revision = _checked(revision_id, by, basis)
    comparison = compare(revision)
    known = {part.code: part for part in comparison.parts}
    parts = [part for code, part in known.items() if code in accepted]
    outcomes = [
        Outcome(code, "", _("这一处和打开页面时不同了，请看过再定。")) for code in accepted if code not in known
    ]
    comment = _("依据《%(title)s》：%(basis)s") % {"title": revision.title, "basis": text(basis)}
    moves = list(_moves(parts, revision))
    for done, (part, move, details) in enumerate(moves, 1):
        outcomes.append(_moved(part, move, {**details, "comment": comment}, by, now))
        on_progress(done, len(moves))
    refused = {outcome.code for outcome in outcomes if outcome.refusal}
    rest = [part for part in parts if part.code not in refused]
    outcomes += _arrange_and_add(revision_id, rest, comparison, comment, by=by, now=now)
    if not any(outcome.refusal for outcome in outcomes):
        Plan.objects.drafts().filter(pk=revision_id).update(applied_at=now)
    return outcomes


@one_commit
def _checked(revision_id: int, by: Actor, basis: str) -> Plan:
    """The revision, with every refusal that concerns it as a whole."""
    revision = open_draft(revision_id, by)
    if revision.revises_id is None or not revision.table:
        raise MoveNotPossible(_("这份草稿不是修订稿，或者还没有读完。"))
    if not text(basis):
        raise Invalid(_("请写明修订的依据。"))
    draft = Draft(revision.table)
    if found := list(problems(draft.numbered(), Registry(revision.region, draft.units_decided()))):
        raise Invalid("\n".join(found))
    return revision


# --- item by item -----------------------------------------------------------------------------------------------------
def _moves(parts: Sequence[Part], revision: Plan) -> Iterator[Move]:
    """What is no longer in the document is cancelled; changed words, units and deadlines are amended or reassigned."""
    names = {unit.pk: unit.name for unit in Unit.objects.filter(region=revision.region_id)}
    for part in parts:
        before, after = part.change.before, part.change.after
        if after is None:
            yield part, "cancel", {}
        elif before is not None and (details := _details(part, names)):
            yield part, "amend" if before.leads[:1] == after.leads[:1] else "reassign", details


def _details(part: Part, names: Mapping[int, str]) -> dict[str, Any]:
    """The changed fields as the moves take them."""
    after, row = part.change.after, part.row or {}
    details: dict[str, Any] = {}
    for name in set(part.change.fields) & set(AMENDED):
        details[name] = [names[unit] for unit in getattr(after, name)] if name in ("leads", "supports") else row[name]
    if "deadline" in details:
        details["deadline_raw"] = row["deadline_raw"]
    return details


def _moved(part: Part, move: str, details: Mapping[str, Any], by: Actor, now: datetime) -> Outcome:
    item = part.item
    if item is None:
        raise ValueError("only a running item can be moved")
    try:
        make_move(item.pk, move, by=by, now=now, version=item.seq, details=details)
    except WorkflowError as refusal:
        return Outcome(part.code, item.number, str(refusal))
    return Outcome(part.code, item.number)


# --- numbers, headings, order and new items: the plan as a whole ------------------------------------------------------
@one_commit
def _arrange_and_add(
    revision_id: int, parts: Sequence[Part], comparison: Comparison, comment: str, *, by: Actor, now: datetime
) -> list[Outcome]:
    """Renumber and move under their headings what was accepted, add what is new, and take over the document's order."""
    revision = open_draft(revision_id, by)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=revision.revises_id or 0)
    step = Step(by, policies.check_may_publish(by, plan), now, plan.rules_in_force(), {})
    draft = Draft(revision.table)
    registry = Registry(plan.region, draft.units_decided())
    refusals = arrangement.arrange(plan, parts, step, comment)
    outcomes = [_arranged(part, refusals) for part in parts if part.code in refusals or _only_arranged(part)]
    new, refused = _takeable(plan, draft.numbered(), parts, registry)
    outcomes += refused
    places = {row["id"]: place for place, (_number, row) in enumerate(draft.numbered(), 1)}
    made = make_items(plan, new, registry, step, lambda row: places[row["id"]])
    if made:
        tell(plan, made, new, registry, step)
    known = comparison.rows | {item.pk: row["id"] for item, (_number, row) in zip(made, new, strict=True)}
    arrangement.put_in_order(plan, {item: places[row] for item, row in known.items() if row in places})
    return outcomes


def _only_arranged(part: Part) -> bool:
    return part.change.kind == "changed" and not set(part.change.fields) & set(AMENDED)


def _arranged(part: Part, refusals: Mapping[str, str]) -> Outcome:
    return Outcome(part.code, part.item.number if part.item else "", refusals.get(part.code, ""))


def _takeable(
    plan: Plan, rows: Sequence[Numbered], parts: Sequence[Part], registry: Registry
) -> tuple[list[Numbered], list[Outcome]]:
    """The new rows whose numbers are free, and what became of every accepted new row."""
    codes = {part.row["id"]: part.code for part in parts if part.change.kind == "added" and part.row}
    taken = set(SubItem.objects.filter(plan=plan).exclude(state=State.CANCELLED).values_list("number", flat=True))
    new, outcomes = [], []
    for number, row in rows:
        if row["id"] in codes:
            refusal = (
                _("编号 %(number)s 已有另一项在用，这一项没有加。") % {"number": number}
                if number in taken
                else next(iter(problems([(number, row)], registry)), "")
            )
            outcomes.append(Outcome(codes[row["id"]], number, refusal))
            if not refusal:
                new.append((number, row))
                taken.add(number)
    return new, outcomes
