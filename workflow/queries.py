"""What is read: to-do, ledger, statistics, people to tell. The one reader that pages, API and commands share."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Post, Role, Unit
from notifications.outbox import Audience
from workflow.models import Evidence, JournalEntry, Plan, Responsibility, SubItem, Submission
from workflow.models.journal import broken_links
from workflow.models.plan import PlanQuerySet
from workflow.models.sub_item import MOVES, PERIODIC, Move, SubItemQuerySet
from workflow.states import Duty, Light, State, Tier


# --- people to tell ---------------------------------------------------------------------------------------------------
def people_to_tell(item: SubItem, words: Iterable[str]) -> Audience:
    """Audience words (of moves and of rungs) as people and posts; asks no database."""
    told = Audience()
    for word in words:
        told |= _audience(item, word)
    return told


def _audience(item: SubItem, word: str) -> Audience:
    region, leads = item.plan.region_id, item.lead_ids
    if word == "assignee":
        if item.assignee_id is None:
            return _posts(leads[:1], Role.OFFICER)
        return Audience(people=frozenset({item.assignee_id}))
    if word in REGIONAL:
        return Audience(roles=frozenset({(region, REGIONAL[word].value)}))
    posts: dict[str, tuple[Sequence[int | None], Role]] = {
        "holder_heads": ([item.holder_id], Role.HEAD),
        "lead_heads": (leads, Role.HEAD),
        "co_lead_heads": (leads[1:], Role.HEAD),
        "support_heads": (item.support_ids, Role.HEAD),
        "verifiers": ([item.verifier_id], Role.VERIFIER),
        "verifier_heads": ([item.verifier_id], Role.HEAD),
        "coordinators": ([item.plan.owner_id], Role.COORDINATOR),
    }
    return _posts(*posts[word])


REGIONAL = {"inspectors": Role.INSPECTOR, "leaders": Role.LEADER}


def _posts(units: Iterable[int | None], role: Role) -> Audience:
    return Audience(posts=frozenset((unit, role.value) for unit in units if unit is not None))


def message_context(item: SubItem, entry: JournalEntry) -> dict[str, Any]:
    """What a message about an entry says; the templates of notifications find their words in it."""
    return {
        "number": item.number,
        "text": item.text[:80],
        "plan": item.plan.title,
        "by": entry.actor_name,
        "unit": entry.unit_name,
        "comment": entry.comment[:500],
        "state": str(State(item.state).label),
        "due_on": item.due_on.isoformat() if item.due_on else "",
    }


# --- the verifying unit, in words -------------------------------------------------------------------------------------
def verifier_reason(item: SubItem) -> str:
    """Why this unit verifies this item (domain rule 1), in words; wants responsibilities and verifier loaded."""
    if item.verifier is None:
        return _("没有可以审核的单位，请统筹或督查另行指定。")
    words = {"lead": item.leads[0].name, "verifier": item.verifier.name}
    return {
        Tier.INDEPENDENT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s没有承担这一项。"),
        Tier.SUPPORT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s只是配合单位。"),
        Tier.CO_LEAD: _("由%(verifier)s互核：%(lead)s报送，不能自己审；%(verifier)s同为牵头，没有报送这一项。"),
    }[Tier(item.verifier_tier)] % words


# --- the ledger -------------------------------------------------------------------------------------------------------
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
    return items.order_by("plan", "position")


def with_names(items: SubItemQuerySet) -> SubItemQuerySet:
    """Load what a row shows: three queries in all, whatever the number of rows."""
    rows = items.select_related("section__parent", "holder", "verifier", "plan").defer("plan__table")
    return rows.with_responsibilities()


# --- to-do ------------------------------------------------------------------------------------------------------------
REPORT_WITHIN = timedelta(days=90)  # an item without news for longer is on its officer's desk


def waiting_for(actor: Actor, today: date) -> SubItemQuerySet:
    """Items on which this person owes the next step: to sign, to do, to review, to close or renew.

    An item in progress is on its 经办人's desk only while there is a reason: late or near, returned, or long without
    a report; on the head's when a draft waits for the signature or the item is late. Annotates `light_now`,
    `is_returned` and `has_draft`.
    """
    works = {post.unit_id for post in actor.posts_as(Role.OFFICER, Role.HEAD)}
    heads = {post.unit_id for post in actor.posts_as(Role.HEAD)}
    owner_leads = Responsibility.objects.filter(item=OuterRef("pk"), duty=Duty.LEAD, unit=OuterRef("plan__owner"))
    news = Coalesce("reported_at", "held_since")
    urgent = Q(light_now__in=[Light.RED, Light.YELLOW]) | Q(is_returned=True) | Q(news__date__lt=today - REPORT_WITHIN)
    return (
        SubItem.objects.visible_to(actor)
        .with_light(today)
        .alias(news=news, owner_leads=Exists(owner_leads))
        .annotate(is_returned=_has(Submission.Status.REJECTED), has_draft=_has(Submission.Status.DRAFT))
        .filter(
            Q(state=State.ASSIGNED, holder__in=works)
            | Q(state=State.IN_PROGRESS, holder__in=works, assignee=actor.user_id) & urgent
            | Q(state=State.IN_PROGRESS, holder__in=heads) & (Q(has_draft=True) | Q(light_now=Light.RED))
            | _to_review(actor)
            | Q(state=State.VERIFIED, owner_leads=False, plan__owner__in=_units_as(actor, Role.COORDINATOR))
            | Q(state=State.VERIFIED, owner_leads=True, plan__region__in=_regions_as(actor, Role.INSPECTOR))
            & ~Q(kind__in=PERIODIC)  # the next round is the coordinator's to open
            | Q(state=State.VERIFIED, kind__in=PERIODIC, plan__owner__in=_units_as(actor, Role.COORDINATOR))
        )
        .exclude(state=State.VERIFIED, approved_by=actor.user_id)
    )


def to_review(actor: Actor, today: date) -> SubItemQuerySet:
    """What was handed in to this verifier's units, most urgent first, recused items included."""
    items = SubItem.objects.visible_to(actor).with_light(today).filter(_to_review(actor))
    return items.order_by("due_on", "plan", "position")


