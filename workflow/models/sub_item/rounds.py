"""What a sub-item has of time that turns by itself: rounds that renew or lapse, a suspension that ends.

`turn_at` is to the tick of the rounds what `alarm_at` is to the sweep: the moment from which the clock has something
to do on the item, recomputed by every journaled write.
"""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.calendar import WorkCalendar
from workflow.deadlines import round_after, year_to_decide
from workflow.ladder import Clock
from workflow.models.journal import Step
from workflow.models.rules import Rules
from workflow.models.sub_item.row import ItemRow
from workflow.states import OPEN, Ending, Frequency, Pause, State

DAY = timedelta(days=1)


class RoundsRow(ItemRow):
    """Written by `actions` alone."""

    period_ends_on = models.DateField(null=True)  # the last day its round had at first; null: runs in no rounds
    ending = models.CharField(_("年度研判"), max_length=8, choices=Ending.choices, blank=True)
    decided_year = models.PositiveSmallIntegerField(null=True)  # the last year that needs no decision any more
    suspended_on = models.DateField(null=True)
    suspended_until = models.DateField(_("暂停到"), null=True)  # last day of it
    turn_at = models.DateTimeField(null=True)  # when the clock is to renew, lapse or resume it

    class Meta(ItemRow.Meta):
        abstract = True
        indexes = [
            *ItemRow.Meta.indexes,
            models.Index(fields=["turn_at"], condition=Q(turn_at__isnull=False), name="item_turn"),
        ]

    # --- rounds -------------------------------------------------------------------------------------------------------
    def begin_rounds(self, due_on: date | None) -> None:
        """The first round ends on this day; of what does not run in rounds nothing is kept."""
        self.period_ends_on = due_on if self.is_periodic else None
        self.decided_year = due_on.year - 1 if due_on and self.is_periodic else None
        self.ending = Ending.NONE

    @property
    def round_ends_on(self) -> date | None:
        """Last day of the round: that of its period, or a later one where the due date was moved beyond."""
        return max(filter(None, (self.due_on, self.period_ends_on)), default=None)

    @property
    def moved_from(self) -> date | None:
        """The due date as it was, of the term or of this round, where it was moved."""
        before = self.period_ends_on if self.is_periodic else self.original_due_on
        return before if before != self.due_on else None

    def open_round(self, step: Step) -> None:
        """The next round of an ongoing or recurring item (rule 4): its own due date, evidence and verdict.

        Always the round after this one, also where it has passed as well: no period goes unrecorded. Whoever was named
        经办人 goes on. What features keep open in a round on the row ends here, their rows in actions.rounds.
        """
        coming = round_after(self.round_ends_on or step.today, Frequency(self.freq))
        self.round_no += 1
        self.hand_back(step)
        self.approved(None)
        self.reported_at, self.participants, self.parts_open = None, [], []
        self.period_ends_on = coming.due_on
        self.set_due(coming.start_on, coming.due_on, step)

    def awaits_decision(self, year: int) -> bool:
        """Whether it is still to be decided if the duty goes on after this year."""
        return self.is_periodic and self.state in OPEN and self.decided_year is not None and self.decided_year < year

    def year_under_decision(self, today: date, calendar: WorkCalendar) -> int:
        """The year a decision made today is about: the one that waits for it, else this one, early or anew."""
        year = year_to_decide(today, calendar)
        return year if self.awaits_decision(year) else today.year

    # --- suspension ---------------------------------------------------------------------------------------------------
    def stop_clocks(self, until: date, step: Step) -> None:
        """Suspend it up to and including that day. A request for more time is overtaken: the clock stands still."""
        self.stand_still(Pause.SUSPENDED)
        self.suspended_on, self.suspended_until = step.today, until
        self.end_extension()

    def start_clocks_anew(self, step: Step) -> None:
        """End a suspension: the due date is as many calendar days later as it stood still, and all clocks start here.

        The date it had stays visible, as original date of the term or last day of the period.
        """
        moved = self.due_on + self.stood_still(step.today) if self.due_on else None
        self.end_suspension()
        self.start_clock(Clock.SIGN if self.state == State.ASSIGNED else Clock.REPORT, step)
        self.set_due(self.start_on, moved, step)

    def stood_still(self, today: date) -> timedelta:
        """For how long a suspended item has; the day of suspension counts, that of resumption does not."""
        return today - self.suspended_on if self.suspended_on else timedelta()

    def end_suspension(self) -> None:
        if self.pause == Pause.SUSPENDED:
            self.stand_still(Pause.NONE)
        self.suspended_on = self.suspended_until = None

    # --- the clock's turn ---------------------------------------------------------------------------------------------
    def set_alarm(self, rules: Rules, now: datetime) -> None:
        """With the alarm, when the clock is to turn the item."""
        super().set_alarm(rules, now)
        turn_on = self._turns_on()
        self.turn_at = timezone.make_aware(datetime.combine(turn_on, time.min)) if turn_on else None

    def _turns_on(self) -> date | None:
        """The day at whose beginning the clock resumes, renews or lapses it."""
        if self.pause == Pause.SUSPENDED:
            return self.suspended_until + DAY if self.suspended_until else None
        if self.pause or not self.is_periodic or self.state not in OPEN or self.round_ends_on is None:
            return None
        waits_to_be_closed = self.state == State.VERIFIED and self.ending
        return None if waits_to_be_closed else self.round_ends_on + DAY

    def turn_has_come(self, now: datetime) -> bool:
        return self.turn_at is not None and self.turn_at <= now

    def turning(self) -> str:
        """The move by which the clock turns it, once its turn has come."""
        if self.pause == Pause.SUSPENDED:
            return "resume"
        return "renew" if self.state == State.VERIFIED else "lapse"
