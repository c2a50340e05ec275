"""The REST API at /api/v1/, a public interface. Doors only: parse, one action or query, answer."""

from workflow.api import (
    countersigning,
    escalations,
    evidence,
    extensions,
    health,
    me,
    objections,
    plans,
    rechecks,
    sub_items,
)
from workflow.api.mount import LuoshiAPI

api = LuoshiAPI()
api.add_router("/sub-items", sub_items.router)
api.add_router("/escalations", escalations.router)
api.add_router("/rechecks", rechecks.router)
for _router in (
    *(countersigning.router, evidence.router, extensions.router, objections.router),
    *(me.router, plans.router, health.router),
):
    api.add_router("", _router)
