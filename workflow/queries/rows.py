"""台账: items narrowed and in the order of their table, and what its filters offer."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.actor import Actor
from accounts.models import Unit
from workflow.models import Plan, Responsibility, Round, SubItem
from workflow.models.plan import PlanQuerySet
from workflow.models.sub_item import SubItemQuerySet
from workflow.states import Duty


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed to; empty means all. Unknown values find nothing, they are no error."""

    plan: int | None = None
    state: str = ""
    light: str = ""  # one or several, with commas between
    unit: str = ""  # name of a lead or supporting unit
    lead: str = ""  # name of a lead unit
    section: int | None = None  # 工程 or 任务
    holder: str = ""
    q: str = ""
    due_before: date | None = None


def ledger(actor: Actor, today: date, wanted: LedgerFilter) -> SubItemQuerySet:
    """The items this actor may see, in the order of their table, with `light_now`."""
    items = SubItem.objects.visible_to(actor).with_light(today)
    if wanted.plan is not None:
        items = items.filter(plan=wanted.plan)
    if wanted.state:
        items = items.filter(state=wanted.state)
    if wanted.light:
        items = items.of_light(*wanted.light.split(","))
    if wanted.unit:
        items = items.filter(pk__in=Responsibility.objects.filter(unit__name=wanted.unit).values("item"))
    if wanted.lead:
        items = items.filter(
            pk__in=Responsibility.objects.filter(unit__name=wanted.lead, duty=Duty.LEAD).values("item")
        )
    if wanted.section is not None:
        items = items.filter(Q(section=wanted.section) | Q(section__parent=wanted.section))
    if wanted.holder:
        items = items.filter(holder__name=wanted.holder)
    if wanted.q:
        named = Responsibility.objects.filter(unit__name__icontains=wanted.q).values("item")
        words = Q(text__icontains=wanted.q) | Q(number=wanted.q) | Q(section__title__icontains=wanted.q)
        items = items.filter(words | Q(pk__in=named))
    if wanted.due_before is not None:
        items = items.filter(due_on__lt=wanted.due_before)
    return items.order_by("plan", "position", "id")


def with_names(items: SubItemQuerySet) -> SubItemQuerySet:
    """Load what a row shows: three queries in all, whatever the number of rows. Annotates `last_was_missed`."""
    last = Round.objects.filter(item=OuterRef("pk"), number=OuterRef("round_no") - 1, outcome=Round.Outcome.MISSED)
    rows = (
        items.annotate(last_was_missed=Exists(last))
        .select_related("section__parent", "holder", "verifier", "plan")
        .defer("plan__table")
    )
    return rows.with_responsibilities()


def plans(actor: Actor) -> PlanQuerySet:
    newest = Plan.objects.visible_to(actor).order_by("-published_at", "-pk")
    return newest.select_related("owner", "region").defer("table")


def lead_units(actor: Actor, plan_id: int) -> list[str]:
    """The lead units of a plan in the order of the region's units, for filters."""
    visible = SubItem.objects.visible_to(actor).filter(plan=plan_id).values("pk")
    leads = Unit.objects.filter(responsibilities__item__in=visible, responsibilities__duty=Duty.LEAD).distinct()
    return list(leads.values_list("name", flat=True))


def holders(actor: Actor, plan_id: int) -> list[str]:
    """The units that have the ball somewhere in a plan, for filters."""
    held = SubItem.objects.visible_to(actor).filter(plan=plan_id, holder__isnull=False).values("holder")
    return list(Unit.objects.filter(pk__in=held).values_list("name", flat=True))
