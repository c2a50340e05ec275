"""Is it alive: for load balancers and people on call, without log-in."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from workflow.api.schemas.evidence import Health
from workflow.health import health as look

router = Router(tags=["health"])


@router.get("/health", auth=None, response={200: Health, 503: Health}, summary="200, or 503 if something fails")
def health(request: HttpRequest) -> Status[dict[str, Any]]:
    well, said = look()
    return Status(200 if well else 503, said)
