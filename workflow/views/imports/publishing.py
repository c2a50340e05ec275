"""发布: what will happen, what still prevents it, and the one button that does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Unit
from workflow import long_work
from workflow.actions import corrections
from workflow.actions.plans import inspecting_units, passed_dates, published_as
from workflow.errors import Invalid, NotFound, StaleVersion, WorkflowError
from workflow.models import LongWork, Plan
from workflow.queries import Registry
from workflow.tables import Draft
from workflow.views import words
from workflow.views.frame import now
from workflow.views.imports.access import actor_of, ledger_of, of_draft, steps
from workflow.views.imports.obstacles import obstacles, undecided_hints
from workflow.views.imports.progress import published_words
from workflow.views.sub_item import version_of

AT_ONCE = 500  # rows whose publishing takes no longer than a person waits for a page


@require_http_methods(["GET", "POST"])
@of_draft
def publishing(request: HttpRequest, plan: Plan) -> HttpResponse:
    if plan.revises_id:
        return redirect("workflow:import-changes", plan.pk)
    return _publish(request, plan) if request.method == "POST" else _page(request, plan)


def _publish(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Settle title and options, then publish: here, or by a worker whose progress the draft's page shows."""
    actor, version = actor_of(request), version_of(request)
    said: dict[str, Any] = {
        "title": request.POST.get("title", ""),
        "officers_may_submit": "officers_may_submit" in request.POST,
        "leads_never_verify": "leads_never_verify" in request.POST,
        "asks_supports_at_dispatch": "asks_supports_at_dispatch" in request.POST,
    }
    agreed = "passed_agreed" in request.POST
    try:
        plan.title = corrections.settle(plan.pk, by=actor, **said).title
        here = len(Draft(plan.table).standing()) <= AT_ONCE
        work = long_work.ask(
            LongWork.Kind.PUBLISH, plan, by=actor, here=here, now=now(request), version=version, passed_agreed=agreed
        )
        _check_done(work, stale=version != Draft(plan.table).version)
    except NotFound:
        raise
    except WorkflowError as refusal:
        return _page(request, plan, said=said, agreed=agreed, refusal=refusal)
    if work.finished_at is None:
        return HttpResponseRedirect(reverse("workflow:import-progress", args=[plan.pk]), status=303)
    messages.success(request, published_words(plan, work))
    return HttpResponseRedirect(ledger_of(plan), status=303)


def _check_done(work: LongWork, *, stale: bool) -> None:
    """Work that was refused here is a refusal of the page; its first sentence, the page lists the others."""
    if work.refusal:
        raise (StaleVersion if stale else Invalid)(work.refusal.partition("\n")[0])


def _page(
    request: HttpRequest,
    plan: Plan,
    *,
    said: dict[str, Any] | None = None,
    agreed: bool = False,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    draft = Draft(plan.table)
    registry = Registry(plan.region, draft.units_decided())
    today = timezone.localdate(now(request))
    rows = draft.standing()
    units = registry.ids_of([name for row in rows for name in (*row["leads"], *row["supports"])])
    same = published_as(plan.title, plan.region)
    context = {
        "plan": plan,
        "steps": steps(plan, 4),
        "version": draft.version,
        "items": len(rows),
        "units": len(units),
        "groups": sum(registry.units[pk].kind == Unit.Kind.GROUP for pk in units),
        "title": said["title"] if said else plan.title,
        "officers_may_submit": said["officers_may_submit"] if said else plan.officers_may_submit,
        "leads_never_verify": said["leads_never_verify"] if said else plan.leads_never_verify,
        "asks_supports": said["asks_supports_at_dispatch"] if said else plan.asks_supports_at_dispatch,
        "supervisors": list(plan.supervisors.values_list("unit__name", flat=True)),
        "inspecting": "、".join(unit.name for unit in inspecting_units(plan)),
        "passed": passed_dates(draft, today),
        "agreed": agreed,
        "same": {"plan": same, "on": words.day(timezone.localdate(same.published_at), today)} if same else None,
        "open": undecided_hints(plan, draft),
        "unstaffed": "、".join(unit.name for unit in registry.unstaffed(units)),
        "refusal": str(refusal) if refusal else "",
        **obstacles(plan, draft, registry),
    }
    return render(request, "workflow/imports/publishing.html", context, status=refusal.status if refusal else 200)
