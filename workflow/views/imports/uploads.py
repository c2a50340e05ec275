"""A document as it comes in: bounded, and judged by whether a person can wait until it is read."""

import zipfile
from io import BytesIO
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workflow import tables
from workflow.errors import Invalid

LIGHT_TEXT = 512 * 1024
LIGHT_ARCHIVE = 4 * 1024 * 1024  # inflated, as its directory says; reading does not believe it
ACCEPTED = ".docx,.xlsx,.csv,.txt"


class TooLarge(Invalid):
    """More than is taken."""

    status: ClassVar[int] = 413


def received(request: HttpRequest) -> tuple[bytes, str]:
    """The bytes and the name of the file sent. Raises Invalid with one sentence."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("请先选择文件。"))
    most = min(tables.LARGEST, settings.EVIDENCE_MAX_BYTES)  # what is longer was cut while it came in
    if (upload.size or 0) > most:
        raise TooLarge(_("文件超过 %(n)s MB，请确认选对了文件，或删去图片后再传。") % {"n": most // 1024 // 1024})
    if not upload.size:
        raise Invalid(_("这个文件是空的，请重新选择。"))
    return upload.read(), (upload.name or "").lstrip(":")


def is_light(data: bytes) -> bool:
    """Whether reading takes no longer than a person waits for a page; what is no archive after all is refused fast."""
    if not data.startswith(b"PK"):
        return len(data) <= LIGHT_TEXT
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return sum(part.file_size for part in archive.infolist()) <= LIGHT_ARCHIVE
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return True
