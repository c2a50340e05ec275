"""The REST API at /api/v1/, a public interface. Doors only: parse, one action or query, answer."""

from workflow.api import (
    countersigning,
    criteria,
    delegations,
    escalations,
    evidence,
    extensions,
    health,
    me,
    objections,
    parts,
    plans,
    rechecks,
    several,
    sub_items,
)
from workflow.api.mount import LuoshiAPI

api = LuoshiAPI()
api.add_router("/sub-items", sub_items.router)
api.add_router("/escalations", escalations.router)
api.add_router("/rechecks", rechecks.router)
_STEPS = (countersigning, criteria, delegations, extensions, objections, parts)
for _part in (evidence, *_STEPS, several, me, plans, health):
    api.add_router("", _part.router)
