"""子项 and its state machine. The transitions are declared once, here; buttons, API, docs and tests read them."""

import uuid
from datetime import date, datetime
from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.actor import Actor
from accounts.models import Role, Unit, User
from workflow import ladder, policies
from workflow.deadlines import next_period
from workflow.errors import NotFound
from workflow.ladder import Clock, Running
from workflow.models.journal import Step
from workflow.models.plan import Plan, Section
from workflow.models.rules import Rules
from workflow.states import DeadlineKind, Duty, Frequency, Light, State, Tier

if TYPE_CHECKING:
    from workflow.models.extension import Extension

OPEN = (State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.VERIFIED)
PERIODIC = (DeadlineKind.ONGOING, DeadlineKind.RECURRING)
# Lateness is no state: which clocks run follows from the state, and from nothing else.
RUNNING = {
    State.ASSIGNED: (Clock.SIGN, Clock.DUE),
    State.IN_PROGRESS: (Clock.DUE, Clock.REPORT, Clock.EXTENSION),
    State.SUBMITTED: (Clock.REVIEW,),
}


# What only amend and reassign write besides SubItem.MOVING.
AMENDED = (
    *("text", "notes", "deadline_raw", "kind", "freq", "original_due_on"),
    *("verifier", "verifier_tier"),
)

DUTIES = "SELECT unit_id, duty FROM workflow_responsibility WHERE item_id = %s ORDER BY duty, position"
# What no move reads: long texts above all.
NOT_DECIDED_ON = (
    *("notes", "deadline_raw", "printed", "targets", "original_due_on"),
    *("plan__created_at", "plan__published_at"),
)


class SubItemQuerySet(models.QuerySet["SubItem"]):
    def visible_to(self, actor: Actor) -> "SubItemQuerySet":
        """What this actor may know of; to everyone else an item does not exist (domain: who sees what)."""
        if actor.is_system:
            return self
        regions = {post.region_id for post in actor.posts_as(Role.INSPECTOR, Role.LEADER)}
        owners = {post.unit_id for post in actor.posts_as(Role.COORDINATOR)}
        ways = []  # those that cannot apply are left out: every move compiles this
        if regions:
            ways.append(Q(plan__region__in=regions))
        if owners:
            ways.append(Q(plan__owner__in=owners))
        if actor.unit_ids:
            own = Responsibility.objects.filter(item=OuterRef("pk"), unit__in=actor.unit_ids)
            ways += [Q(verifier__in=actor.unit_ids), Q(Exists(own))]
        return self.filter(reduce(or_, ways)) if ways else self.none()

    def locked(self, *needed: str) -> "SubItemQuerySet":
        """Lock the items' own rows; joins only the plan, which no move changes, for joined rows come back stale.

        What moves do not read is left unread, except the fields `needed`.
        """
        unread = [name for name in NOT_DECIDED_ON if name not in needed]
        items = self.select_related("plan").defer("plan__table", *unread)
        return items.select_for_update(of=("self",), no_key=True)

    def with_responsibilities(self) -> "SubItemQuerySet":
        rows = Responsibility.objects.select_related("unit")
        return self.prefetch_related(Prefetch("responsibilities", queryset=rows))

    def get_or_refuse(self, item_id: int) -> "SubItem":
        """Raises NotFound, in the same words whether it does not exist or may not be seen."""
        for item in self.filter(pk=item_id).order_by():
            return item
        raise NotFound

    def led_by(self, unit_ids: Any) -> "SubItemQuerySet":
        return self.filter(
            Exists(Responsibility.objects.filter(item=OuterRef("pk"), unit__in=unit_ids, duty=Duty.LEAD))
        )

    def with_light(self, today: date) -> "SubItemQuerySet":
        """Annotate `light_now`: ladder.light said in SQL. One test holds the two equal."""
        day = Case(
            When(state=State.SUBMITTED, handed_in_on__isnull=False, then=F("handed_in_on")),
            default=Value(today),
            output_field=models.DateField(),
        )
        light = Case(
            When(state=State.CANCELLED, then=Value(None)),
            When(state__in=[State.VERIFIED, State.CLOSED], then=Value(Light.BLUE)),
            When(due_on__lt=day, then=Value(Light.RED)),
            When(yellow_on__lte=day, then=Value(Light.YELLOW)),
            default=Value(Light.GREEN),
            output_field=models.CharField(null=True),
        )
        return self.annotate(light_now=light)

    def of_light(self, *lights: str) -> "SubItemQuerySet":
        """Those of these lights; wants `with_light`."""
        return self.filter(light_now__in=lights)


