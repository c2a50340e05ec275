"""Every refusal as RFC 9457 problem+json: a stable `code` for programs, a Chinese `detail` for people."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from workflow.errors import Invalid, NotFound, WorkflowError

log = logging.getLogger(__name__)

TITLES: dict[str, Promise] = {
    "not-found": gettext_lazy("没有找到"),
    "stale-version": gettext_lazy("版本已旧"),
    "move-not-possible": gettext_lazy("现在不能办"),
    "not-allowed": gettext_lazy("无权办理"),
    "invalid": gettext_lazy("内容有问题"),
    "too-large": gettext_lazy("内容太大"),
    "unauthenticated": gettext_lazy("没有登录"),
    "csrf": gettext_lazy("缺少防伪令牌"),
    "method-not-allowed": gettext_lazy("不支持这个方法"),
    "internal": gettext_lazy("系统出错"),
}


def as_problem(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:luoshi:problem:{code}",
        "title": str(TITLES.get(code, gettext_lazy("没有办成"))),
        "status": status,
        "detail": detail,
        "code": code,
    }


def problem(status: int, code: str, detail: str) -> HttpResponse:
    body = as_problem(status, code, detail)
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


class CsrfMissing(WorkflowError):
    """A session asks for a write without showing that the request is its own."""

    sentence = gettext_lazy("用网页登录调用接口时，写操作要带 X-CSRFToken。")
    status = 403
    code = "csrf"


# --- exceptions to problems -------------------------------------------------------------------------------------------
def refused(request: HttpRequest, error: WorkflowError) -> HttpResponse:
    return problem(error.status, error.code, str(error))


def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, "unauthenticated", _("请先登录，或在 Authorization 里带上有效的令牌。"))
    response.headers["WWW-Authenticate"] = 'Bearer realm="luoshi"'
    return response


def invalid_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A part of the path that cannot be an id names nothing; everything else is bad input."""
    places = [each["loc"] for each in error.errors]
    if any(place[0] == "path" for place in places):
        return refused(request, NotFound())
    name = str(places[0][-1]) if places else ""
    sentence = PARAMETERS.get(name, gettext_lazy("参数 %(name)s 的值不能用，请检查。"))
    return refused(request, Invalid(str(sentence) % {"name": name}))


PARAMETERS: dict[str, Promise] = {
    "limit": gettext_lazy("limit 要填 1 到 200 的整数。"),
    "offset": gettext_lazy("offset 要填 0 到 10000000 的整数。"),
    "plan": gettext_lazy("plan 要填方案的 id。"),
    "sub_item": gettext_lazy("sub_item 要填子项的 id。"),
    "state": gettext_lazy("state 要填 assigned、in_progress、submitted、verified、closed 或 cancelled。"),
    "light": gettext_lazy("light 要填 green、yellow、red、grey 或 blue。"),
    "due_before": gettext_lazy("due_before 要写成 2024-06-30 这样。"),
}


def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refused(request, NotFound())


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw: the caller learns that it failed, the log learns why."""
    log.error("api: %s %r failed", request.method, request.path, exc_info=error)
    return problem(500, "internal", _("系统出了问题，这一步没有办成。已经记录，请稍后再试。"))


def install(api: NinjaAPI) -> None:
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        WorkflowError: refused,
        AuthenticationError: unauthenticated,
        ValidationError: invalid_parameters,
        Http404: missing,
        HttpError: unexpected,  # nothing here raises it
        Exception: unexpected,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


# --- around every path ------------------------------------------------------------------------------------------------
def speaking_problems(view: Callable[..., Any]) -> Callable[..., Any]:
    """What ninja answers without its handlers, as problems too; in one language, and kept by no cache."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with translation.override(settings.LANGUAGE_CODE):  # the contract says Chinese, whatever a client accepts
            try:
                response = view(request, *args, **kwargs)
            except Http404 as error:
                response = missing(request, error)
            if response.status_code == 405:
                allowed = response.headers["Allow"]
                response = problem(405, "method-not-allowed", _("这个地址只支持 %(methods)s。") % {"methods": allowed})
                response.headers["Allow"] = allowed
        response.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    answered.csrf_exempt = True  # type: ignore[attr-defined]  # auth.Session checks it, for sessions alone
    return answered


def no_such_path(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404, NotFound.code, _("接口里没有这个地址。"))
