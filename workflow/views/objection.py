"""提异议 on the page of a sub-item: the objection that waits, and the forms to raise, take back and answer it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role, Unit
from workflow import policies
from workflow.actions.objections import answered_before, last_day, obstacle
from workflow.errors import NotAllowed
from workflow.models import Objection, SubItem
from workflow.states import State
from workflow.views import words
from workflow.views.buttons import button
from workflow.views.fields import LONGEST, field


def facts(actor: Actor, item: SubItem, objection: Objection, today: date) -> dict[str, str]:
    """Who should have it instead and why; to whoever does not answer it, who does or why they may not."""
    said = {
        "on": words.day(timezone.localdate(objection.raised_at), today),
        "unit": objection.unit.name,
        "name": objection.raised_by.name,
        "suggested": objection.suggested.name,
    }
    return {
        "words": _("%(on)s %(unit)s %(name)s提出，认为该由%(suggested)s牵头。定下来以前不能签收，也不计时。") % said,
        "reason": objection.reason,
        "answered_by": _refusal(actor, item),
        "how": _("不维持的，用“改派”交给合适的单位，异议随之成立。"),
    }


def _refusal(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_keep(actor, item)
    except NotAllowed as refusal:
        if actor.posts_as(Role.COORDINATOR, Role.INSPECTOR):
            return str(refusal)
        return _("由督查来定。") if item.plan.owner_id in item.lead_ids else _("由统筹来定。")
    return ""


def buttons(actor: Actor, item: SubItem, today: date) -> Iterator[dict[str, Any]]:
    """What this person may do about an objection now."""
    objection = item.open_objection
    if objection is None:
        if item.state == State.ASSIGNED and policies.may_object(item, actor):
            yield _raise(actor, item, today)
        return
    if policies.may_keep(item, actor):
        reason = field("comment", _("维持的理由"), "textarea", required=True, maxlength=LONGEST)
        yield _settle(item, objection, "keep", _("维持"), [reason])
    if policies.may_withdraw_objection(item, actor):
        yield _settle(item, objection, "withdraw", _("撤回异议"), [])


def _raise(actor: Actor, item: SubItem, today: date) -> dict[str, Any]:
    why_not = obstacle(item, today) or answered_before(item, policies.check_may_object(actor, item))
    units = Unit.objects.filter(region=item.plan.region_id).exclude(kind=Unit.Kind.GROUP)
    others = [(unit.name, unit.name) for unit in units if unit.pk not in item.lead_ids[:1]]
    unit = field("suggested", _("该由哪个单位牵头"), "select", choices=[("", _("请选择")), *others], required=True)
    reason = field("reason", _("异议理由"), "textarea", required=True, maxlength=LONGEST)
    if not why_not:
        reason["hint"] = _("最晚%(day)s提。定下来以前不计时。") % {"day": words.day(last_day(item), today)}
    url = reverse("workflow:objection-raise", args=[item.pk])
    return {**button("objection-raise", _("提异议"), item, [unit, reason], url=url), "disabled_reason": why_not}


def _settle(item: SubItem, objection: Objection, name: str, label: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    url = reverse("workflow:objection-settle", args=[objection.pk, name])
    return button(f"objection-{name}", label, item, fields, url=url)
