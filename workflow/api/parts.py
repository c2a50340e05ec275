"""配合: ask supporting units for their parts; answer or decline, accept, return or waive one."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema, Status

from accounts.actor import Actor
from workflow import clock, queries
from workflow.actions import parts
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import Id, Page, Paging, page
from workflow.api.schemas.evidence import EvidenceOut
from workflow.models import Part, SubItem
from workflow.models.part import PartQuerySet
from workflow.states import PartStatus

router = Router(tags=["parts"])


class PartOut(Schema):
    id: int
    unit: str
    group: str | None = Field(description="the group on the sub-item through which a member is asked")
    round_no: int
    status: PartStatus
    ask: str = Field(description="what is asked for")
    due_on: date | None
    asked_by: str | None
    asked_at: datetime
    text: str = Field(description="what the unit answered")
    comment: str = Field(description="why it was declined, returned or waived")
    answered_by: str | None
    answered_at: datetime | None
    settled_by: str | None
    settled_at: datetime | None
    evidence: list[EvidenceOut]
    version: int = Field(description="of the sub-item; name it when you accept, return or waive")
    moves: list[str] = Field(description="what you may do of answer, decline, accept, return, waive")

    @staticmethod
    def shown(part: Part, actor: Actor) -> dict[str, Any]:
        """Wants `queries.with_files`, or costs some queries."""
        fields = ("round_no", "status", "ask", "due_on", "asked_at", "text", "comment", "answered_at", "settled_at")
        people = {name: getattr(part, name) for name in ("asked_by", "answered_by", "settled_by")}
        return {
            **{name: getattr(part, name) for name in fields},
            **{name: person.name if person else None for name, person in people.items()},
            "id": part.pk,
            "unit": part.unit.name,
            "group": part.group.name if part.group else None,
            "evidence": [EvidenceOut.shown(each) for each in part.evidence.all() if each.removed_at is None],
            "version": part.item.seq,
            "moves": parts.open_to(actor, part),
        }


class PartsIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    units: list[str] | None = Field(None, description="by name; left out, all that were not asked in this round")
    ask: str | None = Field(None, description="left out, the beginning of the sub-item's text")
    due_on: date | None = Field(None, description="left out, the day before the sub-item is due")


class PartStepIn(Schema):
    version: int | None = Field(None, description="of the sub-item; required to accept, return and waive")
    text: str | None = Field(None, description="required to answer")
    comment: str | None = Field(None, description="required to decline, return and waive")


StepName = Annotated[str, Field(json_schema_extra={"enum": list(parts.STEPS)})]


@router.get(
    "/sub-items/{int:item_id}/parts",
    response=Page[PartOut],
    summary="What its supporting units are asked for, newest round first; who only supports it sees its own",
)
def parts_of(request: ApiRequest, item_id: Id, paging: Query[Paging]) -> dict[str, Any]:
    SubItem.objects.visible_to(request.actor).get_or_refuse(item_id)
    seen = Part.objects.visible_to(request.actor).filter(item=item_id).order_by("-round_no", "unit__position", "id")
    return page(_loaded(seen), paging, lambda part: PartOut.shown(part, request.actor))


@router.post(
    "/sub-items/{int:item_id}/parts",
    response={201: list[PartOut]},
    summary="Ask supporting units for their parts, several at once; in progress only",
    openapi_extra=json_request(PartsIn),
)
def ask(request: ApiRequest, item_id: Id) -> Status[list[dict[str, Any]]]:
    body = json_body(request)
    said = {name: body.fields.get(name) for name in ("units", "ask", "due_on")}
    with complained_last(body.complaint):
        made = parts.ask_for_parts(item_id, by=request.actor, now=clock.now(), version=body.version, **said)
    return Status(201, [PartOut.shown(part, request.actor) for part in _again(made)])


@router.post(
    "/parts/{int:part_id}/{step}",
    response=PartOut,
    summary="Answer or decline what your unit is asked for; accept, return or waive it as the lead",
    openapi_extra=json_request(PartStepIn),
)
def take_step(request: ApiRequest, part_id: Id, step: StepName) -> dict[str, Any]:
    body = json_body(request)
    said = body.fields.get("text" if step == "answer" else "comment")
    with complained_last(body.complaint):
        made = parts.take_step(part_id, step, by=request.actor, now=clock.now(), version=body.version, said=said)
    return PartOut.shown(_again([made])[0], request.actor)


def _again(made: list[Part]) -> list[Part]:
    return list(_loaded(Part.objects.filter(pk__in=[part.pk for part in made]).order_by("unit__position", "id")))


def _loaded(found: PartQuerySet) -> PartQuerySet:
    """With the names and files they are shown with, and what their steps are decided by."""
    rows = queries.with_files(found).select_related("item__plan").defer("item__plan__table")
    return rows.prefetch_related("item__responsibilities")
