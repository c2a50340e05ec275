"""Which units the printed names of a draft mean: everything a person decided on one page, in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import people
from accounts.actor import Actor
from accounts.models import Region, Unit
from workflow.actions.commit import one_commit
from workflow.actions.corrections import table_of
from workflow.actions.drafts import open_draft
from workflow.errors import Invalid
from workflow.models import Plan
from workflow.tables import Draft


@dataclass(frozen=True)
class Decision:
    """A printed name means these units of the region; or a new one of this kind; or, with neither, nobody.

    `remember` makes the name an alias of the one unit it means.
    """

    name: str
    units: Sequence[int] = ()
    new_kind: str | None = None
    remember: bool = False


@one_commit
def decide(plan_id: int, decisions: Sequence[Decision], *, by: Actor) -> dict[str, str]:
    """Save what can be saved; returns the refusals by name. Raises NotFound, MoveNotPossible or NotAllowed."""
    plan = open_draft(plan_id, by)
    draft = table_of(plan)
    Region.objects.select_for_update(no_key=True).get(pk=plan.region_id)  # two drafts may meet the same new name
    printed, refused = draft.unit_names(), dict[str, str]()
    for decision in decisions:
        try:
            if decision.name not in printed:
                raise Invalid(_("表里没有写“%(name)s”。") % {"name": decision.name[:64]})
            _carry_out(plan, draft, decision)
        except Invalid as refusal:
            refused[decision.name] = str(refusal)
    plan.save(update_fields=["table"])
    return refused


def _carry_out(plan: Plan, draft: Draft, decision: Decision) -> None:
    """Refuses before it writes anything of this decision. Raises Invalid."""
    if decision.new_kind is not None:
        _create(plan, decision.name, decision.new_kind)
        draft.forget_unit(decision.name)
        return
    units = list(Unit.objects.filter(region=plan.region_id, pk__in=decision.units))
    if len(units) != len(set(decision.units)):
        raise Invalid(_("选的单位不在名册里，请重新选择。"))
    if decision.remember and len(units) == 1:
        _remember(plan, units[0], decision.name)
    draft.decide_unit(decision.name, [unit.pk for unit in units])


def _create(plan: Plan, name: str, kind: str) -> None:
    if kind not in Unit.Kind.values:
        raise Invalid(_("请选单位的类别。"))
    try:
        people.add_units(plan.region, [name], kind)
    except ValueError as problem:
        raise Invalid(str(problem)) from None


def _remember(plan: Plan, unit: Unit, name: str) -> None:
    """An alias that another unit goes by would make the name ambiguous in every later table."""
    others = Unit.objects.filter(region=plan.region_id).exclude(pk=unit.pk)
    if taken := next((other for other in others if name in other.names()), None):
        raise Invalid(
            _("“%(name)s”已经是%(unit)s的名称，不能再记为别名；请去掉“记为别名”再保存。")
            % {"name": name, "unit": taken.name}
        )
    people.remember_alias(unit, name)
