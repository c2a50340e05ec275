"""台账: the table people know from Word, narrowed by what the address says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from accounts.models import Role
from workflow import queries
from workflow.calendar import WorkCalendar
from workflow.models import Escalation, JournalEntry, Plan, Section, SubItem
from workflow.queries import LedgerFilter
from workflow.states import Light, State
from workflow.views import rounds, words
from workflow.views.frame import now

SUPPORTS_SHOWN = 3


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest plan this person may see, or the one the address names; htmx gets the table alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate(now(request))
    plans = list(queries.plans(actor).published())
    plan = _plan(plans, request.GET.get("plan", ""))
    if plan is None:
        nothing = {"plan": {"title": _("台账")}, "sections": [], "total": 0, "whole_url": reverse("workflow:ledger")}
        return render(request, "workflow/ledger.html", nothing)
    wanted = _wanted(request, plan)
    whole = queries.ledger(actor, today, LedgerFilter(plan=plan.pk))
    items = list(queries.with_names(queries.ledger(actor, today, wanted)))
    counts = queries.count_by_light(whole)
    total = whole.count()
    context = {
        "plan": plan,
        "whole_url": reverse("workflow:ledger", query={"plan": plan.pk} if len(plans) > 1 else {}),
        "q": wanted.q,
        "filtered": wanted != LedgerFilter(plan=plan.pk),
        "shown": len(items),
        "total": total,
        "sections": list(_sections(items, today, plan.rules_in_force().calendar)),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workflow/_ledger_rows.html", context)
    context["lights"] = [
        {
            "code": light.value,
            "label": light.label,
            "count": counts[light.value],
            "chosen": light in wanted.light.split(","),
        }
        for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY, Light.BLUE)
        if counts[light.value] or light != Light.GREY
    ]
    context["plans"] = plans if len(plans) > 1 else []
    context["filters"] = list(_filters(actor, plan, wanted))
    if actor.post_as(Role.COORDINATOR, [plan.owner_id]):
        context["revise_url"] = reverse("workflow:imports", query={"revises": plan.pk})
    if actor.posts_as(Role.COORDINATOR, Role.INSPECTOR):
        context["yearly_url"] = reverse("workflow:yearly", query={"plan": plan.pk})
    return render(request, "workflow/ledger.html", context)


def _plan(plans: Sequence[Plan], chosen: str) -> Plan | None:
    if not chosen:
        return next(iter(plans), None)
    plan = next((plan for plan in plans if str(plan.pk) == chosen), None)
    if plan is None:
        raise Http404
    return plan


def _wanted(request: HttpRequest, plan: Plan) -> LedgerFilter:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.GET
    lights = [light for light in asked.getlist("light") if light in Light.values]
    section = asked.get("section", "")
    return LedgerFilter(
        plan=plan.pk,
        state=asked["state"] if asked.get("state") in State.values else "",
        light=",".join(lights),
        lead=asked.get("lead", "")[:64].replace("\0", ""),
        unit=asked.get("unit", "")[:64].replace("\0", ""),
        holder=asked.get("holder", "")[:64].replace("\0", ""),
        section=int(section) if section.isdecimal() and len(section) < 19 else None,
        q=asked.get("q", "").strip()[:100].replace("\0", ""),
    )


def _filters(actor: Actor, plan: Plan, wanted: LedgerFilter) -> Iterable[dict[str, Any]]:
    projects = Section.objects.filter(plan=plan, parent=None).values_list("pk", "number", "title")
    yield _choice(
        "section", _("工程"), [(str(pk), f"{no}、{title}") for pk, no, title in projects], str(wanted.section)
    )
    units = queries.lead_units(actor, plan.pk)
    yield _choice("lead", _("牵头单位"), [(name, name) for name in units], wanted.lead)
    holders = queries.holders(actor, plan.pk)
    yield _choice("holder", _("当前责任方"), [(name, name) for name in holders], wanted.holder)
    yield _choice("state", _("状态"), [(state.value, state.label) for state in State], wanted.state)


def _choice(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    listed = [{"value": value, "label": text, "chosen": value == chosen} for value, text in options]
    return {"name": name, "label": label, "options": listed}


def _sections(items: list[SubItem], today: date, calendar: WorkCalendar) -> Iterable[dict[str, Any]]:
    """Rows grouped by 工程 and 任务 in the order of the table; the bands stay when rows are filtered."""
    stopped = queries.why_suspended(items)
    rungs = _rungs(items)
    projects: dict[Section, dict[Section, list[SubItem]]] = {}
    for item in items:
        projects.setdefault(item.section.parent or item.section, {}).setdefault(item.section, []).append(item)
    for project, tasks in projects.items():
        held = [item for rows in tasks.values() for item in rows]
        lights = Counter(item.light(today) for item in held)
        yield {
            "title": f"{project.number}、{project.title}" if project.number else project.title,
            "lights": [
                {"light": light.value, "words": f"{light.label} {lights[light]}"}
                for light in (Light.RED, Light.YELLOW)
                if lights[light]
            ],
            "closed": lights[Light.BLUE],
            "total": len(held),
            "tasks": [
                {
                    "title": f"{task.number}. {task.title}" if task.number else task.title,
                    "items": [_row(item, today, calendar, rungs.get(item.pk), stopped.get(item.pk)) for item in rows],
                }
                for task, rows in tasks.items()
            ],
        }


def _rungs(items: list[SubItem]) -> dict[int, Escalation]:
    """The highest rung standing on the running due clock of late items."""
    rungs: dict[int, Escalation] = {}
    clocks = {item.pk: item.clocks.get("due", {}).get("seq") for item in items}
    found = Escalation.objects.filter(item__in=list(clocks), rung__startswith="due+", level__gt=0).order_by(
        "level", "pk"
    )
    for escalation in found:
        if clocks[escalation.item_id] == escalation.clock_seq:
            rungs[escalation.item_id] = escalation
    return rungs


def _row(
    item: SubItem, today: date, calendar: WorkCalendar, rung: Escalation | None, stopped: JournalEntry | None
) -> dict[str, Any]:
    light = item.light(today)
    supports = [unit.name for unit in item.supports]
    shown = SUPPORTS_SHOWN if len(supports) > SUPPORTS_SHOWN + 1 else len(supports)
    watched = light in (Light.RED, Light.YELLOW) or item.state in (State.ASSIGNED, State.SUBMITTED)
    return {
        "number": item.number,
        "text": item.text,
        "url": item.get_absolute_url(),
        "leads": [unit.name for unit in item.leads],
        "supports": supports,
        "supports_shown": shown,
        "supports_more": _("等 %(n)s 家") % {"n": len(supports)} if shown < len(supports) else "",
        "due_words": words.due(item),
        "original_due_on": item.moved_from,
        "round_words": words.round_due(item, today),
        "missed_words": rounds.missed(item),
        "ending_words": rounds.ending_words(item),
        "light": light,
        "light_words": words.light(item, today, calendar),
        "pause_words": stopped.comment if stopped else "",
        "rung": rung.level if rung and light == Light.RED else None,
        "rung_words": rung.label if rung else "",
        "state_label": State(item.state).label,
        "holder": item.holder.name if item.holder else "",
        "holder_days": words.held(item, today, calendar) if watched and item.holder else "",
        "done": light in (Light.BLUE, None),
    }
