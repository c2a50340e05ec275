"""改任务 and 改派: what a coordinator changes of a running item, who may, who learns of it, and what stays."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications import rendering
from notifications.models import Message
from workflow.actions.countersigning import circulate, countersign
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from workflow.models import Plan, Responsibility, SubItem
from workflow.models.journal import broken_links
from workflow.queries.changes import changes_of
from workflow.states import State

Item = Callable[[str], SubItem]
As = Callable[[str], Actor]
pytestmark = pytest.mark.django_db

BASIS = "平教领发〔2021〕9号"
SOME_DAY = {"kind": "date", "start_on": None, "due_on": "2023-06-30", "freq": None}


def go(item: SubItem, name: str, by: Actor, now: datetime, **details: Any) -> SubItem:
    version = SubItem.objects.get(pk=item.pk).seq
    return make_move(item.pk, name, by=by, now=now, version=version, details={"comment": BASIS, **details})


def fresh(item: SubItem) -> SubItem:
    return SubItem.objects.with_responsibilities().select_related("holder", "verifier", "assignee").get(pk=item.pk)


def changes(item: SubItem) -> dict[str, Any]:
    return item.journal.last().details["changes"]


def names(units: list[Unit]) -> list[str]:
    return [unit.name for unit in units]


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def sound(item: SubItem) -> bool:
    one = SubItem.objects.get(pk=item.pk)
    return list(broken_links(str(one.uid), one.seq, one.head, one.journal.order_by("seq"))) == []


# --- what changes -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "details", "kept"),
    [
        ("2.1", {"text": "建成三级竞赛体系。"}, {"text": [None, "建成三级竞赛体系。"]}),
        ("2.1", {"notes": "每季调度"}, {"notes": ["", "每季调度"]}),
        ("2.1", {"deadline_raw": "2022年底"}, {"deadline_raw": ["2022年", "2022年底"]}),
        ("5.1", {"supports": []}, {"supports": [["教体局"], []]}),
        ("5.1", {"supports": "县财政局、平罗县教育体育局、财政局"}, {"supports": [["教体局"], ["财政局", "教体局"]]}),
        (
            "5.1",
            {"leads": ["自然资源局", "教体局"]},  # it supported: counted once, as lead
            {"leads": [["自然资源局"], ["自然资源局", "教体局"]], "supports": [["教体局"], []]},
        ),
        ("5.3", {"leads": ["教体局"]}, {"leads": [["教体局", "财政局"], ["教体局"]]}),
    ],
)
def test_amending_changes_what_was_said_and_keeps_before_and_after(
    item: Item, actor: As, now: datetime, number: str, details: dict[str, Any], kept: dict[str, Any]
) -> None:
    before = item(number)
    go(before, "amend", actor("wangxuewen"), now, **details)
    after, entry = fresh(before), before.journal.last()
    assert changes(after) == {
        name: [pair[0] if pair[0] is not None else before.text, pair[1]] for name, pair in kept.items()
    }
    assert (entry.action, entry.comment, entry.from_state, entry.to_state) == ("amend", BASIS, "assigned", "assigned")
    for name, (_old, new) in kept.items():
        found = names(getattr(after, name)) if name in ("leads", "supports") else getattr(after, name)
        assert found == new
    same = ("holder_id", "held_since", "assignee_id", "clocks", "due_on", "yellow_on", "verifier_id", "printed")
    assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}
    assert sound(after)


@pytest.mark.parametrize(
    ("number", "deadline", "due_on", "words"),
    [
        ("2.1", SOME_DAY, date(2023, 6, 30), "2023年6月30日"),
        ("2.1", {"kind": "date", "due_on": "2021-11-23"}, date(2021, 11, 23), "2021年11月23日"),
        (
            "2.1",
            {"kind": "range", "start_on": "2022-03-01", "due_on": "2022-06-30"},
            date(2022, 6, 30),
            "2022年3月1日至2022年6月30日",
        ),
        ("2.2", {"kind": "ongoing", "freq": "quarterly"}, date(2022, 3, 31), "长期坚持"),
        ("2.2", {"kind": "recurring", "freq": "half-yearly"}, date(2022, 6, 30), "每半年"),
        ("3.2", {"kind": "recurring", "freq": "monthly"}, date(2021, 12, 31), "每月"),
        ("3.2", SOME_DAY, date(2023, 6, 30), "2023年6月30日"),
    ],
)
def test_another_deadline_moves_the_date_and_starts_its_clock_anew(
    item: Item, actor: As, now: datetime, number: str, deadline: dict[str, Any], due_on: date, words: str
) -> None:
    one = item(number)
    later = now + timedelta(minutes=1)
    go(one, "amend", actor("wangxuewen"), later, deadline=deadline)
    after = fresh(one)
    assert (after.due_on, after.deadline_raw, after.original_due_on) == (due_on, words, date(2022, 12, 31))
    assert (after.kind, after.freq) == (deadline["kind"], deadline.get("freq") or "")
    assert after.clocks["due"] == {"seq": 2, "since": "2021-11-22"}
    assert after.clocks["sign"]["seq"] == 1
    assert after.yellow_on is not None and one.start_on <= after.yellow_on <= due_on
    assert changes(after)["deadline"][1]["due_on"] == due_on.isoformat()


def test_printed_words_are_kept_as_said(item: Item, actor: As, now: datetime) -> None:
    go(item("2.1"), "amend", actor("wangxuewen"), now, deadline=SOME_DAY, deadline_raw="2023年上半年")
    assert item("2.1").deadline_raw == "2023年上半年"


@pytest.mark.parametrize("kind", ["ongoing", "recurring"])
def test_round_is_not_prolonged_by_another_word_for_it(item: Item, actor: As, now: datetime, kind: str) -> None:
    """On 1 December the first round from today would end a year later."""
    one, day = item("3.2"), now + timedelta(days=380)
    said = {"kind": kind, "freq": "yearly"}
    if kind == "ongoing":
        with pytest.raises(Invalid, match="没有要改的地方"):
            go(one, "amend", actor("wangxuewen"), day, deadline=said)
    else:
        go(one, "amend", actor("wangxuewen"), day, deadline=said)
        assert item("3.2").kind == "recurring"
    assert (item("3.2").due_on, item("3.2").clocks) == (one.due_on, one.clocks)


def test_term_that_has_begun_keeps_its_first_day(item: Item, actor: As, now: datetime) -> None:
    one, by = item("2.1"), actor("wangxuewen")
    day = now + timedelta(days=30)
    go(one, "amend", by, day, deadline={"kind": "range", "start_on": "2021-09-01", "due_on": "2022-12-31"})
    assert (item("2.1").start_on, item("2.1").clocks) == (one.start_on, one.clocks)
    go(one, "amend", by, day, deadline={"kind": "range", "start_on": "2022-03-01", "due_on": "2022-12-31"})
    assert (item("2.1").start_on, item("2.1").clocks) == (date(2022, 3, 1), one.clocks)
    go(one, "amend", by, day, deadline={"kind": "date", "due_on": "2022-01-31"})
    assert (item("2.1").start_on, item("2.1").due_on) == (day.date(), date(2022, 1, 31))


def test_date_that_has_passed_may_stay_while_words_change(item: Item, actor: As, now: datetime) -> None:
    one = item("2.1")
    same = {"kind": "date", "due_on": one.due_on.isoformat()}
    go(one, "amend", actor("wangxuewen"), now + timedelta(days=600), deadline=same, notes="逾期")
    assert changes(one) == {"notes": ["", "逾期"]}


def test_quiet_days_after_a_rejection_outlast_another_date(item: Item, actor: As, now: datetime) -> None:
    one = returned(item("2.1"), actor, now)
    quiet = SubItem.objects.get(pk=one.pk).clocks["due"]["quiet_until"]
    amended = go(one, "amend", actor("wangxuewen"), now, deadline={"kind": "date", "due_on": "2021-11-24"})
    assert amended.clocks["due"] == {"seq": amended.seq, "since": "2021-11-22", "quiet_until": quiet}


def returned(one: SubItem, actor: As, now: datetime) -> SubItem:
    go(one, "accept", actor("majianjun"), now)
    report_progress(one.pk, by=actor("majianjun"), now=now, percent=50, words="进行中。")
    go(one, "submit", actor("dinghaiyan"), now, summary="请审核。")
    return go(one, "reject", actor("yangjing"), now)


# --- another lead -----------------------------------------------------------------------------------------------------
def test_reassigning_starts_over_with_the_new_unit(item: Item, actor: As, now: datetime) -> None:
    one, later = item("6.2"), now + timedelta(days=1)  # 发改局 with 财政局; 教体局 and 住建局 support
    go(one, "accept", actor("maxiaodong"), now)
    report_progress(one.pk, by=actor("maxiaodong"), now=now, percent=50, words="进行中。")
    go(one, "reassign", actor("wangxuewen"), later, leads=["住建局", "发改局"], text="改由住建局牵头。")
    after = fresh(one)
    assert (after.state, after.holder.name, after.held_since) == (State.ASSIGNED, "住建局", later)
    assert (after.assignee, after.verifier.name, after.verifier_tier) == (None, "教育工委", "independent")
    assert (names(after.leads), names(after.supports)) == (["住建局", "发改局"], ["教体局"])
    assert after.clocks["sign"] == {"seq": 4, "since": "2021-11-23"}
    assert changes(after) == {
        "text": [one.text, "改由住建局牵头。"],
        "leads": [["发改局", "财政局"], ["住建局", "发改局"]],
        "supports": [["教体局", "住建局"], ["教体局"]],
    }
    with pytest.raises(NotAllowed):
        go(one, "accept", actor("maxiaodong"), later)
    assert go(one, "accept", actor("weidongsheng"), later).assignee.username == "weidongsheng"
    circulate(one.pk, by=actor("mazhanshan"), now=later, version=5, summary="已办。")
    countersign(one.pk, by=actor("jiangguoqing"), now=later, version=6)
    assert go(one, "submit", actor("mazhanshan"), later).holder.name == "教育工委"
    assert sound(one)


def test_due_clock_runs_on_when_the_unit_changes_but_leaves_it_some_days(item: Item, actor: As, now: datetime) -> None:
    one, day = item("9.1"), datetime(2022, 1, 5, 10, tzinfo=now.tzinfo)  # due 2021-12-31
    go(one, "reassign", actor("wangxuewen"), day, leads=["团县委"])
    after = fresh(one)
    assert after.clocks["due"] == {**one.clocks["due"], "quiet_until": "2022-01-13"}
    assert (after.due_on, after.original_due_on, after.yellow_on) == (one.due_on, one.due_on, one.yellow_on)


def test_due_clock_starts_anew_with_another_date(item: Item, actor: As, now: datetime) -> None:
    one = item("9.1")
    go(one, "reassign", actor("wangxuewen"), now, leads=["团县委"], deadline=SOME_DAY)
    assert item("9.1").clocks == {
        "due": {"seq": 2, "since": "2021-11-22"},
        "sign": {"seq": 2, "since": "2021-11-22"},
    }


def test_draft_and_reports_are_handed_over(item: Item, actor: As, now: datetime) -> None:
    one = item("9.1")
    go(one, "accept", actor("majianjun"), now)
    report_progress(one.pk, by=actor("majianjun"), now=now, percent=50, words="进行中。")
    save_draft(one.pk, by=actor("majianjun"), now=now, summary="教体局的稿。", version=None)
    go(one, "reassign", actor("wangxuewen"), now, leads=["团县委"])
    with pytest.raises(NotFound):
        save_draft(one.pk, by=actor("majianjun"), now=now, summary="再改。", version=None)
    go(one, "accept", actor("tianyuxin"), now)
    done = go(one, "submit", actor("mazhiyuan"), now)
    handed_in = done.submissions.get()
    assert (handed_in.unit.name, handed_in.summary, handed_in.submitted_by.name) == ("团县委", "教体局的稿。", "马志远")


# --- the verifying unit -----------------------------------------------------------------------------------------------
def test_verifying_unit_that_becomes_the_lead_is_replaced(item: Item, actor: As, now: datetime) -> None:
    one = item("7.2")  # 教体局 leads, 教育工委 verifies
    go(one, "reassign", actor("wangxuewen"), now, leads=["县委教育工委"])
    after = fresh(one)
    assert (after.holder.name, after.verifier.name, after.verifier_tier) == ("教育工委", "教体局", "independent")
    assert changes(after) == {"leads": [["教体局"], ["教育工委"]], "verifier": ["教育工委", "教体局"]}


def test_item_nobody_may_verify_says_so(item: Item, actor: As, now: datetime, pingluo: Plan) -> None:
    Plan.objects.filter(pk=pingluo.pk).update(leads_never_verify=True)
    go(item("7.2"), "amend", actor("wangxuewen"), now, leads=["教体局", "教育工委"])
    after = fresh(item("7.2"))
    assert (after.verifier, after.verifier_tier) == (None, "none")
    assert changes(after)["verifier"] == ["教育工委", None]


# --- refusals ---------------------------------------------------------------------------------------------------------
LEADS = {"leads": ["财政局"]}


@pytest.mark.parametrize(
    ("move", "number", "details", "words"),
    [
        ("amend", "2.1", {"comment": " ", "notes": "新"}, "请写明理由"),
        ("amend", "2.1", {}, "没有要改的地方"),
        ("amend", "2.1", {"leads": ["教体局"], "supports": [], "notes": ""}, "没有要改的地方"),
        ("amend", "2.1", {"deadline": {"kind": "date", "due_on": "2022-12-31"}}, "没有要改的地方"),
        ("amend", "5.3", {"leads": ["财政局", "教体局"]}, "请用“改派”"),
        ("amend", "2.1", {"leads": []}, "请写牵头单位"),
        ("amend", "2.1", {"leads": " 、"}, "请写牵头单位"),
        ("amend", "2.1", {"leads": ["教体局", "县教体局"]}, "“教体局”写了两次"),
        ("amend", "2.1", {"supports": ["天文台"]}, "单位名册里没有“天文台”"),
        ("amend", "2.1", {"supports": {"财政局": 1}}, "名称的清单"),
        ("amend", "2.1", {"supports": [7]}, "要写成文字"),
        ("amend", "2.1", {"text": ""}, "请写具体内容"),
        ("amend", "2.1", {"text": " \u200b"}, "请写具体内容"),
        ("amend", "2.1", {"text": ["新"]}, "要写成文字"),
        ("amend", "2.1", {"notes": "x" * 5001}, "超过 5000 字"),
        ("amend", "2.1", {"deadline_raw": "年" * 201}, "超过 200 字"),
        ("amend", "2.1", {"deadline": "2024-06-30"}, "限期、时段、长期坚持或定期"),
        ("amend", "2.1", {"deadline": {"kind": "unknown", "due_on": "2024-06-30"}}, "限期、时段、长期坚持或定期"),
        ("amend", "2.1", {"deadline": {"kind": ["date"]}}, "限期、时段、长期坚持或定期"),
        ("amend", "2.1", {"deadline": {"kind": "date"}}, "请填新的完成时限"),
        ("amend", "2.1", {"deadline": {"kind": "date", "due_on": "2024年"}}, "2024-06-30 这样"),
        ("amend", "2.1", {"deadline": {"kind": "date", "due_on": "2021-11-22"}}, "晚于今天"),
        ("amend", "2.1", {"deadline": {"kind": "date", "due_on": "2999-01-01"}}, "请检查年份"),
        (
            "amend",
            "2.1",
            {"deadline": {"kind": "range", "start_on": "2022-07-01", "due_on": "2022-06-30"}},
            "不能早于开始",
        ),
        ("amend", "2.1", {"deadline": {"kind": "ongoing"}}, "多久一期"),
        ("amend", "2.1", {"deadline": {"kind": "recurring", "freq": "weekly"}}, "多久一期"),
        ("reassign", "2.1", {}, "请写新的牵头单位"),
        ("reassign", "2.1", {**LEADS, "comment": ""}, "请写明理由"),
        ("reassign", "2.1", {"leads": ["县教体局"]}, "请用“改任务”"),
        ("reassign", "2.1", {"leads": ["县教体局", "财政局"]}, "请用“改任务”"),
        ("reassign", "2.1", {"leads": ["天文台"]}, "单位名册里没有“天文台”"),
        ("reassign", "2.1", {"leads": ["财政局", "县财政局"]}, "“财政局”写了两次"),
        ("reassign", "2.1", {**LEADS, "deadline": {"kind": "date", "due_on": "2021-01-01"}}, "晚于今天"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    item: Item, actor: As, now: datetime, move: str, number: str, details: dict[str, Any], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        go(item(number), move, actor("wangxuewen"), now, **details)
    assert item(number).seq == 1
    assert not Message.objects.filter(kind__startswith="move.").exists()


def test_name_that_several_units_have_is_refused(item: Item, actor: As, now: datetime) -> None:
    Unit.objects.filter(name__in=["财政局", "科协"]).update(aliases=["两家"])
    with pytest.raises(Invalid, match="不只一个单位叫“两家”"):
        go(item("2.1"), "amend", actor("wangxuewen"), now, supports=["两家"])


@pytest.mark.parametrize("move", ["amend", "reassign"])
def test_only_running_items_can_be_changed(item: Item, actor: As, now: datetime, move: str) -> None:
    one, details = item("2.1"), {"leads": ["财政局"]} if move == "reassign" else {"notes": "新"}
    go(one, "accept", actor("majianjun"), now)
    report_progress(one.pk, by=actor("majianjun"), now=now, percent=50, words="进行中。")
    for name, who in (("submit", "dinghaiyan"), ("approve", "yangjing"), ("close", "wangxuewen")):
        go(one, name, actor(who), now, summary="请审核。")
        with pytest.raises(MoveNotPossible):
            go(one, move, actor("wangxuewen"), now, **details)


# --- who may ----------------------------------------------------------------------------------------------------------
OTHERS = {"amend": {"notes": "新"}, "reassign": {"leads": ["教体局"]}}


@pytest.mark.parametrize("move", OTHERS)
def test_item_the_owner_leads_is_changed_by_an_inspector(item: Item, actor: As, now: datetime, move: str) -> None:
    one = item("1.3")  # 教育工委 with 教体局
    with pytest.raises(NotAllowed, match="由督查办理"):
        go(one, move, actor("wangxuewen"), now, **OTHERS[move])
    go(one, move, actor("lizhiqiang"), now, deadline=SOME_DAY, **OTHERS[move])
    assert item("1.3").due_on == date(2023, 6, 30)


@pytest.mark.parametrize(("move", "leads"), [("amend", ["教体局", "教育工委"]), ("reassign", ["教育工委"])])
def test_nobody_dates_what_becomes_the_own_units(
    item: Item, actor: As, now: datetime, move: str, leads: list[str]
) -> None:
    with pytest.raises(NotAllowed, match="时限要由督查来改"):
        go(item("2.1"), move, actor("wangxuewen"), now, leads=leads, deadline=SOME_DAY)
    assert item("2.1").seq == 1
    go(item("2.1"), move, actor("wangxuewen"), now, leads=leads)
    go(item("2.1"), "amend", actor("lizhiqiang"), now, deadline=SOME_DAY)
    assert item("2.1").due_on == date(2023, 6, 30)


@pytest.mark.parametrize("move", OTHERS)
def test_coordinator_who_works_in_a_unit_of_the_item_is_barred(item: Item, actor: As, now: datetime, move: str) -> None:
    details = {"amend": {"notes": "新"}, "reassign": {"leads": ["科协"]}}[move]
    Post.objects.create(
        user=User.objects.get(username="wangxuewen"), unit=Unit.objects.get(name="财政局"), role="officer"
    )
    with pytest.raises(NotAllowed, match="您在财政局任职"):
        go(item("4.1"), move, actor("wangxuewen"), now, **details)  # 财政局 supports it
    with pytest.raises(NotAllowed, match="不能同时改时限"):
        go(item("2.1"), "amend", actor("wangxuewen"), now, supports=["财政局"], deadline=SOME_DAY)
    assert (item("4.1").seq, item("2.1").seq) == (1, 1)


# --- who learns of it -------------------------------------------------------------------------------------------------
def test_amending_tells_the_assignee_the_leads_and_who_comes_or_goes(item: Item, actor: As, now: datetime) -> None:
    one = item("5.3")  # 教体局 with 财政局; 住建局 supports
    go(one, "accept", actor("majianjun"), now)
    Message.objects.all().delete()
    go(one, "amend", actor("wangxuewen"), now, supports=["科协"], notes="新")
    assert told("move.amend") == {"majianjun", "dinghaiyan", "maguohua", "liuyongning", "jiahongwei", "mazhanshan"}
    body = rendering.body(Message.objects.filter(kind="move.amend").first())
    assert "配合单位：住建局 → 科协\n备注：无 → 新\n" in body
    assert f"依据：{BASIS}" in body


def test_reassigning_tells_the_new_lead_and_the_former(item: Item, actor: As, now: datetime) -> None:
    go(item("6.2"), "reassign", actor("wangxuewen"), now, leads=["科协", "发改局"])
    new, former, left = {"lvsiyuan", "jiahongwei"}, {"jiangguoqing"}, {"liuyongning"}
    assert told("move.reassign") == new | former | left


def test_former_lead_that_only_supports_is_told(item: Item, actor: As, now: datetime) -> None:
    go(item("2.1"), "reassign", actor("wangxuewen"), now, leads=["科协"], supports=["教体局"])
    assert told("move.reassign") == {"lvsiyuan", "jiahongwei", "dinghaiyan", "maguohua"}


def test_changes_are_said_in_words(item: Item, actor: As, now: datetime) -> None:
    one = item("3.2")
    go(one, "amend", actor("wangxuewen"), now, supports=[], deadline=SOME_DAY)
    assert [(each.label, each.before, each.after) for each in changes_of(one.journal.last())] == [
        ("配合单位", "文广局、退役军人事务局", "无"),
        ("完成时限", "长期坚持，每年一期，本期至 2022-12-31", "2023-06-30"),
        ("时限原文", "长期坚持", "2023年6月30日"),
    ]


def test_rows_of_the_duties_are_replaced_only_with_the_units(item: Item, actor: As, now: datetime) -> None:
    one = item("5.1")
    rows = set(Responsibility.objects.filter(item=one).values_list("pk", flat=True))
    go(one, "amend", actor("wangxuewen"), now, notes="新", supports=["教体局"])
    assert set(Responsibility.objects.filter(item=one).values_list("pk", flat=True)) == rows
