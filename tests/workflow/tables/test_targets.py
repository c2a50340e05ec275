from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.states import Frequency
from workflow.tables.table import Target
from workflow.tables.targets import targets_of

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures/pingluo/table.txt"


def said(text: str) -> list[tuple[str, str, str]]:
    return [(target.label, target.value, target.unit) for target in targets_of(text)]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("培育选树5所区级德育示范校", ("培育选树区级德育示范校", "5", "所")),
        ("培育选树区级德育示范校３所", ("培育选树区级德育示范校", "3", "所")),
        ("努力打造5个艺术团队", ("打造艺术团队", "5", "个")),
        ("在云平台上创建30个名师工作室", ("创建名师工作室", "30", "个")),
        ("新建、改扩建学校5所", ("新建、改扩建学校", "5", "所")),
        ("评选“最美教师”10名", ("评选“最美教师”", "10", "名")),
        ("创建5A级景区3个", ("创建5A级景区", "3", "个")),
        ("培训教师2000人次", ("培训教师", "2000", "人次")),
        ("培训教师2000余人次", ("培训教师", "2000", "人次")),
        ("培训教师不少于200名", ("培训教师", "200", "名")),
        ("新建高标准农田2,000亩", ("新建高标准农田", "2000", "亩")),
        ("投入资金1.2亿元", ("投入资金", "1.2", "亿元")),
        ("争取项目资金3000万元以上", ("争取项目资金", "3000", "万元")),
        ("落实经费300万元", ("落实经费", "300", "万元")),
        ("新建3所以上幼儿园", ("新建幼儿园", "3", "所")),
        ("完成老旧小区改造12个", ("完成老旧小区改造", "12", "个")),
        ("实施10项重点工程", ("实施重点工程", "10", "项")),
        ("新建两所幼儿园", ("新建幼儿园", "2", "所")),
        ("新建十五所幼儿园", ("新建幼儿园", "15", "所")),
        ("新建一所幼儿园", ("新建幼儿园", "1", "所")),
        ("打造三个实践基地", ("打造实践基地", "3", "个")),
        ("学前教育毛入园率达到92%以上", ("学前教育毛入园率", "92", "%")),
        ("到2025年底，公办园在园幼儿占比达到50％以上", ("公办园在园幼儿占比", "50", "%")),
        ("力争到2025年底公办园在园幼儿占比达到50%", ("公办园在园幼儿占比", "50", "%")),
        ("入园率≥95%", ("入园率", "95", "%")),
        ("实现网络覆盖率100%", ("网络覆盖率", "100", "%")),
        ("实现教师素养测评100%达标", ("教师素养测评达标", "100", "%")),
        ("城镇登记失业率控制在4.5%以内", ("城镇登记失业率", "4.5", "%")),
        ("规上工业增加值增长5%左右", ("规上工业增加值增长", "5", "%")),
        ("生均图书不少于30册", ("生均图书", "30", "册")),
        ("每校配备校医1名", ("每校配备校医", "1", "名")),
        ("县委和县政府每三年评选表彰名师50名", ("每三年评选表彰名师", "50", "名")),
        ("每学期开展2次", ("每学期开展", "2", "次")),
        ("每天体育活动时间不低于1小时", ("每天体育活动时间", "1", "小时")),
    ],
)
def test_targets_of(text: str, target: tuple[str, str, str]) -> None:
    assert said(text) == [target]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "表彰名师50名、优秀班主任30名、书记校（园）长10名",
            [("表彰名师", "50", "名"), ("表彰优秀班主任", "30", "名"), ("表彰书记校（园）长", "10", "名")],
        ),
        ("培训校长20名和教师100名", [("培训校长", "20", "名"), ("培训教师", "100", "名")]),
        ("打造3个基地和5个工作室", [("打造基地", "3", "个"), ("打造工作室", "5", "个")]),
        ("巩固率达到98%、毛入学率达到95%", [("巩固率", "98", "%"), ("毛入学率", "95", "%")]),
        ("新建幼儿园3所，新增学位900个", [("新建幼儿园", "3", "所"), ("新增学位", "900", "个")]),
    ],
)
def test_targets_of_a_list(text: str, targets: list[tuple[str, str, str]]) -> None:
    assert said(text) == targets


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("每年创建健康学校5所", Frequency.YEARLY),
        ("每年开展一次督导评估", Frequency.YEARLY),
        ("每半年开展督查2次", Frequency.HALF_YEARLY),
        ("每季度召开1次会议", Frequency.QUARTERLY),
        ("每个月通报1次", Frequency.MONTHLY),
        ("每学期开展督查2次", None),
        ("每三年评选名师50名", None),
        ("创建健康学校5所", None),
        ("每年开展督查。创建健康学校5所", None),
    ],
)
def test_targets_of_a_rhythm(text: str, per: Frequency | None) -> None:
    assert [target.per for target in targets_of(text)] == [per]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到2025年，创建优质均衡发展县",
        "落实第3条",
        "见22.3",
        "宁教〔2021〕5号",
        "落实“双减”政策",
        "开通12345热线",
        "构建1+N体系",
        "健全三全育人机制",
        "以手机、作业、睡眠、读物、体质五项管理为抓手",
        "一校一案落实工作",
        "坚定四个自信",
        "“四个”100%工作任务",
        "实施第二届“三名工程”",
        "实施三年行动计划",
        "落实《创建5所示范校方案》",
        "依托自治区、市、县、校四级治理体系",
        "建立三个机制",
        "开展三个专项行动",
        "打造一支高素质队伍",
        "总结推广一批优秀案例",
        "各建设一个VR教室",
        "实现小学45人、初中50人标准班额办学",
        "化解2000人以上大校额",
        "轮岗时间一般不少于3年",
        "培育30-50名骨干",
        "引进人才3至5名",
        "骨干教师比例达到10%、15%、20%",
        "占比达到60%以上",
        "20个工作日内办结",
        "开展5个月整治",
        "对28所学校开展督导",
        "优质资源覆盖80%的学校",
    ],
)
def test_targets_of_numbers_that_are_none(text: str) -> None:
    assert targets_of(text) == ()


