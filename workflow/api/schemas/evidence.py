"""Files, reminders, health."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from workflow.models import Evidence


class EvidenceOut(Schema):
    id: int
    filename: str
    size: int
    sha256: str

    @staticmethod
    def shown(evidence: Evidence) -> dict[str, Any]:
        blob = evidence.blob
        return {"id": evidence.pk, "filename": evidence.filename, "size": blob.size, "sha256": blob.sha256}


class EscalationOut(Schema):
    id: int
    sub_item: int
    number: str
    rung: str
    level: int
    label: str
    due_at: datetime = Field(description="when the ladder wanted it")
    raised_at: datetime
    superseded: bool = Field(description="a higher rung was due as well: recorded, nobody told")
    why: str
    audience: list[str]


class Health(Schema):
    status: str
    database: str = Field(description="ok or failing, like the broker")
    broker: str
    worker_age: float | None = Field(description="seconds since it was last known to live")
    beat_age: float | None
