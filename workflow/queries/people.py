"""Whom a move or a rung tells, what the message says, and who may be named 经办人."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import Post, Role
from notifications.outbox import Audience
from workflow.models import JournalEntry, SubItem
from workflow.policies import REVIEWERS
from workflow.queries.changes import changes_of
from workflow.states import State

Duties = Sequence[tuple[int, str]]  # (unit, duty), the main lead first


def people_to_tell(item: SubItem, words: Iterable[str], before: Duties = ()) -> Audience:
    """Audience words (of moves and of rungs) as people and posts; asks no database.

    `before` are the duties before the move, for the words that tell who came in and who is out.
    """
    told = Audience()
    for word in words:
        told |= _audience(item, word, before)
    return told


def _audience(item: SubItem, word: str, before: Duties) -> Audience:
    region, leads = item.plan.region_id, item.lead_ids
    if word == "assignee":
        if item.assignee_id is None:
            return _posts(leads[:1], Role.OFFICER)
        return _who_has_it(item.assignee_id, leads[0])
    if word == "former_assignee":
        return _who_has_it(item.former_assignee_id, leads[0])
    if word in REGIONAL:
        return Audience(roles=frozenset({(region, REGIONAL[word].value)}))
    if word == "verifiers":  # whoever may review there
        return Audience(posts=frozenset((item.verifier_id or 0, role.value) for role in REVIEWERS))
    now, then = {unit for unit, _duty in item.duties}, {unit for unit, _duty in before}
    posts: dict[str, tuple[Iterable[int | None], Role]] = {
        "holder_heads": ([item.holder_id], Role.HEAD),
        "lead_heads": (leads, Role.HEAD),
        "co_lead_heads": (leads[1:], Role.HEAD),
        "unsigned_heads": ([unit for unit, _name in item.unsigned], Role.HEAD),
        "support_heads": (item.support_ids, Role.HEAD),
        "former_lead_heads": ([unit for unit, _duty in before[:1]], Role.HEAD),
        "joined_heads": (now - then, Role.HEAD),
        "left_heads": (then - now, Role.HEAD),
        "verifier_heads": ([item.verifier_id], Role.HEAD),
        "coordinators": ([item.plan.owner_id], Role.COORDINATOR),
    }
    return _posts(*posts[word])


REGIONAL = {"inspectors": Role.INSPECTOR, "leaders": Role.LEADER}


def _who_has_it(user_id: int | None, unit_id: int) -> Audience:
    """A 经办人, and whoever stands in for them in that unit."""
    if user_id is None:
        return Audience()
    held = frozenset((user_id, unit_id, role.value) for role in (Role.OFFICER, Role.HEAD))
    return Audience(people=frozenset({user_id}), stand_ins=held)


def _posts(units: Iterable[int | None], role: Role) -> Audience:
    return Audience(posts=frozenset((unit, role.value) for unit in units if unit is not None))


def message_context(item: SubItem, entry: JournalEntry) -> dict[str, Any]:
    """What a message about an entry says; the templates of notifications find their words in it."""
    return {
        "number": item.number,
        "text": item.text[:80],
        "plan": item.plan.title,
        "by": entry.actor_in_words,
        "unit": entry.unit_name,
        "comment": (entry.comment or entry.details.get("opinion", ""))[:500],
        "state": str(State(item.state).label),
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "suggested": entry.details.get("suggested", ""),
        "asked_on": entry.details.get("asked_on", ""),
        "assignee": entry.details.get("assignee", ""),
        "former": entry.details.get("former", ""),
        "part_due_on": entry.details.get("part_due_on", ""),
        "until_on": entry.details.get("until", ""),
        "round": entry.details.get("ended_round", ""),
        "verdict": entry.details.get("verdict", ""),
        "year": entry.details.get("year", ""),
        "unnamed": entry.action == "lapse" and item.assignee_id is None,
        "changes": "\n".join(change.in_one_line() for change in changes_of(entry)),
    }


def people_of(unit_ids: Iterable[int | None]) -> list[dict[str, str]]:
    """Who may be named 经办人 in these units: their officers first, then heads; one line a person and unit."""
    posts = Post.objects.current().filter(
        unit__in=[unit for unit in unit_ids if unit], role__in=[Role.OFFICER, Role.HEAD], user__is_active=True
    )
    rows = posts.order_by("-role", "id").values_list("user__username", "user__name", "unit__name")
    return [{"username": username, "name": name, "unit": unit} for username, name, unit in dict.fromkeys(rows)]
