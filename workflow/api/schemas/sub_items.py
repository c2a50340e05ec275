"""Sub-items, one and many, with their rounds and their journal."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator

from accounts.actor import Actor
from accounts.models import Unit
from workflow import policies, queries
from workflow.api.lists import DayOrAll, IdOrAll, Words, blank_is_all
from workflow.api.schemas.criteria import CriteriaOut
from workflow.api.schemas.questions import ExtensionOut, ObjectionOut
from workflow.holding import Phase
from workflow.models import Basis, Countersignature, Recheck, Round, SubItem
from workflow.states import DeadlineKind, Ending, Light, State


class SubItemFilter(Schema):
    plan: IdOrAll = None
    state: Annotated[State | None, BeforeValidator(blank_is_all)] = None
    light: Annotated[Light | None, BeforeValidator(blank_is_all)] = None
    unit: Words = Field("", description="name of a lead or supporting unit")
    holder: Words = Field("", description="name of the unit that has the ball")
    q: Words = Field("", description="words of the text or of the task, or the number")
    due_before: DayOrAll = None

    def wanted(self) -> queries.LedgerFilter:
        return queries.LedgerFilter(
            plan=self.plan,
            state=self.state or "",
            light=self.light or "",
            unit=self.unit,
            holder=self.holder,
            q=self.q,
            due_before=self.due_before,
        )


class Verifier(Schema):
    unit: str | None
    reason: str
    problem: str = Field(description="why nobody there may review it, who names another unit; empty where one may")


class SubItemOut(Schema):
    id: int
    number: str
    plan: int
    section: str
    task: str
    text: str
    leads: list[str]
    supports: list[str]
    deadline_raw: str
    kind: DeadlineKind
    due_on: date | None
    round_no: int
    state: State
    light: Light | None
    holder: str | None
    suspended_until: date | None = Field(description="last day of a suspension; null: its clocks run")
    ending: Ending = Field(description="decided for the year: routine or end, once a round is verified; empty: goes on")
    verifier: Verifier
    extension: ExtensionOut | None = Field(
        description="the request for more time that waits; null for who only supports the item"
    )
    objection: ObjectionOut | None = Field(
        description="the objection that waits, its clocks stand still; null for who only supports the item"
    )
    version: int = Field(description="name it when you write; older ones are refused with 409")
    moves: list[str] = Field(description="the moves you may make now")

    @staticmethod
    def shown(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
        """An item as this actor sees it; costs no query where what it names is loaded.

        That is queries.with_names, with_extensions, with_objections and load_reviewers.
        """
        task, extension, objection = item.section, None, None
        if policies.sees_whole(actor, item):
            extension, objection = item.open_extension, item.open_objection
        return {
            "id": item.pk,
            "number": item.number,
            "plan": item.plan_id,
            "section": (task.parent or task).title,
            "task": task.title,
            "text": item.text,
            "leads": [unit.name for unit in item.leads],
            "supports": [unit.name for unit in item.supports],
            "deadline_raw": item.deadline_raw,
            "kind": item.kind,
            "due_on": item.due_on,
            "round_no": item.round_no,
            "state": item.state,
            "light": item.light(today),
            "holder": item.holder.name if item.holder else None,
            "suspended_until": item.suspended_until,
            "ending": item.ending,
            "verifier": {
                "unit": item.verifier.name if item.verifier else None,
                "reason": queries.verifier_reason(item),
                "problem": queries.verifier_problem(item),
            },
            "extension": ExtensionOut.shown(extension, actor) if extension else None,
            "objection": ObjectionOut.shown(objection, actor) if objection else None,
            "version": item.seq,
            "moves": [move.name for move in queries.moves_open_to(actor, item)],
        }


class HolderDaysOut(Schema):
    unit: str = Field(description="by its name at the time")
    phase: Phase
    working_days: int = Field(description="those that began while it had the ball; the day of dispatch is nobody's")
    overdue_days: int = Field(description="those of them after the due date; none once verified")


class ClosingOut(Schema):
    seq: int = Field(description="of the journal entry that closed it")
    round_no: int
    at: datetime
    by: str
    unit: str
    comment: str
    submission: int | None = Field(description="number in its round of the submission that was approved")
    approved_at: datetime | None
    approved_by: str
    reopened_at: datetime | None
    recheck: Recheck.Status | None = Field(description="回头看 of this closing, if it was drawn")


class CountersignatureOut(Schema):
    unit: str
    status: Countersignature.Status | None = Field(description="null: not asked to sign what is drafted or handed in")
    requested_at: datetime | None
    by: str | None = Field(description="who signed or refused")
    at: datetime | None
    opinion: str

    @staticmethod
    def shown(unit: Unit, row: Countersignature | None) -> dict[str, Any]:
        if row is None:
            return {"unit": unit.name, "status": None, "requested_at": None, "by": None, "at": None, "opinion": ""}
        fields = {name: getattr(row, name) for name in ("status", "requested_at", "at", "opinion")}
        return {"unit": unit.name, "by": row.by.name if row.by else None, **fields}


class SubItemWhole(SubItemOut):
    """What it says beside the row and its criteria is empty for who only supports the item."""

    criteria: CriteriaOut
    days: list[HolderDaysOut] = Field(description="of this round by holder, the first holder first")
    closings: list[ClosingOut] = Field(description="every one, the latest first; reopening takes none away")
    recheck: int | None = Field(description="the re-check that waits, see rechecks")
    awaits: list[str] = Field(description="units whose signatures the main lead waits for, owing nothing itself")
    countersignatures: list[CountersignatureOut] = Field(
        description="of each co-lead to what is drafted, under review or verified; none for supporting units to see"
    )
    steps: list[str] = Field(description="what else you may do now: circulate, countersign, refuse-countersign")

    @staticmethod
    def shown(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
        """Wants `queries.with_days` as well."""
        if not policies.sees_whole(actor, item):
            criteria = CriteriaOut.shown(item, actor)
            listed = ("days", "closings", "awaits", "countersignatures", "steps")
            nothing: dict[str, Any] = {name: [] for name in listed}
            return {**SubItemOut.shown(item, actor, today), **nothing, "criteria": criteria, "recheck": None}
        drawn = queries.rechecks_of(item)
        closings = [
            {**vars(each), "recheck": each.recheck.status if each.recheck else None}
            for each in queries.closings(item.journal.all(), drawn)
        ]
        signed = queries.countersignatures_of(item)
        return {
            **SubItemOut.shown(item, actor, today),
            "criteria": CriteriaOut.shown(item, actor),
            "days": [asdict(each) for each in queries.days_by_holder(item, today)],
            "closings": closings,
            "recheck": next((each.pk for each in drawn if each.is_pending), None),
            "awaits": [name for _unit, name in item.awaited],
            "countersignatures": [CountersignatureOut.shown(unit, row) for unit, row in signed],
            "steps": queries.signing_steps_open_to(actor, item),
        }


class BasisOut(Schema):
    id: int
    filename: str
    sha256: str

    @staticmethod
    def resolve_sha256(basis: Basis) -> str:
        return basis.blob.sha256


class RoundOut(Schema):
    number: int
    start_on: date
    due_on: date | None
    outcome: Round.Outcome | None = Field(description="null: the round it is in")
    ended_at: datetime | None
    handed_in_on: date | None = Field(description="what was verified, or not judged before the round ended")
    verified_by: str | None
    verifier: str | None
    used_days: int | None = Field(description="working days from its first day until it was handed in, else its last")
    late_days: int | None = Field(description="working days after its due date when it was handed in")

    @staticmethod
    def shown(ended: Round) -> dict[str, Any]:
        fields = ("number", "start_on", "due_on", "outcome", "ended_at", "handed_in_on", "used_days", "late_days")
        names = {"verified_by": ended.verified_by, "verifier": ended.verifier}
        return {
            **{name: getattr(ended, name) for name in fields},
            **{name: row.name if row else None for name, row in names.items()},
        }

    @staticmethod
    def running(item: SubItem) -> dict[str, Any]:
        fields = {"number": item.round_no, "start_on": item.start_on, "due_on": item.due_on}
        return {**dict.fromkeys(RoundOut.model_fields), **fields, "handed_in_on": item.handed_in_on}


class JournalOut(Schema):
    seq: int
    action: str
    from_state: str
    to_state: str
    actor: str = Field(validation_alias="actor_in_words", description="who acted; 甲代乙 where 甲 stood in for 乙")
    stood_in_for: str | None = Field(serialization_alias="for", description="乙; the hash covers it in `details`")
    unit: str = Field(validation_alias="unit_name")
    at: datetime
    comment: str
    basis: BasisOut | None = Field(description="the document of the change, for who sees the item whole")
    hash: str = Field(description="empty for who only supports the item, whose journal leaves words out")
    prev_hash: str
