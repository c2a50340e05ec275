"""One sub-item: why its verifier verifies, the moves open to somebody, what was handed in."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from workflow import policies
from workflow.holding import HolderDays, Turn, Units, spans, working_days_by_holder
from workflow.models import (
    Countersignature,
    Evidence,
    Extension,
    JournalEntry,
    Objection,
    SubItem,
    Submission,
    Supervisor,
)
from workflow.models.moves import MOVES, Move
from workflow.models.sub_item import SubItemQuerySet
from workflow.states import State, Tier

Named = Callable[[User | None, datetime | None], str]
REVIEWABLE = (State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED)  # a verdict may still come


def verifier_reason(item: SubItem) -> str:
    """Why this unit verifies this item (domain rule 1), in words; wants responsibilities and verifier loaded."""
    if item.verifier is None:
        return _("没有可以审核的单位，请统筹或督查另行指定。")
    words = {"lead": item.leads[0].name, "verifier": item.verifier.name}
    return {
        Tier.INDEPENDENT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s没有承担这一项。"),
        Tier.SUPPORT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s只是配合单位。"),
        Tier.NAMED: _named(item),
        Tier.CO_LEAD: _("由%(verifier)s互核：%(lead)s报送，不能自己审；%(verifier)s同为牵头，没有报送这一项。"),
    }[Tier(item.verifier_tier)] % words


def _named(item: SubItem) -> str:
    if item.verifier_id in item.lead_ids:
        return _("由%(verifier)s互核，是另行指定的：%(lead)s报送，不能自己审；%(verifier)s同为牵头，没有报送这一项。")
    return _("由%(verifier)s审核，是另行指定的：%(lead)s牵头，不能自己审。")


def verifier_problem(item: SubItem) -> str:
    """That nobody of the verifying unit may review this item as it stands, and who changes that; else empty."""
    if item.verifier is None or item.state not in REVIEWABLE or not item.nobody_reviews:
        return ""
    names = _("请督查另行指定审核单位。") if item.plan.owner_id in item.lead_ids else _("请统筹另行指定审核单位。")
    unit = item.verifier.name
    if not item.reviewers:
        return _("%(unit)s现在没有审核人，%(names)s") % {"unit": unit, "names": names}
    whys = "，".join(f"{each.name}{each.barred}" for each in item.reviewers)
    return _("%(unit)s现在没有能审这一项的人：%(whys)s，%(names)s") % {"unit": unit, "whys": whys, "names": names}


def units_that_may_review(item: SubItem) -> list[Unit]:
    """The units that may be named to verify it instead, those the plan lists first; one query."""
    place = Supervisor.objects.filter(plan=item.plan_id, unit=OuterRef("pk")).values("position")
    posts = Post.objects.current().filter(role__in=policies.REVIEWERS, user__is_active=True)
    units = Unit.objects.filter(region=item.plan.region_id, pk__in=posts.values("unit")).exclude(
        pk=item.verifier_id or 0
    )
    ordered = units.annotate(place=Subquery(place)).order_by(F("place").asc(nulls_last=True), "position", "pk")
    strict = item.plan.leads_never_verify
    return [
        unit
        for unit in ordered
        if not policies.unfit(unit.pk, item.duties, submitting=item.lead_ids[0], leads_never=strict)
    ]


def moves_open_to(actor: Actor, item: SubItem) -> list[Move]:
    """The moves this person may make on this item now, in the order of the declaration."""
    return [move for move in MOVES.values() if move.starts_from(item) and move.permission(item, actor)]


def with_extensions(items: SubItemQuerySet) -> SubItemQuerySet:
    """Load the request for more time that waits, for `open_extension`: one query more."""
    waiting = Extension.objects.open().select_related("unit", "requested_by")
    return items.prefetch_related(Prefetch("extensions", queryset=waiting))


def with_objections(items: SubItemQuerySet) -> SubItemQuerySet:
    """Load the objection that waits, for `open_objection`: one query more."""
    waiting = Objection.objects.open().select_related("unit", "suggested", "raised_by")
    return items.prefetch_related(Prefetch("objections", queryset=waiting))


def answers_open_to(actor: Actor, objection: Objection) -> list[str]:
    """What this person may do about an objection; that it is right is said by `reassign` or `amend`."""
    if not objection.is_open:
        return []
    keeps = ["keep"] if policies.may_keep(objection.item, actor) else []
    return [*keeps, *(["withdraw"] if policies.may_withdraw_objection(objection.item, actor) else [])]


def steps_open_to(actor: Actor, extension: Extension) -> list[str]:
    """What this person may do about a request for more time."""
    if not extension.is_open:
        return []
    decides = ["grant", "refuse"] if policies.may_extend(extension.item, actor) else []
    return [*decides, *(["withdraw"] if policies.may_ask_extension(extension.item, actor) else [])]


def criteria_steps_open_to(actor: Actor, item: SubItem) -> list[str]:
    """What this person may do about the criteria now."""
    if item.state not in (State.ASSIGNED, State.IN_PROGRESS):
        return []
    answers = ["agree", "return"] if item.proposal_is_open and policies.may_agree(item, actor) else []
    return [*(["propose"] if policies.may_propose(item, actor) else []), *answers]


def with_days(items: SubItemQuerySet) -> SubItemQuerySet:
    """Load what `days_by_holder` asks beside the names: one query more."""
    return items.select_related("plan__owner").prefetch_related("journal")


def days_by_holder(item: SubItem, today: date) -> list[HolderDays]:
    """Working days each unit had the item in its present round (rule 2), oldest holder first; wants `with_days`."""
    round_now = [entry for entry in item.journal.all() if entry.round_no == item.round_no]
    turns = [_turn(each) for each in round_now]
    verifier = item.verifier.name if item.verifier else ""
    held = spans(turns, Units(item.leads[0].name, verifier, item.plan.owner.name))
    return working_days_by_holder(held, item.plan.rules_in_force().calendar, today, item.due_on)


def _turn(entry: JournalEntry) -> Turn:
    said = entry.details
    on = timezone.localdate(entry.at)
    return Turn(on, entry.to_state, said.get("changes", {}), said.get("awaits"), said.get("pause"))


def under_review(items: Iterable[SubItem]) -> dict[int, Submission]:
    """What waits for a verdict on each of these, with the number of its `files`; one query."""
    waiting = Submission.objects.filter(item__in=[item.pk for item in items], status=Submission.Status.SUBMITTED)
    return {one.item_id: one for one in waiting.annotate(files=Count("evidence"))}


def names_signed(item: SubItem) -> Named:
    """How to name whoever did something to an item at a moment: 甲, or 甲代乙 where they stood in for somebody.

    The journal knows; one query, or none after `with_days`.
    """
    stood_in = {(each.actor_id, each.at): each.actor_in_words for each in item.journal.all() if "for" in each.details}

    def named(user: User | None, at: datetime | None) -> str:
        if user is None or at is None:
            return ""
        return stood_in.get((user.pk, at), user.name)

    return named


def submissions_of(item: SubItem) -> QuerySet[Submission]:
    """Everything handed in for an item and its draft, newest first; three queries with files and signatures."""
    files = Prefetch("evidence", queryset=Evidence.objects.select_related("blob", "by", "unit"))
    signed = Prefetch("countersignatures", queryset=Countersignature.objects.select_related("unit", "by"))
    people = ("unit", "verifier", "submitted_by", "reviewed_by")
    return item.submissions.select_related(*people).prefetch_related(files, signed)
