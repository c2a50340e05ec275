import pytest

from tests.workflow.tables.building import Printed, grid
from workflow.tables.columns.layout import Layout, stretches_of
from workflow.tables.columns.names import Role
from workflow.tables.errors import Unreadable
from workflow.tables.grid import Grid


def layout_of(grid: Grid) -> Layout:
    return stretches_of(grid)[0].layout


DUTIES = [Role.LEADS, Role.SUPPORTS, Role.DEADLINE, Role.NOTES]


@pytest.mark.parametrize(
    ("header", "columns", "roles"),
    [
        (["具体内容", "牵头单位", "配合单位", "完成时限", "备注"], 7, [Role.SECTION, Role.TASK, Role.TEXT, *DUTIES]),
        (
            [("具体内容", 3), "牵头单位", "配合单位", "完成时限", "备注"],
            7,
            [Role.SECTION, Role.TASK, Role.TEXT, *DUTIES],
        ),
        (
            ["具体内容", "", "", "牵头单位", "配合单位", "完成时限", "备注"],
            7,
            [Role.SECTION, Role.TASK, Role.TEXT, *DUTIES],
        ),
        (["任务", "措施", "牵头单位", "协办单位", "完成时间"], 5, [Role.TASK, Role.TEXT, *DUTIES[:3]]),
        (["序号", "工作内容", "责 任\n单 位", "时限"], 4, [Role.NUMBER, Role.TEXT, Role.LEADS, Role.DEADLINE]),
        (["类别", "事项", "牵头（责任）单位", "责任领导"], 4, [Role.SECTION, Role.TEXT, Role.LEADS, Role.OTHER]),
        (["项目", "主要任务", "牵头领导", "牵头单位"], 4, [Role.TASK, Role.TEXT, Role.OTHER, Role.LEADS]),
        (["责任单位", "完成时限", "工作任务"], 3, [Role.LEADS, Role.DEADLINE, Role.TEXT]),
        (["序号", "工作任务", "工作目标", "责任单位"], 4, [Role.NUMBER, Role.TEXT, Role.OTHER, Role.LEADS]),
        (["序号", "工作目标", "责任单位"], 3, [Role.NUMBER, Role.TEXT, Role.LEADS]),
        (["重点工程", "责任单位"], 2, [Role.TEXT, Role.LEADS]),
        (["问题", "整改措施", "整改时限", "责任单位"], 4, [Role.TASK, Role.TEXT, Role.DEADLINE, Role.LEADS]),
        (["问题", "整改时限", "责任单位"], 3, [Role.TEXT, Role.DEADLINE, Role.LEADS]),
        (["任务", "责任单位", "存在问题"], 3, [Role.TEXT, Role.LEADS, Role.OTHER]),
        (
            ["任务类别", "任务名称", "具体举措", "预期成效", "责任单位"],
            5,
            [Role.SECTION, Role.TASK, Role.TEXT, Role.OTHER, Role.LEADS],
        ),
        (["重点领域", "重点方面", "任务", "责任单位"], 4, [Role.SECTION, Role.TASK, Role.TEXT, Role.LEADS]),
        (
            ["类别", "重点任务", "工作内容", "措施", "责任单位"],
            5,
            [Role.SECTION, Role.SECTION, Role.TASK, Role.TEXT, Role.LEADS],
        ),
        (["任务", "责任单位", "开始时间", "完成时间"], 4, [Role.TEXT, Role.LEADS, Role.START, Role.DEADLINE]),
        (["任务", "责任单位", "开始时间"], 3, [Role.TEXT, Role.LEADS, Role.OTHER]),
        (["任务", "责任单位", "进度安排", "完成时限"], 4, [Role.TEXT, Role.LEADS, Role.OTHER, Role.DEADLINE]),
        (["任务", "牵头单位", "责任单位"], 3, [Role.TEXT, Role.LEADS, Role.SUPPORTS]),
        (["任务", "牵头单位", "责任单位", "配合单位"], 4, [Role.TEXT, Role.LEADS, Role.LEADS, Role.SUPPORTS]),
        (["任务", "责任单位", "承办科室"], 3, [Role.TEXT, Role.LEADS, Role.OTHER]),
        (["任务", "牵头及配合单位"], 2, [Role.TEXT, Role.DUTIES]),
        (["任务", "单位", "完成时限"], 3, [Role.TEXT, Role.LEADS, Role.DEADLINE]),
        (["任务", "部门", "责任人"], 3, [Role.TEXT, Role.LEADS, Role.OTHER]),
        (["任务", "配合单位", "完成时限"], 3, [Role.TEXT, Role.SUPPORTS, Role.DEADLINE]),
        (["任务", "责任人", "完成时限"], 3, [Role.TEXT, Role.OTHER, Role.DEADLINE]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) and isinstance(value[0], str) else "",
)
def test_layout_of(header: Printed, columns: int, roles: list[Role]) -> None:
    assert list(layout_of(grid(header, [f"内容{at}" for at in range(columns)])).roles) == roles


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        (
            [
                ("序号", "工作任务", ("责任单位", 2), "完成时限"),
                ("▲", "▲", "牵头单位", "配合单位", "▲"),
            ],
            [Role.NUMBER, Role.TEXT, *DUTIES[:3]],
        ),
        (
            [
                ("序号", "工作任务", "责任单位", "", "完成时限", ""),
                ("", "", "牵头", "配合", "开始", "结束"),
            ],
            [Role.NUMBER, Role.TEXT, Role.LEADS, Role.SUPPORTS, Role.START, Role.DEADLINE],
        ),
        (
            [
                ("任务", ("牵头", 2), ("配合", 2)),
                ("▲", "单位", "责任人", "单位", "责任人"),
            ],
            [Role.TEXT, Role.LEADS, Role.OTHER, Role.SUPPORTS, Role.OTHER],
        ),
        (
            [
                (("具体内容", 2), "责任单位", ("进度安排", 2)),
                ("任务", "措施", "▲", "上半年", "下半年"),
            ],
            [Role.TASK, Role.TEXT, Role.LEADS, Role.OTHER, Role.OTHER],
        ),
    ],
    ids=["merged", "csv", "units-and-persons", "half-years"],
)
def test_layout_of_a_header_of_two_rows(rows: list[Printed], roles: list[Role]) -> None:
    layout = layout_of(grid(*rows, [f"内容{at}" for at in range(len(roles))]))
    assert list(layout.roles) == roles
    assert len(layout.header.rows) == 2


