"""Lists of units: the names of a cell as printed, and entries that name nobody in particular."""

import re

from workflow.tables.units.names import BRACKETED, LONGEST_NAME, cut_at_and, is_broken

SEPARATORS = frozenset("、﹑､，,；;\n/／|｜·•・。\t①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
OPENING, CLOSING = "（(【[〔", "）)】]〕"
NOBODY = re.compile(r"[-—–－_/／\\.。]*|暂?无|空")
# "1.", "（2）" and bullets before a name; 12345热线 is none.
NUMBERING = re.compile(r"(?:[（(]?[0-9０-９]{1,2}[.．、)）]|[●■◆▪○◎※*-])\s*")
NEXT = re.compile(r"[0-9０-９]{1,2}[.．、](?=[^0-9０-９])|[●■◆▪○◎]")
ONLY_NUMBER = re.compile("[（(]?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[.．)）]?")
COUNT = "[0-9０-９一二三四五六七八九十几多两]+个"
OPEN_END = re.compile(
    rf"(?<![高中初])等(?:{COUNT})?(?:有关|相关|其他|其它|成员|责任|各)*"
    "(?:(?:部门|单位|乡镇|街道)(?:和|及)?)*(?:[（(](?:部门|单位)[)）])?$"
)

# 各乡镇 and 各学校 are groups whose members are known (domain rule 7); these are not.
WHOSE = "有关|相关|责任|涉及|成员|业务|主管|职能|牵头|配合|协办"
UNNAMED = re.compile(
    rf"(?:各级|各|其他|其它|其余|全体|所有|以上|上述|[县市区省]直|[县市区省]级|{WHOSE})*"
    r"(?:部门|单位|科室|股室)+(?:[（(](?:部门|单位|科室)[)）])?(?:[和及]单位)?"
    rf"|(?:各|其他|其它)*(?:有关|相关|涉及|其他|其它)+(?:方面|乡镇|街道|学校|企业|园区)+"
    r"|同[上前左]|〃|″|[\"”〞]|(?:见|如)上|(?:待定|待明确|另行确定)"
)


def split_units(cell: str) -> list[str]:
    """The units of a cell as printed, one entry each, in order; a closing 等 belongs to no name.

    Names end at 、，；/ and their kin, at line ends and spaces, not inside brackets; 和 parts them only where both
    sides are whole names. A name broken over two lines is put together again.
    """
    return [name for entry in entries(cell) if (name := closed(entry))]


def entries(cell: str) -> list[str]:
    """As `split_units`, with the 等 that a list may end in."""
    return [name for part in _parts(_rejoined(cell)) for word in _spaced(part) for name in _names(word)]


def closed(entry: str) -> str:
    """The name without 等, 等部门, 等12个单位; "" where nothing else is there."""
    return OPEN_END.sub("", entry).strip()


def is_open(entry: str) -> bool:
    """Whether the entry leaves its list open: 人社局等部门."""
    return bool(OPEN_END.search(entry))


def names_no_unit(name: str) -> bool:
    """Whether the entry stands for units nobody can look up: 各有关部门, 相关单位, 同上."""
    return bool(UNNAMED.fullmatch(name))


def in_brackets(text: str) -> list[bool]:
    """For every sign whether it stands inside a pair of brackets, the brackets included; one without its pair counts
    for nothing."""
    if not any(sign in text for sign in OPENING):
        return [False] * len(text)
    inside, opened = [0] * (len(text) + 1), []
    for at, sign in enumerate(text):
        if sign in OPENING:
            opened.append(at)
        elif sign in CLOSING and opened:
            inside[opened.pop()] += 1
            inside[at + 1] -= 1
    depth = 0
    return [(depth := depth + step) > 0 for step in inside[:-1]]


def _rejoined(cell: str) -> str:
    """The cell with names put together that a narrow column broke over its lines."""
    if "\n" not in cell:
        return cell.strip()
    cell = "".join(sign for sign, inside in zip(cell, in_brackets(cell), strict=True) if sign != "\n" or not inside)
    joined: list[str] = []
    last = ""  # the end of what was joined so far, long enough for a name
    for line in cell.split("\n"):
        goes_on = _goes_on(_after_separator(last), line.strip())
        joined.append(line.strip() if goes_on or not joined else f"\n{line}")
        last = ((last if goes_on else "") + line.rstrip())[-LONGEST_NAME:]
    return "".join(joined)


def _goes_on(name: str, line: str) -> bool:
    """Whether the line begins with the rest of the name above it, or is its brackets."""
    own_brackets = bool(name and BRACKETED.match(line) and not ONLY_NUMBER.fullmatch(line))
    return own_brackets or is_broken(name, _before_separator(line))


def _after_separator(line: str) -> str:
    start = next((at + 1 for at in reversed(range(len(line))) if line[at] in SEPARATORS or line[at].isspace()), 0)
    return line[start:]


def _before_separator(line: str) -> str:
    head = line[:LONGEST_NAME]
    return head[: next((at for at, sign in enumerate(head) if sign in SEPARATORS or sign.isspace()), len(head))]


def _parts(cell: str) -> list[str]:
    """The cell cut at its separators, brackets kept whole."""
    parts, start = [], 0
    for at, (sign, inside) in enumerate(zip(cell, in_brackets(cell), strict=True)):
        if sign in SEPARATORS and not inside:
            parts.append(cell[start:at])
            start = at + 1
    return [*parts, cell[start:]]


def _spaced(part: str) -> list[str]:
    """Spaces separate names (教体局 财政局) but also stretch one name over its cell (教 体 局)."""
    words = [word for word in part.split() if not ONLY_NUMBER.fullmatch(word)]
    if all(len(word) > 1 for word in words):
        return words
    names, name = [], ""
    for word in words:
        name += word
        if len(name) > 2 and name.endswith(("局", "厅")):
            names.append(name)
            name = ""
    return [*names, name]


def _names(word: str) -> list[str]:
    if not NUMBERING.match(word):
        return _named(word)
    return [name for part in NEXT.split(NUMBERING.sub("", word, count=1)) for name in _named(part)]


def _named(word: str) -> list[str]:
    name = word.strip(" \t　。.,:：")
    return [] if NOBODY.fullmatch(name) or ONLY_NUMBER.fullmatch(name) else cut_at_and(name)
