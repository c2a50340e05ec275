"""Supporting units: who asks them, who answers for them, and what those who only support get to see (domain rule 6)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may

DOES = (Role.OFFICER, Role.HEAD)


def check_may_gather(actor: Actor, item: Item) -> ActingPost:
    """Ask supports for their parts, take what they give, return or waive it: officer or head of the main lead."""
    for role in DOES:
        if post := actor.post_as(role, [item.lead_ids[0]]):
            return post
    raise NotAllowed(_("配合请求由牵头单位的经办人或负责人来发、来收。"))


def check_may_answer(actor: Actor, part: Any) -> ActingPost:
    """Give a part, upload its files, or say why there is none: officer or head of the unit that was asked."""
    for role in DOES:
        if post := actor.post_as(role, [part.unit_id]):
            return post
    raise NotAllowed(_("配合材料由被请求单位的经办人或负责人来交。"))


def sees_whole(actor: Actor, item: Item) -> bool:
    """Leads, the verifying unit, the owner's coordinators, inspectors and leaders; whoever else sees it supports it.

    Who only supports sees the item and what concerns the own unit: no other unit's files, words or parts.
    """
    if actor.is_system or actor.unit_ids & {*item.lead_ids, item.verifier_id}:
        return True
    regional = any(post.region_id == item.plan.region_id for post in actor.posts_as(Role.INSPECTOR, Role.LEADER))
    return regional or actor.post_as(Role.COORDINATOR, [item.plan.owner_id]) is not None


may_gather = may(check_may_gather)
may_answer = may(check_may_answer)
