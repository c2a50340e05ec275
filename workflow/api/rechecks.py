"""回头看: draws with all that repeats them, the items drawn, and the verdict that a closing stands."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from pydantic import BeforeValidator

from accounts.actor import Actor
from workflow import clock, policies, queries
from workflow.actions import rechecks
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import LARGEST_ID, Id, IdOrAll, Page, Paging, blank_is_all, page
from workflow.errors import Invalid, NotFound
from workflow.models import Draw, Recheck

router = Router(tags=["rechecks"])


class DrawRow(Schema):
    id: int
    plan: int
    number: int = Field(description="counted from 1 in the plan")
    closed_from: date = Field(description="drawn from what was closed from this day on")
    closed_to: date
    size: int
    candidates: int
    public: str = Field(description="the words typed for this draw")
    seed: str
    next: str = Field(description="SHA-256 of the number the system has sealed for the next draw of the plan")
    drawn_by: str
    unit: str
    at: datetime
    pending: int = Field(description="items drawn that wait for a verdict")


class DrawWhole(DrawRow):
    record: str = Field(description="what is published: seed and draw follow from it with sha256sum and sort")
    sound: bool = Field(description="it does, and the journals of the items drawn vouch for it")


class DrawIn(Schema):
    plan: int
    number: int = Field(description="of this draw: one more than the plan has; else refused with 409")
    public: str = Field(description="words nobody knew before and everybody can look up after, as a lottery number")
    closed_from: date
    closed_to: date
    size: int | None = Field(None, description="how many; or percent, not both")
    percent: int | None = Field(None, description="of the candidates, rounded up")


class RecheckOut(Schema):
    id: int
    draw: int
    sub_item: int
    number: str
    round_no: int
    closing: int = Field(description="seq of the journal entry that closed the sub-item")
    status: Recheck.Status
    settled_by: str | None
    settled_at: datetime | None
    comment: str
    version: int = Field(description="of the sub-item; name it when you judge")
    moves: list[str] = Field(description="what you may do of stands and reopen; the second is the move of the sub-item")

    @staticmethod
    def shown(recheck: Recheck, actor: Actor) -> dict[str, Any]:
        open_to = recheck.is_pending and policies.may_recheck(recheck, actor)
        return {
            **{name: getattr(recheck, name) for name in ("round_no", "closing", "status", "settled_at", "comment")},
            **{"id": recheck.pk, "draw": recheck.draw_id, "sub_item": recheck.item_id, "number": recheck.item.number},
            "settled_by": recheck.settled_by.name if recheck.settled_by else None,
            "version": recheck.item.seq,
            "moves": ["stands", "reopen"] if open_to else [],
        }


class DrawFilter(Schema):
    plan: IdOrAll = None


class RecheckFilter(DrawFilter):
    status: Annotated[Recheck.Status | None, BeforeValidator(blank_is_all)] = None


class StandsIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    comment: str = Field(description="what was looked at and found")


def _row(draw: Draw) -> dict[str, Any]:
    fields = ("number", "closed_from", "closed_to", "size", "candidates", "public", "seed", "next", "at", "pending")
    return {
        **{name: getattr(draw, name) for name in fields},
        **{"id": draw.pk, "plan": draw.plan_id, "drawn_by": draw.drawn_by.name, "unit": draw.unit.name},
    }


def _whole(actor: Actor, draw_id: int) -> dict[str, Any]:
    found = queries.draws(actor).defer(None).filter(pk=draw_id).first()
    if found is None:
        raise NotFound
    return {**_row(found), "record": found.record, "sound": queries.draw_is_sound(found)}


@router.get("/draws", response=Page[DrawRow], summary="The draws you may see, latest first")
def draws(request: ApiRequest, wanted: Query[DrawFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = queries.draws(request.actor)
    return page(rows if wanted.plan is None else rows.filter(plan=wanted.plan), paging, _row)


@router.get("/draws/{int:draw_id}", response=DrawWhole, summary="One draw, with the record that repeats it")
def draw(request: ApiRequest, draw_id: Id) -> dict[str, Any]:
    return _whole(request.actor, draw_id)


@router.post(
    "/draws",
    response={201: DrawWhole},
    summary="Draw by lot among the sub-items of a plan closed in a period; it cannot be undone",
    openapi_extra=json_request(DrawIn),
)
def make_draw(request: ApiRequest) -> Status[dict[str, Any]]:
    body = json_body(request)
    plan = body.fields.get("plan")
    if type(plan) is not int:  # nothing can be said before it is known what is asked for
        raise body.complaint or Invalid(_("plan 要填方案的编号。"))
    said = {name: body.fields.get(name) for name in ("number", "public", "closed_from", "closed_to", "size", "percent")}
    made = rechecks.draw(plan if 0 < plan <= LARGEST_ID else 0, by=request.actor, now=clock.now(), **said)
    return Status(201, _whole(request.actor, made.pk))


@router.get("", response=Page[RecheckOut], summary="Sub-items that were drawn and what was found, latest draw first")
def listed(request: ApiRequest, wanted: Query[RecheckFilter], paging: Query[Paging]) -> dict[str, Any]:
    rows = queries.rechecks(request.actor)
    if wanted.plan is not None:
        rows = rows.filter(draw__plan=wanted.plan)
    if wanted.status is not None:
        rows = rows.filter(status=wanted.status)
    return page(rows, paging, lambda recheck: RecheckOut.shown(recheck, request.actor))


@router.post(
    "/{int:recheck_id}/stands",
    response=RecheckOut,
    summary="The closing stands; the other outcome is the move reopen of the sub-item",
    openapi_extra=json_request(StandsIn),
)
def stands(request: ApiRequest, recheck_id: Id) -> dict[str, Any]:
    body = json_body(request)
    with complained_last(body.complaint):
        settled = rechecks.let_stand(
            recheck_id, by=request.actor, now=clock.now(), version=body.version, comment=body.fields.get("comment")
        )
    return RecheckOut.shown(settled, request.actor)
