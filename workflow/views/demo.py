"""快进: the demo's clock moved forward, rounds turning and the ladder speaking on the way as they would have."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from accounts.models import User
from workflow import clock, queries
from workflow.turning import in_words, pass_time
from workflow.views import words

DAYS = {"day": 1, "week": 7, "month": 30}


@login_required
@require_POST
def forward(request: HttpRequest) -> HttpResponse:
    """The demo only; production has no other clock than the real one."""
    days = DAYS.get(request.POST.get("by", ""))
    if settings.PRODUCTION or days is None:
        raise Http404
    start = clock.now()
    end = clock.forward(days)
    turned, swept = pass_time(start=start, end=end)
    said = {"today": words.day(timezone.localdate(end), timezone.localdate(start)), "n": swept.raised}
    rounds = f"，{turns}" if (turns := in_words(turned)) else ""
    messages.success(request, _("今天是%(today)s，期间提醒和督办 %(n)s 次%(rounds)s。") % {**said, "rounds": rounds})
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "/")


def notes(usernames: list[str]) -> dict[str, str]:
    """What waits for these people, for the door of the demo."""
    today = clock.today()
    people = User.objects.filter(username__in=usernames)
    counts = {user.username: queries.waiting_counts(Actor.of(user), today) for user in people}
    return {username: _note(waits) for username, waits in counts.items() if waits["all"]}


def _note(waits: dict[str, int]) -> str:
    if waits["review"] == waits["all"]:
        return _("%(n)s 件待审") % {"n": waits["all"]}
    return _("%(n)s 件待办") % {"n": waits["all"]}
