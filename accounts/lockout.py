"""Two locks on the door: axes' fast one by user and address, and here a slow one by the user alone.

The slow one stops a guesser who changes addresses. It counts failures since the last good log-in, within a window;
attempts refused while locked do not count, so a lock ends by itself.
"""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

Credentials = dict[str, Any]


class LockoutHandler(AxesDatabaseHandler):
    def is_locked(self, request: HttpRequest, credentials: Credentials | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or is_guessed_at(
            username_tried(request, credentials), now=timezone.now()
        )


def username_tried(request: HttpRequest, credentials: Credentials | None = None) -> str:
    return spelling((credentials or {}).get("username") or request.POST.get("login") or "")


def spelling(username: str) -> str:
    """One for all that log in as the same person: allauth ignores case, so the counting must."""
    # Upper case first: ı and i are one name to a database that compares in upper case.
    return unicodedata.normalize("NFKC", username).strip().upper().lower()[:255]


def is_guessed_at(username: str, *, now: datetime) -> bool:
    """Whether this account failed too often lately, from wherever."""
    since = now - settings.LOCKOUT_BY_USER_WINDOW
    last_good = AccessLog.objects.filter(username__iexact=username).aggregate(at=Max("attempt_time"))["at"]
    failures = AccessFailureLog.objects.filter(username=username, attempt_time__gt=max(since, last_good or since))
    return failures.count() >= settings.LOCKOUT_BY_USER_FAILURES


def unlock(username: str) -> None:
    """Forget the failures of this account: whoever manages accounts has given it a new password."""
    AccessAttempt.objects.filter(username=spelling(username)).delete()
    AccessFailureLog.objects.filter(username=spelling(username)).delete()


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Credentials | None) -> HttpResponse:
    """The page instead of the log-in: one sentence, and when to come back."""
    slow = is_guessed_at(username_tried(request, credentials), now=timezone.now())
    cool_off: timedelta = settings.AXES_COOLOFF_TIME
    context = {
        "failure_limit": settings.LOCKOUT_BY_USER_FAILURES if slow else settings.AXES_FAILURE_LIMIT,
        "hours": settings.LOCKOUT_BY_USER_WINDOW // timedelta(hours=1),
        "minutes": cool_off // timedelta(minutes=1),
    }
    template = "account/lockout_by_user.html" if slow else "account/lockout.html"
    page = render(request, template, context, status=settings.AXES_HTTP_RESPONSE_CODE)
    if not slow:
        page["Retry-After"] = str(int(cool_off.total_seconds()))
    return page
