"""The forms of 改任务 and 改派: what the item says now, to be changed in place, and what was typed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflow.models import Objection, SubItem
from workflow.models.moves import Move
from workflow.states import DeadlineKind, Frequency
from workflow.views.fields import LONGEST, field


def fields(item: SubItem, move: Move) -> list[dict[str, Any]]:
    """Units, deadline and basis; 改任务 and 分出 also have the words. What stays as it is shown is no change."""
    basis = field("comment", _("理由和依据"), "textarea", required=True, maxlength=LONGEST)
    basis["hint"] = _("例如修订文件的名称和文号。")
    if move.name == "reassign":
        leads, supports = _units(item, _("第一个是新的主牵头，几个单位用“、”隔开。"))
        if objection := item.open_objection:
            leads["value"] = "、".join(_as_suggested(item, objection))
        return [leads, supports, *_deadline(item), basis]
    if move.name == "split":
        return _split(item, basis)
    text = field("text", _("具体内容"), "textarea", value=item.text, required=True, maxlength=LONGEST)
    notes = field("notes", _("备注"), "text", value=item.notes, maxlength=LONGEST)
    units = _units(item, _("几个单位用“、”隔开；第一个是主牵头，换主牵头要用“改派”。"))
    return [text, *units, *_deadline(item), notes, basis]


def _split(item: SubItem, basis: dict[str, Any]) -> list[dict[str, Any]]:
    """分出: which co-lead, and what the new item says; pre-filled with what this one says."""
    co_leads = [(unit.name, unit.name) for unit in item.leads[1:]]
    text = field("text", _("分出的内容"), "textarea", value=item.text, required=True, maxlength=LONGEST)
    supports = _units(item, "")[1] | {"hint": _("几个单位用“、”隔开。")}
    unit = field("unit", _("分出哪个单位"), "select", choices=co_leads, required=True)
    return [unit, text, supports, *_deadline(item), basis]


def _as_suggested(item: SubItem, objection: Objection) -> list[str]:
    """The leads as the objecting unit would have them: the unit suggested in its place."""
    now = [unit.name for unit in item.leads]
    meant = [objection.suggested.name if name == objection.unit.name else name for name in now]
    return list(dict.fromkeys(meant))


def _units(item: SubItem, hint: str) -> list[dict[str, Any]]:
    leads, supports = ("、".join(unit.name for unit in units) for units in (item.leads, item.supports))
    return [
        field("leads", _("牵头单位"), "text", value=leads, required=True, hint=hint),
        field("supports", _("配合单位"), "text", value=supports),
    ]


def _deadline(item: SubItem) -> list[dict[str, Any]]:
    now = _code(item.kind, item.freq)
    choices = {
        _code(DeadlineKind.DATE): _("限期"),
        **{_code(DeadlineKind.ONGOING, freq): _rounds(DeadlineKind.ONGOING, freq) for freq in Frequency},
    }
    if now not in choices:
        kind = DeadlineKind(item.kind)
        choices[now] = _rounds(kind, Frequency(item.freq)) if item.freq else str(kind.label)
    due_on = None if item.is_periodic else item.due_on
    return [
        field("deadline", _("完成时限"), "select", value=now, choices=list(choices.items()), required=True),
        field("due_on", _("限期到哪天"), "date", value=due_on, hint=_("分期办的不用填，从今天起按期算。")),
    ]


def _code(kind: str, freq: str = "") -> str:
    return f"{kind} {freq}".strip()


def _rounds(kind: DeadlineKind, freq: Frequency) -> str:
    return _("%(kind)s，%(freq)s一期") % {"kind": kind.label, "freq": freq.label}


def details(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a form sent, with the flat fields of a deadline put together; other forms as they came."""
    if not typed.get("deadline"):
        return dict(typed)
    kind, _space, freq = typed["deadline"].partition(" ")
    return {**typed, "deadline": {"kind": kind, "due_on": typed.get("due_on"), "freq": freq}}
