"""The side of the unit that handles an item: sign for it, contribute, hand in."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may


def _check_works_for(actor: Actor, unit_id: int | None, item: Item) -> ActingPost:
    """Officer before head, own post before a lent one; but what is on the desk of one stood in for is done for them."""
    posts = [post for post in actor.posts_as(Role.OFFICER, Role.HEAD) if post.unit_id == unit_id]
    if not posts:
        raise NotAllowed(_("只有当前责任方的经办人或负责人可以办这一步。"))
    theirs = [post for post in posts if post.is_lent and post.for_user_id == item.assignee_id]
    return min(theirs or posts, key=lambda post: (post.is_lent, post.role == Role.HEAD))


def check_may_accept(actor: Actor, item: Item) -> ActingPost:
    """Sign for an item: officer or head of the holder."""
    return _check_works_for(actor, item.holder_id, item)


def check_may_contribute(actor: Actor, item: Item) -> ActingPost:
    """Report, upload and draft: officer or head of the main lead, which is the holder while the item is in progress."""
    return _check_works_for(actor, item.lead_ids[0], item)


def check_may_assign(actor: Actor, item: Item) -> ActingPost:
    """Name another 经办人: the head of the main lead, or the present one; where there is none, any officer."""
    post = actor.post_as(Role.HEAD, [item.lead_ids[0]])
    has_it = item.assignee_id is None or item.assignee_id in actor.people
    if has_it and (post is None or post.is_lent):
        return _check_works_for(actor, item.lead_ids[0], item)
    if post is None:
        raise NotAllowed(_("换经办人由牵头单位的负责人办理，现任经办人也可以转交。"))
    return post


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
may_assign = may(check_may_assign)
may_contribute = may(check_may_contribute)
may_submit = may(check_may_submit)
