"""另定审核单位: another unit verifies, since nobody of the one chosen by rule may, or for a reason a person has."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow import policies
from workflow.actions.details import unit_called
from workflow.actions.writing import Prepared
from workflow.errors import Invalid
from workflow.models import JournalEntry, SubItem, Submission
from workflow.models.journal import Step
from workflow.models.sub_item import Reviewer, reviewers
from workflow.states import State


def name_verifier(item: SubItem, step: Step) -> Prepared:
    """The unit named, which may verify and has somebody who may. Raises Invalid."""
    units = list(Unit.objects.filter(region=item.plan.region_id))
    names = {unit.pk: unit.name for unit in units}
    unit = unit_called(step.details["verifier"], units)
    if unit == item.verifier_id:
        raise Invalid(_("现在就由%(unit)s审核，请写另一个单位。") % {"unit": names[unit]})
    strict = item.plan.leads_never_verify
    if why := policies.unfit(unit, item.duties, submitting=item.lead_ids[0], leads_never=strict):
        raise Invalid(why)
    if why := nobody(names[unit], reviewers([(item, unit)])[0]):
        raise Invalid(_("%(why)s请写另一个单位。") % {"why": why})
    step.details["verifier"] = unit
    under_review = item.submissions.filter(status=Submission.Status.SUBMITTED)

    def write(entry: JournalEntry) -> None:
        if item.state == State.SUBMITTED:
            under_review.update(verifier=unit)

    return {"changes": {"verifier": [names.get(item.verifier_id or 0), names[unit]]}}, write


def nobody(unit: str, found: Sequence[Reviewer]) -> str:
    """That nobody of a unit may review, and why, in a sentence; empty where somebody may."""
    if not found:
        return _("%(unit)s没有审核人。") % {"unit": unit}
    if not all(each.barred for each in found):
        return ""
    whys = "，".join(f"{each.name}{each.barred}" for each in found)
    return _("%(unit)s现在没有能审这一项的人：%(whys)s。") % {"unit": unit, "whys": whys}
