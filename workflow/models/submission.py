"""What units hand in: progress reports, and submissions with the verdicts on them."""

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User


class Report(models.Model):
    """进展反馈: how far it is, in a number and a sentence."""

    item = models.ForeignKey("workflow.SubItem", models.PROTECT, related_name="reports")
    round_no = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(_("完成比例"))
    text = models.TextField(_("进展情况"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("进展反馈")
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="percent_up_to_100")]

    def __str__(self) -> str:
        return f"{self.percent}% {self.text[:20]}"


class Submission(models.Model):
    """报送: a draft while the item is in progress; handed in, its text and evidence list are frozen."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        APPROVED = "approved", _("通过")
        REJECTED = "rejected", _("退回")
        WITHDRAWN = "withdrawn", _("撤回")
        LAPSED = "lapsed", _("期满未审结")  # its round ended first; of a draft: before it was handed in

    item = models.ForeignKey("workflow.SubItem", models.PROTECT, related_name="submissions")
    round_no = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(_("第几次报送"), null=True)  # counted from 1 in the round once handed in
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    summary = models.TextField(_("报送说明"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    evidence: models.ManyToManyField = models.ManyToManyField("workflow.Evidence", related_name="submissions")
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    reviewed_at = models.DateTimeField(null=True)
    comment = models.TextField(_("审核意见"), blank=True)
    criteria = models.JSONField(default=list)  # those in force when it was drafted or handed in: what `answers` is to
    answers = models.JSONField(default=dict)  # number of a criterion → value, text, evidence (ids)
    ticks = models.JSONField(default=dict)  # number → whether the verdict found it met

    class Meta:
        verbose_name = verbose_name_plural = _("报送")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(status__in=["draft", "submitted"]), name="one_open_submission_an_item"
            ),
            models.UniqueConstraint(fields=["item", "round_no", "number"], name="submission_number_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.round_no}/{self.number} {self.status}"

    def digest(self) -> str:
        """SHA-256 of what is said: the summary, and behind it the answers where criteria are answered."""
        said = self.summary
        if self.answers:
            answered = {"criteria": self.criteria, "answers": self.answers}
            said += "\n" + json.dumps(answered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()
