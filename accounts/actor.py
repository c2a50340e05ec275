"""Who is acting: the person with the posts they hold, read once a request; or the clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Post, Role, User


@dataclass(frozen=True)
class ActingPost:
    """A post as its holder acts by it; `group_ids` are the groups its unit is a member of."""

    id: int
    role: str
    unit_id: int
    unit_name: str
    region_id: int
    group_ids: frozenset[int] = frozenset()

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Actor:
    """The one whose rights are asked for. `user_id` None is the system itself, which only the clock is."""

    user_id: int | None
    username: str
    name: str
    posts: tuple[ActingPost, ...]

    @classmethod
    def of(cls, user: User) -> "Actor":
        """One query: the current posts with unit and groups. A person who is not active holds none."""
        rows = (
            Post.objects.current()
            .filter(user_id=user.pk, user__is_active=True)
            .order_by("id")
            .values_list("id", "role", "unit_id", "unit__name", "unit__region_id", "unit__groups__id")
        )
        posts: dict[int, ActingPost] = {}
        for post_id, role, unit_id, unit_name, region_id, group_id in rows:
            groups = posts[post_id].group_ids if post_id in posts else frozenset()
            groups |= {group_id} if group_id else frozenset()
            posts[post_id] = ActingPost(post_id, role, unit_id, unit_name, region_id, groups)
        return cls(user.pk, user.username, user.name, tuple(posts.values()))

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
    def unit_ids(self) -> frozenset[int]:
        """Units this person works in (officer, head or verifier), with the groups they are members of."""
        posts = self.posts_as(Role.OFFICER, Role.HEAD, Role.VERIFIER)
        return frozenset({post.unit_id for post in posts}.union(*(post.group_ids for post in posts)))

    @cached_property
    def duty_unit_ids(self) -> frozenset[int]:
        """Units this person is officer or head in, with their groups: what rule 1 bars as a person."""
        posts = self.posts_as(Role.OFFICER, Role.HEAD)
        return frozenset({post.unit_id for post in posts}.union(*(post.group_ids for post in posts)))


NOBODY = Actor(-1, "", "", ())


class ActorMiddleware:
    """Puts `request.actor` on every request; nothing is read until it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: Actor.of(request.user) if request.user.is_authenticated else NOBODY)  # type: ignore[attr-defined]
        return self.get_response(request)
