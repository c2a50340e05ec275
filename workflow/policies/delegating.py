"""Who lends a post for a time, ends that, and hands a post over: by posts of one's own, nobody passes on a lent one."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import may

DIRECTED = (Role.OFFICER, Role.VERIFIER)  # whose leave the head of their unit arranges


class HeldPost(Protocol):
    """What a policy reads of somebody's post; its unit is loaded."""

    id: int
    role: str
    user_id: int
    unit_id: int

    @property
    def unit(self) -> Any: ...


def check_may_delegate(actor: Actor, post: HeldPost) -> ActingPost:
    """Name somebody to stand in: the holder, the head for officers and verifiers, else the system administrator.

    The administrator, who may appoint anybody anyway, is the way out where a unit's only head is away.
    """
    own = next((each for each in actor.own_posts if each.id == post.id), None)
    head = _head_of(actor, post) if post.role in DIRECTED else None
    if found := own or head or _administrator_of(actor, post):
        return found
    raise NotAllowed(_("代办由本人来定；经办人和审核人的也可以由本单位负责人定，都不在时请系统管理员定。"))


def check_may_end_delegation(actor: Actor, delegation: Any) -> ActingPost | None:
    """Whoever may make it ends it; the one who stands in may give it back, by no post."""
    return None if delegation.delegate_id == actor.user_id else check_may_delegate(actor, delegation.post)


def check_may_hand_over(actor: Actor, post: HeldPost) -> ActingPost:
    """Give a post to a successor with what is open: the system administrator; the head for the unit's officers."""
    head = _head_of(actor, post) if post.role == Role.OFFICER else None
    if found := head or _administrator_of(actor, post):
        return found
    raise NotAllowed(_("移交岗位由系统管理员办理；经办人的也可以由本单位负责人办理。"))


def _head_of(actor: Actor, post: HeldPost) -> ActingPost | None:
    heads = (each for each in actor.own_posts if each.role == Role.HEAD)
    return next((each for each in heads if each.unit_id == post.unit_id), None)


def _administrator_of(actor: Actor, post: HeldPost) -> ActingPost | None:
    admins = (each for each in actor.own_posts if each.role == Role.SYSTEM_ADMIN)
    return next((each for each in admins if each.region_id == post.unit.region_id), None)


may_delegate = may(check_may_delegate)
may_end_delegation = may(check_may_end_delegation)
may_hand_over = may(check_may_hand_over)
