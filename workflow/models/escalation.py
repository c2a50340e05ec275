"""催办和督办: what the ladder raised, by which rule, told to whom. Raised exactly once."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models.rules import RulePackVersion

if TYPE_CHECKING:
    from accounts.actor import Actor


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, actor: "Actor") -> "EscalationQuerySet":
        from workflow.models.sub_item import SubItem  # the rights of an escalation are those of its item

        return self.filter(item__in=SubItem.objects.visible_to(actor).values("pk"))


class Escalation(models.Model):
    """One rung that rang on one clock of one item; `clock_seq` is the journal entry that started the clock.

    `inputs` are the dates it was derived from, so that "why" has an answer after any later change of rules.
    """

    item = models.ForeignKey("workflow.SubItem", models.PROTECT, related_name="escalations")
    clock_seq = models.PositiveIntegerField()
    rung = models.CharField(max_length=32)
    level = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=32)
    due_at = models.DateTimeField()  # when the ladder wanted it
    raised_at = models.DateTimeField()  # when the sweep came by
    superseded = models.BooleanField(default=False)  # a higher rung was due as well: recorded, nobody told
    audience = models.JSONField(default=list)
    inputs = models.JSONField(default=dict)
    rules = models.ForeignKey(RulePackVersion, models.PROTECT, related_name="+")

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("催办")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "clock_seq", "rung"], name="escalation_once_a_clock_and_rung")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.rung}"
