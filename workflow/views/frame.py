"""What the frame of every page shows: menu with counts, unread messages, the demo's day."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import ADMINISTRATORS, Region, Role
from notifications import inbox
from workflow import clock, queries


@dataclass(frozen=True)
class Entry:
    url: str
    label: str
    icon: str
    count: int
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; costs nothing on pages without a person."""
    actor = getattr(request, "actor", None)
    demo = None if settings.PRODUCTION else {"today": SimpleLazyObject(lambda: timezone.localdate(now(request)))}
    if actor is None or not actor.posts:
        return {"demo": demo, "actor": actor if actor is not None and actor.user_id != -1 else None}
    if all(post.role in ADMINISTRATORS for post in actor.posts):
        return {"demo": demo, "actor": actor, "county": county(actor), "nav": []}
    return {
        "demo": demo,
        "actor": actor,
        "county": county(actor),
        "unread": inbox.unread_count(actor.user_id),
        "nav": list(_menu(request)),
    }


def now(request: HttpRequest) -> Any:
    """The clock, read once a request."""
    if not hasattr(request, "now"):
        request.now = clock.now()  # type: ignore[attr-defined]
    return request.now  # type: ignore[attr-defined]


def county(actor: Any) -> str:
    return Region.objects.filter(pk=actor.posts[0].region_id).values_list("name", flat=True).first() or ""


def _menu(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    waits = queries.waiting_counts(actor, timezone.localdate(now(request)))
    desk = here in ("workflow:to-do", "workflow:accept", "workflow:concluding")
    yield Entry(reverse("workflow:to-do"), _("工作台"), "todo", waits["all"], desk)
    if actor.posts_as(Role.VERIFIER) or waits["review"]:  # a 督查室 may be the verifying unit
        reviewing = here.startswith("workflow:review")
        yield Entry(reverse("workflow:review"), _("审核"), "review", waits["review"], reviewing)
    ledger = here in ("workflow:ledger", "workflow:sub-item")
    yield Entry(reverse("workflow:ledger"), _("台账"), "ledger", 0, ledger)
    if actor.posts_as(Role.INSPECTOR, Role.LEADER, Role.COORDINATOR):
        rechecking = here in ("workflow:rechecks", "workflow:draw")
        yield Entry(reverse("workflow:rechecks"), _("回头看"), "recheck", waits["recheck"], rechecking)
    if actor.posts_as(Role.COORDINATOR):
        yield Entry(reverse("workflow:imports"), _("导入"), "import", 0, here.startswith("workflow:import"))
