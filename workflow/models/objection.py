"""提异议: a lead says that another unit should have an item, and what the owner's side made of it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.sub_item import SubItem

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actor import Actor


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: "Actor") -> "ObjectionQuerySet":
        """Whoever sees the item sees who objected to it."""
        return self.filter(item__in=SubItem.objects.visible_to(actor).values("pk"))

    def open(self) -> "ObjectionQuerySet":
        return self.filter(status=Objection.Status.RAISED)

    def end_open(self, outcome: str, by: int | None, at: "datetime", comment: str) -> None:
        """What a move made of it: upheld or kept where it gave the item away, withdrawn where it is moot."""
        self.open().update(status=outcome, decided_by=by, decided_at=at, comment=comment)


class Objection(models.Model):
    """Raised → kept, upheld or withdrawn; written by actions.objections, and ended by the moves that answer it.

    While one is open the item stands still (SubItem.pause is OBJECTED), so that moves need not look for it.
    """

    class Status(models.TextChoices):
        RAISED = "raised", _("待定")
        KEPT = "kept", _("维持")
        UPHELD = "upheld", _("成立")
        WITHDRAWN = "withdrawn", _("撤回")

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="objections")
    round_no = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RAISED)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    suggested = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("建议单位"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    reason = models.TextField(_("异议理由"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # or who withdrew it
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(_("意见"), blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(status="raised"), name="one_open_objection_an_item"),
            models.CheckConstraint(condition=~Q(suggested=F("unit")), name="objection_suggests_another_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.RAISED
