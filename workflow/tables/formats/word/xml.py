"""The XML of Word: its names, the values of its properties, and what an element holds once all changes are accepted."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# ISO "strict" files use other names for the same things.
STRICT = {
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}": W,
    "{http://purl.oclc.org/ooxml/officeDocument/math}": M,
}

VAL = f"{W}val"
P, R, T, TBL, TR, TC = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc"))
SDT = f"{W}sdt"
ALTERNATIVES = f"{MC}AlternateContent"
# Their children stand in their place. w:del and w:moveFrom are not among them: what they hold is gone.
TRANSPARENT = frozenset(
    W + name
    for name in (
        *("ins", "moveTo", "sdt", "sdtContent", "customXml", "smartTag"),
        *("hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase"),
    )
)
CHANGES = tuple(W + name for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"))
OFF = ("0", "false", "off")
HIGHEST = 32_767  # Word's own limit for starts of lists and spans


def transitional(root: Element) -> Element:
    """The tree with the usual names, whichever of the two namespaces it was written in."""
    if root.tag.startswith(tuple(STRICT)):
        for element in root.iter():
            element.tag = _usual(str(element.tag))
            for name in list(element.attrib):
                element.attrib[_usual(str(name))] = element.attrib.pop(name)
    return root


def _usual(name: str) -> str:
    space, closing, local = name.rpartition("}")
    return STRICT.get(space + closing, space + closing) + local


def content(parent: Element) -> Iterator[Element]:
    """The children as they count in the final text: wrappers opened, one alternative of several, no placeholders."""
    for child in parent:
        if child.tag in TRANSPARENT:
            if not _is_placeholder(child):
                yield from content(child)
        elif child.tag == ALTERNATIVES:
            for chosen in islice(child, 1):  # what newer programs show; the others say the same for older ones
                yield from content(chosen)
        else:
            yield child


def _is_placeholder(child: Element) -> bool:
    """Whether it only says "click here to enter text"."""
    return child.tag == SDT and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None and child.find(f".//{TBL}") is None


def find(parent: Element, path: str) -> Element | None:
    """The first element under slash-separated plain names: "pPr/rPr/del"."""
    return parent.find("/".join(W + name for name in path.split("/")))


def is_on(parent: Element, path: str) -> bool:
    """Whether a property is set: it stands there and is not switched off."""
    found = find(parent, path)
    return found is not None and found.get(VAL) not in OFF


def value(parent: Element, path: str) -> str | None:
    """The w:val of the element, None where there is none."""
    found = find(parent, path)
    return None if found is None else found.get(VAL)


def number(text: str | None, default: int) -> int:
    """The whole number a file states, kept between 0 and Word's own limit."""
    try:
        return min(max(int(text or ""), 0), HIGHEST)
    except ValueError:
        return default
