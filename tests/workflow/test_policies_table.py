"""Who may do what, whole: every role, move, state and relation against a table written from the rules by hand."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.actor import ActingPost, Actor
from accounts.models import LENDABLE, Post, Role, Unit, User
from tests.workflow.file_samples import SAMPLES
from workflow import policies
from workflow.actions.countersigning import circulate, countersign
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import MoveNotPossible, NotAllowed, NotFound, WorkflowError
from workflow.models import Countersignature, Plan, Report, SubItem, Submission
from workflow.models.countersignature import digest_of
from workflow.models.moves import MOVES
from workflow.states import State

# --- the rules, by hand: the state machine of the design, the people of the domain ------------------------------------
OPEN = "assigned in_progress submitted verified"
MACHINE = {
    "accept": ("assigned", "in_progress"),
    "assign": ("in_progress", "as it is"),
    "submit": ("in_progress", "submitted"),
    "withdraw": ("submitted", "in_progress"),
    "approve": ("submitted", "verified"),
    "reject": ("submitted", "in_progress"),
    "close": ("verified", "closed"),
    "renew": ("verified", "in_progress"),
    "lapse": ("assigned in_progress submitted", "in_progress"),
    "reopen": ("verified closed", "in_progress"),
    "amend": ("assigned in_progress", "as it is"),
    "reassign": ("assigned in_progress", "assigned"),
    "split": ("assigned in_progress", "as it is"),
    "name-verifier": ("assigned in_progress submitted", "as it is"),
    "suspend": ("assigned in_progress", "as it is"),
    "resume": ("assigned in_progress", "as it is"),
    "cancel": (OPEN, "cancelled"),
}
CONTRIBUTIONS = ("report", "evidence", "draft")
SIGNING = ("circulate", "countersign")  # of items with co-leads
FROM = {name: set(sources.split()) for name, (sources, _to) in MACHINE.items()} | {
    name: {"in_progress"} for name in (*CONTRIBUTIONS, *SIGNING)
}
EXTENSIONS = {"ask for more time": policies.check_may_ask_extension, "extend": policies.check_may_extend}
OBJECTIONS = {"object": policies.check_may_object, "keep": policies.check_may_keep}
# The lead's side; what is asked of support and member below. Their own steps do not wait for the lead's signature.
PARTS = {
    "gather parts": lambda actor, item: policies.check_may_gather(actor, item),
    "give the support's part": lambda actor, item: policies.check_may_answer(actor, SimpleNamespace(unit_id=3)),
    "give the member's part": lambda actor, item: policies.check_may_answer(actor, SimpleNamespace(unit_id=4)),
}


def check_recheck(actor: Actor, item: Any) -> ActingPost:
    """Asked of a re-check, which is of one closing of the item."""
    return policies.check_may_recheck(
        actor, SimpleNamespace(item=item, closed_by_id=item.closed_by_id, closed_for_id=item.closed_for_id)
    )


CRITERIA = {"propose criteria": policies.check_may_propose, "agree to criteria": policies.check_may_agree}
YEARLY = {"decide the year": policies.check_may_decide}
CHECKS: dict[str, policies.Check] = {  # what is not here contributes
    **EXTENSIONS,
    **OBJECTIONS,
    **CRITERIA,
    **PARTS,
    **YEARLY,
    "countersign": policies.check_may_countersign,
    "recheck": check_recheck,
}
STARTS = FROM | {name: {"in_progress"} for name in (*EXTENSIONS, *PARTS)} | {name: {"assigned"} for name in OBJECTIONS}
STARTS |= {name: {"assigned", "in_progress"} for name in PARTS if name.startswith("give")}
STARTS |= {"recheck": {"closed"}, **{name: set(OPEN.split()) for name in YEARLY}}
STARTS |= {name: {"assigned", "in_progress"} for name in CRITERIA}
ENDS_OR_BEGINS_A_ROUND = {"renew", "lapse", "decide the year"}  # what has a date of its own has no rounds
STANDS_STILL = {  # what is not done while the clocks of an item do not run
    "suspended": {"accept", "submit", "amend", "reassign", "split", "lapse", "suspend", "ask for more time"},
    "objected": {"accept", "split", "lapse", "suspend"},
}
HOLDER, HANDS_IN = {("officer", "lead"), ("head", "lead")}, {("head", "lead")}
REVIEWS, OWNS = {("verifier", "verifying"), ("inspector", "verifying")}, {("coordinator", "owner")}
INSPECTS = {
    ("inspector", place) for place in ("lead", "co_lead", "support", "member", "verifying", "owner", "stranger")
}
WHO = {
    **dict.fromkeys(("accept", "circulate", *CONTRIBUTIONS), HOLDER),
    "countersign": {("head", "co_lead")},
    **dict.fromkeys(("assign", "submit", "withdraw"), HANDS_IN),
    **dict.fromkeys(("approve", "reject"), REVIEWS),
    **dict.fromkeys(("close", "renew", "amend", "reassign", "split", "name-verifier", "cancel"), OWNS),
    **dict.fromkeys(("suspend", "resume", "decide the year"), OWNS),
    "lapse": set(),  # the clock alone
    "reopen": OWNS | INSPECTS,
    "gather parts": HOLDER,
    "give the support's part": {("officer", "support"), ("head", "support")},
    "give the member's part": {("officer", "member"), ("head", "member")},
    "ask for more time": HANDS_IN,
    "extend": REVIEWS,
    "object": HANDS_IN | {("head", "co_lead")},
    "keep": OWNS,
    "recheck": INSPECTS,
    "propose criteria": HOLDER,
    "agree to criteria": REVIEWS,
}
OWNER_LED = dict.fromkeys(
    (
        *("close", "cancel", "reopen", "amend", "reassign", "split", "name-verifier", "extend", "keep"),
        *("suspend", "resume", "decide the year"),
    ),
    INSPECTS,
)  # rule 1: moving the due date too
# Rule 1, as a person: over the work, or over its date.
JUDGES = ("approve", "reject", "reopen", "amend", "reassign", "split", "name-verifier", "extend", "keep", "recheck")
JUDGES += ("agree to criteria", "suspend", "resume", "decide the year")
DUTIES = ("lead", "co_lead", "support", "member")
THEIRS = "one stood in for "  # before what a person has to do with an item
BARRED_SECOND = set(product(("officer", "head"), DUTIES))  # rule 1, "whatever other post they hold"


@dataclass(frozen=True)
class Shape:
    """What an item and its plan are like, as far as a rule asks."""

    owner_leads: bool = False
    officers_may_submit: bool = False
    periodic: bool = True
    verified_by: str = "verifying"  # or a co-lead, or nobody
    pause: str = ""  # or suspended, or objected
    parts_missing: bool = False


PERSONS = ("somebody", "took part", "approved", "was approved for", "closed", "was closed for", "has it")
SHAPES = (Shape(), Shape(owner_leads=True), Shape(officers_may_submit=True), Shape(periodic=False))
SHAPES += (Shape(verified_by="co_lead"), Shape(verified_by="nobody"), Shape(parts_missing=True))
SHAPES += (Shape(pause="suspended"), Shape(pause="objected"))


def expected(name: str, state: str, posts: tuple[tuple[str, str], ...], person: str, shape: Shape) -> str:
    """The refusal the rules ask for, or ok; for somebody who may see the item.

    What one stood in for did counts as one's own.
    """
    person = person.removeprefix(THEIRS)
    if state not in STARTS[name] or (name in ENDS_OR_BEGINS_A_ROUND and not shape.periodic):
        return "MoveNotPossible"
    if name in STANDS_STILL.get(shape.pause, ()) or (name == "resume" and shape.pause != "suspended"):
        return "MoveNotPossible"
    if name == "submit" and shape.parts_missing:
        return "MoveNotPossible"
    who = OWNER_LED.get(name, WHO[name]) if shape.owner_leads else WHO[name]
    if name == "assign" and person == "has it":
        who = HOLDER
    if shape.officers_may_submit and name in ("submit", "withdraw", "ask for more time"):
        who = HOLDER
    if shape.officers_may_submit and name == "object":
        who = who | HOLDER | {("officer", "co_lead")}
    if shape.officers_may_submit and name == "countersign":
        who = {("officer", "co_lead"), ("head", "co_lead")}
    if name in ("approve", "reject", "agree to criteria") or (name == "extend" and not shape.owner_leads):
        who = {(role, shape.verified_by) for role, _place in who}
    if name in ("extend", "agree to criteria") and shape.verified_by == "nobody":
        who = INSPECTS
    if name == "name-verifier" and shape.verified_by == "nobody":
        who = who | INSPECTS
    if name in ("extend", "agree to criteria"):  # the unit that asks does not decide
        who = who - {("inspector", place) for place in (["lead", "owner"] if shape.owner_leads else ["lead"])}
    if name in ("close", "renew") and person in ("approved", "was approved for", "took part"):
        return "NotAllowed"
    if name == "recheck" and person in ("approved", "was approved for", "closed", "was closed for"):
        return "NotAllowed"
    holds = set(posts)
    if shape.owner_leads:  # the owner is the main lead as well
        holds |= {(role, "lead") for role, place in posts if place == "owner"}
    if name == "countersign" and HOLDER & holds:  # signing one's own paper is no second look
        return "NotAllowed"
    if name in JUDGES and (person == "took part" or BARRED_SECOND & holds):
        return "NotAllowed"
    return "ok" if who & holds else "NotAllowed"


def test_machine_is_the_declared_one() -> None:
    declared = {name: (set(move.sources), str(move.target or "as it is")) for name, move in MOVES.items()}
    assert declared == {name: (set(sources.split()), target) for name, (sources, target) in MACHINE.items()}
    assert {name: move.requires for name, move in MOVES.items() if move.requires} == {
        "assign": ("assignee",),
        "reject": ("comment",),
        "reopen": ("comment", "due_on"),
        "amend": ("comment",),
        "reassign": ("comment", "leads"),
        "split": ("unit", "comment"),
        "name-verifier": ("verifier", "comment"),
        "suspend": ("comment", "until"),
        "cancel": ("comment",),
    }
    assert {name for name, move in MOVES.items() if move.by_clock} == {"renew", "lapse", "resume"}


# --- pure: policies and declaration over duck-typed items -------------------------------------------------------------
UNITS = {"lead": 1, "co_lead": 2, "support": 3, "member": 4, "verifying": 6, "owner": 7, "stranger": 8, "abroad": 9}
GROUP, REGION, ME, THEM = 5, 1, 77, 78


@dataclass
class Thing:
    state: str
    shape: Shape
    person: str
    number: str = "2.1"
    verifier: str = "审核单位"
    verifier_tier: str = ""
    holder_id: int | None = None
    lead_ids: list[int] = field(default_factory=list)
    support_ids: tuple[int, ...] = (UNITS["support"], GROUP)
    objected: Any = None  # by whom: .unit_id .raised_by_id

    def __post_init__(self) -> None:
        first = UNITS["owner"] if self.shape.owner_leads else UNITS["lead"]
        self.lead_ids = [first, UNITS["co_lead"]]
        self.holder_id = first if self.state in ("assigned", "in_progress") else None
        self.is_periodic = self.shape.periodic
        if self.shape.pause == "objected":
            self.objected = SimpleNamespace(unit_id=UNITS["lead"], raised_by_id=5)
        self.is_objected, self.open_objection = self.objected is not None, self.objected
        self.nobody_reviews = self.shape.verified_by == "nobody"
        self.pause, self.suspended_until, self.ending = self.shape.pause, date(2021, 12, 31), ""
        self.verifier_id = UNITS.get(self.shape.verified_by)
        self.awaited = [[UNITS["co_lead"], "同为牵头的单位"]]
        who = THEM if self.person.startswith(THEIRS) else ME
        person = self.person.removeprefix(THEIRS)
        self.assignee_id = who if person == "has it" else 5
        self.participants = [5, who] if person == "took part" else [5]
        self.approved_by_id = who if person == "approved" else 5
        self.approved_for_id = who if person == "was approved for" else None
        self.closed_by_id = who if person == "closed" else 6
        self.closed_for_id = who if person == "was closed for" else None
        self.plan = SimpleNamespace(
            owner_id=UNITS["owner"], region_id=REGION, officers_may_submit=self.shape.officers_may_submit
        )

    def missing_parts(self, doing: str) -> str:
        return "财政局还没有交配合材料。" if self.shape.parts_missing else ""


def post(role: str, place: str, *lent_by: Any) -> ActingPost:
    groups = frozenset({GROUP}) if place == "member" else frozenset()
    return ActingPost(1, role, UNITS[place], place, 2 if place == "abroad" else REGION, groups, *lent_by)


def own(held: tuple[tuple[str, str], ...]) -> Actor:
    return Actor(ME, "me", "我", tuple(post(*one) for one in held))


def stood_in(held: tuple[tuple[str, str], ...]) -> Actor:
    """The last post is lent by somebody; what comes before is one's own."""
    *mine, lent = held
    return Actor(ME, "me", "我", (*(post(*one) for one in mine), post(*lent, THEM, "她")))


