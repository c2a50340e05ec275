"""依据文件: the document by which the owner's side changed an item, kept with the journal entry of the change."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models.evidence import Blob
from workflow.models.sub_item import SubItem

if TYPE_CHECKING:
    from accounts.actor import Actor


class BasisQuerySet(models.QuerySet["Basis"]):
    def visible_to(self, actor: "Actor") -> "BasisQuerySet":
        """Whoever sees the item whole; supports see no files but their own."""
        return self.filter(item__in=SubItem.objects.seen_whole_by(actor).values("pk"))


class Basis(models.Model):
    """A file named by the entry `seq` of an item's journal, which has its name and hash."""

    item = models.ForeignKey(SubItem, models.PROTECT, related_name="bases")
    seq = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="bases")
    filename = models.CharField(_("文件名"), max_length=200)

    objects = BasisQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("依据文件")
        ordering = ["item", "seq"]
        constraints = [models.UniqueConstraint(fields=["item", "seq"], name="basis_once_an_entry")]

    def __str__(self) -> str:
        return self.filename
