"""What a move takes, and what became of each of several."""

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from workflow.api.schemas.criteria import CriterionAnswerIn
from workflow.api.schemas.problems import Problem
from workflow.states import DeadlineKind, Frequency, State


class DecisionIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    verdict: str = Field(json_schema_extra={"enum": ["continue", "routine", "end"]})
    comment: str | None = Field(None, description="required for routine and end")


DEADLINE = {
    "kind": {"enum": [kind.value for kind in DeadlineKind if kind != DeadlineKind.UNKNOWN]},
    "start_on": {"type": ["string", "null"], "format": "date"},
    "due_on": {"type": ["string", "null"], "format": "date"},
    "freq": {"enum": [*(freq.value for freq in Frequency), None]},
}


class MoveIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    comment: str | None = Field(
        None, description="required to reject, reopen, amend, reassign, split, name-verifier, suspend and cancel"
    )
    unit: str | None = Field(None, description="split: name of the co-lead that gets a sub-item of its own")
    verifier: str | None = Field(None, description="name-verifier: name of the unit that verifies from now on")
    assignee: str | None = Field(
        None, description="accept: user name of the 经办人; without it, you. assign: that of the new one"
    )
    summary: str | None = Field(None, description="submit: without it, that of the draft")
    due_on: date | None = Field(None, description="reopen: the new due date")
    until: date | None = Field(None, description="suspend: its last day, at most a year ahead")
    grounds: str | None = Field(None, description="suspend: the document it rests on")
    text: str | None = Field(
        None, description="amend, reassign, split: what the sub-item says; left out, like all below: as is"
    )
    leads: list[str] | None = Field(None, description="amend, reassign: all lead units by name, the main lead first")
    supports: list[str] | None = Field(
        None, description="amend, reassign, split: all supporting units by name; [] for none"
    )
    deadline: Annotated[dict[str, str | None] | None, Field(json_schema_extra={"properties": DEADLINE})] = Field(
        None, description="amend, reassign, split: date and range need due_on; ongoing and recurring need freq"
    )
    deadline_raw: str | None = Field(
        None, description="amend, reassign, split: its words; without them, made from deadline"
    )
    notes: str | None = Field(None, description="amend, reassign")
    answers: dict[str, CriterionAnswerIn] | None = Field(
        None, description="submit: what was reached of each criterion, by number; without it, that of the draft"
    )
    ticks: dict[str, bool] | None = Field(
        None, description="approve, reject: whether each criterion is met, by number; required where there are criteria"
    )


class MovedRowIn(MoveIn):
    id: int


class MovedRowOut(Schema):
    id: int | None
    done: bool
    state: State | None = Field(description="of the sub-item as the move left it; null where it was refused")
    version: int | None
    problem: Problem | None = Field(description="why it was refused")


class ReportIn(Schema):
    percent: Annotated[int, Field(ge=0, le=100)]
    text: str
    version: int | None = None


class ReportOut(Schema):
    id: int
    percent: int
    text: str
    at: datetime
    version: int = Field(description="of the sub-item, raised by this report")
