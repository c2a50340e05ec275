"""Files: handed in as multipart, fetched with the rights of their item."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import Router, Status

from workflow import clock
from workflow.actions.evidence import add_evidence, add_to_part
from workflow.api.auth import ApiRequest
from workflow.api.bodies import TooLarge, complained_last
from workflow.api.documentation import file_answer, upload_request
from workflow.api.lists import Id
from workflow.api.schemas.evidence import EvidenceOut
from workflow.errors import Invalid, NotFound, WorkflowError
from workflow.evidence_files import INLINE, as_attachment, in_page
from workflow.models import Basis, Evidence

router = Router(tags=["evidence"])


@router.post(
    "/sub-items/{int:item_id}/evidence",
    response={201: EvidenceOut},
    summary="Hand in a file; in progress only",
    openapi_extra=upload_request(),
)
def add(request: ApiRequest, item_id: Id) -> Status[dict[str, Any]]:
    upload, caption, complaint = _form(request)
    with complained_last(complaint):
        made = add_evidence(item_id, upload, by=request.actor, now=clock.now(), caption=caption)
    return Status(201, EvidenceOut.shown(made))


@router.post(
    "/parts/{int:part_id}/evidence",
    response={201: EvidenceOut},
    summary="Hand in a file with the part your unit is asked for; while it is to be given",
    openapi_extra=upload_request(),
)
def add_to(request: ApiRequest, part_id: Id) -> Status[dict[str, Any]]:
    upload, caption, complaint = _form(request)
    with complained_last(complaint):
        made = add_to_part(part_id, upload, by=request.actor, now=clock.now(), caption=caption)
    return Status(201, EvidenceOut.shown(made))


@router.get("/evidence/{int:evidence_id}/file", summary="The bytes", openapi_extra=file_answer("An attachment"))
def file(request: ApiRequest, evidence_id: Id) -> FileResponse:
    return as_attachment(_visible(request, evidence_id))


@router.get(
    "/evidence/{int:evidence_id}/view",
    summary="Images and PDF, to be shown; others are not found here",
    openapi_extra=file_answer("An image or a PDF"),
)
def view(request: ApiRequest, evidence_id: Id) -> FileResponse:
    evidence = _visible(request, evidence_id)
    if evidence.blob.kind not in INLINE:
        raise NotFound
    return in_page(evidence)


@router.get("/basis/{int:basis_id}/file", summary="A 依据文件", openapi_extra=file_answer("An attachment"))
def basis(request: ApiRequest, basis_id: Id) -> FileResponse:
    found = Basis.objects.visible_to(request.actor).select_related("blob").filter(pk=basis_id).first()
    if found is None:
        raise NotFound
    return as_attachment(found)


def _visible(request: ApiRequest, evidence_id: int) -> Evidence:
    evidence = Evidence.objects.visible_to(request.actor).select_related("blob").filter(pk=evidence_id).first()
    if evidence is None:
        raise NotFound
    return evidence


def _form(request: HttpRequest) -> tuple[UploadedFile, str, WorkflowError | None]:
    """File, caption, and what is wrong with the form; without a file, a nameless empty one, which is refused last."""
    nothing = UploadedFile(BytesIO())
    try:
        upload, caption = request.FILES.get("file"), request.POST.get("caption", "")
    except RequestDataTooBig:
        return nothing, "", TooLarge()
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return nothing, "", Invalid(_("请求内容要是 multipart/form-data。"))
    if not isinstance(upload, UploadedFile):
        return nothing, "", Invalid(_("请在 file 里带上一个文件。"))
    return upload, str(caption), None
