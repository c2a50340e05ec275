from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.goals import goal_of


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("到2025年，做好", date(2025, 12, 31)),
        ("到２０２５年，做好", date(2025, 12, 31)),
        ("2025年底前完成", date(2025, 12, 31)),
        ("做好。力争2025年实现", date(2025, 12, 31)),
        ("力争\n2025年，实现", date(2025, 12, 31)),
        ("在2026年之前，做好", date(2025, 12, 31)),
        ("争取在2025年之前学前教育普及普惠县通过认定", date(2024, 12, 31)),
        ("2025年6月底前，做好", date(2025, 6, 30)),
        ("力争到2025年6月底全部建成", date(2025, 6, 30)),
        ("确保2025年6月30日前完成", date(2025, 6, 30)),
        ("2025年6月前完成", date(2025, 5, 31)),
        ("2025年6月完成", date(2025, 6, 30)),
        ("到2025年上半年", date(2025, 6, 30)),
        ("2025年三季度末完成", date(2025, 9, 30)),
        ("到“十四五”末，做好", date(2025, 12, 31)),
        ("2024年底前完成方案，到2025年6月建成", date(2025, 6, 30)),
        ("第一步\n2024年底前完成方案\n2025年底前建成", date(2025, 12, 31)),
    ],
)
def test_goal_of(text: str, goal: date) -> None:
    assert goal_of(text) == goal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "做好",
        "落实《到2025年的规划》",
        "制定2026年计划",
        "编制2024年至2026年规划",
        "2024年3月至2025年6月的数据",
        "12月底前完成",
        "对2020年底前建成的小区进行改造",
        "完成2025年前三季度任务",
        "2025年前后",
        "到2025年13月底",
    ],
)
def test_goal_of_a_text_without_goal(text: str) -> None:
    assert goal_of(text) is None


@given(
    st.text()
    | st.lists(st.sampled_from([*"到至，年月日底前《》0123 \n", "2025年", "力争", "十四五", "末"])).map("".join)
)
def test_goal_of_never_raises(text: str) -> None:
    goal_of(text)


@pytest.mark.parametrize("piece", ["到2025年", "《", "\n", " ", "，", "力争", "2025"])
def test_goal_of_a_huge_text_is_quick(piece: str) -> None:
    started = process_time()
    goal_of(piece * (100_000 // len(piece)))
    assert process_time() - started < 2
