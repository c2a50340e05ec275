"""Grid → items: headings carried down, numbers and units taken apart, deadlines read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.deadlines import read_deadline
from workflow.tables.grid import Grid, Row
from workflow.tables.layout import Layout, Role
from workflow.tables.numbering import is_chinese, plain_number, split_number
from workflow.tables.table import Item, Source
from workflow.tables.units import split_units

OF_AN_ITEM = {Role.TEXT, Role.LEADS, Role.SUPPORTS, Role.DEADLINE}
REMARK = re.compile("(?:注|备注|说明|附注)[:：]")


@dataclass(slots=True)
class Headings:
    """The section and task that the next items stand under."""

    section_no: str = ""
    section: str = ""
    task_no: str = ""
    task: str = ""

    def enter_section(self, printed: str) -> None:
        """Take a section heading; a new one ends the task above it."""
        no, title = _heading(printed)
        if (no, title) != (self.section_no, self.section):
            self.section_no, self.section, self.task_no, self.task = no, title, "", ""

    def enter_task(self, printed: str) -> None:
        self.task_no, self.task = _heading(printed)


def items_of(grid: Grid, layout: Layout, *, year: int | None = None) -> Iterator[Item]:
    """The items below the header. An empty section or task cell means "as above"; `year` is that of the title."""
    above = Headings()
    for row in grid.rows:
        fields = layout.fields(row)
        if row.number <= layout.header.number or not fields or row.texts() == layout.header.texts():
            continue  # a header may come again on every page
        if len(fields) == 1 and _took_heading(above, *next(iter(fields.items()))):
            continue
        if Role.SECTION in fields:
            above.enter_section(fields[Role.SECTION])
        if Role.TASK in fields:
            above.enter_task(fields[Role.TASK])
        if OF_AN_ITEM & fields.keys():
            yield _item(fields, above, _source(grid, row), year)


def _took_heading(above: Headings, role: Role, printed: str) -> bool:
    """Whether the only text of a row was a heading across the table, or a remark that is no heading at all."""
    if REMARK.match(printed):
        return True
    if role not in (Role.SECTION, Role.TASK, Role.TEXT):
        return False
    no, _ = split_number(printed)
    if is_chinese(no):
        above.enter_section(printed)
    elif role is Role.TEXT:
        return False  # a sub-item that lost everything else
    elif no or role is Role.TASK:
        above.enter_task(printed)
    else:
        above.enter_section(printed)
    return True


def _item(fields: dict[Role, str], above: Headings, source: Source, year: int | None) -> Item:
    no, text = split_number(fields.get(Role.TEXT, ""))
    leads, supports = fields.get(Role.LEADS, ""), fields.get(Role.SUPPORTS, "")
    deadline = fields.get(Role.DEADLINE, "")
    return Item(
        section_no=above.section_no,
        section=above.section,
        task_no=above.task_no,
        task=above.task,
        item_no=no or plain_number(fields.get(Role.NUMBER, "")),
        text=text,
        leads_raw=leads,
        leads=tuple(split_units(leads)),
        supports_raw=supports,
        supports=tuple(split_units(supports)),
        deadline_raw=deadline,
        deadline=read_deadline(deadline, year=year),
        notes=fields.get(Role.NOTES, ""),
        source=source,
    )


def _source(grid: Grid, row: Row) -> Source:
    return Source(row.number, grid.table, grid.sheet)


def _heading(printed: str) -> tuple[str, str]:
    """Number and title of a heading, wrapped lines joined, without trailing 。."""
    no, title = split_number("".join(printed.split("\n")))
    return no, title.rstrip("。 ")
