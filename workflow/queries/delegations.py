"""代办 and the posts it is about: who stands in for whom, and who might."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch

from accounts.actor import Actor
from accounts.models import ADMINISTRATORS, Delegation, Post
from accounts.models import DelegationQuerySet as Delegations
from accounts.models import PostQuerySet as Posts


def posts_known_to(actor: Actor, day: date) -> Posts:
    """Current business posts by unit, each with what is lent of it from that day on; two queries."""
    posts = Post.objects.current().visible_to(actor).exclude(role__in=ADMINISTRATORS)
    lent = Delegation.objects.open(day).select_related("delegate").order_by("from_on")
    posts = posts.select_related("user", "unit").prefetch_related(Prefetch("delegations", queryset=lent))
    return posts.order_by("unit__position", "unit", "id")


def delegations_known_to(actor: Actor) -> Delegations:
    """All there ever were that this person may know of, latest first."""
    people = ("post__user", "post__unit", "delegate", "made_by", "ended_by")
    return Delegation.objects.visible_to(actor).select_related(*people).order_by("-from_on", "-pk")


def lent_to(actor: Actor, day: date) -> Delegations:
    """What this person was lent, from that day on."""
    lent = Delegation.objects.open(day).filter(delegate=actor.user_id)
    return lent.select_related("post__user", "post__unit").order_by("from_on")


def colleagues(unit_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Who is at work in each of these units: name by username, in the order of their posts."""
    found: dict[int, dict[str, str]] = {unit: {} for unit in unit_ids}
    posts = Post.objects.current().filter(unit__in=found, user__is_active=True).exclude(role__in=ADMINISTRATORS)
    for unit, username, name in posts.order_by("id").values_list("unit", "user__username", "user__name"):
        found[unit][username] = name
    return found
