"""The text of a Word document as it would be printed with all changes accepted: paragraphs, cells, text boxes."""

from collections.abc import Iterator
from itertools import islice

from workflow.tables.formats.word.numbering import Numbering
from workflow.tables.formats.word.xml import (
    ALTERNATIVES,
    TBL,
    TC,
    TR,
    Element,
    M,
    P,
    R,
    T,
    W,
    content,
    find,
    is_on,
)

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PRIVATE = range(0xE000, 0xF900)  # signs that mean something in one font only
# Line ends inside w:t are those of the file; soft hyphens and zero-width signs are not seen.
SEEN = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\xad": None, "\u200b": None, "\ufeff": None, "\u2011": "-"})
SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DRAWN = frozenset(W + name for name in ("drawing", "pict", "object"))
BOX = f"{W}txbxContent"
MATHS = (f"{M}oMath", f"{M}oMathPara")


class Story:
    """Reads text in the order of the document, in which its numbering counts.

    `hid` and `nested` say whether hidden text was kept out and a table within a cell was met since they were reset.
    """

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self.shows_hidden = False
        self.hid = self.nested = False

    def blocks(self, container: Element) -> Iterator[str | Element]:
        """The lines of the paragraphs, stripped and without empty ones, and between them the tables."""
        carried = ""
        for block in content(container):
            if block.tag == TBL:
                yield block
            elif block.tag == P:
                runs = _Runs(block, self.shows_hidden)
                self.hid |= runs.hid
                carried += runs.text
                if not _is_joined_to_next(block):
                    yield from _lines(self._numbering.numbered(block, carried))
                    carried = ""
                for box in runs.boxes:
                    yield from self.blocks(box)
        yield from _lines(carried)

    def lines(self, cell: Element) -> list[str]:
        """The lines of a cell; a row of a table inside it makes one line."""
        lines: list[str] = []
        for block in self.blocks(cell):
            if isinstance(block, str):
                lines.append(block)
            else:
                self.nested = True
                lines += filter(None, (self._line(row) for row in rows_of(block)))
        return lines

    def _line(self, row: Element) -> str:
        return " ".join(line for cell in cells_of(row) for line in self.lines(cell))


def rows_of(table: Element) -> list[Element]:
    """The rows of a table, without those deleted."""
    return [row for row in content(table) if row.tag == TR and find(row, "trPr/del") is None]


def cells_of(row: Element) -> list[Element]:
    """The cells of a row, without those deleted."""
    return [cell for cell in content(row) if cell.tag == TC and find(cell, "tcPr/cellDel") is None]


def _lines(text: str) -> Iterator[str]:
    return filter(None, (line.strip() for line in text.split("\n")))


def _is_joined_to_next(paragraph: Element) -> bool:
    """Whether the end of the paragraph was deleted, or moved away."""
    return find(paragraph, "pPr/rPr/del") is not None or find(paragraph, "pPr/rPr/moveFrom") is not None


class _Runs:
    """The text of one paragraph, whether hidden text was left out of it, and the text boxes that hang on it."""

    def __init__(self, paragraph: Element, shows_hidden: bool) -> None:
        self.boxes: list[Element] = []
        self.hid = False
        self._shows_hidden = shows_hidden
        self._pieces: list[str] = []
        # For every field that is open: where its instruction began, None once its result has.
        self._fields: list[int | None] = []
        self._take(paragraph)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def _take(self, parent: Element) -> None:
        for child in content(parent):
            if child.tag == R:
                self._take_run(child)
            elif child.tag in MATHS:
                self._pieces += (sign.text or "" for sign in child.iter(f"{M}t"))

    def _take_run(self, run: Element) -> None:
        before = len(self._pieces)
        for child in content(run):
            self._take_sign(child)
        if is_on(run, "rPr/vanish") and not self._shows_hidden:
            self.hid |= bool("".join(self._pieces[before:]).strip())
            del self._pieces[before:]

    def _take_sign(self, child: Element) -> None:
        if child.tag == T:
            self._pieces.append(_text(child))
        elif child.tag in SIGNS:
            self._pieces.append(SIGNS[child.tag])
        elif child.tag == f"{W}sym":
            self._pieces.append(_symbol(child.get(f"{W}char", "")))
        elif child.tag == f"{W}fldChar":
            self._turn_field(child.get(f"{W}fldCharType"))
        elif child.tag in DRAWN:
            self.boxes += _boxes(child)
        elif child.tag == R:  # under phonetic signs
            self._take_run(child)

    def _turn_field(self, to: str | None) -> None:
        """What stands between begin and separate (or end) is the field's instruction, not text."""
        if to == "begin":
            self._fields.append(len(self._pieces))
        elif to in ("separate", "end") and self._fields:
            began = self._fields.pop()
            if began is not None:
                del self._pieces[began:]
            if to == "separate":
                self._fields.append(None)


def _text(element: Element) -> str:
    text = (element.text or "").translate(SEEN)
    return text if element.get(SPACE) == "preserve" else text.strip(" ")


def _symbol(code: str) -> str:
    """The sign of w:sym; pictures of a symbol font say nothing as text."""
    try:
        sign = int(code, 16)
    except ValueError:
        return ""
    return "" if sign in PRIVATE or not 0x20 <= sign < 0xD800 else chr(sign)


def _boxes(drawn: Element) -> Iterator[Element]:
    for child in islice(drawn, 1 if drawn.tag == ALTERNATIVES else None):
        if child.tag == BOX:
            yield child
        else:
            yield from _boxes(child)
