"""The states a sub-item can be in and the lights it can show."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a sub-item stands in its workflow; lateness and pauses are no states (domain rule 3)."""

    ASSIGNED = "assigned", _("待签收")  # sent to the main lead, not yet signed for
    IN_PROGRESS = "in_progress", _("办理中")  # signed for, the main lead is working on it
    SUBMITTED = "submitted", _("待审核")  # handed in, the verifying unit has the ball
    VERIFIED = "verified", _("已核验")  # approved, waits for the owner unit to close or renew
    CLOSED = "closed", _("已销号")  # taken off the list
    CANCELLED = "cancelled", _("已撤销")  # withdrawn by the owner with a reason, no longer counted


OPEN = (State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.VERIFIED)


class Light(TextChoices):
    """How a sub-item stands in time; follows from dates, never stored as a verdict."""

    GREEN = "green", _("正常")  # in time
    YELLOW = "yellow", _("临期")  # in the last stretch of its term
    RED = "red", _("逾期")  # past its due date
    GREY = "grey", _("暂停")  # suspended, no alarms
    BLUE = "blue", _("办结")  # verified or closed


class Pause(TextChoices):
    """Why the clocks of an item stand still, whatever its state; a pause is no state (domain rule 3)."""

    NONE = "", _("没有停")
    SUSPENDED = "suspended", _("暂停")  # by the owner's side, with reason and end; grey light
    OBJECTED = "objected", _("异议待定")  # the lead objects to the assignment, the owner's side decides


class Ending(TextChoices):
    """What the owner's side decided of a duty without end (domain rule 4); takes effect once a round is verified."""

    NONE = "", _("继续")  # goes on, round by round
    ROUTINE = "routine", _("转为常态")  # stays to be done, is no longer supervised
    END = "end", _("结束")  # is done for good


class PartStatus(TextChoices):
    """How what a supporting unit is asked for stands; what it owes and what the lead owes follows from it."""

    ASKED = "asked", _("待交")  # the unit's turn
    RETURNED = "returned", _("退回待补")  # the unit's turn again
    ANSWERED = "answered", _("已交，待收下")  # the lead's turn
    DECLINED = "declined", _("说明不配合")  # the lead's turn
    ACCEPTED = "accepted", _("已收下")  # in, or its reason not to give anything taken
    WAIVED = "waived", _("免交")  # by the lead with a reason, or ended with what it was asked for


OWED = (PartStatus.ASKED, PartStatus.RETURNED)  # by the supporting unit
GIVEN = (PartStatus.ANSWERED, PartStatus.DECLINED)  # the lead accepts or returns it
PART_OPEN = (*OWED, *GIVEN)


class Duty(TextChoices):
    """What a unit owes a sub-item."""

    LEAD = "lead", _("牵头")  # answers for it; the first named is the main lead and has the ball
    SUPPORT = "support", _("配合")  # contributes a part


class Tier(TextChoices):
    """Why a unit verifies a sub-item: the order of domain rule 1."""

    INDEPENDENT = "independent", _("未参与这一项")  # neither lead nor support
    SUPPORT = "support", _("只是配合单位")  # only supports
    CO_LEAD = "co_lead", _("互核")  # a co-lead that does not hand in
    NAMED = "named", _("另行指定")  # named by the owner's side or an inspector, whatever the order says
    NONE = "none", _("没有可以审核的单位")  # nobody is eligible; a person must name another unit


class DeadlineKind(TextChoices):
    """What a deadline cell says (domain rules 4 and 5)."""

    DATE = "date", _("限期")  # done once, by the last day named
    RANGE = "range", _("时段")  # done once, between two days
    ONGOING = "ongoing", _("长期坚持")  # runs in rounds and never ends by itself
    RECURRING = "recurring", _("定期")  # runs in rounds whose length is printed
    UNKNOWN = "unknown", _("待明确")  # could not be read, a person sets it before publishing


PERIODIC = (DeadlineKind.ONGOING, DeadlineKind.RECURRING)  # those that run in rounds


class CriteriaState(TextChoices):
    """How far lead and verifying unit are with what a sub-item is measured by."""

    NONE = "none", _("没有标准")  # approved on what is seen, as without criteria
    PROPOSED = "proposed", _("待同意")  # the verifying unit answers; those agreed before stay in force until then
    AGREED = "agreed", _("已同意")  # in force: answered when handing in, ticked one by one by the verdict


class Per(TextChoices):
    """Over what the value of a criterion is reached."""

    ROUND = "round", _("每期")  # in each round anew
    TOTAL = "total", _("累计")  # over all rounds; what is answered is the level reached so far


class Frequency(TextChoices):
    """How long one round of an ongoing or recurring sub-item is."""

    YEARLY = "yearly", _("每年")  # calendar year
    HALF_YEARLY = "half-yearly", _("每半年")  # January to June, July to December
    QUARTERLY = "quarterly", _("每季度")  # calendar quarter
    MONTHLY = "monthly", _("每月")  # calendar month
