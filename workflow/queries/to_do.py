"""工作台: what waits for a person, and what they wait for."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.models import Post, Role
from workflow.models import Countersignature, Extension, Objection, Part, Responsibility, SubItem, Submission
from workflow.models.countersignature import CountersignatureQuerySet
from workflow.models.sub_item import SubItemQuerySet, reviewers
from workflow.policies import REVIEWERS
from workflow.queries.parts import parts_to_give
from workflow.queries.rechecks import count_to_recheck
from workflow.queries.rounds import undecided
from workflow.queries.rows import with_names
from workflow.states import GIVEN, OWED, PERIODIC, CriteriaState, Duty, Ending, Light, Pause, State

Status = Countersignature.Status
REPORT_WITHIN = timedelta(days=90)  # an item without news for longer is on its officer's desk


def waiting_for(actor: Actor, today: date) -> SubItemQuerySet:
    """Items on which this person owes the next step: to sign, to do, to review, to close.

    A verified round of what goes on owes nothing: the clock opens the next. What is suspended waits for its day.
    An item in progress is on its 经办人's desk only while there is a reason: late or near, returned, or long without
    a report, refused by a co-lead, or when supports have given their parts; on the head's when a draft waits for the
    signature and no part for its unit, the item is late or has no 经办人 any more. While it waits for others it is on
    nobody's desk but theirs: co-leads that are to sign. What is on somebody's desk is on that of whoever stands in for
    them. Annotates `light_now`, `is_returned`, `is_refused`, `has_draft`, `has_given`, `is_deserted` and
    `to_sign_since`.
    """
    works = {post.unit_id for post in actor.posts_as(Role.OFFICER, Role.HEAD)}
    heads = {post.unit_id for post in actor.posts_as(Role.HEAD)}
    serving = Post.objects.current().filter(
        user=OuterRef("assignee"), unit=OuterRef("holder"), role__in=[Role.OFFICER, Role.HEAD], user__is_active=True
    )
    news = Coalesce("reported_at", "held_since")
    sent_back = Q(is_returned=True) | Q(is_refused=True)
    urgent = Q(light_now__in=[Light.RED, Light.YELLOW]) | sent_back | Q(news__date__lt=today - REPORT_WITHIN)
    given = Q(state=State.IN_PROGRESS, has_given=True)
    owed = Q(state=State.IN_PROGRESS, awaited=[])
    parts, to_sign = Part.objects.filter(item=OuterRef("pk")), Q(has_draft=True, has_open=False)
    return (
        SubItem.objects.visible_to(actor)
        .with_light(today)
        .alias(news=news, owner_leads=_owner_leads(), has_open=Exists(parts.open()))
        .annotate(is_returned=_has(Submission.Status.REJECTED), has_draft=_has(Submission.Status.DRAFT))
        .annotate(is_refused=Exists(_refused()), to_sign_since=_to_sign_since(actor), is_deserted=~Exists(serving))
        .annotate(has_given=Exists(parts.filter(status__in=GIVEN)))
        .filter(
            Q(state=State.ASSIGNED, holder__in=works) & ~Q(pause=Pause.OBJECTED)
            | (given | owed & urgent) & _on_desk(actor)
            | owed & Q(holder__in=heads) & (to_sign | Q(light_now=Light.RED) | Q(is_deserted=True))
            | Q(state=State.IN_PROGRESS, to_sign_since__isnull=False) & ~Q(holder__in=works)
            | _to_review(actor)
            | Q(state=State.VERIFIED, owner_leads=False, plan__owner__in=_units_as(actor, Role.COORDINATOR))
            | Q(state=State.VERIFIED, owner_leads=True, plan__region__in=_regions_as(actor, Role.INSPECTOR))
        )
        .exclude(state=State.VERIFIED, approved_by__in=actor.people)
        .exclude(state=State.VERIFIED, approved_for__in=actor.people)
        .exclude(state=State.VERIFIED, kind__in=PERIODIC, ending=Ending.NONE)
        .exclude(pause=Pause.SUSPENDED)
    )


def to_conclude(actor: Actor, today: date) -> SubItemQuerySet:
    """What is verified and this person's posts may end or renew; also rounds that the clock turns if nobody does."""
    owners, regions = _units_as(actor, Role.COORDINATOR), _regions_as(actor, Role.INSPECTOR)
    items = SubItem.objects.visible_to(actor).with_light(today).alias(owner_leads=_owner_leads())
    theirs = Q(plan__owner__in=owners, owner_leads=False) | Q(plan__region__in=regions, owner_leads=True)
    renewed = Q(plan__owner__in=owners, kind__in=PERIODIC, ending=Ending.NONE)
    approved = Q(approved_by__in=actor.people) | Q(approved_for__in=actor.people)
    return items.filter(theirs | renewed, state=State.VERIFIED).exclude(approved)


