"""选文件: a document comes in and is read; below the form stands what was begun and not finished."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Unit
from workflow import long_work
from workflow.actions import drafts
from workflow.errors import Invalid, WorkflowError
from workflow.models import LongWork, Plan
from workflow.queries import Registry
from workflow.tables import Draft
from workflow.views import words
from workflow.views.frame import now
from workflow.views.imports.access import actor_of, coordinators_only, own_units, steps, to_draft
from workflow.views.imports.draft_words import open_questions
from workflow.views.imports.uploads import ACCEPTED, is_light, received


@login_required
@require_http_methods(["GET", "POST"])
@coordinators_only
def imports(request: HttpRequest) -> HttpResponse:
    return _begin(request) if request.method == "POST" else _page(request, revises=request.GET.get("revises", ""))


def _begin(request: HttpRequest) -> HttpResponse:
    """Keep the file and have it read; one that is no table leaves nothing behind."""
    owner, revises, actor = request.POST.get("owner", ""), request.POST.get("revises", ""), actor_of(request)
    try:
        data, name = received(request)
        plan = drafts.begin(
            data, name, by=actor, now=now(request), owner_id=_number(owner), revises_id=_number(revises)
        )
        work = long_work.ask(LongWork.Kind.READ, plan, by=actor, here=is_light(data), now=now(request))
        if work.refusal:
            drafts.discard(plan.pk, by=actor)
            raise Invalid(work.refusal)
    except WorkflowError as refusal:
        return _page(request, owner=owner, revises=revises, error=refusal)
    return to_draft(plan)


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 19 else None


def _page(
    request: HttpRequest, *, owner: str = "", revises: str = "", error: WorkflowError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    units = Unit.objects.filter(pk__in=own_units(actor)).values_list("pk", "name")
    own = Plan.objects.visible_to(actor).filter(owner__in=own_units(actor))
    published = own.published().order_by("-published_at", "-pk").values_list("pk", "title")
    context = {
        "steps": steps(None, 1),
        "accept": ACCEPTED,
        "owners": list(units) if len(units) > 1 else [],
        "owner": _number(owner),
        "revisable": list(published),
        "revises": _number(revises),
        "error": error,
        "drafts": _drafts(request, own),
    }
    return render(request, "workflow/imports/files.html", context, status=error.status if error else 200)


def _drafts(request: HttpRequest, own: Any) -> list[dict[str, Any]]:
    begun = own.drafts().select_related("region", "revises", "document").defer("revises__table", "document__data")
    plans = list(begun.order_by("-created_at", "-pk"))
    working = set(LongWork.objects.filter(plan__in=plans, finished_at=None).values_list("plan", flat=True))
    registries = {plan.region_id: Registry(plan.region) for plan in _one_a_region(plans)}
    today = timezone.localdate(now(request))
    return [
        {
            "plan": plan,
            "at": words.moment(plan.created_at, today),
            **_how_far(plan, plan.pk in working, registries.get(plan.region_id)),
        }
        for plan in plans
    ]


def _one_a_region(plans: Iterable[Plan]) -> Iterable[Plan]:
    """Reading a region's units once is enough for all its drafts."""
    return {plan.region_id: plan for plan in plans if plan.table}.values()


def _how_far(plan: Plan, working: bool, registry: Registry | None) -> dict[str, Any]:
    """Which step a draft is to be taken up at, and what it holds."""
    if working or not plan.table or registry is None:
        return {"step": _("正在办理") if working else _("文件没有读成"), "url": _url(plan, "import"), "rows": None}
    draft = Draft(plan.table)
    decide, unmatched = open_questions(draft, registry)
    last = ("import-changes", _("核对变更")) if plan.revises_id else ("import-publish", _("发布"))
    name, step = ("import", _("核对内容")) if decide else ("import-units", _("对应单位")) if unmatched else last
    return {
        "step": step,
        "url": _url(plan, name),
        "rows": len(draft.standing()),
        "decide": decide,
        "unmatched": unmatched,
    }


def _url(plan: Plan, name: str) -> str:
    return reverse(f"workflow:{name}", args=[plan.pk])
