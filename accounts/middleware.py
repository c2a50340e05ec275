"""Sessions end: when nobody is there any more, and at the end of a working day. One-time passwords are for once."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

BEGAN, SEEN = "began", "seen"  # seconds since the epoch, in the session
TOUCH_SECONDS = 60  # a session is written at most this often for being used
# The views open to a person who must change the password first.
OPEN = {"account_change_password", "account_logout", "set_language", "demo-people", "demo-enter"}

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionLimitsMiddleware:
    """Logs out after SESSION_IDLE_MINUTES without a request, and SESSION_COOKIE_AGE after log-in whatever happens."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and BEGAN in request.session:
            self.hold_to_limits(request, int(time.time()))
        response = self.get_response(request)
        if SESSION_KEY in request.session and BEGAN not in request.session:  # has just logged in
            request.session[BEGAN] = request.session[SEEN] = int(time.time())
        return response

    def hold_to_limits(self, request: HttpRequest, now: int) -> None:
        idle = now - request.session[SEEN]
        if idle >= settings.SESSION_IDLE_MINUTES * 60:
            sentence = _("您有 %(minutes)s 分钟没有操作，已经退出，请重新登录。")
            end(request, sentence % {"minutes": settings.SESSION_IDLE_MINUTES})
        elif now - request.session[BEGAN] >= settings.SESSION_COOKIE_AGE:
            end(request, _("登录时间太长，已经退出，请重新登录。"))
        elif idle >= TOUCH_SECONDS:
            request.session[SEEN] = now


def end(request: HttpRequest, sentence: str) -> None:
    logout(request)
    messages.warning(request, sentence)


class PasswordChangeMiddleware:
    """Whoever came in by a one-time password sees nothing else until it is changed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match and request.resolver_match.view_name in OPEN:
            return None
        if request.path.startswith("/api/"):
            code = "password-change-required"
            problem = {"type": f"urn:luoshi:problem:{code}", "title": "Password change required", "status": 403}
            problem |= {"code": code, "detail": _("请先修改密码。")}
            plain = {"ensure_ascii": False}
            return JsonResponse(problem, status=403, content_type="application/problem+json", json_dumps_params=plain)
        messages.warning(request, _("这是一次性密码，请先改成您自己的。"))
        return redirect("account_change_password")


class PrivatePagesMiddleware:
    """What a person sees is not kept by shared machines: a page after log-in is fetched anew."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if SESSION_KEY in request.session and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
