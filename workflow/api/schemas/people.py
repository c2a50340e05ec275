"""People and what they are told."""

from datetime import datetime

from ninja import Field, Schema


class ActingPostOut(Schema):
    unit: str
    role: str
    stood_in_for: str | None = Field(serialization_alias="for", description="whose post it is, where you stand in")


class Me(Schema):
    username: str
    name: str
    posts: list[ActingPostOut] = Field(description="your own first, then those you stand in for somebody by")


class MessageOut(Schema):
    id: int
    kind: str
    title: str
    text: str
    link: str
    instant: bool
    at: datetime
    read_at: datetime | None
