"""Lines of running text → passages: wrapped lines put together, each with its number and the duty written behind it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.written_duties import (
    CLOSING,
    LEADS,
    OPENING,
    SENTENCE_END,
    SUPPORTS,
    Duty,
    Part,
    begins_with_label,
    framed,
    joined,
    parts_of,
)
from workflow.tables.rows.numbering import DIGITS_RANK, rank_of
from workflow.tables.units.names import is_broken

MOST = 20_000
LONGEST = 1_000_000
TOO_LONG = f"文字超过{MOST}段或{LONGEST // 10_000}万字，不像一份责任分工，请确认选对了文件。"
INDENT = "　　"  # with which a paragraph begins
STOPS = f"{SENTENCE_END}，,、. "
GOES_ON = "，、,：:"
SEPARATORS = re.compile("[、，,；;：:\\s]")
MAY_BE_LABEL = re.compile("[一-鿿]{2,8}[:：]")
LONGEST_BRACKET = 300
# In columns of half a Chinese character: what a printed line may lack at its end, and what only running text reaches.
RAGGED = 4
FULL = 40


class Paragraph:
    """Lines that belong together."""

    def __init__(self, number: int, line: str) -> None:
        self._rank = rank_of(line.strip())
        self._is_label = begins_with_label(line.strip())
        self._is_indented = line.startswith(INDENT)
        self._pieces: list[str] = []
        self._starts: list[int] = []  # of the lines in the text
        self._numbers: list[int] = []
        self._length = 0
        self._last = ""
        self._opened = 0  # signs since a bracket that is still open, 0 for none
        self.add(number, line)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def number_at(self, place: int) -> int:
        """The number of the line, counted from 1, in which a place of the text stands."""
        return self._numbers[bisect_right(self._starts, place) - 1]

    def add(self, number: int, line: str) -> None:
        text = line.strip()
        glue = self._glue(text) if self._pieces else ""
        self._starts.append(self._length + len(glue))
        self._numbers.append(number)
        self._pieces += (glue, text)
        self._length += len(glue) + len(text)
        self._last = text
        opening, closing = (max(map(text.rfind, signs)) for signs in (OPENING, CLOSING))
        if opening > closing:
            self._opened = len(text) - opening
        elif self._opened:
            self._opened = 0 if closing >= 0 else self._opened + len(text)

    def _glue(self, text: str) -> str:
        """What stands between the last line and this one: nothing in Chinese, but a label keeps its own line."""
        if begins_with_label(text) or MAY_BE_LABEL.match(text):
            return "\n"
        return " " if self._last[-1].isascii() and text[0].isascii() else ""

    def goes_on_with(self, line: str) -> bool:
        """Whether the line was broken off this paragraph, and is none of its own."""
        text = line.strip()
        if rank_of(text) is not None:
            return False
        if 0 < self._opened < LONGEST_BRACKET:
            return True
        if begins_with_label(text):
            return self._is_label
        if line.startswith(INDENT):
            return False
        if self._is_label:
            return self._lists_on(text)
        if self._last[-1] in SENTENCE_END + CLOSING:
            return self._is_indented and not line[0].isspace()
        return self._last[-1] in GOES_ON or self._breaks_off(text)

    def _lists_on(self, text: str) -> bool:
        """Whether a list of units behind a label goes on: 财政局、 + 人社局, 人力资源和社 + 会保障局."""
        return self._last[-1] in GOES_ON or is_broken(SEPARATORS.split(self._last)[-1], SEPARATORS.split(text, 1)[0])

    def _breaks_off(self, text: str) -> bool:
        """Whether the last line ends amid a sentence: with a stop in it, or as long as only running text is."""
        may_be_heading = self._rank is not None and self._rank < DIGITS_RANK
        width = _width(self._last)
        has_stop = any(stop in self._last for stop in ("。；" if may_be_heading else "。；，"))
        return has_stop or (width >= FULL and width + RAGGED >= _width(text))


class Place(NamedTuple):
    """The number of the line where a part begins, that of its paragraph, and whether nothing stands before it there."""

    number: int
    paragraph: int
    is_first: bool


@dataclass(slots=True)
class Passage:
    """What is to be done, or a heading, or anything else that is said; `printed` has everything as it stands there.

    `is_apart`: the duty stands on lines of its own below the text.
    """

    place: Place
    text: str
    rank: int | None = None
    duty: Duty = field(default_factory=dict)
    printed: list[tuple[int, str]] = field(default_factory=list)  # with the number of the line its paragraph begins in
    is_apart: bool = False

    @property
    def is_item(self) -> bool:
        return LEADS in self.duty or SUPPORTS in self.duty


def merged(passages: Sequence[Passage]) -> Passage:
    """One passage of several that belong together, under the number of the first."""
    first, last = passages[0], passages[-1]
    duty: Duty = {}
    for passage in passages:
        duty = joined(duty, passage.duty) if passage.duty else duty
    printed = [part for passage in passages for part in passage.printed]
    text = "\n".join(passage.text for passage in passages)
    return Passage(first.place, text, first.rank, duty, printed, last.is_apart)


def passages_of(lines: Sequence[str]) -> list[Passage]:
    """The passages of a text in their order. Raises Unreadable for more text than any plan has."""
    if sum(map(len, lines)) > LONGEST:
        raise Unreadable(TOO_LONG)
    passages: list[Passage] = []
    for count, (place, part) in enumerate(_parts(lines)):
        if count == MOST:
            raise Unreadable(TOO_LONG)
        text = part.text if place.is_first else _without_stop(part.text, passages[-1])
        if passages and not text and (part.duty or not place.is_first):
            _append(passages[-1], part, place)
        elif text:
            passages.append(Passage(place, text, rank_of(text), part.duty, [(place.paragraph, part.printed)]))
        else:
            # A duty with nothing to do above it.
            passages.append(Passage(place, part.printed, printed=[(place.paragraph, part.printed)]))
    return passages


def _parts(lines: Iterable[str]) -> Iterator[tuple[Place, Part]]:
    for paragraph in _paragraphs(lines):
        at = 0
        for part in parts_of(paragraph.text):
            yield Place(paragraph.number_at(at), paragraph.number_at(0), at == 0), part
            at += len(part.printed)


def _without_stop(text: str, before: Passage) -> str:
    """Text behind a duty without the stop that ends the sentence before it; that is put where it belongs."""
    rest = text.lstrip(STOPS)
    if rest != text and not before.text.endswith(tuple(SENTENCE_END)):
        before.text += text[0]
    return rest


def _append(passage: Passage, part: Part, place: Place) -> None:
    passage.is_apart |= place.is_first and not passage.duty
    passage.duty = joined(passage.duty, part.duty)
    passage.printed.append((place.paragraph, part.printed))


def _paragraphs(lines: Iterable[str]) -> Iterator[Paragraph]:
    """Raises Unreadable for a text of more lines than any plan has."""
    paragraph: Paragraph | None = None
    count = 0
    for number, printed in enumerate(lines, start=1):
        line = framed(printed.rstrip())
        count += bool(line)
        if count > MOST:
            raise Unreadable(TOO_LONG)
        if paragraph and line and paragraph.goes_on_with(line):
            paragraph.add(number, line)
            continue
        if paragraph:
            yield paragraph
        paragraph = Paragraph(number, line) if line else None
    if paragraph:
        yield paragraph


def _width(text: str) -> int:
    return sum(1 if sign.isascii() else 2 for sign in text)
