"""What was noticed while reading, and how a warning names a place in the file."""

from dataclasses import dataclass

from workflow.tables.table import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell; `message` is what follows the row's name, or a whole sentence where there is no source."""

    code: str
    message: str
    source: Source | None = None


def place_name(source: Source, number: str = "", *, several: bool = False) -> str:
    """第5行（1.2）, and of which table where the file has several."""
    row = f"第{source.row}行" if source.row else ""
    table = table_name(source.table, source.sheet) if several or not row else ""
    return f"{table}{row}（{number}）" if number else f"{table}{row}"


def table_name(table: int | None, sheet: str | None) -> str:
    """工作表“教育”, 表2."""
    if sheet:
        return f"工作表“{short(sheet)}”"
    return f"表{table}" if table else "表格"


def short(text: str) -> str:
    """A long text in one line, cut off, so that a sentence stays a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 30 else f"{line[:30]}…"
