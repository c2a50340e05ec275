"""Publishing: the rows of a draft become sub-items, and everybody concerned is told once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Region, Role, Unit
from workflow import policies
from workflow.actions.commit import one_commit
from workflow.actions.new_items import make_items, problems, tell
from workflow.errors import Invalid, MoveNotPossible, NotFound, StaleVersion
from workflow.models import Plan, Supervisor
from workflow.models.journal import Step
from workflow.queries import Registry, units_with
from workflow.tables import Draft, Table


@dataclass(frozen=True)
class Published:
    """What publishing made, and the items whose date had already passed: their due dates stay (domain rules)."""

    items: int
    passed: list[str]


@one_commit
def publish(
    plan_id: int, *, by: Actor, now: datetime, version: int | None = None, passed_agreed: bool = False
) -> Published:
    """Make the sub-items of a draft, each with its first journal entry, and tell each person once.

    A person names the `version` of the draft they saw, and agrees to dates that have passed already. Raises
    NotFound, StaleVersion, MoveNotPossible if it is published already, NotAllowed, or Invalid with every reason why
    the table cannot be published as it stands, each naming its row; then nothing is written.
    """
    plan = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有找到这个方案，或者您无权查看。"))
    if plan.published_at is not None:
        raise MoveNotPossible(_("这个方案已经发布。"))
    if plan.revises_id is not None or not plan.table:
        raise MoveNotPossible(_("这份草稿还不能发布。"))
    post = policies.check_may_publish(by, plan)
    draft = Draft(plan.table)
    if version not in (None, draft.version):
        raise StaleVersion(_("别人刚改过这份草稿，请看最新内容再发布。"))
    registry, rows = Registry(plan.region, draft.units_decided()), draft.numbered()
    if not rows:
        raise Invalid(_("表里没有子项。"))
    if found := list(problems(rows, registry)):
        raise Invalid("\n".join(found))
    step = Step(by, post, now, plan.rules_in_force(), {})
    passed = passed_dates(draft, step.today)
    if passed and not (passed_agreed or by.is_system):
        raise Invalid(_("有 %(n)s 项的完成时限已经过了，请确认照原时限发布。") % {"n": len(passed)})
    if plan.leads_never_verify:
        _append_inspecting_units(plan)
    plan.published_at = now
    plan.save(update_fields=["published_at"])
    places = {row["id"]: place for place, (_number, row) in enumerate(rows, 1)}
    items = make_items(plan, rows, registry, step, lambda row: places[row["id"]])
    tell(plan, items, rows, registry, step)
    return Published(len(items), passed)


def _append_inspecting_units(plan: Plan) -> None:
    """Where no lead verifies, the units that inspect stand behind the supervising ones (rule 1)."""
    known = dict(plan.supervisors.values_list("unit_id", "position"))
    more = [unit for unit in inspecting_units(plan) if unit.pk not in known]
    Supervisor.objects.bulk_create(
        Supervisor(plan=plan, unit=unit, position=place)
        for place, unit in enumerate(more, max(known.values(), default=0) + 1)
    )


def inspecting_units(plan: Plan) -> list[Unit]:
    """Those of the region with an inspector, in the order of its units."""
    return units_with(plan.region, Role.INSPECTOR)


def passed_dates(draft: Draft, today: date) -> list[str]:
    """The numbers of the rows whose date has passed already."""
    return [number for number, row in draft.numbered() if (row["deadline"]["due_on"] or "9") < today.isoformat()]


def publishing_problems(table: Table, region: Region) -> list[str]:
    """Every reason why a table cannot be published in a region as it stands; writes nothing."""
    return list(problems(Draft.of(table).numbered(), Registry(region)))


def published_as(title: str, region: Region) -> Plan | None:
    """A published plan of that title: publishing it again is allowed, and worth a word."""
    return Plan.objects.published().filter(region=region, title=title).first()
