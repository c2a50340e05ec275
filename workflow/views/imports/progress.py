"""While a worker has a draft: how far it is, and where it leads when it has ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from workflow.models import LongWork, Plan, Responsibility
from workflow.views.imports.access import coordinators_only, last_work, ledger_of, own_plan, progress_page


@require_safe
@login_required
@coordinators_only
def progress(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Asked again and again while something is done; leads on when it has ended."""
    plan = own_plan(request, plan_id)
    work = last_work(plan)
    if work is not None and work.finished_at is None:
        return progress_page(request, plan, work)
    address = _after(request, plan, work)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def _after(request: HttpRequest, plan: Plan, work: LongWork | None) -> str:
    if work is None or work.kind == LongWork.Kind.READ:
        return _address(plan, "import")
    if work.kind == LongWork.Kind.APPLY and not work.refusal:
        return _address(plan, "import-result")
    if work.refusal:
        messages.error(request, work.refusal.partition("\n")[0])
        return _address(plan, "import-changes" if work.kind == LongWork.Kind.APPLY else "import-publish")
    messages.success(request, published_words(plan, work))
    return ledger_of(plan)


def published_words(plan: Plan, work: LongWork) -> str:
    """What publishing did, in one or two sentences."""
    units = Responsibility.objects.filter(item__plan=plan).values("unit").distinct().count()
    said = _("已发布，%(items)s 个子项已派给 %(units)s 个单位。") % {"items": work.result["items"], "units": units}
    if passed := work.result["passed"]:
        said += _("其中 %(n)s 项时限已过，照原时限办，催办从今天算起。") % {"n": len(passed)}
    return said


def _address(plan: Plan, name: str) -> str:
    return reverse(f"workflow:{name}", args=[plan.pk])
