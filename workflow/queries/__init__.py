"""What is read. The one reader that pages, API and commands share."""

from workflow.queries.audit import Checked, verify_journal
from workflow.queries.item import (
    answers_open_to,
    days_by_holder,
    moves_open_to,
    steps_open_to,
    submissions_of,
    verifier_reason,
    with_days,
    with_extensions,
    with_objections,
)
from workflow.queries.people import message_context, people_of, people_to_tell
from workflow.queries.registry import Registry
from workflow.queries.rows import LedgerFilter, holders, lead_units, ledger, plans, with_names
from workflow.queries.statistics import count_by_light, stats
from workflow.queries.to_do import (
    barred_from,
    in_hand,
    objected_to,
    to_decide,
    to_review,
    waiting_counts,
    waiting_for,
    with_others,
)

__all__ = [
    "Checked",
    "LedgerFilter",
    "Registry",
    "answers_open_to",
    "barred_from",
    "count_by_light",
    "days_by_holder",
    "holders",
    "in_hand",
    "lead_units",
    "ledger",
    "message_context",
    "moves_open_to",
    "objected_to",
    "people_of",
    "people_to_tell",
    "plans",
    "stats",
    "steps_open_to",
    "submissions_of",
    "to_decide",
    "to_review",
    "verifier_reason",
    "verify_journal",
    "waiting_counts",
    "waiting_for",
    "with_days",
    "with_extensions",
    "with_names",
    "with_objections",
    "with_others",
]
