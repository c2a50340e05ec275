"""The first upload handlers: a body too large is cut while it comes in, and a path in a file name is not lost.

Both must be seen before Django keeps or cleans anything.
"""

import html
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

FILES_AT_ONCE = 10  # of full size; more of them if they are smaller


class BoundedUpload(FileUploadHandler):
    """Lets through one chunk more of a file than is allowed, so that its examination says it is too large."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > FILES_AT_ONCE * settings.EVIDENCE_MAX_BYTES:
            raise RequestDataTooBig("more files at once than are taken")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.EVIDENCE_MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep the file."""


class NamesAsSent(FileUploadHandler):
    """The second one: lets Django parse the body with `PathsTold`."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> tuple[Any, Any]:
        assert self.request is not None  # noqa: S101 - Django makes upload handlers with their request
        behind = [handler for handler in self.request.upload_handlers if not isinstance(handler, NamesAsSent)]
        return PathsTold(META, input_data, behind, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep the file."""


class PathsTold(MultiPartParser):
    """Django cuts a path off a name without a word. Here a colon is left in its place, which `names.check` refuses."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        plain = super().sanitize_file_name(file_name)
        told = html.unescape(file_name)
        return f":{plain or ''}" if "/" in told or "\\" in told else plain
