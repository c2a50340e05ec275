"""Text whose rows are lines and whose cells a sign separates (csv, cells pasted from Excel, pipe tables) → tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workflow.tables.columns.headers import first_header, is_foreign
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Cell, Document, Grid, Row

# The largest published tables have some hundreds of rows and a dozen columns.
MOST_ROWS = 20_000
MOST_COLUMNS = 1_000
TOO_LONG = f"表格超过{MOST_ROWS}行，不像一张责任分工表，请确认选对了文件。"
TOO_WIDE = f"表格超过{MOST_COLUMNS}列，不像一张责任分工表，请确认选对了文件。"

PIPES = "|｜"
DASHES = "-=—－"
RULE = frozenset(f"{PIPES}{DASHES}+: \t")
ESCAPED = re.compile(rf"\\([{PIPES}])")
LINE_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")

# Number and cells; a record of one cell is a line of text that no sign separates.
Record = tuple[int, list[str]]


def separated_tables(text: str, separator: str) -> Document:
    """The tables of a csv or of tab-separated text; rows are numbered as a spreadsheet would show them."""
    return _document(_blocks(_records(text, separator)))


def pipe_tables(text: str, pipe: str) -> Document:
    """The tables whose cells stand between pipes; rows are numbered from 1 in each, the rule left out."""
    cut = re.compile(rf"(?<!\\)\{pipe}")
    lines = [cut.split(line.strip()) for line in text.split("\n") if not _is_rule(line)]
    piped = [cells for cells in lines if len(cells) > 1]
    # One row that has words outside them tells that there are no outer pipes, and that empty cells are meant.
    opens = not any(cells[0] for cells in piped)
    closes = not any(cells[-1] for cells in piped)
    records = ((0, _between(cells, opens, closes)) for cells in lines)
    blocks = _blocks(records)
    for block in blocks:
        block.rows = [(number, cells) for number, (_, cells) in enumerate(block.rows, start=1)]
    return _document(blocks)


@dataclass(slots=True)
class Block:
    """Rows that belong to one table, and the lines above it."""

    above: list[str] = field(default_factory=list)
    rows: list[Record] = field(default_factory=list)


def _records(text: str, separator: str) -> Iterator[Record]:
    number, at = 0, 0
    while at < len(text):
        end = text.find("\n", at)
        line = text[at:end] if end >= 0 else text[at:]
        if '"' in line:
            fields, at = _quoted(text, at, separator)
        else:
            fields, at = line.split(separator), at + len(line) + 1
        number += 1
        yield number, [_tidy(text) for text in _bounded(fields)]


def _quoted(text: str, at: int, separator: str) -> tuple[list[str], int]:
    """The fields of a record in which quotes stand, and where the next one begins."""
    fields = []
    for found in _field(separator).finditer(text, at):
        quoted, bare, end = found.groups()
        fields.append(bare if quoted is None else quoted.replace('""', '"'))
        if end != separator:
            return fields, found.end()
    return fields, len(text)


@lru_cache
def _field(separator: str) -> re.Pattern[str]:
    """One field and its end. Quotes that do not end where the field ends are text, as are those in the middle.

    Excel never pastes a tab inside quotes: there it is a loose quote that would run into the next cells.
    """
    inside = r'[^"\t]' if separator == "\t" else '[^"]'
    return re.compile(
        rf' *+(?:"((?:{inside}++|"")*+)" *+(?=[{separator}\n]|\Z)|([^{separator}\n]*+))([{separator}\n]?)'
    )


def _bounded(fields: list[str]) -> list[str]:
    """Raises Unreadable for more cells than a table has; Excel pastes whole rows with thousands of empty ones."""
    if any(map(str.strip, fields[MOST_COLUMNS:])):
        raise Unreadable(TOO_WIDE)
    return fields[:MOST_COLUMNS]


def _is_rule(line: str) -> bool:
    """Whether the line only draws: |---|:--:|, +----+----+."""
    signs = set(line)
    return signs <= RULE and bool(signs & set(DASHES)) and bool(signs & set(f"{PIPES}+"))


def _between(cells: list[str], opens: bool, closes: bool) -> list[str]:
    """The cells of a line cut at its pipes; a line without pipes stays one cell."""
    if len(cells) > 1:
        cells = cells[opens : len(cells) - closes]
    return [_tidy(_without_marks(text)) for text in _bounded(cells)]


def _without_marks(text: str) -> str:
    """The text as its Markdown would be printed."""
    return BOLD.sub(r"\1", LINE_BREAK.sub("\n", ESCAPED.sub(r"\1", text)))


def _tidy(text: str) -> str:
    """The lines of a cell without white space around them and without empty ones."""
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _blocks(records: Iterable[Record]) -> list[Block]:
    """Records by table. Lines between rows begin a table where column names follow, else they are rows of one cell.

    The last block holds the lines below all tables.
    """
    blocks = [Block()]
    lines: list[Record] = []
    for count, record in enumerate(_telling(records)):
        if count >= MOST_ROWS and blocks[-1].rows:
            raise Unreadable(TOO_LONG)
        if len(record[1]) == 1:
            lines.append(record)
            continue
        if blocks[-1].rows and not (lines and _names_columns(record)):
            blocks[-1].rows += lines
        else:
            blocks = [*filter(_has_rows, blocks), Block(_texts(lines))]
        blocks[-1].rows.append(record)
        lines = []
    return [*filter(_has_rows, blocks), Block(_texts(lines))]


def _telling(records: Iterable[Record]) -> Iterator[Record]:
    return (record for record in records if any(record[1]))


def _has_rows(block: Block) -> bool:
    return bool(block.rows)


def _texts(lines: Sequence[Record]) -> list[str]:
    return [line for _, (text,) in lines for line in text.split("\n")]


def _names_columns(record: Record) -> bool:
    row = _row(record)
    return first_header([row]) is not None or is_foreign(row)


def _row(record: Record) -> Row:
    number, texts = record
    return Row(number, tuple(map(Cell, texts)))


def _document(blocks: list[Block]) -> Document:
    *tables, below = blocks
    return Document(tuple(_grid(block, at) for at, block in enumerate(tables, start=1)), tuple(below.above))


def _grid(block: Block, table: int) -> Grid:
    width = _width([texts for _, texts in block.rows])
    rows = tuple(_row((number, texts[:width])) for number, texts in block.rows)
    return Grid(rows, tuple(block.above), table=table)


def _width(rows: Sequence[list[str]]) -> int:
    """How many columns to keep: where all rows are as wide as each other, those at the right that nobody uses go."""
    widths = {len(texts) for texts in rows if len(texts) > 1}
    used = (at for texts in rows for at, text in enumerate(texts, start=1) if text)
    return max(widths) if len(widths) > 1 else max(used)
