"""工作台: the few things that wait for this person, most urgent first; for who oversees the county, the figures."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from accounts.models import ADMINISTRATORS, Role
from notifications import inbox
from workflow import policies, queries
from workflow.errors import WorkflowError
from workflow.models import Part, Plan, SubItem, Submission
from workflow.queries import LedgerFilter
from workflow.states import Light, PartStatus, State
from workflow.views import countersigning, parts, words
from workflow.views.frame import now
from workflow.views.rounds import ending_words

URGENCY = {Light.RED: 0, Light.YELLOW: 1, None: 2, Light.GREEN: 2, Light.BLUE: 2}
PANEL = 5  # rows a panel shows; the rest is in the ledger
REASON = 60  # characters of a reason that fit the line
STEPS = {State.ASSIGNED: policies.check_may_accept, State.SUBMITTED: policies.check_may_verify}
OVERSEERS = (Role.INSPECTOR, Role.LEADER)


@login_required
@require_GET
def to_do(request: HttpRequest) -> HttpResponse:
    """Every role's first page; a person without business rights is sent to what is theirs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    roles = {post.role for post in actor.posts}
    if roles <= ADMINISTRATORS:
        return render(request, "workflow/no_business.html", {"roles": roles})
    today = timezone.localdate(now(request))
    items = list(queries.with_names(queries.waiting_for(actor, today)))
    mine = [item for item in items if item.state != State.SUBMITTED or policies.may_verify(item, actor)]
    not_mine = [item for item in items if item not in mine]
    asked = queries.with_names(queries.to_decide(actor, today))
    deciding = [item for item in asked if policies.may_extend(item, actor)]
    objected = queries.with_objections(queries.with_names(queries.objected_to(actor, today)))
    answering = [item for item in objected if policies.may_keep(item, actor)]
    drawn = queries.recheckable(actor, queries.with_names(queries.to_recheck(actor, today)))
    proposed = queries.with_names(queries.to_agree(actor, today))
    agreeing = [item for item in proposed if policies.may_agree(item, actor)]
    unreviewed = [item for item in queries.unreviewable(actor, today) if policies.may_name_verifier(item, actor)]
    owed = list(queries.parts_to_give(actor).select_related("item__plan").defer("item__plan__table"))
    reasons, signed = _reasons(mine), countersigning.drafted(mine, actor)
    rows = [_row(item, actor, today, reasons.get(item.pk, ""), signed.get(item.pk)) for item in mine]
    besides = [(_deciding, deciding), (_answering, answering), (_agreeing, agreeing), (_rechecking, drawn)]
    besides.append((_naming, unreviewed))
    rows += [shown(item, actor, today) for shown, found in besides for item in found]
    plan = queries.plans(actor).published().first() if actor.posts_as(*OVERSEERS) else None
    return render(
        request,
        "workflow/to_do.html",
        {
            "rows": [
                *(_yearly(each) for each in queries.undecided(actor, today)),
                *_by_urgency([*rows, *(_giving(part, today) for part in owed)]),
            ],
            "several": list(_several(mine)),
            "panels": [panel for panel in _panels(actor, today, mine, not_mine) if panel["rows"]],
            "figures": _figures(actor, today, plan) if plan else None,
            "ledger_url": reverse("workflow:ledger"),
        },
    )


def _several(mine: Sequence[SubItem]) -> Iterator[dict[str, str]]:
    """Where many can be done at once, of those that are more than one."""
    states = Counter(item.state for item in mine if not item.is_objected)
    for state, route, label in (
        (State.ASSIGNED, "accept", _("一并签收 %(n)s 项")),
        (State.SUBMITTED, "review-several", _("一并审核 %(n)s 项")),
        (State.VERIFIED, "concluding", _("一并办结 %(n)s 项")),
    ):
        if states[state] > 1:
            yield {"url": reverse(f"workflow:{route}"), "label": label % {"n": states[state]}}


def _reasons(items: Iterable[SubItem]) -> dict[int, str]:
    """Why each of these came back, of those that did: the last reason counts."""
    returned = [item.pk for item in items if item.state == State.IN_PROGRESS and item.is_returned]  # type: ignore[attr-defined]
    verdicts = Submission.objects.filter(item__in=returned, status=Submission.Status.REJECTED).order_by("reviewed_at")
    return dict(verdicts.values_list("item", "comment")) if returned else {}


