"""Every light and every rung answers "为什么？" in words. Pure over duck-typed item and the rules in force."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflow import ladder
from workflow.calendar import WorkCalendar
from workflow.holding import HolderDays, Phase
from workflow.states import Light, State


def light_why(item: Any, today: date, calendar: WorkCalendar) -> str:
    """Why the light of an item is what it is today, with the days counted."""
    light = item.light(today)
    if item.state == State.SUBMITTED:
        handed_in = {"on": item.handed_in_on, "light": light.label if light else ""}
        return _("%(on)s已报送，审核期间灯保持报送当天的“%(light)s”。") % handed_in
    if light is None:
        return _("这一项已撤销，不亮灯。")
    if light == Light.BLUE:
        return _("这一项已经核验通过。")
    if light == Light.GREY:
        still = {"since": item.suspended_on, "until": item.suspended_until}
        return _("从 %(since)s 起暂停，到 %(until)s 为止，期间不计时限。") % still
    words = {"due_on": item.due_on, "yellow_on": item.yellow_on}
    if light == Light.RED:
        words["days"] = ladder.late_working_days(item.due_on, today, calendar)
        return _("限期 %(due_on)s 已过，到今天 %(days)s 个工作日。") % words + _provisional(item, today, calendar)
    if item.due_on is None:
        return _("这一项没有完成时限。")
    words["days"] = ladder.days_left(item.due_on, today)
    if light == Light.YELLOW:
        return _("离限期 %(due_on)s 还剩 %(days)s 天，从 %(yellow_on)s 起算临期。") % words
    return _("离限期 %(due_on)s 还有 %(days)s 天，%(yellow_on)s 起转为临期。") % words


def _provisional(item: Any, today: date, calendar: WorkCalendar) -> str:
    """Years whose holidays are not yet published count Monday to Friday, and that is said (rule 13)."""
    years = [year for year in range(item.due_on.year, today.year + 1) if calendar.is_provisional(date(year, 1, 1))]
    if not years:
        return ""
    return _("（%(years)s年放假安排尚未公布，暂按周一至周五计算。）") % {"years": "、".join(map(str, years))}


def days_why(
    item: Any, found: Sequence[HolderDays], today: date, calendar: WorkCalendar
) -> tuple[str, list[tuple[str, int]]]:
    """Who used the days: how many there are in words, and of whom how many; nothing on the first day.

    Of a late item those since its due date, while they are all accounted for: one dispatched late has all its days
    told. Under review the light stands still, the days do not.
    """
    late = sum(each.overdue_days for each in found)
    if item.light(today) == Light.RED and late == ladder.late_working_days(item.due_on, today, calendar):
        words = _("限期过后 %(days)s 个工作日") if item.state == State.SUBMITTED else _("逾期 %(days)s 个工作日")
        used = [(_holder(each), each.overdue_days) for each in found if each.overdue_days]
    else:
        words = _("已用 %(days)s 个工作日")
        used = [(_holder(each), each.working_days) for each in found if each.working_days]
    return (words % {"days": sum(days for _who, days in used)}, used) if used else ("", [])


def _holder(each: HolderDays) -> str:
    """The lead and who it waits for by name; another unit, which may be a co-lead, with what it had the item for."""
    return each.unit if each.phase in (Phase.HANDLING, Phase.AWAITED) else f"{each.unit}{each.phase.label}"


def rung_why(rung: str, inputs: Mapping[str, Any]) -> str:
    """Why a rung rang, from the dates it followed from."""
    clock, days = rung.replace("+", " +").replace("-", " -").split(" ")
    words = {"n": abs(int(days)), "due_on": inputs.get("due_on"), "since": inputs.get("since")}
    if clock == "due" and int(days) < 0:
        return _("离限期 %(due_on)s 还有 %(n)s 天左右。") % words
    if clock == "due" and inputs.get("due_on") and inputs["due_on"] < inputs["since"]:
        return _("限期 %(due_on)s 在 %(since)s 分派时已过，从分派算起满 %(n)s 个工作日。") % words
    return {
        "due": _("限期 %(due_on)s 已过 %(n)s 个工作日。"),
        "sign": _("%(since)s 分派，应在 2 个工作日内签收，到第 %(n)s 个工作日仍未签收。"),
        "report": _("从 %(since)s 起 %(n)s 天没有报过进展。"),
        "review": _("%(since)s 报送，满 %(n)s 个工作日仍未审核。"),
        "extension": _("%(since)s 申请延期，到现在还没有决定。"),
    }[clock] % words
