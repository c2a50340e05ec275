"""How a stored file goes out: as an attachment, or in the page for what a browser shows without running it."""

from typing import Protocol

from django.http import FileResponse

from workflow.evidence_files.kinds import KINDS
from workflow.evidence_files.store import StoredBlob, open_blob


class SentBlob(StoredBlob, Protocol):
    kind: str


class Sent(Protocol):
    filename: str

    @property
    def blob(self) -> SentBlob: ...


SHUT = "default-src 'none'; frame-ancestors 'none'; sandbox"
IMAGE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
# No sandbox: Chromium before its viewer moved to a process of its own shows no PDF in one, nor without object-src.
PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
INLINE = {"jpg": IMAGE, "png": IMAGE, "pdf": PDF}


def as_attachment(evidence: Sent) -> FileResponse:
    """To be saved, never shown: text that is really a page or a script stays text."""
    response = _response(evidence, as_attachment=True)
    response["Content-Security-Policy"] = SHUT
    return response


def in_page(evidence: Sent) -> FileResponse:
    """To be shown in a page of ours; for the kinds in INLINE only."""
    policy = INLINE[evidence.blob.kind]
    response = _response(evidence, as_attachment=False)
    response["Content-Security-Policy"] = policy
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _response(evidence: Sent, *, as_attachment: bool) -> FileResponse:
    media_type = KINDS[evidence.blob.kind].media_type
    response = FileResponse(
        open_blob(evidence.blob), as_attachment=as_attachment, filename=evidence.filename, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
