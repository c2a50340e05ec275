"""What the API answers about posts, standing in and handing over; and for the documentation what it takes."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from accounts.models import Delegation, Post, Role


class PostOut(Schema):
    id: int
    unit: str
    role: Role
    username: str
    name: str

    @staticmethod
    def shown(post: Post) -> dict[str, Any]:
        people = {"username": post.user.username, "name": post.user.name}
        return {"id": post.pk, "unit": post.unit.name, "role": post.role, **people}


class DelegationOut(Schema):
    id: int
    post: PostOut
    delegate: str = Field(description="name of who stands in")
    from_on: date
    until_on: date = Field(description="the last day, included")
    made_by: str
    made_at: datetime
    ended_at: datetime | None = Field(description="ended early")
    in_force: bool = Field(description="today")

    @staticmethod
    def shown(lent: Delegation, today: date) -> dict[str, Any]:
        days = {name: getattr(lent, name) for name in ("from_on", "until_on", "made_at", "ended_at")}
        people = {"delegate": lent.delegate.name, "made_by": lent.made_by.name}
        post = PostOut.shown(lent.post)
        return {"id": lent.pk, "post": post, **people, **days, "in_force": lent.is_in_force(today)}


class DelegationIn(Schema):
    post: int = Field(description="id of the post, see posts")
    delegate: str = Field(description="user name of a colleague in the same unit")
    from_on: date | None = Field(None, description="without it, today")
    until_on: date = Field(description="the last day, included; at most 90 days")


class HandoverIn(Schema):
    to: str = Field(description="user name of the successor")


class HandoverOut(Schema):
    unit: str
    role: Role
    former: str
    successor: str
    items: int = Field(description="open sub-items that went with the post")
