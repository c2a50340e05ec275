"""Passages of a text → which are headings, which are tasks, and what belongs to which of them.

A heading has tasks below it. A task says who leads or helps, or stands beside one that does; further points below a
task are part of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from workflow.tables.formats.text.passages import Passage, Place, merged
from workflow.tables.formats.text.written_duties import SENTENCE_END
from workflow.tables.rows.numbering import DIGITS_RANK, split_number
from workflow.tables.rows.other_rows import is_named_heading

NOWHERE = Place(0, 0, True)  # above the text


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings and tasks in their order, and the passages that are neither."""

    rows: tuple[Passage, ...]
    headings: frozenset[int]  # places in rows
    left_out: tuple[Passage, ...]


def outline_of(passages: Sequence[Passage]) -> Outline:
    """The outline of a text; without rows where nothing in it says who leads or helps."""
    entries = _entries(_with_shared_duties(_with_bodies(_with_titles_raised(passages))))
    rows = [entry for entry in entries if entry.is_heading or entry.is_task]
    left_out = []
    open_task: Entry | None = None  # the one that words without a number go on
    for entry in entries:
        if not entry.is_numbered and not entry.is_task:
            task = open_task if rows and entry.at < rows[-1].at else None
        else:
            task = entry.task
            open_task = None if entry.passage.is_item else task
        if task and task is not entry:
            task.points.append(entry.passage)
        elif not (task or entry.is_heading):
            left_out.append(entry.passage)
    headings = frozenset(at for at, entry in enumerate(rows) if entry.is_heading)
    return Outline(tuple(merged([entry.passage, *entry.points]) for entry in rows), headings, tuple(left_out))


@dataclass(slots=True)
class Entry:
    """A passage in its place, and the points below it that are part of it."""

    passage: Passage
    at: int
    parent: "Entry | None" = None
    has_tasks_below: bool = False
    ranks_of_tasks: set[int] = field(default_factory=set)  # right below
    points: list[Passage] = field(default_factory=list)

    @property
    def is_numbered(self) -> bool:
        return self.passage.rank is not None

    @property
    def is_heading(self) -> bool:
        return self.has_tasks_below and not self.passage.is_item

    @property
    def is_task(self) -> bool:
        """Whether it says who leads or helps, or one beside it does."""
        beside = self.parent is not None and self.passage.rank in self.parent.ranks_of_tasks
        return self.passage.is_item or (beside and not self.is_heading)

    @property
    def task(self) -> "Entry | None":
        """The task that it is or is part of."""
        if self.is_heading or self.is_task:
            return self if self.is_task else None
        return self.parent.task if self.parent else None


def _entries(passages: Sequence[Passage]) -> list[Entry]:
    """The passages with what stands above each by its number."""
    path = [Entry(Passage(NOWHERE, ""), -1)]
    entries = []
    for at, passage in enumerate(passages):
        if passage.rank is not None:
            while len(path) > 1 and _rank(path[-1].passage) >= passage.rank:
                path.pop()
        entry = Entry(passage, at, path[-1])
        entries.append(entry)
        if passage.is_item:
            _mark(path, passage)
        if passage.rank is not None:
            path.append(entry)
    return entries


def _mark(path: Sequence[Entry], task: Passage) -> None:
    if task.rank is not None:
        path[-1].ranks_of_tasks.add(task.rank)
    for entry in path:
        entry.has_tasks_below = True


def _with_titles_raised(passages: Sequence[Passage]) -> list[Passage]:
    """Titles right above a 1. stand one level above it, whether they are numbered like it or not at all."""
    raised = list(passages)
    numbered = [at for at, passage in enumerate(passages) if passage.rank is not None]
    for title, first in (*pairwise(numbered), *_titles_without_number(passages)):
        above, below = passages[title], passages[first]
        if above.rank in (None, below.rank) and _begins_anew(below) and not above.is_item and _is_title(above):
            raised[title] = replace(above, rank=_rank(below) - 1)
    return raised


def _titles_without_number(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """教育工程 above 1., with the place of that; only where one of them stands among the tasks, not just the first."""
    titles = [
        (at - 1, at)
        for at in range(1, len(passages))
        if passages[at].rank is not None and passages[at - 1].rank is None and is_named_heading(passages[at - 1].text)
    ]
    return titles if any(passage.is_item for passage in passages[: titles[-1][0] if titles else 0]) else []


def _begins_anew(passage: Passage) -> bool:
    return split_number(passage.text)[0] in ("1", "一", "①")


def _is_title(passage: Passage) -> bool:
    return not passage.text.endswith(tuple(SENTENCE_END))


def _rank(passage: Passage) -> int:
    return passage.rank or 0


def _with_bodies(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Words without a number put to the number above them, where the duty of that one stands behind them."""
    starts = [at for at, passage in enumerate(passages) if passage.rank is not None]
    first = starts[0] if starts else len(passages)
    yield from _with_words_above(passages[:first], begins=True)
    for start, end in pairwise([*starts, len(passages)]):
        yield from _with_body(passages[start], passages[start + 1 : end])


def _with_body(head: Passage, body: Sequence[Passage]) -> Iterator[Passage]:
    tasks = [at for at, passage in enumerate(body) if passage.is_item]
    is_heading = _rank(head) < DIGITS_RANK or (_is_title(head) and len(tasks) > 1)
    own = tasks[0] + 1 if tasks and not head.is_item and not is_heading else 0
    yield merged([head, *body[:own]])
    yield from _with_words_above(body[own:], begins=False)


def _with_words_above(body: Sequence[Passage], *, begins: bool) -> Iterator[Passage]:
    """Paragraphs of which only the last is followed by lines that say who does it; never those a text begins with."""
    waiting: list[Passage] = []
    for passage in body:
        if passage.is_item:
            yield from [merged([*waiting, passage])] if passage.is_apart and not begins else [*waiting, passage]
            waiting, begins = [], False
        else:
            waiting.append(passage)
    yield from waiting


def _with_shared_duties(passages: Iterator[Passage]) -> list[Passage]:
    """Points in a row of which only the last is followed by lines that say who does it: those speak of all of them.

    Not where other points of the same kind have duties of their own.
    """
    entries = _entries(list(passages))
    points: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_numbered and entry.parent:
            points[entry.parent.at].append(entry)
    single = {entry.passage.rank for group in points.values() for entry in group[:-1] if entry.passage.is_item}
    whole: list[Passage] = []
    at = 0
    while at < len(entries):
        group = points.get(at, [])
        shares = len(group) > 1 and group[0].passage.rank not in single and _share(entries[at], group, points)
        end = group[-1].at + 1 if shares else at + 1
        whole.append(merged([entry.passage for entry in entries[at:end]]))
        at = end
    return whole


def _share(above: Entry, group: Sequence[Entry], points: dict[int, list[Entry]]) -> bool:
    last = group[-1].passage
    return (
        last.is_item
        and last.is_apart
        and not above.passage.is_item
        and not any(entry.at in points or entry.passage.is_item for entry in group[:-1])
        and group[-1].at not in points
    )
