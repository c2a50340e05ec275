"""Sub-items: the ledger, one of them, its journal; moves and reports."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Router, Status

from workflow import clock, queries
from workflow.actions import decisions, moves, reports
from workflow.api.auth import ApiRequest
from workflow.api.bodies import body_and_file, complained_last, json_body
from workflow.api.documentation import json_or_file_request, json_request
from workflow.api.lists import Id, Page, Paging, page
from workflow.api.schemas.moves import DecisionIn, MoveIn, ReportIn, ReportOut
from workflow.api.schemas.sub_items import JournalOut, RoundOut, SubItemFilter, SubItemOut, SubItemWhole
from workflow.errors import NotFound
from workflow.models import Basis, JournalEntry, SubItem
from workflow.models.moves import MOVES

router = Router(tags=["sub-items"])


@router.get("", response=Page[SubItemOut], summary="The ledger: the sub-items you may see, in the order of their table")
def sub_items(request: ApiRequest, wanted: Query[SubItemFilter], paging: Query[Paging]) -> dict[str, Any]:
    today = clock.today()
    rows = queries.with_names(queries.ledger(request.actor, today, wanted.wanted()))
    rows = queries.with_objections(queries.with_extensions(rows))
    return page(rows, paging, lambda item: SubItemOut.shown(item, request.actor, today), queries.load_reviewers)


@router.get("/{int:item_id}", response=SubItemWhole, summary="One sub-item, with the working days of each holder")
def sub_item(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    items = queries.with_days(queries.with_names(SubItem.objects.visible_to(request.actor)))
    return SubItemWhole.shown(items.get_or_refuse(item_id), request.actor, clock.today())


@router.get(
    "/{int:item_id}/journal", response=list[JournalOut], by_alias=True, summary="Its journal, oldest entry first"
)
def journal(request: ApiRequest, item_id: Id) -> list[JournalEntry]:
    """Whole, its chain can be followed; who only supports reads what was done, and the words that concern it."""
    entries = queries.journal_of(request.actor, item_id)
    if not entries:  # every item has a first entry
        raise NotFound
    bases = Basis.objects.visible_to(request.actor).filter(item=item_id).select_related("blob")
    files = {basis.seq: basis for basis in bases}
    for entry in entries:
        entry.basis = files.get(entry.seq)  # type: ignore[attr-defined]
    return entries


@router.get(
    "/{int:item_id}/rounds", response=list[RoundOut], summary="Its rounds, oldest first; the one it is in comes last"
)
def rounds(request: ApiRequest, item_id: Id) -> list[dict[str, Any]]:
    item = SubItem.objects.visible_to(request.actor).get_or_refuse(item_id)
    if not item.is_periodic:
        return []
    ended = [RoundOut.shown(each) for each in queries.rounds_of(item).order_by("number")]
    runs = not ended or ended[-1]["number"] < item.round_no
    return [*ended, *([RoundOut.running(item)] if runs else [])]


@router.post(
    "/{int:item_id}/decision",
    response=SubItemOut,
    summary="Say once a year whether what never ends by itself goes on; answers the sub-item",
    openapi_extra=json_request(DecisionIn),
)
def decide(request: ApiRequest, item_id: Id) -> dict[str, Any]:
    body, now = json_body(request), clock.now()
    said = {"verdict": body.fields.get("verdict"), "comment": body.fields.get("comment")}
    with complained_last(body.complaint):
        item = decisions.decide_year(item_id, by=request.actor, now=now, version=body.version, **said)
    return SubItemOut.shown(item, request.actor, timezone.localdate(now))


MoveName = Annotated[str, Field(json_schema_extra={"enum": list(MOVES)})]


@router.post(
    "/{int:item_id}/moves/{move}",
    response=SubItemOut,
    summary="Make a move; answers the sub-item as the move left it",
    openapi_extra=json_or_file_request(MoveIn, "basis"),
)
def make_move(request: ApiRequest, item_id: Id, move: MoveName) -> dict[str, Any]:
    (body, basis), now = body_and_file(request, "basis"), clock.now()
    said: dict[str, Any] = {"version": body.version, "details": body.fields, "basis": basis}
    with complained_last(body.complaint):
        item = moves.make_move(item_id, move, by=request.actor, now=now, **said)
    return SubItemOut.shown(item, request.actor, timezone.localdate(now))


@router.post(
    "/{int:item_id}/reports",
    response={201: ReportOut},
    summary="Report progress; in progress only",
    openapi_extra=json_request(ReportIn),
)
def report(request: ApiRequest, item_id: Id) -> Status[dict[str, Any]]:
    body = json_body(request)
    with complained_last(body.complaint):
        made = reports.report_progress(
            item_id,
            by=request.actor,
            now=clock.now(),
            percent=body.fields.get("percent"),
            words=body.fields.get("text"),
            version=body.version,
        )
    said = {"id": made.pk, "percent": made.percent, "text": made.text, "at": made.at, "version": made.item.seq}
    return Status(201, said)
