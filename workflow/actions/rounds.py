"""What the end of a round writes besides its move: the round's row in the history, and the end of what is open in it.

A round ends by renew, lapse, close and cancel; whichever it is, it passes here.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from workflow.actions import submissions
from workflow.actions.writing import Prepared, nothing_else
from workflow.errors import Invalid
from workflow.models import JournalEntry, Round, SubItem
from workflow.models.journal import Step
from workflow.states import Ending, State

# What may be open in a round: one function a feature, which ends it if the item (still as before the move) says that
# something is. Requests for more time end with any move that overtakes them, in actions.moves.
OPEN_IN_A_ROUND: tuple[Callable[[SubItem, Step], None], ...] = (submissions.lapse,)


def ended(outcome: Round.Outcome) -> Callable[[SubItem, Step], Prepared]:
    """For the moves after which the next round begins."""

    def prepare(item: SubItem, step: Step) -> Prepared:
        finished = Round.of(item, outcome, step)
        state = item.state

        def write(entry: JournalEntry) -> None:
            finished.save(force_insert=True)
            if state != State.VERIFIED:  # what is verified has nothing open any more
                for end in OPEN_IN_A_ROUND:
                    end(item, step)

        return {"outcome": outcome.value, "ended_round": finished.number}, write

    return prepare


def closed(item: SubItem, step: Step) -> Prepared:
    """Closing an ongoing item ends it (rule 4): that takes a decision, of the year or in words."""
    if not item.is_periodic:
        return nothing_else(item, step)
    if not item.ending and not step.details.get("comment"):
        raise Invalid(_("长期坚持的事项销号就不再转下期，请写明依据。"))
    finished = Round.of(item, Round.Outcome.VERIFIED, step)
    facts = {"ending": item.ending} if item.ending else {}
    item.ending = item.ending or Ending.END
    return facts, lambda entry: finished.save(force_insert=True)


def cancelled(item: SubItem, step: Step) -> Prepared:
    """A submission under review ends with the item it is of, and so does the round."""
    facts, writes = submissions.cancel_review(item, step)
    if not item.is_periodic:
        return facts, writes
    outcome = Round.Outcome.VERIFIED if item.state == State.VERIFIED else Round.Outcome.ENDED
    finished = Round.of(item, outcome, step)

    def write(entry: JournalEntry) -> None:
        writes(entry)
        finished.save(force_insert=True)

    return facts, write


def taken_up(item: SubItem, step: Step) -> Prepared:
    """A closed round that is reopened has not ended, and whether the duty goes on is open again."""
    if not item.is_periodic:
        return nothing_else(item, step)
    item.ending = Ending.NONE
    number = item.round_no
    return {}, lambda entry: _take_back(item, number)


def _take_back(item: SubItem, number: int) -> None:
    item.rounds.filter(number=number).delete()
