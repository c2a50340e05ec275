"""提异议: object to an assignment, take that back, keep it. The open objection of a sub-item is shown with it."""

from typing import Annotated, Any

from ninja import Field, Router, Status

from workflow import clock
from workflow.actions import objections
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import Id
from workflow.api.schemas.questions import AnswerIn, ObjectionIn, ObjectionOut

router = Router(tags=["objections"])
AnswerName = Annotated[str, Field(json_schema_extra={"enum": list(objections.OUTCOMES)})]


@router.post(
    "/sub-items/{int:item_id}/objections",
    response={201: ObjectionOut},
    summary="Object to an assignment; before signing, within the days the rules give",
    openapi_extra=json_request(ObjectionIn),
)
def raise_objection(request: ApiRequest, item_id: Id) -> Status[dict[str, Any]]:
    body = json_body(request)
    said = {name: body.fields.get(name) for name in ("reason", "suggested")}
    with complained_last(body.complaint):
        made = objections.raise_objection(item_id, by=request.actor, now=clock.now(), version=body.version, **said)
    return Status(201, ObjectionOut.shown(made, request.actor))


@router.post(
    "/objections/{int:objection_id}/{step}",
    response=ObjectionOut,
    summary="Keep the assignment, or withdraw the objection; the move `reassign` upholds it",
    openapi_extra=json_request(AnswerIn),
)
def settle(request: ApiRequest, objection_id: Id, step: AnswerName) -> dict[str, Any]:
    body = json_body(request)
    with complained_last(body.complaint):
        settled = objections.settle_objection(
            objection_id,
            step,
            by=request.actor,
            now=clock.now(),
            version=body.version,
            comment=body.fields.get("comment"),
        )
    return ObjectionOut.shown(settled, request.actor)
