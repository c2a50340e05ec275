"""完成时限 as printed, and the rounds of duties that come back (domain rules 4 and 5); no clock, no ORM."""

from workflow.deadlines.reading import Deadline, read_deadline
from workflow.deadlines.rounds import Period, first_round, next_period, period_of, round_after, year_to_decide
from workflow.deadlines.unread import lacks_year, why_unknown

__all__ = [
    "Deadline",
    "Period",
    "first_round",
    "lacks_year",
    "next_period",
    "period_of",
    "read_deadline",
    "round_after",
    "why_unknown",
    "year_to_decide",
]
