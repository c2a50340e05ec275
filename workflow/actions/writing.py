"""What every write on an item shares: the refusals that come first, the entry with its messages, what moves prepare."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from notifications import outbox
from workflow import queries
from workflow.errors import Invalid, StaleVersion
from workflow.models import JournalEntry, SubItem
from workflow.models.journal import Step
from workflow.models.together import Statement, insert_of, update_of, write_together

# What a move writes besides item, journal and messages: called with the entry once everything is decided.
Writes = Callable[[JournalEntry], None]
# What is decided of a move before anything is written: the facts its entry keeps, and what is written besides.
Prepared = tuple[dict[str, Any], Writes]


def nothing_else(item: SubItem, step: Step) -> Prepared:
    return {}, lambda entry: None


def both(*prepares: Callable[[SubItem, Step], Prepared]) -> Callable[[SubItem, Step], Prepared]:
    """What several features decide of one move, and write besides it, in this order."""

    def prepare(item: SubItem, step: Step) -> Prepared:
        prepared = [each(item, step) for each in prepares]

        def write(entry: JournalEntry) -> None:
            for _facts, writes in prepared:
                writes(entry)

        return {name: fact for facts, _writes in prepared for name, fact in facts.items()}, write

    return prepare


def check_version(item: SubItem, version: int | None) -> None:
    """Raises StaleVersion where the caller looked at an older item than there is."""
    if version is not None and version != item.seq:
        raise StaleVersion


def check_version_given(by: Actor, version: int | None) -> None:
    if version is None and not by.is_system:
        raise Invalid(_("请求里缺少 version，请先读取这一项再办。"))


def message(kind: str, to: outbox.Audience, item: SubItem, entry: JournalEntry) -> Statement | None:
    """What an entry tells whom it concerns, but not whoever made it; to be written with it."""
    return outbox.insertion(
        kind,
        to=to,
        link=item.get_absolute_url(),
        context=queries.message_context(item, entry),
        dedupe=f"{item.uid}:{entry.seq}",
        at=entry.at,
        not_to=entry.actor_id,
    )


def finish(
    item: SubItem,
    step: Step,
    action: str,
    *,
    comment: str,
    details: Mapping[str, Any],
    tells: Sequence[str] = (),
    writes: Sequence[str] = (),
    to: outbox.Audience = outbox.NOBODY,
) -> JournalEntry:
    """Save item and entry of a write that leaves the state as it is, with a message of that name to whom it tells.

    Those are people by an audience word, and `to`. `writes` are the fields it changes besides SubItem.MOVING.
    """
    entry = JournalEntry.following(item, action, step, from_state=item.state, comment=comment, details=details)
    item.set_alarm(step.rules, step.now)
    told = message(action, queries.people_to_tell(item, tells) | to, item, entry)
    write_together(update_of(item, (*SubItem.MOVING, *writes)), insert_of(entry), told)
    return entry
