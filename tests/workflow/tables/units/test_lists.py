from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.units import names_no_unit, split_units

# Names that hold 和 or 与 and are one unit.
ONE_UNIT = [
    "发展和改革局",
    "住房和城乡建设局",
    "工业和信息化局",
    "人力资源和社会保障局",
    "林业和草原局",
    "文化和旅游局",
    "卫生和计划生育局",
    "粮食和物资储备局",
    "规划和自然资源局",
    "民族和宗教事务局",
    "教育与体育局",
    "招商和投资促进局",
    "网络安全和信息化委员会办公室",
    "党委和政府督查室",
    "县委和县政府",
    "政府和社会资本合作中心",
    "社会和法制委员会",
    "干部和人才办",
    "各乡镇和街道",
    "教育局及所属单位",
]
PLAIN = ["教体局", "财政局", "妇联", "县委组织部", "各乡镇", "残联", "县人民法院", "教育局（体育局）", "12345热线办"]


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("教体局", ["教体局"]),
        ("教育工委\n教体局", ["教育工委", "教体局"]),
        ("发改局、住建局\n财政局、审批局\n自然资源局", ["发改局", "住建局", "财政局", "审批局", "自然资源局"]),
        ("财政局，人社局,妇联；科协;残联", ["财政局", "人社局", "妇联", "科协", "残联"]),
        ("财政局 人社局　妇联", ["财政局", "人社局", "妇联"]),
        ("财政局／人社局|妇联·科协•残联\t团委", ["财政局", "人社局", "妇联", "科协", "残联", "团委"]),
        ("财政局。人社局。", ["财政局", "人社局"]),
        ("教 体 局", ["教体局"]),
        ("教 育 局 财 政 局", ["教育局", "财政局"]),
        ("教育 局", ["教育局"]),
        ("各乡镇（街道、园区）、教体局", ["各乡镇（街道、园区）", "教体局"]),
        ("教育局（体育局）、县委办（督查室）", ["教育局（体育局）", "县委办（督查室）"]),
        ("教育局（体育\n局）", ["教育局（体育局）"]),
        ("教育局\n（体育局）\n财政局", ["教育局（体育局）", "财政局"]),
        ("教体局（牵头、财政局", ["教体局（牵头", "财政局"]),
        ("教体局（牵头、财政局（配合）", ["教体局（牵头", "财政局（配合）"]),
        ("教育局）、财政局", ["教育局）", "财政局"]),
        ("财政局、人社局等", ["财政局", "人社局"]),
        ("财政局、人社局等有关部门", ["财政局", "人社局"]),
        ("财政局等12个部门", ["财政局"]),
        ("财政局等十二个部门（单位）", ["财政局"]),
        ("财政局等部门，各乡镇", ["财政局", "各乡镇"]),
        ("各高等学校", ["各高等学校"]),
        ("1.教育局 2.财政局", ["教育局", "财政局"]),
        ("1.教育局2.财政局", ["教育局", "财政局"]),
        ("●教育局●财政局", ["教育局", "财政局"]),
        ("1、教育局；2、财政局", ["教育局", "财政局"]),
        ("（1）教育局\n（2）财政局", ["教育局", "财政局"]),
        ("一、教育局\n二、财政局", ["教育局", "财政局"]),
        ("①教育局②财政局", ["教育局", "财政局"]),
        ("●教育局\n●财政局", ["教育局", "财政局"]),
        ("12345热线办、110指挥中心", ["12345热线办", "110指挥中心"]),
        ("教体局、教体局", ["教体局", "教体局"]),
        ("、教体局、。", ["教体局"]),
        ("", []),
        ("\n", []),
        ("无", []),
        ("暂无", []),
        ("/", []),
        ("——", []),
    ],
)
def test_split_units(cell: str, units: list[str]) -> None:
    assert split_units(cell) == units


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("教育局和财政局", ["教育局", "财政局"]),
        ("教育局与财政局", ["教育局", "财政局"]),
        ("教育局以及各乡镇", ["教育局", "各乡镇"]),
        ("教育工委和教体局", ["教育工委", "教体局"]),
        ("县委办和政府办", ["县委办", "政府办"]),
        ("检察院和法院", ["检察院", "法院"]),
        ("发展和改革局和住房和城乡建设局", ["发展和改革局", "住房和城乡建设局"]),
        ("市级各有关部门及各县市区政府", ["市级各有关部门", "各县市区政府"]),
        ("应急管理局及消防救援大队、公安局", ["应急管理局", "消防救援大队", "公安局"]),
    ],
)
def test_split_units_at_and_between_whole_names(cell: str, units: list[str]) -> None:
    assert split_units(cell) == units


