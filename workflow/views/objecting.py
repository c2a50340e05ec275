"""提异议, handed in from the page of a sub-item: raise, take back, keep."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from workflow.actions import objections
from workflow.models import Objection
from workflow.views import errors
from workflow.views.sub_item import done_or_refused


@login_required
@require_POST
def raise_objection(request: HttpRequest, item_id: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("reason", "suggested")}

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        objections.raise_objection(item_id, by=actor, now=at, version=version, **said)

    return done_or_refused(request, item_id, "objection-raise", act)


@login_required
@require_POST
def settle(request: HttpRequest, objection_id: int, name: str) -> HttpResponse:
    """Keep or withdraw; a refusal shows the sub-item again with its sentence and what was typed."""
    visible = Objection.objects.visible_to(request.actor).filter(pk=objection_id)  # type: ignore[attr-defined]
    item_id = visible.values_list("item_id", flat=True).first()
    if item_id is None or name not in objections.OUTCOMES:
        return errors.not_found(request)
    comment = request.POST.get("comment", "")

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        objections.settle_objection(objection_id, name, by=actor, now=at, version=version, comment=comment)

    return done_or_refused(request, item_id, f"objection-{name}", act)
