import random
import time
from collections import Counter
from collections.abc import Hashable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.difference import Change, Line, difference, marked

SEEN = "新建城区幼儿园三所，新增学位八百一十个"
TEXTS = (
    SEEN,
    "落实教师编制动态管理，补足配齐中小学教师",
    "建立留守儿童关爱台账，每季度走访一次",
    "推进智慧校园建设，实现宽带网络全覆盖",
    "开展食品安全检查，消除校园周边隐患",
)


def line(number: str, text: str, key: Hashable = None, **said: object) -> Line:
    plain: dict[str, object] = {
        "section": "学前教育普惠工程",
        "task": f"任务{number.partition('.')[0]}",
        "leads": (1,),
        "supports": (2, 3),
        "deadline": ("by", "2022-12-31"),
        "deadline_raw": "2022年",
        "notes": "",
    }
    return Line(key=key or number, number=number, text=text, **(plain | said))  # type: ignore[arg-type]


def plan(*texts: str, start: int = 1, **said: object) -> list[Line]:
    """Items 1.1, 1.2, … of one task."""
    return [line(f"1.{place}", text, **said) for place, text in enumerate(texts, start)]


def told(changes: list[Change]) -> list[tuple[object, ...]]:
    """(kind, number before, number after, fields) without what is the same."""
    return [
        (change.kind, change.before and change.before.number, change.after and change.after.number, change.fields)
        for change in changes
        if change.kind != "same"
    ]


# --- fields -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, ()),
        ({"number": "1.2"}, ("number",)),
        ({"section": "义务教育优质工程"}, ("section",)),
        ({"task": "任务2"}, ("task",)),
        ({"text": f"{SEEN}。"}, ("text",)),
        ({"notes": "见附件"}, ("notes",)),
        ({"leads": (4,)}, ("leads",)),
        ({"leads": (1, 4)}, ("leads",)),
        ({"leads": ("教体局",)}, ("leads",)),
        ({"supports": (2,)}, ("supports",)),
        ({"supports": (3, 2)}, ()),
        ({"deadline": ("by", "2023-12-31"), "deadline_raw": "2023年"}, ("deadline",)),
        ({"deadline_raw": "2022年底前"}, ()),
        ({"text": f" {SEEN[:5]}\n{SEEN[5:]}"}, ()),
        ({"number": "１．１"}, ()),
        ({"key": "another"}, ()),
        ({"number": "1.2", "leads": (4,), "notes": "x"}, ("number", "leads", "notes")),
    ],
)
def test_difference_names_the_fields(said: dict[str, object], fields: tuple[str, ...]) -> None:
    before = line("1.1", SEEN)
    after = replace(before, **said)
    assert difference([before], [after]) == [Change("changed" if fields else "same", before, after, fields)]


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [((1, 2, 3), (1, 3, 2), ()), ((1, 2), (2, 1), ("leads",)), ((), (), ()), ((), (1,), ("leads",))],
)
def test_difference_order_of_leads(before: tuple[int, ...], after: tuple[int, ...], fields: tuple[str, ...]) -> None:
    changes = difference([line("1.1", SEEN, leads=before)], [line("1.1", SEEN, leads=after)])
    assert changes[0].fields == fields


def test_difference_full_and_half_width_are_one() -> None:
    before, after = (
        line("1.1", "覆盖率达到９５％（城区）", notes="Ａ 类"),
        line("1.1", "覆盖率达到95%(城区)", notes="A类"),
    )
    assert difference([before], [after]) == [Change("same", before, after)]


# --- which line is which ----------------------------------------------------------------------------------------------
def test_difference_nothing_on_a_side() -> None:
    lines = plan(*TEXTS)
    assert difference([], lines) == [Change("added", None, one) for one in lines]
    assert difference(lines, []) == [Change("removed", one, None) for one in lines]
    assert difference([], []) == []


def test_difference_text_reworded_under_its_number() -> None:
    after = plan("新建城区幼儿园五所，新增学位一千二百个", *TEXTS[1:])
    assert told(difference(plan(*TEXTS), after)) == [("changed", "1.1", "1.1", ("text",))]


def test_difference_insertion_moves_the_numbers() -> None:
    new = "编制县域义务教育优质均衡发展规划"
    assert told(difference(plan(*TEXTS), plan(TEXTS[0], new, *TEXTS[1:]))) == [
        ("added", None, "1.2", ()),
        *[("changed", f"1.{n}", f"1.{n + 1}", ("number",)) for n in (2, 3, 4, 5)],
    ]


def test_difference_insertion_among_like_texts_moves_the_numbers() -> None:
    before = [f"改造城关第{name}小学运动场并通过验收" for name in "二三四五"]
    after = [f"改造城关第{name}小学运动场并通过验收" for name in "一二三四五"]
    assert told(difference(plan(*before), plan(*after))) == [
        ("added", None, "1.1", ()),
        *[("changed", f"1.{n}", f"1.{n + 1}", ("number",)) for n in (1, 2, 3, 4)],
    ]