@pytest.mark.parametrize("name", ONE_UNIT)
@pytest.mark.parametrize("place", ["", "县", "平罗县", "市"])
def test_split_units_leaves_a_name_with_and_whole(name: str, place: str) -> None:
    assert split_units(place + name) == [place + name]


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("教育体\n育局", ["教育体育局"]),
        ("平罗县教育体\n育局、财政局", ["平罗县教育体育局", "财政局"]),
        ("教育局、财\n政局、人社局", ["教育局", "财政局", "人社局"]),
        ("住房和城乡\n建设局", ["住房和城乡建设局"]),
        ("发展\n和改革局", ["发展和改革局"]),
        ("人力资\n源和社会\n保障局", ["人力资源和社会保障局"]),
        ("县委办\n公室", ["县委办公室"]),
        ("国网平罗供电公\n司", ["国网平罗供电公司"]),
        ("各乡镇人民政\n府、教育局", ["各乡镇人民政府", "教育局"]),
        ("教\n育\n局\n财\n政\n局", ["教育局", "财政局"]),
    ],
)
def test_split_units_puts_a_broken_name_together(cell: str, units: list[str]) -> None:
    assert split_units(cell) == units


@pytest.mark.parametrize(
    "cell",
    [
        "财政\n教育局",
        "妇联\n科协\n残联",
        "县委\n办公室",
        "各乡镇\n教体局",
        "教育局\n体育局",
        "工信\n工会",
        "中国移动\n中国电信",
        "县人民法院\n县人民检察院",
        "公安局\n交警大队",
        "张三\n李四",
        "财政局、\n人社局",
    ],
)
def test_split_units_keeps_names_on_lines_of_their_own(cell: str) -> None:
    assert split_units(cell) == [line.rstrip("、") for line in cell.split("\n")]


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("各有关部门", True),
        ("有关单位", True),
        ("各成员单位", True),
        ("其他相关部门", True),
        ("市级各有关部门", True),
        ("县直各部门", True),
        ("各有关部门（单位）", True),
        ("相关部门单位", True),
        ("各部门和单位", True),
        ("有关乡镇", True),
        ("有关方面", True),
        ("同上", True),
        ("〃", True),
        ("待定", True),
        ("各乡镇", False),
        ("各乡镇（街道）", False),
        ("各学校", False),
        ("教体局", False),
        ("卫生监督部门", False),
    ],
)
def test_names_no_unit(name: str, unnamed: bool) -> None:
    assert names_no_unit(name) == unnamed


@given(
    names=st.lists(st.sampled_from(PLAIN + ONE_UNIT), min_size=1, max_size=8),
    separator=st.sampled_from(["、", "，", ",", "；", "/", "\n", " ", "、\n", "\t", " | "]),
)
def test_split_units_reads_back_every_list(names: list[str], separator: str) -> None:
    assert split_units(separator.join(names)) == names


@given(
    st.text() | st.lists(st.sampled_from([*"（）()【】、，\n 和及等各局委1.①", "教育", "财政局", "部门"])).map("".join)
)
def test_split_units_never_raises_and_invents_nothing(cell: str) -> None:
    units = split_units(cell)
    assert all(unit and unit == unit.strip() for unit in units)
    printed = iter(cell)
    assert all(sign in printed for unit in units for sign in unit)  # the signs of the cell, in their order


@pytest.mark.parametrize(
    "piece", ["教育局、", "（", "（）", "局和", "教\n", "和", "等", "等各", " ", "1.", "〔\n", "育体\n局", "①"]
)
def test_split_units_of_a_huge_cell_is_quick(piece: str) -> None:
    started = process_time()
    split_units(piece * (100_000 // len(piece)))
    assert process_time() - started < 2
