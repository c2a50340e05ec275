"""What 改任务 and 改派 make of an item's terms: decided against the item as it is, kept as before and after."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow import policies
from workflow.actions import objections
from workflow.actions.details import future_day, unit_called
from workflow.actions.writing import Prepared
from workflow.deadlines import Deadline, first_round
from workflow.errors import Invalid
from workflow.models import JournalEntry, Responsibility, SubItem, Supervisor
from workflow.models.journal import Step
from workflow.models.terms import Terms
from workflow.states import DeadlineKind, Tier


def amend(item: SubItem, step: Step) -> Prepared:
    """Anything but the main lead."""
    before, after, units = _decided(item, step)
    if after.leads[0] != before.leads[0]:
        raise Invalid(_("牵头单位的第一个是主牵头，要换请用“改派”。"))
    return _told(item, step, before, after, units)


def reassign(item: SubItem, step: Step) -> Prepared:
    """Another main lead, and anything else with it."""
    before, after, units = _decided(item, step)
    if after.leads[0] == before.leads[0]:
        raise Invalid(_("主牵头单位没有换，只改别的请用“改任务”。"))
    return _told(item, step, before, after, units)


def _told(item: SubItem, step: Step, before: Terms, after: Terms, units: Sequence[Unit]) -> Prepared:
    """Facts and rows of the change. Raises Invalid where there is none, NotAllowed by what the item will be."""
    changes = before.changes_to(after, {unit.pk: unit.name for unit in units})
    if not changes:
        raise Invalid(_("没有要改的地方，和现在的一样。"))
    if after.deadline.due_on != before.deadline.due_on:
        policies.check_may_date(step.by, as_it_will_be(item, after))
    step.details["terms"] = after
    step.details["objection"] = objections.answered(item, after)

    def write(entry: JournalEntry) -> None:
        if after.duties != before.duties:
            write_duties(item, after)

    return {"changes": changes}, write


def as_it_will_be(item: SubItem, after: Terms) -> Any:
    """What a policy reads of the item once the change is made."""
    return SimpleNamespace(
        plan=item.plan, participants=item.participants, lead_ids=after.leads, support_ids=after.supports
    )


def write_duties(item: SubItem, after: Terms) -> None:
    item.responsibilities.all().delete()
    Responsibility.objects.bulk_create(
        Responsibility(item=item, unit_id=unit, duty=duty, position=place)
        for place, (unit, duty) in enumerate(after.duties, 1)
    )


# --- the terms it will have -------------------------------------------------------------------------------------------
def _decided(item: SubItem, step: Step) -> tuple[Terms, Terms, Sequence[Unit]]:
    """The terms before and after, and the region's units if any was named. Raises Invalid."""
    said, before = step.details, Terms.of(item)
    after = replace(before, **{name: said[name] for name in ("text", "notes") if said[name] is not None})
    units: Sequence[Unit] = ()
    if said["leads"] is not None or said["supports"] is not None:
        units = units_of(item)
        after = _with_units(after, said["leads"], said["supports"], units)
    if after.duties != before.duties:
        after = verified(after, item, units)
    if said["deadline"]:
        after = replace(after, deadline=term(before.deadline, said["deadline"], step.today))
    if said["deadline_raw"]:
        after = replace(after, deadline_raw=said["deadline_raw"])
    elif after.deadline != before.deadline:
        after = replace(after, deadline_raw=in_words(after.deadline))
    return before, after, units


def _with_units(terms: Terms, leads: list[str] | None, supports: list[str] | None, units: Sequence[Unit]) -> Terms:
    """A unit that is both counts once, as lead (rule 6)."""
    lead_ids = terms.leads if leads is None else tuple(unit_called(name, units) for name in leads)
    support_ids = terms.supports if supports is None else tuple(unit_called(name, units) for name in supports)
    for place, unit in enumerate(lead_ids):
        if unit in lead_ids[:place]:
            name = next(each.name for each in units if each.pk == unit)
            raise Invalid(_("牵头单位里“%(name)s”写了两次。") % {"name": name})
    only = tuple(dict.fromkeys(unit for unit in support_ids if unit not in lead_ids))
    return replace(terms, leads=lead_ids, supports=only)


def units_of(item: SubItem) -> list[Unit]:
    """The region's units, each with its place among the plan's supervising ones, or none, as `supervises`."""
    place = Supervisor.objects.filter(plan=item.plan_id, unit=OuterRef("pk")).values("position")
    return list(Unit.objects.filter(region=item.plan.region_id).annotate(supervises=Subquery(place)))


def verified(terms: Terms, item: SubItem, units: Sequence[Unit]) -> Terms:
    """With other units the verifying unit is chosen anew, as on publishing; there may be none (rule 1).

    One that a person named stays, while it still may.
    """
    strict, submitting = item.plan.leads_never_verify, terms.leads[0]
    if terms.tier == Tier.NAMED and terms.verifier:
        if not policies.unfit(terms.verifier, terms.duties, submitting=submitting, leads_never=strict):
            return terms
    places = {unit.pk: unit.supervises for unit in units if unit.supervises is not None}  # type: ignore[attr-defined]
    verifier, tier = policies.verifying_unit(
        sorted(places, key=lambda pk: places[pk]),
        terms.duties,
        submitting=submitting,
        leads_never=strict,
    )
    return replace(terms, verifier=verifier, tier=tier)


def term(now: Deadline, said: Deadline, today: date) -> Deadline:
    """The deadline said, with the days it means here. Raises Invalid.

    What changes in nothing but its name keeps its days, so that no round and no date is prolonged by it.
    """
    if said.freq:
        if said.freq == now.freq:
            return replace(now, kind=said.kind)
        return Deadline(said.kind, today, first_round(today, said.freq).due_on, said.freq)
    start_on = _start(now.start_on or today, said, today)
    if said.due_on != now.due_on:
        future_day(said.due_on, today)
    if said.due_on is None or said.due_on < start_on:
        raise Invalid(_("完成时限不能早于开始的那天。"))
    return Deadline(said.kind, start_on, said.due_on)


def _start(now: date, said: Deadline, today: date) -> date:
    """A term that has begun keeps its first day; none begins before the item was dispatched."""
    if said.kind == DeadlineKind.RANGE and said.start_on is None:
        return now
    return said.start_on if said.start_on and said.start_on > today else min(now, today)


def in_words(deadline: Deadline) -> str:
    """A deadline as a table would print it."""
    if deadline.kind == DeadlineKind.ONGOING:
        return str(DeadlineKind.ONGOING.label)
    if deadline.freq:
        return str(deadline.freq.label)
    days = [_written(deadline.start_on), _written(deadline.due_on)]
    return _("至").join(days if deadline.kind == DeadlineKind.RANGE else days[1:])


def _written(day: date | None) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day} if day else ""