def test_difference_insertion_among_like_texts_that_were_reworded() -> None:
    before = [f"改造{name}运动场并通过验收" for name in ("城关第二小学", "宝丰镇中心小学")]
    after = ["改造渠口乡九年制学校运动场并通过验收", *(f"{text}，投入使用" for text in before)]
    assert told(difference(plan(*before), plan(*after))) == [
        ("added", None, "1.1", ()),
        ("changed", "1.1", "1.2", ("number", "text")),
        ("changed", "1.2", "1.3", ("number", "text")),
    ]


def test_difference_task_put_in_before_tasks_with_one_text() -> None:
    """Every task says 建立台账: which is which follows from the task."""
    before = [line(f"{n}.1", "建立台账", task=task) for n, task in enumerate(("扩学位", "强师资"), 1)]
    after = [line(f"{n}.1", "建立台账", task=task) for n, task in enumerate(("保安全", "扩学位", "强师资"), 1)]
    assert told(difference(before, after)) == [
        ("added", None, "1.1", ()),
        ("changed", "1.1", "2.1", ("number",)),
        ("changed", "2.1", "3.1", ("number",)),
    ]


def test_difference_one_text_for_two_leads() -> None:
    before = [line("1.1", "报送总结", leads=(1,)), line("1.2", "报送总结", leads=(2,))]
    after = [line("2.1", "报送总结", leads=(2,)), line("2.2", "报送总结", leads=(1,))]
    assert told(difference(before, after)) == [
        ("changed", "1.2", "2.1", ("number", "task")),
        ("changed", "1.1", "2.2", ("number", "task")),
    ]


def test_difference_number_used_again_for_something_else() -> None:
    after = plan(TEXTS[0], "组织青少年体育联赛和艺术展演", *TEXTS[2:])
    assert told(difference(plan(*TEXTS), after)) == [("removed", "1.2", None, ()), ("added", None, "1.2", ())]


def test_difference_two_items_changed_places() -> None:
    after = plan(TEXTS[1], TEXTS[0], *TEXTS[2:])
    assert told(difference(plan(*TEXTS), after)) == [
        ("changed", "1.2", "1.1", ("number",)),
        ("changed", "1.1", "1.2", ("number",)),
    ]


def test_difference_closest_text_wins() -> None:
    before = plan("新建幼儿园三所并投入使用")
    after = plan("新建中小学五所并投入使用", "新建幼儿园四所并投入使用")
    assert told(difference(before, after)) == [
        ("added", None, "1.1", ()),
        ("changed", "1.1", "1.2", ("number", "text")),
    ]


def test_difference_first_of_equally_like_texts_wins() -> None:
    after = [line(f"2.{n}", f"新建第{n}幼儿园并投入使用", task="任务1") for n in "三四五六七八九"]
    assert told(difference(plan("新建第一幼儿园并投入使用"), after))[0] == (
        "changed",
        "1.1",
        "2.三",
        ("number", "text"),
    )


def test_difference_own_task_and_lead_win_among_like_texts() -> None:
    before = [line("3.1", "开展专项督导检查，及时通报结果", leads=(4,))]
    after = [
        line("1.1", "开展专项督导检查，每季通报结果", leads=(5,)),
        line("2.1", "开展专项督导检查，每月通报结果", task="任务3", leads=(4,)),
    ]
    assert told(difference(before, after)) == [
        ("added", None, "1.1", ()),
        ("changed", "3.1", "2.1", ("number", "text")),
    ]


def test_difference_removed_lines_stand_where_they_stood() -> None:
    kinds = [
        (change.kind, (change.before or change.after).number)  # type: ignore[union-attr]
        for change in difference(plan(*TEXTS), plan(TEXTS[1], start=2) + plan(TEXTS[4], start=5))
    ]
    assert kinds == [("removed", "1.1"), ("same", "1.2"), ("removed", "1.3"), ("removed", "1.4"), ("same", "1.5")]


def test_difference_number_twice_in_a_table() -> None:
    lines = [line("1.1", TEXTS[0], key=1), line("1.1", TEXTS[1], key=2), line("", TEXTS[2], key=3)]
    assert told(difference(lines, lines)) == []


# --- whatever the tables say ------------------------------------------------------------------------------------------
WORDS = st.sampled_from(["建立台账", "新建学校", "新建学校三所", "", "，", "推进"])
LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(["1.1", "1.2", "2.1", ""]),
        st.lists(WORDS, max_size=4).map("".join),
        key=st.integers(),
        task=st.sampled_from(["甲", "乙"]),
        leads=st.lists(st.sampled_from([1, 2, "教体局"]), max_size=2).map(tuple),
        notes=st.sampled_from(["", "见附件"]),
    ),
    max_size=12,
)


@given(LINES)
def test_difference_of_a_table_with_itself(lines: list[Line]) -> None:
    assert difference(lines, lines) == [Change("same", one, one) for one in lines]


@given(LINES, LINES)
def test_difference_has_every_line_once(before: list[Line], after: list[Line]) -> None:
    changes = difference(before, after)
    assert [change.after for change in changes if change.after] == after
    assert Counter(change.before for change in changes if change.before) == Counter(before)
    for change in changes:
        assert change.kind == "changed" or not change.fields
        assert (change.before is None) == (change.kind == "added")
        assert (change.after is None) == (change.kind == "removed")


