"""A heading corrected in one row of a draft is corrected wherever it stands."""

import pytest

from tests.workflow.tables.building import grid, read
from workflow.tables import Draft

HEADER = ("序号", "工程", "任务", "具体内容", "牵头单位", "完成时限")


@pytest.fixture
def draft() -> Draft:
    rows = [
        ("1", "一、强基工程", "1. 建校", "新建幼儿园", "教体局", "2024年"),
        ("2", "一、强基工程", "1. 建校", "改建小学", "教体局", "2024年"),
        ("3", "一、强基工程", "2. 育人", "开展劳动教育", "教体局", "2024年"),
        ("4", "二、提质工程", "3. 教研", "开展教研", "教体局", "2024年"),
    ]
    return Draft.of(read(grid(HEADER, *rows)))


def headings(draft: Draft) -> list[tuple[str, str]]:
    return [(row["section"], row["task"]) for row in draft.rows]


def test_section_is_corrected_for_all_its_tasks(draft: Draft) -> None:
    draft.rename_heading(draft.rows[0], {"section": "固本工程"})
    assert headings(draft) == [("固本工程", "建校"), ("固本工程", "建校"), ("固本工程", "育人"), ("提质工程", "教研")]


def test_task_is_corrected_for_its_own_rows_alone(draft: Draft) -> None:
    draft.rename_heading(draft.rows[0], {"task": "建园"})
    assert headings(draft) == [("强基工程", "建园"), ("强基工程", "建园"), ("强基工程", "育人"), ("提质工程", "教研")]
