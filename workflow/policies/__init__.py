"""Who may do what, and who verifies what. Pure over duck-typed item and actor: reads attributes, asks no database.

Rules come in pairs: `check_may_x` returns the post the person acts by or raises NotAllowed with a sentence,
`may_x` answers a template. What the state permits is the state machine's business, not this package's.
"""

from workflow.policies.asking import Check, Item, may
from workflow.policies.countersigning import check_may_countersign, may_countersign
from workflow.policies.handling import (
    check_may_accept,
    check_may_contribute,
    check_may_submit,
    may_accept,
    may_contribute,
    may_submit,
)
from workflow.policies.measuring import check_may_agree, check_may_propose, may_agree, may_propose, who_agrees
from workflow.policies.more_time import (
    check_may_ask_extension,
    check_may_extend,
    extended_by_inspector,
    may_ask_extension,
    may_extend,
    who_extends,
)
from workflow.policies.objecting import (
    check_may_keep,
    check_may_object,
    check_may_withdraw_objection,
    may_keep,
    may_object,
    may_withdraw_objection,
)
from workflow.policies.owning import (
    check_may_amend,
    check_may_cancel,
    check_may_close,
    check_may_date,
    check_may_publish,
    check_may_reassign,
    check_may_renew,
    check_may_reopen,
    check_owner,
    inspector_of,
    may_close,
    may_renew,
)
from workflow.policies.rechecking import check_may_draw, check_may_recheck, may_draw, may_recheck, may_see_draws
from workflow.policies.verifying import check_may_verify, check_unconcerned, involvement, may_verify, verifying_unit

__all__ = [
    "Check",
    "Item",
    "check_may_accept",
    "check_may_agree",
    "check_may_amend",
    "check_may_ask_extension",
    "check_may_cancel",
    "check_may_close",
    "check_may_contribute",
    "check_may_countersign",
    "check_may_date",
    "check_may_draw",
    "check_may_extend",
    "check_may_keep",
    "check_may_object",
    "check_may_propose",
    "check_may_publish",
    "check_may_reassign",
    "check_may_recheck",
    "check_may_renew",
    "check_may_reopen",
    "check_may_submit",
    "check_may_verify",
    "check_may_withdraw_objection",
    "check_owner",
    "check_unconcerned",
    "extended_by_inspector",
    "inspector_of",
    "involvement",
    "may",
    "may_accept",
    "may_agree",
    "may_ask_extension",
    "may_close",
    "may_contribute",
    "may_countersign",
    "may_draw",
    "may_extend",
    "may_keep",
    "may_object",
    "may_propose",
    "may_recheck",
    "may_renew",
    "may_see_draws",
    "may_submit",
    "may_verify",
    "may_withdraw_objection",
    "verifying_unit",
    "who_agrees",
    "who_extends",
]
