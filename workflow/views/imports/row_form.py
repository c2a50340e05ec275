"""The form of one row: its fields as they stand, and what was typed into them."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from workflow.states import Frequency
from workflow.tables.draft import WORDS, Row
from workflow.views.fields import LONGEST, field
from workflow.views.imports.draft_words import ROUNDS

PER = {
    Frequency.YEARLY: lambda: _("每年"),
    Frequency.HALF_YEARLY: lambda: _("每半年"),
    Frequency.QUARTERLY: lambda: _("每季度"),
    Frequency.MONTHLY: lambda: _("每月"),
}


def fields(row: Row, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """By name; `targets` are the numbers found in the text, ticked where they are taken."""
    now = {name: row[name] for name in WORDS} | dict(said or {})
    taken = said["targets"] if said and "targets" in said else _taken(row)
    deadline = " ".join(now["deadline_raw"].split()) if not said else now["deadline_raw"]
    shown = [
        _field("section_no", _("工程编号"), "text", now, maxlength=16),
        _field("section", _("工程"), "text", now, maxlength=300),
        _field("task_no", _("任务编号"), "text", now, maxlength=16),
        _field("task", _("任务"), "text", now, maxlength=300),
        _field("item_no", _("编号"), "text", now, maxlength=32),
        _field("text", _("具体内容"), "textarea", now, maxlength=LONGEST),
        _field("leads_raw", _("牵头单位"), "textarea", now, rows=2, hint=_("几个单位之间用“、”隔开，第一个主牵头。")),
        _field("supports_raw", _("配合单位"), "textarea", now, rows=2),
        _field("deadline_raw", _("完成时限"), "text", now | {"deadline_raw": deadline}, maxlength=200, hint=_HINT()),
        _field("notes", _("备注"), "text", now),
    ]
    if row["deadline"]["freq"]:
        choices = [(freq.value, words()) for freq, words in ROUNDS.items()]
        value = now.get("freq", row["deadline"]["freq"])
        shown.append(_named(field("freq", _("分期"), "select", choices=choices, value=value)))
    return {each["name"]: each for each in shown} | {"targets": list(_targets(row, taken))}


def _HINT() -> str:
    return _("如 2024-06-30、2024年6月底、2024年、长期坚持、每季度。")


def _field(name: str, label: str, kind: str, now: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return _named(field(name, label, kind, value=now[name], **more))


def _named(shown: dict[str, Any]) -> dict[str, Any]:
    return shown | {"id": f"row-{shown['name']}", "bare": True}


def _taken(row: Row) -> list[int]:
    return [place for place, target in enumerate(row["offered"]) if target in row["targets"]]


def _targets(row: Row, taken: list[int]) -> Any:
    for place, target in enumerate(row["offered"]):
        per = PER[Frequency(target["per"])]() if target["per"] else ""
        words = f"{per}{target['label']} {target['value']} {target['unit']}"
        yield {"place": place, "words": words.strip(), "taken": place in taken}


def said_of(row: Row, post: QueryDict) -> dict[str, Any]:
    """What the form sent, as `corrections.change` takes it; what it cannot have sent is left out."""
    said: dict[str, Any] = {name: post[name] for name in WORDS if name in post}
    if _letters(said.get("deadline_raw", "")) == _letters(row["deadline_raw"]):
        said.pop("deadline_raw", None)  # a field of one line loses the line ends of the cell
    if post.get("freq") in Frequency.values:
        said["freq"] = post["freq"]
    if row["offered"] and "text" in post:
        places = (place for place in post.getlist("target") if place.isdecimal() and place.isascii())
        said["targets"] = sorted({int(place) for place in places if len(place) < 4} & set(range(len(row["offered"]))))
    return said


def _letters(text: str) -> str:
    return "".join(text.split())
