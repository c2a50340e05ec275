"""What the row of a sub-item knows of the parts its supporting units are asked for: those that are open."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from workflow.states import GIVEN, OWED, PART_OPEN

TOGETHER = "、"


class WithParts(models.Model):
    """Moves, buttons and lists of items know of open parts without looking for them.

    An entry of `parts_open` is {unit, name, status, through}: a unit's key and name, how its part stands, and the
    key it has on the item, its own or that of the group it is a member of. One open part a unit; in the order asked.
    """

    parts_open = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def parts_owed(self) -> list[list[Any]]:
        """[unit, name] of the supports whose turn it is."""
        return [[part["unit"], part["name"]] for part in self.parts_open if part["status"] in OWED]

    @property
    def parts_given(self) -> list[list[Any]]:
        """[unit, name] of those that gave or declined, which the lead accepts or returns."""
        return [[part["unit"], part["name"]] for part in self.parts_open if part["status"] in GIVEN]

    def put_part(self, unit: int, name: str, through: int, status: str) -> None:
        """A part is asked for or has gone on; one that is settled leaves the list."""
        entry = {"unit": unit, "name": name, "status": str(status), "through": through}
        if any(part["unit"] == unit for part in self.parts_open):
            parts = [entry if part["unit"] == unit else part for part in self.parts_open]
        else:
            parts = [*self.parts_open, entry]
        self.parts_open = [part for part in parts if part["status"] in PART_OPEN]

    def keep_parts(self, leads: list[int], supports: list[int]) -> None:
        """Those of units that still support; who leads now gives no part to itself."""
        self.parts_open = [
            part for part in self.parts_open if part["through"] in supports and part["unit"] not in leads
        ]

    def missing_parts(self, doing: str) -> str:
        """Who is to be heard before the item is handed in or sent round, in a sentence; empty where nobody is."""
        sides = [
            (self.parts_owed, _("%(units)s还没有交配合材料")),
            (self.parts_given, _("%(units)s的答复还没有收下")),
        ]
        told = [words % {"units": TOGETHER.join(name for _unit, name in units)} for units, words in sides if units]
        words = {"told": _("；").join(told), "doing": doing}
        return _("%(told)s；收齐或者免交后才能%(doing)s。") % words if told else ""
