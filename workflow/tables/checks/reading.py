"""What is said of the file and of how it was read; it stays true when people edit what was read."""

from collections.abc import Iterator, Mapping, Sequence

from workflow.tables.checks.findings import Finding, place_name, short, table_name
from workflow.tables.columns.headers import WITH_UNITS
from workflow.tables.columns.layout import Layout
from workflow.tables.columns.names import Role, role_of
from workflow.tables.grid import Document, Grid
from workflow.tables.reading.several import Part
from workflow.tables.table import Item, Source, Warning

MISSING_COLUMNS = (
    ("no_deadline_column", (Role.DEADLINE,), "表头没有“完成时限”一列：发布前请逐项填写完成时限。"),
    ("no_lead_column", tuple(WITH_UNITS), "表头没有“牵头单位”一列：发布前请逐项填写牵头单位。"),
)
AS_SUPPORTS = "“{name}”一列按配合单位读入，因为“{leads}”另有一列：请核对。"
LEFT_OUT = "表格行之外的文字没有读入：“{text}”，如属于某个单元格，请移回表格内。"
ALSO_LEFT_OUT = "表格行之外还有{count}段文字没有读入（如“{text}”）：如有任务在其中，请写进表格后重新导入。"
MOST_TEXTS = 5


def findings_of_layouts(parts: Sequence[Part]) -> Iterator[Finding]:
    """Columns that a table lacks, and those whose meaning had to be chosen; once where all tables are alike."""
    layouts = [(part, stretch.layout) for part in parts for stretch in part.stretches]
    for code, roles, sentence in MISSING_COLUMNS:
        lacking = [part for part, layout in layouts if not layout.has(*roles)]
        if len(lacking) == len(layouts):
            yield Finding(code, sentence)
        else:
            yield from (Finding(code, f"{name}的{sentence}") for name in dict.fromkeys(map(_name, lacking)))
    yield from dict.fromkeys(finding for _, layout in layouts for finding in _chosen(layout))


def findings_of_notices(document: Document, parts: Sequence[Part]) -> Iterator[Finding]:
    """What the readers of the format noticed; of a table that was skipped only what concerns it as a whole."""
    for notice in document.notices:
        yield Finding(notice.code, notice.message)
    read = {id(part.grid) for part in parts}
    for grid in document.grids:
        yield from _left_out(grid.left_out)
        for notice in grid.notices:
            if notice.row is None or id(grid) in read:
                yield Finding(notice.code, notice.message, _source(grid, notice.row))


def warnings_of(
    findings: Sequence[Finding], refs: Mapping[Source, int], items: Sequence[Item], *, several: bool
) -> Iterator[Warning]:
    """The findings with the item they belong to, in words; those of the whole table first."""
    warnings = []
    for finding in findings:
        ref = refs.get(finding.source) if finding.source else None
        number = items[ref - 1].number if ref else ""
        place = place_name(finding.source, number, several=several) if finding.source else ""
        warnings.append(Warning(finding.code, ref, f"{place}{finding.message}"))
    return iter(sorted(warnings, key=lambda warning: warning.ref or 0))


def _left_out(texts: Sequence[str]) -> Iterator[Finding]:
    for text in texts[:MOST_TEXTS]:
        yield Finding("text_left_out", LEFT_OUT.format(text=short(text)))
    if more := texts[MOST_TEXTS:]:
        yield Finding("text_left_out", ALSO_LEFT_OUT.format(count=len(more), text=short(more[0])))


def _chosen(layout: Layout) -> Iterator[Finding]:
    for column in layout.columns:
        if column.role is Role.SUPPORTS and role_of(column.name) is Role.LEADS:
            message = AS_SUPPORTS.format(name=short(column.name), leads=short(layout.name_of(Role.LEADS)))
            yield Finding("column_as_supports", message)


def _source(grid: Grid, row: int | None) -> Source | None:
    return None if row is None else Source(row, grid.table, grid.sheet)


def _name(part: Part) -> str:
    return table_name(part.grid.table, part.grid.sheet)
