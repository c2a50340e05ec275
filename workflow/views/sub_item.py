"""子项页: one item whole, and the buttons this person may press now."""

import re
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actor import Actor
from workflow.actions import moves, reports, writing
from workflow.errors import NotFound, WorkflowError
from workflow.models import SubItem
from workflow.states import State
from workflow.views import amendment, criteria_forms, errors, sub_item_page
from workflow.views.frame import now

Act = Callable[[Actor, datetime, int | None], SubItem | None]


@login_required
@require_GET
def sub_item(request: HttpRequest, item_id: int) -> HttpResponse:
    return page(request, item_id, acting=request.GET.get("act", ""))


@login_required
@require_POST
def move(request: HttpRequest, item_id: int, name: str) -> HttpResponse:
    """Make a move; a refusal shows the page again with its sentence and what was typed."""
    details = {**amendment.details(request.POST.dict()), "answers": criteria_forms.answers(request.POST)}

    def act(actor: Actor, at: datetime, version: int | None) -> SubItem:
        basis = request.FILES.get("basis")
        return moves.make_move(item_id, name, by=actor, now=at, version=version, details=details, basis=basis)

    return done_or_refused(request, item_id, name, act)


@login_required
@require_POST
def report(request: HttpRequest, item_id: int) -> HttpResponse:
    said = request.POST

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        percent, text = said.get("percent", ""), said.get("text", "")
        reports.report_progress(item_id, by=actor, now=at, percent=percent, words=text, version=version)

    return done_or_refused(request, item_id, "report", act)


@login_required
@require_POST
def draft(request: HttpRequest, item_id: int) -> HttpResponse:
    summary, answers = request.POST.get("summary", ""), criteria_forms.answers(request.POST)

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        writing.check_version_given(actor, version)  # or a colleague's draft would be written over unseen
        reports.save_draft(item_id, by=actor, now=at, summary=summary, answers=answers, version=version)

    return done_or_refused(request, item_id, "draft", act)


def done_or_refused(request: HttpRequest, item_id: int, name: str, act: Act) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        item = act(actor, now(request), version_of(request))
    except NotFound:
        return errors.not_found(request)
    except WorkflowError as refusal:
        return page(request, item_id, refusal=refusal, acting=name)
    messages.success(request, _done(name, item))
    return redirect("workflow:sub-item", item_id)


def page(request: HttpRequest, item_id: int, *, refusal: WorkflowError | None = None, acting: str = "") -> HttpResponse:
    """The item as this person sees it; after a refusal with its sentence, its status and the form still open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        every = request.GET.get("all") == "1"
        context = sub_item_page.context(actor, item_id, now(request), said=request.POST, acting=acting, all_rows=every)
    except NotFound:
        return errors.not_found(request)
    context["refusal"] = str(refusal) if refusal else ""
    return render(request, "workflow/sub_item.html", context, status=refusal.status if refusal else 200)


def version_of(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 19 else None


def _done(name: str, item: SubItem | None) -> str:
    """What happened, then what next."""
    unsigned = "、".join(name for _unit, name in item.unsigned) if item is not None else ""
    unit = item.verifier if item is not None and item.state == State.SUBMITTED else ""
    name = re.sub(r"^part-\d+-", "part-", name)
    return {
        "accept": _("已签收，可以开始办理。"),
        "assign": _("已换经办人，前后两位都会收到消息。"),
        "submit": _("已报送，由%(unit)s审核。") % {"unit": unit},
        "withdraw": _("已撤回，改好后可以再报送。"),
        "approve": _("已通过，等统筹单位办结。"),
        "reject": _("已退回，牵头单位会收到理由。"),
        "close": _("已销号，这一项办结。"),
        "renew": _("已转下期，牵头单位继续办理。"),
        "suspend": _("已暂停，期间不计时限、不催办，到期自动恢复。"),
        "resume": _("已恢复，时限按暂停的天数顺延。"),
        "reopen": _("已重启，牵头单位会收到理由和新的时限。"),
        "amend": _("已改，承担的单位会收到改动和依据。"),
        "reassign": _("已改派，等%(unit)s签收。") % {"unit": item.holder if item is not None else ""},
        "name-verifier": _("已定由%(unit)s审核，有关的人会收到理由。")
        % {"unit": item.verifier if item is not None else ""},
        "split": _("已分出，分出的一项等签收，编号见流程记录。"),
        "cancel": _("已撤销，记录保留。"),
        "report": _("进展已记下。"),
        "circulate": _("已送会签，等%(units)s签。") % {"units": unsigned},
        "countersign": _("已会签，还在等%(units)s。") % {"units": unsigned}
        if unsigned
        else _("已会签，都签齐了，由主牵头单位报送。"),
        "refuse-countersign": _("已答复不同意，主牵头单位会收到意见。"),
        "extension-request": _("已申请延期，同意前时限不变。"),
        "extension-withdraw": _("已撤回延期申请，时限不变。"),
        "extension-grant": _("已同意延期，牵头单位会收到新的时限。"),
        "extension-refuse": _("已答复不同意，牵头单位会收到理由。"),
        "objection-raise": _("已提异议，统筹来定；定下来以前不计时。"),
        "objection-withdraw": _("已撤回异议，请签收。"),
        "objection-keep": _("已维持，牵头单位会收到理由，从今天起签收。"),
        "recheck-stands": _("已记下：结论成立，牵头单位会收到核查意见。"),
        "criteria-agree": _("已同意验收标准，报送和审核按它逐条看。"),
        "criteria-return": _("已退回验收标准，牵头单位会收到理由。"),
        "part-ask": _("已发配合请求，被请求的单位会收到通知。"),
        "part-answer": _("已交，等牵头单位收下。"),
        "part-decline": _("已说明，等牵头单位答复。"),
        "part-accept": _("已收下，附在这一项的材料里。"),
        "part-return": _("已退回，配合单位会收到理由。"),
        "part-waive": _("已免交，配合单位会收到理由。"),
        "draft": _("已送负责人签发，签发前还可以改。"),
    }.get(name, _("已办好。"))
