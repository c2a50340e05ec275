"""The table as it was understood, and as the JSON that `import_plan --check` prints."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from workflow.deadlines import Deadline


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item stands in its file; `row` counts from 1, the header included."""

    row: int
    table: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One sub-item. Numbers are without punctuation, section and task without number and trailing 。.

    Units are as printed, one entry each, in order; `leads_raw` and `supports_raw` are the cells they came from.
    """

    section_no: str
    section: str
    task_no: str
    task: str
    item_no: str
    text: str
    leads_raw: str
    leads: tuple[str, ...]
    supports_raw: str
    supports: tuple[str, ...]
    deadline_raw: str
    deadline: Deadline
    notes: str
    source: Source

    @property
    def number(self) -> str:
        """The business key as people say it: 22.3."""
        return ".".join(filter(None, (self.task_no, self.item_no)))

    def as_json(self) -> dict[str, Any]:
        """The item as in the interface description; dates in ISO form."""
        return {
            "section": self.section,
            "section_no": self.section_no,
            "task_no": self.task_no,
            "task": self.task,
            "item_no": self.item_no,
            "text": self.text,
            "leads": list(self.leads),
            "supports": list(self.supports),
            "deadline_raw": self.deadline_raw,
            "deadline": {
                "kind": self.deadline.kind.value,
                "start_on": _iso(self.deadline.start_on),
                "due_on": _iso(self.deadline.due_on),
                "freq": self.deadline.freq.value if self.deadline.freq else None,
            },
            "notes": self.notes,
            "source": {"table": self.source.table, "sheet": self.source.sheet, "row": self.source.row},
        }


@dataclass(frozen=True, slots=True)
class Warning:
    """Something a person should look at; `ref` is the 1-based position of the item, None for the whole table."""

    code: str
    ref: int | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Table:
    """A responsibility table that was read, with everything that looked wrong in it."""

    title: str
    items: tuple[Item, ...]
    warnings: tuple[Warning, ...]

    def as_json(self) -> dict[str, Any]:
        """The structure other people's scripts rely on; plain JSON types only."""
        return {
            "title": self.title,
            "items": [item.as_json() for item in self.items],
            "warnings": [warning.as_json() for warning in self.warnings],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