def to_review(actor: Actor, today: date) -> SubItemQuerySet:
    """What was handed in to this verifier's units, most urgent first, recused items included."""
    items = SubItem.objects.visible_to(actor).with_light(today).filter(_to_review(actor))
    return items.order_by("due_on", "plan", "position")


def to_decide(actor: Actor, today: date) -> SubItemQuerySet:
    """Items for which more time is asked of this person's posts, recused ones included; annotates `asked_on`.

    No query for who holds no such post.
    """
    units, regions = _units_as(actor, *REVIEWERS), _regions_as(actor, Role.INSPECTOR)
    if not units and not regions:
        return SubItem.objects.none()
    asked = Extension.objects.open().filter(item=OuterRef("pk")).values("asked_on")
    items = SubItem.objects.visible_to(actor).with_light(today).alias(owner_leads=_owner_leads())
    return items.annotate(asked_on=Subquery(asked)).filter(
        Q(verifier__in=units, owner_leads=False)
        | Q(plan__region__in=regions) & (Q(owner_leads=True) | Q(verifier=None)),
        asked_on__isnull=False,
    )


def objected_to(actor: Actor, today: date) -> SubItemQuerySet:
    """Items whose lead objects to the assignment, for the owner's side to answer; recused ones included.

    Without what this person or their unit objects to. No query for who holds no such post.
    """
    owners, regions = _units_as(actor, Role.COORDINATOR), _regions_as(actor, Role.INSPECTOR)
    if not owners and not regions:
        return SubItem.objects.none()
    sides = owners | _units_as(actor, Role.INSPECTOR)
    own = Objection.objects.open().filter(Q(raised_by__in=actor.people) | Q(unit__in=sides), item=OuterRef("pk"))
    items = SubItem.objects.visible_to(actor).with_light(today).alias(owner_leads=_owner_leads())
    return items.filter(
        Q(plan__owner__in=owners, owner_leads=False) | Q(plan__region__in=regions, owner_leads=True),
        ~Exists(own),
        pause=Pause.OBJECTED,
    )


def unreviewable(actor: Actor, today: date) -> list[SubItem]:
    """Items under review, or soon to be, that nobody may review, for who names another unit; recused ones included.

    Soon: handed to the head to sign, or near or past the due date. No query for who names none, else six at most.
    """
    owners, regions = _units_as(actor, Role.COORDINATOR), _regions_as(actor, Role.INSPECTOR)
    if not owners and not regions:
        return []
    items = SubItem.objects.visible_to(actor).with_light(today).alias(owner_leads=_owner_leads())
    soon = Q(has_draft=True) | Q(light_now__in=[Light.RED, Light.YELLOW])
    found = items.alias(has_draft=_has(Submission.Status.DRAFT)).filter(
        Q(plan__owner__in=owners, owner_leads=False) | Q(plan__region__in=regions, owner_leads=True),
        Q(state=State.SUBMITTED) | Q(state=State.IN_PROGRESS) & soon,
    )
    return [item for item in load_reviewers(with_names(found)) if item.nobody_reviews]


def load_reviewers(items: Iterable[SubItem]) -> list[SubItem]:
    """Load who could review each of these items, for `reviewers` and `nobody_reviews`: two queries."""
    loaded = list(items)
    for item, found in zip(loaded, reviewers([(item, item.verifier_id) for item in loaded]), strict=True):
        item.reviewers = found
    return loaded


def _owner_leads() -> Exists:
    return Exists(Responsibility.objects.filter(item=OuterRef("pk"), duty=Duty.LEAD, unit=OuterRef("plan__owner")))


def to_agree(actor: Actor, today: date) -> SubItemQuerySet:
    """Items whose criteria this person's posts are asked to agree to, recused ones included.

    No query for who holds no such post.
    """
    units, regions = _units_as(actor, *REVIEWERS), _regions_as(actor, Role.INSPECTOR)
    if not units and not regions:
        return SubItem.objects.none()
    waiting = {"criteria_state": CriteriaState.PROPOSED, "state__in": [State.ASSIGNED, State.IN_PROGRESS]}
    items = SubItem.objects.visible_to(actor).with_light(today).filter(**waiting)
    return items.filter(Q(verifier__in=units) | Q(plan__region__in=regions, verifier=None))


def _to_review(actor: Actor) -> Q:
    return Q(state=State.SUBMITTED, verifier__in=_units_as(actor, *REVIEWERS))


def _has(status: Submission.Status) -> Exists:
    return Exists(Submission.objects.filter(item=OuterRef("pk"), round_no=OuterRef("round_no"), status=status))


def _refused() -> CountersignatureQuerySet:
    """What co-leads last said to the draft, where that was no."""
    return Countersignature.objects.of_draft(OuterRef("pk")).last_of_unit().filter(status=Status.REFUSED)