def behind(held: tuple[tuple[str, str], ...]) -> Actor:
    """The first post is lent by somebody, who holds the last one as well."""
    lent, theirs = held
    return Actor(ME, "me", "我", (post(*lent, THEM, "她"),), (post(*theirs, THEM, "她"),))


def engine(name: str, item: Any, actor: Actor) -> str:
    if name in MOVES and not MOVES[name].starts_from(item):
        return "MoveNotPossible"
    if name not in MOVES and item.state not in STARTS[name]:
        return "MoveNotPossible"
    if (name in YEARLY and not item.is_periodic) or (name == "ask for more time" and item.pause == "suspended"):
        return "MoveNotPossible"
    check = MOVES[name].check if name in MOVES else CHECKS.get(name, policies.check_may_contribute)
    try:
        check(actor, item)
    except NotAllowed as refusal:
        assert len(str(refusal)) > 5  # a sentence
        return "NotAllowed"
    return "ok"


def places_of(shape: Shape) -> list[str]:
    """Where the owner leads it is the main lead: no second unit is."""
    return [place for place in UNITS if not (shape.owner_leads and place == "lead")]


def wrong(
    name: str,
    shape: Shape,
    posts: list[tuple[tuple[str, str], ...]],
    persons: tuple[str, ...],
    actor_of: Callable[[Any], Actor] = own,
) -> list[Any]:
    found = []
    for state, held, person in product(State, posts, persons):
        told = engine(name, Thing(state, shape, person), actor_of(held))
        if told != (meant := expected(name, state, held, person, shape)):
            found.append((state.value, held, person, f"{told}, not {meant}"))
    return found


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_one_post_may_what_the_table_says(name: str, shape: Shape) -> None:
    posts = [((role.value, place),) for role, place in product(Role, places_of(shape))]
    assert wrong(name, shape, posts, PERSONS) == []


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_lent_post_may_what_it_may_and_bars_as_it_bars(name: str, shape: Shape) -> None:
    posts = [((role.value, place),) for role, place in product(sorted(LENDABLE), places_of(shape))]
    assert wrong(name, shape, posts, (*PERSONS, *(THEIRS + person for person in PERSONS[1:])), stood_in) == []


