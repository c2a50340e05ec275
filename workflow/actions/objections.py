"""提异议: raised by a lead that thinks another unit should have the item, answered by the owner's side.

Each refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
That an objection is right is said by giving the item away: 改派, or 改任务 without the unit (see `answered`).
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Unit
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.details import text, unit_called
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from workflow.models import Objection, SubItem
from workflow.models.journal import Step
from workflow.models.terms import Terms
from workflow.states import Pause, State

Status = Objection.Status
OUTCOMES = {"keep": Status.KEPT, "withdraw": Status.WITHDRAWN}


@one_commit
def raise_objection(
    item_id: int, *, by: Actor, now: datetime, version: int | None, reason: Any, suggested: Any
) -> Objection:
    """Object to an assignment and say which unit, by name, should have it; the item stands still until answered."""
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    if why_not := obstacle(item, timezone.localdate(now)):
        raise MoveNotPossible(why_not)
    post = policies.check_may_object(by, item)
    if why_not := answered_before(item, post):
        raise NotAllowed(why_not)
    check_version_given(by, version)
    step = Step(by, post, now, item.plan.rules_in_force(), {})
    said = text(reason) if reason is not None else ""
    if not said:
        raise Invalid(_("请写异议理由。"))
    objection = Objection(item=item, round_no=item.round_no, reason=said, suggested=_suggested(suggested, item, post))
    objection.raised_by_id, objection.unit_id, objection.raised_at = by.user_id or 0, post.unit_id, now
    item.stand_still(Pause.OBJECTED)
    finish(item, step, "objection.raised", comment=said, details=_facts(objection), tells=_deciders(item))
    objection.save(force_insert=True)
    return objection


def settle_objection(
    objection_id: int, name: str, *, by: Actor, now: datetime, version: int | None, comment: Any = None
) -> Objection:
    """`keep` or `withdraw` an objection, as a door names it; other names are NotFound."""
    if name == "withdraw":
        return withdraw_objection(objection_id, by=by, now=now, version=version)
    if name == "keep":
        return keep_assignment(objection_id, by=by, now=now, version=version, comment=comment)
    raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})


@one_commit
def keep_assignment(objection_id: int, *, by: Actor, now: datetime, version: int | None, comment: Any) -> Objection:
    """The item stays where it is, for a reason; its lead has the time to sign anew, and some quiet days."""
    item, objection = _locked(objection_id, by, version)
    step = Step(by, policies.check_may_keep(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    objection.comment = text(comment) if comment is not None else ""
    if not objection.comment:
        raise Invalid(_("请写明维持的理由。"))
    item.let_run(step)
    return _settle(item, objection, Status.KEPT, step, ("assignee", "lead_heads"))


@one_commit
def withdraw_objection(objection_id: int, *, by: Actor, now: datetime, version: int | None) -> Objection:
    """Take it back; the time to sign runs on, without the days it stood still."""
    item, objection = _locked(objection_id, by, version)
    step = Step(by, policies.check_may_withdraw_objection(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    item.resume_signing(timezone.localdate(objection.raised_at), step)
    return _settle(item, objection, Status.WITHDRAWN, step, _deciders(item))


def obstacle(item: SubItem, today: date) -> str:
    """Why nobody can object now, in a sentence; empty where a lead may."""
    rules = item.plan.rules_in_force()
    words = {"number": item.number, "state": State(item.state).label, "n": rules.pack.object_within}
    if item.state != State.ASSIGNED:
        return _("%(number)s现在是“%(state)s”，签收以前才能提异议。") % words
    if item.is_objected:
        return _("%(number)s已有一份异议在等统筹来定，不能再提。") % words
    if item.pause:
        return _("%(number)s已经暂停，恢复以后才能提异议。") % words
    if last_day(item) < today:
        return _("提异议的期限已过：要在分派后 %(n)s 个工作日内提出。") % words
    return ""


def last_day(item: SubItem) -> date:
    """The last day on which one may object to the assignment; for items that wait to be signed for."""
    rules = item.plan.rules_in_force()
    return rules.calendar.add(date.fromisoformat(item.clocks["sign"]["since"]), rules.pack.object_within)


def answered_before(item: SubItem, post: ActingPost) -> str:
    """Why this unit cannot object once more to the same assignment, which was kept; empty where it was not."""
    kept = Objection.objects.filter(item=item, unit=post.unit_id, status=Status.KEPT, raised_at__gte=item.held_since)
    if not kept.exists():
        return ""
    return _("%(unit)s对这次分派提过异议，已经维持，不能再提。") % {"unit": post.unit_name}


def answered(item: SubItem, after: Terms) -> Objection.Status | None:
    """What other terms make of the open objection: upheld where its unit is a lead no more.

    Given to another main lead while the unit stays a lead, it was kept as one. None: none is open, or it stays so.
    """
    objection = item.open_objection
    if objection is None:
        return None
    if objection.unit_id not in after.leads:
        return Status.UPHELD
    return Status.KEPT if after.leads[0] != item.lead_ids[0] else None


def _locked(objection_id: int, by: Actor, version: int | None) -> tuple[SubItem, Objection]:
    """The item, locked, and the objection as it is then; refuses one that was answered."""
    found = Objection.objects.visible_to(by).filter(pk=objection_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(found)
    check_version(item, version)
    objection = Objection.objects.select_related("unit", "suggested", "raised_by").get(pk=objection_id)
    if not objection.is_open:
        raise MoveNotPossible(_("这份异议已经办结：%(outcome)s。") % {"outcome": Status(objection.status).label})
    objection.item = item
    item.open_objection = objection
    return item, objection


def _settle(
    item: SubItem, objection: Objection, outcome: Objection.Status, step: Step, tells: tuple[str, ...]
) -> Objection:
    objection.status, objection.decided_by_id, objection.decided_at = outcome, step.by.user_id, step.now
    facts = _facts(objection)
    finish(item, step, f"objection.{outcome}", comment=objection.comment, details=facts, tells=tells)
    objection.save(update_fields=["status", "decided_by", "decided_at", "comment"])
    return objection


def _facts(objection: Objection) -> dict[str, Any]:
    """What the journal keeps: which unit should have it instead."""
    return {"suggested": objection.suggested.name}


def _deciders(item: SubItem) -> tuple[str]:
    return ("inspectors",) if item.plan.owner_id in item.lead_ids else ("coordinators",)


def _suggested(value: Any, item: SubItem, post: ActingPost) -> Unit:
    name = text(value) if value is not None else ""
    if not name:
        raise Invalid(_("请写这一项该由哪个单位牵头。"))
    units = list(Unit.objects.filter(region=item.plan.region_id))
    unit = next(each for each in units if each.pk == unit_called(name, units))
    if unit.pk == post.unit_id:
        raise Invalid(_("建议单位不能是提异议的单位自己。"))
    if unit.kind == Unit.Kind.GROUP:
        raise Invalid(_("“%(name)s”是一组单位，请写其中一个单位。") % {"name": unit.name})
    return unit
