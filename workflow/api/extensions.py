"""延期: ask for more time, take that back, decide it. The open request of a sub-item is shown with it."""

from typing import Annotated, Any

from ninja import Field, Router, Status

from workflow import clock
from workflow.actions import extensions
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import Id
from workflow.api.schemas.questions import ExtensionIn, ExtensionOut, SettlingIn

router = Router(tags=["extensions"])
StepName = Annotated[str, Field(json_schema_extra={"enum": list(extensions.OUTCOMES)})]


@router.post(
    "/sub-items/{int:item_id}/extensions",
    response={201: ExtensionOut},
    summary="Ask for a later due date; in progress only, and before the present one has passed",
    openapi_extra=json_request(ExtensionIn),
)
def ask(request: ApiRequest, item_id: Id) -> Status[dict[str, Any]]:
    body = json_body(request)
    said = {name: body.fields.get(name) for name in ("due_on", "reason", "progress")}
    with complained_last(body.complaint):
        made = extensions.request_extension(item_id, by=request.actor, now=clock.now(), version=body.version, **said)
    return Status(201, ExtensionOut.shown(made, request.actor))


@router.post(
    "/extensions/{int:extension_id}/{step}",
    response=ExtensionOut,
    summary="Grant, refuse or withdraw a request that waits",
    openapi_extra=json_request(SettlingIn),
)
def settle(request: ApiRequest, extension_id: Id, step: StepName) -> dict[str, Any]:
    body = json_body(request)
    said = {name: body.fields.get(name) for name in ("due_on", "comment")}
    with complained_last(body.complaint):
        settled = extensions.settle_extension(
            extension_id, step, by=request.actor, now=clock.now(), version=body.version, **said
        )
    return ExtensionOut.shown(settled, request.actor)