@pytest.mark.parametrize("name", STARTS)
def test_own_and_lent_posts_add_up_and_so_does_what_bars(name: str) -> None:
    strong = [("verifier", "verifying"), ("verifier", "co_lead"), ("coordinator", "owner"), ("inspector", "stranger")]
    duties = [(role, place) for role, place in product(("officer", "head"), UNITS)]
    posts = [pair for one, two in product(strong, duties) for pair in ((one, two), (two, one))]
    for shape in (Shape(), Shape(verified_by="co_lead")):
        assert wrong(name, shape, posts, ("somebody",), stood_in) == []


@pytest.mark.parametrize("name", JUDGES)
def test_other_posts_of_one_stood_in_for_bar_and_give_nothing(name: str) -> None:
    strong = [("verifier", "verifying"), ("verifier", "co_lead"), ("coordinator", "owner"), ("inspector", "stranger")]
    pause = "suspended" if name == "resume" else ""
    for shape in (Shape(pause=pause), Shape(verified_by="co_lead", pause=pause)):
        posts = list(product(strong, product(("officer", "head", "verifier", "coordinator", "leader"), UNITS)))
        for lent, theirs in posts:
            item, meant = Thing(next(iter(STARTS[name])), shape, "somebody"), (lent,)
            barred = theirs in BARRED_SECOND
            told = engine(name, item, behind((lent, theirs)))
            assert told == ("NotAllowed" if barred else expected(name, item.state, meant, "somebody", shape))


