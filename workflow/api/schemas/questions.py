"""What a lead asks of others: more time, another unit."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from accounts.actor import Actor
from workflow import queries
from workflow.models import Extension, Objection


class ExtensionOut(Schema):
    id: int
    number: int = Field(description="counted from 1 in the round")
    status: Extension.Status
    unit: str
    requested_by: str
    requested_at: datetime
    reason: str
    progress: str
    due_on: date = Field(description="when it was asked for")
    asked_on: date = Field(description="the due date asked for")
    granted_on: date | None = Field(description="the due date granted, not later than the one asked for")
    decided_at: datetime | None
    comment: str
    version: int = Field(description="of the sub-item; name it when you decide")
    moves: list[str] = Field(description="what you may do of grant, refuse, withdraw")

    @staticmethod
    def shown(extension: Extension, actor: Actor) -> dict[str, Any]:
        fields = ("number", "status", "requested_at", "reason", "progress", "due_on", "asked_on", "granted_on")
        return {
            **{name: getattr(extension, name) for name in (*fields, "decided_at", "comment")},
            "id": extension.pk,
            "unit": extension.unit.name,
            "requested_by": extension.requested_by.name,
            "version": extension.item.seq,
            "moves": queries.steps_open_to(actor, extension),
        }


class ObjectionOut(Schema):
    id: int
    status: Objection.Status
    unit: str
    suggested: str = Field(description="the unit that should have it instead")
    raised_by: str
    raised_at: datetime
    reason: str
    decided_at: datetime | None
    comment: str
    version: int = Field(description="of the sub-item; name it when you answer")
    moves: list[str] = Field(description="what you may do of keep, withdraw; the move reassign upholds it")

    @staticmethod
    def shown(objection: Objection, actor: Actor) -> dict[str, Any]:
        return {
            **{name: getattr(objection, name) for name in ("status", "raised_at", "reason", "decided_at", "comment")},
            "id": objection.pk,
            "unit": objection.unit.name,
            "suggested": objection.suggested.name,
            "raised_by": objection.raised_by.name,
            "version": objection.item.seq,
            "moves": queries.answers_open_to(actor, objection),
        }


class AnswerIn(Schema):
    value: float | None = Field(None, ge=0, description="reached in this round, or of a total so far")
    text: str | None = None
    evidence: list[int] | None = Field(None, description="ids of this round's evidence")


class ExtensionIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    due_on: date = Field(description="the due date asked for")
    reason: str
    progress: str = Field(description="how far it is")


class ObjectionIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    suggested: str = Field(description="name of the unit that should have it instead")
    reason: str


class SettlingIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    due_on: date | None = Field(None, description="grant: without it, the one asked for")
    comment: str | None = Field(None, description="required to refuse")
