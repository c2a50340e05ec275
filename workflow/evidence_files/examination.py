"""Look at an upload once, in chunks: name, size, hash, and whether it is what it claims to be."""

import hashlib
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.errors import Invalid
from workflow.evidence_files import names
from workflow.evidence_files.kinds import CHUNK, KINDS, OLD_OFFICE, SAME, recognise

OLD_EXTENSIONS = {"doc": "docx", "wps": "docx", "xls": "xlsx", "et": "xlsx", "ppt": "pptx", "dps": "pptx"}
OFFICE = frozenset(OLD_EXTENSIONS.values())


@dataclass(frozen=True)
class Examined:
    """A file we take."""

    kind: str  # key of KINDS
    size: int
    sha256: str
    filename: str


def examine(source: IO[bytes], filename: str, *, copy_to: IO[bytes] | None = None) -> Examined:
    """Read `source` from its beginning, never more than one chunk beyond the size allowed.

    With `copy_to` the bytes are written there while they are read. Raises Invalid with the sentence that says why
    the file is not taken. Content decides (domain: uploads checked by content); the extension must agree with it.
    """
    names.check(filename)
    claimed = _claimed_kind(filename)
    size, sha256 = _read_through(source, copy_to)
    found = recognise(copy_to or source, size)
    if found != KINDS[claimed].content:
        raise Invalid(_disagreement(claimed, found))
    return Examined(claimed, size, sha256, filename)


def _claimed_kind(filename: str) -> str:
    extension = names.extension(filename)
    if extension in OLD_EXTENSIONS:
        words = {"old": extension, "new": OLD_EXTENSIONS[extension]}
        raise Invalid(_("不收 %(old)s 格式，请另存为 %(new)s 再传。") % words)
    kind = SAME.get(extension, extension)
    if kind not in KINDS:
        raise Invalid(_("不收这种文件，可以传 PDF、OFD、docx、xlsx、pptx、图片（jpg、png）、txt 和 csv。"))
    return kind


def _read_through(source: IO[bytes], copy_to: IO[bytes] | None) -> tuple[int, str]:
    """Size and SHA-256."""
    size, digest = 0, hashlib.sha256()
    source.seek(0)
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > settings.EVIDENCE_MAX_BYTES:
            megabytes = settings.EVIDENCE_MAX_BYTES // 1024**2
            raise Invalid(_("文件超过 %(n)s MB，请压缩或分开传。") % {"n": megabytes})
        digest.update(chunk)
        if copy_to is not None:
            copy_to.write(chunk)
    if size == 0:
        raise Invalid(_("文件是空的，请检查后再传。"))
    return size, digest.hexdigest()


def _disagreement(claimed: str, found: str | None) -> str:
    if found == OLD_OFFICE and claimed in OFFICE:
        return _("文件有密码或是旧格式，请去掉密码、另存为 %(kind)s 再传。") % {"kind": claimed}
    return _("文件内容不是 %(kind)s，和扩展名不符，请检查后再传。") % {"kind": KINDS[claimed].label}
