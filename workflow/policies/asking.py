"""What a policy reads of an item, and the pairs rules come in."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from accounts.actor import ActingPost, Actor
from workflow.errors import NotAllowed


class Item(Protocol):
    """What a policy reads of a sub-item; all of it changes only with the item's version."""

    holder_id: int | None
    verifier_id: int | None
    verifier_tier: str
    assignee_id: int | None
    approved_by_id: int | None
    approved_for_id: int | None  # whom the one who approved stood in for
    participants: Sequence[int]  # who drafted, countersigned, submitted or uploaded in this round, for whom as well
    awaited: Sequence[Sequence[Any]]  # [unit, name] of those whose signatures or parts the lead waits for

    @property
    def plan(self) -> Any: ...
    @property
    def nobody_reviews(self) -> bool: ...  # there is no verifying unit, or nobody of it may
    @property
    def open_objection(self) -> Any: ...
    @property
    def lead_ids(self) -> Sequence[int]: ...
    @property
    def support_ids(self) -> Sequence[int]: ...


Check = Callable[[Actor, Any], ActingPost | None]


def may(check: Check) -> Callable[[Any, Actor], bool]:
    """The quiet half of a pair, in the argument order django-fsm asks permissions in."""

    def answer(item: Any, actor: Actor) -> bool:
        try:
            check(actor, item)
        except NotAllowed:
            return False
        return True

    return answer
