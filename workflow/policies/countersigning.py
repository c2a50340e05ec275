"""Who signs for a co-lead what the main lead will hand in (domain rule 6)."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may


def check_may_countersign(actor: Actor, item: Item, authors: Collection[int] = ()) -> ActingPost:
    """Sign for a co-lead, or refuse to: its head; its officers too where the plan lets officers hand in.

    A signature is a second look, so we read rule 1 for it too: not whoever is officer or head of the main lead as
    well, nor whoever wrote the draft or handed in the evidence (`authors`), wherever they work by now, nor whoever
    stands in for one of them.
    """
    co_leads = item.lead_ids[1:]
    roles = [Role.HEAD, Role.OFFICER] if item.plan.officers_may_submit else [Role.HEAD]
    posts = [post for role in roles for post in actor.posts_as(role) if post.unit_id in co_leads]
    if not posts:
        officer = actor.post_as(Role.OFFICER, co_leads)
        raise NotAllowed(
            _("会签要由单位负责人办理，请送负责人。") if officer else _("只有共同牵头单位的负责人可以会签。")
        )
    if item.lead_ids[0] in actor.duty_unit_ids:
        raise NotAllowed(_("您也在主牵头单位任职，不能再代共同牵头单位会签，请由另一位办理。"))
    if not actor.people.isdisjoint(authors):
        raise NotAllowed(_("报送稿或者材料是您办的，不能再由您会签，请由另一位办理。"))
    awaited = {unit for unit, _name in item.awaited}
    for post in posts:
        if post.unit_id in awaited:
            return post
    raise NotAllowed(_("现在不等%(unit)s会签：已经签过，或者还没有送到。") % {"unit": posts[0].unit_name})


def may_countersign(item: Item, actor: Actor, authors: Collection[int] = ()) -> bool:
    return may(lambda who, which: check_may_countersign(who, which, authors))(item, actor)
