"""Who may do what, and who verifies what. Pure over duck-typed item and actor: reads attributes, asks no database.

Rules come in pairs: `check_may_x` returns the post the person acts by or raises NotAllowed with a sentence,
`may_x` answers a template. What the state permits is the state machine's business, not this module's.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.errors import NotAllowed
from workflow.states import Duty, Tier


class Item(Protocol):
    """What a policy reads of a sub-item; all of it changes only with the item's version."""

    holder_id: int | None
    verifier_id: int | None
    verifier_tier: str
    approved_by_id: int | None
    participants: Sequence[int]  # who drafted, submitted or uploaded in this round

    @property
    def plan(self) -> Any: ...
    @property
    def lead_ids(self) -> Sequence[int]: ...
    @property
    def support_ids(self) -> Sequence[int]: ...


Check = Callable[[Actor, Any], ActingPost | None]


def may(check: Check) -> Callable[[Any, Actor], bool]:
    """The quiet half of a pair, in the argument order django-fsm asks permissions in."""

    def answer(item: Any, actor: Actor) -> bool:
        try:
            check(actor, item)
        except NotAllowed:
            return False
        return True

    return answer


# --- who verifies (domain rule 1) -------------------------------------------------------------------------------------
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


def check_may_verify(actor: Actor, item: Item) -> ActingPost:
    """Approve or reject: a verifier of the verifying unit who had no part in this round and works in no unit of it."""
    post = actor.post_as(Role.VERIFIER, [item.verifier_id])
    if item.verifier_id is None:
        raise NotAllowed(_("这一项还没有可以审核的单位，请统筹另行指定。"))
    if post is None:
        raise NotAllowed(_("这一项不归您审核，由%(unit)s审核。") % {"unit": item.verifier})  # type: ignore[attr-defined]
    if words := involvement(actor, item):
        others = _("%(unit)s的其他审核人可以审。") % {"unit": post.unit_name}
        raise NotAllowed(_("%(why)s，不能审核。%(others)s") % {"why": words, "others": others})
    return post


def involvement(actor: Actor, item: Item) -> str:
    """Why rule 1 bars this person from judging the item, whatever post they act by; empty if it does not."""
    if actor.user_id in item.participants:
        return _("您参与了这次报送")
    involved = actor.duty_unit_ids & {*item.lead_ids, *item.support_ids}
    if not involved:
        return ""
    own = next(post.unit_name for post in actor.posts if involved & {post.unit_id, *post.group_ids})
    return _("您在%(own)s任职，%(own)s承担这一项") % {"own": own}


# --- the unit's side --------------------------------------------------------------------------------------------------
def _check_works_for(actor: Actor, unit_id: int | None, *roles: str) -> ActingPost:
    for role in roles:
        if post := actor.post_as(role, [unit_id]):
            return post
    raise NotAllowed(_("只有当前责任方的经办人或负责人可以办这一步。"))


def check_may_accept(actor: Actor, item: Item) -> ActingPost:
    """Sign for an item: officer or head of the holder."""
    return _check_works_for(actor, item.holder_id, Role.OFFICER, Role.HEAD)


def check_may_contribute(actor: Actor, item: Item) -> ActingPost:
    """Report, upload and draft: officer or head of the main lead, which is the holder while the item is in progress."""
    return _check_works_for(actor, item.lead_ids[0], Role.OFFICER, Role.HEAD)


def check_may_submit(actor: Actor, item: Item) -> ActingPost:
    """Hand in or take back: head of the main lead; its officers too where the plan allows."""
    roles = [Role.HEAD, Role.OFFICER] if item.plan.officers_may_submit else [Role.HEAD]
    for role in roles:
        if post := actor.post_as(role, [item.lead_ids[0]]):
            return post
    if actor.post_as(Role.OFFICER, [item.lead_ids[0]]):
        raise NotAllowed(_("报送要由单位负责人签发，请送负责人。"))
    raise NotAllowed(_("只有牵头单位的负责人可以报送和撤回。"))


def check_may_ask_extension(actor: Actor, item: Item) -> ActingPost:
    """Ask for more time, or take that back: whoever may hand in."""
    if not may_submit(item, actor):
        raise NotAllowed(_("延期要由牵头单位的负责人申请。"))
    return check_may_submit(actor, item)