def _to_review(actor: Actor) -> Q:
    return Q(state=State.SUBMITTED, verifier__in=_units_as(actor, Role.VERIFIER))


def _has(status: Submission.Status) -> Exists:
    return Exists(Submission.objects.filter(item=OuterRef("pk"), round_no=OuterRef("round_no"), status=status))


def _units_as(actor: Actor, role: Role) -> set[int]:
    return {post.unit_id for post in actor.posts_as(role)}


def _regions_as(actor: Actor, role: Role) -> set[int]:
    return {post.region_id for post in actor.posts_as(role)}


def in_hand(actor: Actor, today: date) -> SubItemQuerySet:
    """What this person is working on, nearest due date first."""
    works = _units_as(actor, Role.OFFICER) | _units_as(actor, Role.HEAD)
    items = SubItem.objects.visible_to(actor).with_light(today)
    return items.filter(state=State.IN_PROGRESS, holder__in=works, assignee=actor.user_id).order_by(
        "due_on", "position"
    )


def with_others(actor: Actor, today: date) -> SubItemQuerySet:
    """What this person's units handed in and now wait for, longest first."""
    works = _units_as(actor, Role.OFFICER) | _units_as(actor, Role.HEAD)
    items = SubItem.objects.visible_to(actor).with_light(today).led_by(works)
    return items.filter(state=State.SUBMITTED).order_by("held_since", "position")


