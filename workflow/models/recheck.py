"""回头看: draws among the closed items of a plan, and what inspectors found on those drawn."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Unit, User
from workflow import drawing
from workflow.models.plan import Plan
from workflow.models.sub_item import SubItem

if TYPE_CHECKING:
    from accounts.actor import Actor


def _overseen(actor: "Actor", plan: str = "plan") -> Q:
    """Draws are the inspectors' and leaders' of the region, and the coordinators' whose plan it is."""
    if actor.is_system:
        return Q()
    regions = {post.region_id for post in actor.posts_as(Role.INSPECTOR, Role.LEADER)}
    owners = {post.unit_id for post in actor.posts_as(Role.COORDINATOR)}
    return Q(**{f"{plan}__region__in": regions}) | Q(**{f"{plan}__owner__in": owners})


class DrawQuerySet(models.QuerySet["Draw"]):
    def visible_to(self, actor: "Actor") -> "DrawQuerySet":
        return self.filter(_overseen(actor))


class Draw(models.Model):
    """Items drawn by lot among those of a plan closed between two days. Made once and never changed.

    `record` is what is published of it, and holds all that was drawn from; its fingerprint stands in the journals of
    the items drawn, so that a changed record shows.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField(_("第几次抽取"))  # counted from 1 in the plan: none can be left out
    closed_from = models.DateField(_("销号日期从"))
    closed_to = models.DateField(_("到"))
    size = models.PositiveIntegerField(_("抽几项"))
    candidates = models.PositiveIntegerField(_("候选项数"))
    public = models.CharField(_("公开数"), max_length=200)
    seed = models.CharField(_("种子"), max_length=64)
    next = models.CharField(max_length=64)  # the SHA-256 of the number sealed for the next draw of this plan
    record = models.TextField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("抽取时间"))

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回头看抽取")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="draw_number_once_a_plan"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=F("candidates"), closed_from__lte=F("closed_to")),
                name="draw_of_some_in_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}: {self.size}/{self.candidates}"

    def get_absolute_url(self) -> str:
        return f"/rechecks/draws/{self.pk}/"

    @cached_property
    def published(self) -> drawing.Record:
        return drawing.read(self.record)

    @property
    def fingerprint(self) -> str:
        return drawing.fingerprint(self.record)


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def visible_to(self, actor: "Actor") -> "RecheckQuerySet":
        return self.filter(_overseen(actor, "draw__plan"))

    def pending(self) -> "RecheckQuerySet":
        return self.filter(status=Recheck.Status.PENDING)


class Recheck(models.Model):
    """One closing that was drawn and what was found: it stands, or the item was reopened; each is looked at once.

    Reopened by somebody who could not have judged it, or before an inspector did, it ends as dropped.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("待核查")
        STANDS = "stands", _("结论成立")
        REOPENED = "reopened", _("已重启")
        DROPPED = "dropped", _("不再核查")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="rechecks")
    place = models.PositiveIntegerField()  # in the order drawn, from 1
    item = models.ForeignKey(SubItem, models.PROTECT, related_name="rechecks")
    round_no = models.PositiveSmallIntegerField()
    closing = models.PositiveIntegerField()  # seq of the journal entry that closed the item
    closed_by_id = models.BigIntegerField(null=True)  # as the journal has it, which outlives accounts
    closed_for_id = models.BigIntegerField(null=True)  # whom they stood in for
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)
    comment = models.TextField(_("核查意见"), blank=True)

    objects = RecheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回头看")
        ordering = ["-draw", "place"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(status="pending"), name="one_pending_recheck_an_item"),
            models.UniqueConstraint(fields=["item", "closing"], name="closing_rechecked_once"),
            models.CheckConstraint(
                condition=Q(status="pending", settled_by=None, settled_at=None)
                | (~Q(status="pending") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="recheck_is_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["draw"], condition=Q(status="pending"), name="recheck_pending")]

    def __str__(self) -> str:
        return f"{self.item_id}#{self.closing} {self.status}"

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING
