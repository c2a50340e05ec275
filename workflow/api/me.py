"""Who the caller is, and their messages."""

from typing import Any

from ninja import Query, Router

from accounts.actor import Actor
from notifications import inbox, rendering
from notifications.models import Message
from workflow import clock
from workflow.api.auth import ApiRequest
from workflow.api.lists import Id, Page, Paging, page
from workflow.api.schemas.people import Me, MessageOut
from workflow.errors import NotFound

router = Router(tags=["me"])


@router.get("/me", response=Me, by_alias=True, summary="Who you are, and the posts you act by")
def me(request: ApiRequest) -> dict[str, Any]:
    actor = request.actor
    posts = [{"unit": post.unit_name, "role": post.role, "stood_in_for": post.for_name or None} for post in actor.posts]
    return {"username": actor.username, "name": actor.name, "posts": posts}


@router.get("/inbox", response=Page[MessageOut], summary="Your messages, latest first")
def messages(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    return page(inbox.messages_of(_person(request.actor)), paging, _row)


@router.post("/inbox/{int:message_id}/read", response=MessageOut, summary="Mark a message read; again changes nothing")
def read(request: ApiRequest, message_id: Id) -> dict[str, Any]:
    try:
        return _row(inbox.mark_read(message_id, _person(request.actor), clock.now()))
    except LookupError:
        raise NotFound from None


def _person(actor: Actor) -> int:
    assert actor.user_id is not None  # noqa: S101 - the clock does not call
    return actor.user_id


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "kind": message.kind,
        "title": rendering.title(message),
        "text": rendering.body(message),
        "link": message.link,
        "instant": message.instant,
        "at": message.at,
        "read_at": message.read_at,
    }
