"""Accounts in Django's admin, for the system administrator: nothing is deleted, posts end and people stop."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import people
from accounts.forms import NewPasswordForm, NewUserForm, PostForm, UnitForm, UserForm
from accounts.models import ApiToken, Post, Region, Unit, User


class NeverDeleted:
    """The journal names people, units and posts: they are there for good."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ("code", "name")


@admin.register(Unit)
class UnitAdmin(NeverDeleted, admin.ModelAdmin):
    form = UnitForm
    list_display = ("name", "full_name", "kind", "region", "position")
    list_filter = ("kind", "region")
    list_select_related = ("region",)
    search_fields = ("name", "full_name")
    filter_horizontal = ("members",)


@admin.register(User)
class UserAdmin(NeverDeleted, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = NewPasswordForm
    fieldsets = ((None, {"fields": ("username", "password", "name", "phone", "email", "is_active", "last_login")}),)
    add_fieldsets = ((None, {"fields": ("username", "name", "phone", "email", "password1", "password2")}),)
    readonly_fields = ("username", "is_active", "last_login")
    list_display = ("username", "name", "phone", "is_active", "last_login")
    list_filter = ("is_active", "posts__role")
    search_fields = ("username", "name", "phone")
    filter_horizontal = ()
    actions = ("stop", "resume")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    @admin.action(description=gettext_lazy("停用账号"))
    def stop(self, request: HttpRequest, users: QuerySet[User]) -> None:
        try:
            stopped = people.deactivate(users)
        except people.LastAdministrator as refusal:
            return self.message_user(request, str(refusal), messages.ERROR)
        self.message_user(request, _("已停用 %(count)s 个账号，岗位保留。") % {"count": stopped})

    @admin.action(description=gettext_lazy("恢复账号"))
    def resume(self, request: HttpRequest, users: QuerySet[User]) -> None:
        resumed = users.filter(is_active=False).update(is_active=True)
        self.message_user(request, _("已恢复 %(count)s 个账号。") % {"count": resumed})


class CurrentFilter(admin.SimpleListFilter):
    title = gettext_lazy("是否在任")
    parameter_name = "current"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("在任")), ("no", _("已离任"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        return queryset.filter(ended_at__isnull=self.value() == "yes") if self.value() else queryset


@admin.register(Post)
class PostAdmin(NeverDeleted, admin.ModelAdmin):
    form = PostForm
    list_display = ("user", "unit", "role", "ended_at")
    list_filter = (CurrentFilter, "role", "unit")
    list_select_related = ("user", "unit")
    search_fields = ("user__name", "user__username", "unit__name")
    autocomplete_fields = ("user", "unit")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=gettext_lazy("结束岗位"), permissions=["end"])
    def end(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        try:
            ended = people.end_posts(posts, now=timezone.now())
        except people.LastAdministrator as refusal:
            return self.message_user(request, str(refusal), messages.ERROR)
        self.message_user(request, _("已结束 %(count)s 个岗位。") % {"count": ended})


@admin.register(ApiToken)
class ApiTokenAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ("user", "issued_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__username")
    fields = ("user", "issued_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.action(description=gettext_lazy("吊销令牌"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, issued: QuerySet[ApiToken]) -> None:
        now: datetime = timezone.now()
        revoked = issued.filter(revoked_at=None).update(revoked_at=now)
        self.message_user(request, _("已吊销 %(count)s 个令牌。") % {"count": revoked})
