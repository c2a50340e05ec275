"""历期: the rounds of an ongoing or recurring item that have ended. What ran in one keeps its round_no."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow.models.journal import Step
from workflow.models.sub_item import SubItem


class Round(models.Model):
    """How a round ended; written in the commit that ends it, so that no later change of rules rewrites it.

    The round an item is in has no row yet, except the last one of an item that is closed or cancelled.
    """

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("已核验")
        MISSED = "missed", _("期满未结")  # its last day passed without a verdict
        ENDED = "ended", _("中途撤销")

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("第几期"))
    start_on = models.DateField()
    due_on = models.DateField(_("期限"), null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    ended_at = models.DateTimeField()
    handed_in_on = models.DateField(null=True)  # what was verified, or lay under review when the round ended
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    used_days = models.PositiveSmallIntegerField()  # working days until it was handed in, else until its last day
    late_days = models.PositiveSmallIntegerField()  # those of them after the due date

    class Meta:
        verbose_name = verbose_name_plural = _("历期")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="round_once_an_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number} {self.outcome}"

    @classmethod
    def of(cls, item: SubItem, outcome: str, step: Step) -> "Round":
        """The round an item is in, as it ends with this step; not saved."""
        calendar, verified = step.rules.calendar, outcome == cls.Outcome.VERIFIED
        last_day = min(step.today, item.round_ends_on or step.today)
        until = item.handed_in_on or last_day
        return cls(
            item=item,
            number=item.round_no,
            start_on=item.start_on,
            due_on=item.due_on,
            outcome=outcome,
            ended_at=step.now,
            handed_in_on=item.handed_in_on,
            verified_by_id=item.approved_by_id if verified else None,
            verifier_id=item.verifier_id if verified else None,
            used_days=calendar.between(item.start_on, until),
            late_days=calendar.between(item.due_on, until) if item.due_on else 0,
        )
