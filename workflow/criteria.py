"""验收标准: what a sub-item is measured by, as values; and what answers and verdicts say of each. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from workflow.states import Per

MOST = 12  # criteria of a sub-item
LONGEST = 200  # characters of one
LONGEST_UNIT = 16
NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")  # as JSON it comes back from every database as it was

Answers = Mapping[str, Mapping[str, Any]]  # by number, as JSON keeps it: value, text, evidence


@dataclass(frozen=True)
class Criterion:
    """One thing that must be so; with a `value` it can be measured, from a `baseline` where one is known."""

    no: int
    text: str
    baseline: int | float | None = None
    value: int | float | None = None
    unit: str = ""
    per: str = Per.TOTAL.value

    @property
    def is_measured(self) -> bool:
        return self.value is not None

    @property
    def measure(self) -> str:
        """3 → 5 所，累计; empty where there is no number."""
        if not self.is_measured:
            return ""
        words = {"from": self.baseline, "to": self.value, "unit": self.unit, "per": Per(self.per).label}
        if self.baseline is None:
            return _("目标 %(to)s %(unit)s，%(per)s") % words
        return _("基数 %(from)s → 目标 %(to)s %(unit)s，%(per)s") % words

    def in_words(self) -> str:
        measure = f"（{self.measure}）" if self.is_measured else ""
        return f"{self.no}. {self.text}{measure}"

    def same_as(self, other: "Criterion") -> bool:
        """Whether what was answered to one answers the other."""
        return (self.text, self.is_measured, self.unit) == (other.text, other.is_measured, other.unit)


def read(kept: Iterable[Mapping[str, Any]]) -> list[Criterion]:
    """As JSON keeps them."""
    return [Criterion(**each) for each in kept]


def kept(criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    return [asdict(each) for each in criteria]


def of_targets(targets: Iterable[Mapping[str, Any]]) -> list[Criterion]:
    """What the table itself wants measured; a target of a rhythm is one of each round."""
    return [
        Criterion(
            no,
            target["label"][:LONGEST],
            value=number(target["value"]),
            unit=target["unit"][:LONGEST_UNIT],
            per=(Per.ROUND if target["per"] else Per.TOTAL).value,
        )
        for no, target in enumerate(list(targets)[:MOST], 1)
    ]


def number(said: Any) -> int | float | None:
    """A number of at most twelve digits and four decimals, as typed or from JSON; None where it is none."""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return None
    digits = unicodedata.normalize("NFKC", str(said)).replace(",", "").strip()
    if not NUMBER.fullmatch(digits):
        return None
    whole, _point, rest = digits.partition(".")
    return float(digits) if rest.strip("0") else int(whole)


def carried(answers: Answers, before: Sequence[Criterion], now: Sequence[Criterion]) -> dict[str, Any]:
    """Answers given to some criteria, for others: by what is asked, since numbers may have changed."""
    return {
        str(each.no): answers[str(old.no)]
        for each in now
        for old in before
        if each.same_as(old) and str(old.no) in answers
    }


def unanswered(criteria: Iterable[Criterion], answers: Answers) -> list[int]:
    """The numbers of those without an answer: what is measured needs its number, the others some words."""
    return [each.no for each in criteria if not _is_answered(each, answers.get(str(each.no), {}))]


def _is_answered(criterion: Criterion, answer: Mapping[str, Any]) -> bool:
    return answer.get("value") is not None if criterion.is_measured else bool(answer.get("text"))


def numbers_in_words(numbers: Iterable[int]) -> str:
    return "、".join(str(no) for no in numbers)


def reason_for(numbers: Iterable[int]) -> str:
    """How a reason to reject begins: a line for each criterion that is not met."""
    return "\n".join(_("标准 %(no)s：") % {"no": no} for no in numbers)


def says_why(comment: str, criteria: Iterable[Criterion]) -> bool:
    """Whether a reason says more than the numbers it was begun with."""
    begun = {_("标准 %(no)s：").strip() % {"no": each.no} for each in criteria}
    return any(line.strip() and line.strip() not in begun for line in comment.splitlines())
