"""What turns by the clock, and the decisions of the owner's side over it: pauses, and whether a duty goes on."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.policies.owning import check_owner
from workflow.policies.verifying import check_unconcerned


def check_may_lapse(actor: Actor, item: Item) -> None:
    """End a round as missed: the clock alone, for nobody may be talked into it or out of it."""
    if not actor.is_system:
        raise NotAllowed(_("期满未结由系统到期记录，不能由人来办。"))


def check_may_suspend(actor: Actor, item: Item) -> ActingPost:
    """Let the clocks stand still: a decision over the due date, so the owner's side, and nobody concerned (rule 1)."""
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("暂停"))
    return post


def check_may_resume(actor: Actor, item: Item) -> ActingPost | None:
    """Let them run again, before the day or on it: who may suspend, or the clock."""
    if actor.is_system:
        return None
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("恢复"))
    return post


def check_may_decide(actor: Actor, item: Item) -> ActingPost:
    """Say once a year whether a duty goes on: the owner's side, and nobody concerned."""
    post = check_owner(actor, item)
    check_unconcerned(actor, item, _("做年度研判"))
    return post


may_suspend = may(check_may_suspend)
may_resume = may(check_may_resume)
may_decide = may(check_may_decide)
