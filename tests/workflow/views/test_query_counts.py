"""Every list costs the same number of queries, however long it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from tests.workflow.file_samples import SAMPLES
from workflow import clock
from workflow.actions import parts
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.criteria import propose_criteria, settle_proposal
from workflow.actions.escalations import sweep_through
from workflow.actions.evidence import add_evidence, add_to_part
from workflow.actions.extensions import decide_extension, request_extension
from workflow.actions.moves import make_move
from workflow.actions.objections import raise_objection
from workflow.actions.rechecks import draw
from workflow.actions.reports import report_progress, save_draft
from workflow.models import Draw, Extension, Part, SubItem

As = Callable[[str], Actor]
Item = Callable[[str], SubItem]
SOME = ["2.1", "2.2", "9.1"]  # led by 教体局 alone, verified by 教育工委


@pytest.fixture(autouse=True)
def _day_after(item: Item) -> None:
    clock.forward(1)


def queries(username: str, path: str) -> int:
    client, user = Client(), User.objects.get(username=username)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(path)  # what is kept in memory is read before
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def move(number: str, name: str, by: Actor, **details: Any) -> None:
    item = SubItem.objects.get(number=number)
    make_move(item.pk, name, by=by, now=clock.now(), version=item.seq, details=details)


def measure(number: str, actor: As, *, many: int = 1, agree: bool = True) -> None:
    item = SubItem.objects.get(number=number)
    said = [{"text": f"标准 {no}"} for no in range(1, many + 1)]
    propose_criteria(item.pk, by=actor("majianjun"), now=clock.now(), version=item.seq, proposed=said)
    if agree:
        settle_proposal(item.pk, "agree", by=actor("yangjing"), now=clock.now(), version=item.seq + 1, comment=None)


def hand_in(number: str, actor: As, *, files: int = 1, answers: Any = None) -> None:
    item = SubItem.objects.get(number=number)
    if item.state == "assigned":
        move(number, "accept", actor("majianjun"))
    for count in range(files):
        name = f"{number} {item.seq} {count}.pdf"
        add_evidence(item.pk, SimpleUploadedFile(name, SAMPLES["pdf"]), by=actor("majianjun"), now=clock.now())
        report_progress(item.pk, by=actor("majianjun"), now=clock.now(), percent=count, words="在办。")
    move(number, "submit", actor("dinghaiyan"), summary="请审核。", answers=answers)


# --- 工作台 -----------------------------------------------------------------------------------------------------------
def test_signing_many_costs_as_much_as_signing_one(item: Item, actor: As) -> None:
    many = queries("nafang", "/"), queries("majianjun", "/")
    for each in SubItem.objects.filter(state="assigned", holder__name="教体局")[1:]:
        move(each.number, "accept", actor("dinghaiyan"))
    assert (queries("nafang", "/"), queries("majianjun", "/")) == many


def test_many_returned_cost_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number in SOME:
        hand_in(number, actor)
        move(number, "reject", actor("yangjing"), comment="请补名单。")
        counts.append(queries("majianjun", "/"))
    assert counts == [counts[0]] * 3


def test_reviewing_many_costs_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number in SOME:
        hand_in(number, actor)
        counts.append((queries("yangjing", "/"), queries("yangjing", f"/review/{item('2.1').pk}/")))
    assert counts == [counts[0]] * 3


def test_agreeing_to_many_criteria_costs_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number in SOME:
        measure(number, actor, agree=False)
        counts.append((queries("yangjing", "/"), queries("majianjun", f"/items/{item('2.1').pk}/")))
    assert counts == [counts[0]] * 3


def test_judging_many_criteria_costs_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number, many in zip(SOME, (1, 3, 12), strict=True):
        measure(number, actor, many=many)
        hand_in(number, actor, answers={str(no): {"text": "已办。"} for no in range(1, many + 1)})
        pk = item(number).pk
        pages = (("yangjing", f"/review/{pk}/"), ("dinghaiyan", f"/items/{pk}/"), ("yangjing", "/review/several/"))
        counts.append([queries(*page) for page in pages])
    assert counts == [counts[0]] * 3


def test_choosing_among_many_costs_as_much_as_among_one(item: Item, actor: As) -> None:
    reviewing, concluding = [], []
    for number in SOME:
        hand_in(number, actor)
        reviewing.append(queries("yangjing", "/review/several/"))
    for number in SOME:
        move(number, "approve", actor("yangjing"))
        concluding.append((queries("wangxuewen", "/concluding/"), queries("wangxuewen", "/")))
    assert reviewing == [reviewing[0]] * 3
    assert concluding[:2] == [concluding[0]] * 2  # the last leaves nothing under review, whose reviewers are asked for
    assert concluding[2] < concluding[0]


def test_deciding_many_requests_costs_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number in (one.number for one in running_out(actor)):
        ask(number, actor)
        counts.append((queries("yangjing", "/"), queries("lizhiqiang", "/ledger/")))
    assert (len(counts), counts) == (3, [counts[0]] * 3)


def test_answering_many_objections_costs_as_much_as_one(item: Item, actor: As) -> None:
    counts = []
    for number in SOME:
        one = item(number)
        said = {"reason": "不归本单位管。", "suggested": "团县委"}
        raise_objection(one.pk, by=actor("dinghaiyan"), now=clock.now(), version=one.seq, **said)
        page = one.get_absolute_url()
        counts.append([queries("wangxuewen", "/"), queries("dinghaiyan", "/"), queries("wangxuewen", page)])
        counts[-1].append(queries("wangxuewen", "/api/v1/sub-items"))
    assert counts == [counts[0]] * 3


@pytest.mark.parametrize("answered", ["asked", "signed", "refused"])
def test_countersigning_many_costs_as_much_as_one(item: Item, actor: As, answered: str) -> None:
    """The desks of the co-lead's head, of the main lead's officer and of its head."""
    counts = []
    for number in SOME:
        one, officer, head = item(number), actor("majianjun"), actor("liuyongning")
        move(number, "amend", actor("wangxuewen"), comment="会议纪要", leads="教体局、财政局")
        move(number, "accept", officer)
        report_progress(one.pk, by=officer, now=clock.now(), percent=50, words="在办。")
        circulate(one.pk, by=officer, now=clock.now(), version=4, summary="请会签。")
        if answered == "signed":
            countersign(one.pk, by=head, now=clock.now(), version=5)
        elif answered == "refused":
            refuse_countersign(one.pk, by=head, now=clock.now(), version=5, opinion="数不对。")
        counts.append([queries(username, "/") for username in ("liuyongning", "majianjun", "dinghaiyan")])
    assert counts == [counts[0]] * 3


def test_item_signed_often_costs_as_much_as_once(item: Item, actor: As) -> None:
    one, officer = item("21.1"), actor("zhuminjie")
    move(one.number, "accept", officer)
    report_progress(one.pk, by=officer, now=clock.now(), percent=50, words="在办。")
    page, counts = one.get_absolute_url(), []
    for words in ("一稿", "二稿", "三稿"):
        circulate(one.pk, by=officer, now=clock.now(), version=item("21.1").seq, summary=words)
        countersign(one.pk, by=actor("dinghaiyan"), now=clock.now(), version=item("21.1").seq)
        counts.append([queries(who, page) for who in ("dinghaiyan", "hewenbin", "lizhiqiang")])
        save_draft(one.pk, by=officer, now=clock.now(), summary=f"{words}改", version=None)
    assert counts == [counts[0]] * 3


def test_naming_for_many_costs_as_much_as_for_one(item: Item, actor: As) -> None:
    """Nobody of 教育工委 may review what 教体局 leads."""
    Post.objects.create(user_id=actor("yangjing").user_id, unit=Unit.objects.get(name="教体局"), role="officer")
    counts = []
    for number in SOME:
        hand_in(number, actor)
        counts.append([queries("wangxuewen", "/"), queries("wangxuewen", item("2.1").get_absolute_url())])
        counts[-1].append(queries("lizhiqiang", "/api/v1/sub-items"))
    assert counts == [counts[0]] * 3


def test_many_documents_cost_as_much_as_one(item: Item, actor: As) -> None:
    one, counts = item("2.1"), []
    for notes in ("一", "二", "三"):
        basis, version = SimpleUploadedFile("通知.pdf", SAMPLES["pdf"]), SubItem.objects.get(pk=one.pk).seq
        said = {"comment": "修订", "notes": notes}
        make_move(one.pk, "amend", by=actor("wangxuewen"), now=clock.now(), version=version, details=said, basis=basis)
        journal = f"/api/v1/sub-items/{one.pk}/journal"
        counts.append([queries("lizhiqiang", one.get_absolute_url()), queries("lizhiqiang", journal)])
    assert counts == [counts[0]] * 3


def running_out(actor: As) -> list[SubItem]:
    """Some items of 教体局 that have a date of their own, signed for."""
    items = SubItem.objects.filter(kind="date", holder__name="教体局", due_on__gt="2022-01-01").order_by("position")
    found = list(items[:3])
    for each in found:
        move(each.number, "accept", actor("majianjun"))
    return found


def ask(number: str, actor: As) -> None:
    item = SubItem.objects.get(number=number)
    said = {"due_on": item.due_on + timedelta(days=30), "reason": "未完工。", "progress": "在办。"}
    request_extension(item.pk, by=actor("dinghaiyan"), now=clock.now(), version=item.seq, **said)


def test_accept_page_costs_the_same(item: Item, actor: As) -> None:
    assert queries("hewenbin", "/accept/") == queries("majianjun", "/accept/")


# --- 台账 -------------------------------------------------------------------------------------------------------------
def test_whole_ledger_costs_as_much_as_one_row(item: Item) -> None:
    assert queries("lizhiqiang", "/ledger/?lead=教体局") == queries("lizhiqiang", "/ledger/?lead=自然资源局")


def test_rungs_of_the_ledger_cost_one_query(item: Item, actor: As) -> None:
    start = clock.now()
    end = clock.forward(450)
    before = queries("lizhiqiang", "/ledger/")  # a desk of that day, in all but what the ladder raised
    sweep_through(start=start, end=end)
    assert queries("lizhiqiang", "/ledger/") == before


# --- 子项 and 审核 ----------------------------------------------------------------------------------------------------
def test_item_with_much_costs_as_much_as_with_little(item: Item, actor: As) -> None:
    one = item("2.1")
    hand_in(one.number, actor)
    page, review = one.get_absolute_url(), f"/review/{one.pk}/"
    little = queries("lizhiqiang", page), queries("yangjing", page), queries("yangjing", review)
    for _round in range(3):
        move(one.number, "reject", actor("yangjing"), comment="请补名单。")
        hand_in(one.number, actor, files=3)
    assert (queries("lizhiqiang", page), queries("yangjing", page), queries("yangjing", review)) == little


def test_item_asked_for_often_costs_as_much_as_once(item: Item, actor: As) -> None:
    one = item("2.1")
    move(one.number, "accept", actor("majianjun"))
    page, counts = one.get_absolute_url(), []
    for _again in range(3):
        ask(one.number, actor)
        counts.append([queries(who, page) for who in ("yangjing", "dinghaiyan", "lizhiqiang")])
        extension, version = Extension.objects.open().get(), SubItem.objects.get(pk=one.pk).seq
        decide_extension(extension.pk, "refuse", by=actor("yangjing"), now=clock.now(), version=version, comment="不行")
    assert counts == [counts[0]] * 3


# --- 回头看 -----------------------------------------------------------------------------------------------------------
def test_many_drawn_cost_as_much_as_one(item: Item, actor: As) -> None:
    for number in SOME:
        hand_in(number, actor)
        move(number, "approve", actor("yangjing"))
        move(number, "close", actor("wangxuewen"), comment="办结。")
    plan, today = item("2.1").plan_id, clock.today()
    days = {"closed_from": today, "closed_to": today}
    counts = []
    for number in (1, 2, 3):
        draw(plan, by=actor("lizhiqiang"), now=clock.now(), number=number, public="号码", size=1, **days)
        last = Draw.objects.get(number=number)
        paths = ["/", "/rechecks/", last.get_absolute_url(), last.rechecks.get().item.get_absolute_url()]
        counts.append([queries(who, path) for who in ("lizhiqiang", "zhoumin") for path in paths])
    assert counts == [counts[0]] * 3


# --- 配合 -------------------------------------------------------------------------------------------------------------
def asked(number: str, actor: As, units: list[str] | None = None) -> SubItem:
    item = SubItem.objects.get(number=number)
    if item.state == "assigned":
        move(number, "accept", actor("majianjun"))
        item = SubItem.objects.get(number=number)
    parts.ask_for_parts(item.pk, by=actor("majianjun"), now=clock.now(), version=item.seq, units=units)
    return item


def give(part: Part, by: Actor) -> None:
    add_to_part(part.pk, SimpleUploadedFile(f"{part.pk}.pdf", SAMPLES["pdf"]), by=by, now=clock.now())
    parts.take_step(part.pk, "answer", by=by, now=clock.now(), said="已报。")


def test_the_panel_of_thirteen_costs_as_much_as_of_one(item: Item, actor: As) -> None:
    one = asked("11.1", actor, ["城关镇"])
    page, counts = one.get_absolute_url(), []
    whole = ("majianjun", "dinghaiyan", "yangjing", "lizhiqiang")
    give(Part.objects.get(unit__name="城关镇"), actor("limengyao"))
    counts.append([queries(who, page) for who in whole])
    asked("11.1", actor, ["黄渠桥镇", "宝丰镇"])
    give(Part.objects.get(unit__name="黄渠桥镇"), actor("wangcaixia"))
    counts.append([queries(who, page) for who in whole])
    asked("11.1", actor)
    counts.append([queries(who, page) for who in whole])
    assert Part.objects.filter(item=one).count() == 13
    assert counts == [counts[0]] * 3


def test_giving_many_parts_costs_as_much_as_giving_one(item: Item, actor: As) -> None:
    supported = SubItem.objects.filter(holder__name="教体局", responsibilities__unit__name="文广局")
    numbers = list(supported.values_list("number", flat=True)[:3])
    counts = []
    for number in numbers:
        asked(number, actor, ["文广局"])
        counts.append((queries("jinlijuan", "/"), queries("majianjun", "/")))
    assert (len(counts), [count[0] for count in counts]) == (3, [counts[0][0]] * 3)
    assert counts[1][1] == counts[2][1]


# --- 消息 -------------------------------------------------------------------------------------------------------------
def test_many_messages_cost_as_much_as_one(item: Item, actor: As) -> None:
    one = queries("majianjun", "/inbox/")
    start = clock.now()
    sweep_through(start=start, end=clock.forward(40))
    for number in SOME:
        hand_in(number, actor)
        move(number, "reject", actor("yangjing"), comment="请补名单。")
    assert queries("majianjun", "/inbox/") == one


def test_deciding_the_year_for_many_duties_costs_as_much_as_for_one(item: Item) -> None:
    clock.forward(12)  # into December
    ongoing = list(SubItem.objects.filter(kind="ongoing").values_list("pk", flat=True))
    SubItem.objects.filter(pk__in=ongoing[1:]).update(kind="date")
    one = queries("wangxuewen", "/yearly/")
    SubItem.objects.filter(pk__in=ongoing).update(kind="ongoing")
    assert (len(ongoing), queries("wangxuewen", "/yearly/")) == (15, one)
