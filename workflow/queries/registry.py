"""A region's units by every name they are written with."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Post, Region, Role, Unit
from workflow.tables.matching import Known, Match, Names


def units_with(region: Region, *roles: str) -> list[Unit]:
    """The units in which somebody holds a post of these roles now, in the order of the region's units."""
    held = Post.objects.current().filter(role__in=roles, unit__region=region)
    return list(Unit.objects.filter(pk__in=held.values("unit")).order_by("position", "pk"))


class Registry:
    """Which units a printed name means: those a person chose for this plan, else those that are called so."""

    def __init__(self, region: Region, decided: Mapping[str, Sequence[int]] | None = None) -> None:
        self.units = {unit.pk: unit for unit in Unit.objects.filter(region=region)}
        self.decided = decided or {}
        self.names = Names((Known(pk, tuple(unit.names())) for pk, unit in self.units.items()), region=region.name)
        self._matches: dict[str, Match] = {}

    def ids(self, name: str) -> tuple[int, ...]:
        """The units the name stands for; () where it is to be left out, or where `problem` says why not."""
        if name in self.decided:
            return tuple(pk for pk in self.decided[name] if pk in self.units)
        keys = self.match(name).keys
        return keys if len(keys) == 1 else ()

    def ids_of(self, names: Sequence[str]) -> list[int]:
        """The units of several names, each once, in order."""
        return list(dict.fromkeys(pk for name in names for pk in self.ids(name)))

    def unstaffed(self, unit_ids: Sequence[int]) -> list[Unit]:
        """Those of the units in which nobody could sign for anything; of a group, those without such a member."""
        posts = Post.objects.current().filter(role__in=[Role.OFFICER, Role.HEAD], user__is_active=True)
        staffed = Unit.objects.filter(Q(posts__in=posts) | Q(members__posts__in=posts), pk__in=unit_ids)
        with_people = set(staffed.values_list("pk", flat=True))
        return [self.units[pk] for pk in unit_ids if pk not in with_people]

    def match(self, name: str) -> Match:
        if name not in self._matches:
            self._matches[name] = self.names.match(name)
        return self._matches[name]

    def problem(self, name: str) -> str:
        """Why the name stands for no unit; empty if it does."""
        if name in self.decided:
            gone = [pk for pk in self.decided[name] if pk not in self.units]
            return _("对应的单位已经不在名册里") if gone else ""
        keys = self.match(name).keys
        if len(keys) > 1:
            return _("不只一个单位叫这个名字")
        return "" if keys else _("单位名册里没有")
