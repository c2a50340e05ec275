"""The admin shows accounts only, to the system administrator only."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LuoshiAdminConfig(AdminConfig):
    default_site = "config.admin.LuoshiAdminSite"


class LuoshiAdminSite(AdminSite):
    site_header = site_title = _("落实 · 账号管理")
    index_title = _("人员、单位和岗位")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one log-in page, the one that counts failures; another person's post opens nothing here."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect(reverse("account_login", query={"next": request.GET.get("next") or reverse("admin:index")}))

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")
