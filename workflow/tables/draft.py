"""A table while people check it: what was read, what they changed, and what is still to look at; plain JSON inside.

The document's own words stay beside every change: `printed` is never written again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from workflow.deadlines import Deadline, read_deadline
from workflow.states import DeadlineKind
from workflow.tables.checks.content import content_warnings
from workflow.tables.table import ColumnNames, Item, Source, Table, Warning, numbers_of
from workflow.tables.units import duties_of

Row = dict[str, Any]

SECTION = ("section_no", "section")
HEADINGS = (*SECTION, "task_no", "task")
WORDS = (*HEADINGS, "item_no", "text", "leads_raw", "supports_raw", "deadline_raw", "notes")
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # signs that turn the direction of writing
UPRIGHT = dict.fromkeys(map(ord, TURNING))
# What a person must settle before the table can be published; the other warnings only say what was done.
MUST_DECIDE = frozenset(
    {
        *("missing_text", "missing_lead", "unit_not_named", "duplicate_number"),
        *("missing_deadline", "unparsed_deadline", "ambiguous_year"),
        *("deadline_before_text_year", "deadline_before_text_date"),
    }
)
# Settled by a person's word alone, without changing anything.
CAN_STAND = frozenset({"deadline_before_text_year", "deadline_before_text_date"})


class Draft:
    """The JSON of a plan that is not published yet; every change checks the whole table again."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table

    @classmethod
    def of(cls, table: Table) -> "Draft":
        """A draft of a table as it was read; the measurable targets found in a text are offered, not taken."""
        rows = [_row(ref, _upright(item)) for ref, item in enumerate(table.items, 1)]
        draft = cls(
            {
                "version": 1,
                "doc_year": table.doc_year,
                "items": rows,
                "other_rows": table.as_json()["other_rows"],
                "reading_warnings": [warning.as_json() for warning in table.reading_warnings],
                "units": {},
            }
        )
        draft.check()
        return draft

    # --- what it says -------------------------------------------------------------------------------------------------
    @property
    def version(self) -> int:
        """Raised by every change, so that nobody publishes what they have not seen."""
        return self.table["version"]

    @property
    def rows(self) -> list[Row]:
        """All rows, those left out included, in the order of the document."""
        return self.table["items"]

    def standing(self) -> list[Row]:
        """The rows that will become sub-items."""
        return [row for row in self.rows if not row["left_out"]]

    def row(self, row_id: int) -> Row | None:
        return next((row for row in self.rows if row["id"] == row_id), None)

    def numbered(self) -> list[tuple[str, Row]]:
        """The rows that will become sub-items, each with the number it will carry."""
        rows = self.standing()
        return list(zip(numbers_of([item_of(row) for row in rows]), rows, strict=True))

    def warnings(self) -> list[dict[str, Any]]:
        """What to look at, in the order of the table; `ref` is a row's id, None for the table as a whole."""
        return self.table["warnings"]

    def unit_names(self) -> Counter[str]:
        """Every printed unit name with how often it stands in the table, in the order of the table."""
        return Counter(name for row in self.standing() for name in (*row["leads"], *row["supports"]))

    def units_decided(self) -> dict[str, list[int]]:
        """Printed name → the units a person said it means; none where the name is to be left out."""
        return self.table["units"]

    # --- what people change -------------------------------------------------------------------------------------------
    def change(self, row: Row, said: Mapping[str, Any]) -> None:
        """Take over what a person wrote into a row. Raises ValueError where the deadline cannot be read."""
        row["deadline"] = _deadline_of(said, row)
        row |= {name: said[name] for name in WORDS if name in said}
        row["leads"], row["supports"] = duties_of(row["leads_raw"], row["supports_raw"])
        if "targets" in said:
            row["targets"] = [row["offered"][place] for place in said["targets"]]
        row["edited"] = True
        self._changed(row)

    def rename_heading(self, row: Row, said: Mapping[str, str]) -> None:
        """Correct the section of a row for all that stand in it, and its task for all of that task."""
        before = {name: row[name] for name in HEADINGS}
        for other in self.rows:
            same = [name for name in HEADINGS if other[name] == before[name]]
            if same[:2] == [*SECTION]:
                other |= {
                    name: said[name] for name in (HEADINGS if len(same) == len(HEADINGS) else SECTION) if name in said
                }
        self._changed(row)

    def leave_out(self, row: Row) -> None:
        """It is no task; it stays in sight and can be taken in again."""
        row["left_out"] = True
        self._changed(row)

    def take_in(self, row: Row) -> None:
        row["left_out"] = False
        self._changed(row)

    def let_stand(self, row: Row) -> None:
        """A person looked at what seemed contradictory, and it is meant."""
        row["stands"] = True
        self._changed(row)

    def decide_unit(self, name: str, units: Sequence[int]) -> None:
        """A printed name means these units of the region from now on; none: it is left out of every row."""
        self.table["units"][name] = list(units)
        self.table["version"] += 1

    def forget_unit(self, name: str) -> None:
        """A printed name means the unit that is called so again."""
        self.table["units"].pop(name, None)
        self.table["version"] += 1

    def _changed(self, row: Row) -> None:
        row["version"] += 1
        self.table["version"] += 1
        self.check()

    def check(self) -> None:
        """Find again what looks wrong in the rows as they stand now."""
        rows = self.standing()
        ids = [row["id"] for row in rows]
        found = content_warnings([item_of(row) for row in rows], doc_year=self.table["doc_year"])
        warnings = [{**warning, "must_decide": False} for warning in self.table["reading_warnings"]]
        warnings += [_at(warning, ids) for warning in found]
        place = {row["id"]: at for at, row in enumerate(self.rows)}
        stands = {row["id"] for row in self.rows if row["stands"]}
        self.table["warnings"] = sorted(
            (w for w in warnings if not (w["code"] in CAN_STAND and w["ref"] in stands)),
            key=lambda warning: -1 if warning["ref"] is None else place[warning["ref"]],
        )