def test_layout_heading_below_a_wide_name_is_no_second_header() -> None:
    layout = layout_of(grid([("具体内容", 2), "牵头单位"], ["一、甲工程", "1.乙", ""], ["", "1.丙", "教体局"]))
    assert len(layout.header.rows) == 1


def test_layout_header_below_a_title_row() -> None:
    assert layout_of(grid("某县分工", ["任务", "牵头单位"], ["甲", "教体局"])).header.rows[0].number == 2


def test_layout_text_is_not_the_column_still_to_be_filled_in() -> None:
    rows = [[f"任务{at}", "教体局", "2024年", ""] for at in range(3)]
    layout = layout_of(grid(["工作任务", "责任单位", "时限", "推进措施"], *rows))
    assert layout.roles == (Role.TEXT, Role.LEADS, Role.DEADLINE, Role.OTHER)


@pytest.mark.parametrize(
    ("rows", "role"),
    [
        ([("1", "甲", "a"), ("2", "▲", "b"), ("3", "乙", "c")], Role.NUMBER),
        ([("1", "甲", "a"), ("2", "乙", "b")], Role.NUMBER),
        ([("1", "甲", "a"), ("▲", "▲", "b"), ("2", "乙", "c")], Role.TASK_NUMBER),
        ([("1", "甲", "a"), ("", "", "b"), ("2", "乙", "c")], Role.TASK_NUMBER),
        ([("1", "甲", "a"), ("1", "甲", "b"), ("2", "乙", "c")], Role.TASK_NUMBER),
    ],
    ids=["through-tasks", "one-item-a-task", "merged", "empty", "repeated"],
)
def test_layout_whose_number_it_is(rows: list[tuple[str, ...]], role: Role) -> None:
    layout = layout_of(grid(["序号", "任务", "措施", "责任单位"], *[(*row, "教体局") for row in rows]))
    assert layout.roles[0] is role


def test_layout_number_merged_over_items_without_a_task_column() -> None:
    layout = layout_of(grid(["序号", "措施", "责任单位"], ["1", "a", "教体局"], ["▲", "b", "教体局"]))
    assert layout.roles[0] is Role.TASK_NUMBER


def test_layout_number_of_the_section() -> None:
    rows = [("一", "教育", "甲", "a"), ("▲", "▲", "▲", "b"), ("▲", "▲", "乙", "c"), ("二", "医疗", "丙", "d")]
    layout = layout_of(grid(["序号", "类别", "任务", "措施", "责任单位"], *[(*row, "教体局") for row in rows]))
    assert layout.roles[:2] == (Role.SECTION_NUMBER, Role.SECTION)


def test_layout_below_a_header_of_three_rows() -> None:
    layout = layout_of(
        grid(
            ("序号", "任务", ("责任分工", 3), "时限"),
            ("▲", "▲", ("牵头", 2), "配合", "▲"),
            ("▲", "▲", "领导", "单位", "单位", "▲"),
            ("1", "甲", "张三", "教体局", "财政局", "2024年"),
        )
    )
    assert layout.roles == (Role.NUMBER, Role.TEXT, Role.OTHER, Role.LEADS, Role.SUPPORTS, Role.DEADLINE)
    assert len(layout.header.rows) == 3


def test_layout_below_a_header_merged_into_the_first_item() -> None:
    rows = (("序号", "任务", "牵头单位", "时限"), ("▲", "任务甲", "教体局", "2024年"))
    assert len(layout_of(grid(*rows)).header.rows) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["甲", "乙"]],
        [["牵头单位", "配合单位"]],
        [["任务", "完成时限"]],
        [["任务", "牵头单位", *["x"] * 100]],
        [["物品名称", "单位", "数量", "单价"], ["大米", "千克", "5", "3"]],
        [["项目", "单位", "完成时间", "金额"], ["大米", "千克", "2024年", "3"]],
        [["项目", "单位", "完成时间"], ["大米", "千克", "2024年"], ["桌子", "张", "2024年"]],
        [["任务", "单位"], ["做好", "教体局"]],
        [["姓名", "单位", "职务", "电话"], ["张三", "教体局", "局长", "1"]],
        [["时间", "会议内容", "地点"], ["9时", "汇报", "一楼"]],
        [["时间", "会议内容", "负责人"], ["9时", "汇报", "张三"]],
        [["时间", "工作内容", "单位"], ["9时", "汇报", "教体局"]],
        [["项目", "负责人", "电话"], ["甲", "张三", "1"]],
    ],
    ids=[
        *(
            "empty",
            "no-names",
            "no-content",
            "no-leads",
            "too-wide",
            "shopping",
            "priced",
            "measured",
            "nothing-beside",
        ),
        *("contacts", "agenda", "agenda-with-persons", "agenda-with-units", "persons"),
    ],
)
def test_layout_without_usable_header(rows: list[Printed]) -> None:
    with pytest.raises(Unreadable):
        layout_of(grid(*rows))
