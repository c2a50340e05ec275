"""延期, handed in from the page of a sub-item: ask, take back, grant or refuse."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from workflow.actions import extensions
from workflow.models import Extension
from workflow.views import errors
from workflow.views.sub_item import done_or_refused


@login_required
@require_POST
def ask(request: HttpRequest, item_id: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("due_on", "reason", "progress")}

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        extensions.request_extension(item_id, by=actor, now=at, version=version, **said)

    return done_or_refused(request, item_id, "extension-request", act)


@login_required
@require_POST
def settle(request: HttpRequest, extension_id: int, name: str) -> HttpResponse:
    """Grant, refuse or withdraw; a refusal shows the sub-item again with its sentence and what was typed."""
    visible = Extension.objects.visible_to(request.actor).filter(pk=extension_id)  # type: ignore[attr-defined]
    item_id = visible.values_list("item_id", flat=True).first()
    if item_id is None or name not in extensions.OUTCOMES:
        return errors.not_found(request)
    said = {each: request.POST.get(each, "") for each in ("due_on", "comment")}

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        extensions.settle_extension(extension_id, name, by=actor, now=at, version=version, **said)

    return done_or_refused(request, item_id, f"extension-{name}", act)
