"""Which sub-items somebody may know of, and what is read with them."""

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When

from accounts.actor import Actor
from accounts.models import Role
from workflow.errors import NotFound
from workflow.models.sub_item.responsibility import Responsibility
from workflow.states import Duty, Light, Pause, State

if TYPE_CHECKING:
    from workflow.models.sub_item.machine import SubItem

# What no move reads: long texts above all.
NOT_DECIDED_ON = (
    *("notes", "deadline_raw", "printed", "targets", "original_due_on"),
    *("plan__created_at", "plan__published_at"),
)


class SubItemQuerySet(models.QuerySet["SubItem"]):
    def visible_to(self, actor: Actor) -> "SubItemQuerySet":
        """What this actor may know of; to everyone else an item does not exist (domain: who sees what)."""
        return self._reached(actor)

    def seen_whole_by(self, actor: Actor) -> "SubItemQuerySet":
        """Of those, what is not only supported by this actor's units: policies.sees_whole said in SQL."""
        return self._reached(actor, duty=Duty.LEAD)

    def _reached(self, actor: Actor, **by_duty: str) -> "SubItemQuerySet":
        if actor.is_system:
            return self
        regions = {post.region_id for post in actor.posts_as(Role.INSPECTOR, Role.LEADER)}
        owners = {post.unit_id for post in actor.posts_as(Role.COORDINATOR)}
        ways = []  # those that cannot apply are left out: every move compiles this
        if regions:
            ways.append(Q(plan__region__in=regions))
        if owners:
            ways.append(Q(plan__owner__in=owners))
        if actor.unit_ids:
            own = Responsibility.objects.filter(item=OuterRef("pk"), unit__in=actor.unit_ids, **by_duty)
            ways += [Q(verifier__in=actor.unit_ids), Q(Exists(own))]
        return self.filter(reduce(or_, ways)) if ways else self.none()

    def locked(self, *needed: str) -> "SubItemQuerySet":
        """Lock the items' own rows; joins only the plan, which no move changes, for joined rows come back stale.

        What moves do not read is left unread, except the fields `needed`.
        """
        unread = [name for name in NOT_DECIDED_ON if name not in needed]
        items = self.select_related("plan").defer("plan__table", *unread)
        return items.select_for_update(of=("self",), no_key=True)

    def with_responsibilities(self) -> "SubItemQuerySet":
        rows = Responsibility.objects.select_related("unit")
        return self.prefetch_related(Prefetch("responsibilities", queryset=rows))

    def get_or_refuse(self, item_id: int) -> "SubItem":
        """Raises NotFound, in the same words whether it does not exist or may not be seen."""
        for item in self.filter(pk=item_id).order_by():
            return item
        raise NotFound

    def led_by(self, unit_ids: Any) -> "SubItemQuerySet":
        return self.filter(
            Exists(Responsibility.objects.filter(item=OuterRef("pk"), unit__in=unit_ids, duty=Duty.LEAD))
        )

    def with_light(self, today: date) -> "SubItemQuerySet":
        """Annotate `light_now`: ladder.light said in SQL. One test holds the two equal."""
        day = Case(
            When(state=State.SUBMITTED, handed_in_on__isnull=False, then=F("handed_in_on")),
            default=Value(today),
            output_field=models.DateField(),
        )
        light = Case(
            When(state=State.CANCELLED, then=Value(None)),
            When(state__in=[State.VERIFIED, State.CLOSED], then=Value(Light.BLUE)),
            When(pause=Pause.SUSPENDED, then=Value(Light.GREY)),
            When(due_on__lt=day, then=Value(Light.RED)),
            When(yellow_on__lte=day, then=Value(Light.YELLOW)),
            default=Value(Light.GREEN),
            output_field=models.CharField(null=True),
        )
        return self.annotate(light_now=light)

    def of_light(self, *lights: str) -> "SubItemQuerySet":
        """Those of these lights; wants `with_light`."""
        return self.filter(light_now__in=lights)
