"""Nobody judges their own work, whatever happens: random people with random posts try everything on a few items.

What was allowed is read off the journal afterwards, by rules of the test's own: who contributed in the round, who
works in a unit of the item at that moment, which unit handed in.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from workflow.actions.extensions import request_extension, settle_extension
from workflow.actions.moves import make_move
from workflow.actions.objections import raise_objection, settle_objection
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import WorkflowError
from workflow.models import JournalEntry, Plan, SubItem
from workflow.states import State

CONTRIBUTED = {"report", "draft", "submit", "extension.requested"}
JUDGED = {"approve", "reject", "extension.granted", "extension.refused", "objection.kept", "reopen"}
CHANGED = {"amend", "reassign", "split", "name-verifier"}
UNITS = ("教体局", "教育工委", "县委编办", "人社局", "县委督查室")
ROLES = ("officer", "head", "head", "verifier", "verifier", "coordinator", "inspector")
ITEMS = ("2.1", "21.1", "1.1")
STEPS, PEOPLE = 80, 6
Try = Callable[[Actor, dict[str, Any]], Any]


@dataclass
class County:
    """A county in which anything may be tried."""

    luck: random.Random
    now: datetime
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.units = {unit.name: unit for unit in Unit.objects.filter(name__in=UNITS)}
        self.people = [User.objects.create(username=f"p{n}", name=f"某人{n}") for n in range(PEOPLE)]
        for person in self.people:
            for _post in range(self.luck.choice((1, 2, 2, 3))):
                self.appoint(person)

    def appoint(self, person: User) -> None:
        unit, role = self.units[self.luck.choice(UNITS)], self.luck.choice(ROLES)
        Post.objects.get_or_create(user=person, unit=unit, role=role, ended_at=None)

    def live(self) -> None:
        for _step in range(STEPS):
            self.now += timedelta(hours=self.luck.choice((1, 5, 20)))
            if self.luck.random() < 0.1:
                self.change_posts()
            item = SubItem.objects.with_responsibilities().get(number=self.luck.choice(ITEMS))
            act, before = self.luck.choice(list(self.tries(item))), item.seq
            person = self.first_allowed(act, item)
            for entry in item.journal.filter(seq__gt=before):
                self.seen[entry.action] += 1
                check(item, entry, self.works_in(person))

    def first_allowed(self, act: Try, item: SubItem) -> User:
        """Everybody tries, in any order, until somebody may."""
        for person in self.luck.sample(self.people, PEOPLE):
            try:
                act(Actor.of(person), {"now": self.now, "version": item.seq})
            except WorkflowError:
                continue
            break
        return person

    def change_posts(self) -> None:
        person = self.luck.choice(self.people)
        one = Post.objects.current().filter(user=person).values_list("pk", flat=True)[:1]
        Post.objects.filter(pk__in=list(one)).update(ended_at=self.now)
        self.appoint(person)

    def works_in(self, person: User) -> set[str]:
        posts = Post.objects.current().filter(user=person, role__in=("officer", "head"))
        return set(posts.values_list("unit__name", flat=True))

    def tries(self, item: SubItem) -> Iterator[Try]:
        """What could be tried in this state; the more often something is given, the likelier it is."""
        pk, unit = item.pk, self.luck.choice(UNITS)

        def move(name: str, **details: Any) -> Try:
            said = {"comment": "理由", **details}
            return lambda by, at: make_move(pk, name, by=by, details=said, **at)

        if item.state == State.ASSIGNED:
            yield from [move("accept")] * 3
            yield lambda by, at: raise_objection(pk, by=by, reason="理由", suggested=unit, **at)
        if objection := item.open_objection:
            for name in ("keep", "withdraw"):
                yield lambda by, at, name=name: settle_objection(objection.pk, name, by=by, comment="理由", **at)
        if item.state == State.IN_PROGRESS:
            yield lambda by, at: report_progress(pk, by=by, percent=50, words="在办", **at)
            yield lambda by, at: save_draft(pk, by=by, summary="稿", **at)
            yield from [move("submit", summary="请审核")] * 4
            later = (item.due_on or self.now.date()) + timedelta(days=9)
            yield lambda by, at: request_extension(pk, by=by, due_on=later, reason="理由", progress="进展", **at)
        if extension := item.open_extension:
            for name in ("grant", "refuse"):
                yield lambda by, at, name=name: settle_extension(extension.pk, name, by=by, comment="理由", **at)
        if item.state == State.SUBMITTED:
            yield from [move("approve"), move("reject")] * 2
        if item.state in (State.VERIFIED, State.CLOSED):
            yield from [move("close"), move("reopen", due_on="2030-12-31")]
        yield move("name-verifier", verifier=unit)
        yield move("amend", notes=str(item.seq))
        if self.luck.random() < 0.2:
            yield move("reassign", leads=[unit, self.luck.choice(UNITS)])


def check(item: SubItem, entry: JournalEntry, works_in: set[str]) -> None:
    """`item` and the posts as they were before the entry."""
    if entry.action not in JUDGED | CHANGED | {"close"}:
        return
    round_now = item.journal.filter(round_no=entry.round_no, seq__lt=entry.seq)
    contributed = set(round_now.filter(action__in=CONTRIBUTED).values_list("actor_id", flat=True))
    assert entry.actor_id not in contributed, entry
    if entry.action == "close":
        assert entry.actor_id != round_now.filter(action="approve").last().actor_id
        return
    duties = {unit.name for unit in (*item.leads, *item.supports)}
    assert not works_in & duties, (entry, works_in)
    if entry.action in JUDGED - {"reopen"}:
        assert entry.unit_name != item.leads[0].name, entry
    if entry.action == "objection.kept":
        raised = round_now.filter(action="objection.raised").last()
        assert (entry.actor_id, entry.unit_name) != (raised.actor_id, raised.unit_name)
        assert raised.actor_id != entry.actor_id


@pytest.mark.django_db
@pytest.mark.parametrize("strict", [False, True], ids=["as the plan is", "no lead verifies"])
def test_no_sequence_of_allowed_calls_ends_with_somebody_judging_their_own_work(
    pingluo: Plan, now: datetime, strict: bool
) -> None:
    Plan.objects.update(leads_never_verify=strict, officers_may_submit=True)
    Post.objects.update(ended_at=now)  # the county's own people are gone
    seen: Counter[str] = Counter()
    for seed in range(3):
        savepoint = transaction.savepoint()
        county = County(random.Random(seed), now)
        county.live()
        seen += county.seen
        transaction.savepoint_rollback(savepoint)
    # It was no quiet county.
    assert {"approve", "reject", "name-verifier", "amend"} <= set(seen), seen
    assert sum(seen[name] for name in JUDGED | CHANGED) >= 15, seen
