"""Who could review an item for a unit, and what rule 1 bars each of them by."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Post, Role
from workflow.policies import REVIEWERS


@dataclass(frozen=True)
class Reviewer:
    """Somebody with a post that reviews; `barred` says why not this item, and is empty where nothing does."""

    user_id: int
    name: str
    barred: str


def reviewers(wanted: Sequence[tuple[Any, int | None]]) -> list[list[Reviewer]]:
    """For each (item, unit) who reviews in that unit; two queries, whatever the number of items. Wants `duties`."""
    people = _people({unit for _item, unit in wanted if unit})
    posts = _duty_posts({user for held in people.values() for user in held})
    return [
        [Reviewer(user, name, _barred(item, user, posts[user])) for user, name in people[unit or 0].items()]
        for item, unit in wanted
    ]


def _people(units: set[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    if units:
        posts = Post.objects.current().filter(unit__in=units, role__in=REVIEWERS, user__is_active=True)
        for unit, user, name in posts.order_by("id").values_list("unit_id", "user_id", "user__name"):
            found[unit][user] = name
    return found


def _duty_posts(users: set[int]) -> dict[int, list[tuple[int, str]]]:
    """The units each of them is officer or head in, with the groups of those, by the name of the unit."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if users:
        posts = Post.objects.current().filter(user__in=users, role__in=[Role.OFFICER, Role.HEAD])
        rows = posts.order_by("id").values_list("user_id", "unit_id", "unit__name", "unit__groups__id")
        for user, unit, name, group in rows:
            found[user] += [(each, name) for each in (unit, group) if each]
    return found


def _barred(item: Any, user: int, posts: Sequence[tuple[int, str]]) -> str:
    """As policies.involvement, of somebody else."""
    if user in item.participants:
        return _("参与了这次报送")
    units = {unit for unit, _duty in item.duties}
    own = next((name for unit, name in posts if unit in units), "")
    return _("在%(own)s任职") % {"own": own} if own else ""
