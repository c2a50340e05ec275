"""Regions, units, people and the posts that join them. Duty follows the post, not the person."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.actor import Actor


class Role(models.TextChoices):
    """What a post entitles to; the three administrators have no business rights."""

    OFFICER = "officer", _("经办人")
    HEAD = "head", _("单位负责人")
    VERIFIER = "verifier", _("审核人")
    COORDINATOR = "coordinator", _("统筹")
    INSPECTOR = "inspector", _("督查")
    LEADER = "leader", _("县领导")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Posts somebody else may fill for a time. A county leader's instruction is their own word, and the administrators
# watch each other: neither is lent.
LENDABLE = frozenset({Role.OFFICER, Role.HEAD, Role.VERIFIER, Role.COORDINATOR, Role.INSPECTOR})


class Region(models.Model):
    """A county (or other place) with its own units, people and plans."""

    code = models.CharField(_("行政区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("地区")

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A body that leads, supports or supervises; a group (各乡镇) stands for its members."""

    class Kind(models.TextChoices):
        PARTY = "party", _("党委部门")
        GOVERNMENT = "government", _("政府部门")
        TOWNSHIP = "township", _("乡镇")
        MASS = "mass", _("群团")
        LEADERSHIP = "leadership", _("县领导")
        GROUP = "group", _("一组单位")

    region = models.ForeignKey(Region, models.PROTECT, related_name="units", verbose_name=_("地区"))
    name = models.CharField(_("简称"), max_length=64, help_text=_("表中的写法"))
    full_name = models.CharField(_("全称"), max_length=128)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    members = models.ManyToManyField(
        "self", symmetrical=False, related_name="groups", blank=True, verbose_name=_("成员")
    )
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="unit_name_once_a_region")]

    def __str__(self) -> str:
        return self.name

    def names(self) -> list[str]:
        """Every way this unit is written in tables."""
        return [self.name, self.full_name, *self.aliases]


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A named person. There is no superuser and nobody shares an account: rights come from posts alone."""

    username = models.CharField(_("账号"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name

    # What Django's admin asks of a user; accounts.admin decides by post.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.posts.current().filter(role=Role.SYSTEM_ADMIN).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return perm.startswith("accounts.") and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return app_label == "accounts" and self.is_staff


class PostQuerySet(models.QuerySet["Post"]):
    def current(self) -> "PostQuerySet":
        return self.filter(ended_at=None)

    def visible_to(self, actor: "Actor") -> "PostQuerySet":
        """Who works in one's own units; the administrators know every post of their region."""
        return self.filter(seen_by(actor))

    def acted_by(self, user_id: int) -> "PostQuerySet":
        """What `Actor.of` reads: all current posts of this person and of whomever they may stand in for.

        `lent` joins the delegation of a post to this person, which need not be in force today. Nobody who is not
        active acts, or is stood in for.
        """
        lent = Q(delegations__delegate=user_id, delegations__ended_at=None)
        stood_in_for = self.current().filter(lent, delegations__delegate__is_active=True).values("user")
        people = User.objects.filter(pk=user_id).values("pk").union(stood_in_for)
        posts = self.current().filter(user__in=people, user__is_active=True)
        return posts.annotate(lent=FilteredRelation("delegations", condition=lent))


def seen_by(actor: "Actor", path: str = "") -> Q:
    """Posts at `path` of a row that this person may know of."""
    units = {post.unit_id for post in actor.own_posts}
    regions = {post.region_id for post in actor.own_posts if post.role in ADMINISTRATORS}
    return Q(**{f"{path}unit__in": units}) | Q(**{f"{path}unit__region__in": regions})


class Post(models.Model):
    """Person × unit × role. Ended, never deleted: the journal names it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=16, choices=Role.choices)
    ended_at = models.DateTimeField(_("离任时间"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], condition=Q(ended_at=None), name="post_once_while_held"
            )
        ]
        indexes = [models.Index(fields=["unit", "role"], condition=Q(ended_at=None), name="post_current_by_unit")]

    def __str__(self) -> str:
        return f"{self.user} {self.unit} {self.get_role_display()}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, actor: "Actor") -> "DelegationQuerySet":
        """Those of posts one knows of, and of what one was lent."""
        return self.filter(seen_by(actor, "post__") | Q(delegate=actor.user_id))

    def open(self, day: date) -> "DelegationQuerySet":
        """Neither over by that day nor ended early, nor with the post."""
        return self.filter(ended_at=None, until_on__gte=day, post__ended_at=None)


class Delegation(models.Model):
    """代办 (AB角): for these days, both included, somebody of the same unit acts by a post for its holder.

    It ends by itself: with its last day, with the post, when either account is stopped, and when the one who stands
    in leaves the unit. Days are local ones.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name=_("岗位"))
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations", verbose_name=_("代办人"))
    from_on = models.DateField(_("从哪天起"))
    until_on = models.DateField(_("到哪天止"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("设定人"))
    made_at = models.DateTimeField(_("设定时间"))
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("结束人"))
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("代办")
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_is_ended_by_somebody",
            ),
            # What overlaps is refused by the action, with the post's row locked; this much the database can say.
            models.UniqueConstraint(
                fields=["post", "from_on"], condition=Q(ended_at=None), name="delegation_once_a_post_and_day"
            ),
        ]
        indexes = [models.Index(fields=["delegate"], condition=Q(ended_at=None), name="delegation_open_by_delegate")]

    def __str__(self) -> str:
        return f"{self.delegate} {self.post} {self.from_on}–{self.until_on}"

    def is_in_force(self, day: date) -> bool:
        """As far as the row and its two people tell; wants them loaded."""
        at_work = self.delegate.is_active and self.post.user.is_active and self.post.ended_at is None
        return at_work and self.ended_at is None and self.from_on <= day <= self.until_on


class ApiToken(models.Model):
    """A bearer token; only its digest is kept. Real time, not the demo's: it guards a real door."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("人员"))
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%Y-%m-%d}"
