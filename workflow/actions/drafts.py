"""Drafts of plans: a document comes in and is read, or is thrown away again; nobody is told of any of it."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Region, Role, Unit
from workflow import defaults, policies, tables
from workflow.actions.commit import one_commit
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.models import CalendarVersion, LongWork, Plan, PlanDocument, RulePackVersion, Supervisor
from workflow.queries import units_with
from workflow.tables import Draft, Table
from workflow.tables.draft import upright
from workflow.tables.grid import Progress

LONGEST_NAME = 200
BUSY = gettext_lazy("这份草稿正在办理中，请等它办完。")


# --- beginning one ----------------------------------------------------------------------------------------------------
@one_commit
def begin(
    data: bytes, filename: str, *, by: Actor, now: datetime, owner_id: int | None = None, revises_id: int | None = None
) -> Plan:
    """Keep a document as a draft that is still to be read; of the unit the person coordinates for.

    `owner_id` says which, for a person who coordinates for several; a revision is of the owner of the plan it
    revises. Raises NotFound, NotAllowed, or Invalid where the region has no verifier yet.
    """
    revised = _published(revises_id, by) if revises_id is not None else None
    owner = revised.owner if revised else _own_unit(by, owner_id)
    policies.check_may_publish(by, Plan(owner=owner))
    plan = _new_plan(owner, title=_title_from(filename), table={}, now=now, revises=revised)
    _keep(plan, filename, data)
    return plan


@one_commit
def start(table: Table, *, region: Region, by: Actor, now: datetime, document: tuple[str, bytes] | None = None) -> Plan:
    """Keep a table that was read already as a draft of the region's one owner unit, with the (name, bytes) it is from.

    Raises NotAllowed, or Invalid where the region lacks a coordinator or a verifier.
    """
    owner = _one_owner(region)
    policies.check_may_publish(by, Plan(owner=owner))
    plan = _new_plan(owner, title=_title_of(table), table=Draft.of(table).table, now=now)
    if document is not None:
        _keep(plan, *document)
    return plan


@one_commit
def replace_document(plan_id: int, data: bytes, filename: str, *, by: Actor) -> Plan:
    """Another document for a draft; what was corrected in the one before is gone. Raises as `begin`."""
    plan = open_draft(plan_id, by)
    if plan.long_works.filter(finished_at=None).exists():
        raise MoveNotPossible(BUSY)
    _keep(plan, filename, data)
    plan.table = {}
    plan.save(update_fields=["table"])
    return plan


def read_document(plan_id: int, *, on_progress: Progress = tables.no_progress) -> None:
    """Read the document of a draft into its table; reading again gives the same. Raises Invalid with one sentence."""
    document = PlanDocument.objects.filter(plan=plan_id).first()
    if document is None:
        raise NotFound(_("没有找到这份草稿，或者您无权查看。"))
    try:
        table = tables.read(bytes(document.data), document.filename, on_progress=on_progress)
    except tables.Unreadable as reason:
        raise Invalid(reason.sentence) from None
    Plan.objects.drafts().filter(pk=plan_id).update(table=Draft.of(table).table, title=_title_of(table))


@one_commit
def discard(plan_id: int, *, by: Actor) -> None:
    """Throw a draft away with its document. Raises NotFound, MoveNotPossible or NotAllowed."""
    plan = open_draft(plan_id, by)
    if plan.long_works.filter(finished_at=None).exclude(kind=LongWork.Kind.READ).exists():
        raise MoveNotPossible(BUSY)
    plan.delete()


def _new_plan(owner: Unit, *, title: str, table: dict[str, Any], now: datetime, revises: Plan | None = None) -> Plan:
    """The supervising units are those with a verifier, in the order of the region's units; rules are the latest."""
    region = owner.region
    supervisors = units_with(region, Role.VERIFIER)
    if not supervisors:
        raise Invalid(_("%(region)s还没有审核人，请先设好审核单位的岗位。") % {"region": region.name})
    plan = Plan.objects.create(
        region=region,
        title=title,
        owner=owner,
        table=table,
        rules=_rules_of(region, now),
        work_calendar=_work_calendar(now),
        created_at=now,
        revises=revises,
    )
    Supervisor.objects.bulk_create(
        Supervisor(plan=plan, unit=unit, position=position) for position, unit in enumerate(supervisors, 1)
    )
    return plan


def _keep(plan: Plan, filename: str, data: bytes) -> None:
    kept = {"filename": PurePath(filename).name[-LONGEST_NAME:], "size": len(data), "data": data}
    PlanDocument.objects.update_or_create(plan=plan, defaults=kept)


def _title_of(table: Table) -> str:
    return upright(table.title)[:LONGEST_NAME]


def _title_from(filename: str) -> str:
    return PurePath(filename).stem[:LONGEST_NAME] or _("未命名")


def _rules_of(region: Region, now: datetime) -> RulePackVersion:
    latest = RulePackVersion.objects.filter(region=region).order_by("-valid_from").first()
    return latest or RulePackVersion.store(region, defaults.rule_pack(), now)


def _work_calendar(now: datetime) -> CalendarVersion:
    latest = CalendarVersion.objects.order_by("-stored_at").first()
    return latest or CalendarVersion.store(defaults.calendar_days(), now)


def _one_owner(region: Region) -> Unit:
    owners = units_with(region, Role.COORDINATOR)
    if len(owners) != 1:
        names = "、".join(unit.name for unit in owners) or _("没有")
        raise Invalid(_("方案要有一个统筹单位，现在设了统筹岗位的单位：%(names)s。") % {"names": names})
    return owners[0]


def _own_unit(by: Actor, owner_id: int | None) -> Unit:
    """The unit this person coordinates for; the first where none is named. NotAllowed is for the policy to say."""
    own = [post.unit_id for post in by.posts_as(Role.COORDINATOR)]
    unit = Unit.objects.select_related("region").filter(pk=owner_id or (own[0] if own else 0)).first()
    return unit or Unit()


def _published(plan_id: int, by: Actor) -> Plan:
    found = (
        Plan.objects.visible_to(by)
        .published()
        .select_related("owner__region")
        .defer("table")
        .filter(pk=plan_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有找到要修订的方案，或者您无权查看。"))
    return found


def open_draft(plan_id: int, by: Actor) -> Plan:
    """The draft, locked, for whoever writes to it. Raises NotFound, MoveNotPossible or NotAllowed."""
    plan = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有找到这份草稿，或者您无权查看。"))
    if plan.published_at or plan.applied_at:
        raise MoveNotPossible(_("这份草稿已经办结，不能再改。"))
    policies.check_may_publish(by, plan)
    return plan
