"""How pages say what a draft holds: counts, hints by kind, deadlines as they were understood. No database."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from workflow.states import DeadlineKind, Frequency
from workflow.tables import Draft
from workflow.tables.draft import Row
from workflow.tables.units import names_no_unit

# The place a warning begins with: 第5行（1.3）的, 工作表“分工”第5行的.
PLACE = re.compile(r"^[^：，。]{0,60}?第[0-9]+[行项](?:（[^（）]*）)?的?")
# How a warning is called in a list of kinds.
KINDS = {
    "missing_lead": lambda: _("没有牵头单位"),
    "missing_text": lambda: _("没有具体内容"),
    "missing_deadline": lambda: _("没有完成时限"),
    "no_deadline_column": lambda: _("没有完成时限一列"),
    "no_lead_column": lambda: _("没有牵头单位一列"),
    "column_as_supports": lambda: _("看作配合单位的列"),
    "unparsed_deadline": lambda: _("时限读不出"),
    "ambiguous_year": lambda: _("时限没写年份"),
    "deadline_before_doc_year": lambda: _("时限早于文件年份"),
    "deadline_before_text_year": lambda: _("正文与时限不一致"),
    "deadline_before_text_date": lambda: _("正文与时限不一致"),
    "duplicate_number": lambda: _("编号重复"),
    "duplicate_unit": lambda: _("单位重复"),
    "lead_also_support": lambda: _("牵头又配合"),
    "unit_not_named": lambda: _("没有指明单位"),
    "open_ended_list": lambda: _("单位没列全"),
    "row_short": lambda: _("少一格"),
    "row_long": lambda: _("多一格"),
    "hidden_row": lambda: _("隐藏的行"),
    "sheet_skipped": lambda: _("没读的工作表"),
    "table_skipped": lambda: _("没读的表格"),
    "text_left_out": lambda: _("没读入的文字"),
    "formula_cell": lambda: _("公式"),
    "row_continued": lambda: _("接上一行"),
    "row_left_out": lambda: _("没读入的行"),
    "duties_not_marked": lambda: _("没写明谁牵头"),
    "hidden_column": lambda: _("隐藏的列"),
    "hidden_text": lambda: _("隐藏的文字"),
    "tracked_changes": lambda: _("修订标记"),
    "nested_table": lambda: _("表中有表"),
    "embedded_document": lambda: _("嵌入的文档"),
    "external_link": lambda: _("外部链接"),
}
ROUNDS = {
    Frequency.YEARLY: lambda: _("每年一期"),
    Frequency.HALF_YEARLY: lambda: _("每半年一期"),
    Frequency.QUARTERLY: lambda: _("每季度一期"),
    Frequency.MONTHLY: lambda: _("每月一期"),
}
SETTLED_WITH_UNITS = "unit_not_named"


class Matching(Protocol):
    def problem(self, name: str) -> str: ...


def kind_label(code: str) -> str:
    return KINDS.get(code, lambda: _("其他"))()


# --- what is still to look at -----------------------------------------------------------------------------------------
def warnings_of(draft: Draft) -> list[dict[str, Any]]:
    """The draft's warnings without those about names that a person has matched with units since."""
    decided = draft.units_decided()
    rows = {row["id"]: row for row in draft.rows}
    return [
        warning
        for warning in draft.warnings()
        if warning["code"] != SETTLED_WITH_UNITS or _still_unnamed(warning["message"], rows[warning["ref"]], decided)
    ]


def _still_unnamed(message: str, row: Row, decided: Mapping[str, Any]) -> bool:
    names = [name for name in (*row["leads"], *row["supports"]) if names_no_unit(name) and name in message]
    return not names or any(name not in decided for name in names)


def undecided(draft: Draft, registry: Matching) -> list[str]:
    """The printed names that stand for no unit yet, in the order of the table."""
    decided = draft.units_decided()
    return [name for name in draft.unit_names() if name not in decided and registry.problem(name)]


def open_questions(draft: Draft, registry: Matching) -> tuple[int, int]:
    """How many warnings a person must settle in the rows, and how many names stand for no unit."""
    decide = [warning for warning in warnings_of(draft) if must_decide(warning)]
    return len(decide), len(undecided(draft, registry))


def must_decide(warning: Mapping[str, Any]) -> bool:
    """In the rows: a name that names nobody is decided with the units."""
    return warning["must_decide"] and warning["code"] != SETTLED_WITH_UNITS


def without_place(message: str) -> str:
    """What a warning says where its row is in sight."""
    return PLACE.sub("", message, count=1)


# --- what was read ----------------------------------------------------------------------------------------------------
def counted(draft: Draft) -> str:
    """读出 5 个工程、22 项任务、48 个子项; what a table does not have is left out."""
    rows = draft.standing()
    sections = len({(row["section_no"], row["section"]) for row in rows} - {("", "")})
    headings = ("section_no", "section", "task_no", "task")
    tasks = len({tuple(row[name] for name in headings) for row in rows if row["task"] or row["task_no"]})
    parts = [_("%(n)s 个工程") % {"n": sections}] if sections else []
    parts += [_("%(n)s 项任务") % {"n": tasks}] if tasks else []
    return "、".join([*parts, _("%(n)s 个子项") % {"n": len(rows)}])


def hinted(draft: Draft) -> tuple[str, str]:
    """How many hints there are, and what is to be done about them."""
    warnings = warnings_of(draft)
    decide = sum(map(must_decide, warnings))
    handled = len(warnings) - decide
    if not warnings:
        return _("没有要核对的提示"), "。"
    said = _("%(n)s 处有提示") % {"n": len(warnings)}
    if not decide:
        return said, _("，都已按常规处理。")
    left = _("%(n)s 处请您定") % {"n": decide}
    return said, (_("：%(n)s 处已按常规处理，") % {"n": handled} if handled else "，") + left + "。"


def day(on: str) -> str:
    then = date.fromisoformat(on)
    return _("%(year)s年%(month)s月%(day)s日") % {"year": then.year, "month": then.month, "day": then.day}


def understood(deadline: Mapping[str, Any]) -> str:
    """2022年12月31日前, 长期坚持，每年一期, or that it could not be read."""
    if deadline["freq"]:
        kind = DeadlineKind(deadline["kind"]).label
        return _("%(kind)s，%(rounds)s") % {"kind": kind, "rounds": ROUNDS[Frequency(deadline["freq"])]()}
    if not deadline["due_on"]:
        return _("读不出")
    if deadline["start_on"]:
        return _("%(start)s至%(due)s") % {"start": day(deadline["start_on"]), "due": day(deadline["due_on"])}
    return _("%(due)s前") % {"due": day(deadline["due_on"])}


def deadlines(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """What the deadlines were read as, with counts: rounds first, then by year, what could not be read last."""
    counts = Counter(_deadline_group(row["deadline"]) for row in rows)
    for (_place, words), count in sorted(counts.items()):
        yield {"words": words, "count": count}


def _deadline_group(deadline: Mapping[str, Any]) -> tuple[int, str]:
    if deadline["freq"]:
        return 0, understood(deadline)
    if deadline["due_on"]:
        return 1, _("%(year)s年") % {"year": deadline["due_on"][:4]}
    return 2, _("读不出")
