"""What the coordinator corrects in a draft: its rows, its options, and which units its names mean."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import people
from accounts.actor import Actor
from accounts.models import Unit
from workflow.actions.commit import one_commit
from workflow.actions.details import text
from workflow.actions.drafts import LONGEST_NAME, open_draft
from workflow.errors import Invalid, MoveNotPossible, NotFound, StaleVersion
from workflow.models import Plan
from workflow.states import Frequency
from workflow.tables import Draft
from workflow.tables.draft import HEADINGS, Row

Edit = Callable[[Draft, Row], None]


@one_commit
def edit_row(plan_id: int, row_id: int, edit: Edit, *, by: Actor, version: int | None) -> Draft:
    """Do one of the edits below to a row; `version` is the row's as the person saw it.

    Raises NotFound, StaleVersion, MoveNotPossible, NotAllowed or Invalid; then nothing is written.
    """
    plan = open_draft(plan_id, by)
    draft = _table_of(plan)
    row = draft.row(row_id)
    if row is None:
        raise NotFound(_("草稿里没有这一行。"))
    if version != row["version"]:
        raise StaleVersion(_("别人刚改过这一行，请看最新内容再改。"))
    edit(draft, row)
    plan.save(update_fields=["table"])
    return draft


def change(said: Mapping[str, Any]) -> Edit:
    """What a person wrote into a row: words, unit cells, deadline, frequency, targets taken."""

    def edit(draft: Draft, row: Row) -> None:
        words = {name: text(value) if isinstance(value, str) else value for name, value in said.items()}
        if words.get("freq") not in (None, "", *Frequency.values):
            raise Invalid(_("请选多久一期。"))
        if not set(words.get("targets", ())) <= set(range(len(row["offered"]))):
            raise Invalid(_("选的指标不在这一行里。"))
        headings = {name: words.pop(name) for name in HEADINGS if name in words}
        try:
            draft.change(row, words)
        except ValueError as unread:
            raise Invalid(
                _("读不出完成时限“%(words)s”，请写成 2024-06-30、2024年6月底、长期坚持或每季度这样。")
                % {"words": unread}
            ) from None
        if headings != {name: row[name] for name in headings}:
            draft.rename_heading(row, headings)

    return edit


def leave_out(draft: Draft, row: Row) -> None:
    """The row is no task."""
    draft.leave_out(row)


def take_in(draft: Draft, row: Row) -> None:
    """The row is a task after all."""
    draft.take_in(row)


def let_stand(draft: Draft, row: Row) -> None:
    """What seemed contradictory is meant."""
    draft.let_stand(row)


@one_commit
def settle(plan_id: int, *, by: Actor, title: str, officers_may_submit: bool, leads_never_verify: bool) -> Plan:
    """The plan's title and options. Raises as `edit_row`."""
    plan = open_draft(plan_id, by)
    words = text(title)
    if not words or len(words) > LONGEST_NAME or "\n" in words:
        raise Invalid(_("标题要写成一行，不超过 %(n)s 字。") % {"n": LONGEST_NAME})
    plan.title = words
    plan.officers_may_submit, plan.leads_never_verify = officers_may_submit, leads_never_verify
    plan.save(update_fields=["title", "officers_may_submit", "leads_never_verify"])
    return plan


# --- its units --------------------------------------------------------------------------------------------------------
@one_commit
def match_unit(plan_id: int, name: str, unit_ids: Sequence[int], *, remember: bool, by: Actor) -> None:
    """A printed name means these units, or none of them: then it is left out. `remember` makes it the unit's alias.

    Raises NotFound, MoveNotPossible, NotAllowed or Invalid.
    """
    plan = open_draft(plan_id, by)
    draft = _table_of(plan)
    _check_printed(draft, name)
    units = list(Unit.objects.filter(region=plan.region, pk__in=unit_ids))
    if len(units) != len(set(unit_ids)):
        raise Invalid(_("选的单位不在名册里，请重新选择。"))
    if remember and len(units) == 1:
        people.remember_alias(units[0], name)
    draft.decide_unit(name, [unit.pk for unit in units])
    plan.save(update_fields=["table"])


@one_commit
def create_units(plan_id: int, names: Sequence[str], *, kind: str, by: Actor) -> list[Unit]:
    """New units of the region under the names the table has for them. Raises as `match_unit`."""
    plan = open_draft(plan_id, by)
    draft = _table_of(plan)
    for name in names:
        _check_printed(draft, name)
    if kind not in Unit.Kind.values:
        raise Invalid(_("请选单位的类别。"))
    try:
        units = people.add_units(plan.region, names, kind)
    except ValueError as problem:
        raise Invalid(str(problem)) from None
    for name in names:
        draft.units_decided().pop(name, None)
    draft.table["version"] += 1
    plan.save(update_fields=["table"])
    return units


def _table_of(plan: Plan) -> Draft:
    """What was read of the plan's document. Raises MoveNotPossible before it was."""
    if not plan.table:
        raise MoveNotPossible(_("这份文件还没有读完，请等它读完再办。"))
    return Draft(plan.table)


def _check_printed(draft: Draft, name: str) -> None:
    if name not in draft.unit_names():
        raise Invalid(_("表里没有写“%(name)s”。") % {"name": name[:64]})
