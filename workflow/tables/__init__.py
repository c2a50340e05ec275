"""Reading responsibility tables: file → grids → rows → checks. Pure: no database, no network, no clock.

A new format is one more reader that makes a Document; everything behind it stays as it is.
"""

from workflow.tables.draft import Draft
from workflow.tables.errors import Unreadable
from workflow.tables.formats import LARGEST, document_of
from workflow.tables.grid import Progress
from workflow.tables.reading.document import table_of
from workflow.tables.reading.several import MOST_ROWS
from workflow.tables.table import Item, Source, Table, Warning, numbers_of

__all__ = [
    "LARGEST",
    "MOST_ROWS",
    "Draft",
    "Item",
    "Source",
    "Table",
    "Unreadable",
    "Warning",
    "no_progress",
    "numbers_of",
    "read",
]


def no_progress(done: int, total: int) -> None:
    """For a caller who need not know how far a reading is."""


def read(data: bytes, filename: str, *, on_progress: Progress = no_progress) -> Table:
    """Read one responsibility table. Raises Unreadable, with a sentence for the person, and nothing else.

    `filename` only lends its name to a table that carries no title.
    """
    return table_of(document_of(data, on_progress), filename)
