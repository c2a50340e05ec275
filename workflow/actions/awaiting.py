"""Whom an item waits for while its main lead owes nothing, and what ends that: one place for everything that writes.

What ends is written at once, so call these when all refusals are decided and before the entry is made.
"""

from collections.abc import Collection, Sequence
from typing import Any

from workflow.models import Countersignature, SubItem, Submission
from workflow.states import Duty, State

Facts = dict[str, Any]  # what the entry keeps of signatures that ended with it
Was = tuple[str, int, Sequence[tuple[int, str]]]  # state, round and duties of an item before a move


def wait_for_parts(item: SubItem) -> None:
    """Make a drafted item wait for the supports that owe their parts; what they gave is the main lead's again."""
    if item.parts_owed:
        item.wait_for(item.parts_owed)


def parts_changed(item: SubItem) -> None:
    """A part went on: the drafted item waits for those still owed, else for the co-leads that were asked to sign."""
    if not item.parts_owed:
        return wait_for_unsigned(item)
    drafts = item.submissions.filter(status=Submission.Status.DRAFT)
    item.wait_for(item.parts_owed if item.state == State.IN_PROGRESS and drafts.exists() else [])


def wait_for_unsigned(item: SubItem) -> None:
    """Make the item wait for the co-leads that were asked to sign and have not answered."""
    item.wait_for([[each.unit_id, each.unit.name] for each in item.countersignatures if each.is_requested])


def paper_changed(item: SubItem) -> Facts:
    """Other words or other evidence: the circulation ends, and what was signed is signed no longer."""
    return _void(item, keeping=()) if item.co_lead_ids else {}


def refused(item: SubItem) -> None:
    """Nobody else is asked any more; what was signed stays so."""
    Countersignature.objects.all().void(item.pk, statuses=[Countersignature.Status.REQUESTED])
    item.wait_for([])


def item_moved(item: SubItem, was: Was) -> Facts:
    """What a move ends of the signatures on the draft.

    Nothing, where it is handed in with them. While the same unit goes on with the same round, those of units that
    lead with it no longer. Otherwise all.
    """
    state, round_no, duties = was
    (main, *co_leads) = [unit for unit, duty in duties if duty == Duty.LEAD]
    if not co_leads or state != State.IN_PROGRESS or item.state == State.SUBMITTED:
        return {}
    goes_on = (state, round_no, main) == (item.state, item.round_no, item.lead_ids[0])
    keeping = item.co_lead_ids if goes_on else []
    return _void(item, keeping=keeping) if set(co_leads) - set(keeping) else {}


def _void(item: SubItem, *, keeping: Collection[int]) -> Facts:
    ended = Countersignature.objects.all().void(item.pk, keeping)
    if not ended:
        return {}
    gone = {unit for unit, _name in ended}
    if "countersignatures" in item.__dict__:  # loaded already
        item.countersignatures = [each for each in item.countersignatures if each.unit_id not in gone]
    item.wait_for([pair for pair in item.awaited if pair[0] not in gone])
    return {"signatures_void": [name for _unit, name in ended]}
