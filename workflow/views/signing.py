"""会签, handed in from the page of a sub-item: send round, sign, refuse."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from workflow.actions import countersigning
from workflow.models import SubItem
from workflow.views import criteria_forms
from workflow.views.sub_item import done_or_refused


@login_required
@require_POST
def circulate(request: HttpRequest, item_id: int) -> HttpResponse:
    said = {"summary": request.POST.get("summary", ""), "answers": criteria_forms.answers(request.POST)}

    def act(actor: Actor, at: datetime, version: int | None) -> SubItem:
        return countersigning.circulate(item_id, by=actor, now=at, version=version, **said)

    return done_or_refused(request, item_id, "circulate", act)


@login_required
@require_POST
def countersign(request: HttpRequest, item_id: int) -> HttpResponse:
    opinion = request.POST.get("opinion", "")

    def act(actor: Actor, at: datetime, version: int | None) -> SubItem:
        return countersigning.countersign(item_id, by=actor, now=at, version=version, opinion=opinion)

    return done_or_refused(request, item_id, "countersign", act)


@login_required
@require_POST
def refuse(request: HttpRequest, item_id: int) -> HttpResponse:
    opinion = request.POST.get("opinion", "")

    def act(actor: Actor, at: datetime, version: int | None) -> SubItem:
        return countersigning.refuse_countersign(item_id, by=actor, now=at, version=version, opinion=opinion)

    return done_or_refused(request, item_id, "refuse-countersign", act)
