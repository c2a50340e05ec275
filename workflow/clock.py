"""What time it is: the real time in production, the demo's own time in the demo. Rules take time as an argument."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.errors import Invalid, NotAllowed
from workflow.models import DemoClock

START = datetime(2021, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # when the demo's plan was published
ROW = 1  # the demo has one clock
FURTHEST = 3660  # days at once: ten years, and never beyond the calendar's end by a slip of the finger


def now() -> datetime:
    """One query in the demo, none in production; whoever needs it twice keeps the answer."""
    real_now = timezone.now()
    if settings.PRODUCTION:
        return real_now
    offset = DemoClock.objects.filter(pk=ROW).values_list("offset_seconds", flat=True).first()
    return start_demo(real_now) if offset is None else real_now + timedelta(seconds=offset)


def today() -> date:
    return timezone.localdate(now())


def start_demo(real_now: datetime) -> datetime:
    """Start the demo's clock at START, unless it runs already; returns the time it shows."""
    offset = int((START - real_now).total_seconds())
    clock, _created = DemoClock.objects.get_or_create(pk=ROW, defaults={"offset_seconds": offset})
    return real_now + timedelta(seconds=clock.offset_seconds)


def forward(days: int) -> datetime:
    """Move the demo's clock on by so many days; returns the time it shows then.

    Raises NotAllowed in production and Invalid unless 1 ≤ days ≤ FURTHEST.
    """
    if settings.PRODUCTION:
        raise NotAllowed(_("正式环境只用真实时间，不能调整日期。"))
    if not 1 <= days <= FURTHEST:
        raise Invalid(_("一次可以前进 1 到 %(days)d 天。") % {"days": FURTHEST})
    now()  # starts a clock that does not run yet
    DemoClock.objects.filter(pk=ROW).update(offset_seconds=F("offset_seconds") + days * 24 * 3600)
    return now()
