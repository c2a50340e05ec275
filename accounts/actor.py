"""Who is acting: the person with the posts they hold, read once a request; or the clock."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import ADMINISTRATORS, LENDABLE, Post, Role, User


@dataclass(frozen=True)
class ActingPost:
    """A post as somebody acts by it; `group_ids` are the groups its unit is a member of.

    `for_user_id` and `for_name` are its holder where another person stands in (代办), else None and empty.
    """

    id: int
    role: str
    unit_id: int
    unit_name: str
    region_id: int
    group_ids: frozenset[int] = frozenset()
    for_user_id: int | None = None
    for_name: str = ""

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)

    @property
    def is_lent(self) -> bool:
        return self.for_user_id is not None


@dataclass(frozen=True)
class Actor:
    """The one whose rights are asked for. `user_id` None is the system itself, which only the clock is.

    `posts` are what they act by: their own first, then those they stand in for somebody by. `behind` are the other
    posts of those stood in for: they give no rights, but bar from judging (domain rule 1).
    """

    user_id: int | None
    username: str
    name: str
    posts: tuple[ActingPost, ...]
    behind: tuple[ActingPost, ...] = ()

    @classmethod
    def of(cls, user: User, *, today: date | None = None) -> "Actor":
        """One query: the current posts with unit and groups. A person who is not active holds none.

        The day is asked for (of `today`, else of the clock) only where something was ever lent to this person.
        """
        rows = [Row(*row) for row in Post.objects.acted_by(user.pk).order_by("id").values_list(*COLUMNS)]
        own, lent, behind = _sorted_out(rows, user.pk, _lent_on(rows, today))
        return cls(user.pk, user.username, user.name, (*own, *lent), behind)

    @classmethod
    def system(cls) -> "Actor":
        """The clock: renews, escalates and publishes what a person has decided before."""
        return cls(None, "", _("系统"), ())

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    def posts_as(self, *roles: str) -> list[ActingPost]:
        return [post for post in self.posts if post.role in roles]

    def post_as(self, role: str, unit_ids: Iterable[int | None]) -> ActingPost | None:
        """The post by which this person may act in that role for one of these units, else None."""
        wanted = set(unit_ids)
        return next((post for post in self.posts_as(role) if post.unit_id in wanted), None)

    @cached_property
    def stood_in_for(self) -> dict[int, str]:
        """Those for whom this person stands in now: name by user."""
        return {post.for_user_id: post.for_name for post in self.posts if post.for_user_id is not None}

    @cached_property
    def people(self) -> frozenset[int]:
        """This person and those they stand in for: what bars one bars the other (domain rule 1)."""
        return frozenset(self.stood_in_for) | ({self.user_id} if self.user_id is not None else set())

    @property
    def own_posts(self) -> list[ActingPost]:
        """Without those lent to them: nobody passes on, or gives away, what is not theirs."""
        return [post for post in self.posts if not post.is_lent]

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        """Units this person works in (officer, head or verifier), with the groups they are members of."""
        posts = self.posts_as(Role.OFFICER, Role.HEAD, Role.VERIFIER)
        return frozenset({post.unit_id for post in posts}.union(*(post.group_ids for post in posts)))

    @cached_property
    def duty_unit_ids(self) -> frozenset[int]:
        """Units this person, or one they stand in for, is officer or head in, with their groups: rule 1 bars those."""
        posts = [post for post in (*self.posts, *self.behind) if post.role in (Role.OFFICER, Role.HEAD)]
        return frozenset({post.unit_id for post in posts}.union(*(post.group_ids for post in posts)))


NOBODY = Actor(-1, "", "", ())


# --- from rows to posts -----------------------------------------------------------------------------------------------
class Row(NamedTuple):
    """A post × a group of its unit × a time for which it is lent to the person asked for."""

    id: int
    role: str
    unit_id: int
    unit_name: str
    region_id: int
    group_id: int | None
    user_id: int
    user_name: str
    from_on: date | None
    until_on: date | None


COLUMNS = (
    *("id", "role", "unit_id", "unit__name", "unit__region_id", "unit__groups__id"),
    *("user_id", "user__name", "lent__from_on", "lent__until_on"),
)
Posts = tuple[ActingPost, ...]


def _lent_on(rows: Iterable[Row], today: date | None) -> set[int]:
    """The posts lent to this person on that day."""
    times = [(row.id, row.from_on, row.until_on) for row in rows if row.from_on and row.until_on]
    if not times:
        return set()
    day = today or clock.today()
    return {post for post, from_on, until_on in times if from_on <= day <= until_on}


def _sorted_out(rows: Iterable[Row], user_id: int, lent: set[int]) -> tuple[Posts, Posts, Posts]:
    """Own posts, those taken over, and the others of whom they were taken over from.

    A post is lent within its unit: who has left the unit acts by it no more.
    """
    found: dict[int, Row] = {}
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.id] = row
        groups[row.id] |= {row.group_id} if row.group_id else set()
    own = [row for row in found.values() if row.user_id == user_id]
    units = {row.unit_id for row in own if row.role not in ADMINISTRATORS}
    others = [row for row in found.values() if row.user_id != user_id]
    taken = [row for row in others if row.id in lent and row.role in LENDABLE and row.unit_id in units]
    people = {row.user_id for row in taken}
    behind = [row for row in others if row.user_id in people and row not in taken]

    def posts(rows: Iterable[Row]) -> Posts:
        return tuple(
            ActingPost(*row[:5], frozenset(groups[row.id]), *(row[6:8] if row.user_id != user_id else ()))
            for row in rows
        )

    return posts(own), posts(taken), posts(behind)


class ActorMiddleware:
    """Puts `request.actor` on every request; nothing is read until it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: Actor.of(request.user) if request.user.is_authenticated else NOBODY)  # type: ignore[attr-defined]
        return self.get_response(request)
