"""What a revised document changes against the items of a published plan, and which words of a text changed.

A line is known by what it says before it is known by its number: an insertion moves every number after it.
"""

import re
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

# Texts that may be one item reworded: twice the characters in common over all characters.
LEAST_ALIKE = 0.6
COMPARED = 600  # characters of a text
# What speaks for a pair beside its texts; it decides among texts that are about equally alike.
SAME_NUMBER, SAME_TASK, SAME_LEAD = 0.08, 0.05, 0.05
# Up to so many lines left on each side any two may be one item; beyond, only two of one task, lead or number.
FEW = 500
CLOSEST = 6  # lines looked at closely for one line
COMMONEST = 25  # lines of a task or lead, beyond which two characters that they share tell nothing

# A number (2022年, 95%) or a foreign word is one word; of Chinese text each character.
WORD = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?[年月日%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
STOP = re.compile(r"[、，；。：,;:.!?！？（）()《》“”\s]")
# Texts with less in common are shown as one replaced by the other, and so are texts too long to look through.
LEAST_WORTH_MARKING = 0.3
MOST_WORDS = 2000
LONGEST_ISLAND = 2  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One sub-item from either side. Units are given by id, or as printed where nobody knows which."""

    key: Hashable
    number: str
    section: str
    task: str
    text: str
    leads: tuple[Hashable, ...]
    supports: tuple[Hashable, ...]
    deadline: Hashable
    deadline_raw: str
    notes: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a line; `fields` names what differs in one that is "changed".

    White space and full width make no difference, nor does another wording of the same deadline, nor the order of
    units behind the main lead.
    """

    kind: Literal["added", "removed", "changed", "same"]
    before: Line | None
    after: Line | None
    fields: tuple[str, ...] = ()


class _Said(NamedTuple):
    """What a line says, in a form in which equal things are equal."""

    number: str
    section: str
    task: str
    text: str
    leads: tuple[tuple[Hashable, ...], frozenset[Hashable]]
    supports: frozenset[Hashable]
    deadline: Hashable
    notes: str


Pairs = dict[int, int]  # place before → place after
# Equal in one of these, the more telling first, two lines are the same item. What many lines say alike (建立台账)
# is told apart by its task, then by its leads.
EQUAL: tuple[Callable[[_Said], Hashable], ...] = (
    lambda said: said,
    lambda said: (said.number, said.task, said.text),
    lambda said: (said.task, said.text, said.leads),
    lambda said: (said.task, said.text),
    lambda said: (said.number, said.text),
    lambda said: (said.text, said.leads),
    lambda said: said.text,
)


def difference(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """Every line of both sides once, in the order of `after`; a removed one follows the line it stood behind."""
    was, now = [_said(line) for line in before], [_said(line) for line in after]
    pairs = _pairs(was, now)
    removed: dict[int, list[Change]] = defaultdict(list)
    behind = -1
    for place, line in enumerate(before):
        behind = pairs.get(place, behind)
        if place not in pairs:
            removed[behind].append(Change("removed", line, None))
    origin = {new: old for old, new in pairs.items()}
    changes = removed[-1]
    for place, line in enumerate(after):
        if place in origin:
            fields = _fields(was[origin[place]], now[place])
            changes.append(Change("changed" if fields else "same", before[origin[place]], line, fields))
        else:
            changes.append(Change("added", None, line))
        changes += removed[place]
    return changes


def _said(line: Line) -> _Said:
    number, section, task, text, notes = map(_plain, (line.number, line.section, line.task, line.text, line.notes))
    leads = (line.leads[:1], frozenset(line.leads))
    return _Said(number, section, task, text, leads, frozenset(line.supports), line.deadline, notes)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _fields(was: _Said, now: _Said) -> tuple[str, ...]:
    return tuple(name for name, old, new in zip(_Said._fields, was, now, strict=True) if old != new)


# --- which line is which ----------------------------------------------------------------------------------------------
def _pairs(was: Sequence[_Said], now: Sequence[_Said]) -> Pairs:
    """Lines that are one item: first those that say the same, then those that say much the same, the closest first."""
    pairs: Pairs = {}
    old, new = list(range(len(was))), list(range(len(now)))
    for sense in EQUAL:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for place in new:
            waiting[sense(now[place])].append(place)
        pairs |= {place: found.popleft() for place in old if (found := waiting.get(sense(was[place])))}
        taken = set(pairs.values())
        old, new = [place for place in old if place not in pairs], [place for place in new if place not in taken]
    for _likeness, one, other in sorted(_alike(was, now, old, new)):
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs


def _alike(
    was: Sequence[_Said], now: Sequence[_Said], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    """(how unlike, place before, place after) of the lines left that may be one item."""
    many = max(len(old), len(new)) > FEW
    holding: dict[Hashable, list[int]] = defaultdict(list)
    numbered: dict[str, list[int]] = defaultdict(list)
    for place in new:
        numbered[now[place].number].append(place)
        for trace in _traces(now[place], many):
            holding[trace].append(place)
    most = COMMONEST if many else FEW
    for place in old:
        found = (holding.get(trace, ()) for trace in _traces(was[place], many))
        shared = Counter(other for places in found if len(places) <= most for other in places)
        share = {other: count / (len(was[place].text) + len(now[other].text)) for other, count in shared.items()}
        closest = sorted(share, key=lambda other: (-share[other], other))  # the same on every run, whatever the hashes
        for other in dict.fromkeys((*numbered[was[place].number][:CLOSEST], *closest[:CLOSEST])):
            if (ratio := _ratio(was[place].text, now[other].text)) >= LEAST_ALIKE:
                yield -ratio - _also_same(was[place], now[other]), place, other


def _traces(said: _Said, many: bool) -> set[Hashable]:
    """What two lines must share to be compared: two characters side by side; of many lines, in one task or lead."""
    couples = {f"{one}{two}" for one, two in pairwise(said.text[:COMPARED])}
    if not many:
        return set(couples)
    return {(place, couple) for place in (said.task, said.leads[0]) for couple in couples}


def _also_same(one: _Said, other: _Said) -> float:
    same_lead = one.leads[0] == other.leads[0]
    return SAME_NUMBER * (one.number == other.number) + SAME_TASK * (one.task == other.task) + SAME_LEAD * same_lead


def _ratio(one: str, other: str) -> float:
    """Twice the longest common subsequence over both lengths; bits of a number stand for the characters of `one`."""
    one, other = one[:COMPARED], other[:COMPARED]
    if 2 * min(len(one), len(other)) < LEAST_ALIKE * (len(one) + len(other)):
        return 0.0
    at: dict[str, int] = defaultdict(int)
    for place, sign in enumerate(one):
        at[sign] |= 1 << place
    every = (1 << len(one)) - 1
    free = every  # a bit falls where the common subsequence grows
    for sign in other:
        met = free & at.get(sign, 0)
        free = ((free + met) | (free - met)) & every
    return 2 * (len(one) - free.bit_count()) / (len(one) + len(other) or 1)


# --- which words changed ----------------------------------------------------------------------------------------------
Words = list[str]
Run = tuple[Words, Words]  # what stood here and what stands here; equal where nothing changed


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces to show, ("same" | "gone" | "new", text): same and gone make `before`, same and new make `after`.

    Phrases rather than scattered characters: a word that stands unchanged between two changes belongs to them.
    """
    old_words, new_words = WORD.findall(before), WORD.findall(after)
    runs = _joined(_slid(_runs(old_words, new_words)))
    same = sum(len(old) for old, new in runs if old == new)
    if 2 * same < LEAST_WORTH_MARKING * (len(old_words) + len(new_words)):
        runs = [([before], [after])]
    return [piece for run in runs for piece in _pieces(*map("".join, run))]


def _runs(before: Words, after: Words) -> Iterator[Run]:
    """The texts side by side, equal and changed in turn."""
    if max(len(before), len(after)) > MOST_WORDS and before != after:
        yield before, after
        return
    for _kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield before[start:end], after[new_start:new_end]


def _slid(runs: Iterable[Run]) -> list[Run]:
    """What was only put in or left out is a whole phrase where the words around it allow: 、人社局 and not 局、人社."""
    slid = list(runs)
    for at in range(1, len(slid) - 1):
        (left, _left), (old, new), (right, _right) = slid[at - 1 : at + 2]
        if bool(old) != bool(new):
            left, words, right = max(_places(left, old or new, right), key=_cleanness)
            slid[at - 1 : at + 2] = [(left, left), (words, []) if old else ([], words), (right, right)]
    return slid


def _places(left: Words, words: Words, right: Words) -> Iterator[tuple[Words, Words, Words]]:
    """Every place between left and right where such words may stand while the whole reads the same, last first."""
    while right and right[0] == words[0]:
        left, words, right = [*left, *words[:1]], [*words[1:], *right[:1]], right[1:]
    yield left, words, right
    while left and left[-1] == words[-1]:
        left, words, right = left[:-1], [*left[-1:], *words[:-1]], [*words[-1:], *right]
        yield left, words, right


def _cleanness(place: tuple[Words, Words, Words]) -> int:
    """How far the words begin and end where a phrase does."""
    left, words, right = place
    begins = not left or STOP.match(left[-1]) or STOP.match(words[0])
    ends = not right or STOP.match(words[-1]) or STOP.match(right[0])
    return 2 * bool(begins) + bool(ends)


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Without islands: no short word lies unchanged between two changes that are longer."""
    joined: list[Run] = []
    for run in runs:
        joined.append(run)
        while len(joined) > 2 and _is_island(*joined[-3:]):
            (old, new), (same, _same), (last_old, last_new) = joined[-3:]
            joined[-3:] = [(old + same + last_old, new + same + last_new)]
    return joined


def _is_island(left: Run, middle: Run, right: Run) -> bool:
    if left[0] == left[1] or middle[0] != middle[1] or right[0] == right[1]:
        return False
    return _length(middle) <= min(LONGEST_ISLAND, _length(left), _length(right))


def _length(run: Run) -> int:
    return max(len("".join(words)) for words in run)


def _pieces(old: str, new: str) -> Iterator[tuple[str, str]]:
    pieces = [("same", old)] if old == new else [("gone", old), ("new", new)]
    yield from (piece for piece in pieces if piece[1])
