"""How pages say dates, lights and deadlines. Pure over duck-typed items; no database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import ladder
from workflow.calendar import WorkCalendar
from workflow.states import DeadlineKind, Light, State

NAMED = 4  # units named in one sentence


def day(on: date | None, today: date) -> str:
    """11月20日 in sentences; with its year if it is another than today's."""
    if on is None:
        return "–"
    words = {"year": on.year, "month": on.month, "day": on.day}
    return (_("%(month)s月%(day)s日") if on.year == today.year else _("%(year)s年%(month)s月%(day)s日")) % words


def moment(at: datetime, today: date) -> str:
    """The time in a column: 11月5日 17:32, or the short 2021-12-30 09:00 of another year."""
    local = timezone.localtime(at)
    return f"{day(local.date(), today)} {local:%H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def light(item: Any, today: date, calendar: WorkCalendar) -> str:
    """The word of a light with its number: 逾期 22 工作日, 临期 剩 10 天."""
    shown = item.light(today)
    if shown is None:
        return str(State.CANCELLED.label)
    counted_on = item.handed_in_on if item.state == State.SUBMITTED and item.handed_in_on else today
    if shown == Light.GREY and item.suspended_until:
        return _("暂停 至 %(day)s") % {"day": day(item.suspended_until, today)}
    return light_of(shown, item.due_on, counted_on, calendar)


def light_of(shown: Light | None, due_on: date, counted_on: date, calendar: WorkCalendar) -> str:
    if shown is None:
        return ""
    if shown == Light.RED:
        return _("逾期 %(days)s 工作日") % {"days": ladder.late_working_days(due_on, counted_on, calendar)}
    if shown == Light.YELLOW:
        return _("临期 剩 %(days)s 天") % {"days": ladder.days_left(due_on, counted_on)}
    return str(shown.label)


def due(item: Any) -> str:
    """The deadline in a table: its date, or that it never ends."""
    if item.is_periodic:
        return item.deadline_raw or str(DeadlineKind(item.kind).label)
    return item.due_on.isoformat() if item.due_on else "–"


def round_due(item: Any, today: date) -> str:
    if not item.is_periodic or item.due_on is None:
        return ""
    said = day(item.due_on, today) if item.due_on.year == today.year else item.due_on.isoformat()
    return _("本期至 %(day)s") % {"day": said}


def limit(item: Any, today: date) -> str:
    """The deadline under a light: 限 10月21日, 本期至 12月31日."""
    if item.is_periodic:
        return round_due(item, today)
    return _("限 %(day)s") % {"day": day(item.due_on, today)} if item.due_on else ""


def held(item: Any, today: date, calendar: WorkCalendar) -> str:
    """For how long the holder has the ball: 已 7 工作日."""
    return since(item.held_since, today, calendar) if item.held_since else ""


def since(at: datetime, today: date, calendar: WorkCalendar) -> str:
    days = calendar.between(timezone.localdate(at), today)
    return _("已 %(days)s 工作日") % {"days": days} if days else _("今天起")


def units(found: Sequence[Sequence[Any]]) -> str:
    """Units as [key, name]: few by name, of many the first and how many there are."""
    names = [name for _key, name in found]
    if len(names) <= NAMED:
        return "、".join(names)
    return _("%(first)s等 %(n)s 家") % {"first": "、".join(names[: NAMED - 1]), "n": len(names)}


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"
