"""The document of a draft: it can be saved, replaced by another, or thrown away with its draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workflow import long_work
from workflow.actions import drafts
from workflow.errors import Invalid, WorkflowError
from workflow.evidence_files.sending import SHUT
from workflow.models import LongWork, PlanDocument
from workflow.views.frame import now
from workflow.views.imports.access import (
    actor_of,
    coordinators_only,
    last_work,
    own_plan,
    progress_page,
    to_draft,
    unread_page,
)
from workflow.views.imports.uploads import is_light, received


@require_safe
@login_required
@coordinators_only
def document(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The file as it came, to be saved and never shown."""
    found = PlanDocument.objects.filter(plan=own_plan(request, plan_id)).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.data), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.filename) or "attachment"
    response["Content-Security-Policy"] = SHUT
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
@login_required
@coordinators_only
def replace(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Another file for a draft, read from the beginning."""
    plan, actor = own_plan(request, plan_id), actor_of(request)
    work = last_work(plan)
    if work and work.finished_at is None:
        return progress_page(request, plan, work, status=409)  # or the file before would be read over this one
    try:
        data, name = received(request)
        plan = drafts.replace_document(plan_id, data, name, by=actor)
        work = long_work.ask(LongWork.Kind.READ, plan, by=actor, here=is_light(data), now=now(request))
    except WorkflowError as refusal:
        if not plan.table:
            return unread_page(request, plan, str(refusal), status=refusal.status)
        messages.error(request, str(refusal))
        return to_draft(plan)
    if work.refusal:
        return unread_page(request, plan, work.refusal, status=Invalid.status)
    return to_draft(plan)


@require_POST
@login_required
@coordinators_only
def discard(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Draft and document are gone; nobody knew of them."""
    plan = own_plan(request, plan_id)
    try:
        drafts.discard(plan_id, by=actor_of(request))
        messages.success(request, _("已丢弃《%(title)s》的草稿。") % {"title": plan.title})
    except WorkflowError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("workflow:imports"), status=303)
