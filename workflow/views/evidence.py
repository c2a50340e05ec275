"""Files go in and out: upload and take back from the item's page; download, and view in a page of ours."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from workflow.actions import evidence as actions
from workflow.errors import Invalid, NotFound, WorkflowError
from workflow.evidence_files import INLINE, as_attachment, in_page
from workflow.models import Basis, Evidence
from workflow.views import errors
from workflow.views.frame import now


@require_safe
@login_required
def evidence_file(request: HttpRequest, evidence_id: int) -> FileResponse:
    """As an attachment, whatever it is."""
    return as_attachment(_visible(request, evidence_id))


@require_safe
@login_required
def evidence_view(request: HttpRequest, evidence_id: int) -> FileResponse:
    """Images and PDF, in the page that shows them."""
    evidence = _visible(request, evidence_id)
    if evidence.blob.kind not in INLINE:
        raise Http404
    return in_page(evidence)


@require_safe
@login_required
def basis_file(request: HttpRequest, basis_id: int) -> FileResponse:
    """The document a change was made by, as an attachment."""
    basis = Basis.objects.visible_to(_actor(request)).select_related("blob").filter(pk=basis_id).first()
    if basis is None:
        raise Http404
    return as_attachment(basis)


@require_POST
@login_required
def add(request: HttpRequest, item_id: int) -> HttpResponse:
    def one(upload: UploadedFile, caption: str) -> None:
        actions.add_evidence(item_id, upload, by=_actor(request), now=now(request), caption=caption)

    return hand_in(request, item_id, one, form="evidence")


def hand_in(
    request: HttpRequest, item_id: int, add_one: Callable[[UploadedFile, str], None], *, form: str
) -> HttpResponse:
    """Each file is a write of its own: those that can be taken are, the others are named with the reason.

    Where none was taken, the `form` stands open again.
    """
    uploads, caption = request.FILES.getlist("file"), request.POST.get("caption", "")
    if not uploads:
        messages.error(request, _("请先选择文件。"))
    added = 0
    for upload in uploads:
        try:
            add_one(upload, caption)
            added += 1
        except Invalid as refusal:
            messages.error(request, _("%(name)s：%(why)s") % {"name": (upload.name or "").lstrip(":"), "why": refusal})
        except NotFound:
            return errors.not_found(request)
        except WorkflowError as refusal:  # of the item, so it would be said of every file
            messages.error(request, str(refusal))
            break
    if added:
        messages.success(request, ngettext("已传 %(n)s 份材料。", "已传 %(n)s 份材料。", added) % {"n": added})
    return _to_item(item_id, form="" if added else form)


@require_POST
@login_required
def remove(request: HttpRequest, evidence_id: int) -> HttpResponse:
    evidence, said = _visible(request, evidence_id), request.POST.get("version", "")
    version = int(said) if said.isdecimal() and len(said) < 19 else None
    try:
        actions.remove_evidence(evidence_id, by=_actor(request), now=now(request), version=version)
        messages.success(request, _("已撤下 %(name)s。") % {"name": evidence.filename})
    except WorkflowError as refusal:
        messages.error(request, str(refusal))
    return _to_item(evidence.item_id)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _visible(request: HttpRequest, evidence_id: int) -> Evidence:
    evidence = Evidence.objects.visible_to(_actor(request)).select_related("blob").filter(pk=evidence_id).first()
    if evidence is None:
        raise Http404
    return evidence


def _to_item(item_id: int, *, form: str = "") -> HttpResponse:
    """Back to the item, where `form` stands open again."""
    query = {"act": form} if form else None
    return HttpResponseRedirect(reverse("workflow:sub-item", args=[item_id], query=query), status=303)
