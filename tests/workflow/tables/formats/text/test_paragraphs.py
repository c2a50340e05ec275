import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.paragraphs import TOO_MANY_LABELS, grid_of
from workflow.tables.formats.text.passages import LONGEST, MOST, TOO_LONG
from workflow.tables.grid import Grid

COLUMNS = ["具体内容", "牵头单位", "配合单位", "完成时限"]


def grid(text: str) -> Grid:
    found = grid_of(text.split("\n"))
    assert found is not None
    return found


def rows(text: str) -> list[list[str]]:
    """What the rows below the header say, without empty cells at the end."""
    texts = ([cell.text for cell in row.cells] for row in grid(text).rows[1:])
    return [row[: max(at for at, text in enumerate(row, start=1) if text)] for row in texts]


DUTY = ["教育局", "财政局、人社局", "2023年"]


@pytest.mark.parametrize(
    "duty",
    [
        "（牵头单位：教育局；配合单位：财政局、人社局；完成时限：2023年）",
        "(牵头单位:教育局;配合单位:财政局、人社局;完成时限:2023年)",
        "〔牵头单位：教育局，配合单位：财政局、人社局，完成时限：2023年〕",
        "【牵头部门：教育局。协办部门：财政局、人社局。办结时限：2023年。】",
        "[牵头：教育局；配合：财政局、人社局；时限：2023年]。",
        "（牵头单位：教育局；责任单位：财政局、人社局；完成时间：2023年）",
        "（牵头（责任）单位：教育局；配合单位：财政局、人社局；完成时限：2023年）；",
        "（牵头单位：教育局）（配合单位：财政局、人社局）（完成时限：2023年）",
        "\n（牵头单位：教育局；配合单位：财政局、人社局；完成时限：2023年）",
        "\n\n（牵头单位：教育局；配合单位：财政局、人社局；完成时限：2023年）",
        "\n（牵头单位：教育局\n配合单位：财政局、人社局\n完成时限：2023年）",
        "（牵头单位：教育局；配合单位：财政局、人\n社局；完成时限：2023年）",
        "（牵头单位：教育局；配合单位：财政局、人社局；完成时限：2023年",
        "\n牵头单位：教育局\n配合单位：财政局、人社局\n完成时限：2023年",
        "\n  牵头单位：教育局\n\n  配合单位：财政局、\n人社局\n  完成时限：2023年。",
        "\n牵头单位 教育局\n配合单位　财政局、人社局\n完成时限 2023年",
        "\n牵头单位：教育局  配合单位：财政局、人社局  完成时限：2023年",
        "\n【牵头单位】教育局\n【配合单位】财政局、人社局\n【完成时限】2023年",
        "牵头单位：教育局；配合单位：财政局、人社局；完成时限：2023年。",
    ],
)
def test_duty_with_labels(duty: str) -> None:
    text = f"1.推进德育。{duty}\n2.推进美育。（责任单位：文广局）"
    assert rows(text) == [["1.推进德育。", *DUTY], ["2.推进美育。", "文广局"]]


@pytest.mark.parametrize(
    ("duty", "cells"),
    [
        ("（教育局牵头）", ["教育局牵头"]),
        ("（教体局、财政局负责）。", ["教体局、财政局负责"]),
        (
            "（教育局牵头，财政局、人社局配合，2024年底前完成）",
            ["教育局牵头，财政局、人社局配合", "", "2024年底前完成"],
        ),
        ("（长期坚持；教育局牵头，各乡镇配合）", ["教育局牵头，各乡镇配合", "", "长期坚持"]),
        ("（教育局牵头会同财政局负责，2025年6月底前出台）", ["教育局牵头会同财政局负责", "", "2025年6月底前出台"]),
        ("（各有关部门按职责分工负责，持续推进）", ["各有关部门按职责分工负责", "", "持续推进"]),
        ("（教育局、财政局）", ["教育局、财政局"]),
        ("（2024年底前完成；牵头单位：教育局）", ["教育局", "", "2024年底前完成"]),
        (
            "（责任单位：市教育局、市财政局，排名第一的为牵头单位）",
            ["市教育局、市财政局，排名第一的为牵头单位"],
        ),
        ("（责任单位（排第一位的牵头）：教育局、财政局）", ["教育局、财政局（排第一位的牵头）"]),
        ("（牵头单位：教育局（县体校）；配合单位：财政局）", ["教育局（县体校）", "财政局"]),
        ("（教育局负责，下同）", ["教育局负责"]),
        ("\n牵头单位：教育局\n责任单位：财政局\n配合单位：人社局", ["教育局", "财政局\n人社局"]),
        ("\n配合单位：财政局、人力资源和社\n会保障局", ["", "财政局、人力资源和社会保障局"]),
    ],
)
def test_duty_in_other_words(duty: str, cells: list[str]) -> None:
    assert rows(f"1.推进德育。{duty}\n2.推进美育。（责任单位：文广局）")[0] == ["1.推进德育。", *cells]


