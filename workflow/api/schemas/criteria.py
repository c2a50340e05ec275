"""验收标准 as the API answers and takes them."""

from typing import Any

from ninja import Field, Schema

from accounts.actor import Actor
from workflow import queries
from workflow.criteria import LONGEST, LONGEST_UNIT, MOST
from workflow.models import SubItem
from workflow.states import CriteriaState, Per


class CriterionOut(Schema):
    no: int
    text: str
    baseline: float | None
    value: float | None = Field(description="the target; null where it cannot be measured")
    unit: str
    per: Per


class CriteriaOut(Schema):
    state: CriteriaState
    agreed: list[CriterionOut] = Field(description="in force: answered when handing in, ticked by the verdict")
    proposed: list[CriterionOut] = Field(description="what waits for the verifying unit")
    version: int = Field(description="of the sub-item; name it when you write")
    moves: list[str] = Field(description="what you may do of propose, agree, return")

    @staticmethod
    def shown(item: SubItem, actor: Actor) -> dict[str, Any]:
        return {
            "state": item.criteria_state,
            "agreed": item.criteria,
            "proposed": item.criteria_proposed,
            "version": item.seq,
            "moves": queries.criteria_steps_open_to(actor, item),
        }


class CriterionAnswerIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    comment: str | None = Field(None, description="required to keep")


class CriterionIn(Schema):
    text: str = Field(max_length=LONGEST)
    baseline: float | None = Field(None, ge=0)
    value: float | None = Field(None, ge=0, description="the target; left out where it cannot be measured")
    unit: str | None = Field(None, max_length=LONGEST_UNIT)
    per: Per | None = Field(None, description="each round anew, or in total, which is meant without it")


class CriteriaIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    criteria: list[CriterionIn] = Field(min_length=1, max_length=MOST, description="numbered from 1 as they come")


class AnsweringIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    comment: str | None = Field(None, description="required to return")
