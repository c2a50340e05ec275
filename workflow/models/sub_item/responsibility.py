"""Who owes a sub-item what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from workflow.states import Duty


class Responsibility(models.Model):
    """A unit's duty on a sub-item, in the printed order; printed as both, a unit is counted once, as lead (rule 6)."""

    item = models.ForeignKey("workflow.SubItem", models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("责任单位")
        ordering = ["duty", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="responsibility_once_an_item")]
        indexes = [models.Index(fields=["unit", "item"], name="responsibility_by_unit")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit} {self.duty}"