def test_duty_with_labels_of_its_own_gets_columns_of_their_names() -> None:
    text = "1.德育。（牵头单位：教育局；责任领导：张三；资金来源：省级）\n2.美育。\n责任单位：文广局\n责任人：李四"
    assert [cell.text for cell in grid(text).rows[0].cells] == [*COLUMNS, "责任领导", "资金来源", "责任人"]
    assert rows(text)[0] == ["1.德育。", "教育局", "", "", "张三", "省级"]
    assert rows(text)[1] == ["2.美育。", "文广局", "", "", "", "", "李四"]


def test_bracket_that_nobody_closes_keeps_its_lines_apart() -> None:
    text = "1.德育。\n（责任单位：教育局、\n财政局\n联系人：李四\n2.美育。（文广局负责）"
    assert rows(text) == [["1.德育。", "教育局、财政局", "", "", "李四"], ["2.美育。", "文广局负责"]]


def test_note_that_is_meant_below_names_the_column() -> None:
    text = "1.德育。（责任单位：教育局、财政局，排名第一的为牵头单位，下同）\n2.美育。（责任单位：文广局、财政局）"
    assert grid(text).rows[0].cells[1].text == "牵头单位（排名第一的为牵头单位）"


@pytest.mark.parametrize(
    "text",
    [
        "1.推进三全（全员、全过程）育人。",
        "1.推进共建（社会参与）。",
        "1.推进共建（教育局牵头）机制建设。",
        "1.落实责任（县教育局负责制定具体办法）。",
        "1.开展活动（2023年6月）。",
        "1.明确任务。责任重大，时间紧迫。",
        "1.咨询。（联系人：张三）",
    ],
)
def test_brackets_and_words_that_are_no_duty(text: str) -> None:
    assert grid_of(text.split("\n")) is None
    assert rows(f"{text}\n2.推进美育。（责任单位：文广局）") == [[text], ["2.推进美育。", "文广局"]]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("1.以社会主义核心价值观为引领，\n健全机制。", "1.以社会主义核心价值观为引领，健全机制。"),
        ("1.以社会主义核心价值观为引领，健全\n三全育人机制。", "1.以社会主义核心价值观为引领，健全三全育人机制。"),
        (f"1.{'推进德育工作走深走实' * 3}\n{'推进德育工作走深走实' * 2}。", f"1.{'推进德育工作走深走实' * 5}。"),
        ("1.强化德育\n深入推进党建思政书记项目。", "1.强化德育\n深入推进党建思政书记项目。"),
        ("1.强化德育。\n深入推进。\n再推进。", "1.强化德育。\n深入推进。\n再推进。"),
        ("　　1.强化德育。\n深入推进。", "1.强化德育。深入推进。"),
        ("1.建设5G\nWiFi网络，\n提速。", "1.建设5G\nWiFi网络，提速。"),
        ("1.推进\n（全员）育人。", "1.推进\n（全员）育人。"),
    ],
)
def test_lines_of_one_task(printed: str, text: str) -> None:
    assert rows(f"{printed}（牵头单位：教育局）\n2.美育。（文广局负责）") == [
        [text, "教育局"],
        ["2.美育。", "文广局负责"],
    ]


def test_several_duties_in_one_paragraph() -> None:
    text = "（一）健全机制。（教育部牵头）完善\n制度。（财政部负责）；加强督查。（民政部负责）"
    assert rows(text) == [
        ["（一）健全机制。", "教育部牵头"],
        ["完善制度。", "财政部负责"],
        ["加强督查。", "民政部负责"],
    ]


PLAN = """附件
某县责任分工

一、实施立德树人工程
为深入贯彻落实，制定如下措施。
（一）强化德育。
1.健全机制。（牵头单位：教育局；完成时限：2023年）
2.没有写明单位。
3.完善制度。（财政局负责）
（1）第一点；
（2）第二点。
二、组织保障
（一）加强领导。各部门要高度重视。
某县人民政府
2023年3月1日"""


def test_plan_of_headings_and_tasks() -> None:
    assert rows(PLAN) == [
        ["一、实施立德树人工程"],
        ["（一）强化德育。"],
        ["1.健全机制。", "教育局", "", "2023年"],
        ["2.没有写明单位。"],
        ["3.完善制度。\n（1）第一点；\n（2）第二点。", "财政局负责"],
    ]


def test_plan_numbers_its_rows_as_the_lines_are() -> None:
    found = grid(PLAN)
    assert [row.number for row in found.rows] == [0, 4, 6, 7, 8, 9]
    assert [row.width for row in found.rows] == [4] * 6
    assert [len(row.cells) for row in found.rows] == [4, 1, 1, 4, 4, 4]
    assert (found.table, found.sheet) == (None, None)


def test_plan_keeps_every_other_line() -> None:
    found = grid(PLAN)
    assert found.lines_above == ("附件", "某县责任分工")
    assert found.left_out == (
        "为深入贯彻落实，制定如下措施。",
        *("二、组织保障", "（一）加强领导。各部门要高度重视。", "某县人民政府", "2023年3月1日"),
    )


def test_words_before_the_first_task_of_a_wrapped_paragraph_are_kept() -> None:
    found = grid("某县\n推进，\n完善（责任领导：张三）健全，\n教学（教育局负责）")
    assert found.lines_above == ("某县",)
    assert found.left_out == ("推进，完善（责任领导：张三）",)


