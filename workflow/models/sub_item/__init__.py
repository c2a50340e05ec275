from workflow.models.sub_item.machine import SubItem
from workflow.models.sub_item.queryset import SubItemQuerySet
from workflow.models.sub_item.responsibility import Responsibility
from workflow.models.sub_item.reviewing import Reviewer, reviewers

__all__ = ["Responsibility", "Reviewer", "SubItem", "SubItemQuerySet", "reviewers"]
