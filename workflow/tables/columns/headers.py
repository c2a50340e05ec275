"""Where the column names stand: one row to three, at the top and again on later pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workflow.tables.columns.names import LONGEST_PRINTED, Role, role_below, role_of
from workflow.tables.grid import Row
from workflow.tables.rows.numbering import plain_number, split_number

# Above the header stand a title and a few lines; further down is no header.
HEADER_WITHIN = 10
LONGEST_CHILD = 12
LONGEST_NUMBER = 3
MOST_ROWS = 3
CONTENT = {Role.TEXT, Role.GOAL, Role.PROBLEM, Role.SECTION}
WITH_UNITS = {Role.LEADS, Role.DUTIES}


@dataclass(frozen=True, slots=True)
class Header:
    """The rows that name the columns; a name a column, its own and that of the cell above it that covers it."""

    rows: tuple[Row, ...]
    names: tuple[tuple[str, str], ...]

    @property
    def roles(self) -> list[Role | None]:
        """What the columns are by name alone."""
        return [role_below(name, above) for name, above in self.names]

    def has(self, row: Row) -> bool:
        """Whether the row is one of these again, as on every page."""
        texts = own_words(row)
        return bool(texts) and any(texts == own_words(own) for own in self.rows)


def own_words(row: Row) -> list[str]:
    """What the row says itself, cell by cell without white space; not what is merged into it from above."""
    return ["".join(cell.text.split()) for cell in row.cells if cell.text and not cell.above]


def first_header(rows: Sequence[Row]) -> tuple[int, Header] | None:
    """The header at the top and its place: names of content and of leads, else names that come close to it."""
    found = [(at, header) for at in range(min(len(rows), HEADER_WITHIN)) if (header := _header_at(rows, at))]
    for is_enough in (_names_leads, _comes_close):
        for at, header in found:
            if is_enough(header.roles):
                return at, header
    return None


def later_header(rows: Sequence[Row], at: int) -> Header | None:
    """A header further down, with which a table of other columns begins; hardly a cell may be no column name."""
    words = own_words(rows[at])
    if len(words) < 3 or any(len(word) > LONGEST_PRINTED for word in words):
        return None
    known = [role_of(word) for word in words]
    if known.count(None) * 3 > len(words) or not CONTENT & set(known):
        return None
    header = _header_at(rows, at)
    return header if header and _names_leads(header.roles) else None


def is_foreign(row: Row) -> bool:
    """Whether the row names columns, though not those of a responsibility table: 姓名、职务、电话."""
    words = own_words(row)
    known = sum(role_of(word) is not None for word in words)
    return known > 1 and known * 3 >= len(words) * 2


def _names_leads(roles: Sequence[Role | None]) -> bool:
    return bool(CONTENT & set(roles) and WITH_UNITS & set(roles))


def _comes_close(roles: Sequence[Role | None]) -> bool:
    """A bare 单位 beside a deadline or persons; no leads at all, but other columns that only such tables have."""
    named = set(roles)
    if not named & {Role.TEXT, Role.PROBLEM} or Role.GOODS in named:
        return False
    if Role.SUPPORTS in named or {Role.PERSON, Role.DEADLINE} <= named:
        return True
    return Role.UNIT in named and bool(named & {Role.DEADLINE, Role.PERSON})


def _header_at(rows: Sequence[Row], at: int) -> Header | None:
    words = own_words(rows[at])
    if len(words) < 2 or any(len(word) <= LONGEST_NUMBER and plain_number(word) for word in words):
        return None  # the number of an item; 2024 may name a column
    names = [(name, "") for name in _spread(rows[at], above=True)]
    end = at + 1
    while end < min(len(rows), at + MOST_ROWS) and _is_below(rows[end - 1], rows[end]):
        names = list(_divided(names, rows[end - 1], rows[end]))
        end += 1
    return Header(tuple(rows[at:end]), tuple(names))


def _divided(names: Sequence[tuple[str, str]], first: Row, second: Row) -> Iterator[tuple[str, str]]:
    """The names after the row below has divided those of the first."""
    below, covering = _spread(second, above=False), _covering(first)
    for column, name in enumerate(names):
        divides = column < len(below) and below[column]
        yield (below[column], covering.get(column, name[0])) if divides else name


def _spread(row: Row, *, above: bool) -> list[str]:
    """One text a column, that of a wide cell in each of its columns; merged from above only where asked."""
    return [cell.text if above or not cell.above else "" for cell in row.cells for _ in range(cell.span)]


def _covering(row: Row) -> dict[int, str]:
    """The columns that stand below a wide name, with that name; empty cells after a name may be part of it."""
    return {column: name for name, start, end in _wide(row) for column in range(start, end)}


def _wide(row: Row) -> Iterator[tuple[str, int, int]]:
    """Each name that covers several columns, with the first and the one after the last."""
    starts: list[tuple[str, int]] = []
    at = 0
    for cell in row.cells:
        if cell.text:
            starts.append((cell.text, at))
        at += cell.span
    for (name, start), (_name, end) in pairwise([*starts, ("", at)]):
        if end - start > 1:
            yield name, start, end


def _is_below(first: Row, second: Row) -> bool:
    """Whether the second row divides names of the first, and says nothing else.

    Where none is merged into it from above, the names must be wide, and one of them be divided into several; where
    one is, it may still be an item below a badly merged header.
    """
    children = _children(second)
    if any(len(text) > LONGEST_CHILD or split_number(text)[0] for _, text in children):
        return False
    if all(role_of(text) is None for _, text in children):
        return False
    if any(cell.above and cell.text for cell in second.cells) and all(role_of(text) for _, text in children):
        return True
    covered = _covering(first)
    per_name = [sum(start <= at < end for at, _ in children) for _, start, end in _wide(first)]
    return all(at in covered for at, _ in children) and max(per_name) > 1


def _children(row: Row) -> list[tuple[int, str]]:
    children = []
    at = 0
    for cell in row.cells:
        if cell.text and not cell.above:
            children.append((at, cell.text))
        at += cell.span
    return children