def declared(check: policies.Check, **custom: Any) -> dict[str, Any]:
    """Both halves of a policy pair and what doors need to know of a move: label, takes, requires, tells, writes.

    `requires` and `takes` name the details a person fills in (actions.details); `tells` whom a message goes to;
    `writes` the fields it changes besides SubItem.MOVING.
    """
    nothing = {"takes": (), "requires": (), "writes": ()}
    return {"permission": policies.may(check), "custom": {"check": check, **nothing, **custom}}


class SubItem(models.Model):
    """One line of the table, as a workflow of its own. Written by `actions` alone; `state` by two of them."""

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

    state = FSMField(_("状态"), default=State.ASSIGNED, choices=State.choices, protected=True)
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("当前责任方"))
    held_since = models.DateTimeField(null=True)
    assignee = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("经办人"))
    verifier = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("审核单位"))
    verifier_tier = models.CharField(max_length=16, choices=Tier.choices, default=Tier.NONE)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    participants = models.JSONField(default=list)  # who drafted, submitted or uploaded in this round (rule 1)

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
        *("state", "holder", "held_since", "assignee", "approved_by", "participants", "round_no", "start_on"),
        *("due_on", "yellow_on", "handed_in_on", "reported_at", "clocks", "alarm_at", "seq", "head"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("子项")
        ordering = ["plan", "position"]
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
            state=self.state, due_on=self.due_on, yellow_on=self.yellow_on, frozen_on=self.handed_in_on, today=today
        )

    # --- the state machine --------------------------------------------------------------------------------------------
    @transition(
        state,
        State.ASSIGNED,
        State.IN_PROGRESS,
        **declared(policies.check_may_accept, label=_("签收"), takes=("assignee",), tells=("assignee",)),
    )
    def accept(self, step: Step) -> None:
        self.assignee_id = step.details["assignee"]
        self.start_clock(Clock.REPORT, step)

    @transition(
        state,
        State.IN_PROGRESS,
        State.SUBMITTED,
        **declared(
            policies.check_may_submit, label=_("报送"), takes=("summary",), tells=("verifiers", "co_lead_heads")
        ),
    )
    def submit(self, step: Step) -> None:
        self.hand_to(self.verifier_id, step)
        self.end_extension()
        self.handed_in_on = step.today
        self.took_part(step)
        self.start_clock(Clock.REVIEW, step)

    @transition(
        state,
        State.SUBMITTED,
        State.IN_PROGRESS,
        **declared(policies.check_may_submit, label=_("撤回"), takes=("comment",), tells=("verifiers",)),
    )
    def withdraw(self, step: Step) -> None:
        self.hand_back(step)

    @transition(
        state,
        State.SUBMITTED,
        State.VERIFIED,
        **declared(
            policies.check_may_verify,
            label=_("通过"),
            takes=("comment",),
            tells=("assignee", "lead_heads", "coordinators"),
        ),
    )
    def approve(self, step: Step) -> None:
        self.hand_to(self.plan.owner_id, step)
        self.approved_by_id = step.by.user_id

    @transition(
        state,
        State.SUBMITTED,
        State.IN_PROGRESS,
        **declared(policies.check_may_verify, label=_("退回"), requires=("comment",), tells=("assignee", "lead_heads")),
    )
    def reject(self, step: Step) -> None:
        self.hand_back(step)
        self.quieten(step)

    @transition(
        state,
        State.VERIFIED,
        State.CLOSED,
        **declared(policies.check_may_close, label=_("销号"), takes=("comment",), tells=("assignee", "lead_heads")),
    )
    def close(self, step: Step) -> None:
        self.hand_to(None, step)

    @transition(
        state,
        State.VERIFIED,
        State.IN_PROGRESS,
        conditions=[attrgetter("is_periodic")],
        **declared(policies.check_may_renew, label=_("转下期"), tells=("assignee", "lead_heads")),
    )
    def renew(self, step: Step) -> None:
        self.open_round(step)

    @transition(
        state,
        [State.VERIFIED, State.CLOSED],
        State.IN_PROGRESS,
        **declared(
            policies.check_may_reopen,
            label=_("重启"),
            requires=("comment", "due_on"),
            tells=("assignee", "lead_heads"),
        ),
    )
    def reopen(self, step: Step) -> None:
        self.hand_back(step)
        self.approved_by_id = None
        self.set_due(step.today, step.details["due_on"], step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS],
        None,  # stays as it is
        **declared(
            policies.check_may_amend,
            label=_("改任务"),
            requires=("comment",),
            takes=("text", "leads", "supports", "deadline", "deadline_raw", "notes"),
            tells=("assignee", "lead_heads", "joined_heads", "left_heads"),
            writes=AMENDED,
        ),
    )
    def amend(self, step: Step) -> None:
        """Other words, units or deadline; the main lead stays, and with it holder, 经办人 and what was handed in."""
        step.details["terms"].put_on(self, step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS],
        State.ASSIGNED,
        **declared(
            policies.check_may_reassign,
            label=_("改派"),
            requires=("comment", "leads"),
            takes=("supports", "deadline", "deadline_raw", "text", "notes"),
            tells=("assignee", "lead_heads", "former_lead_heads", "joined_heads", "left_heads"),
            writes=AMENDED,
        ),
    )
    def reassign(self, step: Step) -> None:
        """Another main lead, which signs anew and names its own 经办人; it takes over the round with all that is in it.

        Where the due date stays, the due clock runs on: the date is the matter's, not the unit's (rule 2), and a
        change of unit is no way to stop the ladder. But the new unit is not rung up for what another one let lie:
        as after a rejection it has some quiet days before the next rung (rule 3). A new due date starts the clock
        anew at this entry.
        """
        due_on = self.due_on
        step.details["terms"].put_on(self, step)
        self.hand_to(self.lead_ids[0], step)
        self.end_extension()
        self.assignee_id = None
        self.start_clock(Clock.SIGN, step)
        if self.due_on == due_on:
            self.quieten(step)

    @transition(
        state,
        list(OPEN),
        State.CANCELLED,
        **declared(
            policies.check_may_cancel,
            label=_("撤销"),
            requires=("comment",),
            tells=("assignee", "lead_heads", "support_heads"),
        ),
    )
    def cancel(self, step: Step) -> None:
        self.hand_to(None, step)
        self.end_extension()

    # --- what transitions do to the rest of the row -------------------------------------------------------------------
    def hand_to(self, unit_id: int | None, step: Step) -> None:
        self.holder_id, self.held_since = unit_id, step.now

    def hand_back(self, step: Step) -> None:
        """The ball goes back to the main lead, who has the report clock anew."""
        self.hand_to(self.lead_ids[0], step)
        self.handed_in_on = None
        self.start_clock(Clock.REPORT, step)

    def took_part(self, step: Step) -> None:
        """Whoever drafts, submits or uploads is barred as a person from judging this round (rule 1)."""
        self.participants = sorted({*self.participants, step.by.user_id or 0} - {0})

    def open_round(self, step: Step) -> None:
        """The next round of an ongoing or recurring item (rule 4): its own due date, evidence and verdict."""
        period = next_period(self.due_on or step.today, Frequency(self.freq))
        while period.due_on < step.today:  # renewed late: the period now running, not one already past
            period = next_period(period.due_on, Frequency(self.freq))
        self.round_no += 1
        self.hand_back(step)
        self.reported_at, self.approved_by_id, self.participants = None, None, []
        self.set_due(period.start_on, period.due_on, step)

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

    def quieten(self, step: Step) -> None:
        """The due clock runs on, and rings no rung before the unit had some working days (rule 3)."""
        quiet = ladder.quiet_after_rejection(step.today, step.rules.pack, step.rules.calendar)
        self.clocks["due"] = {**self.clocks["due"], "quiet_until": quiet.isoformat()}

    def start_clock(self, clock: Clock, step: Step) -> None:
        """Every clock starts at a journal entry: the one this step is about to write."""
        self.clocks[clock.value] = {"seq": self.seq + 1, "since": step.today.isoformat()}

    def running(self) -> list[Running]:
        """The clocks that run in this state."""
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


class Responsibility(models.Model):
    """A unit's duty on a sub-item, in the printed order; printed as both, a unit is counted once, as lead (rule 6)."""

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("责任单位")
        ordering = ["duty", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="responsibility_once_an_item")]
        indexes = [models.Index(fields=["unit", "item"], name="responsibility_by_unit")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit} {self.duty}"
