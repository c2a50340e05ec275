"""Supporting units as they are asked, a group by its members; and the parts that were asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from accounts.actor import Actor
from accounts.models import Role, Unit
from notifications.outbox import Audience
from workflow.models import Evidence, Part, SubItem
from workflow.models.part import PartQuerySet
from workflow.policies import sees_whole
from workflow.states import GIVEN, OWED, PartStatus, State

WORKED_ON = (State.ASSIGNED, State.IN_PROGRESS)  # what was asked at dispatch may be given before the lead has signed
# Those whose turn it is first: the lead's, the unit's, nobody's.
TURNS = {status: place for place, status in enumerate((*GIVEN, PartStatus.RETURNED, PartStatus.ASKED))}


@dataclass(frozen=True)
class Supporter:
    """A real unit that supports, by itself or through a group it is a member of."""

    unit_id: int
    name: str
    group_id: int | None = None

    @property
    def through_id(self) -> int:
        """The key by which an item names it."""
        return self.group_id or self.unit_id


def members_of(unit_ids: Iterable[int]) -> dict[int, list[Supporter]]:
    """Each of these units by itself, a group by its members in the order of the region; one query."""
    wanted = set(unit_ids)
    found: dict[int, list[Supporter]] = {pk: [] for pk in wanted}
    rows = Unit.objects.filter(Q(pk__in=wanted) | Q(groups__in=wanted)).exclude(kind=Unit.Kind.GROUP)
    for pk, name, group in rows.values_list("pk", "name", "groups__pk"):
        if group in wanted:
            found[group].append(Supporter(pk, name, group))
        if pk in wanted:
            found[pk] = [Supporter(pk, name)]
    return found


def supporters(
    lead_ids: Sequence[int], support_ids: Sequence[int], members: dict[int, list[Supporter]] | None = None
) -> list[Supporter]:
    """Whom a lead may ask, in the printed order, each unit once; one that leads as well counts as lead (rule 6).

    One query without `members`, those of `members_of` at least these.
    """
    members = members if members is not None else members_of(support_ids)
    found: dict[int, Supporter] = {}
    for each in (each for pk in support_ids for each in members[pk]):
        found.setdefault(each.unit_id, each)
    return [each for each in found.values() if each.unit_id not in lead_ids]


def parts_of(item: SubItem, actor: Actor) -> list[Part]:
    """The parts of an item this person may see, newest round first; two queries with their files."""
    own = {} if sees_whole(actor, item) else {"unit__in": actor.unit_ids}
    return list(with_files(item.parts.filter(**own)))


def with_files(parts: PartQuerySet) -> PartQuerySet:
    files = Evidence.objects.filter(removed_at=None).select_related("blob", "by", "unit")
    people = ("unit", "group", "asked_by", "answered_by", "settled_by")
    return parts.select_related(*people).prefetch_related(Prefetch("evidence", queryset=files))


def parts_to_give(actor: Actor) -> PartQuerySet:
    """What is asked of the units this person is officer or head in; no query for who is neither anywhere."""
    units = {post.unit_id for post in actor.posts_as(Role.OFFICER, Role.HEAD)}
    if not units:
        return Part.objects.none()
    owed = Part.objects.filter(unit__in=units, status__in=OWED, item__state__in=WORKED_ON)
    return owed.filter(item__in=SubItem.objects.visible_to(actor).values("pk"))


def officers_and_heads(unit_ids: Iterable[int]) -> Audience:
    roles = (Role.OFFICER.value, Role.HEAD.value)
    return Audience(posts=frozenset((unit, role) for unit in unit_ids for role in roles))


def heads(unit_ids: Iterable[int]) -> Audience:
    return Audience(posts=frozenset((unit, Role.HEAD.value) for unit in unit_ids))
