"""An Excel workbook (.xlsx, .xlsm, .xltx) → one grid for every sheet that people see and that holds text.

What is read is what Excel shows: results of formulas as they were saved, numbers and dates in their format. Macros and
linked files are never looked at.
"""

from collections.abc import Iterator, Mapping

from workflow.tables.errors import Unreadable
from workflow.tables.formats.archives import TOO_MUCH, Archive, open_archive
from workflow.tables.formats.excel.cells import Line, Merge, SheetReader, columns_named, letters_of
from workflow.tables.formats.excel.merges import merges_by_row
from workflow.tables.formats.excel.parts import Sheet, Workbook, workbook_of
from workflow.tables.grid import Cell, Document, Grid, Notice, Progress, Row

MOST_SHEETS = 50
MOST_ROWS = 20_000
MOST_COLUMNS = 64
MOST_TEXT = 20_000_000  # characters: a shared text can stand in every cell, a merged one in every row
ROWS_A_REPORT = 200
EMPTY = Cell("")

HIDDEN_SHEET = "工作表“{}”是隐藏的，没有读入：需要的话请在 Excel 里取消隐藏后再导入。"
OTHER_SHEET = "工作表“{}”不是普通表格（图表或宏表），没有读入。"
NO_TEXT = "工作簿里看得见的工作表都没有文字，请确认选对了文件。"
TOO_MANY_SHEETS = f"工作簿里有超过 {MOST_SHEETS} 张工作表：请只留下责任分工表后再导入。"
TOO_LONG = f"工作表“{{}}”有超过 {MOST_ROWS} 行文字，不像一张责任分工表：请删去这张工作表或多余的行后再导入。"
TOO_WIDE = f"工作表“{{}}”的内容从 {{}} 列一直到 {{}} 列，超过 {MOST_COLUMNS} 列：请删去多余的列后再导入。"
LINKED = "工作簿引用了别的文件，系统没有打开它们，已取保存时的内容：请核对。"


def document_of(data: bytes, on_progress: Progress) -> Document:
    """The sheets of a workbook. Raises Unreadable, and nothing else."""
    archive = open_archive(data)
    book = workbook_of(archive)
    shown = [sheet for sheet in book.sheets if sheet.kind == "worksheet" and not sheet.hidden]
    if len(shown) > MOST_SHEETS:
        raise Unreadable(TOO_MANY_SHEETS)
    count = _Count(on_progress, sum(_rows_in(archive, sheet) for sheet in shown))
    read = [_grid(sheet, SheetReader(archive, sheet.part, book, count.one)) for sheet in shown]
    grids = tuple(grid for grid in read if grid.rows)
    if not grids:
        raise Unreadable(NO_TEXT)
    if sum(len(cell.text) for grid in grids for row in grid.rows for cell in row.cells) > MOST_TEXT:
        raise Unreadable(TOO_MUCH)
    count.finish()
    left = [notice for grid in read if not grid.rows for notice in grid.notices]
    return Document(grids, notices=(*_of_workbook(book, grids), *left))


class _Count:
    """Tells how many rows are done, now and then."""

    def __init__(self, on_progress: Progress, total: int) -> None:
        self._on_progress = on_progress
        self._total = max(1, total)
        self._done = 0

    def one(self) -> None:
        self._done += 1
        if self._done % ROWS_A_REPORT == 0:
            self._on_progress(min(self._done, self._total), self._total)

    def finish(self) -> None:
        self._on_progress(self._total, self._total)


def _rows_in(archive: Archive, sheet: Sheet) -> int:
    """About how many rows a sheet lists; near enough for telling how far the reading is."""
    data = archive.read(sheet.part)
    return data.count(b"<row ") + data.count(b":row ")


def _of_workbook(book: Workbook, grids: tuple[Grid, ...]) -> Iterator[Notice]:
    for sheet in book.sheets:
        if sheet.hidden:
            yield Notice("sheet_skipped", HIDDEN_SHEET.format(sheet.name))
        elif sheet.kind != "worksheet":
            yield Notice("sheet_skipped", OTHER_SHEET.format(sheet.name))
    said = {notice.code for grid in grids for notice in grid.notices}
    if book.has_links and "external_link" not in said:
        yield Notice("external_link", LINKED)


