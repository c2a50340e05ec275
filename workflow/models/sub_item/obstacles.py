"""Why a move is not possible although the state permits it: a sentence of the item, or nothing."""

from django.utils.translation import gettext as _

from workflow.models.sub_item.rounds import RoundsRow
from workflow.states import Ending, Pause


def no_obstacle(item: RoundsRow) -> str:
    return ""


def dated(item: RoundsRow) -> str:
    return "" if item.is_periodic else _("%(number)s有明确的完成时限，不转下期。") % {"number": item.number}


def undecided(item: RoundsRow) -> str:
    return _("%(number)s有异议在等统筹来定，定了以后再办。") % {"number": item.number} if item.is_objected else ""


def not_renewed(item: RoundsRow) -> str:
    """A duty that was decided to end is closed once verified, not renewed."""
    if not dated(item) and item.ending:
        words = {"number": item.number, "ending": Ending(item.ending).label}
        return _("%(number)s年度研判已定“%(ending)s”，本期核验后销号，不转下期。") % words
    return dated(item)


def paused(item: RoundsRow) -> str:
    return undecided(item) or suspended(item)


def suspended(item: RoundsRow) -> str:
    if item.pause != Pause.SUSPENDED:
        return ""
    until = item.suspended_until
    words = {"number": item.number, "year": until.year, "month": until.month, "day": until.day} if until else {}
    return _("%(number)s暂停到%(year)s年%(month)s月%(day)s日，恢复后再办。") % words


def lapses_never(item: RoundsRow) -> str:
    return dated(item) or paused(item)


def runs(item: RoundsRow) -> str:
    return "" if item.pause == Pause.SUSPENDED else _("%(number)s没有暂停，不用恢复。") % {"number": item.number}


def not_to_divide(item: RoundsRow) -> str:
    if len(item.lead_ids) > 1:
        return paused(item)
    return _("%(number)s只有一个牵头单位，没有可以分出的。") % {"number": item.number}


def parts_in(item: RoundsRow) -> str:
    """Rule 6: the lead submits when the parts of the supports are in or waived."""
    return item.missing_parts(_("报送"))


def not_yet_to_hand_in(item: RoundsRow) -> str:
    return suspended(item) or parts_in(item)
