"""The moves as SubItem declares them, for everything that reads the declaration: actions, buttons, API, docs, tests."""

from collections.abc import Callable

from accounts.actor import Actor
from workflow import policies
from workflow.models.sub_item import SubItem
from workflow.states import State


class Move:
    """One move as the declaration on SubItem has it: sources, target, obstacle, label, details, who is told.

    A `target` of None leaves the state as it is.
    """

    def __init__(self, name: str) -> None:
        self.name, self.method = name, name.replace("-", "_")
        every = SubItem._meta.get_field("state").get_all_transitions(SubItem)
        found = [each for each in every if each.name == self.method]
        self.sources = frozenset(each.source for each in found)
        self.target = State(str(found[0].target)) if found[0].target else None
        self.check: policies.Check = found[0].custom["check"]
        self.permission: Callable[[SubItem, Actor], bool] = policies.may(self.check)
        self.label = found[0].custom["label"]
        self.takes: tuple[str, ...] = found[0].custom["takes"]
        self.requires: tuple[str, ...] = found[0].custom["requires"]
        self.tells: tuple[str, ...] = found[0].custom["tells"]
        self.writes: tuple[str, ...] = found[0].custom["writes"]
        self.with_basis: bool = found[0].custom["basis"]
        self.by_clock: str = found[0].custom["by_clock"]
        self.obstacle: Callable[[SubItem], str] = found[0].custom["unless"]

    def starts_from(self, item: SubItem) -> bool:
        """What the item permits, whoever asks."""
        return item.state in self.sources and not self.obstacle(item)


MOVES = {
    name: Move(name)
    for name in (
        *("accept", "assign", "submit", "withdraw", "approve", "reject", "close", "renew", "lapse", "reopen"),
        *("amend", "reassign", "split", "name-verifier", "suspend", "resume", "cancel"),
    )
}
