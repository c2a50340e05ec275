"""配合: what a supporting unit is asked for an item, and what became of it; a small state machine beside the item's."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.sub_item import SubItem
from workflow.states import GIVEN, OWED, PART_OPEN, PartStatus

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actor import Actor


class PartQuerySet(models.QuerySet["Part"]):
    def visible_to(self, actor: "Actor") -> "PartQuerySet":
        """Whoever sees the item whole sees all its parts; a supporting unit sees its own."""
        own = Q(item__in=SubItem.objects.visible_to(actor).values("pk"), unit__in=actor.unit_ids)
        return self.filter(Q(item__in=SubItem.objects.seen_whole_by(actor).values("pk")) | own)

    def open(self) -> "PartQuerySet":
        return self.filter(status__in=PART_OPEN)

    def end_open(self, units: Collection[int], by: int | None, at: "datetime", why: str) -> None:
        """What was asked for ends with the item, its round, or the duty of these units: nobody owes it any more."""
        ended = {"status": PartStatus.WAIVED, "comment": why, "settled_by": by, "settled_at": at}
        self.open().filter(unit__in=units).update(**ended)


class Part(models.Model):
    """What one unit is asked for in a round, and gave; written by actions.parts, and ended by moves it is moot for.

    The item's own row tells which are open (SubItem.parts_open): moves need not look for them. A group stands for
    its members: each is asked by itself, `group` keeps through which group.
    """

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="parts")
    round_no = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parts")
    group = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    ask = models.TextField(_("要交什么"))
    due_on = models.DateField(_("哪天前交"), null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # null: the clock, at dispatch
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=PartStatus.choices, default=PartStatus.ASKED)
    text = models.TextField(_("配合情况"), blank=True)  # what stands; what was returned is in the journal
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # or who declined
    answered_at = models.DateTimeField(null=True)
    comment = models.TextField(_("理由"), blank=True)  # why it was declined, returned or waived
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("配合请求")
        ordering = ["item", "-round_no", "unit__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "round_no", "unit"],
                condition=Q(status__in=[status.value for status in PART_OPEN]),
                name="one_open_part_a_unit_and_round",
            )
        ]
        indexes = [
            models.Index(fields=["unit"], condition=Q(status__in=[s.value for s in OWED]), name="part_owed_by_unit")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit} {self.status}"

    @property
    def is_owed(self) -> bool:
        """The supporting unit's turn."""
        return self.status in OWED

    @property
    def is_given(self) -> bool:
        """The lead's turn."""
        return self.status in GIVEN

    @property
    def through_id(self) -> int:
        """The key by which the item names this unit: its own, or its group's."""
        return self.group_id or self.unit_id
