"""验收标准: propose them, agree to them or return them; they are shown with the sub-item."""

from typing import Annotated, Any

from ninja import Field, Router

from workflow import clock
from workflow.actions import criteria
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import Id
from workflow.api.schemas.criteria import AnsweringIn, CriteriaIn, CriteriaOut

router = Router(tags=["criteria"])
StepName = Annotated[str, Field(json_schema_extra={"enum": list(criteria.STEPS)})]


@router.post(
    "/sub-items/{int:item_id}/criteria",
    response=CriteriaOut,
    summary="Propose criteria; assigned or in progress only; in the place of a proposal that waits",
    openapi_extra=json_request(CriteriaIn),
)
def propose(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    body = json_body(request)
    with complained_last(body.complaint):
        item = criteria.propose_criteria(
            item_id, by=request.actor, now=clock.now(), version=body.version, proposed=body.fields.get("criteria")
        )
    return CriteriaOut.shown(item, request.actor)


@router.post(
    "/sub-items/{int:item_id}/criteria/{step}",
    response=CriteriaOut,
    summary="Agree to the criteria proposed, or return them",
    openapi_extra=json_request(AnsweringIn),
)
def settle(request: ApiRequest, item_id: Id, step: StepName) -> dict[str, Any]:
    body = json_body(request)
    comment = body.fields.get("comment")
    with complained_last(body.complaint):
        item = criteria.settle_proposal(
            item_id, step, by=request.actor, now=clock.now(), version=body.version, comment=comment
        )
    return CriteriaOut.shown(item, request.actor)
