"""延期申请: more time asked for, and what became of it; a small state machine of its own beside the item's."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.sub_item import SubItem

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actor import Actor


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, actor: "Actor") -> "ExtensionQuerySet":
        """Whoever sees the item sees what was asked for it."""
        return self.filter(item__in=SubItem.objects.visible_to(actor).values("pk"))

    def open(self) -> "ExtensionQuerySet":
        return self.filter(status=Extension.Status.REQUESTED)

    def withdraw_open(self, by: int | None, at: "datetime") -> None:
        """What overtakes a request ends it: handed in, cancelled, given to another unit, dated anew."""
        self.open().update(status=Extension.Status.WITHDRAWN, decided_by=by, decided_at=at)


class Extension(models.Model):
    """Requested → granted, refused or withdrawn; written by actions.extensions, and ended by the moves it is moot for.

    Whether one is open the item's own row tells (SubItem.extension_is_open): moves need not look for it.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("待决定")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("撤回")

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="extensions")
    round_no = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(_("第几次申请"))  # counted from 1 in the round
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    reason = models.TextField(_("延期理由"))
    progress = models.TextField(_("目前进展"))
    due_on = models.DateField(_("现在的时限"))  # when it was asked for
    asked_on = models.DateField(_("申请延到"))
    granted_on = models.DateField(_("同意延到"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # or who withdrew it
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(_("意见"), blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("延期申请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="requested"), name="one_open_extension_an_item"
            ),
            models.UniqueConstraint(fields=["item", "round_no", "number"], name="extension_number_once_a_round"),
            models.CheckConstraint(
                condition=Q(asked_on__gt=F("due_on"))
                & (Q(granted_on=None) | Q(granted_on__gt=F("due_on"), granted_on__lte=F("asked_on"))),
                name="extension_is_later",
            ),
            models.CheckConstraint(
                condition=Q(status="granted", granted_on__isnull=False)
                | (~Q(status="granted") & Q(granted_on__isnull=True)),
                name="granted_extension_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.round_no}/{self.number} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.REQUESTED
