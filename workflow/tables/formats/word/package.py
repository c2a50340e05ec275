"""Which part of a Word file is which, as its relationships say."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.tables.formats.archives import Archive
from workflow.tables.formats.word.xml import Element, transitional

USUAL_DOCUMENT = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """That a part uses another; `kind` is the last word of its type, an external target is never opened."""

    kind: str
    target: str
    external: bool


def document_name(archive: Archive) -> str:
    """The part that holds the text; some editors call it word/document2.xml."""
    named = (link.target for link in relationships(archive, "") if link.kind == "officeDocument" and not link.external)
    return next(named, USUAL_DOCUMENT)


def relationships(archive: Archive, part: str) -> Iterator[Relationship]:
    """What a part (or with "" the file) refers to."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive.names:
        return
    for link in archive.xml(listing):
        yield Relationship(
            kind=link.get("Type", "").rpartition("/")[2],
            target=posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
            external=link.get("TargetMode") == "External",
        )


def optional_part(archive: Archive, links: list[Relationship], kind: str) -> Element | None:
    """The part of that kind, None where the document has none."""
    names = (link.target for link in links if link.kind == kind and not link.external)
    return next((transitional(archive.xml(name)) for name in names if name in archive.names), None)