def waiting_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many items wait for this person, and how many of them to review; what rule 1 bars them from is not theirs."""
    rows = waiting_for(actor, today).values_list("pk", "state", "participants")
    mine = [row for row in rows if row[1] != State.SUBMITTED or actor.user_id not in row[2]]
    barred = barred_from(actor, [pk for pk, state, _who in mine if state == State.SUBMITTED])
    review = sum(state == State.SUBMITTED and pk not in barred for pk, state, _who in mine)
    return {"all": len(mine) - len(barred), "review": review}


def barred_from(actor: Actor, item_ids: Sequence[int]) -> set[int]:
    """Those of these items whose leads or supports this person works in (rule 1); no query where none can be."""
    if not item_ids or not actor.duty_unit_ids:
        return set()
    rows = Responsibility.objects.filter(item__in=item_ids, unit__in=actor.duty_unit_ids)
    return set(rows.values_list("item_id", flat=True))


# --- buttons ----------------------------------------------------------------------------------------------------------
def moves_open_to(actor: Actor, item: SubItem) -> list[Move]:
    """The moves this person may make on this item now, in the order of the declaration."""
    return [move for move in MOVES.values() if move.starts_from(item) and move.permission(item, actor)]


# --- statistics -------------------------------------------------------------------------------------------------------
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


# --- plans ------------------------------------------------------------------------------------------------------------
def plans(actor: Actor) -> PlanQuerySet:
    return Plan.objects.visible_to(actor).select_related("owner", "region").order_by("-published_at", "-pk")


def lead_units(actor: Actor, plan_id: int) -> list[str]:
    """The lead units of a plan in the order of the region's units, for filters."""
    visible = SubItem.objects.visible_to(actor).filter(plan=plan_id).values("pk")
    leads = Unit.objects.filter(responsibilities__item__in=visible, responsibilities__duty=Duty.LEAD).distinct()
    return list(leads.values_list("name", flat=True))


def holders(actor: Actor, plan_id: int) -> list[str]:
    """The units that have the ball somewhere in a plan, for filters."""
    held = SubItem.objects.visible_to(actor).filter(plan=plan_id, holder__isnull=False).values("holder")
    return list(Unit.objects.filter(pk__in=held).values_list("name", flat=True))


def people_of(unit_ids: Iterable[int | None]) -> list[dict[str, str]]:
    """Who may be named 经办人 in these units: their officers first, then heads; one line a person and unit."""
    posts = Post.objects.current().filter(
        unit__in=[unit for unit in unit_ids if unit], role__in=[Role.OFFICER, Role.HEAD], user__is_active=True
    )
    rows = posts.order_by("-role", "id").values_list("user__username", "user__name", "unit__name")
    return [{"username": username, "name": name, "unit": unit} for username, name, unit in dict.fromkeys(rows)]


# --- one item ---------------------------------------------------------------------------------------------------------
def submissions_of(item: SubItem) -> QuerySet[Submission]:
    """Everything handed in for an item and its draft, newest first; two queries with the files."""
    files = Prefetch("evidence", queryset=Evidence.objects.select_related("blob", "by"))
    people = ("unit", "verifier", "submitted_by", "reviewed_by")
    return item.submissions.select_related(*people).prefetch_related(files)


# --- the journal ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Checked:
    """Entries read, and the first broken one of each broken chain."""

    entries: int
    broken: list[dict[str, Any]]


def verify_journal(plan_id: int | None = None) -> Checked:
    """Recompute every chain, of one plan or all, in batches of items; for commands of the audit, sees everything."""
    items = SubItem.objects.order_by("pk").only("pk", "uid", "number", "seq", "head")
    if plan_id is not None:
        items = items.filter(plan=plan_id)
    read, broken = 0, []
    for item in items.prefetch_related("journal").iterator(chunk_size=500):
        entries = list(item.journal.all())
        read += len(entries)
        for seq, problem in broken_links(str(item.uid), item.seq, item.head, entries):
            broken.append({"sub_item": item.pk, "number": item.number, "seq": seq, "problem": problem})
    return Checked(read, broken)
