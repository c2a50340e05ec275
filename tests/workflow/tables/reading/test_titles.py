import pytest

from tests.workflow.tables.building import grid, items, read, told
from workflow.tables.reading.titles import Years, title_of, years_of

HEADER = ("任务", "牵头单位", "完成时限")
ROW = ("1.甲", "教体局", "6月底")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["附件", "某县责任分工"], "某县责任分工"),
        (["附件1：", "某县责任分工", "（试行）"], "某县责任分工"),
        (["某县2024年重点工作任务分解表", "单位：万元", "2024年3月5日"], "某县2024年重点工作任务分解表"),
        (["平罗县教育质量提升行动", "责任分工表"], "平罗县教育质量提升行动责任分工表"),
        (["某政办发〔2024〕12号", "某县行动"], "某县行动"),
        (["某县重点任务清单（2024）"], "某县重点任务清单（2024）"),
        (["某县行动", "填报单位：教体局"], "某县行动"),
        (["一、总体要求"], ""),
        (["关于印发《某县营商环境提升行动方案》的通知"], "某县营商环境提升行动方案"),
        (["县政府关于印发〈甲〉和《2024年〈政府工作报告〉分工》的通知"], "2024年〈政府工作报告〉分工"),
        (["关于印发《某县营商环境方案》的通知", "附件", "任务分工表"], "某县营商环境方案"),
        (["附件2：某县重点任务责任分工"], "某县重点任务责任分工"),
        (["附件", "2024年3月"], ""),
        ([], ""),
    ],
)
def test_title_of(lines: list[str], title: str) -> None:
    assert title_of(lines) == title


@pytest.mark.parametrize(
    ("lines", "sheet", "title"),
    [
        (["某县分工"], "教育", "某县分工"),
        ([], "教育任务", "教育任务"),
        ([], "Sheet1", "文件"),
        ([], "工作表2", "文件"),
        ([], None, "文件"),
    ],
)
def test_title_of_a_table(lines: list[str], sheet: str | None, title: str) -> None:
    assert read(grid(HEADER, ROW, lines=lines, sheet=sheet)).title == title


def test_title_above_a_table_that_is_skipped() -> None:
    table = read(grid(("甲", "乙"), lines=["某县责任分工"]), grid(HEADER, ROW, table=2))
    assert table.title == "某县责任分工"


@pytest.mark.parametrize(
    ("title", "lines", "years"),
    [
        ("2024年重点任务", [], Years(2024, 2024)),
        ("2021—2025年行动计划", [], Years(2021, None)),
        ("重点任务", ["某政发〔2024〕12号"], Years(2024, 2024)),
        ("重点任务", ["（2024年3月）"], Years(2024, 2024)),
        ("重点任务", ["二〇二四年三月"], Years(None, None)),
        ("2025年重点任务", ["某政发〔2024〕12号", "2024年12月30日"], Years(2025, 2025)),
        ("重点任务", ["到2030年实现目标。"], Years(None, None)),
    ],
)
def test_years_of(title: str, lines: list[str], years: Years) -> None:
    assert years_of(title, lines) == years


def test_year_of_a_sheet_dates_its_rows() -> None:
    table = read(grid(HEADER, ROW, sheet="2024年"), grid(HEADER, ROW, sheet="2025年"), filename="任务.xlsx")
    assert [str(item.deadline.due_on) for item in table.items] == ["2024-06-30", "2025-06-30"]


def test_year_of_the_document_dates_a_month() -> None:
    assert told(read(grid(HEADER, ROW, lines=["某政发〔2024〕12号", "某县分工"]))) == []
    assert str(items(HEADER, ROW, lines=["2024年任务分工"])[0].deadline.due_on) == "2024-06-30"


def test_doc_year_is_kept_for_later_checks() -> None:
    assert read(grid(HEADER, ROW, lines=["2021—2025年任务分工"])).doc_year == 2021
