"""流程记录: append-only, one hash chain a sub-item, whose head (seq, hash) is on the sub-item's row.

An entry's hash covers its fields, each with its length before it, and the hash of the entry before; the first
field is the item's uid, so that no chain can stand in for another. Anyone can recompute it offline.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts.actor import ActingPost, Actor
from accounts.models import Role
from workflow.models.rules import Rules

if TYPE_CHECKING:
    from workflow.models.sub_item import SubItem


@dataclass(frozen=True)
class Step:
    """One journaled write in the making: who, by which post, when, what was said with it, by which rules."""

    by: Actor
    post: ActingPost | None
    now: datetime
    rules: Rules
    details: dict[str, Any]  # what the person filled in, cleaned

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def in_whose_place(self) -> dict[str, Any]:
        if self.post is None or not self.post.is_lent:
            return {}
        return {"for": {"id": self.post.for_user_id, "name": self.post.for_name}}

    @property
    def for_user_id(self) -> int | None:
        """Whom the one who acts stands in for."""
        return self.post.for_user_id if self.post else None


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def visible_to(self, actor: Actor) -> "JournalQuerySet":
        """Whoever sees the item sees its journal; the audit administrator reads every journal of the region."""
        from workflow.models.sub_item import SubItem  # the rights of an entry are those of its item

        audited = {post.region_id for post in actor.posts_as(Role.AUDIT_ADMIN)}
        seen = SubItem.objects.visible_to(actor).values("pk")
        return self.filter(Q(item__in=seen) | Q(item__plan__region__in=audited))

    def handing_on(self) -> "JournalQuerySet":
        """The entries of the present rounds by which the ball may have gone to another unit."""
        moved = ~Q(from_state=F("to_state")) | Q(details__has_any_keys=["changes", "awaits", "pause"])
        return self.filter(moved, round_no=F("item__round_no"))


class JournalEntry(models.Model):
    """What happened, as it was then: the actor's name, unit and role are copied, not referred to."""

    item = models.ForeignKey("workflow.SubItem", models.PROTECT, related_name="journal")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=32)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    round_no = models.PositiveSmallIntegerField()
    actor_id = models.BigIntegerField(null=True)  # null: the system. No foreign key: the journal outlives accounts
    actor_name = models.CharField(max_length=64)
    unit_name = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("流程记录")
        ordering = ["item", "seq"]
        constraints = [models.UniqueConstraint(fields=["item", "seq"], name="journal_seq_once_an_item")]

    def __str__(self) -> str:
        return f"{self.item_id}#{self.seq} {self.action}"

    @classmethod
    def following(
        cls,
        item: "SubItem",
        action: str,
        step: Step,
        *,
        from_state: str,
        comment: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> "JournalEntry":
        """The entry after the item's head, and the item's head moved on to it; neither is saved.

        What is done by a post of somebody else's names both: the actor, and in `for` the one they stood in for.
        """
        entry = cls(
            item=item,
            seq=item.seq + 1,
            action=action,
            from_state=from_state,
            to_state=item.state,
            round_no=item.round_no,
            actor_id=step.by.user_id,
            actor_name=step.by.name,
            unit_name=step.post.unit_name if step.post else "",
            role=step.post.role if step.post else "",
            at=step.now,
            comment=comment,
            details={**(details or {}), **item.handed, **step.in_whose_place()},
            prev_hash=item.head,
        )
        item.handed = {}
        entry.hash = entry.digest(str(item.uid))
        item.seq, item.head = entry.seq, entry.hash
        return entry

    @property
    def actor_in_words(self) -> str:
        """Who acted, as a person reads it: 甲, or 甲代乙."""
        if self.stood_in_for is None:
            return self.actor_name
        return say("%(name)s代%(other)s") % {"name": self.actor_name, "other": self.stood_in_for}

    @property
    def stood_in_for(self) -> str | None:
        found: dict[str, Any] = self.details.get("for", {})
        return found.get("name")

    @property
    def for_user_id(self) -> int | None:
        found: dict[str, Any] = self.details.get("for", {})
        return found.get("id")

    def digest(self, uid: str) -> str:
        """SHA-256 over the canonical form: every field as UTF-8 with its length in bytes before it."""
        said = json.dumps(self.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        fields = (
            *(uid, self.seq, self.action, self.from_state, self.to_state, self.round_no),
            *("" if self.actor_id is None else self.actor_id, self.actor_name, self.unit_name, self.role),
            *(at, self.comment, said, self.prev_hash),
        )
        whole = hashlib.sha256()
        for value in fields:
            data = str(value).encode()
            whole.update(b"%d:" % len(data) + data)
        return whole.hexdigest()


def broken_links(uid: str, seq: int, head: str, entries: Iterable[JournalEntry]) -> Iterator[tuple[int, str]]:
    """(seq, problem) of the first entry at which a chain breaks, or nothing; `seq` and `head` are the item's."""
    expected, before = 1, ""
    for entry in entries:
        if entry.seq != expected:
            yield min(expected, entry.seq), "missing" if entry.seq > expected else "inserted"
            return
        if entry.prev_hash != before:
            yield entry.seq, "does not follow the entry before"
            return
        if entry.hash != entry.digest(uid):
            yield entry.seq, "altered"
            return
        expected, before = expected + 1, entry.hash
    if expected - 1 < seq:
        yield expected, "missing at the end"
    elif expected - 1 > seq:
        yield seq + 1, "beyond the recorded end"
    elif before != head:
        yield seq, "is not the recorded head"
