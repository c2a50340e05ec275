"""What a person fills in with a move: cleaned last, after every other refusal was decided."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow.deadlines import Deadline
from workflow.errors import Invalid
from workflow.states import DeadlineKind, Frequency
from workflow.tables.draft import TURNING

LONGEST = 5000  # characters of a comment or summary
LONGEST_DEADLINE = 200  # characters of the words a deadline is printed in


def cleaned(said: Mapping[str, Any], *, takes: Iterable[str], requires: Iterable[str], today: date) -> dict[str, Any]:
    """The details a move knows, typed; what it does not know is ignored. Raises Invalid with one sentence."""
    details = {}
    for name in (*requires, *takes):
        value = said.get(name)
        unsaid = value is None or (value == "" and name not in LITERAL)
        details[name] = None if unsaid else CLEANERS[name](value, today)
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
    if set(TURNING) & kinds.keys() or {"Cc", "Cs"} & set(kinds.values()):
        raise Invalid(_("说明里有无法保存的字符，请重新输入。"))
    return words if any(kind[0] not in "CZ" for kind in kinds.values()) else ""


def future_day(value: Any, today: date) -> date:
    """A day after today, as a date or in ISO form. Raises Invalid."""
    day = iso_day(value)
    if day <= today:
        raise Invalid(_("新的完成时限要晚于今天。"))
    if day.year > today.year + 50:
        raise Invalid(_("新的完成时限太远，请检查年份。"))
    return day


def within_a_year(value: Any, today: date) -> date:
    """The last day of a suspension: after today, and at most a year ahead, so that none becomes a silent end."""
    day = iso_day(value)
    if day <= today:
        raise Invalid(_("暂停到哪天，要晚于今天。"))
    if day > today + timedelta(days=365):
        raise Invalid(_("一次最多暂停一年，到期仍不能办的请再暂停，不再办的请撤销。"))
    return day


def iso_day(value: Any) -> date:
    """A day, as a date or in ISO form. Raises Invalid."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(_("日期要写成 2024-06-30 这样。")) from None


def task(value: Any, _today: date | None = None) -> str:
    """The words of an item, which it cannot be without. Raises Invalid."""
    if words := text(value):
        return words
    raise Invalid(_("请写具体内容。"))


def unit_names(value: Any, _today: date | None = None) -> list[str]:
    """Names of units: a list, or one text with 、 between them. Raises Invalid."""
    parts = re.split("[、，,\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise Invalid(_("单位要写成名称的清单。"))
    return [name for part in parts if (name := text(part))]


def unit_called(name: str, units: Sequence[Unit]) -> int:
    """The unit of that name, else the one that is also written so. Raises Invalid."""
    called = [unit.pk for unit in units if unit.name == name] or [unit.pk for unit in units if name in unit.names()]
    if not called:
        raise Invalid(_("单位名册里没有“%(name)s”。") % {"name": name[:64]})
    if len(called) > 1:
        raise Invalid(_("不只一个单位叫“%(name)s”，请写简称。") % {"name": name[:64]})
    return called[0]


def lead_names(value: Any, _today: date | None = None) -> list[str]:
    """As `unit_names`, at least one."""
    if names := unit_names(value):
        return names
    raise Invalid(_("请写牵头单位。"))


def deadline(value: Any, _today: date | None = None) -> Deadline:
    """{"kind", "start_on", "due_on", "freq"} with ISO dates: a definite one, or rounds with a frequency.

    Whether its days can be those of the item is decided with the item. Raises Invalid.
    """
    said = value if isinstance(value, Mapping) else {}
    kind, freq = said.get("kind"), said.get("freq")
    if kind in (DeadlineKind.DATE, DeadlineKind.RANGE):
        if not said.get("due_on"):
            raise Invalid(_("请填新的完成时限。"))
        start_on = iso_day(said["start_on"]) if kind == DeadlineKind.RANGE and said.get("start_on") else None
        return Deadline(DeadlineKind(kind), start_on, iso_day(said["due_on"]))
    if kind not in (DeadlineKind.ONGOING, DeadlineKind.RECURRING):
        raise Invalid(_("完成时限要是限期、时段、长期坚持或定期。"))
    if freq not in Frequency.values:
        raise Invalid(_("长期坚持和定期的，请写多久一期。"))
    return Deadline(DeadlineKind(kind), freq=Frequency(freq))


def deadline_words(value: Any, _today: date | None = None) -> str:
    """As a deadline is printed in the table. Raises Invalid."""
    words = text(value)
    if len(words) > LONGEST_DEADLINE:
        raise Invalid(_("完成时限的写法超过 %(n)s 字，请写短一些。") % {"n": LONGEST_DEADLINE})
    return words


def by_number(value: Any, _today: date | None = None) -> dict[int, Any]:
    """What is said of each criterion, by its number; what that may be is decided with the item. Raises Invalid."""
    if not isinstance(value, Mapping):
        raise Invalid(_("要按标准的编号逐条填。"))
    said = {}
    for no, each in value.items():
        if not re.fullmatch("[1-9][0-9]{0,2}", str(no)):
            raise Invalid(_("没有标准 %(no)s，请看最新的验收标准。") % {"no": str(no)[:16]})
        said[int(no)] = each
    return said


CLEANERS: dict[str, Callable[[Any, date], Any]] = {
    "comment": text,
    "summary": text,
    "assignee": text,
    "due_on": future_day,
    "until": within_a_year,
    "grounds": text,
    "text": task,
    "notes": text,
    "verifier": text,
    "unit": text,
    "leads": lead_names,
    "supports": unit_names,
    "deadline": deadline,
    "deadline_raw": deadline_words,
    "answers": by_number,
    "ticks": by_number,
}
LITERAL = frozenset({"text", "notes", "leads", "supports"})  # an empty one is said as well: it empties the cell
MISSING: dict[str, Callable[[], str]] = {
    "assignee": lambda: _("请选新的经办人。"),
    "comment": lambda: _("请写明理由。"),
    "due_on": lambda: _("请填新的完成时限。"),
    "until": lambda: _("请填暂停到哪天。"),
    "leads": lambda: _("请写新的牵头单位。"),
    "unit": lambda: _("请写分出哪个单位。"),
    "verifier": lambda: _("请写由哪个单位审核。"),
}
