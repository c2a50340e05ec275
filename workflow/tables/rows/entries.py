"""One item while its rows are gathered: most have one, merged cells can give it several."""

from collections import defaultdict
from collections.abc import Sequence

from workflow.deadlines import Deadline, read_deadline
from workflow.states import DeadlineKind
from workflow.tables.columns.layout import Field, Layout
from workflow.tables.columns.names import FIRST_LEADS, Role
from workflow.tables.rows.headings import Place
from workflow.tables.rows.numbering import is_list, plain_number, rank_of_cell, split_number
from workflow.tables.table import ColumnNames, Item, Source
from workflow.tables.targets import targets_of
from workflow.tables.units import duties_of, split_units

NUMBERS = (Role.SECTION_NUMBER, Role.TASK_NUMBER, Role.NUMBER)
UNNAMED = "无列名"


class Entry:
    """The cells of one item by role, and where they stood."""

    def __init__(self, fields: Sequence[Field], place: Place, layout: Layout, source: Source) -> None:
        self.sources = [source]
        self._place = place
        self._layout = layout
        self._texts: dict[Role, list[str]] = defaultdict(list)
        self._others: dict[str, list[str]] = defaultdict(list)
        self._take(fields)

    def add(self, fields: Sequence[Field], source: Source) -> None:
        """Take in a lower part: what its row says itself, unless the item says exactly that already."""
        self.sources.append(source)
        self._take([field for field in fields if not field.above and field.text not in self._said(field)])

    def item(self, year: int | None) -> Item:
        """What was understood; `year` is that of the document, for dates without one."""
        printed = self._text(Role.TEXT)
        no, text = ("", printed) if is_list(printed) else split_number(printed, within=self._place.task_no)
        leads_raw, supports_raw = self._duties()
        leads, supports = duties_of(leads_raw, supports_raw)
        deadline_raw, deadline = self._deadline(year)
        return Item(
            section_no=self._place.section_no,
            section=self._place.section,
            task_no=self._place.task_no,
            task=self._place.task,
            item_no=no or plain_number(self._text(Role.NUMBER)),
            text=text,
            leads_raw=leads_raw,
            leads=tuple(leads),
            supports_raw=supports_raw,
            supports=tuple(supports),
            deadline_raw=deadline_raw,
            deadline=deadline,
            notes=self._notes(),
            source=self.sources[0],
            targets=tuple(targets_of(text)),
            columns=_names_in(self._layout),
        )

    @property
    def number_rank(self) -> int | None:
        """How deep its number stands where that has a cell of its own."""
        return rank_of_cell(self._text(Role.NUMBER))

    def lacks(self, role: Role) -> bool:
        return not self._text(role)

    def has_mixed_duties(self) -> bool:
        """Whether several units stand in one cell for both duties, and nothing says who leads."""
        if not self._text(Role.DUTIES):
            return False
        leads, supports = duties_of(*self._duties())
        return len(leads) > 1 and not supports

    def _take(self, fields: Sequence[Field]) -> None:
        for field in fields:
            self._said(field).append(field.text)

    def _said(self, field: Field) -> list[str]:
        kept = field.role is Role.OTHER or (field.role in NUMBERS and not plain_number(field.text))
        return self._others[field.name or UNNAMED] if kept else self._texts[field.role]

    def _text(self, *roles: Role) -> str:
        return "\n".join(text for role in roles for text in self._texts.get(role, ()))

    def _duties(self) -> tuple[str, str]:
        """The cells of leads and supports; 责任单位（第一个为牵头单位）is taken apart here, its cells do not say it."""
        leads, supports = self._text(Role.LEADS, Role.DUTIES), self._text(Role.SUPPORTS)
        units = split_units(leads)
        if supports or len(units) < 2 or not FIRST_LEADS.search(self._layout.name_of(Role.LEADS)):
            return leads, supports
        return units[0], "、".join(units[1:])

    def _deadline(self, year: int | None) -> tuple[str, Deadline]:
        """A begin in a column of its own makes a range of the two; one that cannot is kept with the notes."""
        start, end = self._text(Role.START), self._text(Role.DEADLINE)
        if start and end:
            both = f"{start}至{end}"
            if (term := read_deadline(both, year=year)).kind == DeadlineKind.RANGE:
                return both, term
        if start and start != end:
            self._others[self._layout.name_of(Role.START)] = [start]
        return end, read_deadline(end, year=year)

    def _notes(self) -> str:
        """The notes, and below them every column that is not ours, under its name: nothing of the file is lost."""
        lines = (f"{name}：{' '.join(' '.join(texts).split())}" for name, texts in self._others.items() if texts)
        return "\n".join([*self._texts.get(Role.NOTES, ()), *lines])


def _names_in(layout: Layout) -> ColumnNames:
    return ColumnNames(
        text=layout.name_of(Role.TEXT),
        leads=layout.name_of(Role.LEADS),
        supports=layout.name_of(Role.SUPPORTS),
        deadline=layout.name_of(Role.DEADLINE),
    )
