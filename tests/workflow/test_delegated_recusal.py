"""Rule 1 with stand-ins: no delegation lets anybody judge their own work, or that of one they stand in for. Pure."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import ActingPost, Actor
from accounts.models import LENDABLE, Role
from workflow import policies
from workflow.errors import NotAllowed

PEOPLE, UNITS, GROUP, OWNER = range(1, 6), range(1, 6), 9, 5
JUDGING = (
    *(policies.check_may_verify, policies.check_may_extend, policies.check_may_reopen, policies.check_may_close),
    *(policies.check_may_amend, policies.check_may_reassign),
)
ENDING = (policies.check_may_close, policies.check_may_renew)
DUTIES = {Role.OFFICER, Role.HEAD}

people = st.sampled_from(PEOPLE)
held = st.tuples(people, st.sampled_from(sorted(LENDABLE | {Role.LEADER})), st.sampled_from(UNITS))


# Small as they are, counties are made of many draws; a busy machine is no failure.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class County:
    """Who holds which posts, and the one person each post may be lent to."""

    posts: list[tuple[int, str, int]]
    lent: dict[int, int]

    def post(self, place: int, *lent_by: Any) -> ActingPost:
        _user, role, unit = self.posts[place]
        return ActingPost(place, role, unit, f"单位{unit}", 1, frozenset({GROUP} if unit == 4 else ()), *lent_by)

    def stood_in_for(self, who: int) -> set[int]:
        return {self.posts[place][0] for place, to in self.lent.items() if to == who} - {who}

    def actor(self, who: int) -> Actor:
        """As Actor.of makes it; actor tests say so on real rows."""
        own = [self.post(place) for place, post in enumerate(self.posts) if post[0] == who]
        taken = [place for place, to in self.lent.items() if to == who and self.posts[place][0] != who]
        behind = [
            self.post(place, post[0], f"人{post[0]}")
            for place, post in enumerate(self.posts)
            if post[0] in self.stood_in_for(who) and place not in taken
        ]
        lent = [self.post(place, self.posts[place][0], f"人{self.posts[place][0]}") for place in taken]
        return Actor(who, "x", f"人{who}", (*own, *lent), tuple(behind))

    def units_of(self, who: int) -> set[int]:
        units = {unit for user, role, unit in self.posts if user == who and role in DUTIES}
        return units | ({GROUP} if 4 in units else set())


@st.composite
def counties(draw: st.DrawFn) -> County:
    posts = draw(st.lists(held, min_size=1, max_size=8, unique=True))
    lendable = [place for place, post in enumerate(posts) if post[1] in LENDABLE]
    lent = draw(st.dictionaries(st.sampled_from(lendable), people, max_size=4)) if lendable else {}
    return County(posts, lent)


@dataclass
class Thing:
    """An item with a history: people took part, somebody approved, perhaps for somebody else."""

    lead_ids: list[int]
    support_ids: list[int]
    verifier_id: int | None
    participants: list[int]
    approved_by_id: int | None
    approved_for_id: int | None
    assignee_id: int | None = None
    verifier: str = "审核单位"
    open_objection: None = None
    plan: Any = field(default_factory=lambda: SimpleNamespace(owner_id=OWNER, region_id=1, officers_may_submit=False))

    @property
    def holder_id(self) -> int:
        return self.lead_ids[0]


somebody = st.one_of(st.none(), people)
things = st.builds(
    Thing,
    lead_ids=st.lists(st.sampled_from(UNITS), min_size=1, max_size=2, unique=True),
    support_ids=st.lists(st.sampled_from((*UNITS, GROUP)), max_size=2, unique=True),
    verifier_id=st.one_of(st.none(), st.sampled_from(UNITS)),
    participants=st.lists(people, max_size=3, unique=True),
    approved_by_id=somebody,
    approved_for_id=somebody,
)


def allowed(check: policies.Check, actor: Actor, item: Thing) -> bool:
    try:
        check(actor, item)
    except NotAllowed as refusal:
        assert len(str(refusal)) > 5
        return False
    return True


@unhurried
@given(counties(), things, people)
def test_nobody_judges_the_work_of_their_own_or_of_one_they_stand_in_for(county: County, item: Thing, who: int) -> None:
    both = {who, *county.stood_in_for(who)}
    work = set(item.participants)
    duties = set().union(*(county.units_of(each) for each in both)) & {*item.lead_ids, *item.support_ids}
    for check in JUDGING:
        if allowed(check, county.actor(who), item):
            assert not both & work
            assert check is policies.check_may_close or not duties
    for check in ENDING:
        if allowed(check, county.actor(who), item):
            assert not both & {item.approved_by_id, item.approved_for_id}


@unhurried
@given(counties(), things, people)
def test_standing_in_for_somebody_never_lifts_a_bar(county: County, item: Thing, who: int) -> None:
    alone = County(county.posts, {})
    if policies.involvement(alone.actor(who), item):
        assert policies.involvement(county.actor(who), item)


@unhurried
@given(counties(), things, people)
def test_what_is_done_by_a_lent_post_was_the_holders_to_do(county: County, item: Thing, who: int) -> None:
    """A lent post gives its holder's rights and no more, unless rule 1 bars the two together."""
    actor = county.actor(who)
    for check in (policies.check_may_accept, policies.check_may_contribute, policies.check_may_submit):
        if not allowed(check, actor, item):
            continue
        post = check(actor, item)
        assert post is not None and post.unit_id == item.lead_ids[0]
        if post.for_user_id is not None:
            assert allowed(check, County(county.posts, {}).actor(post.for_user_id), item)
