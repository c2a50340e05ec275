"""回头看: draw closed items by lot, see every draw and what was found, and how anyone repeats it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.models import Role
from workflow import drawing, policies, queries
from workflow.actions import rechecks
from workflow.errors import NotFound, WorkflowError
from workflow.models import Draw, Plan, Recheck
from workflow.views import errors, recheck, words
from workflow.views.fields import field
from workflow.views.frame import now
from workflow.views.sub_item import done_or_refused

OVERSEERS = (Role.INSPECTOR, Role.LEADER, Role.COORDINATOR)
View = Callable[..., HttpResponse]


def overseers_only(view: View) -> View:
    """To everyone else these pages do not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _actor(request).posts_as(*OVERSEERS):
            return errors.not_found(request)
        return view(request, *args, **kwargs)

    return guarded


@login_required
@require_http_methods(["GET", "POST"])
@overseers_only
def overview(request: HttpRequest) -> HttpResponse:
    """What waits for a verdict, the form to draw, and what was drawn before."""
    return _draw(request) if request.method == "POST" else _page(request)


def _draw(request: HttpRequest) -> HttpResponse:
    said = request.POST
    amount = {"size": said.get("amount"), "percent": None}
    if said.get("of") == "percent":
        amount = {"size": None, "percent": said.get("amount")}
    try:
        made = rechecks.draw(
            _number(said.get("plan", "")) or 0,
            by=_actor(request),
            now=now(request),
            number=_number(said.get("number", "")),
            public=said.get("public", ""),
            closed_from=said.get("closed_from"),
            closed_to=said.get("closed_to"),
            **amount,
        )
    except NotFound:
        return errors.not_found(request)
    except WorkflowError as refusal:
        return _page(request, refusal=refusal)
    messages.success(request, _("已抽取 %(n)s 项，牵头单位负责人会收到通知。") % {"n": made.size})
    return redirect("workflow:draw", made.pk)


def _page(request: HttpRequest, refusal: WorkflowError | None = None) -> HttpResponse:
    actor, today = _actor(request), timezone.localdate(now(request))
    plans = [plan for plan in queries.plans(actor).published() if policies.may_see_draws(plan, actor)]
    plan = _plan(plans, request.POST.get("plan", "") or request.GET.get("plan", ""))
    made = list(queries.draws(actor).filter(plan=plan)) if plan else []
    waiting = list(queries.rechecks(actor).pending())
    context = {
        "plan": plan,
        "plans": plans if len(plans) > 1 else [],
        "pending": [_pending(each, actor, today, several=len(plans) > 1) for each in waiting],
        "draws": [_row(each, today) for each in made],
        "form": _form(request, plan, made, today) if plan and policies.may_draw(plan, actor) else None,
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "workflow/rechecks.html", context, status=refusal.status if refusal else 200)


def _plan(plans: Sequence[Plan], chosen: str) -> Plan | None:
    if not chosen:
        return next(iter(plans), None)
    plan = next((plan for plan in plans if str(plan.pk) == chosen), None)
    if plan is None:
        raise Http404
    return plan


def _pending(each: Recheck, actor: Actor, today: date, *, several: bool) -> dict[str, Any]:
    item, drawn_on = each.item, words.day(timezone.localdate(each.draw.at), today)
    why = recheck.refusal(actor, each) if actor.posts_as(Role.INSPECTOR) else ""
    said = {"on": drawn_on, "units": "、".join(unit.name for unit in item.leads)}
    return {
        "number": item.number,
        "text": item.text,
        "url": item.get_absolute_url(),
        "when": drawn_on,
        "plan": item.plan.title if several else "",
        "words": why or _("%(units)s牵头，%(on)s抽中。") % said,
        "verb_url": f"{item.get_absolute_url()}#act-recheck-stands" if policies.may_recheck(each, actor) else "",
    }


def _row(made: Draw, today: date) -> dict[str, Any]:
    said = {"size": made.size, "among": made.candidates, "name": made.drawn_by.name, "unit": made.unit.name}
    return {
        "number": made.number,
        "url": made.get_absolute_url(),
        "on": words.day(timezone.localdate(made.at), today),
        "period": period_words(made),
        "words": _("%(among)s 项里抽 %(size)s 项，%(unit)s %(name)s抽取。") % said,
        "pending": made.pending,  # type: ignore[attr-defined]
    }


def period_words(made: Draw) -> str:
    days = {"since": made.closed_from.isoformat(), "until": made.closed_to.isoformat()}
    return _("%(since)s 至 %(until)s 销号的") % days


