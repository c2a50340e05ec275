"""Who asks for more time, and who decides it (domain rules 1 and 8)."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.policies.handling import check_may_submit, may_submit
from workflow.policies.verifying import involvement, verifying_posts


def check_may_ask_extension(actor: Actor, item: Item) -> ActingPost:
    """Ask for more time, or take that back: whoever may hand in."""
    if not may_submit(item, actor):
        raise NotAllowed(_("延期要由牵头单位的负责人申请。"))
    return check_may_submit(actor, item)


def extended_by_inspector(item: Item) -> bool:
    """Moving the due date of what the owner unit leads is an inspector's; so is what nobody is there to verify."""
    return item.verifier_id is None or item.plan.owner_id in item.lead_ids


def who_extends(item: Item) -> str:
    """Who decides, in a sentence."""
    if item.verifier_id is None:
        return _("没有可以审核的单位，延期由督查决定。")
    if extended_by_inspector(item):
        return _("统筹单位是这一项的牵头单位，延期由督查决定。")
    return _("延期由%(unit)s决定。") % {"unit": item.verifier}  # type: ignore[attr-defined]


def check_may_extend(actor: Actor, item: Item) -> ActingPost:
    """Decide a request for more time: by the verifying unit, else an inspector; never in the unit that asks."""
    if extended_by_inspector(item):
        posts = [post for post in actor.posts_as(Role.INSPECTOR) if post.region_id == item.plan.region_id]
    else:
        posts = verifying_posts(actor, item)
    if not posts:
        raise NotAllowed(who_extends(item))
    if words := involvement(actor, item):
        raise NotAllowed(_("%(why)s，不能决定延期，请由另一位办理。") % {"why": words})
    if others := [post for post in posts if post.unit_id != item.lead_ids[0]]:
        return others[0]
    raise NotAllowed(_("延期是本单位申请的，不能由本单位决定。"))


may_ask_extension = may(check_may_ask_extension)
may_extend = may(check_may_extend)
