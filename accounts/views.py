"""The doors of a person: log-in, own password, and the demo's picker."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as log_in
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import demo
from accounts.models import Region, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class LogIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | entrance()


@method_decorator(login_required, name="dispatch")
class ChangePassword(PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not cast(User, request.user).has_usable_password():
            messages.error(request, _("这个账号没有密码，不用改。"))
            return redirect(get_adapter().get_login_redirect_url(request))
        return super().dispatch(request, *args, **kwargs)


@never_cache
def demo_people(request: HttpRequest) -> HttpResponse:
    """The log-in page also for whoever is logged in, to change places."""
    refuse_in_production()
    return render(request, "account/login.html", {"form": LoginForm(request=request)} | entrance())


@require_POST
def demo_enter(request: HttpRequest) -> HttpResponse:
    """In the demo a click is enough; its people are invented."""
    refuse_in_production()
    user = get_object_or_404(User, username=request.POST.get("username", ""), is_active=True)
    log_in(request, user, backend=BACKEND)
    return redirect(get_adapter().get_login_redirect_url(request))


def entrance() -> dict[str, Any]:
    """What the log-in page shows beside the form: whose system it is, and in the demo the people."""
    names = Region.objects.values_list("name", flat=True)[:2]
    context: dict[str, Any] = {"county": names[0] if len(names) == 1 else ""}
    if not settings.PRODUCTION:
        context["demo_people"], context["demo_others"] = demo.people()
        demo.add_notes(context["demo_people"])
    return context


def refuse_in_production() -> None:
    if settings.PRODUCTION:
        raise Http404
