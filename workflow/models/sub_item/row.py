"""The row of a sub-item: its columns, what is read of them, and what transitions do to several of them together."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from workflow import ladder
from workflow.ladder import Clock, Running
from workflow.models.journal import Step
from workflow.models.plan import Plan, Section
from workflow.models.rules import Rules
from workflow.models.sub_item.criteria import WithCriteria
from workflow.models.sub_item.parts_open import WithParts
from workflow.models.sub_item.queryset import SubItemQuerySet
from workflow.models.sub_item.reviewing import Reviewer, reviewers
from workflow.states import PERIODIC, DeadlineKind, Duty, Frequency, Light, Pause, State, Tier

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from workflow.models.countersignature import Countersignature
    from workflow.models.extension import Extension
    from workflow.models.objection import Objection
    from workflow.models.part import PartQuerySet
    from workflow.models.recheck import Recheck
    from workflow.models.sub_item.responsibility import Responsibility

# Lateness is no state: which clocks run follows from the state, and from nothing else.
RUNNING = {
    State.ASSIGNED: (Clock.SIGN, Clock.DUE),
    State.IN_PROGRESS: (Clock.DUE, Clock.REPORT, Clock.EXTENSION),
    State.SUBMITTED: (Clock.REVIEW,),
}
DUTIES = "SELECT unit_id, duty FROM workflow_responsibility WHERE item_id = %s ORDER BY duty, position"


class ItemRow(WithCriteria, WithParts):
    """Everything of a sub-item but its moves. Written by `actions` alone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    section = models.ForeignKey(Section, models.PROTECT, related_name="items")
    number = models.CharField(_("编号"), max_length=32)
    position = models.PositiveIntegerField()
    text = models.TextField(_("具体内容"))
    notes = models.TextField(_("备注"), blank=True)
    deadline_raw = models.CharField(_("完成时限"), max_length=200, blank=True)
    printed = models.JSONField(default=dict)  # the cells as printed, so that the table can be exported as it was
    targets = models.JSONField(default=list)  # 指标 taken from the text: label, value, unit, per
    kind = models.CharField(max_length=16, choices=DeadlineKind.choices)
    freq = models.CharField(max_length=16, choices=Frequency.choices, blank=True)

    state: Any  # declared with the moves
    former_assignee_id: int | None = None  # who was 经办人 before the step that is being taken
    responsibilities: "RelatedManager[Responsibility]"
    extensions: "RelatedManager[Extension]"
    objections: "RelatedManager[Objection]"
    parts: "PartQuerySet"
    rechecks: "RelatedManager[Recheck]"
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("当前责任方"))
    held_since = models.DateTimeField(null=True)
    assignee = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("经办人"))
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("审核单位"))
    verifier_tier = models.CharField(max_length=16, choices=Tier.choices, default=Tier.NONE)
    awaited = models.JSONField(default=list)  # [unit, name] of those whose signatures or parts the lead waits for
    pause = models.CharField(max_length=16, choices=Pause.choices, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    approved_for = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)  # whom they stood in for
    # Who drafted, submitted or uploaded in this round, and those they stood in for (rule 1).
    participants = models.JSONField(default=list)

    round_no = models.PositiveSmallIntegerField(_("周期"), default=1)
    start_on = models.DateField()  # first day of the term, or of this round
    due_on = models.DateField(null=True)
    original_due_on = models.DateField(null=True)
    yellow_on = models.DateField(null=True)
    handed_in_on = models.DateField(null=True)  # while under review the light is that of this day (rule 3)
    reported_at = models.DateTimeField(null=True)  # last report of this round
    clocks = models.JSONField(default=dict)  # clock → {seq, since[, quiet_until]} of the entry that started it
    alarm_at = models.DateTimeField(null=True)

    seq = models.PositiveIntegerField(default=0)  # of the last journal entry; the version callers name
    head = models.CharField(max_length=64, blank=True)  # its hash

    objects = SubItemQuerySet.as_manager()

    # What moves change: the UPDATE of nearly every move writes just these, so that it is one prepared statement.
    MOVING = (
        *("state", "holder", "held_since", "assignee", "awaited", "pause", "parts_open"),
        *("approved_by", "approved_for", "participants"),
        *("round_no", "start_on", "due_on", "yellow_on", "handed_in_on", "reported_at", "clocks", "alarm_at"),
        *("period_ends_on", "ending", "decided_year", "suspended_on", "suspended_until", "turn_at"),
        *("criteria_proposed", "criteria_state", "seq", "head"),
    )

    class Meta:
        abstract = True
        verbose_name = verbose_name_plural = _("子项")
        ordering = ["plan", "position", "id"]  # one split off stands behind its task at the same position
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], condition=~Q(state=State.CANCELLED), name="item_number_once_a_plan"
            )
        ]
        indexes = [
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="item_alarm"),
            models.Index(fields=["holder", "state"], name="item_holder_state"),
            models.Index(fields=["plan", "position"], name="item_plan_position"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/items/{self.pk}/"

    # --- what is read of it -------------------------------------------------------------------------------------------
    @cached_property
    def duties(self) -> list[tuple[int, str]]:
        """(unit, duty) in the printed order, leads first; one query, or none after `with_responsibilities`."""
        if "responsibilities" in getattr(self, "_prefetched_objects_cache", {}):
            return [(row.unit_id, row.duty) for row in self.responsibilities.all()]
        with connection.cursor() as cursor:  # plain SQL: every move asks this
            cursor.execute(DUTIES, [self.pk])
            return cursor.fetchall()

    @property
    def lead_ids(self) -> list[int]:
        return [unit for unit, duty in self.duties if duty == Duty.LEAD]

    @property
    def co_lead_ids(self) -> list[int]:
        """Those that sign what the main lead hands in (rule 6)."""
        return self.lead_ids[1:]

    @property
    def support_ids(self) -> list[int]:
        return [unit for unit, duty in self.duties if duty == Duty.SUPPORT]

    @property
    def leads(self) -> list[Unit]:
        return [row.unit for row in self.responsibilities.all() if row.duty == Duty.LEAD]

    @property
    def supports(self) -> list[Unit]:
        return [row.unit for row in self.responsibilities.all() if row.duty == Duty.SUPPORT]

    @property
    def is_periodic(self) -> bool:
        return self.kind in PERIODIC

    def light(self, today: date) -> Light | None:
        return ladder.light(
            state=self.state,
            due_on=self.due_on,
            yellow_on=self.yellow_on,
            frozen_on=self.handed_in_on,
            suspended=self.pause == Pause.SUSPENDED,
            today=today,
        )

    @property
    def unsigned(self) -> list[list[Any]]:
        """The co-leads whose signatures the item waits for now, as [unit, name]."""
        return [pair for pair in self.awaited if pair[0] in self.co_lead_ids]

    @cached_property
    def countersignatures(self) -> "list[Countersignature]":
        """Those that stand on the draft, with unit and draft; no query for an item of one lead."""
        from workflow.models.countersignature import Countersignature  # which is of a submission of an item

        if not self.co_lead_ids:
            return []
        rows = Countersignature.objects.standing().of_draft(self.pk)
        return list(rows.select_related("unit", "submission"))

    # --- what transitions do to the rest of the row -------------------------------------------------------------------
    def hand_to(self, unit_id: int | None, step: Step) -> None:
        self.holder_id, self.held_since = unit_id, step.now
        self.wait_for([])

    def wait_for(self, units: list[list[Any]]) -> None:
        """The lead owes nothing until these units, as [key, name], have signed or sent their parts (rule 2)."""
        if units != self.awaited:
            self.awaited = units
            self.handed["awaits"] = [name for _unit, name in units]

    def keep_parts_of_supports(self) -> None:
        """After a change of units: whoever no longer supports owes nothing, and is no longer waited for."""
        self.keep_parts(self.lead_ids, self.support_ids)
        owing = {*self.lead_ids, *(unit for unit, _name in self.parts_owed)}
        self.wait_for([each for each in self.awaited if each[0] in owing])

    def stand_still(self, pause: Pause) -> None:
        """No clock rings while an item is paused; NONE ends it."""
        if pause != self.pause:
            self.pause = pause
            self.__dict__.pop("open_objection", None)
            self.handed["pause"] = pause.value

    @cached_property
    def handed(self) -> dict[str, Any]:
        """What the next entry of the journal says of whom the ball went to; the fair clock reads it there."""
        return {}

    def hand_back(self, step: Step) -> None:
        """The ball goes back to the main lead, who has the report clock anew."""
        self.hand_to(self.lead_ids[0], step)
        self.handed_in_on = None
        self.start_clock(Clock.REPORT, step)

    def took_part(self, step: Step) -> None:
        """Whoever drafts, submits or uploads is barred as a person from judging this round (rule 1).

        So is the one they stand in for: it was done in their place, and they may have told what to write.
        """
        self.participants = sorted({*self.participants, step.by.user_id or 0, step.for_user_id or 0} - {0})

    def approved(self, step: Step | None) -> None:
        """Who answers for the verdict, and for whom; None: nobody any more."""
        self.approved_by_id = step.by.user_id if step else None
        self.approved_for_id = step.for_user_id if step else None

    def set_due(self, start_on: date, due_on: date | None, step: Step) -> None:
        """A due date set or moved starts the due clock at this entry; the original date stays as it was.

        A request for another date is answered by it, or overtaken.
        """
        self.end_extension()
        self.start_on, self.due_on = start_on, due_on
        self.yellow_on = ladder.yellow_on(start_on, due_on, step.rules.pack, step.rules.calendar)
        self.start_clock(Clock.DUE, step)

    def move_term(self, start_on: date, due_on: date | None, step: Step) -> None:
        """Another term for a running item: the due clock starts anew if the due date moves, its quiet days stay."""
        if (start_on, due_on) == (self.start_on, self.due_on):
            return
        clock, moved = self.clocks["due"], due_on != self.due_on
        self.set_due(start_on, due_on, step)
        self.clocks["due"] = {**clock, **self.clocks["due"]} if moved else clock
        self.original_due_on = self.original_due_on or due_on

    @property
    def extension_is_open(self) -> bool:
        """A request for more time waits for its decision; its clock tells, which runs as long."""
        return Clock.EXTENSION.value in self.clocks

    @property
    def open_extension(self) -> "Extension | None":
        """The request that waits; no query where none does, nor after a prefetch of `extensions`."""
        if not self.extension_is_open:
            return None
        return next(each for each in self.extensions.all() if each.is_open)

    def end_extension(self) -> None:
        self.clocks = {clock: entry for clock, entry in self.clocks.items() if clock != Clock.EXTENSION}

    @cached_property
    def reviewers(self) -> list[Reviewer]:
        """Who reviews in the verifying unit; two queries, or none where they were loaded for all of a list."""
        return reviewers([(self, self.verifier_id)])[0]

    @property
    def nobody_reviews(self) -> bool:
        """There is no verifying unit, or rule 1 bars everybody of it."""
        return all(each.barred for each in self.reviewers)

    @property
    def is_objected(self) -> bool:
        """A lead objects to the assignment, and the owner's side has not decided."""
        return self.pause == Pause.OBJECTED

    @cached_property
    def open_objection(self) -> "Objection | None":
        """The objection that waits; no query where none does, nor after a prefetch of `objections`."""
        if not self.is_objected:
            return None
        return next(each for each in self.objections.all() if each.is_open)

    def end_objection(self) -> None:
        if self.is_objected:
            self.stand_still(Pause.NONE)

    def let_run(self, step: Step) -> None:
        """An objection was answered: the unit has the time to sign anew, and quiet days before the next rung."""
        self.stand_still(Pause.NONE)
        self.start_clock(Clock.SIGN, step)
        self.quieten(step)

    def resume_signing(self, stood_since: date, step: Step) -> None:
        """An objection was taken back: the time to sign runs on, less the days since then, and so do its rungs."""
        self.stand_still(Pause.NONE)
        clock, calendar = self.clocks["sign"], step.rules.calendar
        if stood := calendar.between(stood_since, step.today):
            since = calendar.add(date.fromisoformat(clock["since"]), stood)
            self.clocks["sign"] = {**clock, "since": since.isoformat()}

    def quieten(self, step: Step) -> None:
        """The due clock runs on, and rings no rung before the unit had some working days (rule 3)."""
        quiet = ladder.quiet_after_rejection(step.today, step.rules.pack, step.rules.calendar)
        self.clocks["due"] = {**self.clocks["due"], "quiet_until": quiet.isoformat()}

    def start_clock(self, clock: Clock, step: Step) -> None:
        """Every clock starts at a journal entry: the one this step is about to write."""
        self.clocks[clock.value] = {"seq": self.seq + 1, "since": step.today.isoformat()}

    def running(self) -> list[Running]:
        """The clocks that run in this state."""
        if self.pause:
            return []
        return [
            Running(
                clock,
                entry["seq"],
                date.fromisoformat(entry["since"]),
                self.due_on if clock is Clock.DUE else None,
                date.fromisoformat(entry["quiet_until"]) if entry.get("quiet_until") else None,
            )
            for clock in RUNNING.get(State(self.state), ())
            if (entry := self.clocks.get(clock.value))
        ]

    def set_alarm(self, rules: Rules, now: datetime) -> None:
        """Every journaled write recomputes the alarm; one that already waits for the sweep is left to it."""
        if self.alarm_at is None or self.alarm_at > now or not self.running():
            self.alarm_at = ladder.next_alarm(self.running(), rules.pack, rules.calendar, now)
