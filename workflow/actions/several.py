"""One move on many items: each a move of its own, in its own transaction, with a result of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow.actions.moves import make_move
from workflow.errors import NotFound, WorkflowError
from workflow.models import SubItem

BULK = ("accept", "approve", "reject", "close", "renew")  # the others concern one item each
MOST = 200


@dataclass(frozen=True)
class Wanted:
    """An item as the caller saw it, and what is said with the move on it."""

    item_id: int
    version: int | None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The item as the move left it, or why it was refused."""

    item_id: int
    item: SubItem | None = None
    refusal: WorkflowError | None = None


def check_bulk(name: str) -> None:
    """Raises NotFound where a move is none of those made on many."""
    if name not in BULK:
        raise NotFound(_("“%(name)s”不能一次办多项。") % {"name": name[:32]})


def make_moves(name: str, wanted: Iterable[Wanted], *, by: Actor, now: datetime) -> list[Outcome]:
    """Make one move on each, in the order given; a refusal stops none of the others.

    It has no transaction of its own, so that what was done stays done whatever becomes of the rest.
    """
    check_bulk(name)
    return [_made(name, each, by, now) for each in wanted]


def _made(name: str, each: Wanted, by: Actor, now: datetime) -> Outcome:
    try:
        item = make_move(each.item_id, name, by=by, now=now, version=each.version, details=each.details)
    except WorkflowError as refusal:
        return Outcome(each.item_id, refusal=refusal)
    return Outcome(each.item_id, item)
