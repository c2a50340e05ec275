"""A plan: a draft is its table; published, it has sections and sub-items."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, Unit
from workflow.models.rules import CalendarVersion, RulePackVersion, Rules, rule_pack, work_calendar

if TYPE_CHECKING:
    from accounts.actor import Actor


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: "Actor") -> "PlanQuerySet":
        """Drafts are the coordinators'; a published plan is seen by all who hold a business post in its region."""
        if actor.is_system:
            return self
        regions = {post.region_id for post in actor.posts if post.role in BUSINESS}
        owners = {post.unit_id for post in actor.posts_as(Role.COORDINATOR)}
        return self.filter(Q(region_id__in=regions, published_at__isnull=False) | Q(owner_id__in=owners))

    def published(self) -> "PlanQuerySet":
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "PlanQuerySet":
        """Not published yet, and revisions that were not applied yet."""
        return self.filter(published_at__isnull=True, applied_at__isnull=True)


BUSINESS = frozenset({Role.OFFICER, Role.HEAD, Role.VERIFIER, Role.COORDINATOR, Role.INSPECTOR, Role.LEADER})


class Plan(models.Model):
    """行动方案. `table` is what was read from the document; `rules` and `work_calendar` are the versions in force.

    A plan that `revises` another is never published: what is accepted of it goes into the other, at `applied_at`.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="plans", verbose_name=_("地区"))
    title = models.CharField(_("标题"), max_length=200)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="owned_plans", verbose_name=_("统筹单位"))
    table = models.JSONField(_("责任分工表"), default=dict)  # empty until the document was read
    rules = models.ForeignKey(RulePackVersion, models.PROTECT, related_name="plans", verbose_name=_("规则"))
    work_calendar = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="plans", verbose_name=_("工作日历"))
    officers_may_submit = models.BooleanField(_("经办人可直接报送"), default=False)
    asks_supports_at_dispatch = models.BooleanField(_("发布时就发配合请求"), default=False)
    leads_never_verify = models.BooleanField(_("牵头单位一律不审核"), default=False)
    created_at = models.DateTimeField(_("导入时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True)
    revises = models.ForeignKey("self", models.PROTECT, related_name="revisions", null=True, verbose_name=_("修订"))
    applied_at = models.DateTimeField(_("修订办结时间"), null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行动方案")

    def __str__(self) -> str:
        return self.title

    def rules_in_force(self) -> Rules:
        """Pack and calendar; from memory once they were read."""
        return Rules(rule_pack(self.rules_id), work_calendar(self.work_calendar_id))


class PlanDocument(models.Model):
    """The file a plan was read from, as it came: what the draft is checked against, and the basis of the plan.

    In the database, not among the evidence: it goes with its plan, is written in one transaction, and is small.
    """

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="document", verbose_name=_("方案"))
    filename = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("字节数"))
    data = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = _("原文件")

    def __str__(self) -> str:
        return self.filename


class Supervisor(models.Model):
    """A unit that may verify sub-items of a plan; the order decides within a tier (domain rule 1)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="supervisors")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="supervised_plans")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("审核单位")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "unit"], name="supervisor_once_a_plan")]

    def __str__(self) -> str:
        return f"{self.position}. {self.unit}"


class Section(models.Model):
    """A heading of the table, nestable: 工程 above, 任务 below."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sections")
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True)
    number = models.CharField(_("编号"), max_length=16)
    title = models.CharField(_("标题"), max_length=300)
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("工程和任务")
        ordering = ["plan", "position"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
