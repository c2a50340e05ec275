"""The buttons of a sub-item's page: from the declaration of the moves, and for what a unit hands in while it works."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role
from workflow import policies, queries
from workflow.errors import NotAllowed
from workflow.models import Report, SubItem, Submission
from workflow.models.moves import MOVES, Move
from workflow.states import State
from workflow.views import amendment
from workflow.views.criteria_forms import AnswerFields, refill
from workflow.views.fields import LONGEST, field, file_field

REVIEWED = ("approve", "reject")  # made on the review page
WARNINGS = {
    "reassign": lambda: _("改派后由新的主牵头单位重新签收、定经办人，已有的材料和进展一并转交。"),
    "split": lambda: _("分出后它单独签收、办理和审核，这一项由其余牵头单位接着办。"),
    "name-verifier": lambda: _("已报送的随之转给新的审核单位，审核时间重新算；等待决定的延期申请也由它决定。"),
    "suspend": lambda: _("暂停期间不计时限、不催办，也不能签收和报送；可以继续报进展、传材料。"),
    "resume": lambda: _("恢复后时限按停了的天数顺延，签收、反馈、到期重新计时。"),
    "renew": lambda: _("现在就开始下一期；不转的，到期第二天系统自动转。"),
    "cancel": lambda: _("撤销后不再督办，记录保留。"),
    "close": lambda: _("销号后这一项办结；需要时可以重启，记录保留。"),
}
PAUSES = ("suspend", "resume", "lapse")
# Whose greyed buttons somebody gets to see with the reason: those of their own trade.
TRADES = {"submit": (Role.OFFICER, Role.HEAD), "close": (Role.COORDINATOR, Role.VERIFIER)}


def buttons(
    actor: Actor,
    item: SubItem,
    *,
    draft: Submission | None,
    last: str,
    reports: Sequence[Report],
    next_step: str,
    said: QueryDict,
    acting: str,
    answers: AnswerFields,
    more: Iterable[dict[str, Any]] = (),
    not_yet: str = "",
) -> list[dict[str, Any]]:
    """What this person may do now, `next_step` first; a form that was refused comes back open, as typed.

    `not_yet` says why the item cannot be handed in by whoever else may, as long as it cannot.
    """
    work = _work(actor, item, draft, last, reports, answers)
    shown = [*work, *more, *_moves(actor, item, draft, last, not_yet, answers)]
    for button in shown:
        if button["name"] == acting:
            button["open"] = True
            for field in button["fields"]:
                refill(field, said)
    for button in shown:
        button["primary"] = button["name"] == next_step and not button["disabled_reason"]
    return sorted(shown, key=lambda button: not button["primary"])


def _work(
    actor: Actor,
    item: SubItem,
    draft: Submission | None,
    last: str,
    reports: Sequence[Report],
    answers: AnswerFields,
) -> Iterator[dict[str, Any]]:
    """What a unit hands in while it works; each text starts from the last one, nobody types the same twice."""
    if item.state != State.IN_PROGRESS or not policies.may_contribute(item, actor):
        return
    caption = field("caption", _("说明"), "text", maxlength=200)
    upload = button("evidence", _("传材料"), item, [file_field(), caption], icon="upload", multipart=True)
    voids = _("材料、报送说明有改动，会签就作废，要重新送会签。") if item.countersignatures else ""
    yield {**upload, "warning": voids}
    before = reports[0] if reports else None
    percent = field("percent", _("完成比例（%）"), "number", required=True, min=0, max=100)
    text = field("text", _("进展情况"), "textarea", required=True, maxlength=LONGEST)
    if before is not None:
        percent["value"], text["value"] = before.percent, before.text
        text["hint"] = _("已带出上次写的，改成现在的情况。")
    yield button("report", _("报进展"), item, [percent, text])
    signs = policies.may_submit(item, actor)
    if signs and not item.countersignatures and not item.parts_open:
        return  # whoever signs hands in or sends round, without a draft in between, unless others are to act first
    summary = field("summary", _("报送说明"), "textarea", required=True, maxlength=LONGEST)
    summary["value"] = draft.summary if draft else last
    submit = _("存报送稿") if signs else _("送负责人签发")
    label = _("改报送稿") if draft else _("送签发")
    yield {**button("draft", label, item, [summary, *answers("draft")], submit=submit), "warning": voids}


def _moves(
    actor: Actor, item: SubItem, draft: Submission | None, last: str, not_yet: str, answers: AnswerFields
) -> Iterator[dict[str, Any]]:
    for move in MOVES.values():
        waits = item.state in move.sources and move.name in TRADES
        if move.name in REVIEWED or not (waits or move.starts_from(item) or _stands_still(actor, item, move)):
            continue
        fields = _fields(actor, item, move, draft, last, answers)
        if move.with_basis:
            fields.append(
                field("basis", _("依据文件"), "file", hint=_("作为依据的文件，例如修订通知，留在流程记录里。"))
            )
        shown = button(move.name, str(move.label), item, fields, multipart=move.with_basis)
        shown["warning"] = WARNINGS[move.name]() if move.name in WARNINGS else ""
        if move.name == "submit" and item.extension_is_open:
            shown["warning"] = _("报送后，等待决定的延期申请随之撤回。")
        shown["submit_label"] = _("撤销这一项") if move.name == "cancel" else str(move.label)
        refused = _reason(actor, item, move)
        shown["disabled_reason"] = refused if refused is None else move.obstacle(item) or refused
        if shown["disabled_reason"] is None:
            continue
        if move.name == "submit":
            shown["disabled_reason"] = shown["disabled_reason"] or not_yet
        yield shown


def _stands_still(actor: Actor, item: SubItem, move: Move) -> bool:
    """Whether this person could make the move if the item were not paused: then it is shown, with the reason."""
    return bool(item.pause) and move.name not in PAUSES and item.state in move.sources and move.permission(item, actor)


def _reason(actor: Actor, item: SubItem, move: Move) -> str | None:
    """Empty: allowed. A sentence: greyed, with it. None: nothing of this person's, not shown."""
    try:
        move.check(actor, item)
    except NotAllowed as refusal:
        concerned = actor.posts_as(*TRADES.get(move.name, ()))
        units = {item.lead_ids[0], item.plan.owner_id} if move.name == "close" else {item.lead_ids[0]}
        return str(refusal) if any(post.unit_id in units for post in concerned) else None
    return ""


