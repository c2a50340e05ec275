"""What the API answers, and for the documentation what it takes. Request bodies are judged by the actions."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator

from accounts.actor import Actor
from accounts.models import Unit
from workflow import policies, queries
from workflow.api.criteria_schemas import CriteriaOut, CriterionAnswerIn
from workflow.api.lists import DayOrAll, IdOrAll, Words, blank_is_all
from workflow.holding import Phase
from workflow.models import Basis, Countersignature, Evidence, Extension, Objection, Recheck, Round, SubItem
from workflow.states import DeadlineKind, Ending, Frequency, Light, State


class Problem(Schema):
    """RFC 9457. Programs go by `code`; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str


# --- people and plans -------------------------------------------------------------------------------------------------
class ActingPostOut(Schema):
    unit: str
    role: str
    stood_in_for: str | None = Field(serialization_alias="for", description="whose post it is, where you stand in")


class Me(Schema):
    username: str
    name: str
    posts: list[ActingPostOut] = Field(description="your own first, then those you stand in for somebody by")


class PlanRow(Schema):
    id: int
    title: str
    region: str
    owner: str
    published_at: datetime | None = Field(description="null: a draft, which its coordinators alone see")


class Task(Schema):
    number: str
    title: str


class SectionOut(Task):
    tasks: list[Task]


class PlanOut(PlanRow):
    supervisors: list[str] = Field(description="the supervising units, in the order that decides who verifies")
    officers_may_submit: bool
    asks_supports_at_dispatch: bool
    leads_never_verify: bool
    sections: list[SectionOut]


class Tally(Schema):
    name: str
    total: int
    green: int
    yellow: int
    red: int
    grey: int
    blue: int


class HolderTally(Schema):
    name: str
    items: int = Field(description="that it has now")
    working_days: int = Field(description="that it had running items in their present rounds, each item by itself")
    overdue_days: int


class Stats(Schema):
    by_state: dict[str, int]
    by_light: dict[str, int]
    by_unit: list[Tally] = Field(description="lead units in the order of the region; an item counts for each lead")
    by_section: list[Tally]
    by_holder: list[HolderTally] = Field(description="units that have or had running items in their present rounds")


# --- sub-items --------------------------------------------------------------------------------------------------------
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


class DecisionIn(Schema):
    version: int = Field(description="`version` of the sub-item as you last read it")
    verdict: str = Field(json_schema_extra={"enum": ["continue", "routine", "end"]})
    comment: str | None = Field(None, description="required for routine and end")


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


DEADLINE = {
    "kind": {"enum": [kind.value for kind in DeadlineKind if kind != DeadlineKind.UNKNOWN]},
    "start_on": {"type": ["string", "null"], "format": "date"},
    "due_on": {"type": ["string", "null"], "format": "date"},
    "freq": {"enum": [*(freq.value for freq in Frequency), None]},
}


class AnswerIn(Schema):
    value: float | None = Field(None, ge=0, description="reached in this round, or of a total so far")
    text: str | None = None
    evidence: list[int] | None = Field(None, description="ids of this round's evidence")


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


# --- evidence, escalations, health, messages --------------------------------------------------------------------------
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


class MessageOut(Schema):
    id: int
    kind: str
    title: str
    text: str
    link: str
    instant: bool
    at: datetime
    read_at: datetime | None
