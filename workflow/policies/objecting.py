"""Who objects to an assignment, and who says that it stays (domain rules 1 and 8)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.policies.owning import check_not_objecting, check_owner
from workflow.policies.verifying import check_unconcerned


def check_may_object(actor: Actor, item: Item) -> ActingPost:
    """Object: head of a lead, main or not; its officers too where they may hand in."""
    return _check_speaks_for(actor, item, item.lead_ids, _("异议要由牵头单位的负责人来提。"))


def check_may_withdraw_objection(actor: Actor, item: Item) -> ActingPost:
    """Take an objection back: whoever may raise one for the unit that did."""
    objection = item.open_objection
    if objection is None:
        return check_may_object(actor, item)
    words = _("异议是%(unit)s提的，由%(unit)s的负责人撤回。") % {"unit": objection.unit}
    return _check_speaks_for(actor, item, [objection.unit_id], words)


def check_may_keep(actor: Actor, item: Item) -> ActingPost:
    """Say that the assignment stays: the owner's side, nobody concerned, and neither unit nor person that objects."""
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("定异议"))
    return check_not_objecting(actor, item, post)


def _check_speaks_for(actor: Actor, item: Item, units: Sequence[int], words: str) -> ActingPost:
    for role in [Role.HEAD, Role.OFFICER] if item.plan.officers_may_submit else [Role.HEAD]:
        if post := actor.post_as(role, units):
            return post
    raise NotAllowed(words)


may_object = may(check_may_object)
may_keep = may(check_may_keep)
may_withdraw_objection = may(check_may_withdraw_objection)
