"""代办和移交: who stands in for me, for whom I do, and the posts of my unit; for the administrators, of the county."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actor import Actor
from workflow.actions import delegations, handover
from workflow.errors import NotFound, WorkflowError
from workflow.views import delegation_page, errors
from workflow.views.frame import now


@login_required
@require_GET
def delegations_page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
def lend(request: HttpRequest, post_id: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("to", "from_on", "until_on")}

    def act(actor: Actor, at: datetime) -> str:
        lent = delegations.delegate(post_id, by=actor, now=at, **said)
        names = {"name": lent.delegate.name, "holder": lent.post.user.name}
        return _("已定好，由%(name)s代%(holder)s办理，两位都会收到消息。") % names

    return _done_or_refused(request, f"lend-{post_id}", act)


@login_required
@require_POST
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    def act(actor: Actor, at: datetime) -> str:
        lent = delegations.end_delegation(delegation_id, by=actor, now=at)
        return _("代办已结束，仍由%(holder)s本人办理。") % {"holder": lent.post.user.name}

    return _done_or_refused(request, "", act)


@login_required
@require_POST
def hand_over(request: HttpRequest, post_id: int) -> HttpResponse:
    successor = request.POST.get("to", "")

    def act(actor: Actor, at: datetime) -> str:
        done = handover.hand_over(post_id, to=successor.strip(), by=actor, now=at)
        words = {"holder": done.post.user.name, "name": done.to.name, "n": done.items}
        return _("%(holder)s的岗位已移交给%(name)s，在办的 %(n)s 项一并移交。") % words

    return _done_or_refused(request, f"give-{post_id}", act)


def _done_or_refused(request: HttpRequest, form: str, act: Callable[[Actor, datetime], str]) -> HttpResponse:
    """A refusal shows the page again with its sentence, and the form still open as typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        messages.success(request, act(actor, now(request)))
    except NotFound:
        return errors.not_found(request)
    except WorkflowError as refusal:
        return _page(request, refusal=refusal, form=form)
    unit = request.GET.get("unit", "")
    return redirect(reverse("workflow:delegations") + (f"?unit={unit}" if unit.isdecimal() else ""))


def _page(request: HttpRequest, *, refusal: WorkflowError | None = None, form: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = delegation_page.context(actor, now(request), looked_at=request.GET, typed=request.POST, form=form)
    context["refusal"] = str(refusal) if refusal else ""
    return render(request, "workflow/delegations.html", context, status=refusal.status if refusal else 200)
