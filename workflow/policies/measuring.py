"""Who says by what an item is measured: the lead proposes, the verifying unit agrees (domain rule 1)."""

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.policies.handling import check_may_contribute, may_contribute
from workflow.policies.verifying import involvement, verifying_posts


def check_may_propose(actor: Actor, item: Item) -> ActingPost:
    """Propose criteria, signed for or not: officer or head of the main lead."""
    if not may_contribute(item, actor):
        raise NotAllowed(_("验收标准由牵头单位的经办人或负责人提。"))
    return check_may_contribute(actor, item)


def who_agrees(item: Item) -> str:
    """Who answers a proposal, in a sentence."""
    if item.verifier_id is None:
        return _("没有可以审核的单位，验收标准由督查同意。")
    return _("验收标准由%(unit)s同意。") % {"unit": item.verifier}  # type: ignore[attr-defined]


def check_may_agree(actor: Actor, item: Item) -> ActingPost:
    """Agree to criteria or return them: whoever verifies by them, else an inspector; nobody of the lead."""
    if item.verifier_id is None:
        posts = [post for post in actor.posts_as(Role.INSPECTOR) if post.region_id == item.plan.region_id]
    else:
        posts = verifying_posts(actor, item)
    if not posts:
        raise NotAllowed(who_agrees(item))
    if words := involvement(actor, item):
        raise NotAllowed(_("%(why)s，不能定验收标准，请由另一位办理。") % {"why": words})
    if others := [post for post in posts if post.unit_id != item.lead_ids[0]]:
        return others[0]
    raise NotAllowed(_("验收标准是本单位提的，不能由本单位同意。"))


may_propose = may(check_may_propose)
may_agree = may(check_may_agree)
