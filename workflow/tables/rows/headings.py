"""The section and task that the next items stand under, from headings across the table and from columns."""

from dataclasses import dataclass
from enum import Enum, auto

from workflow.tables.rows.numbering import (
    CHAPTER,
    DIGITS_RANK,
    follows,
    plain_number,
    rank_of,
    rank_of_cell,
    split_number,
)

OUTERMOST = CHAPTER - 10
SHEET = OUTERMOST - 1
BETWEEN = " · "


class Level(Enum):
    """Where a heading stands."""

    LINE = auto()  # across the table or above it
    SECTION = auto()  # in a column of its own
    TASK = auto()


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading; it ends those whose rank is the same or a greater number. `column` is where it stands, if in one."""

    rank: int
    no: str
    title: str
    level: Level = Level.LINE
    column: int | None = None
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """What an item takes from the headings above it."""

    section_no: str = ""
    section: str = ""
    task_no: str = ""
    task: str = ""


class Headings:
    """The headings in force, outermost first."""

    def __init__(self, sheet: str = "") -> None:
        """`sheet` is the name of a sheet that stands above everything in it."""
        self._path = [Heading(SHEET, "", sheet)] if sheet else []
        self._ranks: set[int] = set()  # of the items since the last line

    def begin_anew(self) -> None:
        """A further table with a title of its own: nothing above it counts, except the sheet."""
        self._path = [heading for heading in self._path if heading.rank == SHEET]

    def enter_line(self, printed: str, no: str = "") -> None:
        """A heading across the table; `no` is its number where that stands in a cell of its own.

        Without a number it is a sibling of the last such heading, else it stands below what is there already.
        """
        number, title = _heading(printed, no)
        found = rank_of(printed) if rank_of(printed) is not None else rank_of_cell(no)
        rank = self._rank_without_number() if found is None else found
        self._path = [heading for heading in self._path if _outlasts(heading, rank)]
        self._path.append(Heading(rank, number, title, is_numbered=found is not None))
        self._ranks.clear()

    def enter_column(self, level: Level, column: int, printed: str, no: str = "") -> None:
        """A heading in its column; the same again on the next row changes nothing, a new one ends those below it."""
        number, title = _heading(printed, no)
        at = self._end_before(level, column)
        same = self._path[at] if at < len(self._path) else None
        if same and same.column == column and same.title == title and number in ("", same.no):
            return
        self._path = self._path[:at]
        rank = rank_of(printed) if rank_of(printed) is not None else rank_of_cell(no)
        below = self._path[-1].rank + 1 if self._path else OUTERMOST
        is_numbered = rank is not None
        self._path.append(Heading(max(below, rank or below), number, title, level, column, is_numbered))

    def end_before_item(self, printed: str) -> None:
        """An item that is numbered as the next after a heading stands beside it: （二） with units, after （一）."""
        rank = rank_of(printed)
        if rank is None or rank >= DIGITS_RANK:
            return
        for at, heading in enumerate(self._path):
            is_line = heading.level is Level.LINE and heading.rank == rank
            if is_line and rank not in self._ranks and follows(split_number(printed)[0], heading.no):
                self._path = self._path[:at]
                break
        self._ranks.add(rank)

    def place(self) -> Place:
        """The innermost heading is the task, the one above it the section; one alone is what its number says."""
        path = list(self._path)
        task = path.pop() if path and self._ends_in_task() else None
        section_no, innermost = (path[-1].no, path[-1].title) if path else ("", "")
        section = BETWEEN.join(filter(None, [*(heading.title or heading.no for heading in path[:-1]), innermost]))
        return Place(section_no, section, task.no if task else "", task.title if task else "")

    def _ends_in_task(self) -> bool:
        last = self._path[-1]
        if last.level is not Level.LINE:
            return last.level is Level.TASK
        return last.rank >= DIGITS_RANK or any(heading.rank != SHEET for heading in self._path[:-1])

    def _end_before(self, level: Level, column: int) -> int:
        """Where a heading in this column belongs: before tasks, and before what stands in columns further right."""
        for at, heading in enumerate(self._path):
            if heading.column is not None and (heading.level is Level.TASK, heading.column) >= (
                level is Level.TASK,
                column,
            ):
                return at
        return len(self._path)

    def _rank_without_number(self) -> int:
        lines = [heading for heading in self._path if heading.level is Level.LINE and heading.rank != SHEET]
        same = (heading.rank for heading in lines if not heading.is_numbered)
        return next(same, lines[-1].rank + 1 if lines else OUTERMOST)


def _outlasts(heading: Heading, rank: int) -> bool:
    """Whether it stays in force when a line of that rank comes: never a task in a column, nor what has no rank."""
    if heading.level is Level.LINE:
        return heading.rank < rank
    return heading.level is Level.SECTION and heading.is_numbered and heading.rank < rank


def _heading(printed: str, no: str) -> tuple[str, str]:
    """Number and title of a heading, wrapped lines joined, without trailing 。."""
    number, title = split_number(printed)
    return number or plain_number(no), "".join(title.split("\n")).rstrip("。 ")