# --- one sheet -------------------------------------------------------------------------------------------------------
def _grid(sheet: Sheet, read: SheetReader) -> Grid:
    """The sheet as a grid; without rows where it holds no text."""
    over = merges_by_row(read.merges, read.lines, _columns(sheet, read.lines))
    texts = {merge: _top_left(merge, read.lines) for merges in over.values() for merge in merges}
    for number, merges in over.items():
        _clear_covered(read.lines[number].texts, number, merges)
    lines = {number: line for number, line in sorted(read.lines.items()) if line.texts}
    if len(lines) > MOST_ROWS:
        raise Unreadable(TOO_LONG.format(sheet.name))
    columns = _columns(sheet, lines)
    rows = tuple(
        Row(number, tuple(_cells(number, line, columns, {merge: texts[merge] for merge in over.get(number, ())})))
        for number, line in lines.items()
    )
    notices = [*_of_sheet(sheet, read, lines)]
    notices += [notice for number, line in lines.items() for notice in _of_row(number, line)]
    return Grid(rows, sheet=sheet.name, notices=tuple(notices))


def _columns(sheet: Sheet, lines: Mapping[int, Line]) -> range:
    """From the first column with text to the last."""
    used = {column for line in lines.values() for column in line.texts}
    columns = range(min(used), max(used) + 1) if used else range(0)
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(TOO_WIDE.format(sheet.name, letters_of(columns[0]), letters_of(columns[-1])))
    return columns


def _top_left(merge: Merge, lines: Mapping[int, Line]) -> str:
    return lines[merge.top].texts.get(merge.left, "") if merge.top in lines else ""


def _clear_covered(texts: dict[int, str], number: int, merges: list[Merge]) -> None:
    """Of a merged range Excel shows the first cell only; what the others still hold nobody sees."""
    for merge in merges:
        for column in [column for column in texts if merge.left <= column <= merge.right]:
            if (number, column) != (merge.top, merge.left):
                del texts[column]


def _cells(number: int, line: Line, columns: range, merges: Mapping[Merge, str]) -> Iterator[Cell]:
    """The cells of a row; a merged one stands once a row, and in its lower rows repeats its text."""
    inside = [(merge, text) for merge, text in merges.items() if merge.right >= columns.start]
    begins = {max(merge.left, columns.start): (merge, text) for merge, text in inside}
    column = columns.start
    while column < columns.stop:
        if column in begins:
            merge, text = begins[column]
            span = min(merge.right + 1, columns.stop) - column
            yield Cell(text, span, above=number > merge.top)
            column += span
        else:
            yield Cell(text) if (text := line.texts.get(column, "")) else EMPTY
            column += 1


# --- what a person should know ---------------------------------------------------------------------------------------
def _of_sheet(sheet: Sheet, read: SheetReader, lines: Mapping[int, Line]) -> Iterator[Notice]:
    used = {column for line in lines.values() for column in line.texts}
    if hidden := {column for column in used if any(column in columns for columns in read.hidden_columns)}:
        message = f"工作表“{sheet.name}”的 {columns_named(hidden)} 列是隐藏的，已照样读入：如不需要请删去。"
        yield Notice("hidden_column", message)
    if blank := [at for number, line in read.lines.items() if number not in lines for at in line.unsaved + line.wrong]:
        cells = "、".join(blank[:10]) + ("等" if len(blank) > 10 else "")
        message = f"工作表“{sheet.name}”的单元格 {cells} 有公式但没有可用的结果，已按空白读入：请核对。"
        yield Notice("formula_cell", message)


def _of_row(number: int, line: Line) -> Iterator[Notice]:
    if line.hidden:
        yield Notice("hidden_row", "在 Excel 中是隐藏的，已照样读入：如不需要请删去。", number)
    if said := "；".join(_about_formulas(line)):
        yield Notice("formula_cell", f"的{said}：请核对。", number)
    if line.linked:
        cells = "、".join(line.linked)
        message = f"的单元格 {cells} 引用了别的工作簿，系统没有打开它，已取保存时的内容：请核对。"
        yield Notice("external_link", message, number)


def _about_formulas(line: Line) -> Iterator[str]:
    for cells, what in (
        (line.computed, "由公式算出，已取保存时的结果"),
        (line.unsaved, "有公式但没有存下结果，已按空白读入"),
        (line.wrong, "是错误值，已按空白读入"),
    ):
        if cells:
            yield f"单元格 {'、'.join(cells)} {what}"
