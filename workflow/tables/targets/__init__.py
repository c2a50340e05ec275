"""指标: the numbers of a text that can be measured."""

from workflow.tables.targets.reading import targets_of

__all__ = ["targets_of"]
