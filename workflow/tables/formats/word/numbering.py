"""Automatic numbering: the number Word prints in front of a paragraph and keeps out of its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflow.tables.formats.word.numerals import numeral
from workflow.tables.formats.word.styles import NO_LIST, Styles
from workflow.tables.formats.word.xml import VAL, Element, W, find, is_on, number, value

DEEPEST_LEVEL = 8
LONGEST_PATTERN = 40
PLACE = re.compile("%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts (w:lvl)."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    restarts_after: int | None = None  # 1-based level; None: after any level above, 0: never
    arabic: bool = False  # all numbers of the pattern in Arabic digits
    apart: bool = True  # a tab or space follows the number
    style: str | None = None  # the paragraph style that means this level

    def restarts(self, used: int) -> bool:
        """Whether the count begins anew after the (0-based) level above was used."""
        return self.restarts_after is None or used < self.restarts_after


@dataclass(frozen=True, slots=True)
class List:
    """One list (w:num): its levels, which definition it counts with, and the levels it starts anew."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)

    def start(self, at: int) -> int:
        return self.starts.get(at, self.levels[at].start if at in self.levels else 1)


class Numbering:
    """The lists of a document and how far each has counted; paragraphs are asked in the order of the document."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = Styles(styles)
        self._lists = {} if numbering is None else _lists(numbering, self._styles)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def numbered(self, paragraph: Element, text: str) -> str:
        """The text with its number in front, as printed; counts the paragraph."""
        list_id, level, style = self._styles.list_of(paragraph)
        used = self._lists.get(list_id)
        if used is None or list_id == NO_LIST:
            return text
        at = min(_named(used, style) if level is None else level, DEEPEST_LEVEL)
        if at not in used.levels:
            return text
        printed = _printed(used, at, self._count(list_id, used, at))
        return _joined(printed, text, used.levels[at])

    def _count(self, list_id: str, used: List, at: int) -> dict[int, int]:
        """Count one paragraph at a level. Lists with one definition go on counting where the other stopped."""
        counts = self._counts.setdefault(used.definition, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for level in used.starts:
                counts.pop(level, None)
        for above in range(at):
            counts.setdefault(above, used.start(above))
        counts[at] = counts[at] + 1 if at in counts else used.start(at)
        for below in range(at + 1, DEEPEST_LEVEL + 1):
            if below not in used.levels or used.levels[below].restarts(at):
                counts.pop(below, None)
        return counts


def _named(used: List, style: str | None) -> int:
    """The level that a paragraph style stands for, the first where it stands for none."""
    return next((at for at, level in used.levels.items() if style and level.style == style), 0)


def _printed(used: List, at: int, counts: dict[int, int]) -> str:
    level = used.levels[at]
    if level.form == "bullet":
        return ""

    def count(place: re.Match[str]) -> str:
        of = int(place[1]) - 1
        form = used.levels[of].form if of in used.levels and not level.arabic else "decimal"
        return numeral(counts.get(of, used.start(of)), form)

    return PLACE.sub(count, level.pattern).strip()


def _joined(printed: str, text: str, level: Level) -> str:
    """ "1" and "2022年" must not become 12022年, nor "1." and "5万亩" a decimal; "1.加强" needs no space."""
    if not printed or not text or not level.apart:
        return printed + text
    end, beginning = printed[-1], text[0]
    runs_on = end.isalpha() or end.isdecimal() or (end.isascii() and beginning.isascii())
    return f"{printed} {text}" if runs_on else printed + text


def _lists(numbering: Element, styles: Styles) -> dict[str, List]:
    definitions = {one.get(f"{W}abstractNumId", ""): one for one in numbering.iterfind(f"{W}abstractNum")}
    levels = {name: dict(_levels(definition)) for name, definition in definitions.items()}
    nums = {num.get(f"{W}numId", ""): num for num in numbering.iterfind(f"{W}num")}
    uses = {list_id: value(num, "abstractNumId") or "" for list_id, num in nums.items()}
    # A definition without levels of its own names the list style whose list has them.
    meant = {
        name: uses.get(styles.list_of_style(style), name)
        for name, definition in definitions.items()
        if (style := value(definition, "numStyleLink"))
    }
    return {
        list_id: _overridden(List(used := meant.get(uses[list_id], uses[list_id]), levels.get(used, {})), num)
        for list_id, num in nums.items()
    }


def _overridden(used: List, num: Element) -> List:
    levels, starts = dict(used.levels), {}
    for override in num.iterfind(f"{W}lvlOverride"):
        levels.update(_levels(override))
        if (start := find(override, "startOverride")) is not None:
            starts[number(override.get(f"{W}ilvl"), 0)] = number(start.get(VAL), 1)
    return replace(used, levels=levels, starts=starts)


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for element in parent.iterfind(f"{W}lvl"):
        at = number(element.get(f"{W}ilvl"), 0)
        if at <= DEEPEST_LEVEL:
            yield at, _level(element)


def _level(element: Element) -> Level:
    restart = value(element, "lvlRestart")
    return Level(
        start=number(value(element, "start"), 0),
        form=value(element, "numFmt") or "decimal",
        pattern=(value(element, "lvlText") or "")[:LONGEST_PATTERN],
        restarts_after=None if restart is None else number(restart, 0),
        arabic=is_on(element, "isLgl"),
        apart=value(element, "suff") != "nothing",
        style=value(element, "pStyle"),
    )
