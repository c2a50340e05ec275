"""Rule 1 over everything: no sequence of allowed calls ends with somebody judging their own work.

Random small plans, people with several posts and histories run through the real actions on the real database. Beside
them stands a reference written from the rule alone: what people did in a round, which duties their posts give them
now. After every call that was allowed the journal's new entries are held against it; after every refused one nothing
may have changed. LUOSHI_LONG=1 tries many times as many.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actor import Actor
from accounts.models import Post, Region, Role, Unit, User
from tests.workflow.conftest import NOW
from tests.workflow.file_samples import SAMPLES
from workflow.actions.countersigning import circulate, countersign
from workflow.actions.delegations import delegate
from workflow.actions.drafts import start
from workflow.actions.evidence import add_evidence
from workflow.actions.extensions import request_extension, settle_extension
from workflow.actions.moves import make_move
from workflow.actions.objections import raise_objection, settle_objection
from workflow.actions.plans import publish
from workflow.actions.rechecks import draw, let_stand
from workflow.actions.reports import report_progress, save_draft
from workflow.deadlines import read_deadline
from workflow.errors import WorkflowError
from workflow.models import Draw, JournalEntry, Plan, SubItem, Supervisor
from workflow.models.journal import broken_links
from workflow.models.moves import MOVES
from workflow.tables import Item, Source, Table

LONG = bool(os.environ.get("LUOSHI_LONG"))
UNITS = ("甲局", "乙局", "丙局", "丁局")
OWNER, INSPECTION, GROUP = "统筹办", "督查室", "各乡镇"
MEMBER = "丁局"  # the one member of the group
PEOPLE = tuple(f"p{n}" for n in range(8))
WORKERS, JUDGES = PEOPLE[:5], PEOPLE[3:]  # some of them both
NUMBERS = ("1.1", "1.2")
DUTIES = (Role.OFFICER, Role.HEAD)
# What rule 1 forbids the concerned: verify, decide an extension, re-check; and what we read into it, as the policies
# say: reopen, change or give away the item, answer an objection.
JUDGING = {"approve", "reject", "extension.granted", "extension.refused", "recheck.stands"}
JUDGING |= {"reopen", "amend", "reassign", "objection.kept"}
ENDING = {"close", "renew"}  # neither by who approved nor by who took part in the round


# --- the reference ----------------------------------------------------------------------------------------------------
@dataclass
class Reference:
    """What rule 1 needs to know of one item, told by what happened to it."""

    leads: list[str]
    supports: list[str]
    state: str = "assigned"
    took_part: set[int] = field(default_factory=set)
    approved: set[int] = field(default_factory=set)  # by whom this round was; empty: it is not
    closed: set[int] = field(default_factory=set)

    def units(self) -> set[str]:
        units = {*self.leads, *self.supports}
        return units | {MEMBER} if GROUP in units else units


@dataclass
class World:
    """The county: who holds which posts now, what the plan says, and the items."""

    plan: Plan
    strict: bool
    officers: bool
    supervisors: list[str]
    posts: set[tuple[str, str, str]]  # person, role, unit
    items: dict[str, Reference]
    ids: dict[str, int]
    lent: list[tuple[tuple[str, str, str], str, date]] = field(default_factory=list)  # a post, to whom, until when

    def people(self, person: str, today: date) -> set[str]:
        """Themselves and those they stand in for: as long as both work in the unit and the days run."""
        in_force = (post for post, to, until in self.lent if to == person and until >= today and post in self.posts)
        return {person} | {who for who, _role, unit in in_force if self.works_in(person, unit)}

    def works_in(self, person: str, unit: str) -> bool:
        return any(who == person and where == unit for who, _role, where in self.posts)

    def concerned(self, people: set[str], item: Reference) -> bool:
        """One of them took part in the round, or is officer or head in a unit that leads or supports."""
        works = {unit for who, role, unit in self.posts if who in people and role in DUTIES}
        return bool(self.keys(people) & item.took_part or works & item.units())

    def keys(self, people: set[str]) -> set[int]:
        return {self.ids[person] for person in people}

    def verifying(self, item: Reference) -> str | None:
        """The first supervising unit that is in no way part of it, else only supports, else leads with others."""
        appended = [INSPECTION] if self.strict else []  # the stricter option calls in the 督查室, after all others
        others = [unit for unit in [*self.supervisors, *appended] if unit != item.leads[0]]
        for tier in (lambda u: u not in item.leads and u not in item.supports, lambda u: u in item.supports):
            if found := [unit for unit in others if tier(unit)]:
                return found[0]
        leads = [unit for unit in others if unit in item.leads]
        return leads[0] if leads and not self.strict else None


def wrong(world: World, item: Reference, entry: JournalEntry) -> list[str]:
    """What rule 1 has against an entry, `item` being as it was before."""
    person = next((name for name, pk in world.ids.items() if pk == entry.actor_id), None)
    if person is None:
        return ["by the clock"] if entry.action in JUDGING | {"close"} else []
    found, people = [], world.people(person, timezone.localdate(entry.at))
    keys, inspects = world.keys(people), entry.role == Role.INSPECTOR
    if not any((who, entry.role, entry.unit_name) in world.posts for who in people):
        found.append("by a post they do not hold")
    if entry.action in JUDGING and world.concerned(people, item):
        found.append("judged by somebody concerned")
    if entry.action in ENDING and keys & (item.approved | item.took_part):
        found.append("ended by who approved or took part")
    if entry.action == "recheck.stands" and keys & (item.approved | item.closed):
        found.append("re-checked by who approved or closed")
    if entry.action in ("approve", "reject") and entry.unit_name != world.verifying(item):
        found.append(f"verified by {entry.unit_name}, not {world.verifying(item)}")
    if entry.action in ("extension.granted", "extension.refused") and entry.unit_name == item.leads[0]:
        found.append("decided by the unit that asked")
    owner_leads = OWNER in item.leads
    if entry.action in ("close", "cancel", "amend", "reassign") and owner_leads and not inspects:
        found.append("an item of the owner's ended or dated by no inspector")
    if entry.action == "recheck.stands" and not inspects:
        found.append("re-checked by no inspector")
    return found


def follow(item: Reference, entry: JournalEntry) -> None:
    """What an entry changes of the reference."""
    item.state = entry.to_state
    who = {entry.actor_id or 0, entry.details.get("for", {}).get("id", 0)} - {0}
    took_part = {"submit", "draft", "evidence", "extension.requested", "countersign.signed"}
    if entry.action in took_part:
        item.took_part |= who
    if entry.action == "approve":
        item.approved = who
    if entry.action in ("renew", "lapse"):
        item.took_part, item.approved = set(), set()
    if entry.action == "reopen":
        item.approved = set()
    if entry.action == "close":
        item.closed = who
    changes = entry.details.get("changes", {})
    item.leads = changes["leads"][1] if "leads" in changes else item.leads
    item.supports = changes["supports"][1] if "supports" in changes else item.supports


# --- the county -------------------------------------------------------------------------------------------------------
some_units = st.lists(st.sampled_from((*UNITS, OWNER)), min_size=1, max_size=2, unique=True)
some_supports = st.lists(st.sampled_from((*UNITS, GROUP)), max_size=2, unique=True)
anybody, worker, judge = st.sampled_from(PEOPLE), st.sampled_from(WORKERS), st.sampled_from(JUDGES)
order = st.permutations(PEOPLE)
which = st.integers(0, len(NUMBERS) - 1)
staffed = [(Role.HEAD, unit) for unit in (*UNITS, OWNER)]
officers = [(Role.OFFICER, unit) for unit in (*UNITS, OWNER)]
verifiers = [(Role.VERIFIER, unit) for unit in (*UNITS, OWNER)]
others = [(Role.COORDINATOR, OWNER), (Role.INSPECTOR, INSPECTION)]


@st.composite
def some_posts(choose: Any) -> set[tuple[str, str, str]]:
    """Every unit has a head and somebody who judges or ends; a few people hold them all, so that most hold several."""
    posts = {(choose(worker), role, unit) for role, unit in (*staffed, *choose(st.sets(st.sampled_from(officers))))}
    for role, unit in (*verifiers, *others):
        posts |= {(person, role, unit) for person in choose(st.sets(judge, min_size=2, max_size=3))}
    return posts


def row(place: int, leads: Iterable[str], supports: Iterable[str], deadline: str) -> Item:
    leads, supports = tuple(leads), tuple(unit for unit in supports if unit not in leads)
    words = {"section_no": "一", "section": "工程", "task_no": "1", "task": "任务", "item_no": str(place)}
    units = {"leads": leads, "leads_raw": "、".join(leads), "supports": supports, "supports_raw": "、".join(supports)}
    dated = {"deadline_raw": deadline, "deadline": read_deadline(deadline)}
    return Item(**words, **units, **dated, text=f"第 {place} 项", notes="", source=Source(None, None, place))


def county(posts: set[tuple[str, str, str]]) -> tuple[Region, dict[str, int]]:
    region = Region.objects.create(code="000001", name="某县")
    names = (*UNITS, OWNER, INSPECTION, GROUP)
    units = {name: Unit.objects.create(region=region, name=name, position=at) for at, name in enumerate(names)}
    units[GROUP].members.add(units[MEMBER])
    users = {name: User.objects.create(username=name, name=name) for name in PEOPLE}
    Post.objects.bulk_create(Post(user=users[who], unit=units[unit], role=role) for who, role, unit in sorted(posts))
    return region, {name: user.pk for name, user in users.items()}


# --- the machine ------------------------------------------------------------------------------------------------------
class Life(RuleBasedStateMachine):
    """Calls in any order by anybody. Most are offered to people in turn until one is allowed, so that lives get on."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now: datetime = NOW
        self.allowed: list[str] = []
        self.actors: dict[tuple[str, date], Actor] = {}

    def teardown(self) -> None:
        for item in SubItem.objects.all():
            assert not list(broken_links(str(item.uid), item.seq, item.head, item.journal.order_by("seq")))
        transaction.savepoint_rollback(self.savepoint)
        COUNTED.extend(self.allowed)

    @initialize(
        posts=some_posts(),
        strict=st.booleans(),
        officers=st.booleans(),
        supervisors=st.lists(st.sampled_from((*UNITS, OWNER)), min_size=1, max_size=3, unique=True),
        duties=st.tuples(*[st.tuples(some_units, some_supports)] * len(NUMBERS)),
    )
    def begin(self, posts: Any, strict: bool, officers: bool, supervisors: list[str], duties: Any) -> None:
        region, ids = county(posts)
        rows = [
            row(at, *units, deadline) for at, (units, deadline) in enumerate(zip(duties, DEADLINES, strict=True), 1)
        ]
        plan = start(Table("方案", tuple(rows), (), ()), region=region, by=Actor.system(), now=self.now)
        Plan.objects.filter(pk=plan.pk).update(leads_never_verify=strict, officers_may_submit=officers)
        plan.supervisors.all().delete()
        for at, name in enumerate(supervisors):
            Supervisor.objects.create(plan=plan, unit=Unit.objects.get(name=name), position=at)
        publish(plan.pk, by=Actor.system(), now=self.now, passed_agreed=True)
        items = {f"1.{at}": Reference(list(each.leads), list(each.supports)) for at, each in enumerate(rows, 1)}
        self.world = World(plan, strict, officers, supervisors, posts, items, ids)
        self.read = {each: 1 for each in NUMBERS}  # of the journals

    # --- one call -----------------------------------------------------------------------------------------------------
    def call(self, person: str, act: Callable[[Actor, SubItem], object], number: str) -> bool:
        """Make it; whatever was allowed is held against the reference. False: refused, and nothing written."""
        self.now += timedelta(minutes=1)
        try:
            act(self.actor(person), self.item(number))
        except WorkflowError:
            assert dict(SubItem.objects.values_list("number", "seq")) == self.read
            return False
        self.follow()
        return True

    def actor(self, person: str) -> Actor:
        """With the posts they hold now."""
        today = timezone.localdate(self.now)
        if (person, today) not in self.actors:
            self.actors[person, today] = Actor.of(User.objects.get(username=person), today=today)
        return self.actors[person, today]

    def until_allowed(self, people: Iterable[str], act: Callable[[Actor, SubItem], object], number: str) -> None:
        any(self.call(person, act, number) for person in people)

    def item(self, number: str) -> SubItem:
        return SubItem.objects.select_related("plan").get(number=number)

    def news(self) -> list[JournalEntry]:
        entries = JournalEntry.objects.select_related("item").order_by("item", "seq")
        return [entry for entry in entries if entry.seq > self.read[entry.item.number]]

    def follow(self) -> None:
        for entry in self.news():
            number = entry.item.number
            reference = self.world.items[number]
            against = wrong(self.world, reference, entry)
            assert against == [], (entry.action, entry.actor_name, entry.details, reference)
            follow(reference, entry)
            self.read[number] = entry.seq
            self.allowed.append(entry.action)

    def move(self, name: str, **details: Any) -> Callable[[Actor, SubItem], object]:
        details = {"comment": "理由", "summary": DRAFT, **details}
        return lambda by, item: make_move(item.pk, name, by=by, now=self.now, version=item.seq, details=details)

    # --- what people do -----------------------------------------------------------------------------------------------
    def at(self, *states: str) -> list[str]:
        return [number for number, item in self.world.items.items() if item.state in states]

    def one(self, which: int, *states: str) -> str:
        found = self.at(*states)
        return found[which % len(found)]

    @precondition(lambda self: self.at("assigned", "in_progress"))
    @rule(which=which, people=order, what=st.sampled_from(("draft", "evidence")))
    def contribute(self, which: int, people: list[str], what: str) -> None:
        number = self.signed_for(which, people)

        def act(by: Actor, item: SubItem) -> object:
            if what == "draft":
                return save_draft(item.pk, by=by, now=self.now, summary=DRAFT, version=item.seq)
            return add_evidence(item.pk, SimpleUploadedFile("a.txt", SAMPLES["txt"]), by=by, now=self.now)

        self.until_allowed(people, act, number)

    def signed_for(self, which: int, people: list[str]) -> str:
        number = self.one(which, "assigned", "in_progress")
        if self.world.items[number].state == "assigned":
            self.until_allowed(people, self.move("accept"), number)
        return number

    @rule(which=which, people=order, steps=st.integers(1, 5))
    def get_on(self, which: int, people: list[str], steps: int) -> None:
        """On the way every item is to go: signed for, handed in, approved, closed, drawn and re-checked."""
        number = NUMBERS[which]
        for _step in range(steps):
            state = self.world.items[number].state
            if state == "cancelled":
                return
            forward = {"in_progress": self.hand_in, "closed": self.recheck}.get(state)
            if forward:
                forward(number, people)
            else:
                name = {"assigned": "accept", "submitted": "approve", "verified": "close"}[state]
                self.until_allowed(people, self.move(name), number)
            people = people[1:] + people[:1]

    @rule(which=which, people=order, steps=st.integers(2, 5))
    def get_on_often(self, which: int, people: list[str], steps: int) -> None:
        """The same: what is drawn among the rules is drawn evenly."""
        self.get_on(which, people, steps)

    def hand_in(self, number: str, people: list[str]) -> None:
        """Whatever is missing before it is done as well: reported, countersigned by each co-lead."""

        def report(by: Actor, item: SubItem) -> object:
            return report_progress(item.pk, by=by, now=self.now, percent=50, words="在办。", version=item.seq)

        def send_round(by: Actor, item: SubItem) -> object:
            return circulate(item.pk, by=by, now=self.now, version=item.seq, summary=DRAFT)

        def sign(by: Actor, item: SubItem) -> object:
            return countersign(item.pk, by=by, now=self.now, version=item.seq)

        if self.item(number).reported_at is None:
            self.until_allowed(people, report, number)
        if len(self.world.items[number].leads) > 1:
            self.until_allowed(people, send_round, number)
            self.until_allowed(people, sign, number)
        self.until_allowed(people, self.move("submit"), number)

    def recheck(self, number: str, people: list[str]) -> None:
        """Drawn where it was not yet, and judged."""

        def cast(by: Actor, item: SubItem) -> object:
            day, following = timezone.localdate(self.now), Draw.objects.count() + 1
            said = {"public": "号码", "closed_from": NOW.date(), "closed_to": day, "percent": 100}
            return draw(item.plan_id, by=by, now=self.now, number=following, **said)

        def stands(by: Actor, item: SubItem) -> object:
            recheck = item.rechecks.order_by("pk").last()
            return let_stand(recheck.pk if recheck else 0, by=by, now=self.now, version=item.seq, comment="属实。")

        self.until_allowed(people, cast, number)
        self.until_allowed(people, stands, number)

    @precondition(lambda self: self.at("submitted"))
    @rule(which=which, people=order, name=st.sampled_from(("reject", "withdraw")))
    def send_back(self, which: int, people: list[str], name: str) -> None:
        self.until_allowed(people, self.move(name), self.one(which, "submitted"))

    @precondition(lambda self: self.at("verified"))
    @rule(which=which, people=order)
    def renew(self, which: int, people: list[str]) -> None:
        self.until_allowed(people, self.move("renew"), self.one(which, "verified"))

    @precondition(lambda self: self.at("verified", "closed"))
    @rule(which=which, people=order)
    def reopen(self, which: int, people: list[str]) -> None:
        number = self.one(which, "verified", "closed")
        self.until_allowed(people, self.move("reopen", due_on=self.day(200)), number)

    @precondition(lambda self: self.at("assigned", "in_progress"))
    @rule(which=which, people=order, name=st.sampled_from(("amend", "reassign")), leads=some_units, other=some_supports)
    def change(self, which: int, people: list[str], name: str, leads: list[str], other: list[str]) -> None:
        number = self.one(which, "assigned", "in_progress")
        if name == "amend":  # the main lead stays
            leads = list(dict.fromkeys([self.world.items[number].leads[0], *leads]))
        supports = [unit for unit in other if unit not in leads]
        self.until_allowed(people, self.move(name, leads=leads, supports=supports), number)

    @precondition(lambda self: self.at("in_progress"))
    @rule(which=which, people=order, name=st.sampled_from(("grant", "refuse", "withdraw")))
    def extend(self, which: int, people: list[str], name: str) -> None:
        def ask(by: Actor, item: SubItem) -> object:
            said = {"due_on": self.day(800), "reason": "未完。", "progress": "在办。"}
            return request_extension(item.pk, by=by, now=self.now, version=item.seq, **said)

        def settle(by: Actor, item: SubItem) -> object:
            said = {"comment": "好"} if name != "withdraw" else {}
            return settle_extension(waiting.pk, name, by=by, now=self.now, version=item.seq, **said)

        number = self.one(which, "in_progress")
        waiting = self.item(number).open_extension
        self.until_allowed(people, settle if waiting else ask, number)

    @precondition(lambda self: self.at("assigned"))
    @rule(which=which, people=order, unit=st.sampled_from(UNITS), name=st.sampled_from(("keep", "keep", "withdraw")))
    def object(self, which: int, people: list[str], unit: str, name: str) -> None:
        def ask(by: Actor, item: SubItem) -> object:
            return raise_objection(item.pk, by=by, now=self.now, version=item.seq, reason="不归我们。", suggested=unit)

        def settle(by: Actor, item: SubItem) -> object:
            return settle_objection(waiting.pk, name, by=by, now=self.now, version=item.seq, comment="好")

        number = self.one(which, "assigned")
        waiting = self.item(number).open_objection
        self.until_allowed(people, settle if waiting else ask, number)

    @rule(number=st.sampled_from(NUMBERS), person=anybody, name=st.sampled_from(tuple(MOVES)))
    def try_whatever_the_state(self, number: str, person: str, name: str) -> None:
        self.call(person, self.move(name, due_on=self.day(300), leads=["甲局"], notes="新"), number)

    # --- what happens to people ---------------------------------------------------------------------------------------
    @rule(person=anybody, post=st.sampled_from([*staffed, *officers, *verifiers, *others]))
    def appoint_or_relieve(self, person: str, post: tuple[str, str]) -> None:
        """Somebody gets a post, or leaves one they hold; then what they did stays theirs."""
        role, unit = post
        if (person, role, unit) in self.world.posts:
            self.relieve(person, role, unit)
        else:
            self.appoint(person, role, unit)

    def appoint(self, person: str, role: str, unit: str) -> None:
        self.actors.clear()
        Post.objects.create(user_id=self.world.ids[person], unit=Unit.objects.get(name=unit), role=role)
        self.world.posts.add((person, role, unit))

    def relieve(self, person: str, role: str, unit: str) -> None:
        self.actors.clear()
        held = Post.objects.current().filter(user__username=person, role=role, unit__name=unit)
        assert held.update(ended_at=self.now) == 1
        self.world.posts.discard((person, role, unit))

    @precondition(lambda self: any(item.took_part for item in self.world.items.values()))
    @rule(which=st.integers(0, 9), judging=st.sampled_from((*verifiers, *others)))
    def change_sides(self, which: int, judging: tuple[str, str]) -> None:
        """Somebody who took part leaves the work and becomes one who judges: no post bars them any more."""
        took_part = sorted({key for item in self.world.items.values() for key in item.took_part})
        key = took_part[which % len(took_part)]
        person = next(name for name, pk in self.world.ids.items() if pk == key)
        for who, role, unit in sorted(self.world.posts):
            if who == person and role in DUTIES:
                self.relieve(who, role, unit)
        if (person, *judging) not in self.world.posts:
            self.appoint(person, *judging)

    @rule(which=st.integers(0, 99), days=st.integers(0, 30))
    def lend(self, which: int, days: int) -> None:
        """Somebody lends a post to a colleague of the unit; the same person twice, or to themselves, is refused."""
        pairs = [(post, to) for post in sorted(self.world.posts) for to in PEOPLE if self.world.works_in(to, post[2])]
        (holder, role, unit), to = pairs[which % len(pairs)]
        post = Post.objects.current().get(user__username=holder, role=role, unit__name=unit)
        until = timezone.localdate(self.now) + timedelta(days=days)
        try:
            delegate(post.pk, to=to, from_on=None, until_on=until, by=self.actor(holder), now=self.now)
        except WorkflowError:
            return
        self.actors.clear()
        self.world.lent.append(((holder, role, unit), to, until))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def day(self, days: int) -> str:
        return (timezone.localdate(self.now) + timedelta(days=days)).isoformat()

    # --- what always holds --------------------------------------------------------------------------------------------
    @invariant()
    def nothing_is_approved_by_default(self) -> None:
        for item in SubItem.objects.all():
            reference = self.world.items[item.number]
            if item.state in ("verified", "closed"):
                assert reference.approved == {item.approved_by_id, item.approved_for_id} - {None}, item.number
            assert {*reference.took_part} <= {*item.participants}, item.number


DRAFT = "稿"  # the same words all the way: other ones than were countersigned are refused
DEADLINES = ("2022年", "长期坚持")
COUNTED: list[str] = []


@pytest.mark.django_db
def test_nobody_judges_their_own_work() -> None:
    COUNTED.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=400 if LONG else 8,
            stateful_step_count=50 if LONG else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print({action: COUNTED.count(action) for action in sorted(set(COUNTED))})  # pytest -s: how far lives got