def _fields(
    actor: Actor, item: SubItem, move: Move, draft: Submission | None, last: str, answers: AnswerFields
) -> list[dict[str, Any]]:
    if move.name in ("amend", "reassign", "split"):
        return amendment.fields(item, move)
    fields = []
    for name in (*move.requires, *move.takes):
        required = name in move.requires
        if name == "assignee":
            fields.append(_people(actor, item, move))
        elif name == "summary" and not item.co_lead_ids:  # with them what was signed is handed in, as it is
            text = draft.summary if draft else last
            fields.append(field(name, _("报送说明"), "textarea", value=text, required=True, maxlength=LONGEST))
        elif name == "answers" and not item.co_lead_ids:
            fields += answers(move.name)
        elif name == "verifier":
            units = [(unit.name, unit.name) for unit in queries.units_that_may_review(item)]
            fields.append(field(name, _("由哪个单位审核"), "select", choices=units, required=True))
        elif name == "until":
            day = field(name, _("暂停到"), "date", required=True, hint=_("最多一年；这一天过后自动恢复。"))
            fields.append(day)
        elif name == "grounds":
            fields.append(field(name, _("依据"), "text", maxlength=LONGEST, hint=_("例如文件的名称和文号。")))
        elif name == "due_on":
            fields.append(field(name, _("新的完成时限"), "date", required=True))
        elif required or (move.name == "close" and item.is_periodic and not item.ending):
            fields.append(field(name, _("理由"), "textarea", required=True, maxlength=LONGEST))
        elif move.name in ("close", "resume"):
            fields.append(field(name, _("说明"), "textarea", maxlength=LONGEST))
    return fields


def _people(actor: Actor, item: SubItem, move: Move) -> dict[str, Any]:
    """Who may be 经办人: to begin with whoever signs, later anybody but the present one."""
    people = [(p["username"], p["name"]) for p in queries.people_of([item.holder_id])]
    if move.name == "accept":
        return field("assignee", _("经办人"), "select", choices=people, value=actor.username, required=True)
    others = [pair for pair in people if item.assignee is None or pair[0] != item.assignee.username]
    return field("assignee", _("新的经办人"), "select", choices=others, required=True)


def button(
    name: str,
    label: str,
    item: SubItem,
    fields: list[dict[str, Any]],
    *,
    icon: str = "",
    multipart: bool = False,
    submit: str = "",
    url: str = "",
) -> dict[str, Any]:
    route = {"evidence": "workflow:evidence-add", "report": "workflow:report", "draft": "workflow:draft"}.get(name)
    for each in fields:
        each["id"] = f"{name}-{each['name']}"
    return {
        "name": name,
        "label": label,
        "icon": icon,
        "primary": False,
        "wide": False,
        "url": url or (reverse(route, args=[item.pk]) if route else reverse("workflow:move", args=[item.pk, name])),
        "fields": fields,
        "multipart": multipart,
        "submit_label": submit or label,
        "disabled_reason": "",
        "warning": "",
        "open": False,
    }
