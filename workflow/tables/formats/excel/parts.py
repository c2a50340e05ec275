"""The parts of a workbook besides its cells: which sheets there are, the shared texts, the looks of numbers."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import BROKEN, TOO_MUCH, Archive
from workflow.tables.formats.excel.looks import BUILT_IN, Look, look_of, plain
from workflow.tables.formats.text.decoding import LINE_END

# As Office writes it, and as the strict variant of the standard has it.
NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
MOST_STRINGS = 1_000_000
LONGEST_TEXT = 32_767  # Excel's own limit for a cell
YES = ("1", "true", "on")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: `kind` is the last word of the type, `target` a path in the archive."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook; `kind` is worksheet, chartsheet, dialogsheet or a macro sheet."""

    name: str
    part: str
    kind: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """Everything the cells refer to."""

    sheets: tuple[Sheet, ...]
    strings: tuple[str, ...]
    looks: tuple[Look, ...]
    has_links: bool

    def look(self, style: str | None) -> Look:
        """How a cell of this style shows a number."""
        at = int(style) if style and style.isdecimal() else 0
        return self.looks[at] if at < len(self.looks) else plain

    def string(self, index: str) -> str:
        """A shared text. Raises Unreadable where there is none of this number."""
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(self.strings):
            raise Unreadable(BROKEN)
        return self.strings[int(index)]


def workbook_of(archive: Archive) -> Workbook:
    """Open a workbook. Raises Unreadable."""
    parts = _Parts(archive)
    main = next((relation.target for relation in parts.relations("").values() if relation.kind == "officeDocument"), "")
    root = archive.xml(parts.name(main))
    relations = parts.relations(main)
    targets = {relation.kind: relation.target for relation in relations.values()}
    from_1904 = any(properties.get("date1904") in YES for properties in root.iter("{*}workbookPr"))
    return Workbook(
        sheets=tuple(_sheets(root, relations, parts)),
        strings=tuple(_strings(archive, parts.name(targets["sharedStrings"]))) if "sharedStrings" in targets else (),
        looks=tuple(_looks(archive.xml(parts.name(targets["styles"])), from_1904)) if "styles" in targets else (),
        has_links=any(relation.kind == "externalLink" for relation in relations.values()),
    )


class _Parts:
    """The archive by the names its relations use: small and capital letters are the same, some write backslashes."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = {name.replace("\\", "/").lower(): name for name in archive.names}

    def name(self, target: str) -> str:
        """The name in the archive. Raises Unreadable where the part is missing."""
        if target.lower() not in self._names:
            raise Unreadable(BROKEN)
        return self._names[target.lower()]

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part by their id; those of the whole archive for ""."""
        folder, base = posixpath.split(part)
        root = self._archive.xml(self.name(posixpath.join(folder, "_rels", f"{base}.rels")))
        return {
            relation.get("Id", ""): Relation(relation.get("Type", "").rpartition("/")[2], _path(folder, relation))
            for relation in root.iter("{*}Relationship")
        }


def _path(folder: str, relation: etree._Element) -> str:
    target = relation.get("Target", "").replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _sheets(root: etree._Element, relations: dict[str, Relation], parts: _Parts) -> Iterator[Sheet]:
    for sheet in root.iter("{*}sheet"):
        # The id of the relation, whose namespace differs in the strict variant, is the only qualified attribute.
        link = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        if str(link) not in relations:
            raise Unreadable(BROKEN)
        relation = relations[str(link)]
        hidden = sheet.get("state", "visible") != "visible"
        yield Sheet(sheet.get("name", ""), parts.name(relation.target), relation.kind, hidden)


def _strings(archive: Archive, part: str) -> Iterator[str]:
    for count, item in enumerate(archive.events(part, qualified("si"))):
        if count == MOST_STRINGS:
            raise Unreadable(TOO_MUCH)
        yield text_in(item)


def text_in(element: etree._Element) -> str:
    """The text of a shared or inline string, of all its runs; how it is pronounced stands beside and is left out."""
    runs = [child for child in element if child.tag.endswith(("}t", "}r"))]
    texts = [run.text if run.tag.endswith("}t") else run.findtext("{*}t") for run in runs]
    return tidy("".join(filter(None, texts)))


def tidy(text: str) -> str:
    """The lines of a cell without white space around them and without empty ones."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable(TOO_MUCH)
    if "_x" in text:
        text = ESCAPED.sub(_unescaped, text)
    text = LINE_END.sub("\n", text)
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _unescaped(escape: re.Match[str]) -> str:
    """The character behind _x000D_; what no text may hold, such as NUL or half a character, is dropped."""
    character = chr(int(escape[1], 16))
    return character if character.isprintable() or character.isspace() else ""


def _looks(styles: etree._Element, from_1904: bool) -> Iterator[Look]:
    """One look a cell style, in the order cells refer to them."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    codes |= {own.get("numFmtId", ""): own.get("formatCode", "") for own in styles.iter("{*}numFmt")}
    looks = {number: look_of(code, from_1904) for number, code in codes.items()}
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        yield looks.get(style.get("numFmtId", ""), plain)


def qualified(*tags: str) -> list[str]:
    """Names of elements as the parser gives them, in either namespace."""
    return [f"{{{namespace}}}{tag}" for namespace in NAMESPACES for tag in tags]
