"""回头看: which closed items are looked at again is drawn by lot from a published seed, and anyone can repeat it.

Every candidate has a ticket, the SHA-256 of "seed:uid" in hexadecimal; the lowest tickets are drawn. The order in which
candidates are given does not matter, and who would be drawn among n is drawn among n + 1 as well.

The seed is the SHA-256 of three lines: words an inspector types (a lottery number, a headline), a number the system
had sealed before it knew them, and the fingerprint of the list of candidates with the heads of their journals. So none
of those who have a hand in it can choose it; docs/drawing.md says why, and what remains.

A `Record` is what is published of a draw: a text of comment lines and one line a candidate, from which seed and draw
follow with sha256sum and sort alone (`RECIPE`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

FORMAT = "luoshi-draw 1"
RECIPE = """\
list() { grep -v '^#' "$f"; }
part() { sed -n "s/^# $1: //p" "$f"; }
hash() { sha256sum | cut -c1-64; }
seed=$(printf '%s\\n%s\\n%s\\n' "$(part public)" "$(part system)" "$(list | hash)" | hash)
echo "$seed"
list | while read -r uid rest; do printf '%s %s\\n' "$(printf '%s:%s' "$seed" "$uid" | hash)" "$rest"; done |
  LC_ALL=C sort | head -n "$(part size)"
"""


class Unreadable(ValueError):
    """The text is no record of a draw; the argument is a sentence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed item as it stood when it was drawn among: `closing` is the journal entry that closed it."""

    uid: str
    closing: int
    seq: int  # of the last entry of its journal
    head: str  # the hash of that entry
    number: str

    @property
    def line(self) -> str:
        return f"{self.uid} {self.closing} {self.seq} {self.head} {one_line(self.number)}"


@dataclass(frozen=True, slots=True)
class Record:
    """A draw as it is published; what follows from the rest, seed and drawn, is computed."""

    plan: str
    number: int  # of the draw in its plan, counted from 1
    closed: str  # "2024-07-01 2024-09-30": closings of which days were drawn from
    size: int
    by: str
    at: str
    public: str  # the words typed
    system: str  # the number sealed before; its SHA-256 was published
    next: str  # the SHA-256 of the number sealed for the next draw
    candidates: tuple[Candidate, ...]

    @property
    def lines(self) -> list[str]:
        return sorted(candidate.line for candidate in self.candidates)

    @property
    def seed(self) -> str:
        return seed_of(self.public, self.system, seal_of(self.lines))

    @property
    def drawn(self) -> list[Candidate]:
        by_uid = {candidate.uid: candidate for candidate in self.candidates}
        return [by_uid[uid] for uid in draw(self.seed, by_uid, self.size)]

    def written(self) -> str:
        """The text that is published; `read` gives it back."""
        head = [f"# {name}: {one_line(value)}" for name, value in self._said()]
        return "\n".join([*head, *self.lines, ""])

    def _said(self) -> Iterator[tuple[str, str]]:
        yield "format", FORMAT
        for name in SAID:
            yield name, str(getattr(self, name))
        yield "seed", self.seed
        for candidate in self.drawn:
            yield "drawn", f"{candidate.uid} {candidate.number}"


SAID = ("plan", "number", "closed", "size", "by", "at", "public", "system", "next")


def draw(seed: str, uids: Iterable[str], size: int) -> list[str]:
    """The `size` with the lowest tickets, lowest first; all of them where there are no more."""
    return sorted(set(uids), key=lambda uid: ticket(seed, uid))[:size]


def ticket(seed: str, uid: str) -> str:
    return fingerprint(f"{seed}:{uid}")


def seal_of(lines: Iterable[str]) -> str:
    """The fingerprint of the list of candidates, each line with its end."""
    return fingerprint("".join(f"{line}\n" for line in lines))


def seed_of(public: str, system: str, seal: str) -> str:
    return fingerprint(f"{public}\n{system}\n{seal}\n")


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def one_line(text: str) -> str:
    """With single spaces and no line break, as a record holds it."""
    return " ".join(text.split())


def read(text: str) -> Record:
    """The record a text holds, whatever seed and draw it claims. Raises Unreadable."""
    lines = text.replace("\r\n", "\n").split("\n")
    said = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# ") and ": " in line)
    if said.get("format") != FORMAT:
        raise Unreadable(_("这不是一份抽取记录。"))
    if missing := [name for name in SAID if name not in said]:
        raise Unreadable(_("抽取记录里缺少 %(name)s。") % {"name": missing[0]})
    candidates = tuple(_candidate(line) for line in lines if line and not line.startswith("#"))
    kept: dict[str, Any] = {name: said[name] for name in SAID}
    kept |= {name: _whole(name, said[name]) for name in ("number", "size")}
    return Record(**kept, candidates=candidates)


def _candidate(row: str) -> Candidate:
    parts = row.split(" ", 4)
    if len(parts) != 5:
        raise Unreadable(_("候选清单里有一行读不懂：%(row)s") % {"row": row[:80]})
    return Candidate(parts[0], _whole("closing", parts[1]), _whole("seq", parts[2]), parts[3], parts[4])


def _whole(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Unreadable(_("抽取记录里的 %(name)s 不是整数。") % {"name": name})
    return int(value)


def faults(text: str) -> list[str]:
    """What in a published record does not follow from the rest, in sentences; none where it does. Raises Unreadable."""
    claimed = text.replace("\r\n", "\n").split("\n")
    record = read(text)
    again = record.written().split("\n")
    if claimed == again:
        return []
    found = []
    if _claims(claimed, "seed") != _claims(again, "seed"):
        found.append(_("种子不是由公开数、系统数和候选清单算出来的。"))
    if _claims(claimed, "drawn") != _claims(again, "drawn"):
        found.append(_("抽中的不是按种子排在最前的 %(n)s 项。") % {"n": record.size})
    return found or [_("次序或写法与公布的不同。")]


def _claims(lines: Iterable[str], name: str) -> list[str]:
    return [line for line in lines if line.startswith(f"# {name}: ")]
