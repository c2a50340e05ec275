"""One move on many sub-items: a result for each, in the order asked."""

from typing import Annotated, Any

from ninja import Field, Router

from workflow import clock
from workflow.actions import several
from workflow.actions.several import Outcome, Wanted
from workflow.api.auth import ApiRequest
from workflow.api.bodies import body_of, json_rows
from workflow.api.documentation import json_rows_request
from workflow.api.lists import LARGEST_ID
from workflow.api.problems import as_problem
from workflow.api.schemas.moves import MovedRowIn, MovedRowOut
from workflow.errors import Invalid, NotFound, WorkflowError

router = Router(tags=["sub-items"])
BulkName = Annotated[str, Field(json_schema_extra={"enum": list(several.BULK)})]


@router.post(
    "/sub-items/moves/{move}",
    response=list[MovedRowOut],
    summary="Make one move on many: each by itself, each with a result; a refusal stops none of the others",
    openapi_extra=json_rows_request(MovedRowIn, several.MOST),
)
def make_moves(request: ApiRequest, move: BulkName) -> list[dict[str, Any]]:
    several.check_bulk(move)
    return [_moved(request, move, row) for row in json_rows(request, several.MOST)]


def _moved(request: ApiRequest, move: str, row: Any) -> dict[str, Any]:
    body = body_of(row)
    item_id = row.get("id") if isinstance(row, dict) else None
    if type(item_id) is not int or not 0 < item_id <= LARGEST_ID:
        return _answer(None, Outcome(0, refusal=NotFound() if isinstance(row, dict) else body.complaint))
    wanted = Wanted(item_id, body.version, body.fields)
    [outcome] = several.make_moves(move, [wanted], by=request.actor, now=clock.now())
    if body.complaint and isinstance(outcome.refusal, Invalid):
        outcome = Outcome(item_id, refusal=body.complaint)
    return _answer(item_id, outcome)


def _answer(item_id: int | None, outcome: Outcome) -> dict[str, Any]:
    item, refusal = outcome.item, outcome.refusal
    return {
        "id": item_id,
        "done": item is not None,
        "state": item.state if item else None,
        "version": item.seq if item else None,
        "problem": _problem(refusal) if refusal else None,
    }


def _problem(refusal: WorkflowError) -> dict[str, Any]:
    return as_problem(refusal.status, refusal.code, str(refusal))
