"""The number each item carries once it is published: unique where the printed numbers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.tables.table import Item

LONGEST = 32
Part = tuple[str | None, ...]


def numbers_of(items: Sequence[Item]) -> list[str]:
    """One number an item, "task.item" as printed, at most 32 characters.

    Where numbering begins anew in every section, the section's number stands in front: "二.1.3". An item without a
    number gets the next free one of its task. A number printed twice within one numbering stays double: it is a
    fault of the document that a person must mend.
    """
    parts = parts_of(items)
    own = _own_numbers(items, parts)
    if not _begin_anew(parts, own):
        return _distinct(items, _own_numbers(items, [()] * len(items)))
    labels = _labels(items, parts)
    return _distinct(items, own, [f"{labels[part]}." for part in parts])


def joined(task_no: str, item_no: str) -> str:
    """22 and 3 make 22.3; 1.1 in task 1 says both already."""
    if task_no and item_no.startswith((f"{task_no}.", f"{task_no}-")):
        return item_no
    return ".".join(filter(None, (task_no, item_no)))


def parts_of(items: Sequence[Item]) -> list[Part]:
    """What numbering may begin anew in, for each item: its section; where there is none, its table or sheet.

    A table that goes on with the task of the one before is the rest of it, cut off by the end of a page.
    """
    parts: list[Part] = []
    for at, item in enumerate(items):
        part: Part = (item.section_no, item.section)
        if not any(part):
            before = items[at - 1] if at else None
            goes_on = before is not None and (item.task_no or item.task) and _heading(item) == _heading(before)
            part = parts[-1] if goes_on else (item.source.sheet, str(item.source.table))
        parts.append(part)
    return parts


def numberings(items: Sequence[Item]) -> list[Part]:
    """For each item the numbering in which its number must be the only one.

    Sections, and tasks without a number, may each begin anew; where none does, one numbering runs through the table.
    """
    parts = [part if item.task_no else (*part, item.task) for part, item in zip(parts_of(items), items, strict=True)]
    numbered = [(part, item.number) for part, item in zip(parts, items, strict=True) if item.number]
    return parts if _begin_anew([part for part, _ in numbered], [no for _, no in numbered]) else [()] * len(items)


def _heading(item: Item) -> tuple[str, ...]:
    return (item.section_no, item.section, item.task_no, item.task)


def _begin_anew(parts: Sequence[Part], numbers: Sequence[str]) -> bool:
    """Whether a part begins with the number that another one began with."""
    first: dict[Part, str] = {}
    for part, number in zip(parts, numbers, strict=True):
        first.setdefault(part, number)
    return len(set(first.values())) < len(first)


def _labels(items: Sequence[Item], parts: Sequence[Part]) -> dict[Part, str]:
    """The sections' own numbers where each has one and they differ, else their places."""
    printed = {part: item.section_no for part, item in zip(parts, items, strict=True)}
    if all(printed.values()) and len(set(printed.values())) == len(printed):
        return printed
    return {part: str(place) for place, part in enumerate(printed, 1)}


def _distinct(items: Sequence[Item], own: Sequence[str], before: Sequence[str] | None = None) -> list[str]:
    """The numbers with what stands `before` them; one that we gave makes way for one that is printed."""
    numbers = [f"{label}{number}"[:LONGEST] for label, number in zip(before or [""] * len(own), own, strict=True)]
    given = [at for at, (number, item) in enumerate(zip(own, items, strict=True)) if number != item.number]
    owners: dict[str, object] = dict.fromkeys(numbers[at] for at in set(range(len(items))).difference(given))
    for at in given:
        # What is printed twice in one task is the same number twice, whatever we put in front of it.
        owner = (_heading(items[at]), items[at].item_no) if items[at].item_no else at
        tries = (f"{numbers[at][: LONGEST - 6]}-{nth}" for nth in count(2))
        numbers[at] = next(no for no in chain([numbers[at]], tries) if owners.setdefault(no, owner) == owner)
    return numbers


def _own_numbers(items: Sequence[Item], parts: Sequence[Part]) -> list[str]:
    """Task and item, with numbers for what has none that are free within the part."""
    tasks = _task_numbers(items, parts)
    return [joined(task, no) for task, no in zip(tasks, _item_numbers(items, parts, tasks), strict=True)]


def _task_numbers(items: Sequence[Item], parts: Sequence[Part]) -> list[str]:
    """The tasks' own numbers; where tasks without one would number their items alike, their places in the section."""
    tasks: dict[Part, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for part, item in zip(parts, items, strict=True):
        tasks[part][item.task_no, item.task].append(item.item_no)
    clash = any(_clash([numbers for (no, _), numbers in of_part.items() if not no]) for of_part in tasks.values())
    given: dict[tuple[Part, tuple[str, str]], str] = {}
    for part, of_part in tasks.items():
        free = _free(no for no, _ in of_part)
        for key in of_part:
            given[part, key] = key[0] or (next(free) if clash and key[1] else "")
    return [given[part, (item.task_no, item.task)] for part, item in zip(parts, items, strict=True)]


def _clash(tasks: Sequence[Sequence[str]]) -> bool:
    """Whether items of different tasks have the same number, or none at all."""
    numbers = [set(task) for task in tasks]
    return len(tasks) > 1 and ("" in set().union(*numbers) or sum(map(len, numbers)) > len(set().union(*numbers)))


def _item_numbers(items: Sequence[Item], parts: Sequence[Part], tasks: Sequence[str]) -> Iterator[str]:
    """The items' own numbers, and for those without the next that is free in their task."""
    keys = list(zip(parts, tasks, strict=True))
    taken: dict[tuple[Part, str], set[str]] = defaultdict(set)
    for key, item in zip(keys, items, strict=True):
        taken[key].add(item.item_no)
    free = {key: _free(numbers) for key, numbers in taken.items()}
    for key, item in zip(keys, items, strict=True):
        yield item.item_no or next(free[key])


def _free(taken: Iterable[str]) -> Iterator[str]:
    """1, 2, 3 … without those that are taken."""
    held = frozenset(taken)
    return (number for number in map(str, count(1)) if number not in held)
