"""消息: what happened to whatever concerns this person; opening one marks it read."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from notifications import inbox as messages
from notifications import rendering
from notifications.models import Message
from workflow.views import errors, words
from workflow.views.frame import now

PAGE = 30


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    user_id = request.actor.user_id  # type: ignore[attr-defined]
    pages = Paginator(messages.messages_of(user_id), PAGE)
    page = pages.get_page(request.GET.get("page"))
    today = timezone.localdate(now(request))
    older = f"?page={page.next_page_number()}" if page.has_next() else ""
    newer = f"?page={page.previous_page_number()}" if page.has_previous() else ""
    return render(
        request,
        "workflow/inbox.html",
        {
            "inbox": [_entry(message, today) for message in page],
            "read_all_url": reverse("workflow:inbox-read-all"),
            "older_url": older,
            "newer_url": newer,
        },
    )


@login_required
@require_POST
def read(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message read and go where it leads."""
    user_id = request.actor.user_id  # type: ignore[attr-defined]
    try:
        message = messages.mark_read(message_id, user_id, now(request))
    except LookupError:
        return errors.not_found(request)
    inside = url_has_allowed_host_and_scheme(message.link, allowed_hosts=None)
    return redirect(message.link if message.link and inside else "workflow:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    messages.mark_all_read(request.actor.user_id, now(request))  # type: ignore[attr-defined]
    return redirect("workflow:inbox")


def _entry(message: Message, today: date) -> dict[str, Any]:
    return {
        "words": rendering.title(message),
        "number": message.context.get("number", ""),
        "text": message.context.get("text", ""),
        "url": message.link or reverse("workflow:inbox"),
        "at": message.at,
        "at_words": words.moment(message.at, today),
        "unread": message.read_at is None,
        "read_url": reverse("workflow:inbox-read", args=[message.pk]),
    }