def _row(item: SubItem, actor: Actor, today: date, reason: str, signed: dict[str, str] | None) -> dict[str, Any]:
    if item.to_sign_since is not None:  # type: ignore[attr-defined]
        said = {"for_words": _for(item, actor, policies.check_may_countersign)}
        return {**_facts(item, today), **countersigning.to_sign(item, today), **said}
    if signed is not None:
        return {**_facts(item, today), **signed, "for_words": _for(item, actor)}
    verb, url = _verb(item, actor)
    said = {"why": _why(item, today, reason), "for_words": _for(item, actor), "verb": verb, "url": url}
    return {**_facts(item, today), **said}


def _for(item: SubItem, actor: Actor, check: policies.Check | None = None) -> str:
    """代某某 where the step is somebody else's whom the reader stands in for, else nothing."""
    try:
        post = (check or _step(item, actor))(actor, item)
    except WorkflowError:
        return ""
    return _("代%(name)s") % {"name": post.for_name} if post is not None and post.is_lent else ""


def _step(item: SubItem, actor: Actor) -> policies.Check:
    """By which right the next step is the reader's."""
    if item.state == State.VERIFIED:
        return policies.check_may_renew if item.is_periodic else policies.check_may_close
    if item.state == State.IN_PROGRESS and item.has_draft and policies.may_submit(item, actor):  # type: ignore[attr-defined]
        return policies.check_may_submit
    return STEPS.get(State(item.state), policies.check_may_contribute)


def _by_urgency(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (URGENCY[row["light"]], row["due_on"] or date.max, row["position"]))


def _giving(part: Part, today: date) -> dict[str, Any]:
    """A part is asked of this person's unit; light and due date are the part's."""
    item, rules = part.item, part.item.plan.rules_in_force()
    lamp, lamp_words = parts.light(part, today, rules)
    returned = part.status == PartStatus.RETURNED
    why = _("请您单位配合：%(what)s") % {"what": Truncator(part.ask).chars(REASON)}
    if returned and part.settled_at:
        on = words.day(timezone.localdate(part.settled_at), today)
        why = _("%(since)s退回：%(reason)s") % {"since": on, "reason": Truncator(part.comment).chars(REASON)}
    return {
        "light": lamp,
        "light_words": lamp_words,
        "due_words": _("限 %(day)s") % {"day": words.day(part.due_on, today)} if part.due_on else "",
        "due_on": part.due_on,
        "position": item.position,
        "number": item.number,
        "text": item.text,
        "item_url": item.get_absolute_url(),
        "why": why,
        "verb": _("补材料") if returned else _("交配合材料"),
        "url": f"{item.get_absolute_url()}#act-part-{part.pk}-answer",
    }


