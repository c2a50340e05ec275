"""What looks wrong in what items say. Every warning names row and cell and says what to do."""

from collections import Counter
from collections.abc import Iterator, Sequence

from workflow.deadlines import read_deadline, why_unknown
from workflow.states import DeadlineKind
from workflow.tables.checks.findings import place_name, short
from workflow.tables.goals import goal_of
from workflow.tables.keys import Part, numberings
from workflow.tables.table import Item, Warning
from workflow.tables.units import duties_of, is_open_ended, names_no_unit

Said = tuple[str, str]  # code and sentence
Key = tuple[Part, str, str]

UNREAD = {
    "impossible": "日历上没有这样的日期：请改正。",
    "end_and_ongoing": "既有期限又写了长期或每年：请明确以哪个为准。",
    "several": "不止写了一个时间：请明确以哪个为准。",
}
UNREADABLE = "读不出日期：请改为年月日、“长期坚持”或“每年”等写法。"


def content_warnings(
    items: Sequence[Item], *, doc_year: int | None, has_deadline_column: bool = True, has_lead_column: bool = True
) -> Iterator[Warning]:
    """What looks wrong, item by item; asked again whenever a person edited one.

    `doc_year` is the first year the document is about. Where the file has no column of deadlines (or leads) at all,
    one warning says so for all items, and none of them is missing its own.
    """
    several = _several_tables(items)
    seen: dict[Key, Item] = {}
    for ref, (item, numbering) in enumerate(zip(items, numberings(items), strict=True), start=1):
        place = place_name(item.source, item.number, several=several) if item.source.row else f"第{ref}项"
        for code, message in (
            *_missing(item, has_lead_column),
            *_units(item),
            *(_deadline(item, doc_year) if has_deadline_column or item.deadline_raw else ()),
            *_duplicate_number(item, seen, numbering, several=several),
        ):
            yield Warning(code, ref, f"{place}{message}")


def _several_tables(items: Sequence[Item]) -> bool:
    tables = {(item.source.table, item.source.sheet) for item in items}
    return len(tables) > 1 or any(table not in (None, 1) for table, _ in tables)


def _missing(item: Item, has_lead_column: bool) -> Iterator[Said]:
    if not item.text:
        yield "missing_text", f"的“{item.columns.text}”是空的：请补上任务内容。"
    if not item.leads and has_lead_column:
        yield "missing_lead", f"的“{item.columns.leads}”是空的：请填写牵头单位。"


def _units(item: Item) -> Iterator[Said]:
    for name, cell, units in (
        (item.columns.leads, item.leads_raw, item.leads),
        (item.columns.supports, item.supports_raw, item.supports),
    ):
        where = f"的“{short(name)}”"
        for unit in (unit for unit, times in Counter(units).items() if times > 1):
            yield "duplicate_unit", f"{where}重复写了{short(unit)}：请删去多余的一个。"
        for unit in filter(names_no_unit, units):
            yield "unit_not_named", f"{where}写的是“{short(unit)}”，没有指明单位：请改为具体单位名称。"
        if "等" in cell and is_open_ended(cell) and _are_as_printed(item):
            yield "open_ended_list", f"{where}以“等”结尾，没有列全：请写全单位名称。"
    supports = set(item.supports)
    for unit in (unit for unit in dict.fromkeys(item.leads) if unit in supports):
        where = f"“{short(item.columns.supports)}”"
        yield "lead_also_support", f"的{short(unit)}既是牵头单位又列在{where}：发布时只按牵头计一次，如有误请改正。"


def _are_as_printed(item: Item) -> bool:
    """Whether the units are those of the cells; a person who changed them has completed an open list."""
    return duties_of(item.leads_raw, item.supports_raw) == (list(item.leads), list(item.supports))


def _deadline(item: Item, doc_year: int | None) -> Iterator[Said]:
    deadline, name = item.deadline, f"的“{short(item.columns.deadline)}”"
    where = f"{name}（{_shown(item, doc_year)}）"
    if deadline.kind == DeadlineKind.UNKNOWN:
        yield _unknown(item, name, where)
    goal = goal_of(item.text)
    if deadline.due_on and doc_year and deadline.due_on.year < doc_year:
        yield "deadline_before_doc_year", f"{where}早于文件年份{doc_year}年：请核对年份。"
    if deadline.due_on and goal and deadline.due_on < goal:
        text = short(item.columns.text)
        if deadline.due_on.year < goal.year:
            yield "deadline_before_text_year", f"{where}早于“{text}”里写的{goal.year}年：请核对以哪个年份为准。"
        elif (goal.month, goal.day) != (12, 31):  # a bare year says nothing of the day
            wanted = f"{goal.year}年{goal.month}月{goal.day}日"
            yield "deadline_before_text_date", f"{where}早于“{text}”里要求的{wanted}：请核对以哪个日期为准。"


def _unknown(item: Item, name: str, where: str) -> Said:
    if not item.deadline_raw:
        return "missing_deadline", f"{name}是空的：请填写完成时限。"
    why = why_unknown(item.deadline_raw)
    if why == "no_year":
        return "ambiguous_year", f"{where}没有写明年份：请补上年份。"
    return "unparsed_deadline", f"{where}{UNREAD.get(why, UNREADABLE)}"


def _shown(item: Item, doc_year: int | None) -> str:
    """The deadline as printed; the date itself where a person has set another."""
    due_on = item.deadline.due_on
    readings = (read_deadline(item.deadline_raw, year=year) for year in (None, doc_year))
    is_printed = due_on is None or any(reading.due_on == due_on for reading in readings)
    return short(item.deadline_raw) if is_printed else f"{due_on:%Y-%m-%d}"


def _duplicate_number(item: Item, seen: dict[Key, Item], numbering: Part, *, several: bool) -> Iterator[Said]:
    if not item.item_no:
        return
    first = seen.setdefault((numbering, item.task_no, item.item_no), item)
    if first is not item:
        where = place_name(first.source, several=several) if first.source.row else "前面一项"
        yield "duplicate_number", f"的编号与{where}相同：请改为不重复的编号。"
