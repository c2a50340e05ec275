"""The tables of a document: those that can be read, and those that are something else."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.tables.checks.findings import Finding, short, table_name
from workflow.tables.columns.layout import NO_HEADER, Layout, Stretch, stretches_of
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Document, Grid, Row

# The largest published tables have some hundreds of rows.
MOST_ROWS = 20_000
NO_TABLE = (
    "文件里没有表格，也没有在各项任务后面写明牵头单位或责任单位：请在每项任务后注明（牵头单位：…；完成时限：…），"
    "或选用带表格的原件导入。"
)
SKIPPED = "{table}（{says}）没有读入：{reason}"
REASON = "不像责任分工表，表头里没有“具体内容”（或任务、措施）和“牵头单位”（或责任单位）；如是，请补上列名后重新导入。"


@dataclass(frozen=True, slots=True)
class Part:
    """One readable table; `lines` stand between it and the readable one before."""

    grid: Grid
    stretches: tuple[Stretch, ...]
    lines: tuple[str, ...]

    @property
    def titles(self) -> tuple[Row, ...]:
        """The rows above its first header that say anything."""
        return tuple(row for row in self.stretches[0].titles if _says_something([row]))


@dataclass(frozen=True, slots=True)
class Parts:
    """All readable tables, what is said of the others, and the lines below the last readable one."""

    parts: tuple[Part, ...]
    skipped: tuple[Finding, ...]
    lines_below: tuple[str, ...]


def parts_of(document: Document) -> Parts:
    """Raises Unreadable where no table of the document is a responsibility table."""
    if sum(len(grid.rows) for grid in document.grids) > MOST_ROWS:
        raise Unreadable(f"表格超过{MOST_ROWS}行，不像一张责任分工表，请确认选对了文件。")
    parts: list[Part] = []
    others: list[Finding] = []
    reasons: list[Unreadable] = []
    lines: list[str] = []
    before: Layout | None = None
    for grid in document.grids:
        lines += grid.lines_above
        if not _says_something(grid.rows):
            continue
        try:
            stretches = stretches_of(grid, before)
        except Unreadable as reason:
            reasons.append(reason)
            others.append(skipped(grid, REASON if reason.sentence == NO_HEADER else reason.sentence))
            lines = lines if grid.sheet is None else []
            continue
        parts.append(Part(grid, stretches, tuple(lines)))
        before, lines = stretches[-1].layout, []
    if not parts:
        raise reasons[0] if len(reasons) == 1 else Unreadable(NO_HEADER if reasons else NO_TABLE)
    return Parts(tuple(parts), tuple(others), (*lines, *document.lines_below))


def skipped(grid: Grid, reason: str) -> Finding:
    """Which table, by what its first row says, and why."""
    first = next(row for row in grid.rows if _says_something([row]))
    says = short("、".join(dict.fromkeys(cell.text for cell in first.cells if cell.text)))
    message = SKIPPED.format(table=table_name(grid.table, grid.sheet), says=says, reason=reason)
    return Finding("table_skipped" if grid.sheet is None else "sheet_skipped", message)


def _says_something(rows: Sequence[Row]) -> bool:
    return any(cell.text for row in rows for cell in row.cells)
