"""Plain text → its tables, whatever shape they have in it: the shape in which a row names the columns is the right one.

Pipe tables, a Word table flattened by "save as text", cells pasted from Excel, csv, and duties written behind each
paragraph of a text without any table.
"""

import re
from collections.abc import Iterator

from workflow.tables.columns.headers import first_header
from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.flattened import grid_of as flattened_table
from workflow.tables.formats.text.paragraphs import grid_of as table_in_words
from workflow.tables.formats.text.separated import PIPES, pipe_tables, separated_tables
from workflow.tables.grid import Document, Grid

SEPARATORS = ",;"  # ， and ； belong to sentences
NARROWEST = 3

MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
# Which cell a word belongs to cannot be told once a cell is empty.
GAP = re.compile("(?<=[^ \u3000\n])(?: {2}|\u3000)[ \u3000]*(?=[^ \u3000\n])")
ALIGNED = (
    "这份文本的表格是用空格对齐的，空着的单元格会错列：请从 Word 或 Excel 直接复制表格再粘贴，"
    "或另存为 docx、xlsx、csv 后导入。"
)
NO_TABLE = (
    "文件里没有表格，也没有在各项任务后面写明牵头单位或责任单位：请从 Word 或 Excel 选用带表格的原件导入，"
    "或在每项任务后注明（牵头单位：…；完成时限：…）。"
)


def document_of(text: str) -> Document:
    """The tables of a text. Raises Unreadable, and nothing else."""
    shapes, text = [], MARKDOWN_HEADING.sub("", text)
    for document in _shapes(text):
        if any(first_header(grid.rows) for grid in document.grids):
            return document
        shapes.append(document)
    if any(first_header(grid.rows) for grid in separated_tables(GAP.sub("\t", text), "\t").grids):
        raise Unreadable(ALIGNED)
    if grid := table_in_words(text.split("\n")):
        return Document((grid,))
    for document in shapes:
        if any(map(_is_table, document.grids)):
            return document  # whoever looks for the column names tells people that there are none
    raise Unreadable(NO_TABLE)


def _shapes(text: str) -> Iterator[Document]:
    """The text in each shape that its signs allow."""
    for pipe in PIPES:
        if pipe in text:
            yield pipe_tables(text, pipe)
    if "\t" in text:
        yield _with_tabs(text)
    for separator in SEPARATORS:
        if separator in text:
            yield separated_tables(text, separator)


def _with_tabs(text: str) -> Document:
    """A tab begins most lines of a flattened Word table and stands between the cells of a pasted one."""
    lines = [line for line in text.split("\n") if "\t" in line]
    begun = sum(line.rfind("\t") == 0 for line in lines)
    if begun * 2 > len(lines):
        return Document((flattened_table(text),))
    return separated_tables(text, "\t")


def _is_table(grid: Grid) -> bool:
    """Whether there are rows and columns at all, and not a sentence with a comma in it."""
    return sum(row.width >= NARROWEST for row in grid.rows) > 1
