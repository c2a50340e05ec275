"""Who names another verifying unit (domain rule 1)."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from workflow.policies.asking import Item, may
from workflow.policies.owning import check_owner, inspector_of
from workflow.policies.verifying import check_unconcerned


def check_may_name_verifier(actor: Actor, item: Item) -> ActingPost:
    """Name another unit to verify: the owner's side, or an inspector where nobody is eligible; nobody concerned."""
    post = inspector_of(actor, item)
    if post is None or not item.nobody_reviews:
        post = check_owner(actor, item)
    check_unconcerned(actor, item, _("另定审核单位"))
    return post


may_name_verifier = may(check_may_name_verifier)
