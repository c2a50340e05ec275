"""The table as it was understood, and as the JSON that `import_plan --check` prints."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any

from workflow.deadlines import Deadline
from workflow.states import Frequency


class RowKind(Enum):
    """What a row is that is no item."""

    TITLE = "title"  # title, date, 单位 above the header
    HEADER = "header"  # the column names, wherever they come again, and 续表
    HEADING = "heading"  # a section or task across the table
    CONTINUED = "continued"  # the lower part of the item above
    REMARK = "remark"  # 注：…
    SIGNATURE = "signature"  # 填表人, 审核人, 填报日期
    TOTAL = "total"  # 合计


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item stands in its file; `row` counts from 1, the header included."""

    row: int
    table: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """指标: a number in the text that can be measured; `per` is how often it is wanted, None for once by the date."""

    label: str  # what is counted, in the words of the text
    value: str  # as printed, Arabic digits
    unit: str  # 所, 名, %, 万元
    per: Frequency | None = None


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
    targets: tuple[Target, ...] = ()

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
            "source": asdict(self.source),
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
class OtherRow:
    """A row of the file that is no item, and what it was taken for; `text` is what it says, in one line."""

    kind: RowKind
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """A responsibility table that was read, with everything that looked wrong in it.

    Every row of every table in the file that says anything is the source of an item, one of `other_rows`, or named in
    a warning.
    """

    title: str
    items: tuple[Item, ...]
    warnings: tuple[Warning, ...]
    other_rows: tuple[OtherRow, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The structure other people's scripts rely on; plain JSON types only."""
        return {
            "title": self.title,
            "items": [item.as_json() for item in self.items],
            "warnings": [warning.as_json() for warning in self.warnings],
            "targets": [
                {"ref": ref, **asdict(target)} for ref, item in enumerate(self.items, 1) for target in item.targets
            ],
            "other_rows": [
                {"kind": row.kind.value, "text": row.text, "source": asdict(row.source)} for row in self.other_rows
            ],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
