"""会签, read: who has signed what is to be handed in, who is awaited since when, who may sign."""

from collections.abc import Iterable

from django.db.models import Q, Subquery

from accounts.actor import Actor
from accounts.models import Unit
from workflow import policies
from workflow.models import Countersignature, SubItem, Submission
from workflow.states import State

Status = Countersignature.Status
LIVE = (Submission.Status.DRAFT, Submission.Status.SUBMITTED, Submission.Status.APPROVED)


def countersignatures_of(item: SubItem) -> list[tuple[Unit, Countersignature | None]]:
    """Each co-lead with its last answer to what is drafted, under review or verified; None: not asked. One query.

    None at all for an item of one lead. What was returned or taken back is signed anew with the next draft.
    """
    if not item.co_lead_ids:
        return []
    now = Q(round_no=item.round_no) | Q(status=Submission.Status.DRAFT)
    newest = item.submissions.filter(now).order_by("-pk").values("pk")[:1]
    rows = Countersignature.objects.filter(submission__in=Subquery(newest), submission__status__in=LIVE)
    rows = rows.last_of_unit().select_related("unit", "by")
    found = {row.unit_id: row for row in rows}
    return [(unit, found.get(unit.pk)) for unit in item.leads[1:]]


def authors_of(item: SubItem) -> set[int]:
    """Who wrote the draft and handed in its evidence: they do not sign it for another unit. Two queries."""
    drafts = item.submissions.filter(status=Submission.Status.DRAFT)
    files = item.evidence.standing().filter(round_no=item.round_no)
    return {*drafts.values_list("drafted_by", flat=True), *files.values_list("by", flat=True)}


def signing_steps_open_to(actor: Actor, item: SubItem) -> list[str]:
    """What this person may do now about signatures: circulate, countersign, refuse-countersign."""
    if item.state != State.IN_PROGRESS or not item.co_lead_ids:
        return []
    asked = {each.unit_id for each in item.countersignatures}
    steps = ["circulate"] if set(item.co_lead_ids) - asked and policies.may_contribute(item, actor) else []
    if policies.may_countersign(item, actor) and policies.may_countersign(item, actor, authors_of(item)):
        steps += ["countersign", "refuse-countersign"]
    return steps


def refusals(items: Iterable[SubItem]) -> dict[int, tuple[str, str]]:
    """Which unit refused to sign each of these, and why; of those of `waiting_for` that were refused."""
    refused = [item.pk for item in items if getattr(item, "is_refused", False)]
    if not refused:
        return {}
    said = Countersignature.objects.filter(submission__item__in=refused, submission__status=Submission.Status.DRAFT)
    rows = said.last_of_unit().filter(status=Status.REFUSED).order_by("pk")
    return {item: (unit, why) for item, unit, why in rows.values_list("submission__item", "unit__name", "opinion")}


def unsigned_by(items: Iterable[SubItem]) -> dict[int, list[str]]:
    """Of these items the co-leads by name that have not signed the draft; wants responsibilities."""
    led = {item.pk: item.leads[1:] for item in items if item.co_lead_ids}
    if not led:
        return {}
    rows = Countersignature.objects.filter(submission__item__in=led, submission__status=Submission.Status.DRAFT)
    signed = set(rows.filter(status=Status.SIGNED).values_list("submission__item", "unit"))
    return {pk: [unit.name for unit in units if (pk, unit.pk) not in signed] for pk, units in led.items()}
