"""配合, handed in from the page of a sub-item: ask, answer with files or decline, accept, return or waive."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from workflow.actions import parts
from workflow.actions.evidence import add_to_part
from workflow.models import Part
from workflow.views import errors
from workflow.views.evidence import hand_in
from workflow.views.frame import now
from workflow.views.sub_item import done_or_refused


@login_required
@require_POST
def ask(request: HttpRequest, item_id: int) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("ask", "due_on")}
    units = request.POST.getlist("units")

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        parts.ask_for_parts(item_id, by=actor, now=at, version=version, units=units, **said)

    return done_or_refused(request, item_id, "part-ask", act)


@login_required
@require_POST
def take_step(request: HttpRequest, part_id: int, name: str) -> HttpResponse:
    """A refusal shows the sub-item again with its sentence and what was typed."""
    item_id = _item_of(request, part_id)
    if item_id is None or name not in parts.STEPS:
        return errors.not_found(request)
    step = parts.STEPS[name]

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        seen = None if step.by_unit else version  # see parts.take_step
        parts.take_step(part_id, name, by=actor, now=at, version=seen, said=request.POST.get(step.says, ""))

    return done_or_refused(request, item_id, f"part-{part_id}-{name}", act)


@require_POST
@login_required
def add(request: HttpRequest, part_id: int) -> HttpResponse:
    item_id = _item_of(request, part_id)
    if item_id is None:
        return errors.not_found(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def one(upload: UploadedFile, caption: str) -> None:
        add_to_part(part_id, upload, by=actor, now=now(request), caption=caption)

    return hand_in(request, item_id, one, form=f"part-{part_id}-files")


def _item_of(request: HttpRequest, part_id: int) -> int | None:
    visible = Part.objects.visible_to(request.actor).filter(pk=part_id)  # type: ignore[attr-defined]
    return visible.values_list("item_id", flat=True).first()
