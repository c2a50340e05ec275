"""Work that takes longer than a person should wait for a page: who asked, how far it is, how it ended."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.models.plan import Plan

if TYPE_CHECKING:
    from accounts.actor import Actor

# Above the hard limit of a task: after that nobody is at it any more, and it may be claimed again.
LEASE = timedelta(minutes=12)


class LongWorkQuerySet(models.QuerySet["LongWork"]):
    def visible_to(self, actor: "Actor") -> "LongWorkQuerySet":
        return self if actor.is_system else self.filter(by=actor.user_id)

    def waiting(self, now: datetime) -> "LongWorkQuerySet":
        """Not begun, or left by a worker that died."""
        return self.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE), finished_at=None)


class LongWork(models.Model):
    """One piece of work on a plan. Every kind can be begun again after a crash: it ends as if begun once."""

    class Kind(models.TextChoices):
        READ = "read", _("读取文件")
        PUBLISH = "publish", _("发布方案")
        APPLY = "apply", _("办理修订")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="long_works")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked = models.JSONField(default=dict)  # what the person chose
    asked_at = models.DateTimeField()  # real time, as the next two: the demo's clock stands still
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: not known yet
    refusal = models.TextField(blank=True)  # the sentence it ended with, if it was refused
    result = models.JSONField(default=dict)

    objects = LongWorkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(finished_at=None), name="long_work_one_a_plan")
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="long_work_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done}/{self.total}"
