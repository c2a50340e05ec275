"""The side of the unit that handles an item: sign for it, contribute, hand in."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may


def _check_works_for(actor: Actor, unit_id: int | None, *roles: str) -> ActingPost:
    for role in roles:
        if post := actor.post_as(role, [unit_id]):
            return post
    raise NotAllowed(_("只有当前责任方的经办人或负责人可以办这一步。"))


def check_may_accept(actor: Actor, item: Item) -> ActingPost:
    """Sign for an item: officer or head of the holder."""
    return _check_works_for(actor, item.holder_id, Role.OFFICER, Role.HEAD)


def check_may_contribute(actor: Actor, item: Item) -> ActingPost:
    """Report, upload and draft: officer or head of the main lead, which is the holder while the item is in progress."""
    return _check_works_for(actor, item.lead_ids[0], Role.OFFICER, Role.HEAD)


def check_may_submit(actor: Actor, item: Item) -> ActingPost:
    """Hand in or take back: head of the main lead; its officers too where the plan allows."""
    roles = [Role.HEAD, Role.OFFICER] if item.plan.officers_may_submit else [Role.HEAD]
    for role in roles:
        if post := actor.post_as(role, [item.lead_ids[0]]):
            return post
    if actor.post_as(Role.OFFICER, [item.lead_ids[0]]):
        raise NotAllowed(_("报送要由单位负责人签发，请送负责人。"))
    raise NotAllowed(_("只有牵头单位的负责人可以报送和撤回。"))


may_accept = may(check_may_accept)
may_contribute = may(check_may_contribute)
may_submit = may(check_may_submit)
