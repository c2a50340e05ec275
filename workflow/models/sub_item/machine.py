"""子项 as a state machine. The transitions are declared once, here; buttons, API, docs and tests read them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from workflow import policies
from workflow.ladder import Clock
from workflow.models.journal import Step
from workflow.models.sub_item import obstacles
from workflow.models.sub_item.rounds import RoundsRow
from workflow.states import OPEN, State, Tier

# What only amend and reassign write besides SubItem.MOVING.
AMENDED = (
    *("text", "notes", "deadline_raw", "kind", "freq", "original_due_on"),
    *("verifier", "verifier_tier"),
)


def declared(check: policies.Check, **custom: Any) -> dict[str, Any]:
    """Both halves of a policy pair and what doors need to know of a move: label, takes, requires, tells, writes.

    `requires` and `takes` name the details a person fills in (actions.details); `tells` whom a message goes to;
    `writes` the fields it changes besides SubItem.MOVING; `basis` that it takes a document (依据文件); `unless` why it
    is not possible although the state permits it, as a sentence of the item or nothing. `by_clock`: the clock makes it
    once the item's turn has come, "also" or "only" the clock.
    """
    nothing = {
        "takes": (),
        "requires": (),
        "writes": (),
        "basis": False,
        "unless": obstacles.no_obstacle,
        "by_clock": "",
    }
    return {"permission": policies.may(check), "custom": {"check": check, **nothing, **custom}}


class SubItem(RoundsRow):
    """One line of the table, as a workflow of its own. `state` is written by two actions: make_move and publish."""

    state = FSMField(_("状态"), default=State.ASSIGNED, choices=State.choices, protected=True)

    @transition(
        state,
        State.ASSIGNED,
        State.IN_PROGRESS,
        **declared(
            policies.check_may_accept,
            label=_("签收"),
            takes=("assignee",),
            tells=("assignee",),
            unless=obstacles.paused,
        ),
    )
    def accept(self, step: Step) -> None:
        self.assignee_id = step.details["assignee"]
        self.start_clock(Clock.REPORT, step)

    @transition(
        state,
        State.IN_PROGRESS,
        None,  # stays as it is
        **declared(
            policies.check_may_assign,
            label=_("换经办人"),
            requires=("assignee",),
            takes=("comment",),
            tells=("assignee", "former_assignee"),
        ),
    )
    def assign(self, step: Step) -> None:
        self.former_assignee_id, self.assignee_id = self.assignee_id, step.details["assignee"]

    @transition(
        state,
        State.IN_PROGRESS,
        State.SUBMITTED,
        **declared(
            policies.check_may_submit,
            label=_("报送"),
            takes=("summary", "answers"),
            tells=("verifiers", "co_lead_heads"),
            unless=obstacles.not_yet_to_hand_in,
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
            takes=("comment", "ticks"),
            tells=("assignee", "lead_heads", "coordinators"),
        ),
    )
    def approve(self, step: Step) -> None:
        self.hand_to(self.plan.owner_id, step)
        self.approved(step)

    @transition(
        state,
        State.SUBMITTED,
        State.IN_PROGRESS,
        **declared(
            policies.check_may_verify,
            label=_("退回"),
            requires=("comment",),
            takes=("ticks",),
            tells=("assignee", "lead_heads"),
        ),
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
        **declared(
            policies.check_may_renew,
            label=_("转下期"),
            tells=("assignee", "lead_heads"),
            unless=obstacles.not_renewed,
            by_clock="also",
        ),
    )
    def renew(self, step: Step) -> None:
        self.open_round(step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED],
        State.IN_PROGRESS,
        **declared(
            policies.check_may_lapse,
            label=_("期满未结"),
            tells=("assignee", "lead_heads", "verifiers", "coordinators"),
            unless=obstacles.lapses_never,
            by_clock="only",
        ),
    )
    def lapse(self, step: Step) -> None:
        """The round ends as missed and the next begins; whoever signed for it goes on."""
        self.open_round(step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS],
        None,  # a pause is no state
        **declared(
            policies.check_may_suspend,
            label=_("暂停"),
            requires=("comment", "until"),
            takes=("grounds",),
            tells=("assignee", "lead_heads", "support_heads", "verifiers"),
            unless=obstacles.paused,
        ),
    )
    def suspend(self, step: Step) -> None:
        self.stop_clocks(step.details["until"], step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS],
        None,
        **declared(
            policies.check_may_resume,
            label=_("恢复"),
            takes=("comment",),
            tells=("assignee", "lead_heads", "support_heads", "verifiers"),
            unless=obstacles.runs,
            by_clock="also",
        ),
    )
    def resume(self, step: Step) -> None:
        self.start_clocks_anew(step)

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
        self.approved(None)
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
            basis=True,
            unless=obstacles.suspended,
        ),
    )
    def amend(self, step: Step) -> None:
        """Other words, units or deadline; the main lead stays, and with it holder, 经办人 and what was handed in."""
        step.details["terms"].put_on(self, step)
        self.keep_parts_of_supports()
        if step.details["objection"]:
            self.let_run(step)

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
            basis=True,
            unless=obstacles.suspended,
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
        self.keep_parts_of_supports()
        self.end_extension()
        self.end_objection()
        self.end_proposal()
        self.assignee_id = None
        self.start_clock(Clock.SIGN, step)
        if self.due_on == due_on:
            self.quieten(step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS],
        None,
        **declared(
            policies.check_may_split,
            label=_("分出"),
            requires=("unit", "comment"),
            takes=("text", "supports", "deadline", "deadline_raw"),
            tells=("assignee", "lead_heads"),
            writes=AMENDED,
            basis=True,
            unless=obstacles.not_to_divide,
        ),
    )
    def split(self, step: Step) -> None:
        """A co-lead leaves with a sub-item of its own; what stays is as an amendment without it would leave it."""
        step.details["terms"].put_on(self, step)

    @transition(
        state,
        [State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED],
        None,
        **declared(
            policies.check_may_name_verifier,
            label=_("另定审核单位"),
            requires=("verifier", "comment"),
            tells=("verifiers", "assignee", "lead_heads"),
            writes=("verifier", "verifier_tier"),
        ),
    )
    def name_verifier(self, step: Step) -> None:
        """What was handed in, and what was asked for, goes to the new unit, which has the time for it anew."""
        self.verifier_id, self.verifier_tier = step.details["verifier"], Tier.NAMED
        self.__dict__.pop("reviewers", None)
        if self.state == State.SUBMITTED:
            self.hand_to(self.verifier_id, step)
            self.start_clock(Clock.REVIEW, step)
        if self.extension_is_open:
            self.start_clock(Clock.EXTENSION, step)

    @transition(
        state,
        list(OPEN),
        State.CANCELLED,
        **declared(
            policies.check_may_cancel,
            label=_("撤销"),
            requires=("comment",),
            tells=("assignee", "lead_heads", "support_heads"),
            basis=True,
        ),
    )
    def cancel(self, step: Step) -> None:
        self.hand_to(None, step)
        self.end_extension()
        self.end_proposal()
        self.end_suspension()
        self.parts_open = []