@pytest.mark.parametrize("name", STARTS)
def test_two_posts_may_what_either_may_unless_rule_1_bars_the_person(name: str) -> None:
    strong = [("verifier", "verifying"), ("verifier", "co_lead"), ("coordinator", "owner"), ("inspector", "stranger")]
    second = [(role, place) for role, place in product(("officer", "head", "verifier"), UNITS)]
    posts = [pair for one, two in product(strong, second) for pair in ((one, two), (two, one)) if one != two]
    for shape in (Shape(), Shape(verified_by="co_lead")):
        assert wrong(name, shape, posts, ("somebody",)) == []


@pytest.mark.parametrize("name", STARTS)
def test_nobody_without_a_post_and_the_clock_only_turns_rounds(name: str) -> None:
    for shape, state in product(SHAPES, State):
        item = Thing(state, shape, "somebody")
        meant = expected(name, state, (), "somebody", shape)
        assert engine(name, item, Actor(ME, "me", "我", ())) == meant
        clock = "ok" if name in ("renew", "lapse", "resume") and meant == "NotAllowed" else meant
        assert engine(name, item, Actor.system()) == clock


@pytest.mark.parametrize("shape", [Shape(), Shape(owner_leads=True)], ids=str)
def test_nobody_answers_an_objection_of_their_own_or_of_their_unit(shape: Shape) -> None:
    """By 维持, 改任务 or 改派; whoever raised it may have left the unit since."""
    wrongly = []
    for name, place, role, mine in product(("keep", "amend", "reassign"), UNITS, Role, (False, True)):
        for unit in ("lead", "owner", "stranger"):
            item = Thing(State.ASSIGNED, shape, "somebody")
            item.open_objection = SimpleNamespace(unit_id=UNITS[unit], raised_by_id=ME if mine else 5)
            meant = expected(name, State.ASSIGNED, ((role, place),), "somebody", shape)
            if mine or place == unit:
                meant = "NotAllowed"
            if (told := engine(name, item, Actor(ME, "me", "我", (post(role, place),)))) != meant:
                wrongly.append((name, place, role, mine, unit, f"{told}, not {meant}"))
    assert wrongly == []


