"""回头看: what is drawn and told, who may judge, what is refused in which order, and how a re-check ends."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import Post, Region, Unit, User
from notifications import rendering
from notifications.models import Message
from workflow import drawing, queries
from workflow.actions.moves import make_move
from workflow.actions.rechecks import draw, let_stand, promise, sealed
from workflow.actions.reports import report_progress
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.models import Draw, Plan, Recheck, Responsibility, SubItem
from workflow.models.journal import broken_links
from workflow.states import State

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

OFFICER, HEAD, VERIFIER, COORDINATOR = "majianjun", "dinghaiyan", "yangjing", "wangxuewen"
INSPECTOR, OTHER = "lizhiqiang", "second"
NUMBERS = ("2.1", "2.2", "3.1", "3.2")  # 教体局 leads, 教育工委 verifies and owns
TODAY = date(2021, 11, 22)


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("plan", "verifier").get(pk=item.pk)


def move(item: SubItem, name: str, username: str, now: datetime, **details: Any) -> SubItem:
    return make_move(item.pk, name, by=person(username), now=now, version=fresh(item).seq, details=details)


def close(item: SubItem, now: datetime) -> SubItem:
    """From 签收, or from in progress after a reopening, to 销号."""
    if fresh(item).state == State.ASSIGNED:
        move(item, "accept", OFFICER, now)
    report_progress(item.pk, by=person(OFFICER), now=now, percent=100, words="已办。", version=fresh(item).seq)
    move(item, "submit", HEAD, now, summary="请审核。")
    move(item, "approve", VERIFIER, now, comment="属实。")
    return move(item, "close", COORDINATOR, now, comment="材料齐全。")


def drawing_of(plan: Plan, now: datetime, username: str = INSPECTOR, **said: Any) -> Draw:
    said = {"number": Draw.objects.filter(plan=plan).count() + 1, "public": "福彩 3D 第2021311期 4 0 7", **said}
    said = {"closed_from": "2021-11-01", "closed_to": "2021-11-22", **said}
    if "percent" not in said:
        said = {"size": 2, **said}
    return draw(plan.pk, by=person(username), now=now, **said)


def stand(recheck: Recheck, now: datetime, username: str = INSPECTOR, **said: Any) -> Recheck:
    said = {"version": fresh(recheck.item).seq, "comment": "已到现场核查，与报送一致。", **said}
    return let_stand(recheck.pk, by=person(username), now=now, **said)


def reopen(item: SubItem, now: datetime, username: str = INSPECTOR, **said: Any) -> SubItem:
    return move(item, "reopen", username, now, **{"comment": "现场不符。", "due_on": "2022-06-30", **said})


def appoint(username: str, unit: str, role: str) -> None:
    user, _new = User.objects.get_or_create(username=username, defaults={"name": username})
    Post.objects.create(user=user, unit=Unit.objects.get(name=unit), role=role)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def sound(item: SubItem) -> bool:
    one = fresh(item)
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


@pytest.fixture
def closed(item: Item, now: datetime) -> list[SubItem]:
    """2.1, 2.2, 3.1 and 3.2, closed today."""
    return [close(item(number), now) for number in NUMBERS]


@pytest.fixture
def drawn(closed: list[SubItem], pingluo: Plan, now: datetime) -> Recheck:
    """The first of two drawn."""
    return drawing_of(pingluo, now).rechecks.first()


# --- a draw -----------------------------------------------------------------------------------------------------------
def test_a_draw_is_recorded_journaled_and_told(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    appoint(OTHER, "县委督查室", "inspector")
    made = drawing_of(pingluo, now)
    record, rechecks = made.published, list(made.rechecks.select_related("item"))
    assert (made.number, made.size, made.candidates, made.drawn_by.username) == (1, 2, 4, INSPECTOR)
    assert {candidate.number for candidate in record.candidates} == set(NUMBERS)
    assert [str(each.item.uid) for each in rechecks] == [each.uid for each in record.drawn]
    assert [each.uid for each in record.drawn] == drawing.draw(made.seed, [str(one.uid) for one in closed], 2)
    assert drawing.faults(made.record) == [] and queries.draw_is_sound(made)
    for place, each in enumerate(rechecks, 1):
        entry, one = each.item.journal.last(), fresh(each.item)
        before = next(candidate for candidate in record.candidates if candidate.uid == str(one.uid))
        assert (each.place, each.status, each.closing, each.round_no) == (place, "pending", before.closing, 1)
        assert each.closed_by_id == User.objects.get(username=COORDINATOR).pk
        assert (entry.action, entry.from_state, entry.to_state) == ("recheck.drawn", "closed", "closed")
        assert (entry.prev_hash, entry.seq) == (before.head, before.seq + 1)
        assert entry.details == {
            "draw": 1,
            "seed": made.seed,
            "record": drawing.fingerprint(made.record),
            "closing": each.closing,
        }
        assert (one.state, one.alarm_at, sound(one)) == (State.CLOSED, None, True)
    untouched = {one.number for one in closed} - {each.item.number for each in rechecks}
    assert [fresh(one).seq for one in closed if one.number in untouched] == [
        one.seq for one in closed if one.number in untouched
    ]
    assert OTHER in told("draw.made") and INSPECTOR not in told("draw.made")
    assert told("recheck.drawn") == {HEAD, "maguohua"}
    words = rendering.body(Message.objects.filter(kind="recheck.drawn").first())
    assert all(each.item.number in words for each in rechecks)


def test_heads_learn_of_their_own_items_alone(item: Item, pingluo: Plan, now: datetime) -> None:
    """18.2 is led by 县委组织部 and 教体局: the heads of both hear of it, and only one of 2.1."""
    SubItem.objects.filter(number__in=["2.1", "18.2"]).update(state=State.CLOSED)
    for number in ("2.1", "18.2"):
        one = item(number)
        entry = one.journal.last()
        one.journal.bulk_create(
            [
                type(entry)(
                    item=one,
                    seq=entry.seq + 1,
                    action="close",
                    from_state="verified",
                    to_state="closed",
                    round_no=1,
                    actor_name="某人",
                    at=now,
                    hash="x",
                )
            ]
        )
        SubItem.objects.filter(pk=one.pk).update(seq=entry.seq + 1)
    drawing_of(pingluo, now)
    heads = {
        message.recipient.username: message.context["numbers"]
        for message in Message.objects.filter(kind="recheck.drawn").select_related("recipient")
    }
    organisation = set(
        Post.objects.filter(unit__name="县委组织部", role="head").values_list("user__username", flat=True)
    )
    assert organisation and {heads[username] for username in organisation} == {"18.2"}
    assert set(heads[HEAD].split("、")) == {"2.1", "18.2"}


def test_the_same_draw_comes_out_of_what_is_published(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    made = drawing_of(pingluo, now, public="  福彩\t3D 第1期 ")
    assert (made.public, made.published.public) == ("福彩 3D 第1期", "福彩 3D 第1期")
    seal = drawing.seal_of(made.published.lines)
    assert made.seed == drawing.seed_of("福彩 3D 第1期", sealed(pingluo.pk, 1), seal)


def test_what_is_sealed_for_the_next_draw_is_promised_and_kept(
    closed: list[SubItem], pingluo: Plan, now: datetime
) -> None:
    first, second = (drawing_of(pingluo, now, size=1) for _each in range(2))
    assert first.next == promise(pingluo.pk, 2) == drawing.fingerprint(second.published.system)
    assert first.published.system != second.published.system
    assert first.published.next == first.next


def test_each_closing_is_drawn_once(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    first = drawing_of(pingluo, now)
    second = drawing_of(pingluo, now)
    numbers = [{each.item.number for each in made.rechecks.all()} for made in (first, second)]
    assert (second.number, second.candidates, numbers[0] | numbers[1]) == (2, 2, set(NUMBERS))
    with pytest.raises(Invalid, match="没有可抽的子项"):
        drawing_of(pingluo, now)


def test_closed_anew_an_item_is_drawn_anew(drawn: Recheck, pingluo: Plan, now: datetime) -> None:
    one = drawn.item
    reopen(one, now)
    close(one, now + timedelta(days=1))
    made = drawing_of(pingluo, now + timedelta(days=1), size=3, closed_to="2021-11-23")
    again = made.rechecks.get(item=one)
    assert (made.candidates, again.status) == (3, "pending")
    assert again.closing > drawn.closing


def test_a_percentage_is_rounded_up(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    sizes = {}
    for percent in (1, 25, 26, 50, "75", 100):
        savepoint = transaction.savepoint()
        sizes[percent] = drawing_of(pingluo, now, percent=percent).size
        transaction.savepoint_rollback(savepoint)
    assert sizes == {1: 1, 25: 1, 26: 2, 50: 2, "75": 3, 100: 4}


def test_days_bound_what_is_drawn_from(item: Item, pingluo: Plan, now: datetime) -> None:
    for days, number in enumerate(NUMBERS):
        close(item(number), now + timedelta(days=days))
    made = drawing_of(pingluo, now + timedelta(days=9), size=1, closed_from="2021-11-23", closed_to="2021-11-24")
    assert {candidate.number for candidate in made.published.candidates} == {"2.2", "3.1"}


# --- bad input --------------------------------------------------------------------------------------------------------
BAD = [
    ({"size": 0}, "1 以上的整数"),
    ({"size": -1}, "1 以上的整数"),
    ({"size": "二"}, "1 以上的整数"),
    ({"size": "１"}, "1 以上的整数"),
    ({"size": 1.5}, "1 以上的整数"),
    ({"size": True}, "1 以上的整数"),
    ({"size": 10**30}, "可抽的只有 4 项"),
    ({"size": 5}, "可抽的只有 4 项，抽不了 5 项"),
    ({"size": None}, "抽几项，或者抽百分之几"),
    ({"size": 2, "percent": 10}, "只写一样"),
    ({"percent": 0}, "1 以上的整数"),
    ({"percent": 101}, "1 到 100"),
    ({"percent": []}, "1 以上的整数"),
    ({"closed_from": "2021-11-22", "closed_to": "2021-11-21"}, "起止反了"),
    ({"closed_to": "2021-11-23"}, "最晚到今天"),
    ({"closed_from": ""}, "从哪天到哪天"),
    ({"closed_to": None}, "从哪天到哪天"),
    ({"closed_from": "去年"}, "日期要写成"),
    ({"closed_from": 20211101}, "日期要写成"),
    ({"closed_from": "2021-11-01", "closed_to": "2021-11-21"}, "没有可抽的子项"),
    ({"public": ""}, "请写公开数"),
    ({"public": None}, "请写公开数"),
    ({"public": " \n\u3000"}, "请写公开数"),
    ({"public": 407}, "写成文字"),
    ({"public": "x" * 201}, "公开数超过 200 字"),
    ({"public": "a\0b"}, "无法保存的字符"),
    ({"public": "a\u202eb"}, "无法保存的字符"),
    ({"number": None}, "第几次抽取"),
    ({"number": "1"}, "第几次抽取"),
]


def test_bad_input_is_refused_and_nothing_written(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    wrongly = []
    for said, sentence in BAD:
        try:
            drawing_of(pingluo, now, **said)
        except Invalid as refusal:
            if sentence in str(refusal):
                continue
            wrongly.append((said, str(refusal)))
        else:
            wrongly.append((said, "was drawn"))
    assert wrongly == []
    assert not Draw.objects.exists() and not Message.objects.filter(kind="draw.made").exists()
    assert [fresh(one).seq for one in closed] == [one.seq for one in closed]


def test_hostile_words_stay_words(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    made = drawing_of(pingluo, now, public="x\n# seed: 0\n# drawn: 1 2\r\n1 2 3 4 5")
    assert made.public == "x # seed: 0 # drawn: 1 2 1 2 3 4 5"
    assert drawing.faults(made.record) == []


def test_order_of_refusals_of_a_draw(closed: list[SubItem], pingluo: Plan, now: datetime) -> None:
    abroad = Unit.objects.create(
        region=Region.objects.create(name="邻县", code="abroad"), name="邻县督查室", position=1
    )
    user = User.objects.create(username="abroad", name="外人")
    Post.objects.create(user=user, unit=abroad, role="inspector")
    with pytest.raises(NotFound):
        drawing_of(pingluo, now, "abroad", number=9)
    with pytest.raises(StaleVersion, match="别人刚抽过一次"):
        drawing_of(pingluo, now, COORDINATOR, number=2)
    Plan.objects.update(published_at=None)
    with pytest.raises(NotFound):  # a draft is the coordinators'
        drawing_of(pingluo, now)
    with pytest.raises(StaleVersion):
        drawing_of(pingluo, now, COORDINATOR, number=2)
    with pytest.raises(MoveNotPossible, match="还没有发布"):
        drawing_of(pingluo, now, COORDINATOR, size=0)
    Plan.objects.update(published_at=now)
    for username in (COORDINATOR, OFFICER, VERIFIER, leader()):
        with pytest.raises(NotAllowed, match="回头看由督查抽取"):
            drawing_of(pingluo, now, username, size=0)


def leader() -> str:
    return Post.objects.filter(role="leader").values_list("user__username", flat=True)[0]


def test_nothing_closed(pingluo: Plan, now: datetime) -> None:
    with pytest.raises(Invalid, match="没有可抽的子项"):
        drawing_of(pingluo, now)


# --- verdicts ---------------------------------------------------------------------------------------------------------
def test_a_closing_that_stands(drawn: Recheck, now: datetime) -> None:
    before = fresh(drawn.item)
    done = stand(drawn, now)
    one, entry = fresh(drawn.item), drawn.item.journal.last()
    assert (done.status, done.settled_by.username, done.settled_at) == ("stands", INSPECTOR, now)
    assert (entry.action, entry.comment, entry.seq) == ("recheck.stands", done.comment, before.seq + 1)
    assert entry.details == {"draw": 1, "closing": drawn.closing}
    assert (one.state, one.holder_id, one.held_since) == (State.CLOSED, None, before.held_since)
    assert told("recheck.stands") >= {OFFICER, HEAD, COORDINATOR}
    assert done.comment in rendering.body(Message.objects.filter(kind="recheck.stands").first())
    assert sound(one) and queries.pending_recheck(one) is None


def test_an_inspector_reopens_and_the_old_closing_is_kept(drawn: Recheck, now: datetime) -> None:
    one = reopen(drawn.item, now + timedelta(hours=1))
    recheck, entry = Recheck.objects.get(pk=drawn.pk), one.journal.last()
    assert (recheck.status, recheck.settled_by.username, recheck.comment) == ("reopened", INSPECTOR, "现场不符。")
    assert entry.details.items() >= {"recheck": "reopened", "draw": 1, "closing": drawn.closing}.items()
    assert one.state == State.IN_PROGRESS
    close(one, now + timedelta(days=1))
    later, earlier = queries.closings(one.journal.order_by("seq"), one.rechecks.all())
    assert (earlier.seq, earlier.at, earlier.submission, earlier.recheck) == (drawn.closing, now, 1, recheck)
    assert (earlier.by, earlier.unit, earlier.comment) == ("王学文", "教育工委", "材料齐全。")
    assert (earlier.approved_by, earlier.reopened_at) == ("杨静", now + timedelta(hours=1))
    assert (later.at, later.submission, later.recheck, later.reopened_at) == (now + timedelta(days=1), 2, None, None)
    assert sound(one)


def test_the_owners_reopening_overtakes_a_recheck(drawn: Recheck, now: datetime) -> None:
    one = reopen(drawn.item, now, COORDINATOR)
    recheck = Recheck.objects.get(pk=drawn.pk)
    assert (recheck.status, recheck.settled_by.username) == ("dropped", COORDINATOR)
    with pytest.raises(MoveNotPossible, match="已经重启，这次回头看随之结束"):
        stand(recheck, now)
    close(one, now)
    with pytest.raises(MoveNotPossible, match="已经重启，这次回头看随之结束"):
        stand(recheck, now)


def test_a_recheck_is_settled_once(drawn: Recheck, now: datetime) -> None:
    stand(drawn, now)
    with pytest.raises(MoveNotPossible, match="已有结论：结论成立"):
        stand(drawn, now)
    reopen(drawn.item, now)  # by another road: the verdict stays
    assert Recheck.objects.get(pk=drawn.pk).status == "stands"


def concerned(kind: str, item: SubItem) -> None:
    """Make the inspector somebody concerned."""
    me = User.objects.get(username=INSPECTOR)
    entries = item.journal.filter(action="close")
    if kind in ("officer", "head"):
        appoint(INSPECTOR, "教体局", kind)
    elif kind == "support":
        unit = Unit.objects.get(name="科协")  # of its own accord not every item has a support
        Responsibility.objects.get_or_create(item=item, unit=unit, defaults={"duty": "support", "position": 9})
        appoint(INSPECTOR, unit.name, "officer")
    elif kind == "took part":
        SubItem.objects.filter(pk=item.pk).update(participants=[me.pk])
    elif kind == "approved":
        SubItem.objects.filter(pk=item.pk).update(approved_by=me)
    else:
        assert entries.exists()
        Recheck.objects.filter(item=item).update(closed_by_id=me.pk)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("officer", "您在教体局任职，教体局承担这一项，不能回头看"),
        ("head", "您在教体局任职"),
        ("support", "承担这一项，不能回头看"),
        ("took part", "您参与了这次报送，不能回头看"),
        ("approved", "这一项是您审核通过的，回头看要由另一位督查办理"),
        ("closed", "这一项是您销号的，回头看要由另一位督查办理"),
    ],
)
def test_nobody_concerned_says_a_closing_stands(drawn: Recheck, now: datetime, kind: str, sentence: str) -> None:
    appoint(OTHER, "县委督查室", "inspector")
    one = fresh(drawn.item)
    concerned(kind, one)
    assert queries.count_to_recheck(person(INSPECTOR), TODAY) < 2 == queries.count_to_recheck(person(OTHER), TODAY)
    with pytest.raises(NotAllowed, match=sentence):
        stand(drawn, now)
    assert Recheck.objects.get(pk=drawn.pk).is_pending
    if kind in ("approved", "closed"):  # may reopen all the same; that is no verdict on the own work
        reopen(one, now)
        assert Recheck.objects.get(pk=drawn.pk).status == "dropped"
    else:
        with pytest.raises(NotAllowed):
            reopen(one, now)
        assert stand(drawn, now, OTHER).status == "stands"


REFUSED: list[tuple[str, dict[str, Any], type[WorkflowError]]] = [
    (OFFICER, {}, NotFound),
    (HEAD, {}, NotFound),
    (VERIFIER, {}, NotFound),
    (COORDINATOR, {}, NotAllowed),
    ("leader", {}, NotAllowed),
    (COORDINATOR, {"version": 1, "comment": ""}, StaleVersion),
    (COORDINATOR, {"version": None, "comment": ""}, NotAllowed),
    (INSPECTOR, {"version": 1, "comment": ""}, StaleVersion),
    (INSPECTOR, {"version": None}, Invalid),
    *((INSPECTOR, {"comment": wrong}, Invalid) for wrong in ("", " \u200b", None, 7, "x" * 5001, "a\0")),
]


def test_refusals_of_a_verdict(drawn: Recheck, now: datetime) -> None:
    before = fresh(drawn.item)
    for username, said, refusal in REFUSED:
        with pytest.raises(refusal):
            stand(drawn, now, leader() if username == "leader" else username, **said)
    assert (fresh(drawn.item).seq, Recheck.objects.get(pk=drawn.pk).status) == (before.seq, "pending")


def test_what_does_not_exist_is_not_found(drawn: Recheck, now: datetime) -> None:
    with pytest.raises(NotFound):
        let_stand(10**12, by=person(INSPECTOR), now=now, version=1, comment="x")
    with pytest.raises(NotFound):
        draw(10**12, by=person(INSPECTOR), now=now, number=1, public="x", closed_from=None, closed_to=None)


# --- what the database keeps ------------------------------------------------------------------------------------------
def test_the_database_keeps_one_pending_recheck_an_item(drawn: Recheck) -> None:
    for closing in (drawn.closing, drawn.closing + 1):
        twin = Recheck(draw=drawn.draw, place=9, item=drawn.item, round_no=1, closing=closing)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recheck.objects.filter(pk=drawn.pk).update(status="stands")


def test_a_changed_record_shows(drawn: Recheck) -> None:
    made = Draw.objects.get(pk=drawn.draw_id)
    assert queries.draw_is_sound(made)
    text = made.record.replace("4 0 7", "4 0 8")
    Draw.objects.filter(pk=made.pk).update(record=text)
    assert not queries.draw_is_sound(Draw.objects.get(pk=made.pk))
    Draw.objects.filter(pk=made.pk).update(record=drawing.read(text).written())  # consistent in itself
    assert not queries.draw_is_sound(Draw.objects.get(pk=made.pk))


def test_a_recheck_left_out_of_a_draw_shows(drawn: Recheck) -> None:
    made = Draw.objects.get(pk=drawn.draw_id)
    Recheck.objects.filter(pk=drawn.pk).delete()
    assert not queries.draw_is_sound(made)
