"""历期 of an item, and the yearly decision over those that never end by themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Role
from workflow.deadlines import year_to_decide
from workflow.models import JournalEntry, Plan, Responsibility, Round, SubItem
from workflow.models.sub_item import SubItemQuerySet
from workflow.queries.rows import with_names
from workflow.states import OPEN, PERIODIC, Duty, Pause


def rounds_of(item: SubItem) -> QuerySet[Round]:
    """The rounds that ended, newest first, with the names of who verified them; one query."""
    return item.rounds.select_related("verified_by", "verifier")


def why_suspended(items: list[SubItem]) -> dict[int, JournalEntry]:
    """Of those items that are suspended, the entry that says why; no query where none is."""
    still = [item.pk for item in items if item.pause == Pause.SUSPENDED]
    entries = JournalEntry.objects.filter(item__in=still, action="suspend").order_by("seq") if still else ()
    return {entry.item_id: entry for entry in entries}


# --- 年度研判 -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Undecided:
    """Items of a plan of which nobody has said yet whether they go on after this year."""

    plan: Plan
    year: int
    count: int


def without_end(actor: Actor, plan_id: int, *, also: Iterable[int] = ()) -> SubItemQuerySet:
    """The running items of a plan that never end by themselves, and `also` these, in the order of the table."""
    wanted = Q(state__in=OPEN) | Q(pk__in=list(also))
    items = SubItem.objects.visible_to(actor).filter(wanted, plan=plan_id, kind__in=PERIODIC)
    return with_names(items).order_by("position")


def undecided(actor: Actor, today: date) -> list[Undecided]:
    """By plan, what of the year is this person's posts' to decide; from 1 December on, and until it is decided.

    No query for who holds no such post.
    """
    units = {post.unit_id for post in actor.posts_as(Role.COORDINATOR)}
    regions = {post.region_id for post in actor.posts_as(Role.INSPECTOR)}
    if not units and not regions:
        return []
    own = Responsibility.objects.filter(item=OuterRef("pk"), duty=Duty.LEAD, unit=OuterRef("plan__owner"))
    mine = Q(owner_leads=False, plan__owner__in=units) | Q(owner_leads=True, plan__region__in=regions)
    items = SubItem.objects.filter(kind__in=PERIODIC, state__in=OPEN, decided_year__lt=today.year)
    rows = items.alias(owner_leads=Exists(own)).filter(mine).order_by().values_list("plan", "decided_year")
    found = Counter(rows)
    plans = Plan.objects.filter(pk__in={plan for plan, _year in found}).defer("table").order_by("-published_at", "pk")
    return [each for plan in plans if (each := _undecided(plan, found, today)).count] if found else []


def _undecided(plan: Plan, found: Counter[tuple[int, int | None]], today: date) -> Undecided:
    year = year_to_decide(today, plan.rules_in_force().calendar)
    count = sum(n for (of, decided), n in found.items() if of == plan.pk and decided is not None and decided < year)
    return Undecided(plan, year, count)