def upright(text: str) -> str:
    """Without the unseen signs that turn the writing round: they make a cell look like what it does not say."""
    return text.translate(UPRIGHT)


def _upright(item: Item) -> Item:
    words: dict[str, Any] = {name: upright(getattr(item, name)) for name in WORDS}
    return replace(item, **words, leads=tuple(map(upright, item.leads)), supports=tuple(map(upright, item.supports)))


def _row(ref: int, item: Item) -> Row:
    row: Row = item.as_json() | {"leads_raw": item.leads_raw, "supports_raw": item.supports_raw}
    row["columns"] = asdict(item.columns)
    offered = [asdict(target) for target in item.targets]
    marks = {"id": ref, "version": 1, "edited": False, "left_out": False, "stands": False}
    printed = {"leads": item.leads_raw, "supports": item.supports_raw, "deadline": item.deadline_raw}
    headings = {name: row[name] for name in HEADINGS}
    return (
        row
        | marks
        | {
            "printed": printed | headings | {"item_no": item.item_no, "text": item.text, "notes": item.notes},
            "offered": offered,
            "targets": [],
        }
    )


def _at(warning: Warning, ids: Sequence[int]) -> dict[str, Any]:
    ref = None if warning.ref is None else ids[warning.ref - 1]
    return {**warning.as_json(), "ref": ref, "must_decide": warning.code in MUST_DECIDE}


def item_of(row: Row) -> Item:
    """The row as the checks know it."""
    names = ("section_no", "section", "task_no", "task", "item_no", "text", "leads_raw", "supports_raw", "notes")
    return Item(
        **{name: row[name] for name in names},
        leads=tuple(row["leads"]),
        supports=tuple(row["supports"]),
        deadline_raw=row["deadline_raw"],
        deadline=Deadline.from_json(row["deadline"]),
        source=Source(**row["source"]),
        columns=ColumnNames(**row["columns"]),
    )


def _deadline_of(said: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """What a person wrote as the deadline, year and all; a frequency chosen beside it counts for rounds."""
    words = said.get("deadline_raw", row["deadline_raw"])
    if words == row["deadline_raw"]:
        deadline = Deadline.from_json(row["deadline"])
    else:
        deadline = read_deadline(words)
        if deadline.kind == DeadlineKind.UNKNOWN:
            raise ValueError(words)
    freq = said.get("freq") if deadline.freq else None
    return deadline.as_json() | ({"freq": freq} if freq else {})
