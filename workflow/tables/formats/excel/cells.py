"""The cells of one sheet, streamed: text by row and column, whatever the sheet says about its own size.

python-calamine is not used here: it sets aside the whole rectangle between the first and the last cell, and a file made
to that end kills the process where no exception can be caught.
"""

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from string import ascii_letters, digits

from lxml import etree

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import BROKEN, TOO_MUCH, Archive
from workflow.tables.formats.excel.looks import shown_moment
from workflow.tables.formats.excel.parts import YES, Workbook, qualified, text_in, tidy

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of Excel
MOST_CELLS = 3_000_000  # with those that are only formatted
MOST_MERGES = 200_000
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
OTHER_BOOK = re.compile(r"(?<![\w\]])\[[0-9]{1,5}\][^!\[\]]{0,100}!")  # [1]Sheet1!A1, and not the column of a table
LONGEST_FORMULA = 8192


@dataclass(slots=True)
class Line:
    """A row of the sheet: its texts by column (from 1), and the cells a person should look at, as B5."""

    texts: dict[int, str] = field(default_factory=dict)
    hidden: bool = False
    computed: list[str] = field(default_factory=list)
    unsaved: list[str] = field(default_factory=list)  # computed, but the result is not in the file
    wrong: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)  # computed from another workbook


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A merged range; rows and columns count from 1, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


class SheetReader:
    """Reads the sheet once; afterwards it holds what is in it, blank rows left out."""

    def __init__(self, archive: Archive, part: str, book: Workbook, each_row: Callable[[], None]) -> None:
        self.lines: dict[int, Line] = {}
        self.merges: set[Merge] = set()
        self.hidden_columns: list[range] = []
        self._book = book
        self._row = self._cells = 0
        for element in archive.events(part, qualified("col", "row", "mergeCell")):
            namespace, _, tag = element.tag.rpartition("}")
            if tag == "row":
                self._take_row(element, namespace + "}c")
                each_row()
            elif tag == "mergeCell":
                self._take_merge(element.get("ref", ""))
            elif element.get("hidden") in YES:
                self.hidden_columns.append(range(_number(element.get("min", "")), _number(element.get("max", "")) + 1))

    def _take_row(self, row: etree._Element, tag: str) -> None:
        """Rows and cells without a reference follow the one before."""
        first = row[0].get("r", "") if len(row) else ""
        self._row = _number(row.get("r") or first.lstrip(ascii_letters) or str(self._row + 1))
        if not 1 <= self._row <= LAST_ROW:
            raise Unreadable(BROKEN)
        line, column = self.lines.get(self._row) or Line(), 0
        for cell in row.iterchildren(tag):
            reference = cell.get("r")
            column = column_of(reference.rstrip(digits)) if reference else column + 1
            if len(cell):
                self._take_cell(cell, column, line)
        self._cells += len(row) + 1
        if self._cells > MOST_CELLS:
            raise Unreadable(TOO_MUCH)
        line.hidden = row.get("hidden") in YES
        if line.texts or line.unsaved or line.wrong:
            self.lines[self._row] = line

    def _take_cell(self, cell: etree._Element, column: int, line: Line) -> None:
        if column > LAST_COLUMN:
            raise Unreadable(BROKEN)
        kind, value, formula = cell.get("t", "n"), None, None
        for child in cell:
            if child.tag.endswith("}v"):
                value = child.text
            elif child.tag.endswith("}f"):
                formula = child.text or ""
            elif child.tag.endswith("}is"):
                value = text_in(child)
        if kind == "e" or formula is not None:
            self._remark(f"{letters_of(column)}{self._row}", kind, value, formula, line)
        if value and kind != "e" and (text := self._shown(kind, value, cell.get("s"))):
            line.texts[column] = text

    def _remark(self, at: str, kind: str, value: str | None, formula: str | None, line: Line) -> None:
        if kind == "e":
            line.wrong.append(at)
        elif value:
            line.computed.append(at)
        elif kind != "str":  # else the result is an empty text
            line.unsaved.append(at)
        if formula and OTHER_BOOK.search(formula[:LONGEST_FORMULA]):
            line.linked.append(at)

    def _shown(self, kind: str, value: str, style: str | None) -> str:
        if kind == "s":
            return self._book.string(value.strip())
        if kind == "n":
            return _shown_number(value, self._book, style)
        if kind == "b":
            return "是" if value.strip() in YES else "否"
        return _shown_day(value) if kind == "d" else tidy(value)

    def _take_merge(self, reference: str) -> None:
        """Ranges of one cell, reversed ones and those beyond the sheet are no merges."""
        corners = [REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) != 2 or None in corners:
            return
        (left, top), (right, bottom) = ((_column(c[1].upper()), int(c[2])) for c in corners if c)
        if 1 <= top <= bottom <= LAST_ROW and 1 <= left <= right <= LAST_COLUMN and (top, left) != (bottom, right):
            self.merges.add(Merge(top, left, bottom, right))
        if len(self.merges) > MOST_MERGES:
            raise Unreadable(TOO_MUCH)


def _shown_number(value: str, book: Workbook, style: str | None) -> str:
    try:
        number = float(value)
    except ValueError:
        return tidy(value)
    return book.look(style)(number) if math.isfinite(number) else ""


def _shown_day(value: str) -> str:
    try:
        return shown_moment(datetime.fromisoformat(value.strip()))
    except ValueError:
        return tidy(value)


def _number(printed: str) -> int:
    """A row or column number of the file; 0 for what is none."""
    return int(printed) if printed.isascii() and printed.isdecimal() and len(printed) <= 7 else 0


@lru_cache(maxsize=1024)
def column_of(letters: str) -> int:
    """A → 1, AA → 27. Raises Unreadable for what is no column of Excel."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise Unreadable(BROKEN)
    return _column(letters.upper())


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def columns_named(columns: Collection[int]) -> str:
    """As a sentence lists them: C、E."""
    return "、".join(letters_of(column) for column in sorted(columns))