@given(st.lists(st.text("教育体局委办建设", min_size=1), unique=True), st.randoms(use_true_random=False))
def test_difference_shuffled_and_renumbered(texts: list[str], chance: random.Random) -> None:
    after = list(texts)
    chance.shuffle(after)
    changes = difference(plan(*texts), plan(*after))
    assert {change.kind for change in changes} <= {"same", "changed"}
    assert all(change.fields in ((), ("number",)) for change in changes)
    assert [(change.before and change.before.text) for change in changes] == after


# --- large tables -----------------------------------------------------------------------------------------------------
def large(count: int, chance: random.Random) -> list[Line]:
    signs = "教育体局委办建设推进落实完善学校教师安全质量工程管理服务体系机制改革发展"
    return [
        line(f"{n // 5}.{n % 5}", "".join(chance.choices(signs, k=40)) + str(n), leads=(n % 7,), task=f"任务{n // 5}")
        for n in range(count)
    ]


def test_difference_10_000_lines_with_few_changes() -> None:
    before = large(10_000, random.Random(1))
    after = [replace(one, text=f"{one.text[:-8]}并按期办结") if n % 50 == 0 else one for n, one in enumerate(before)]
    after = after[:3000] + [replace(one, number=f"9{one.number}") for one in after[3001:]]
    start = time.process_time()
    changes = difference(before, after)
    assert time.process_time() - start < 2
    assert Counter(change.kind for change in changes if "text" in change.fields) == {"changed": 199}
    assert Counter(change.kind for change in changes)["removed"] == 1


def test_difference_1_000_lines_with_everything_reworded() -> None:
    before = large(1000, random.Random(1))
    after = [replace(one, text=f"进一步{one.text}", number=f"9{one.number}") for one in before]
    start = time.process_time()
    changes = difference(before, after)
    assert time.process_time() - start < 2
    assert Counter(change.kind for change in changes) == {"changed": 1000}


def test_difference_of_very_long_texts() -> None:
    before, after = line("1.1", "建设" * 200_000), line("1.1", "建设" * 200_000 + "完成")
    start = time.process_time()
    assert difference([before], [after])[0].fields == ("text",)
    assert time.process_time() - start < 2


# --- which words changed ----------------------------------------------------------------------------------------------
def shown(before: str, after: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(signs[kind].format(words) for kind, words in marked(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("推进", "推进", "推进"),
        ("", "推进", "[+推进+]"),
        ("推进", "", "[-推进-]"),
        ("加强师德师风建设", "推进智慧校园", "[-加强师德师风建设-][+推进智慧校园+]"),
        ("2022年完成", "2024年完成", "[-2022年-][+2024年+]完成"),
        ("2022年6月底前完成", "2024年8月底前完成", "[-2022年6月-][+2024年8月+]底前完成"),
        ("覆盖率达到95%以上", "覆盖率达到98.5%以上", "覆盖率达到[-95%-][+98.5%+]以上"),
        ("由教体局负责", "由教育局负责", "由教[-体-][+育+]局负责"),
        ("财政局、教体局", "财政局、人社局、教体局", "财政局、[+人社局、+]教体局"),
        ("人社局、公安局", "公安局", "[-人社局、-]公安局"),
        ("学校教师，学生", "学校教师，教职工，学生", "学校教师，[+教职工，+]学生"),
        ("建320所学校", "建320所20所学校", "建320所[+20所+]学校"),
        (
            "到2022年，新建幼儿园3所，新增学位810个。",
            "到2023年，新建、改建幼儿园5所，新增学位1200个，普惠率达到90%。",
            "到[-2022年-][+2023年+]，新建[+、改建+]幼儿园[-3-][+5+]所，新增学位[-810个-][+1200个，普惠率达到90%+]。",
        ),
        ("中小学校长任期考核", "中心校教师岗位考核", "中[-小学校长任期-][+心校教师岗位+]考核"),
    ],
)
def test_marked(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


TEXT = st.one_of(st.text(), st.lists(st.sampled_from([*"教育，、局 \n", "2022", "年", "abc"])).map("".join))


@given(TEXT, TEXT)
def test_marked_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(words for kind, words in pieces if kind in ("same", "gone")) == before
    assert "".join(words for kind, words in pieces if kind in ("same", "new")) == after
    assert all(words for _kind, words in pieces)


@given(TEXT, TEXT)
def test_marked_never_breaks_one_kind_in_two(before: str, after: str) -> None:
    kinds = [kind for kind, _words in marked(before, after)]
    assert all(one != other for one, other in pairwise(kinds))


@given(TEXT)
def test_marked_equal_texts(text: str) -> None:
    assert marked(text, text) == ([("same", text)] if text else [])


def test_marked_long_texts_quickly() -> None:
    start = time.process_time()
    marked("建设" * 900, "设建" * 900)
    marked("建设" * 100_000, "设建" * 100_000)
    assert time.process_time() - start < 5
