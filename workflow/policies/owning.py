"""The side of the unit that owns the plan: close, renew, reopen, amend, reassign, cancel; import and publish."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.policies.verifying import check_unconcerned


def check_owner(actor: Actor, item: Item) -> ActingPost:
    """Coordinator of the owner unit; an inspector where the owner unit is itself a lead (domain rule 1)."""
    owner = item.plan.owner_id
    if owner in item.lead_ids:
        post = inspector_of(actor, item)
        if post is None:
            raise NotAllowed(_("统筹单位是这一项的牵头单位，这一步由督查办理。"))
        return post
    post = actor.post_as(Role.COORDINATOR, [owner])
    if post is None:
        raise NotAllowed(_("这一步由统筹办理。"))
    return post


def inspector_of(actor: Actor, item: Item) -> ActingPost | None:
    return next((post for post in actor.posts_as(Role.INSPECTOR) if post.region_id == item.plan.region_id), None)


def check_not_objecting(actor: Actor, item: Item, post: ActingPost) -> ActingPost:
    """The post by which an objection may be answered: of no unit that objects, and by nobody who raised it."""
    objection = item.open_objection
    if objection is None:
        return post
    if objection.raised_by_id in actor.people:
        raise NotAllowed(_("异议是您提的，要由另一位来定。"))
    if post.unit_id != objection.unit_id:
        return post
    if others := [each for each in actor.posts_as(post.role) if _may_answer(each, item)]:
        return others[0]
    raise NotAllowed(_("异议是本单位提的，不能由本单位来定。"))


def _may_answer(post: ActingPost, item: Item) -> bool:
    own = post.role == Role.INSPECTOR or post.unit_id == item.plan.owner_id
    return own and post.region_id == item.plan.region_id and post.unit_id != item.open_objection.unit_id


def check_may_close(actor: Actor, item: Item) -> ActingPost:
    """Close: the owner's side, and nobody who approved it or had a part in it."""
    post = check_owner(actor, item)
    _check_may_end_round(actor, item)
    return post


def _check_may_end_round(actor: Actor, item: Item) -> None:
    """Whoever approved does not close (rule 1); we read it so that who handed in does not either, nor renew.

    Nor does anybody for whom, or by whom, that was done.
    """
    approved = {item.approved_by_id, item.approved_for_id} - {None}
    if actor.user_id in approved:
        raise NotAllowed(_("这一项是您审核通过的，办结要由另一位办理。"))
    if actor.user_id in item.participants:
        raise NotAllowed(_("您参与了这次报送，办结要由另一位办理。"))
    for user_id, name in actor.stood_in_for.items():
        if user_id in approved:
            raise NotAllowed(_("您代%(name)s办理，这一项是%(name)s审核通过的，办结要由另一位办理。") % {"name": name})
        if user_id in item.participants:
            raise NotAllowed(_("您代%(name)s办理，%(name)s参与了这次报送，办结要由另一位办理。") % {"name": name})


def check_may_renew(actor: Actor, item: Item) -> ActingPost | None:
    """Open the next round: a coordinator, or the clock."""
    if actor.is_system:
        return None
    post = actor.post_as(Role.COORDINATOR, [item.plan.owner_id])
    if post is None:
        raise NotAllowed(_("转下期由统筹办理。"))
    _check_may_end_round(actor, item)
    return post


def check_may_reopen(actor: Actor, item: Item) -> ActingPost:
    """Take up again: an inspector (回头看), or the owner's side, since it moves the due date; nobody concerned."""
    post = inspector_of(actor, item) or check_owner(actor, item)
    check_unconcerned(actor, item, _("重启"))
    return post


def check_may_amend(actor: Actor, item: Item) -> ActingPost:
    """Change words, units or deadline: the owner's side, and nobody concerned.

    Rule 1 gives moving the due date of an item the owner unit leads to an inspector, and keeps whoever had a part in
    the round, or works in a unit of the item, from deciding over its date. We read both for the whole move.
    """
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("改动"))
    return check_not_objecting(actor, item, post)


def check_may_reassign(actor: Actor, item: Item) -> ActingPost:
    """Give it to another main lead: as amending, of which it may be part."""
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("改派"))
    return check_not_objecting(actor, item, post)


def check_may_split(actor: Actor, item: Item) -> ActingPost:
    """Give a co-lead a sub-item of its own: as amending, of which it is a part."""
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("分出"))
    return post


def check_may_date(actor: Actor, item: Item) -> None:
    """Move the due date together with the units; `item` as it will be, since nobody dates what becomes their own.

    The units alone may be changed so: a coordinator may give work to the own unit, as when publishing.
    """
    if item.plan.owner_id in item.lead_ids and inspector_of(actor, item) is None:
        raise NotAllowed(_("改后由统筹单位牵头，时限要由督查来改，请先只改单位。"))
    check_unconcerned(actor, item, _("同时改时限"))


def check_may_cancel(actor: Actor, item: Item) -> ActingPost:
    """Take an item off the plan: the owner's side."""
    return check_owner(actor, item)


def check_may_publish(actor: Actor, plan: Any) -> ActingPost | None:
    """Import and publish: a coordinator of the owner unit; the system when an administrator runs the command."""
    if actor.is_system:
        return None
    post = actor.post_as(Role.COORDINATOR, [plan.owner_id])
    if post is None:
        raise NotAllowed(_("导入和发布方案由统筹办理。"))
    return post


may_close = may(check_may_close)
may_renew = may(check_may_renew)
