"""What a journal entry changed of an item, in words, for the timeline and for messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow import criteria
from workflow.models import JournalEntry
from workflow.states import DeadlineKind, Frequency

SHORT = 60  # characters of each side in one line
LABELS = {
    "number": gettext_lazy("编号"),
    "section": gettext_lazy("工程"),
    "task": gettext_lazy("任务"),
    "text": gettext_lazy("具体内容"),
    "leads": gettext_lazy("牵头单位"),
    "supports": gettext_lazy("配合单位"),
    "deadline": gettext_lazy("完成时限"),
    "deadline_raw": gettext_lazy("时限原文"),
    "notes": gettext_lazy("备注"),
    "verifier": gettext_lazy("审核单位"),
}


@dataclass(frozen=True)
class InWords:
    """One field: what it is called, what it said, what it says now."""

    label: str
    before: str
    after: str

    def in_one_line(self) -> str:
        words = {"label": self.label, "before": _cut(self.before), "after": _cut(self.after)}
        return _("%(label)s：%(before)s → %(after)s") % words


def changes_of(entry: JournalEntry) -> list[InWords]:
    """In a fixed order, whatever the order in which the entry was stored."""
    pairs: Mapping[str, list[Any]] = entry.details.get("changes", {})
    changes = [
        InWords(str(label), _words(pairs[name][0]), _words(pairs[name][1]))
        for name, label in LABELS.items()
        if name in pairs
    ]
    if lists := entry.details.get("criteria"):
        changes.append(InWords(_("验收标准"), *(_criteria(each) for each in lists)))
    return changes


def _criteria(kept: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(each.in_words() for each in criteria.read(kept)) or _("无")


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return _deadline(value)
    return ("、".join(value) if isinstance(value, list) else value) or _("无")


def _deadline(said: Mapping[str, Any]) -> str:
    if said["freq"]:
        rounds = {"kind": DeadlineKind(said["kind"]).label, "freq": Frequency(said["freq"]).label}
        return _("%(kind)s，%(freq)s一期，本期至 %(due_on)s") % {**rounds, "due_on": said["due_on"]}
    if said["kind"] == DeadlineKind.RANGE:
        return _("%(start_on)s 至 %(due_on)s") % said
    return said["due_on"] or _("无")


def _cut(words: str) -> str:
    words = words.replace("\n", "；")
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"