def _form(request: HttpRequest, plan: Plan, made: Sequence[Draw], today: date) -> dict[str, Any]:
    """What to draw from, how many, and the words; what is sealed for this draw is shown before it."""
    following = made[0].number + 1 if made else 1
    since, until = last_quarter(today)
    units = [("size", _("项数")), ("percent", _("百分比"))]
    fields = [
        field("closed_from", _("销号日期从"), "date", required=True, value=since, max=today.isoformat()),
        field("closed_to", _("到"), "date", required=True, value=until, max=today.isoformat()),
        field("amount", _("抽多少"), "number", required=True, min=1),
        field("of", _("按"), "select", required=True, value="size", choices=units),
        field("public", _("公开数"), "text", required=True, maxlength=rechecks.LONGEST_PUBLIC),
    ]
    fields[-1]["hint"] = _("事先谁也不知道、事后谁都查得到的，如当天福彩的期号和号码、日报头版标题。")
    for each in fields:
        each["id"] = f"draw-{each['name']}"
        each["value"] = request.POST.get(each["name"], each["value"])
    days = (date.min, today)
    return {
        "fields": fields,
        "number": following,
        "sealed": rechecks.promise(plan.pk, following),
        "left": len(queries.closings_to_draw(plan.pk, *days)),
    }


def last_quarter(today: date) -> tuple[date, date]:
    """First and last day of the calendar quarter before this one."""
    begins = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    until = begins - timedelta(days=1)
    return date(until.year, until.month - 2, 1), until


# --- one draw ---------------------------------------------------------------------------------------------------------
@login_required
@require_GET
@overseers_only
def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    actor, today = _actor(request), timezone.localdate(now(request))
    made = Draw.objects.visible_to(actor).select_related("plan", "drawn_by", "unit").filter(pk=draw_id).first()
    if made is None:
        return errors.not_found(request)
    drawn = list(queries.rechecks(actor).filter(draw=made))
    record = made.published
    context = {
        "draw": made,
        "on": words.day(timezone.localdate(made.at), today),
        "period": period_words(made),
        "system": record.system,
        "sealed": drawing.fingerprint(record.system),
        "kept": _kept(made),
        "rows": [_drawn(each, today) for each in drawn],
        "candidates": [candidate.number for candidate in record.candidates],
        "fingerprint": made.fingerprint,
        "sound": queries.draw_is_sound(made),
        "recipe": f"f={_filename(made)}\n{drawing.RECIPE}",
        "record_url": reverse("workflow:draw-record", args=[made.pk]),
    }
    return render(request, "workflow/draw.html", context)


def _drawn(each: Recheck, today: date) -> dict[str, Any]:
    item = each.item
    return {
        "number": item.number,
        "text": item.text,
        "url": item.get_absolute_url(),
        "leads": [unit.name for unit in item.leads],
        "outcome": str(Recheck.Status(each.status).label),
        "who": _("%(on)s %(name)s")
        % {"on": words.day(timezone.localdate(each.settled_at), today), "name": each.settled_by}
        if each.settled_at
        else "",
        "comment": each.comment,
    }


def _kept(made: Draw) -> bool | None:
    """Whether its number is the one sealed when the draw before was published; None for the first."""
    before = Draw.objects.filter(plan=made.plan_id, number=made.number - 1).values_list("next", flat=True).first()
    return None if before is None else before == drawing.fingerprint(made.published.system)


@login_required
@require_GET
@overseers_only
def record(request: HttpRequest, draw_id: int) -> HttpResponse:
    """The published record as a text, byte for byte as its fingerprint in the journals has it."""
    made = Draw.objects.visible_to(_actor(request)).filter(pk=draw_id).first()
    if made is None:
        return errors.not_found(request)
    answer = HttpResponse(made.record.encode(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_filename(made)}"'
    return answer


def _filename(made: Draw) -> str:
    return f"luoshi-draw-{made.plan_id}-{made.number}.txt"


@login_required
@require_POST
def stands(request: HttpRequest, recheck_id: int) -> HttpResponse:
    """The closing stands; a refusal shows the sub-item again with its sentence and what was typed."""
    visible = Recheck.objects.visible_to(_actor(request)).filter(pk=recheck_id)
    item_id = visible.values_list("item_id", flat=True).first()
    if item_id is None:
        return errors.not_found(request)

    def act(actor: Actor, at: datetime, version: int | None) -> None:
        comment = request.POST.get("comment", "")
        rechecks.let_stand(recheck_id, by=actor, now=at, version=version, comment=comment)

    return done_or_refused(request, item_id, "recheck-stands", act)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 19 else None