# --- more time (domain rules 1 and 8) ---------------------------------------------------------------------------------
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
        posts = [post for post in actor.posts_as(Role.VERIFIER) if post.unit_id == item.verifier_id]
    if not posts:
        raise NotAllowed(who_extends(item))
    if words := involvement(actor, item):
        raise NotAllowed(_("%(why)s，不能决定延期，请由另一位办理。") % {"why": words})
    if others := [post for post in posts if post.unit_id != item.lead_ids[0]]:
        return others[0]
    raise NotAllowed(_("延期是本单位申请的，不能由本单位决定。"))


# --- the owner's side -------------------------------------------------------------------------------------------------
def _check_owner(actor: Actor, item: Item) -> ActingPost:
    """Coordinator of the owner unit; an inspector where the owner unit is itself a lead (domain rule 1)."""
    owner = item.plan.owner_id
    if owner in item.lead_ids:
        post = _inspector(actor, item)
        if post is None:
            raise NotAllowed(_("统筹单位是这一项的牵头单位，这一步由督查办理。"))
        return post
    post = actor.post_as(Role.COORDINATOR, [owner])
    if post is None:
        raise NotAllowed(_("这一步由统筹办理。"))
    return post


def _inspector(actor: Actor, item: Item) -> ActingPost | None:
    return next((post for post in actor.posts_as(Role.INSPECTOR) if post.region_id == item.plan.region_id), None)


def check_may_close(actor: Actor, item: Item) -> ActingPost:
    """Close: the owner's side, and nobody who approved it or had a part in it."""
    post = _check_owner(actor, item)
    _check_may_end_round(actor, item)
    return post


def _check_may_end_round(actor: Actor, item: Item) -> None:
    """Whoever approved does not close (rule 1); we read it so that who handed in does not either, nor renew."""
    if actor.user_id == item.approved_by_id:
        raise NotAllowed(_("这一项是您审核通过的，办结要由另一位办理。"))
    if actor.user_id in item.participants:
        raise NotAllowed(_("您参与了这次报送，办结要由另一位办理。"))


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
    post = _inspector(actor, item) or _check_owner(actor, item)
    _check_unconcerned(actor, item, _("重启"))
    return post


def check_may_amend(actor: Actor, item: Item) -> ActingPost:
    """Change words, units or deadline: the owner's side, and nobody concerned.

    Rule 1 gives moving the due date of an item the owner unit leads to an inspector, and keeps whoever had a part in
    the round, or works in a unit of the item, from deciding over its date. We read both for the whole move.
    """
    post = _check_owner(actor, item)
    _check_unconcerned(actor, item, _("改动"))
    return post


def check_may_reassign(actor: Actor, item: Item) -> ActingPost:
    """Give it to another main lead: as amending, of which it may be part."""
    post = _check_owner(actor, item)
    _check_unconcerned(actor, item, _("改派"))
    return post


def check_may_date(actor: Actor, item: Item) -> None:
    """Move the due date together with the units; `item` as it will be, since nobody dates what becomes their own.

    The units alone may be changed so: a coordinator may give work to the own unit, as when publishing.
    """
    if item.plan.owner_id in item.lead_ids and _inspector(actor, item) is None:
        raise NotAllowed(_("改后由统筹单位牵头，时限要由督查来改，请先只改单位。"))
    _check_unconcerned(actor, item, _("同时改时限"))


def _check_unconcerned(actor: Actor, item: Item, doing: str) -> None:
    if words := involvement(actor, item):
        raise NotAllowed(_("%(why)s，不能%(doing)s，请由另一位办理。") % {"why": words, "doing": doing})


def check_may_cancel(actor: Actor, item: Item) -> ActingPost:
    """Take an item off the plan: the owner's side."""
    return _check_owner(actor, item)


may_verify = may(check_may_verify)
may_accept = may(check_may_accept)
may_contribute = may(check_may_contribute)
may_submit = may(check_may_submit)
may_ask_extension = may(check_may_ask_extension)
may_extend = may(check_may_extend)
may_close = may(check_may_close)
may_renew = may(check_may_renew)


# --- the owner of a plan ----------------------------------------------------------------------------------------------
def check_may_publish(actor: Actor, plan: Any) -> ActingPost | None:
    """Import and publish: a coordinator of the owner unit; the system when an administrator runs the command."""
    if actor.is_system:
        return None
    post = actor.post_as(Role.COORDINATOR, [plan.owner_id])
    if post is None:
        raise NotAllowed(_("导入和发布方案由统筹办理。"))
    return post
