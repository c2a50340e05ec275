"""Where the bytes lie: below EVIDENCE_DIR, under random names without extension, readable by this process alone."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from workflow.errors import Invalid
from workflow.evidence_files.examination import Examined, examine

NAME = re.compile(r"[0-9a-f]{32}")


class StoredBlob(Protocol):
    name: str


def open_blob(blob: StoredBlob) -> IO[bytes]:
    """The bytes of a stored file. Raises FileNotFoundError where the disk lost what the database promises."""
    return path_of(blob.name).open("rb")


def path_of(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(f"not the name of a stored file: {name!r}")
    return Path(settings.EVIDENCE_DIR) / name[:2] / name


class Received:
    """An upload on its way in: examined and on disk, not yet in its place; or refused."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(16)
        self.path = path_of(self.name)
        self.part = self.path.with_suffix(".part")
        self.placed = False  # it has its name
        self.kept = False  # whoever places the file says so once the database knows it
        self._examined: Examined | None = None
        self._refusal: Invalid | None = None

    def take(self, upload: UploadedFile) -> None:
        _make_folder(self.path.parent)
        descriptor = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            try:
                self._examined = examine(cast("IO[bytes]", upload), upload.name or "", copy_to=file)
            except Invalid as refusal:
                self._refusal = refusal
                return
            file.flush()
            os.fsync(file.fileno())

    def examined(self) -> Examined:
        """What was found. Raises the Invalid it was refused with: late, since other refusals come before."""
        if self._examined is None:
            raise self._refusal or Invalid
        return self._examined

    def place(self) -> None:
        """Give the file its name; it goes again at the end unless it is kept."""
        os.replace(self.part, self.path)
        self.placed = True
        _sync(self.path.parent)

    def discard(self) -> None:
        self.part.unlink(missing_ok=True)
        if not self.kept:
            self.path.unlink(missing_ok=True)


@contextmanager
def received(upload: UploadedFile) -> Iterator[Received]:
    """Take in an upload for the length of the block; afterwards nothing of it is left that was not kept."""
    file = Received()
    try:
        file.take(upload)
        yield file
    finally:
        file.discard()


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """A name survives a power cut only once its folder is on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
