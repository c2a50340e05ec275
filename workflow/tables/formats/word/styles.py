"""Which list a paragraph belongs to, by itself or through its style."""

from dataclasses import dataclass

from workflow.tables.formats.word.xml import OFF, Element, W, find, number, value

NO_LIST = "0"  # the number of no list: it takes a paragraph out of its style's


@dataclass(frozen=True, slots=True)
class Membership:
    """The list and level a paragraph or style states, as far as it does; `style` is the style that named the list."""

    list_id: str | None = None
    level: int | None = None
    style: str | None = None

    def or_else(self, other: "Membership") -> "Membership":
        """What the other states fills what this one leaves open; whoever names the list settles the level."""
        if self.list_id is not None:
            return self
        return Membership(other.list_id, other.level if self.level is None else self.level, other.style)


class Styles:
    """The styles of a document (styles.xml), as far as they number."""

    def __init__(self, root: Element | None) -> None:
        styles = [] if root is None else root.findall(f"{W}style")
        self._by_id = {style.get(f"{W}styleId"): style for style in styles}
        self._default = next((style.get(f"{W}styleId") for style in styles if _is_default(style)), None)
        self._stated: dict[str | None, Membership] = {}

    def list_of(self, paragraph: Element) -> tuple[str, int | None, str | None]:
        """The list's id, the level where one is stated, and the style that named the list."""
        style = value(paragraph, "pPr/pStyle") or self._default
        stated = _stated(paragraph).or_else(self._of_style(style))
        return stated.list_id or NO_LIST, stated.level, stated.style

    def list_of_style(self, style: str) -> str:
        return self._of_style(style).list_id or NO_LIST

    def _of_style(self, style: str | None) -> Membership:
        """What the style states, or the ones it is based on; styles may be based on one another in a circle."""
        asked: dict[str | None, Element] = {}
        while style in self._by_id and style not in self._stated and style not in asked:
            asked[style] = self._by_id[style]
            style = value(asked[style], "basedOn")
        found = self._stated.get(style, Membership())
        for name, element in reversed(asked.items()):
            self._stated[name] = found = _stated(element, name).or_else(found)
        return found


def _is_default(style: Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") not in OFF


def _stated(holder: Element, style: str | None = None) -> Membership:
    numbered = find(holder, "pPr/numPr")
    if numbered is None:
        return Membership()
    level = value(numbered, "ilvl")
    return Membership(value(numbered, "numId"), None if level is None else number(level, 0), style)
