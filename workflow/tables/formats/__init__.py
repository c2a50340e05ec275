"""File → Document: one reader a format, chosen by what the bytes are; the file's name decides nothing.

Every reader bounds what it takes in (bytes, inflated bytes, rows, columns) before it parses, refuses entities, and
never touches the network or a path.
"""

from workflow.tables.formats import flattened
from workflow.tables.formats.text import LARGEST, text_of
from workflow.tables.grid import Document, Progress

__all__ = ["LARGEST", "document_of"]


def document_of(data: bytes, on_progress: Progress) -> Document:
    """The tables of a file. Raises Unreadable, and nothing else."""
    return Document(grids=(flattened.grid_of(text_of(data)),))