# --- real rows --------------------------------------------------------------------------------------------------------
def stands_for(unit: Unit, role: str, user_id: int = -5) -> Actor:
    groups = frozenset(unit.groups.values_list("pk", flat=True))
    return Actor(user_id, "x", "某人", (ActingPost(1, role, unit.pk, unit.name, unit.region_id, groups),))


@pytest.mark.django_db
def test_every_role_of_every_unit_sees_the_items_it_should(pingluo: Plan) -> None:
    """Leads, supports, members of a supporting group and the verifying unit; the owner; inspectors and leaders."""
    items = list(SubItem.objects.with_responsibilities().select_related("verifier"))
    units = list(Unit.objects.prefetch_related("groups"))
    wrongly = []
    for unit, role in product(units, Role):
        names = {unit.name, *(group.name for group in unit.groups.all())}
        if role in (Role.OFFICER, Role.HEAD, Role.VERIFIER):
            meant = {i.number for i in items if names & {u.name for u in (*i.leads, *i.supports, i.verifier)}}
        elif role in (Role.INSPECTOR, Role.LEADER) or (role == Role.COORDINATOR and unit.name == "教育工委"):
            meant = {i.number for i in items}
        else:
            meant = set()
        seen = set(SubItem.objects.visible_to(stands_for(unit, role)).values_list("number", flat=True))
        if seen != meant:
            wrongly.append((unit.name, role, seen ^ meant))
    assert wrongly == []
    abroad = Actor(1, "x", "某人", tuple(ActingPost(1, role, 0, "外县", 10**6) for role in Role))
    assert not SubItem.objects.visible_to(abroad).exists()


# 11.1: 教体局 leads, 各乡镇 supports; 21.1: 县委编办 with 教体局, 人社局 and 财政局 support; 1.1: the owner leads
PLACES = {
    "11.1": {"lead": "教体局", "support": "各乡镇", "member": "高仁乡", "verifying": "教育工委", "stranger": "财政局"},
    "21.1": {"lead": "县委编办", "co_lead": "教体局", "support": "人社局", "owner": "教育工委", "stranger": "妇联"},
    "1.1": {"owner": "教育工委", "co_lead": "教体局", "support": "县委宣传部", "stranger": "公安局"},
}
SEEING = {"officer", "head", "verifier"}


def meant_on_rows(number: str, name: str, state: str, role: str, place: str, person: str) -> str:
    everywhere = role in ("inspector", "leader")
    if not everywhere and not (role in SEEING and place != "stranger"):
        if not (role == "coordinator" and PLACES[number][place] == "教育工委"):
            return "NotFound"
    if name in SIGNING and number == "11.1":
        return "MoveNotPossible"  # one lead
    if name == "split" and "co_lead" not in PLACES[number]:
        return "MoveNotPossible"  # one lead alone
    if name == "lapse":
        return "MoveNotPossible"  # its day has not come
    shape = Shape(owner_leads=number == "1.1", periodic=number != "21.1")
    if shape.owner_leads:
        shape = replace(shape, verified_by="co_lead")
    elif PLACES[number][place] == "教育工委":  # owner and verifying unit in one
        place = "owner" if role == "coordinator" else "verifying"
    return expected(name, state, ((role, place),), person, shape)


