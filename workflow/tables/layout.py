"""Which column means what: the header row found by the usual column names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from workflow.tables.errors import Unreadable
from workflow.tables.grid import Grid, Row


class Role(Enum):
    """What a column says about a sub-item."""

    SECTION = auto()
    TASK = auto()
    TEXT = auto()
    NUMBER = auto()
    LEADS = auto()
    SUPPORTS = auto()
    DEADLINE = auto()
    NOTES = auto()
    OTHER = auto()  # responsible persons, telephones: not ours


# What to call a column in a sentence.
NAMES = {
    Role.TEXT: "具体内容",
    Role.LEADS: "牵头单位",
    Role.SUPPORTS: "配合单位",
    Role.DEADLINE: "完成时限",
    Role.NOTES: "备注",
}

# Usual column names, first match wins: 牵头领导 is a person, 工作时限 a deadline. A plain content column counts as TEXT
# until its neighbours are known.
COLUMN_NAMES = (
    (Role.OTHER, re.compile("领导|^(?:责任|负责|联系)人|联络员|电话")),
    (Role.SUPPORTS, re.compile("配合|协办|协同|协助|参与|参加")),
    (Role.LEADS, re.compile("牵头|主办|主责|承办|(?:责任|落实|实施|负责)(?:单位|部门)")),
    (Role.DEADLINE, re.compile("时限|期限|完成时间|完成日期|时间节点|时间要求|时间安排")),
    (Role.NOTES, re.compile("备注|附注|说明")),
    (Role.NUMBER, re.compile("序号|编号")),
    (Role.SECTION, re.compile("类别|工程|板块|领域|方面")),
    (Role.TEXT, re.compile("内容|任务|措施|举措|事项|工作|项目|要点")),
)
LONGEST_NAME = 24
WIDEST = 64
# Above the header stand a title and a few lines; further down is no header.
HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of the columns, left to right, and the row that names them."""

    header: Row
    roles: tuple[Role, ...]

    @property
    def width(self) -> int:
        return len(self.roles)

    def fields(self, row: Row) -> dict[Role, str]:
        """What the row says, by role, without empty cells and other columns; columns of one role make one text."""
        fields: dict[Role, str] = {}
        for role, text in zip(self.roles, row.texts(), strict=False):
            if text and role is not Role.OTHER:
                fields[role] = f"{fields[role]}\n{text}" if role in fields else text
        return fields


def layout_of(grid: Grid) -> Layout:
    """Find the header and settle every column. Raises Unreadable where no row names content and leads."""
    for at, row in enumerate(grid.rows[:HEADER_WITHIN]):
        named = [_role(cell.text) for cell in row.cells]
        if Role.TEXT in named and Role.LEADS in named:
            width = max(row.width, _usual_width(grid.rows[at + 1 :]))
            if width > WIDEST:
                raise Unreadable(f"表格有{width}列，不像一张责任分工表，请确认选对了文件。")
            return Layout(row, _roles(row, named, width))
    raise Unreadable("没有找到表头：需要有一行写着“具体内容”（或任务、措施）和“牵头单位”（或责任单位）这样的列名。")


def _role(name: str) -> Role:
    if len(name) > LONGEST_NAME:
        return Role.OTHER
    plain = re.sub(r"\s|\(.*?\)", "", unicodedata.normalize("NFKC", name))
    return next((role for role, words in COLUMN_NAMES if words.search(plain)), Role.OTHER)


def _usual_width(rows: Sequence[Row]) -> int:
    """How many columns most rows have; of two equally common widths the larger."""
    widths = Counter(row.width for row in rows)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _roles(header: Row, named: list[Role], width: int) -> tuple[Role, ...]:
    """One role a column. Where the header has fewer columns than the rows, 具体内容 covers the difference."""
    missing = width - header.width
    roles: list[Role] = []
    for cell, role in zip(header.cells, named, strict=True):
        spare = missing if role is Role.TEXT else 0
        missing -= spare
        roles += [role] * (cell.span + spare)
    return tuple(_levels(roles))


def _levels(roles: list[Role]) -> list[Role]:
    """Content columns by level: the last holds the text, those before it task and section."""
    *above, _text = (at for at, role in enumerate(roles) if role is Role.TEXT)
    levels = [Role.TASK] if Role.SECTION in roles else [Role.TASK, Role.SECTION]
    for at in reversed(above):
        roles[at] = levels.pop(0) if levels else Role.OTHER
    return roles
