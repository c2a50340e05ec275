"""代办 and 移交: the posts one knows of, who stands in for whom, and a post handed over with what is open."""

from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from workflow import clock, queries
from workflow.actions import delegations, handover
from workflow.api.auth import ApiRequest
from workflow.api.bodies import complained_last, json_body
from workflow.api.documentation import json_request
from workflow.api.lists import LARGEST_ID, Id, Page, Paging, page
from workflow.api.schemas.delegations import DelegationIn, DelegationOut, HandoverIn, HandoverOut, PostOut

router = Router(tags=["delegations"])


@router.get("/posts", response=Page[PostOut], summary="The posts of your units; for administrators, of the region")
def posts(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    return page(queries.posts_known_to(request.actor, clock.today()), paging, PostOut.shown)


@router.get("/delegations", response=Page[DelegationOut], summary="Who stands or stood in for whom, latest first")
def lent(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    today = clock.today()
    return page(queries.delegations_known_to(request.actor), paging, lambda each: DelegationOut.shown(each, today))


@router.post(
    "/delegations",
    response={201: DelegationOut},
    summary="Let a colleague act by a post for some days",
    openapi_extra=json_request(DelegationIn),
)
def delegate(request: ApiRequest) -> Status[dict[str, Any]]:
    body, now = json_body(request), clock.now()
    post = body.fields.get("post")
    known = post if type(post) is int and 0 < post <= LARGEST_ID else 0  # what is no key names nothing: 404
    said = {"to": body.fields.get("delegate"), **{name: body.fields.get(name) for name in ("from_on", "until_on")}}
    with complained_last(body.complaint):
        made = delegations.delegate(known, by=request.actor, now=now, **said)
    return Status(201, DelegationOut.shown(made, timezone.localdate(now)))


@router.post(
    "/delegations/{int:delegation_id}/end", response=DelegationOut, summary="End it early, or before it begins"
)
def end(request: ApiRequest, delegation_id: Id) -> dict[str, Any]:
    now = clock.now()
    ended = delegations.end_delegation(delegation_id, by=request.actor, now=now)
    return DelegationOut.shown(ended, timezone.localdate(now))


@router.post(
    "/posts/{int:post_id}/handover",
    response=HandoverOut,
    summary="End a post and give it to a successor, with its open sub-items",
    openapi_extra=json_request(HandoverIn),
)
def hand_over(request: ApiRequest, post_id: Id) -> dict[str, Any]:
    body = json_body(request)
    with complained_last(body.complaint):
        done = handover.hand_over(post_id, to=body.fields.get("to"), by=request.actor, now=clock.now())
    names = {"former": done.post.user.name, "successor": done.to.name, "items": done.items}
    return {"unit": done.post.unit.name, "role": done.post.role, **names}
