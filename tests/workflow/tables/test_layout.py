import pytest

from workflow.tables.errors import Unreadable
from workflow.tables.grid import Cell, Grid, Row
from workflow.tables.layout import Role, layout_of

DUTIES = [Role.LEADS, Role.SUPPORTS, Role.DEADLINE, Role.NOTES]


def grid(*rows: list[Cell | str]) -> Grid:
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    return Grid(tuple(Row(number, tuple(row)) for number, row in enumerate(cells, start=1)))


@pytest.mark.parametrize(
    ("header", "columns", "roles"),
    [
        (["具体内容", "牵头单位", "配合单位", "完成时限", "备注"], 7, [Role.SECTION, Role.TASK, Role.TEXT, *DUTIES]),
        (
            [Cell("具体内容", 3), "牵头单位", "配合单位", "完成时限", "备注"],
            7,
            [Role.SECTION, Role.TASK, Role.TEXT, *DUTIES],
        ),
        (["任务", "措施", "牵头单位", "协办单位", "完成时间"], 5, [Role.TASK, Role.TEXT, *DUTIES[:3]]),
        (["序号", "工作内容", "责 任\n单 位", "时限"], 4, [Role.NUMBER, Role.TEXT, Role.LEADS, Role.DEADLINE]),
        (["类别", "事项", "牵头（责任）单位", "责任领导"], 4, [Role.SECTION, Role.TEXT, Role.LEADS, Role.OTHER]),
        (["项目", "主要任务", "牵头领导", "牵头单位"], 4, [Role.TASK, Role.TEXT, Role.OTHER, Role.LEADS]),
    ],
)
def test_layout_of(header: list[Cell | str], columns: int, roles: list[Role]) -> None:
    assert list(layout_of(grid(header, [""] * columns)).roles) == roles


def test_layout_header_below_a_title_row() -> None:
    assert layout_of(grid([Cell("某县分工", 2)], ["任务", "牵头单位"], ["甲", "教体局"])).header.number == 2


@pytest.mark.parametrize(
    "rows",
    [[], [["甲", "乙"]], [["牵头单位", "配合单位"]], [["任务", "完成时限"]], [["任务", "牵头单位", *["x"] * 100]]],
    ids=["empty", "no-names", "no-content", "no-leads", "too-wide"],
)
def test_layout_without_usable_header(rows: list[list[Cell | str]]) -> None:
    with pytest.raises(Unreadable):
        layout_of(grid(*rows))
