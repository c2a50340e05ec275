"""Who draws closed items by lot and says whether a closing stands (回头看)."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import may
from workflow.policies.owning import inspector_of
from workflow.policies.verifying import check_unconcerned


class Recheck(Protocol):
    """What is read of a re-check: its item, as the closing left it, and who closed that."""

    @property
    def item(self) -> Any: ...
    @property
    def closed_by_id(self) -> int | None: ...
    @property
    def closed_for_id(self) -> int | None: ...


def check_may_draw(actor: Actor, plan: Any) -> ActingPost:
    """Draw among the closed items of a plan: an inspector of its region."""
    post = next((post for post in actor.posts_as(Role.INSPECTOR) if post.region_id == plan.region_id), None)
    if post is None:
        raise NotAllowed(_("回头看由督查抽取。"))
    return post


def check_may_recheck(actor: Actor, recheck: Recheck) -> ActingPost:
    """Say whether a closing stands: an inspector who had no part in it.

    Nobody concerned (domain rule 1): who took part in the round that was closed, works in a unit of the item, approved
    it or closed it.
    """
    item = recheck.item
    post = inspector_of(actor, item)
    if post is None:
        raise NotAllowed(_("回头看由督查办理。"))
    check_unconcerned(actor, item, _("回头看"))
    if who := _who(actor, item.approved_by_id, item.approved_for_id):
        raise NotAllowed(_("这一项是%(who)s审核通过的，回头看要由另一位督查办理。") % {"who": who})
    if who := _who(actor, recheck.closed_by_id, recheck.closed_for_id):
        raise NotAllowed(_("这一项是%(who)s销号的，回头看要由另一位督查办理。") % {"who": who})
    return post


def _who(actor: Actor, *ids: int | None) -> str:
    """The reader, or the one they stand in for, where either is among these."""
    if actor.user_id in ids:
        return _("您")
    names = [name for user_id, name in actor.stood_in_for.items() if user_id in ids]
    return _("%(name)s（您现在代%(name)s办理）") % {"name": names[0]} if names else ""


def may_see_draws(plan: Any, actor: Actor) -> bool:
    """Draws are the inspectors' and leaders' of the region, and the coordinators' whose plan it is."""
    regional = any(post.region_id == plan.region_id for post in actor.posts_as(Role.INSPECTOR, Role.LEADER))
    return regional or actor.post_as(Role.COORDINATOR, [plan.owner_id]) is not None


may_draw = may(check_may_draw)
may_recheck = may(check_may_recheck)
