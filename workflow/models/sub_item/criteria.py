"""验收标准 on the row of a sub-item: those in force, and those proposed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow import criteria
from workflow.criteria import Criterion
from workflow.states import CriteriaState


class WithCriteria(models.Model):
    """Criteria are the matter's, like its due date: they stay through rounds, another lead and another verifying unit.

    A proposal waits while the item is under review or verified, and can be answered again once it is worked on. It
    ends where the lead that made it is no longer the main lead, or the item is cancelled.
    """

    criteria = models.JSONField(_("验收标准"), default=list)  # in force: no, text, baseline, value, unit, per
    criteria_proposed = models.JSONField(default=list)  # what the verifying unit is asked to agree to
    criteria_state = models.CharField(max_length=16, choices=CriteriaState.choices, default=CriteriaState.NONE)

    class Meta:
        abstract = True

    @property
    def agreed_criteria(self) -> list[Criterion]:
        return criteria.read(self.criteria)

    @property
    def proposed_criteria(self) -> list[Criterion]:
        return criteria.read(self.criteria_proposed)

    @property
    def proposal_is_open(self) -> bool:
        return self.criteria_state == CriteriaState.PROPOSED

    def propose(self, proposed: list[Criterion]) -> None:
        """In the place of a proposal that still waits."""
        self.criteria_proposed, self.criteria_state = criteria.kept(proposed), CriteriaState.PROPOSED

    def agree(self) -> None:
        self.criteria = self.criteria_proposed
        self.end_proposal()

    def end_proposal(self) -> None:
        """What was agreed before, if anything, is in force as it was."""
        self.criteria_proposed = []
        self.criteria_state = CriteriaState.AGREED if self.criteria else CriteriaState.NONE
