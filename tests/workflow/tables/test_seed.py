"""The Pingluo table, read exactly: what the whole product is demonstrated with."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from workflow import tables
from workflow.tables import Item, Table

ITEMS_OF_TASK = [3, 3, 2, 2, 3, 3, 2, 2, 2, 1, 2, 2, 2, 2, 1, 2, 2, 2, 1, 1, 3, 5]
NUMBERS = [f"{task}.{item}" for task, count in enumerate(ITEMS_OF_TASK, start=1) for item in range(1, count + 1)]


@pytest.fixture(scope="module")
def table() -> Table:
    return tables.read((Path(__file__).resolve().parents[3] / "fixtures/pingluo/table.txt").read_bytes(), "table.txt")


def item(table: Table, number: str) -> Item:
    return next(item for item in table.items if item.number == number)


def test_title(table: Table) -> None:
    assert table.title == "平罗县基础教育质量提升行动责任分工"


def test_sections(table: Table) -> None:
    assert Counter((item.section_no, item.section) for item in table.items) == {
        ("一", "实施立德树人工程"): 10,
        ("二", "实施资源增量达标工程"): 10,
        ("三", "实施规范管理提质增效工程"): 9,
        ("四", "实施新时代强师培优工程"): 9,
        ("五", "实施改革创新引领工程"): 10,
    }


def test_tasks(table: Table) -> None:
    assert list(dict.fromkeys((item.task_no, item.task) for item in table.items)) == [
        ("1", "强化德育培根铸魂育人功能"),
        ("2", "提高体育美育劳动教育水平"),
        ("3", "着力构建协同育人新格局"),
        ("4", "不断提高健康教育水平"),
        ("5", "推动学前教育普及普惠发展"),
        ("6", "推动义务教育学校标准化建设"),
        ("7", "推动普通高中基础设施提档升级"),
        ("8", "推动特殊教育延伸融合"),
        ("9", "严格教学基本要求"),
        ("10", "提高课堂教学质量"),
        ("11", "强化城乡教育质量同等化"),
        ("12", "发挥教科研引领作用"),
        ("13", "深化“互联网+教育”融合应用"),
        ("14", "夯实师德师风建设"),
        ("15", "创新教师专业发展平台"),
        ("16", "提高教师培训质量"),
        ("17", "培养拔尖领军人才"),
        ("18", "提高教师待遇和地位"),
        ("19", "深化教育评价改革"),
        ("20", "深化考试招生制度改革"),
        ("21", "优化教师资源配置"),
        ("22", "提升校园治理水平"),
    ]


def test_numbers(table: Table) -> None:
    assert [item.number for item in table.items] == NUMBERS
    assert len(NUMBERS) == 48


def test_rows_of_the_source(table: Table) -> None:
    sources = [(item.source.table, item.source.sheet, item.source.row) for item in table.items]
    assert sources == [(1, None, row) for row in range(2, 50)]


def test_units(table: Table) -> None:
    leads = Counter(unit for item in table.items for unit in item.leads)
    supports = Counter(unit for item in table.items for unit in item.supports)
    assert leads == {
        "教体局": 45,
        "教育工委": 6,
        "县委编办": 3,
        "财政局": 3,
        "人社局": 1,
        "发改局": 1,
        "县委组织部": 1,
        "自然资源局": 1,
    }
    assert len(supports) == 29
    assert len(leads.keys() | supports.keys()) == 30
    assert (leads.total(), supports.total()) == (61, 92)
    assert sum(len(item.leads) == 2 for item in table.items) == 13


def test_deadlines(table: Table) -> None:
    assert Counter((item.deadline_raw, item.deadline.kind.value, item.deadline.due_on) for item in table.items) == {
        ("长期坚持", "ongoing", None): 15,
        ("2022年", "date", date(2022, 12, 31)): 13,
        ("2025年", "date", date(2025, 12, 31)): 10,
        ("2023年", "date", date(2023, 12, 31)): 4,
        ("2024年", "date", date(2024, 12, 31)): 4,
        ("2021年", "date", date(2021, 12, 31)): 2,
    }


def test_notes_are_empty(table: Table) -> None:
    assert {item.notes for item in table.items} == {""}


@pytest.mark.parametrize(
    ("number", "leads", "supports"),
    [
        ("1.1", ("教育工委", "教体局"), ("县委宣传部",)),
        ("6.1", ("财政局",), ("教体局",)),
        ("7.1", ("教体局",), ("发改局", "住建局", "财政局", "审批局", "自然资源局")),
        ("8.2", ("教体局",), ("发改局", "住建局", "残联", "审批局", "自然资源局")),
        ("11.1", ("教体局",), ("各乡镇",)),
        ("16.1", ("教体局",), ("人社局",)),
        ("17.1", ("教体局",), ("县委组织部", "人社局", "财政局")),
        ("22.5", ("教体局",), ("民政局", "市场监管局")),
    ],
)
def test_units_of_irregular_cells(table: Table, number: str, leads: tuple[str, ...], supports: tuple[str, ...]) -> None:
    assert (item(table, number).leads, item(table, number).supports) == (leads, supports)


def test_text_keeps_its_full_width_digit(table: Table) -> None:
    assert item(table, "13.1").text == (
        "加大《平罗县中小学教师信息技术应用能力提升工程2.0实施方案》落实力度，在５所自治区级标杆学校各建设一个VR教室，"
        "引入教学管理、学科工具和人机对话等教学资源，在宁夏教育云平台上创建30个名师工作室，不断提升宁夏教育云平台应用能力。"
    )


def test_json_of_the_first_and_last_item(table: Table) -> None:
    items = table.as_json()["items"]
    assert items[0] == {
        "section": "实施立德树人工程",
        "section_no": "一",
        "task_no": "1",
        "task": "强化德育培根铸魂育人功能",
        "item_no": "1",
        "text": "深入实施党建思政书记项目，推进习近平新时代中国特色社会主义思想“三进”工作走深走实。",
        "leads": ["教育工委", "教体局"],
        "supports": ["县委宣传部"],
        "deadline_raw": "长期坚持",
        "deadline": {"kind": "ongoing", "start_on": None, "due_on": None, "freq": "yearly"},
        "notes": "",
        "source": {"table": 1, "sheet": None, "row": 2},
    }
    assert items[47] == {
        "section": "实施改革创新引领工程",
        "section_no": "五",
        "task_no": "22",
        "task": "提升校园治理水平",
        "item_no": "5",
        "text": "加强校外培训机构管理，规范整治学科类培训、虚假广告、合同欺诈等不良行为，严查超国家课程标准和超规定时间"
        "培训行为，切实减轻中小学生校外培训负担。",
        "leads": ["教体局"],
        "supports": ["民政局", "市场监管局"],
        "deadline_raw": "长期坚持",
        "deadline": {"kind": "ongoing", "start_on": None, "due_on": None, "freq": "yearly"},
        "notes": "",
        "source": {"table": 1, "sheet": None, "row": 49},
    }
    assert items[15]["deadline"] == {"kind": "date", "start_on": None, "due_on": "2024-12-31", "freq": None}


def test_warnings(table: Table) -> None:
    both = [
        (3, 4, "1.3"),
        (4, 5, "2.1"),
        (18, 19, "7.2"),
        (21, 22, "9.1"),
        (22, 23, "9.2"),
        (23, 24, "10.1"),
        (27, 28, "12.2"),
    ]
    sentence = "第{row}行（{number}）的教体局既是牵头单位又列在“配合单位”：发布时只按牵头计一次，如有误请改正。"
    expected = [("lead_also_support", ref, sentence.format(row=row, number=number)) for ref, row, number in both]
    expected.insert(
        2,
        (
            "deadline_before_text_year",
            16,
            "第17行（6.3）的“完成时限”（2024年）早于“具体内容”里写的2025年：请核对以哪个年份为准。",
        ),
    )
    last = "第49行（22.5）只有6个单元格，应有7个，末尾的“备注”按空白处理：请核对有没有错列。"
    assert [(w.code, w.ref, w.message) for w in table.warnings] == [*expected, ("row_short", 48, last)]
