"""Nobody judges their own work: who verifies each of the 48 items, and who may not as a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from tests.workflow.file_samples import SAMPLES
from workflow import policies, queries
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.evidence import add_evidence
from workflow.actions.extensions import decide_extension, request_extension
from workflow.actions.moves import make_move
from workflow.actions.plans import publish
from workflow.actions.reports import report_progress, save_draft
from workflow.demo import REGION, load_county
from workflow.errors import Invalid, NotAllowed
from workflow.models import Plan, SubItem
from workflow.states import Duty, State, Tier

Item = Callable[[str], SubItem]
As = Callable[[str], Actor]

# Led by 教育工委 with 教体局: the first named hands in, so 教体局 checks. All others: 教育工委, which is in none.
CO_LEAD_HEADS = {"5.3": "liuyongning", "18.1": "wangjianguo"}  # of 财政局 and 人社局, which lead with 教体局
MUTUAL = {"1.1", "1.2", "1.3", "14.1", "22.1", "22.3"}


# --- the units --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_all_48_items_have_the_verifying_unit_of_rule_1(pingluo: Plan) -> None:
    items = list(queries.with_names(SubItem.objects.all()))
    assert len(items) == 48
    found = {item.number: (item.verifier.name, Tier(item.verifier_tier)) for item in items}
    mutual = {number for number, (unit, _tier) in found.items() if unit == "教体局"}
    assert mutual == MUTUAL
    assert {found[number] for number in MUTUAL} == {("教体局", Tier.CO_LEAD)}
    assert {found[number] for number in found.keys() - MUTUAL} == {("教育工委", Tier.INDEPENDENT)}
    for item in items:
        lead = item.leads[0].name
        if item.number in MUTUAL:
            meant = "由教体局互核：教育工委报送，不能自己审；教体局同为牵头，没有报送这一项。"
        else:
            meant = f"由教育工委审核：{lead}牵头，不能自己审；教育工委没有承担这一项。"
        assert queries.verifier_reason(item) == meant


@pytest.mark.django_db
def test_stricter_option_lets_the_inspection_offices_verify(now: datetime) -> None:
    """All leads barred and both 督查室 appended; 22.3 has both as supports, in whose tier the order decides."""
    load_county()
    plan = drafted(now, leads_never_verify=True)
    publish(plan.pk, by=Actor.system(), now=now)
    listed = list(plan.supervisors.values_list("unit__name", "position"))
    assert listed == [("教育工委", 1), ("教体局", 2), ("县委督查室", 3), ("政府督查室", 4)]
    found = {item.number: (item.verifier.name, item.verifier_tier) for item in SubItem.objects.all()}
    assert {number for number, (unit, _tier) in found.items() if unit != "教育工委"} == MUTUAL
    assert {found[number] for number in MUTUAL - {"22.3"}} == {("县委督查室", Tier.INDEPENDENT)}
    assert found["22.3"] == ("县委督查室", Tier.SUPPORT)
    reasons = {item.number: queries.verifier_reason(item) for item in queries.with_names(SubItem.objects.all())}
    assert reasons["22.3"] == "由县委督查室审核：教育工委牵头，不能自己审；县委督查室只是配合单位。"
    one = SubItem.objects.get(number="1.1")
    go(one, "accept", person("suxiaohong"), now)
    report_progress(one.pk, by=person("suxiaohong"), now=now, percent=100, words="已办。")
    drafted_at = SubItem.objects.get(pk=one.pk).seq
    circulate(one.pk, by=person("suxiaohong"), now=now, version=drafted_at, summary="请审核。")
    countersign(one.pk, by=person("dinghaiyan"), now=now, version=drafted_at + 1)
    go(one, "submit", person("hanlixin"), now)
    for username in ("changlihua", "yuanchunsheng"):  # a verifier of the other lead, an inspector of the other office
        with pytest.raises(NotAllowed, match="由县委督查室审核"):
            go(one, "approve", person(username), now)
    assert set(queries.to_review(person("lizhiqiang"), now.date()).values_list("number", flat=True)) == {"1.1"}
    go(one, "approve", person("lizhiqiang"), now)
    with pytest.raises(NotAllowed, match="您审核通过的"):
        go(one, "close", person("lizhiqiang"), now)
    assert go(one, "close", person("yuanchunsheng"), now, comment="已成常规").state == State.CLOSED


@pytest.mark.django_db
def test_a_revised_plan_under_the_stricter_option_chooses_as_publishing_did(now: datetime) -> None:
    load_county()
    publish(drafted(now, leads_never_verify=True).pk, by=Actor.system(), now=now)
    one = SubItem.objects.get(number="2.1")
    go(one, "reassign", person("wangxuewen"), now, comment="修订", leads=["教育工委", "教体局"], supports=[])
    after = SubItem.objects.select_related("verifier").get(pk=one.pk)
    assert (after.verifier.name, after.verifier_tier) == ("县委督查室", Tier.INDEPENDENT)


@pytest.mark.django_db
def test_without_the_stricter_option_no_office_is_appended(pingluo: Plan) -> None:
    assert list(pingluo.supervisors.values_list("unit__name", flat=True)) == ["教育工委", "教体局"]


@pytest.mark.django_db
def test_without_an_eligible_unit_nothing_is_handed_in_or_approved(now: datetime) -> None:
    load_county()
    Post.objects.filter(role="inspector").update(ended_at=now)
    publish(drafted(now, leads_never_verify=True).pk, by=Actor.system(), now=now)
    one = SubItem.objects.with_responsibilities().get(number="1.1")
    head, officer = person("hanlixin"), person("suxiaohong")
    assert (one.verifier, one.verifier_tier) == (None, Tier.NONE)
    assert queries.verifier_reason(one) == "没有可以审核的单位，请统筹或督查另行指定。"
    go(one, "accept", officer, now)
    report_progress(one.pk, by=officer, now=now, percent=100, words="已办。")
    with pytest.raises(Invalid, match="没有可以审核的单位"):
        go(one, "submit", head, now, summary="请审核。")
    assert SubItem.objects.get(pk=one.pk).state == State.IN_PROGRESS


def drafted(now: datetime, **options: bool) -> Plan:
    """The county's table as a draft with other options than the demo's."""
    from workflow.actions.drafts import start as keep
    from workflow.demo import FIXTURES
    from workflow.tables import read

    table = FIXTURES / "pingluo/table.txt"
    region = Unit.objects.filter(region__code=REGION["code"]).first().region
    plan = keep(read(table.read_bytes(), table.name), region=region, by=Actor.system(), now=now)
    Plan.objects.filter(pk=plan.pk).update(**options)
    return plan


units = st.integers(1, 6)
duties = st.dictionaries(units, st.sampled_from([Duty.LEAD, Duty.SUPPORT]), max_size=6)


@given(st.lists(units, unique=True), duties, units, st.booleans())
@example([1, 2], {1: Duty.LEAD, 2: Duty.LEAD}, 1, False)
@example([1, 2], {1: Duty.LEAD, 2: Duty.LEAD}, 1, True)
def test_choice_respects_tiers_and_order(
    supervisors: list[int], owed: dict, submitting: int, leads_never: bool
) -> None:
    owed = {**owed, submitting: Duty.LEAD}
    unit, tier = policies.verifying_unit(
        supervisors, list(owed.items()), submitting=submitting, leads_never=leads_never
    )
    tiers = [
        [each for each in supervisors if each not in owed],
        [each for each in supervisors if owed.get(each) == Duty.SUPPORT],
        [each for each in supervisors if owed.get(each) == Duty.LEAD and each != submitting and not leads_never],
    ]
    first = next((place for place, found in enumerate(tiers) if found), 3)
    assert unit != submitting
    assert tier == [Tier.INDEPENDENT, Tier.SUPPORT, Tier.CO_LEAD, Tier.NONE][first]
    assert unit == (tiers[first][0] if first < 3 else None)


@given(st.lists(units, unique=True), duties, units)
def test_an_additional_duty_never_makes_a_unit_rather_chosen(
    supervisors: list[int], owed: dict, submitting: int
) -> None:
    def chosen(**more: str) -> int | None:
        all_owed = {**owed, submitting: Duty.LEAD, **{int(unit[1:]): duty for unit, duty in more.items()}}
        return policies.verifying_unit(supervisors, list(all_owed.items()), submitting=submitting, leads_never=False)[0]

    for unit in {*supervisors} - {submitting, *owed}:
        choices = [
            chosen() == unit,
            chosen(**{f"u{unit}": Duty.SUPPORT}) == unit,
            chosen(**{f"u{unit}": Duty.LEAD}) == unit,
        ]
        assert all(before or not after for before, after in pairwise(choices))


# --- the persons ------------------------------------------------------------------------------------------------------
def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def go(item: SubItem, name: str, by: Actor, now: datetime, **details: Any) -> SubItem:
    version = SubItem.objects.get(pk=item.pk).seq
    return make_move(item.pk, name, by=by, now=now, version=version, details=details)


def appoint(username: str, unit: str, role: str) -> None:
    Post.objects.create(user=User.objects.get(username=username), unit=Unit.objects.get(name=unit), role=role)


def resign(username: str, unit: str) -> None:
    Post.objects.filter(user__username=username, unit__name=unit).update(ended_at=datetime.now().astimezone())


@pytest.fixture
def handed_in(item: Item, actor: As, now: datetime) -> Callable[[str], SubItem]:
    """2.1 or another item of 教体局 handed in: drafted, uploaded and signed by three persons."""

    def made(number: str) -> SubItem:
        one = item(number)
        go(one, "accept", actor("majianjun"), now)
        save_draft(one.pk, by=actor("majianjun"), now=now, summary="稿", version=None)
        add_evidence(one.pk, SimpleUploadedFile("a.pdf", SAMPLES["pdf"]), by=actor("baihuiling"), now=now)
        if one.co_lead_ids:
            countersigned(one, "majianjun", CO_LEAD_HEADS[number], now)
        return go(one, "submit", actor("dinghaiyan"), now)

    return made


def countersigned(item: SubItem, lead: str, co_lead: str, now: datetime) -> None:
    """The draft sent round and signed by the one co-lead there is."""
    for write, username in ((circulate, lead), (countersign, co_lead)):
        said = {"summary": "请审核。"} if write is circulate else {}
        write(item.pk, by=person(username), now=now, version=SubItem.objects.get(pk=item.pk).seq, **said)


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["majianjun", "baihuiling", "dinghaiyan"])
def test_who_drafted_uploaded_or_submitted_is_barred_even_after_changing_units(
    handed_in: Callable[[str], SubItem], now: datetime, username: str
) -> None:
    one = handed_in("2.1")
    resign(username, "教体局")
    appoint(username, "教育工委", "verifier")
    for name in ("approve", "reject"):
        with pytest.raises(NotAllowed, match="您参与了这次报送"):
            go(one, name, person(username), now, comment="好")
    assert go(one, "approve", person("yangjing"), now).state == State.VERIFIED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "unit", "role"),
    [
        ("2.1", "教体局", "officer"),  # the lead
        ("11.1", "各乡镇", "head"),  # the supporting group itself
        ("11.1", "高仁乡", "officer"),  # a member of it
        ("11.1", "城关镇", "head"),
        ("3.1", "妇联", "officer"),  # a supporting unit
        ("18.1", "人社局", "head"),  # a co-lead
    ],
)
def test_who_works_in_a_unit_with_a_duty_is_barred(
    handed_in: Callable[[str], SubItem], now: datetime, number: str, unit: str, role: str
) -> None:
    one = handed_in(number)
    appoint("yangjing", unit, role)
    for name in ("approve", "reject"):
        with pytest.raises(NotAllowed, match=f"您在{unit}任职"):
            go(one, name, person("yangjing"), now, comment="好")
    resign("yangjing", unit)
    assert go(one, "reject", person("yangjing"), now, comment="请补").state == State.IN_PROGRESS


@pytest.mark.django_db
def test_verifier_with_a_post_elsewhere_is_not_barred(handed_in: Callable[[str], SubItem], now: datetime) -> None:
    one = handed_in("2.1")
    appoint("yangjing", "公安局", "head")
    appoint("yangjing", "教体局", "verifier")  # verifying for a lead is no work of the lead
    assert go(one, "approve", person("yangjing"), now).state == State.VERIFIED


@pytest.mark.django_db
def test_head_of_the_lead_who_verifies_for_the_supervisor_is_barred(
    handed_in: Callable[[str], SubItem], now: datetime
) -> None:
    one, ma = handed_in("2.1"), person("maguohua")
    assert {(post.unit_name, post.role) for post in ma.posts} == {("教育工委", "verifier"), ("教体局", "head")}
    for name in ("approve", "reject"):
        with pytest.raises(
            NotAllowed, match="您在教体局任职，教体局承担这一项，不能审核。教育工委的其他审核人可以审。"
        ):
            go(one, name, ma, now, comment="好")


@pytest.mark.django_db
def test_bar_ends_with_the_round(handed_in: Callable[[str], SubItem], now: datetime) -> None:
    """Who uploaded in a round may judge a later one, being in another office by then."""
    one = handed_in("3.2")
    go(one, "approve", person("yangjing"), now)
    go(one, "renew", person("wangxuewen"), now + timedelta(days=400))
    resign("baihuiling", "教体局")
    appoint("baihuiling", "教育工委", "verifier")
    report_progress(one.pk, by=person("majianjun"), now=now, percent=10, words="好")
    go(one, "submit", person("dinghaiyan"), now, summary="本期")
    assert go(one, "approve", person("baihuiling"), now).state == State.VERIFIED


@pytest.mark.django_db
def test_who_approved_does_not_close(handed_in: Callable[[str], SubItem], now: datetime) -> None:
    one = handed_in("2.1")
    appoint("yangjing", "教育工委", "coordinator")
    go(one, "approve", person("yangjing"), now)
    with pytest.raises(NotAllowed, match="您审核通过的"):
        go(one, "close", person("yangjing"), now)
    assert go(one, "close", person("wangxuewen"), now).state == State.CLOSED


@pytest.mark.django_db
def test_owner_led_item_is_closed_and_cancelled_by_inspectors_only(item: Item, actor: As, now: datetime) -> None:
    one = item("1.3")
    go(one, "accept", actor("suxiaohong"), now)
    report_progress(one.pk, by=actor("suxiaohong"), now=now, percent=100, words="已办。")
    countersigned(one, "hanlixin", "dinghaiyan", now)
    go(one, "submit", actor("hanlixin"), now)
    with pytest.raises(NotAllowed, match="由教体局审核"):
        go(one, "approve", actor("yangjing"), now)
    with pytest.raises(NotAllowed, match="由教体局审核"):
        go(one, "approve", actor("maguohua"), now)
    go(one, "approve", actor("changlihua"), now)
    for name, details in (("close", {}), ("cancel", {"comment": "并入"}), ("reopen", REOPEN)):
        with pytest.raises(NotAllowed, match="由督查办理"):
            go(one, name, actor("wangxuewen"), now, **details)
    assert go(one, "close", actor("yuanchunsheng"), now).state == State.CLOSED
    assert go(one, "reopen", actor("lizhiqiang"), now, **REOPEN).state == State.IN_PROGRESS
    assert go(one, "cancel", actor("lizhiqiang"), now, comment="并入").state == State.CANCELLED


SIGNED_BY_FINANCE = "5.3"  # 教体局 leads with 财政局; 教育工委 verifies
JUDGING: dict[str, tuple[str, dict[str, str]]] = {  # move → the post by which it is made elsewhere
    "approve": ("verifier", {}),
    "reject": ("verifier", {"comment": "请补"}),
    "close": ("coordinator", {}),
    "reopen": ("coordinator", {"comment": "复查", "due_on": "2030-12-31"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", JUDGING)
def test_who_countersigned_judges_nothing_of_the_round_even_after_changing_units(
    handed_in: Callable[[str], SubItem], now: datetime, name: str
) -> None:
    one, signer = handed_in(SIGNED_BY_FINANCE), CO_LEAD_HEADS[SIGNED_BY_FINANCE]
    assert User.objects.get(username=signer).pk in SubItem.objects.get(pk=one.pk).participants
    role, details = JUDGING[name]
    resign(signer, "财政局")
    appoint(signer, "教育工委", role)
    if name in ("close", "reopen"):
        go(one, "approve", person("yangjing"), now)
    with pytest.raises(NotAllowed, match="您参与了这次报送"):
        go(one, name, person(signer), now, **details)
    other = {"verifier": "yangjing", "coordinator": "wangxuewen"}[role]
    assert go(one, name, person(other), now, **details).seq > one.seq


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [countersign, refuse_countersign])
def test_who_countersigned_or_refused_to_grants_no_extension(
    item: Item, now: datetime, answer: Callable[..., SubItem]
) -> None:
    one, signer = item(SIGNED_BY_FINANCE), CO_LEAD_HEADS[SIGNED_BY_FINANCE]
    go(one, "accept", person("majianjun"), now)
    report_progress(one.pk, by=person("majianjun"), now=now, percent=50, words="在办。")
    circulate(one.pk, by=person("majianjun"), now=now, version=3, summary="请会签。")
    answer(one.pk, by=person(signer), now=now, version=4, opinion="数不对。")
    said = {"due_on": "2025-06-30", "reason": "未完工。", "progress": "在办。"}
    asked = request_extension(one.pk, by=person("dinghaiyan"), now=now, version=5, **said)
    resign(signer, "财政局")
    appoint(signer, "教育工委", "verifier")
    with pytest.raises(NotAllowed, match="您参与了这次报送"):
        decide_extension(asked.pk, "grant", by=person(signer), now=now, version=6)
    assert decide_extension(asked.pk, "grant", by=person("yangjing"), now=now, version=6).status == "granted"


@pytest.mark.django_db
def test_who_verifies_for_a_co_lead_may_not_have_signed_for_it(item: Item, now: datetime) -> None:
    """1.3: 教体局 signs, and checks as 互核; by two persons."""
    one = item("1.3")
    appoint("dinghaiyan", "教体局", "verifier")
    go(one, "accept", person("suxiaohong"), now)
    report_progress(one.pk, by=person("suxiaohong"), now=now, percent=100, words="已办。")
    countersigned(one, "suxiaohong", "dinghaiyan", now)
    go(one, "submit", person("hanlixin"), now)
    with pytest.raises(NotAllowed, match="您参与了这次报送"):
        go(one, "approve", person("dinghaiyan"), now)
    assert go(one, "approve", person("changlihua"), now).state == State.VERIFIED


REOPEN = {"comment": "复查", "due_on": "2024-12-31"}
