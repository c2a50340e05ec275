"""Merged ranges of a sheet → which of them lie over the rows that were read."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from workflow.tables.formats.excel.cells import Line, Merge


def merges_by_row(merges: Iterable[Merge], lines: Mapping[int, Line], columns: range) -> dict[int, list[Merge]]:
    """The merges over each row with text. A range over a million rows costs no more than the rows there are."""
    numbers = sorted(lines)
    over: dict[int, list[Merge]] = defaultdict(list)
    for merge in _apart(merges, columns):
        for number in numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]:
            over[number].append(merge)
    return over


def _apart(merges: Iterable[Merge], columns: range) -> Iterator[Merge]:
    """Those that touch the columns in use and do not overlap one that begins above or left of them."""
    taken_until = dict.fromkeys(columns, 0)
    for merge in sorted(merges):
        covered = range(max(merge.left, columns.start), min(merge.right + 1, columns.stop))
        if covered and all(taken_until[column] < merge.top for column in covered):
            taken_until.update(dict.fromkeys(covered, merge.bottom))
            yield merge
