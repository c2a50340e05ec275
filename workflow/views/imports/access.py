"""Who comes into the import wizard, to which draft, and how far along its four steps the draft is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role
from workflow import policies
from workflow.errors import NotAllowed, NotFound
from workflow.models import LongWork, Plan

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def own_units(actor: Actor) -> list[int]:
    return [post.unit_id for post in actor.posts_as(Role.COORDINATOR)]


def coordinators_only(view: View) -> View:
    """Everybody else gets a page with the policy's sentence."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor, own = actor_of(request), own_units(actor_of(request))
        try:
            policies.check_may_publish(actor, Plan(owner_id=own[0]) if own else Plan())
        except NotAllowed as refusal:
            return render(request, "workflow/imports/barred.html", {"why": refusal}, status=refusal.status)
        return view(request, *args, **kwargs)

    return checked


def own_plan(request: HttpRequest, plan_id: int) -> Plan:
    """A plan of a unit this person coordinates for, without the bytes of its document; else there is none."""
    actor = actor_of(request)
    plans = Plan.objects.visible_to(actor).filter(owner__in=own_units(actor))
    plan = plans.select_related("owner", "region", "revises", "document").defer("revises__table", "document__data")
    found = plan.filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def of_draft(view: View) -> View:
    """For the steps behind the first: the view gets a draft that was read; until then, and after, another page."""

    @wraps(view)
    @login_required
    @coordinators_only
    def opened(request: HttpRequest, plan_id: int, **kwargs: Any) -> HttpResponse:
        plan = own_plan(request, plan_id)
        try:
            return _elsewhere(request, plan) or view(request, plan, **kwargs)
        except NotFound:  # thrown away by somebody else in the meantime
            raise Http404 from None

    return opened


def _elsewhere(request: HttpRequest, plan: Plan) -> HttpResponse | None:
    """Where a draft is that can not be worked on: it has ended, a worker has it, or its file could not be read."""
    if plan.published_at:
        return redirect(ledger_of(plan))
    if plan.applied_at:
        return redirect("workflow:import-result", plan.pk)
    work = last_work(plan)
    status = 200 if request.method == "GET" else 409
    if work and work.finished_at is None:
        return progress_page(request, plan, work, status=status)
    if not plan.table:
        return unread_page(request, plan, work.refusal if work else "", status=status)
    return None


def last_work(plan: Plan) -> LongWork | None:
    return plan.long_works.order_by("-pk").first()


def ledger_of(plan: Plan) -> str:
    return reverse("workflow:ledger", query={"plan": plan.pk})


def to_draft(plan: Plan) -> HttpResponse:
    return HttpResponseRedirect(reverse("workflow:import", args=[plan.pk]), status=303)


def progress_page(request: HttpRequest, plan: Plan, work: LongWork, *, status: int = 200) -> HttpResponse:
    """How far the work is; htmx gets the bar alone."""
    known = {"done": f"{work.done:,}", "total": f"{work.total:,}"}
    context = {
        "plan": plan,
        "work": work,
        "steps": steps(plan, 1 if work.kind == LongWork.Kind.READ else 4),
        "heading": DOING[LongWork.Kind(work.kind)](),
        "how_far": HOW_FAR[LongWork.Kind(work.kind)]() % known if work.total else "",
        "waits": work.claimed_at is None,
    }
    partial = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "workflow/imports/_progress.html" if partial else "workflow/imports/progress.html"
    return render(request, template, context, status=status)


DOING = {
    LongWork.Kind.READ: lambda: _("正在读取文件"),
    LongWork.Kind.PUBLISH: lambda: _("正在发布方案"),
    LongWork.Kind.APPLY: lambda: _("正在办理修订"),
}
HOW_FAR = {
    LongWork.Kind.READ: lambda: _("已读 %(done)s 行，共 %(total)s 行"),
    LongWork.Kind.PUBLISH: lambda: _("已派 %(done)s 项，共 %(total)s 项"),
    LongWork.Kind.APPLY: lambda: _("已办 %(done)s 处，共 %(total)s 处"),
}


def unread_page(request: HttpRequest, plan: Plan, refusal: str, *, status: int = 200) -> HttpResponse:
    """A draft without a table: why its file was not taken, and what can be done."""
    context = {
        "plan": plan,
        "steps": steps(plan, 1),
        "why": refusal or _("这份文件还没有读完。请换一个文件，或者丢弃这份草稿。"),
    }
    return render(request, "workflow/imports/unread.html", context, status=status)


def steps(plan: Plan | None, now: int) -> list[dict[str, Any]]:
    """The four steps; those of a draft that was read lead to their pages."""
    last = ("import-changes", _("核对变更")) if plan and plan.revises_id else ("import-publish", _("发布"))
    named = [("imports", _("选文件")), ("import", _("核对内容")), ("import-units", _("对应单位")), last]
    ready = plan is not None and bool(plan.table) and not plan.applied_at
    return [
        {
            "no": no,
            "label": label,
            "stage": "done" if no < now else "now" if no == now else "todo",
            "url": reverse(f"workflow:{name}", args=[plan.pk]) if ready and plan and no not in (1, now) else "",
        }
        for no, (name, label) in enumerate(named, 1)
    ]
