"""Unit cells: which units lead, which support, and where a cell names none in particular."""

from workflow.tables.units.duties import duties_of, is_open_ended
from workflow.tables.units.lists import names_no_unit, split_units

__all__ = ["duties_of", "is_open_ended", "names_no_unit", "split_units"]
