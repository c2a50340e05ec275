"""One sub-item: why its verifier verifies, the moves open to somebody, what was handed in."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow.models import Evidence, SubItem, Submission
from workflow.models.moves import MOVES, Move
from workflow.states import Tier


def verifier_reason(item: SubItem) -> str:
    """Why this unit verifies this item (domain rule 1), in words; wants responsibilities and verifier loaded."""
    if item.verifier is None:
        return _("没有可以审核的单位，请统筹或督查另行指定。")
    words = {"lead": item.leads[0].name, "verifier": item.verifier.name}
    return {
        Tier.INDEPENDENT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s没有承担这一项。"),
        Tier.SUPPORT: _("由%(verifier)s审核：%(lead)s牵头，不能自己审；%(verifier)s只是配合单位。"),
        Tier.CO_LEAD: _("由%(verifier)s互核：%(lead)s报送，不能自己审；%(verifier)s同为牵头，没有报送这一项。"),
    }[Tier(item.verifier_tier)] % words


def moves_open_to(actor: Actor, item: SubItem) -> list[Move]:
    """The moves this person may make on this item now, in the order of the declaration."""
    return [move for move in MOVES.values() if move.starts_from(item) and move.permission(item, actor)]


def submissions_of(item: SubItem) -> QuerySet[Submission]:
    """Everything handed in for an item and its draft, newest first; two queries with the files."""
    files = Prefetch("evidence", queryset=Evidence.objects.select_related("blob", "by"))
    people = ("unit", "verifier", "submitted_by", "reviewed_by")
    return item.submissions.select_related(*people).prefetch_related(files)
