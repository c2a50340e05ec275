"""What looks wrong in a table that could be read. Every warning names row and cell and says what to do."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.deadlines import lacks_year
from workflow.states import DeadlineKind
from workflow.tables.grid import Grid
from workflow.tables.layout import NAMES, Layout, Role
from workflow.tables.table import Item, Warning
from workflow.tables.units import is_open_ended, names_no_unit

Finding = tuple[str, str]  # code and sentence

# Only a year that the work is to reach counts: not one in a title (《2025年规划》), in a range (2023年至2025年规划) or
# in a subject (制定2026年计划).
TITLE = re.compile("《[^《》]*》")
YEAR = r"(20[0-9]{2})年(之前|以前|前)?"
GOAL = re.compile(
    rf"(?:(?<![年0-9])[到至]|力争|争取|确保|截至|截止)\s*{YEAR}"
    rf"|(?:^|[，。；、在于])\s*{YEAR}(?=$|[，,底末]|年[底末]|完成|实现|达到|全面|基本|全部)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What an item's checks look at beyond the item."""

    grid: Grid
    layout: Layout
    doc_year: int | None  # the first year the document is about, if it says so


def warnings_of(items: Sequence[Item], context: Context) -> Iterator[Warning]:
    """First what concerns the whole table, then item by item in the order of the table."""
    for code, message in _whole_table(context):
        yield Warning(code, None, message)
    seen: dict[tuple[str, str], int] = {}
    for ref, item in enumerate(items, start=1):
        for code, message in (*_of_item(item, context), *_duplicate_number(item, seen)):
            yield Warning(code, ref, f"{_place(item)}{message}")


def _of_item(item: Item, context: Context) -> Iterator[Finding]:
    yield from _row_width(item, context)
    yield from _missing(item)
    yield from _units(item)
    if Role.DEADLINE in context.layout.roles:
        yield from _deadline(item, context.doc_year)


def _place(item: Item) -> str:
    return f"第{item.source.row}行（{item.number}）" if item.number else f"第{item.source.row}行"


def _whole_table(context: Context) -> Iterator[Finding]:
    if Role.DEADLINE not in context.layout.roles:
        yield "no_deadline_column", "表头没有“完成时限”一列：发布前请逐项填写完成时限。"
    for text in context.grid.left_out:
        yield "text_left_out", f"表格行之外的文字没有读入：“{_short(text)}”，如属于某个单元格，请移回表格内。"


def _row_width(item: Item, context: Context) -> Iterator[Finding]:
    row = context.grid.rows[item.source.row - 1]
    usual = context.layout.width
    if row.width < usual:
        lost = [NAMES.get(role, "其他") for role in context.layout.roles[row.width :]]
        cells = "”“".join(dict.fromkeys(lost))
        yield (
            "row_short",
            f"只有{row.width}个单元格，应有{usual}个，末尾的“{cells}”按空白处理：请核对有没有错列。",
        )
    elif row.width > usual:
        extra = _short("、".join(filter(None, row.texts()[usual:]))) or "空白"
        yield (
            "row_long",
            f"有{row.width}个单元格，应有{usual}个，多出的内容（{extra}）没有读入：请核对有没有错列。",
        )


def _missing(item: Item) -> Iterator[Finding]:
    if not item.text:
        yield "missing_text", "的“具体内容”是空的：请补上任务内容。"
    if not item.leads:
        yield "missing_lead", "的“牵头单位”是空的：请填写牵头单位。"


def _units(item: Item) -> Iterator[Finding]:
    for role, cell, units in (
        (Role.LEADS, item.leads_raw, item.leads),
        (Role.SUPPORTS, item.supports_raw, item.supports),
    ):
        where = f"的“{NAMES[role]}”"
        for unit in (unit for unit, times in Counter(units).items() if times > 1):
            yield "duplicate_unit", f"{where}重复写了{_short(unit)}：请删去多余的一个。"
        for unit in filter(names_no_unit, units):
            yield "unit_not_named", f"{where}写的是“{_short(unit)}”，没有指明单位：请改为具体单位名称。"
        if is_open_ended(cell):
            yield "open_ended_list", f"{where}以“等”结尾，没有列全：请写全单位名称。"
    supports = set(item.supports)
    for unit in (unit for unit in dict.fromkeys(item.leads) if unit in supports):
        yield "lead_also_support", f"的{_short(unit)}既是牵头单位又列在“配合单位”：发布时只按牵头计一次，如有误请改正。"


def _deadline(item: Item, doc_year: int | None) -> Iterator[Finding]:
    where, due_on = f"的“完成时限”（{_short(item.deadline_raw)}）", item.deadline.due_on
    if not item.deadline_raw:
        yield "missing_deadline", "的“完成时限”是空的：请填写完成时限。"
    elif item.deadline.kind == DeadlineKind.UNKNOWN and lacks_year(item.deadline_raw):
        yield "ambiguous_year", f"{where}没有写明年份：请补上年份。"
    elif item.deadline.kind == DeadlineKind.UNKNOWN:
        yield "unparsed_deadline", f"{where}读不出日期：请改为年月日、“长期坚持”或“每年”等写法。"
    if due_on and doc_year and due_on.year < doc_year:
        yield "deadline_before_doc_year", f"{where}早于文件年份{doc_year}年：请核对年份。"
    goal = _goal_year(item.text)
    if due_on and goal and due_on.year < goal:
        yield "deadline_before_text_year", f"{where}早于“具体内容”里写的{goal}年：请核对以哪个年份为准。"


def _goal_year(text: str) -> int | None:
    """The latest year by which the text itself wants something reached; 2025年之前 may mean the end of 2024."""
    years = []
    for found in GOAL.finditer(TITLE.sub("", text)):
        year, before = found[1] or found[3], found[2] or found[4]
        years.append(int(year) - bool(before))
    return max(years, default=None)


def _duplicate_number(item: Item, seen: dict[tuple[str, str], int]) -> Iterator[Finding]:
    if not (item.task_no and item.item_no):
        return
    first = seen.setdefault((item.task_no, item.item_no), item.source.row)
    if first != item.source.row:
        yield "duplicate_number", f"的编号与第{first}行相同：请改为不重复的编号。"


def _short(text: str) -> str:
    """A long text in one line, cut off, so that a sentence stays a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 30 else f"{line[:30]}…"
