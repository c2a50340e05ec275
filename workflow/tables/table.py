"""The table as it was understood, and as the JSON that `import_plan --check` prints."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.deadlines import Deadline
from workflow.states import Frequency
from workflow.tables.keys import joined, numbers_of

__all__ = [
    "ColumnNames",
    "Item",
    "OtherRow",
    "RowKind",
    "Source",
    "Table",
    "Target",
    "Warning",
    "numbers_of",
]


class RowKind(TextChoices):
    """What a row is that is no item."""

    TITLE = "title", _("标题")  # title, date, 单位 above the header
    HEADER = "header", _("表头")  # the column names, wherever they come again, and 续表
    HEADING = "heading", _("小标题")  # a section or task across the table
    CONTINUED = "continued", _("接上一行")  # the lower part of the item above
    REMARK = "remark", _("说明")  # 注：…
    SIGNATURE = "signature", _("落款")  # 填表人, 审核人, 填报日期
    TOTAL = "total", _("合计")


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
class ColumnNames:
    """What the table itself calls the columns that a warning may name."""

    text: str = "具体内容"
    leads: str = "牵头单位"
    supports: str = "配合单位"
    deadline: str = "完成时限"


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
    columns: ColumnNames = ColumnNames()

    @property
    def number(self) -> str:
        """The business key as people say it: 22.3."""
        return joined(self.task_no, self.item_no)

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
            "deadline": self.deadline.as_json(),
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
    reading_warnings: tuple[Warning, ...]  # about the file and how it was read: they stay when people edit rows
    content_warnings: tuple[Warning, ...]  # about what the items say: found again after every change
    other_rows: tuple[OtherRow, ...] = ()
    doc_year: int | None = None  # the first year the document is about, if it says so

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """All warnings: of the whole table, then item by item in the order of the table."""
        return tuple(sorted((*self.reading_warnings, *self.content_warnings), key=lambda warning: warning.ref or 0))

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