def test_targets_of_the_pingluo_table() -> None:
    cells = [line.strip() for line in FIXTURE.read_text().splitlines() if len(line) > 25]
    assert [target for cell in cells for target in targets_of(cell)] == [
        Target("培育选树区级德育示范校", "3", "所"),
        Target("打造中小学高水平艺术团队", "5", "个"),
        Target("打造劳动教育精品课", "10", "节"),
        Target("培育劳动教育示范校", "6", "所"),
        Target("创建自治区级健康学校", "5", "所", Frequency.YEARLY),
        Target("改善普通高中学校办学条件", "2", "所"),
        Target("适龄残疾儿童少年入学率", "95", "%"),
        Target("创建名师工作室", "30", "个"),
        Target("教师信息技术素养测评达标", "100", "%"),
        Target("每三年评选表彰名师", "50", "名"),
        Target("每三年评选表彰优秀班主任", "30", "名"),
        Target("每三年评选表彰领航书记校（园）长", "10", "名"),
    ]


PIECES = [
    *"0123.,%、，。；（）《》“”和每年各一二两三十百所个名次人",
    "新建",
    "达到",
    "率",
    "以上",
    "幼儿园",
    "万元",
    "每季度",
]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_targets_of_never_raises_and_gives_numbers(text: str) -> None:
    for target in targets_of(text):
        assert float(target.value) >= 0
        assert target.label
        assert target.unit


@pytest.mark.parametrize("piece", ["1", "新建", "新建3所", "《", "“《（", "、", "，", "每年", "一", "3所、", "1,000"])
def test_targets_of_a_huge_text_is_quick(piece: str) -> None:
    started = process_time()
    targets_of(piece * (100_000 // len(piece)))
    assert process_time() - started < 2
