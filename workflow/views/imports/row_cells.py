"""A draft's rows as the table shows them: cells with the words a hint is about, and the hints below. No database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from workflow.tables import Draft
from workflow.tables.draft import CAN_STAND, Row
from workflow.tables.goals import goal_of
from workflow.views.imports import draft_words as words

# The cells a kind of warning speaks of; units: whichever of the two names what the warning names.
CELLS = {
    "missing_text": ("text",),
    "missing_lead": ("leads",),
    "missing_deadline": ("due",),
    "unparsed_deadline": ("due",),
    "ambiguous_year": ("due",),
    "deadline_before_doc_year": ("due",),
    "deadline_before_text_year": ("due", "text"),
    "deadline_before_text_date": ("due", "text"),
    "duplicate_number": ("number",),
    "lead_also_support": ("supports",),
    "duplicate_unit": ("leads", "supports"),
    "unit_not_named": ("leads", "supports"),
    "open_ended_list": ("leads", "supports"),
}
PRINTED = (
    ("section", "section", lambda: _("工程")),
    ("task", "task", lambda: _("任务")),
    ("item_no", "item_no", lambda: _("编号")),
    ("text", "text", lambda: _("具体内容")),
    ("leads_raw", "leads", lambda: _("牵头单位")),
    ("supports_raw", "supports", lambda: _("配合单位")),
    ("deadline_raw", "deadline", lambda: _("完成时限")),
    ("notes", "notes", lambda: _("备注")),
)
SHOWN_BEFORE_MARK = 12  # characters of a text that keep their place before the words it is about


def sections(draft: Draft, rows: Sequence[Row], *, editing: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows under the bands of their sections, each task with how many table rows it spans."""
    numbers = {row["id"]: number for number, row in draft.numbered()}
    hints: dict[int, list[dict[str, Any]]] = {}
    for warning in words.warnings_of(draft):
        hints.setdefault(warning["ref"], []).append(warning)
    for section, of_section in groupby(rows, key=lambda row: (row["section_no"], row["section"])):
        yield {
            "title": "、".join(filter(None, section)),
            "tasks": [
                _task(task, [_shown(row, numbers, hints.get(row["id"], []), row["id"] == editing) for row in of_task])
                for task, of_task in groupby(of_section, key=lambda row: (row["task_no"], row["task"]))
            ],
        }


def _task(task: tuple[str, str], rows: list[dict[str, Any]]) -> dict[str, Any]:
    title = ". ".join(filter(None, task))
    return {"id": rows[0]["id"], "title": title, "rows": rows, "span": sum(1 + row["noted"] for row in rows)}


def _shown(
    row: Row, numbers: Mapping[int, str], warnings: Sequence[Mapping[str, Any]], editing: bool
) -> dict[str, Any]:
    marks = {cell for warning in warnings for cell in CELLS.get(warning["code"], ())}
    said = "".join(warning["message"] for warning in warnings)
    named = {name for name in (*row["leads"], *row["supports"]) if name in said}
    hints = [_hint(warning, row) for warning in warnings]
    originals, due = list(_originals(row)), " ".join(row["deadline_raw"].split())
    return {
        "id": row["id"],
        "version": row["version"],
        "number": numbers.get(row["id"]) or ".".join(filter(None, (row["task_no"], row["item_no"]))),
        "number_marked": "number" in marks,
        **_text(row, marked="text" in marks),
        "leads": _units(row["leads"], "leads" in marks, named),
        "supports": _units(row["supports"], "supports" in marks, named),
        "due": due,
        "due_marked": "due" in marks,
        "due_words": words.understood(row["deadline"]).removeprefix(f"{due}，"),
        "notes": row["notes"],
        "hints": hints,
        "originals": originals,
        "left_out": row["left_out"],
        "editing": editing,
        "noted": bool(hints or originals or row["left_out"] or row["notes"] or editing),
    }


def _units(names: Sequence[str], marked: bool, named: set[str]) -> list[dict[str, Any]]:
    """The names, marked where a warning names them; where it names none, the last one (的清单以“等”结尾)."""
    meant = named or set(names[-1:])
    return [{"name": name, "marked": marked and name in meant} for name in names]


def _text(row: Row, *, marked: bool) -> dict[str, str]:
    """The text around the words a warning is about; `before` is what may be cut so that they are in sight."""
    text = row["text"]
    goal = goal_of(text) if marked else None
    found = re.search(rf"[到至]?\s*{goal.year}\s*年", text) if goal else None
    start, end = found.span() if found else (0, 0)
    cut = max(0, start - SHOWN_BEFORE_MARK) if start > 2 * SHOWN_BEFORE_MARK else 0
    return {
        "before": text[:cut],
        "text": text[cut:start],
        "text_marked": text[start:end],
        "after": text[end:],
        "text_missing": "yes" if marked and not text else "",
    }


def _hint(warning: Mapping[str, Any], row: Row) -> dict[str, Any]:
    choices = None
    goal = goal_of(row["text"])
    if warning["code"] in CAN_STAND and goal and row["deadline"]["due_on"]:
        choices = {"due": words.day(row["deadline"]["due_on"]), "goal": words.day(goal.isoformat())}
    return {
        "words": words.without_place(warning["message"]),
        "decide": words.must_decide(warning),
        "later": warning["code"] == words.SETTLED_WITH_UNITS,
        "choices": choices,
    }


def _originals(row: Row) -> Iterator[dict[str, str]]:
    """The document's own words where somebody changed them."""
    for name, printed, label in PRINTED:
        if row[name] != row["printed"][printed]:
            yield {"label": label(), "words": row["printed"][printed] or _("（空）")}
