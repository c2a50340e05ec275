"""What each column is, once its neighbours and its cells are known."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.tables.columns.headers import CONTENT, WITH_UNITS, Header
from workflow.tables.columns.names import LEADING, Role, role_of
from workflow.tables.grid import Row
from workflow.tables.rows.numbering import plain_number

MEASURES = frozenset(
    "个 只 台 套 件 份 本 张 支 条 块 把 瓶 箱 包 袋 盒 桶 卷 根 棵 株 头 辆 架 座 栋 间 处 项 次 人 户 亩 吨 斤"
    " 公斤 千克 克 升 毫升 米 千米 公里 厘米 平方米 立方米 平方 立方 元 万元 kg g l ml m km m2 m3 t".split()
)
NUMBER_OF = {Role.SECTION: Role.SECTION_NUMBER, Role.TASK: Role.TASK_NUMBER}
# Of several columns of dates the one that says when it must be done.
DEADLINES = tuple(map(re.compile, ("完成|办结|整改|截止|截至|结束|止$", "时限|期限|节点", "")))
OFFICE = re.compile("[科股处]室")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is, and what is printed above it."""

    role: Role
    name: str


class Cells:
    """What stands below a header, one text a column; a row of one text tells nothing about columns and is left out."""

    def __init__(self, rows: Sequence[Row]) -> None:
        spread = ([cell for cell in row.cells for _ in range(cell.span)] for row in rows)
        self.rows = [cells for cells in spread if len({cell.text for cell in cells if cell.text}) > 1]

    def own(self, at: int) -> list[str]:
        """The texts of a column, "" where it is empty or merged from above."""
        return ["" if at >= len(cells) or cells[at].above else cells[at].text for cells in self.rows]

    def is_filled(self, at: int) -> bool:
        """Whether most rows say something there, merged cells counted in each."""
        filled = sum(at < len(cells) and bool(cells[at].text) for cells in self.rows)
        return len(self.rows) < 2 or filled * 2 >= len(self.rows)

    def is_merged_beside(self, at: int, other: int) -> bool:
        """Whether a cell goes on downwards there while the other column begins anew."""
        reach = max(at, other)
        return any(
            len(cells) > reach and cells[at].above and cells[other].text and not cells[other].above
            for cells in self.rows
        )


