"""What an item asks, of whom and by when: read off the row as one value, so that it is changed and compared whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.deadlines import Deadline
from workflow.states import DeadlineKind, Duty, Frequency, Tier

if TYPE_CHECKING:
    from workflow.models.journal import Step
    from workflow.models.sub_item import SubItem

# What the journal keeps of a change; why a unit verifies follows from the duties.
KEPT = ("text", "leads", "supports", "deadline", "deadline_raw", "notes", "verifier")


@dataclass(frozen=True)
class Terms:
    """Units by their keys, the first lead is the main one; `deadline` holds the days of the term or of this round."""

    text: str
    notes: str
    leads: tuple[int, ...]
    supports: tuple[int, ...]
    deadline: Deadline
    deadline_raw: str
    verifier: int | None
    tier: Tier

    @classmethod
    def of(cls, item: "SubItem") -> "Terms":
        freq = Frequency(item.freq) if item.freq else None
        return cls(
            text=item.text,
            notes=item.notes,
            leads=tuple(item.lead_ids),
            supports=tuple(item.support_ids),
            deadline=Deadline(DeadlineKind(item.kind), item.start_on, item.due_on, freq),
            deadline_raw=item.deadline_raw,
            verifier=item.verifier_id,
            tier=Tier(item.verifier_tier),
        )

    @property
    def duties(self) -> list[tuple[int, str]]:
        """As on the item: (unit, duty), leads first."""
        return [(unit, Duty.LEAD.value) for unit in self.leads] + [(unit, Duty.SUPPORT.value) for unit in self.supports]

    def put_on(self, item: "SubItem", step: "Step") -> None:
        """Make them the item's; `printed` stays, it is the original. The rows of the duties are not written here."""
        item.text, item.notes, item.deadline_raw = self.text, self.notes, self.deadline_raw
        item.duties = self.duties
        item.verifier_id, item.verifier_tier = self.verifier, self.tier
        item.kind, item.freq = self.deadline.kind, self.deadline.freq or ""
        if self.deadline.due_on != item.due_on or item.period_ends_on is None:
            item.begin_rounds(self.deadline.due_on)
        item.move_term(self.deadline.start_on or step.today, self.deadline.due_on, step)

    def changes_to(self, after: "Terms", names: Mapping[int, str]) -> dict[str, list[Any]]:
        """What differs, as the journal keeps it: [before, after], units by name and days in ISO form."""
        pairs = {name: (getattr(self, name), getattr(after, name)) for name in KEPT}
        return {name: [_kept(one, names) for one in pair] for name, pair in pairs.items() if pair[0] != pair[1]}


def _kept(value: Any, names: Mapping[int, str]) -> Any:
    if isinstance(value, Deadline):
        days = {"start_on": _iso(value.start_on), "due_on": _iso(value.due_on)}
        return {"kind": value.kind.value, **days, "freq": value.freq.value if value.freq else None}
    if isinstance(value, tuple):
        return [names[unit] for unit in value]
    return names[value] if isinstance(value, int) else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
