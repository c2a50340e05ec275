"""Request bodies, read leniently: whether the caller may do it is decided before what they wrote is judged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.errors import Invalid, WorkflowError


class TooLarge(WorkflowError):
    """The request is larger than anything this path takes."""

    sentence = gettext_lazy("请求内容太大。")
    status = 413
    code = "too-large"


@dataclass(frozen=True)
class Body:
    """The fields of a JSON object; none where `complaint` says why it could not be read."""

    fields: dict[str, Any] = field(default_factory=dict)
    complaint: WorkflowError | None = None

    @property
    def version(self) -> int | None:
        return self.fields.get("version")


def json_body(request: HttpRequest) -> Body:
    """Never raises: see `complained_last`. An empty body has no fields."""
    try:
        return _body(request.body or b"{}")
    except RequestDataTooBig:
        return Body(complaint=TooLarge())
    except (RawPostDataException, UnreadablePostError):
        return _body("")


def _body(said: str | bytes) -> Body:
    try:
        fields = json.loads(said)
    except (ValueError, RecursionError):
        fields = None
    return body_of(fields)


def json_rows(request: HttpRequest, at_most: int) -> list[Any]:
    """A JSON list, its rows unjudged: see `body_of`. Raises Invalid or TooLarge where it is none."""
    try:
        rows = json.loads(request.body)
    except RequestDataTooBig:
        raise TooLarge from None
    except (ValueError, RecursionError, RawPostDataException, UnreadablePostError):
        rows = None
    if not isinstance(rows, list):
        raise Invalid(_("请求内容要是一个 JSON 清单。"))
    if len(rows) > at_most:
        raise Invalid(_("一次最多 %(n)s 项，请分几次办。") % {"n": at_most})
    return rows


def body_of(fields: Any) -> Body:
    """One object, with a complaint where it is none."""
    if not isinstance(fields, dict):
        return Body(complaint=Invalid(_("请求内容要是一个 JSON 对象。")))
    if type(fields.get("version")) not in (int, type(None)):  # exactly: True is an int to isinstance
        return Body(complaint=Invalid(_("version 要填整数。")))
    return Body(fields)


def body_and_file(request: HttpRequest, name: str) -> tuple[Body, UploadedFile | None]:
    """A JSON object with a file: as multipart/form-data with the object in a part `body`; else JSON alone."""
    if request.content_type != "multipart/form-data":
        return json_body(request), None
    try:
        said, upload = request.POST.get("body", "{}"), request.FILES.get(name)
    except RequestDataTooBig:
        return Body(complaint=TooLarge()), None
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return Body(complaint=Invalid(_("请求内容要是 multipart/form-data。"))), None
    return _body(said), upload if isinstance(upload, UploadedFile) else None


@contextmanager
def complained_last(complaint: WorkflowError | None) -> Iterator[None]:
    """Say what was wrong with the request where an action, having got nothing of it, refuses as Invalid: at last."""
    try:
        yield
    except Invalid:
        if complaint:
            raise complaint from None
        raise
