"""How allauth behaves here: accounts are made by the system administrator, never by signing up."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.address import client_address
from accounts.models import Role, User

# Of allauth's messages only these are said; the rest is noise on an office screen.
MESSAGES = {
    "account/messages/logged_out.txt": gettext_lazy("已退出。"),
    "account/messages/password_changed.txt": gettext_lazy("密码已改好，其他地方的登录已退出。"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("账号或密码不对，请再试一次。"),
        "enter_current_password": gettext_lazy("现在的密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """allauth would tell whoever knows the password that the account is stopped; here it is simply wrong."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The system administrator has no to-do list; the accounts are the work."""
        roles = {post.role for post in Actor.of(cast(User, request.user)).posts}
        return resolve_url("admin:index" if roles == {Role.SYSTEM_ADMIN} else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        if user and user.check_password(password):
            raise ValidationError(_("新密码不能和现在的一样。"), code="password_unchanged")
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or MESSAGES.get(message_template or "")
        if words:
            super().add_message(request, level, extra_tags=extra_tags, message=str(words))