def test_duty_of_a_group_stands_below_its_last_point() -> None:
    group = "（{}）强化德育\n1.推进。\n2.完善。\n责任单位：教育局\n"
    assert rows(group.format("一") + group.format("二")) == [
        [f"（{no}）强化德育\n1.推进。\n2.完善。", "教育局"] for no in "一二"
    ]


def test_duty_of_a_group_is_not_taken_where_points_have_their_own() -> None:
    group = "（一）德育\n1.推进。\n2.完善。\n责任单位：教育局"
    text = f"{group}\n（二）美育\n1.推进。\n责任单位：教育局\n2.完善。\n责任单位：教育局"
    assert rows(text)[:3] == [["（一）德育"], ["1.推进。"], ["2.完善。", "教育局"]]


def test_tasks_without_numbers_below_a_heading() -> None:
    assert rows("一、完善机制\n推进教育。（教育部牵头）\n推进财政。（财政部负责）") == [
        ["一、完善机制"],
        ["推进教育。", "教育部牵头"],
        ["推进财政。", "财政部负责"],
    ]


def test_titles_numbered_like_the_tasks_below_them() -> None:
    text = "1.强化德育\n1.推进。（教育局负责）\n2.完善。（教育局负责）\n2.强化美育\n1.推进。（文广局负责）"
    assert [len(row.cells) for row in grid(text).rows[1:]] == [1, 4, 4, 1, 4]


def test_titles_without_numbers() -> None:
    text = "某县分工\n教育工程\n1.推进。（教育局负责）\n文化工程\n1.推进。（文广局负责）"
    assert rows(text) == [["教育工程"], ["1.推进。", "教育局负责"], ["文化工程"], ["1.推进。", "文广局负责"]]


def test_heading_with_a_person_keeps_him() -> None:
    text = "一、完善机制（责任领导：张三）\n1.推进。（教育局负责）"
    assert rows(text)[0] == ["一、完善机制（责任领导：张三）"]
    assert [cell.text for cell in grid(text).rows[0].cells] == COLUMNS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲\n乙",
        "1.甲\n2.乙",
        "责任单位：教育局",
        "1.甲（责任人：张三）",
        "1.甲（完成时限：2023年）",
        "牵头单位\n教育局",
    ],
)
def test_text_in_which_nobody_has_anything_to_do_is_no_grid(text: str) -> None:
    assert grid_of(text.split("\n")) is None


def test_duty_above_all_tasks_stands_above() -> None:
    assert grid("责任单位：教育局\n1.推进。（财政局负责）").lines_above == ("责任单位：教育局",)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["甲。"] * (MOST + 1), TOO_LONG),
        (["甲" * (LONGEST + 1)], TOO_LONG),
        ([f"1.甲（牵头单位：教育局；{a}{b}领导：张三）" for a in "甲乙丙丁戊" for b in "甲乙丙丁戊"], TOO_MANY_LABELS),
    ],
    ids=["lines", "signs", "labels"],
)
def test_more_than_any_plan_has_is_unreadable(lines: list[str], sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        grid_of(lines)
    assert refusal.value.sentence == sentence


LINES = [
    *(
        "一、实施工程",
        "（一）强化德育",
        "1.1 推进。",
        "（1）推进；",
        "①推进",
        "2.推进",
        "教育工程",
        "— 2 —",
        "",
        "　　推进，",
    ),
    *(
        "1.推进。（牵头单位：教育局；配合单位：财政局；完成时限：2023年）",
        "3.推进。（教育局负责）完善。（财政局负责）其他",
    ),
    *(
        "牵头单位：教育局、",
        "财政局",
        "责任领导：张三",
        "完成时限：长期坚持",
        "（责任单位：教育局",
        "财政局）",
        "（张三）",
        "推进，",
    ),
    *(
        "【牵头单位】教育局",
        "（2023年3月）",
        "推进。〔责任单位：教育局〕",
        "联系人：李四",
        "附件：名单",
        "1.",
        "（",
        "）",
    ),
]
LABELS = set("牵头单位配合完成时限责任领导联系人负 \n　（）()【】〔〕：；。，、")


@given(st.lists(st.sampled_from(LINES), max_size=20))
def test_nothing_is_lost(lines: list[str]) -> None:
    numbered = [f"{line}{at:03}" if line and line[-1] not in "：、，（" else line for at, line in enumerate(lines)]
    found = grid_of(numbered)
    if found is None:
        return
    cells = (cell.text for row in found.rows[1:] for cell in row.cells)
    kept = "".join((*found.lines_above, *cells, *found.left_out))
    assert sorted(set("".join(numbered)) - LABELS - set(kept)) == []
    assert sorted(sign for sign in kept if sign not in LABELS) == sorted(
        sign for line in numbered for sign in line if sign not in LABELS
    )


def test_many_random_lines_are_rows_in_order() -> None:
    found = grid_of(random.Random(1).choices(LINES, k=5_000))
    assert found is not None
    numbers = [row.number for row in found.rows]
    assert numbers == sorted(numbers)
