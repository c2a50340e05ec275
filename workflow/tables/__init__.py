"""Reading responsibility tables: file → grid → rows → checks. Pure: no database, no network, no clock.

A new format is one more reader that makes a Grid; everything behind the grid stays as it is.
"""

import re
from pathlib import PurePath

from workflow.tables.checks import Context, warnings_of
from workflow.tables.errors import Unreadable
from workflow.tables.formats import LARGEST, document_of
from workflow.tables.grid import Document, Progress
from workflow.tables.layout import layout_of
from workflow.tables.rows import items_of
from workflow.tables.table import Item, Source, Table, Warning

__all__ = ["LARGEST", "Item", "Source", "Table", "Unreadable", "Warning", "read"]

ATTACHMENT = re.compile(r"附\s*[件表]\s*[0-9０-９一二三四五六七八九十]*\s*[:：]?")
TITLE_WORD = re.compile("分工|清单|台账|责任|任务|方案|计划|一览|表")
LONGEST_TITLE = 100
# The largest published tables have some hundreds of rows.
MOST_ROWS = 20_000
YEAR = re.compile("20[0-9]{2}")
DOCUMENT_NUMBER = re.compile(r"[〔\[［(（【](20[0-9]{2})[〕\]］)）】]")


def no_progress(done: int, total: int) -> None:
    """For a caller who need not know how far a reading is."""


def read(data: bytes, filename: str, *, on_progress: Progress = no_progress) -> Table:
    """Read one responsibility table. Raises Unreadable, with a sentence for the person, and nothing else.

    `filename` only lends its name to a table that carries no title.
    """
    return _understood(document_of(data, on_progress), filename)


def _understood(document: Document, filename: str) -> Table:
    grid = document.grids[0]
    if len(grid.rows) > MOST_ROWS:
        raise Unreadable(f"表格超过{MOST_ROWS}行，不像一张责任分工表，请确认选对了文件。")
    layout = layout_of(grid)
    title = _title(grid.lines_above)
    years = sorted({int(year) for year in YEAR.findall(title)})
    # "2024年重点任务" dates a bare 6月底; "2021—2025年行动计划" does not.
    items = tuple(items_of(grid, layout, year=years[0] if len(years) == 1 else None))
    if not items:
        raise Unreadable("表头下面没有任何任务，请确认选对了文件。")
    years += [int(year) for line in grid.lines_above for year in DOCUMENT_NUMBER.findall(line)]
    context = Context(grid, layout, doc_year=years[0] if years else None)
    return Table(title or _name(filename), items, tuple(warnings_of(items, context)))


def _title(lines: tuple[str, ...]) -> str:
    """The line above the table that names it: the last one with a word such as 分工, else the last; never 附件."""
    lines = tuple(line for line in lines if len(line) <= LONGEST_TITLE and not ATTACHMENT.fullmatch(line))
    named = [line for line in lines if TITLE_WORD.search(line)]
    return (named or list(lines) or [""])[-1]


def _name(filename: str) -> str:
    """The file's own name without its ending; bytes that are no text cannot be printed and are replaced."""
    return PurePath(filename).stem.encode("utf-8", "replace").decode()
