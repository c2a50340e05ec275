"""What the coordinator corrects in a draft: its rows and its options."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow.actions.commit import one_commit
from workflow.actions.details import LONGEST, text
from workflow.actions.drafts import LONGEST_NAME, open_draft
from workflow.errors import Invalid, MoveNotPossible, NotFound, StaleVersion
from workflow.models import Plan
from workflow.states import Frequency
from workflow.tables import Draft
from workflow.tables.draft import HEADINGS, Row

Edit = Callable[[Draft, Row], None]
LONGEST_QUOTED = 40  # characters of a cell inside a sentence
ONE_LINE = frozenset({*HEADINGS, "item_no", "title"})
LABELS = {
    "title": lambda: _("标题"),
    "section_no": lambda: _("工程编号"),
    "section": lambda: _("工程"),
    "task_no": lambda: _("任务编号"),
    "task": lambda: _("任务"),
    "item_no": lambda: _("编号"),
    "text": lambda: _("具体内容"),
    "leads_raw": lambda: _("牵头单位"),
    "supports_raw": lambda: _("配合单位"),
    "deadline_raw": lambda: _("完成时限"),
    "notes": lambda: _("备注"),
}


@one_commit
def edit_row(plan_id: int, row_id: int, edit: Edit, *, by: Actor, version: int | None) -> Draft:
    """Do one of the edits below to a row; `version` is the row's as the person saw it.

    Raises NotFound, StaleVersion, MoveNotPossible, NotAllowed or Invalid; then nothing is written.
    """
    plan = open_draft(plan_id, by)
    draft = table_of(plan)
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
        words = dict(_cleaned(said, row))
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
                % {"words": str(unread)[:LONGEST_QUOTED]}
            ) from None
        if headings != {name: row[name] for name in headings}:
            draft.rename_heading(row, headings)

    return edit


def _cleaned(said: Mapping[str, Any], row: Row) -> Iterator[tuple[str, Any]]:
    """What a person changed: what stands there already is the document's own, whatever it is."""
    for name, value in said.items():
        if not isinstance(value, str):
            yield name, value
        elif value.replace("\r\n", "\n") != row.get(name):
            yield name, _words(name, value)


def _words(name: str, value: str) -> str:
    words = LABELS.get(name, lambda: _("这一格"))()
    if len(value) > LONGEST:
        raise Invalid(_("“%(cell)s”超过 %(n)s 字，请写短一些。") % {"cell": words, "n": LONGEST})
    try:
        clean = text(value)
    except Invalid:
        raise Invalid(_("“%(cell)s”里有无法保存的字符，请重新输入。") % {"cell": words}) from None
    if name in ONE_LINE and "\n" in clean:
        raise Invalid(_("“%(cell)s”要写成一行。") % {"cell": words})
    return clean


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
def settle(
    plan_id: int,
    *,
    by: Actor,
    title: str,
    officers_may_submit: bool,
    leads_never_verify: bool,
    asks_supports_at_dispatch: bool,
) -> Plan:
    """The plan's title and options. Raises as `edit_row`."""
    plan = open_draft(plan_id, by)
    words = _words("title", title)
    if not words or len(words) > LONGEST_NAME:
        raise Invalid(_("标题要写成一行，不超过 %(n)s 字。") % {"n": LONGEST_NAME})
    plan.title = words
    plan.officers_may_submit, plan.leads_never_verify = officers_may_submit, leads_never_verify
    plan.asks_supports_at_dispatch = asks_supports_at_dispatch
    plan.save(update_fields=["title", "officers_may_submit", "leads_never_verify", "asks_supports_at_dispatch"])
    return plan


def table_of(plan: Plan) -> Draft:
    """What was read of the plan's document. Raises MoveNotPossible before it was."""
    if not plan.table:
        raise MoveNotPossible(_("这份文件还没有读完，请等它读完再办。"))
    return Draft(plan.table)
