"""分出: a co-lead leaves an item and goes on with one of its own, in the same plan and section."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow import policies, queries
from workflow.actions.amendments import as_it_will_be, in_words, term, units_of, verified, write_duties
from workflow.actions.details import unit_called
from workflow.actions.new_items import split_off
from workflow.actions.writing import Prepared, message
from workflow.errors import Invalid
from workflow.models import JournalEntry, Section, SubItem
from workflow.models.journal import Step
from workflow.models.terms import Terms
from workflow.models.together import write_together
from workflow.states import Tier


def split(item: SubItem, step: Step) -> Prepared:
    """What stays of the item, and the new one. Raises Invalid, NotAllowed by what the new one will be."""
    units = units_of(item)
    names = {each.pk: each.name for each in units}
    unit, before = unit_called(step.details["unit"], units), Terms.of(item)
    if unit not in before.leads[1:]:
        raise Invalid(_("%(unit)s不是这一项的共同牵头单位，不能分出。") % {"unit": names[unit]})
    after = verified(replace(before, leads=tuple(lead for lead in before.leads if lead != unit)), item, units)
    own = verified(_own_terms(before, unit, step, units), item, units)
    if own.deadline.due_on != before.deadline.due_on:
        policies.check_may_date(step.by, as_it_will_be(item, own))
    number, position = _place(item)
    step.details["terms"], step.details["objection"] = after, None

    def write(entry: JournalEntry) -> None:
        write_duties(item, after)
        begun, first = split_off(
            item, own, number=number, position=position, step=step, facts=_first_words(own, step, names)
        )
        step.details["begun"] = begun
        tells = queries.people_to_tell(begun, ("assignee", "lead_heads", "support_heads"))
        write_together(message("split.begun", tells, begun, first))

    facts = {"split": {"number": number, "unit": names[unit]}}
    return {"changes": before.changes_to(after, names), **facts}, write


def _first_words(own: Terms, step: Step, names: Mapping[int, str]) -> dict[str, Any]:
    """What the first entry holds, so that the chain vouches for the words an item began with."""
    units = {"leads": [names[unit] for unit in own.leads], "supports": [names[unit] for unit in own.supports]}
    return {"text": own.text, **units, "deadline_raw": own.deadline_raw, "notes": own.notes, **step.details["basis"]}


def _own_terms(before: Terms, unit: int, step: Step, units: Sequence[Unit]) -> Terms:
    """What the new item asks of the unit; what was not said is as on the old one."""
    said = step.details
    named = before.supports if said["supports"] is None else [unit_called(name, units) for name in said["supports"]]
    supports = tuple(dict.fromkeys(each for each in named if each != unit))
    deadline = term(before.deadline, said["deadline"], step.today) if said["deadline"] else before.deadline
    same = deadline.due_on == before.deadline.due_on and deadline.kind == before.deadline.kind
    raw = said["deadline_raw"] or (before.deadline_raw if same else in_words(deadline))
    start_on = max(step.today, deadline.start_on or step.today)
    terms = replace(before, text=said["text"] or before.text, leads=(unit,), supports=supports, deadline_raw=raw)
    return replace(terms, deadline=replace(deadline, start_on=start_on), verifier=None, tier=Tier.NONE)


def _place(item: SubItem) -> tuple[str, int]:
    """The next number of the task, and the place behind its last item; locks the task, so that no two get the same."""
    list(Section.objects.select_for_update(no_key=True).filter(pk=item.section_id))
    head, point, tail = item.number.rpartition(".")
    alike = Q(section=item.section_id) | Q(number__startswith=f"{head}{point}")
    rows: list[Any] = list(
        SubItem.objects.filter(alike, plan=item.plan_id).values_list("number", "position", "section")
    )
    position = max(place for _number, place, section in rows if section == item.section_id)
    numbers = {number for number, _position, _section in rows}
    tails = [number.rpartition(".") for number in numbers]
    if tail.isdecimal():
        last = max(int(own) for before, _point, own in tails if before == head and own.isdecimal())
        return f"{head}{point}{last + 1}", position
    return next(free for n in range(1, len(numbers) + 2) if (free := f"{item.number}-{n}") not in numbers), position
