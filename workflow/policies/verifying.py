"""Who verifies what: nobody judges their own work (domain rule 1)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.policies.asking import Item, may
from workflow.states import Duty, Tier

REVIEWERS = (Role.VERIFIER, Role.INSPECTOR)  # by which roles a person reviews for the verifying unit


def verifying_unit(
    supervisors: Sequence[int], responsibilities: Sequence[tuple[int, str]], *, submitting: int, leads_never: bool
) -> tuple[int | None, Tier]:
    """The supervising unit that verifies what `submitting` hands in, and the tier it was chosen from.

    `supervisors` in the plan's order; `responsibilities` as (unit, duty). With `leads_never` no lead verifies at all.
    """
    duty_of = dict(responsibilities)
    tiers = {None: Tier.INDEPENDENT, Duty.SUPPORT: Tier.SUPPORT}
    if not leads_never:
        tiers[Duty.LEAD] = Tier.CO_LEAD
    for duty, tier in tiers.items():
        for unit in supervisors:
            if unit != submitting and duty_of.get(unit) == duty:
                return unit, tier
    return None, Tier.NONE


def unfit(unit: int, responsibilities: Sequence[tuple[int, str]], *, submitting: int, leads_never: bool) -> str:
    """Why a unit cannot be named to verify what `submitting` hands in, in a sentence; empty where it can."""
    if unit == submitting:
        return _("报送单位不能审核自己报送的事项，请写另一个单位。")
    if leads_never and dict(responsibilities).get(unit) == Duty.LEAD:
        return _("这个方案里牵头单位一律不审核，请写另一个单位。")
    return ""


def verifying_post(actor: Actor, item: Item) -> ActingPost | None:
    """The post by which this person reviews for the verifying unit: its verifiers, and in a 督查室 its inspectors."""
    return next(iter(verifying_posts(actor, item)), None)


def verifying_posts(actor: Actor, item: Item) -> list[ActingPost]:
    posts = [post for role in REVIEWERS for post in actor.posts_as(role)]
    return [post for post in posts if post.unit_id == item.verifier_id]


def check_may_verify(actor: Actor, item: Item) -> ActingPost:
    """Approve or reject: for the verifying unit, with no part in this round and no duty post in a unit of the item."""
    post = verifying_post(actor, item)
    if item.verifier_id is None:
        raise NotAllowed(_("这一项还没有可以审核的单位，请统筹另行指定。"))
    if post is None:
        raise NotAllowed(_("这一项不归您审核，由%(unit)s审核。") % {"unit": item.verifier})  # type: ignore[attr-defined]
    if words := involvement(actor, item):
        others = _("%(unit)s的其他审核人可以审。") % {"unit": post.unit_name}
        raise NotAllowed(_("%(why)s，不能审核。%(others)s") % {"why": words, "others": others})
    return post


def involvement(actor: Actor, item: Item) -> str:
    """Why rule 1 bars this person from judging the item, whatever post they act by; empty if it does not.

    What bars somebody bars whoever stands in for them, as long as they do.
    """
    if actor.user_id in item.participants:
        return _("您参与了这次报送")
    for user_id, name in actor.stood_in_for.items():
        if user_id in item.participants:
            return _("您代%(name)s办理，%(name)s参与了这次报送") % {"name": name}
    involved = actor.duty_unit_ids & {*item.lead_ids, *item.support_ids}
    for post in (*actor.posts, *actor.behind):
        if post.role in (Role.OFFICER, Role.HEAD) and involved & {post.unit_id, *post.group_ids}:
            words = {"name": post.for_name, "own": post.unit_name}
            if post.is_lent:
                return _("您代%(name)s办理，%(name)s在%(own)s任职，%(own)s承担这一项") % words
            return _("您在%(own)s任职，%(own)s承担这一项") % words
    return ""


def check_unconcerned(actor: Actor, item: Item, doing: str) -> None:
    if words := involvement(actor, item):
        raise NotAllowed(_("%(why)s，不能%(doing)s，请由另一位办理。") % {"why": words, "doing": doing})


may_verify = may(check_may_verify)