def cases() -> Iterator[tuple[str, str, str, str, str, str]]:
    """A sample: mostly moves from where they start."""
    picked = random.Random(5)
    for number, places in PLACES.items():
        for name, state, role, place in product(FROM, State, Role, places):
            if picked.random() < (0.1 if state in FROM[name] else 0.01):
                person = picked.choice(["somebody", "somebody", "took part", "approved"])
                yield number, name, state.value, role.value, place, person


def officer_of(item: SubItem) -> str:
    posts = Post.objects.filter(unit=item.lead_ids[0], role=Role.OFFICER)
    return posts.values_list("user__username", flat=True)[0]


def attempt(item: SubItem, name: str, actor: Actor, now: datetime) -> str:
    details: dict[str, Any] = {"comment": "理由", "due_on": "2030-12-31", "summary": "请审核。", "until": "2021-12-31"}
    details |= {"assign": {"assignee": officer_of(item)}}.get(name, {})
    details |= {
        "amend": {"notes": "新"},
        "reassign": {"leads": ["科协"]},
        "name-verifier": {"verifier": "县委督查室"},
        "split": {"unit": "教体局"},
    }.get(name, {})
    try:
        if name == "report":
            report_progress(item.pk, by=actor, now=now, percent=10, words="进行中。", version=item.seq)
        elif name == "draft":
            save_draft(item.pk, by=actor, now=now, summary="稿", version=item.seq)
        elif name == "evidence":
            upload = SimpleUploadedFile("a.txt", SAMPLES["txt"])
            add_evidence(item.pk, upload, by=actor, now=now)
        elif name == "circulate":
            circulate(item.pk, by=actor, now=now, version=item.seq, summary="请审核。")
        elif name == "countersign":
            countersign(item.pk, by=actor, now=now, version=item.seq)
        else:
            make_move(item.pk, name, by=actor, now=now, version=item.seq, details=details)
    except (NotFound, MoveNotPossible, NotAllowed) as refusal:
        return type(refusal).__name__
    except WorkflowError as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return "ok"


@pytest.mark.django_db
def test_real_moves_end_as_the_table_says(pingluo: Plan, item: Callable[[str], SubItem], now: datetime) -> None:
    units = {unit.name: unit for unit in Unit.objects.all()}
    me, other = User.objects.get(username="zhoumin"), User.objects.get(username="limengyao")
    wrongly = []
    for number, name, state, role, place, person in cases():
        savepoint = transaction.savepoint()
        one = prepared(
            item(number), state, me if person == "took part" else other, me if person == "approved" else other
        )
        if one.co_lead_ids and name in ("submit", "countersign"):
            send_round(one, other, signed=name == "submit")
        actor = stands_for(units[PLACES[number][place]], role, me.pk)
        told = attempt(one, name, actor, now)
        transaction.savepoint_rollback(savepoint)
        if told != (meant := meant_on_rows(number, name, state, role, place, person)):
            wrongly.append((number, name, state, role, place, person, f"{told}, not {meant}"))
    assert wrongly == []


def send_round(one: SubItem, drafted: User, *, signed: bool) -> None:
    """A draft for an item with co-leads, which wait for it or have signed it."""
    if SubItem.objects.get(pk=one.pk).state == State.SUBMITTED:
        return  # something is handed in already
    draft = Submission.objects.create(
        item=one, round_no=1, unit_id=one.lead_ids[0], summary="请审核。", drafted_by=drafted, drafted_at=one.held_since
    )
    signing = {"status": "signed", "by": drafted, "at": one.held_since, "digest": digest_of("请审核。", [])}
    for unit in one.co_lead_ids:
        asked = {"submission": draft, "unit_id": unit, "requested_at": one.held_since}
        Countersignature.objects.create(**asked, **(signing if signed else {}))
    awaited = [] if signed else [[unit, "同为牵头的单位"] for unit in one.co_lead_ids]
    SubItem.objects.filter(pk=one.pk).update(awaited=awaited)


def prepared(one: SubItem, state: str, took_part: User, approved: User) -> SubItem:
    """The item in that state, as its journal would have left it."""
    changes = {"state": state, "participants": [took_part.pk], "approved_by": approved, "reported_at": one.held_since}
    SubItem.objects.filter(pk=one.pk).update(**changes)
    if state == State.SUBMITTED:
        common = {"item": one, "round_no": 1, "unit_id": one.lead_ids[0]}
        Report.objects.create(**common, percent=50, text="进行中。", by=took_part, at=one.held_since)
        Submission.objects.create(
            **common, number=1, status="submitted", summary="稿", drafted_by=took_part, drafted_at=one.held_since
        )
    return one
