"""Plans with their headings, and the totals of what the caller may see."""

from typing import Any

from ninja import Query, Router, Schema

from workflow import clock, queries
from workflow.api.auth import ApiRequest
from workflow.api.lists import Id, IdOrAll, Page, Paging, page
from workflow.api.schemas.plans import PlanOut, PlanRow, Stats
from workflow.errors import NotFound
from workflow.models import Plan, Section

router = Router(tags=["plans"])


def _row(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "title": plan.title,
        "region": plan.region.name,
        "owner": plan.owner.name,
        "published_at": plan.published_at,
    }


def _headings(plan: Plan) -> list[dict[str, Any]]:
    """工程 with their 任务, in the order of the table."""
    projects: dict[int, dict[str, Any]] = {}
    for section in Section.objects.filter(plan=plan).order_by("position"):
        heading = {"number": section.number, "title": section.title}
        if section.parent_id is None:
            projects[section.pk] = {**heading, "tasks": []}
        else:
            projects[section.parent_id]["tasks"].append(heading)
    return list(projects.values())


@router.get("/plans", response=Page[PlanRow], summary="The plans you may see, latest first")
def plans(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    return page(queries.plans(request.actor), paging, _row)


@router.get("/plans/{int:plan_id}", response=PlanOut, summary="One plan with its headings")
def plan(request: ApiRequest, plan_id: Id) -> dict[str, Any]:
    found = queries.plans(request.actor).filter(pk=plan_id).first()
    if found is None:
        raise NotFound
    return {
        **_row(found),
        "supervisors": [row.unit.name for row in found.supervisors.select_related("unit")],
        "officers_may_submit": found.officers_may_submit,
        "asks_supports_at_dispatch": found.asks_supports_at_dispatch,
        "leads_never_verify": found.leads_never_verify,
        "sections": _headings(found),
    }


class StatsFilter(Schema):
    plan: IdOrAll = None


@router.get("/stats", response=Stats, summary="Totals by state, light, lead unit, section and holder")
def stats(request: ApiRequest, wanted: Query[StatsFilter]) -> dict[str, Any]:
    return queries.stats(request.actor, clock.today(), wanted.plan)