def _to_sign_since(actor: Actor) -> Subquery:
    """Since when a unit is asked to sign for which this person may; see policies.check_may_countersign."""
    asked = Countersignature.objects.of_draft(OuterRef("pk")).filter(status=Status.REQUESTED)
    head = Q(unit__in=_units_as(actor, Role.HEAD))
    officer = Q(unit__in=_units_as(actor, Role.OFFICER), submission__item__plan__officers_may_submit=True)
    return Subquery(asked.filter(head | officer).order_by("requested_at").values("requested_at")[:1])


def _on_desk(actor: Actor) -> Q:
    """This person is 经办人 of a unit they work in, or stands in for whoever is."""
    posts = actor.posts_as(Role.OFFICER, Role.HEAD)
    own = Q(holder__in={post.unit_id for post in posts}, assignee=actor.user_id)
    return reduce(or_, [Q(holder=post.unit_id, assignee=post.for_user_id) for post in posts if post.is_lent], own)


def _units_as(actor: Actor, *roles: Role) -> set[int]:
    return {post.unit_id for post in actor.posts_as(*roles)}


def _regions_as(actor: Actor, role: Role) -> set[int]:
    return {post.region_id for post in actor.posts_as(role)}


def in_hand(actor: Actor, today: date) -> SubItemQuerySet:
    """What this person is working on, nearest due date first."""
    items = SubItem.objects.visible_to(actor).with_light(today)
    mine = items.filter(_on_desk(actor), state=State.IN_PROGRESS, awaited=[])
    return mine.exclude(pause=Pause.SUSPENDED).order_by("due_on", "position")


def suspended(actor: Actor, today: date) -> SubItemQuerySet:
    """What this person's units lead and what stands still, soonest back first."""
    works = _units_as(actor, Role.OFFICER) | _units_as(actor, Role.HEAD)
    items = SubItem.objects.visible_to(actor).with_light(today).filter(pause=Pause.SUSPENDED)
    return items.filter(holder__in=works).order_by("suspended_until", "position")


def with_others(actor: Actor, today: date) -> SubItemQuerySet:
    """What this person's units handed in, sent round, object to or asked supports for, and now wait for.

    Longest first; annotates `awaited_since`.
    """
    works = _units_as(actor, Role.OFFICER) | _units_as(actor, Role.HEAD)
    items = SubItem.objects.visible_to(actor).with_light(today).led_by(works)
    asked = Countersignature.objects.of_draft(OuterRef("pk")).filter(status=Status.REQUESTED).order_by("requested_at")
    owed = Part.objects.filter(item=OuterRef("pk"), status__in=OWED).order_by("asked_at")
    firsts = (Subquery(owed.values("asked_at")[:1]), Subquery(asked.values("requested_at")[:1]))
    others = Q(state=State.IN_PROGRESS, holder__in=works) & (Q(Exists(owed)) | ~Q(awaited=[]))
    waits = Q(state=State.SUBMITTED) | Q(pause=Pause.OBJECTED) | others
    items = items.annotate(awaited_since=Coalesce(*firsts, "held_since"))
    return items.filter(waits).order_by("awaited_since", "position")


def waiting_counts(actor: Actor, today: date) -> dict[str, int]:
    """How many items wait for this person, and how many of them to review; what rule 1 bars them from is not theirs."""
    rows = waiting_for(actor, today).values_list("pk", "state", "participants")
    work = [pk for pk, state, _who in rows if state != State.SUBMITTED]
    review = [pk for pk, state, who in rows if state == State.SUBMITTED and actor.people.isdisjoint(who)]
    asked = [*to_decide(actor, today).values_list("pk", "participants")]
    asked += objected_to(actor, today).values_list("pk", "participants")
    asked += to_agree(actor, today).values_list("pk", "participants")
    asked += [(item.pk, item.participants) for item in unreviewable(actor, today)]
    decide = [pk for pk, who in asked if actor.people.isdisjoint(who)]
    barred = barred_from(actor, [*review, *decide])
    mine = [pk for pk in review if pk not in barred]
    recheck, years = count_to_recheck(actor, today), len(undecided(actor, today))
    mine_to_decide, to_give = sum(pk not in barred for pk in decide), parts_to_give(actor).count()
    every = len(work) + len(mine) + mine_to_decide + recheck + years + to_give
    return {"all": every, "review": len(mine), "recheck": recheck}


def barred_from(actor: Actor, item_ids: Sequence[int]) -> set[int]:
    """Those of these items whose leads or supports this person works in (rule 1); no query where none can be."""
    if not item_ids or not actor.duty_unit_ids:
        return set()
    rows = Responsibility.objects.filter(item__in=item_ids, unit__in=actor.duty_unit_ids)
    return set(rows.values_list("item_id", flat=True))
