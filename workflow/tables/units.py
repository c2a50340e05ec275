"""Unit cells: which units a cell names, and where it names none in particular."""

import re

SEPARATORS = "、，,;；\n/／|"
BRACKETS = {"（": "）", "(": ")"}
NOBODY = {"", "-", "—", "——", "无", "／", "/", "\\"}
OPEN_END = re.compile(r"等(?:有关|相关|其他|成员|各)*(?:部门|单位|乡镇)?$")
# 各乡镇 and 各学校 are groups whose members are known (domain rule 7); these are not.
UNNAMED = re.compile(
    "(?:各|其他|其它)*(?:有关|相关|责任|涉及|成员|业务|主管|职能|牵头|配合)*(?:部门|单位|科室|股室)|(?:有关|相关)方面"
)


def split_units(cell: str) -> list[str]:
    """The units of a cell as printed, one entry each, in order; a closing 等 belongs to no name.

    Separators are 、，；/, line ends and spaces between names; not those inside brackets.
    """
    names = (OPEN_END.sub("", name) for name in _entries(cell))
    return [name for name in names if name not in NOBODY]


def is_open_ended(cell: str) -> bool:
    """Whether the cell leaves the list open: 财政局、人社局等."""
    return any(OPEN_END.search(name) for name in _entries(cell))


def names_no_unit(name: str) -> bool:
    """Whether the entry stands for units nobody can look up: 各有关部门, 相关单位."""
    return bool(UNNAMED.fullmatch(name))


def _entries(cell: str) -> list[str]:
    return [name for part in _parts(cell) for name in _spaced(part.strip(" \t　。."))]


def _parts(cell: str) -> list[str]:
    """The cell cut at its separators, brackets kept whole."""
    parts: list[str] = []
    start, awaited = 0, ""
    last = {opening: cell.rfind(closing) for opening, closing in BRACKETS.items()}
    for at, sign in enumerate(cell):
        if sign == awaited:
            awaited = ""
        elif not awaited and at < last.get(sign, -1):
            awaited = BRACKETS[sign]
        elif not awaited and sign in SEPARATORS:
            parts.append(cell[start:at])
            start = at + 1
    return [*parts, cell[start:]]


def _spaced(part: str) -> list[str]:
    """Spaces separate names (教体局 财政局) but also stretch one name over its cell (教 体 局)."""
    words = part.split()
    return words if all(len(word) > 1 for word in words) else ["".join(words)]