def _deciding(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
    """More time is asked for."""
    asked = words.day(item.asked_on, today)  # type: ignore[attr-defined]
    why = _("%(unit)s申请延到%(day)s，同意前时限不变。") % {"unit": item.leads[0].name, "day": asked}
    url = f"{item.get_absolute_url()}#act-extension-grant"
    said = {"why": why, "for_words": _for(item, actor, policies.check_may_extend), "verb": _("决定延期"), "url": url}
    return {**_facts(item, today), **said}


def _answering(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
    """A lead objects."""
    objection = item.open_objection
    units = {"unit": objection.unit.name, "suggested": objection.suggested.name} if objection else {}
    why = _("%(unit)s提异议，认为该由%(suggested)s牵头；定下来以前不计时。") % units
    url = f"{item.get_absolute_url()}#objection"
    said = {"why": why, "for_words": _for(item, actor, policies.check_may_keep), "verb": _("定异议"), "url": url}
    return {**_facts(item, today), **said}


def _rechecking(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
    """Closed, and drawn to be looked at again."""
    draw = item.waiting[0].draw  # type: ignore[attr-defined]
    drawn = {"on": words.day(timezone.localdate(draw.at), today), "unit": item.leads[0].name}
    why = _("%(on)s抽中回头看，%(unit)s牵头，已销号。") % drawn
    url = f"{item.get_absolute_url()}#act-recheck-stands"
    said = {"why": why, "for_words": _for(item, actor, policies.inspector_of), "verb": _("核查"), "url": url}
    return {**_facts(item, today), **said}


def _agreeing(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
    """Criteria are proposed."""
    proposed = {"unit": item.leads[0].name, "n": len(item.criteria_proposed)}
    why = _("%(unit)s提出验收标准 %(n)s 条，同意后按它报送和审核。") % proposed
    url = f"{item.get_absolute_url()}#act-criteria-agree"
    said = {"why": why, "for_words": _for(item, actor, policies.check_may_agree), "verb": _("看标准"), "url": url}
    return {**_facts(item, today), **said}


def _naming(item: SubItem, actor: Actor, today: date) -> dict[str, Any]:
    """Nobody may review it."""
    why = queries.verifier_problem(item) or queries.verifier_reason(item)
    url = f"{item.get_absolute_url()}#act-name-verifier"
    for_words = _for(item, actor, policies.check_may_name_verifier)
    return {**_facts(item, today), "why": why, "for_words": for_words, "verb": _("另定审核单位"), "url": url}


def _yearly(asked: queries.Undecided) -> dict[str, Any]:
    """Duties without end of which nobody has said yet whether they go on."""
    url = reverse("workflow:yearly", query={"plan": asked.plan.pk})
    return {
        "light_words": _("年度研判"),
        "due_words": _("%(year)s年") % {"year": asked.year},
        "text": asked.plan.title,
        "item_url": url,
        "why": _("%(n)s 项长期坚持的事项，请逐项定：继续、转为常态还是结束。") % {"n": asked.count},
        "verb": _("研判"),
        "url": url,
    }


def _facts(item: SubItem, today: date) -> dict[str, Any]:
    calendar = item.plan.rules_in_force().calendar
    return {
        "light": item.light(today),
        "light_words": words.light(item, today, calendar),
        "due_words": words.limit(item, today),
        "due_on": item.due_on,
        "position": item.position,
        "number": item.number,
        "text": item.text,
        "item_url": item.get_absolute_url(),
    }


def _verb(item: SubItem, actor: Actor) -> tuple[str, str]:
    """The one next step, and where it is taken."""
    page = item.get_absolute_url()
    if item.state == State.ASSIGNED:
        return _("签收"), f"{page}#act-accept"
    if item.state == State.SUBMITTED:
        return _("审核"), reverse("workflow:review-item", args=[item.pk])
    if item.state == State.VERIFIED:
        return _("销号"), f"{page}#act-close"
    if item.parts_given and policies.may_gather(item, actor):
        return _("收下或退回"), f"{page}#parts"
    if item.has_draft and not item.parts_open and policies.may_submit(item, actor):  # type: ignore[attr-defined]
        return _("报送"), f"{page}#act-submit"
    if item.is_deserted and policies.may_assign(item, actor):  # type: ignore[attr-defined]
        return _("换经办人"), f"{page}#act-assign"
    return (_("补材料"), f"{page}#act-evidence") if item.is_returned else (_("报进展"), f"{page}#act-report")  # type: ignore[attr-defined]


def _why(item: SubItem, today: date, reason: str) -> str:
    """Why an item is on the list, in one sentence."""
    since = words.day(timezone.localdate(item.held_since), today) if item.held_since else ""
    if item.state == State.ASSIGNED:
        rules = item.plan.rules_in_force()
        limit = rules.calendar.add(timezone.localdate(item.held_since), rules.pack.sign_within)
        said = {"since": since, "limit": words.day(limit, today)}
        return (
            _("%(since)s分派，%(limit)s前签收。") if limit >= today else _("%(since)s分派，已过签收期限 %(limit)s。")
        ) % said
    if item.state == State.SUBMITTED:
        return _("%(unit)s报送，%(since)s送到。") % {"unit": item.leads[0].name, "since": since}
    if item.state == State.VERIFIED:
        if item.plan.owner_id in item.lead_ids:
            return _("已核验；统筹单位牵头，由督查销号。")
        return ending_words(item) or _("已核验，等统筹单位销号。")
    if item.assignee_id is None:
        return _("还没有经办人，请指定一位。")
    if item.parts_given:
        return _("%(units)s已答复配合请求，请收下或退回。") % {"units": words.units(item.parts_given)}
    if item.has_draft and not item.parts_open:  # type: ignore[attr-defined]
        return _("报送稿已拟好，等单位负责人签发。")
    if item.is_deserted:  # type: ignore[attr-defined]
        return _("经办人已离任，请另定。") if item.assignee_id else _("还没有经办人，请定一位。")
    if item.is_returned:  # type: ignore[attr-defined]
        return _("%(since)s退回：%(reason)s") % {"since": since, "reason": Truncator(reason).chars(REASON)}
    if item.light(today) in (Light.RED, Light.YELLOW):
        return _("请抓紧办理，办完传材料、报送。")
    news = item.reported_at or item.held_since
    days = (today - timezone.localdate(news)).days if news else 0
    return _("%(n)s 天没有报过进展，写一句近况即可。") % {"n": days}


def _figures(actor: Actor, today: date, plan: Plan) -> dict[str, Any]:
    """How many items of the newest plan stand under each light; each number leads to the ledger."""
    counts = queries.count_by_light(queries.ledger(actor, today, LedgerFilter(plan=plan.pk)))
    address = reverse("workflow:ledger")
    return {
        "plan": plan.title,
        "total": sum(counts.values()),
        "keys": [
            {"light": light.value, "label": light.label, "count": counts[light], "url": f"{address}?light={light}"}
            for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY, Light.BLUE)
            if counts[light] or light != Light.GREY
        ],
    }


def _panels(actor: Actor, today: date, mine: list[SubItem], not_mine: list[SubItem]) -> Iterator[dict[str, Any]]:
    waiting = list(queries.with_names(queries.with_others(actor, today)))
    yield _panel(_("在等别人"), waiting, lambda item: _held(item, today), _waited_for)
    yield {
        "title": _("催办"),
        "rows": [_reminder(message) for message in inbox.unread_of_kind(actor.user_id, "escalation", PANEL)],
    }
    in_hand = [item for item in queries.with_names(queries.in_hand(actor, today)) if item not in mine]
    yield _panel(_("正在办的"), in_hand, lambda item: words.day(item.due_on, today), lambda item: _light(item, today))
    still = list(queries.with_names(queries.suspended(actor, today)))
    reasons = {pk: entry.comment for pk, entry in queries.why_suspended(still).items()}
    yield _panel(
        _("暂停的"), still, lambda item: _light(item, today), lambda item: Truncator(reasons[item.pk]).chars(REASON)
    )
    yield _panel(_("不归您审"), not_mine, lambda item: "", lambda item: _refusal(actor, item))


def _panel(
    title: str, items: list[SubItem], right: Callable[[SubItem], str], note: Callable[[SubItem], str]
) -> dict[str, Any]:
    return {
        "title": title,
        "count": len(items),
        "rows": [
            {"number": i.number, "text": i.text, "note": note(i), "right": right(i), "url": i.get_absolute_url()}
            for i in items[:PANEL]
        ],
    }


def _waited_for(item: SubItem) -> str:
    """Whom the own unit waits for, and what for."""
    if item.unsigned:
        return _("%s会签") % "、".join(name for _unit, name in item.unsigned)
    if item.state == State.IN_PROGRESS:
        return _("%(units)s交配合材料") % {"units": words.units(item.parts_owed)}
    if not item.is_objected:
        return _("%s审核") % item.verifier
    return _("督查定异议") if item.plan.owner_id in item.lead_ids else _("统筹定异议")


def _light(item: SubItem, today: date) -> str:
    return words.light(item, today, item.plan.rules_in_force().calendar)


def _held(item: SubItem, today: date) -> str:
    return words.since(item.awaited_since, today, item.plan.rules_in_force().calendar)  # type: ignore[attr-defined]


def _refusal(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_verify(actor, item)
    except WorkflowError as refusal:
        return str(refusal)
    return ""


def _reminder(message: Any) -> dict[str, Any]:
    said = message.context
    return {
        "number": said.get("number", ""),
        "text": said.get("text", ""),
        "note": said.get("why", ""),
        "right": said.get("label", ""),
        "url": message.link,
    }
