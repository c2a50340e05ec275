"""What the ladder raised: which rung, when, why, to whom."""

from typing import Any

from ninja import Query, Router, Schema

from workflow.api.auth import ApiRequest
from workflow.api.lists import IdOrAll, Page, Paging, page
from workflow.api.schemas.evidence import EscalationOut
from workflow.models import Escalation
from workflow.why import rung_why

router = Router(tags=["escalations"])


class EscalationFilter(Schema):
    plan: IdOrAll = None
    sub_item: IdOrAll = None


@router.get("", response=Page[EscalationOut], summary="What was raised, latest first")
def escalations(request: ApiRequest, wanted: Query[EscalationFilter], paging: Query[Paging]) -> dict[str, Any]:
    raised = Escalation.objects.visible_to(request.actor).select_related("item")
    if wanted.plan is not None:
        raised = raised.filter(item__plan=wanted.plan)
    if wanted.sub_item is not None:
        raised = raised.filter(item=wanted.sub_item)
    return page(raised, paging, _row)


def _row(escalation: Escalation) -> dict[str, Any]:
    return {
        "id": escalation.pk,
        "sub_item": escalation.item_id,
        "number": escalation.item.number,
        "rung": escalation.rung,
        "level": escalation.level,
        "label": escalation.label,
        "due_at": escalation.due_at,
        "raised_at": escalation.raised_at,
        "superseded": escalation.superseded,
        "why": rung_why(escalation.rung, escalation.inputs),
        "audience": escalation.audience,
    }
