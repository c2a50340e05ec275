"""会签: send the draft round to the co-leads; sign it for one, or refuse to. Each answers the sub-item whole."""

from collections.abc import Callable
from typing import Any

from ninja import Field, Router, Schema

from workflow import clock, queries
from workflow.actions import countersigning
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import Id
from workflow.api.schemas.criteria import CriterionAnswerIn
from workflow.api.schemas.sub_items import SubItemWhole
from workflow.models import SubItem

router = Router(tags=["countersigning"])


class CirculateIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    summary: str | None = Field(None, description="what is to be handed in; without it, that of the draft")
    answers: dict[str, CriterionAnswerIn] | None = Field(
        None, description="what was reached of each criterion, by number; without it, that of the draft"
    )


class OpinionIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    opinion: str | None = Field(None, description="required to refuse")


@router.post(
    "/sub-items/{int:item_id}/circulate",
    response=SubItemWhole,
    summary="Ask the co-leads to sign the draft; in progress only",
    openapi_extra=json_request(CirculateIn),
)
def circulate(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    return _answered(request, item_id, countersigning.circulate, "summary", "answers")


@router.post(
    "/sub-items/{int:item_id}/countersign",
    response=SubItemWhole,
    summary="Sign draft and evidence as they stand, for a co-lead that is asked to",
    openapi_extra=json_request(OpinionIn),
)
def countersign(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    return _answered(request, item_id, countersigning.countersign, "opinion")


@router.post(
    "/sub-items/{int:item_id}/refuse-countersign",
    response=SubItemWhole,
    summary="Say why a co-lead does not sign; the ball goes back to the main lead",
    openapi_extra=json_request(OpinionIn),
)
def refuse(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    return _answered(request, item_id, countersigning.refuse_countersign, "opinion")


def _answered(request: ApiRequest, item_id: int, act: Callable[..., SubItem], *said: str) -> dict[str, Any]:
    body = json_body(request)
    with complained_last(body.complaint):
        words = {name: body.fields.get(name) for name in said}
        act(item_id, by=request.actor, now=clock.now(), version=body.version, **words)
    items = queries.with_days(queries.with_names(SubItem.objects.visible_to(request.actor)))
    return SubItemWhole.shown(items.get_or_refuse(item_id), request.actor, clock.today())
