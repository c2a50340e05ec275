"""A text without any table, with the duties written behind each task → grid, as if it had been a table.

Headings become rows across it, tasks rows with what is to be done, who leads, who helps and until when.
"""

import re
from collections.abc import Sequence

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.outline import outline_of
from workflow.tables.formats.text.passages import Passage, passages_of
from workflow.tables.formats.text.written_duties import DEADLINE, LEADS, SUPPORTS
from workflow.tables.grid import Cell, Grid, Row

TEXT = "具体内容"
COLUMNS = (TEXT, LEADS, SUPPORTS, DEADLINE)
MOST_LABELS = 20
TOO_MANY_LABELS = f"各项任务后面注明的项目名称超过{MOST_LABELS}种，认不出哪一项是牵头单位：请统一写法后再导入。"
# 排名第一的为牵头单位，下同: said once, meant for the whole column.
MEANT_BELOW = re.compile(
    "(?P<note>[排列位居]?[^，,；;。、]{0,4}(?:第一|首位)[^，,；;。、]{0,8}牵头[^，,；;。、]{0,4})[，,]下同"
)


def grid_of(lines: Sequence[str]) -> Grid | None:
    """The tasks of a text with their headings; None where no task says who leads or helps. Raises Unreadable.

    Rows are numbered as the lines are, from 1; row 0 names the columns. What is neither task nor heading stands above
    the table or in `left_out`.
    """
    outline = outline_of(passages_of(lines))
    if not outline.rows:
        return None
    first = outline.rows[0].place.paragraph
    tasks = [passage for at, passage in enumerate(outline.rows) if at not in outline.headings]
    columns = _columns(tasks)
    rows = (
        _heading(passage, len(columns)) if at in outline.headings else _task(passage, columns)
        for at, passage in enumerate(outline.rows)
    )
    return Grid(
        rows=(_header(tasks, columns), *rows),
        lines_above=tuple(line.strip() for line in lines[: first - 1] if line.strip()),
        left_out=tuple(filter(None, (_printed(passage, since=first) for passage in outline.left_out))),
    )


def _columns(passages: Sequence[Passage]) -> list[str]:
    columns = [*COLUMNS, *dict.fromkeys(name for passage in passages for name in passage.duty if name not in COLUMNS)]
    if len(columns) > len(COLUMNS) + MOST_LABELS:
        raise Unreadable(TOO_MANY_LABELS)
    return columns


def _header(passages: Sequence[Passage], columns: Sequence[str]) -> Row:
    notes = (MEANT_BELOW.search(passage.duty.get(LEADS, "")) for passage in passages)
    note = next((found["note"] for found in notes if found), "")
    return Row(0, tuple(Cell(f"{name}（{note}）" if note and name == LEADS else name) for name in columns))


def _printed(passage: Passage, *, since: int) -> str:
    return "\n".join(text for paragraph, text in passage.printed if paragraph >= since).strip()


def _heading(passage: Passage, width: int) -> Row:
    return Row(passage.place.number, (Cell(" ".join(text for _, text in passage.printed), span=width),))


def _task(passage: Passage, columns: Sequence[str]) -> Row:
    cells = {TEXT: passage.text, **passage.duty}
    return Row(passage.place.number, tuple(Cell(cells.get(name, "")) for name in columns))
