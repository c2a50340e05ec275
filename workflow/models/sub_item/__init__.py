from workflow.models.sub_item.machine import SubItem
from workflow.models.sub_item.queryset import SubItemQuerySet
from workflow.models.sub_item.responsibility import Responsibility

__all__ = ["Responsibility", "SubItem", "SubItemQuerySet"]
