"""A file on its way into the database: taken in for the length of one write, and gone again if that fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError

from workflow.errors import WorkflowError
from workflow.evidence_files import Received, received
from workflow.models import Basis, Blob, SubItem


@contextmanager
def taken_in(upload: UploadedFile) -> Iterator[Received]:
    """Wraps the transaction that stores the file: what it placed is kept once it is committed, else nothing is left."""
    with received(upload) as file:
        try:
            yield file
        except WorkflowError:
            raise
        except Exception:
            file.kept = _may_be_known(file)
            raise
        file.kept = file.placed


def _may_be_known(file: Received) -> bool:
    """Whether the database knows the file after all, as when only the answer to the COMMIT was lost.

    Unknown counts as yes: a file too many costs less than evidence without its bytes.
    """
    try:
        return Blob.objects.filter(name=file.name).exists()
    except DatabaseError:
        return True


def facts_of(file: Received) -> dict[str, Any]:
    """What the journal keeps of a file. Raises the Invalid it was refused with."""
    found = file.examined()
    return {"filename": found.filename, "size": found.size, "sha256": found.sha256}


def keep_basis(file: Received, *entries: tuple[SubItem, int]) -> None:
    """Store the bytes once, and name them with these (item, seq); two statements."""
    found = file.examined()
    blob = Blob.objects.keep_once(sha256=found.sha256, size=found.size, kind=found.kind, name=file.name)
    if blob.name == file.name:
        file.place()  # before the commit: what the database promises is on disk
    Basis.objects.bulk_create(Basis(item=item, seq=seq, blob=blob, filename=found.filename) for item, seq in entries)
