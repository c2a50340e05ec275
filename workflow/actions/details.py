"""What a person fills in with a move: cleaned last, after every other refusal was decided."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflow.errors import Invalid

LONGEST = 5000  # characters of a comment or summary


def cleaned(said: Mapping[str, Any], *, takes: Iterable[str], requires: Iterable[str], today: date) -> dict[str, Any]:
    """The details a move knows, typed; what it does not know is ignored. Raises Invalid with one sentence."""
    details = {}
    for name in (*requires, *takes):
        value = said.get(name)
        details[name] = None if value in (None, "") else CLEANERS[name](value, today)
        if name in requires and not details[name]:
            raise Invalid(MISSING[name]())
    return details


def text(value: Any, _today: date | None = None) -> str:
    """Words without surrounding space; empty where nothing of them can be seen.

    Raises Invalid on what is no text, too long, or has characters that cannot be stored or turn the writing round.
    """
    if not isinstance(value, str):
        raise Invalid(_("说明要写成文字。"))
    words = value.strip().replace("\r\n", "\n")
    if len(words) > LONGEST:
        raise Invalid(_("说明超过 %(n)s 字，请写短一些。") % {"n": LONGEST})
    kinds = {letter: unicodedata.category(letter) for letter in set(words) - {"\n", "\t"}}
    if TURNING & kinds.keys() or {"Cc", "Cs"} & set(kinds.values()):
        raise Invalid(_("说明里有无法保存的字符，请重新输入。"))
    return words if any(kind[0] not in "CZ" for kind in kinds.values()) else ""


TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # the direction of writing


def future_day(value: Any, today: date) -> date:
    """A day after today, as a date or in ISO form. Raises Invalid."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(_("日期要写成 2024-06-30 这样。")) from None
    if day <= today:
        raise Invalid(_("新的完成时限要晚于今天。"))
    if day.year > today.year + 50:
        raise Invalid(_("新的完成时限太远，请检查年份。"))
    return day


CLEANERS: dict[str, Callable[[Any, date], Any]] = {
    "comment": text,
    "summary": text,
    "assignee": text,
    "due_on": future_day,
}
MISSING: dict[str, Callable[[], str]] = {
    "comment": lambda: _("请写明理由。"),
    "due_on": lambda: _("请填新的完成时限。"),
}