class Columns:
    """The columns of one table while they are being settled; `roles` change, `names` stay."""

    def __init__(self, header: Header, rows: Sequence[Row]) -> None:
        self.names = [_printed(name, above) for name, above in header.names]
        self.roles = [role or Role.OTHER for role in header.roles]
        self._widen(usual_width(rows) - len(self.roles))
        self.cells = Cells(rows)

    def settled(self) -> tuple[Column, ...]:
        self._settle_units()
        self._settle_times()
        self._settle_content()
        self._settle_numbers()
        for role in (Role.PERSON, Role.TIME, Role.GOODS, Role.UNIT, Role.GOAL, Role.PROBLEM):
            self._turn(self.having(role), Role.OTHER)
        return tuple(map(Column, self.roles, self.names))

    def having(self, *roles: Role) -> list[int]:
        return [at for at, role in enumerate(self.roles) if role in roles]

    def _turn(self, places: Sequence[int], role: Role) -> None:
        for at in places:
            self.roles[at] = role

    def _widen(self, missing: int) -> None:
        """Where the rows have more columns than the header, its first content column covers the difference.

        A column without a name belongs to the content column on its left: text files know no wide cells.
        """
        named = list(zip(self.roles, self.names, strict=True))
        wide: list[tuple[Role, str]] = []
        for role, name in named:
            if not name and wide and wide[-1][0] is Role.TEXT:
                role, name = wide[-1]
            covered = max(0, missing) if role in CONTENT else 0
            missing -= covered
            wide += [(role, name)] * (1 + covered)
        self.roles = [role for role, _ in wide]
        self.names = [name for _, name in wide]

    def _settle_units(self) -> None:
        leads = self.having(Role.LEADS)
        if not self.having(*WITH_UNITS):
            self._take_bare_units()
        first = [at for at in leads if re.search(LEADING, self.names[at])]
        second = [at for at in leads if at not in first]
        if first and second and not self.having(Role.SUPPORTS, Role.DUTIES):
            self._turn(second, Role.SUPPORTS)  # 牵头单位 beside 责任单位
        offices = [at for at in leads if OFFICE.search(self.names[at])]
        if len(offices) < len(leads):
            self._turn(offices, Role.OTHER)

    def _take_bare_units(self) -> None:
        """单位 alone names who does it only beside columns that goods do not have, and not if it measures."""
        beside = self.having(Role.DEADLINE, Role.SUPPORTS, Role.PERSON) and self.having(*CONTENT)
        if not beside or self.having(Role.GOODS):
            return
        for at in self.having(Role.UNIT):
            said = [text for text in self.cells.own(at) if text]
            if sum(text.lower() in MEASURES for text in said) * 2 <= len(said):
                self._turn([at], Role.LEADS)

    def _settle_times(self) -> None:
        if not self.having(Role.DEADLINE):
            self._turn(self.having(Role.TIME), Role.DEADLINE)
        deadlines = self.having(Role.DEADLINE)
        if not deadlines:
            self._turn(self.having(Role.START), Role.OTHER)
            return
        best = min((self.names[at] for at in deadlines), key=_lateness)
        self._turn([at for at in deadlines if self.names[at] != best], Role.OTHER)

    def _settle_content(self) -> None:
        """The last filled content column holds the text, those before it task and section; goals only if alone."""
        texts = self.having(Role.TEXT) or self.having(Role.PROBLEM) or self.having(Role.GOAL)
        texts = texts or self.having(Role.SECTION)
        if not texts:
            return
        text = next((at for at in reversed(texts) if self.cells.is_filled(at)), texts[-1])
        text = next((at for at in reversed(self.having(Role.GOAL)) if self._divides(at, text)), text)
        self._turn([at for at in self.having(Role.TEXT, Role.SECTION) if at > text], Role.OTHER)
        above = [at for at in self.having(Role.TEXT, Role.PROBLEM) if at < text]
        sections = [at for at in self.having(Role.SECTION) if at < text]
        tasks = above[-1:] or sections[1:][-1:]
        self._turn(above, Role.SECTION)
        self._turn(tasks, Role.TASK)
        self._turn([text], Role.TEXT)

    def _divides(self, at: int, text: int) -> bool:
        """Whether each cell of the text has several there, each with units of its own."""
        duties = self.having(*WITH_UNITS, Role.SUPPORTS)
        return at > text and all(any(self.cells.is_merged_beside(text, own) for own in owns) for owns in ([at], duties))

    def _settle_numbers(self) -> None:
        text = (self.having(Role.TEXT) or [0])[-1]
        for at in self.having(Role.NUMBER):
            self.roles[at] = self._owner(at, text) if at < text else Role.OTHER

    def _owner(self, at: int, text: int) -> Role:
        """Whose number it is: that of the heading with which it begins and stays, else that of the item."""
        numbers, texts = self.cells.own(at), self.cells.own(text)
        for heading in self.having(Role.SECTION, Role.TASK):
            if heading > at and _belongs(numbers, self.cells.own(heading), texts):
                return NUMBER_OF[self.roles[heading]]
        if not self.having(Role.TASK) and self.cells.is_merged_beside(at, text):
            return Role.TASK_NUMBER
        return Role.NUMBER


def columns_of(header: Header, rows: Sequence[Row]) -> tuple[Column, ...]:
    """One column each, left to right."""
    return Columns(header, rows).settled()


def usual_width(rows: Sequence[Row]) -> int:
    """How many columns most rows have; of two equally common widths the larger."""
    widths = Counter(row.width for row in rows)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _printed(name: str, above: str) -> str:
    """The name as a sentence can say it; 开始 below 完成时限 needs both."""
    name, above = ("".join(part.split()) for part in (name, above))
    alone = not above or role_of(name) not in (None, Role.UNIT, Role.START, Role.OTHER)
    return name if alone else f"{above}·{name}"


def _lateness(name: str) -> int:
    return next(at for at, words in enumerate(DEADLINES) if words.search(name))


def _belongs(numbers: Sequence[str], headings: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether numbers come with new headings only, and some text has none of its own."""
    without = False
    for (last_number, last_heading), (number, heading, text) in zip(
        _so_far(numbers, headings), zip(numbers, headings, texts, strict=True), strict=True
    ):
        begins = bool(heading) and heading != last_heading
        if plain_number(number) and (begins or number != last_number):
            if not begins:
                return False
        else:
            without |= bool(text)
    return without


def _so_far(numbers: Sequence[str], headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The last number and heading seen before each row."""
    number = heading = ""
    for row_number, row_heading in zip(numbers, headings, strict=True):
        yield number, heading
        number, heading = row_number or number, row_heading or heading
