import csv
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.matching import Known, Names

UNITS = Path(__file__).parents[3] / "fixtures/pingluo/units.csv"
# Units that other counties' tables name, by one name each: nothing is certain but this name.
OTHERS = (
    *("工业和信息化局", "农业农村局", "交通运输局", "水务局", "医疗保障局", "审计局", "统计局", "信访局", "城市管理局"),
    *("总工会", "文学艺术界联合会", "工商业联合会", "国家税务总局平罗县税务局", "人民武装部", "人民法院"),
    *("人民检察院", "纪律检查委员会", "县委统战部", "人大常委会办公室", "消防救援大队", "民族宗教事务局"),
    *("国有资产监督管理委员会", "安全生产委员会办公室", "平罗中学", "平罗县公共资源交易中心", "城关街道"),
)
FULL_ONLY = (
    *("教育体育局", "发展和改革局", "人力资源和社会保障局", "住房和城乡建设局", "卫生健康局", "文化旅游广电局"),
    *("机构编制委员会办公室", "共青团平罗县委员会", "妇女联合会", "市场监督管理局", "各乡（镇）", "财政局", "公安局"),
    *("网络安全和信息化委员会办公室", "审批服务管理局", "县委政法委员会", "科学技术协会", "退役军人事务局"),
)


def called(*names: str) -> Names:
    return Names((Known(key, (name,)) for key, name in enumerate(names)), region="平罗县")


def pingluo() -> tuple[list[str], list[Known]]:
    with UNITS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = [
        Known(key, (row["name"], row["full_name"], *filter(None, row["aliases"].split("、"))))
        for key, row in enumerate(rows)
    ]
    return [row["name"] for row in rows], known


SHORT, KNOWN = pingluo()
PINGLUO = Names(KNOWN, region="平罗县")
ALL = Names([*KNOWN, *(Known(100 + place, (name,)) for place, name in enumerate(OTHERS))], region="平罗县")
NAME_OF = dict(enumerate(SHORT)) | dict(enumerate(OTHERS, 100))


def names_of(keys: Iterable[int]) -> list[str]:
    return [NAME_OF[key] for key in keys]


# --- certain ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("教体局", "教体局"),
        ("平罗县教育体育局", "教体局"),
        ("县教育体育局", "教体局"),
        ("平罗教体局", "教体局"),
        ("县教体局", "教体局"),
        ("教 体 局", "教体局"),
        ("“教体局”", "教体局"),
        ("教\u200b体局\ufeff", "教体局"),
        ("各乡(镇)", "各乡镇"),
        ("各乡〔镇〕", "各乡镇"),
        ("各乡（镇）人民政府", "各乡镇"),
        ("各乡镇政府", "各乡镇"),
        ("平罗县各乡镇", "各乡镇"),
        ("头闸镇", "头闸镇"),
        ("头闸镇人民政府", "头闸镇"),
        ("头闸镇政府", "头闸镇"),
        ("平罗县头闸镇人民政府", "头闸镇"),
        ("红崖子乡政府", "红崖子乡"),
        ("城关街道办事处", "城关街道"),
        ("县城关街道办", "城关街道"),
        ("中共平罗县委宣传部", "县委宣传部"),
        ("平罗县委员会宣传部", "县委宣传部"),
        ("中国共产党平罗县委员会组织部", "县委组织部"),
        ("共青团平罗县委员会", "团县委"),
        ("平罗县政府办公室", "政府办"),
        ("县人民政府办公室", "政府办"),
        ("县人民政府", "县政府"),
        ("平罗县政府", "县政府"),
        ("平罗县财政局", "财政局"),
        ("县中学", "平罗中学"),
        ("公共资源交易中心", "平罗县公共资源交易中心"),
    ],
)
def test_match_same_name(printed: str, unit: str) -> None:
    assert names_of(ALL.match(printed).keys) == [unit]
    assert ALL.match(printed).similar == ()


@pytest.mark.parametrize(
    "printed",
    [
        "教体局机关",
        "财政局预算股",
        "政府",
        "委办",
        "镇政府",
        "中学",
        "督查室",
        "教体局（牵头）",
        "县",
        "平罗县",
        "各县直部门",
    ],
)
def test_match_other_words_are_never_certain(printed: str) -> None:
    assert ALL.match(printed).keys == ()


def test_match_region_of_another_level() -> None:
    names = Names([Known(1, ("朝阳区教育局",)), Known(2, ("区市场监管局",)), Known(3, ("市政处",))], region="朝阳区")
    assert [names.match(name).keys for name in ("教育局", "朝阳市场监管局", "市场监管局", "政处", "区市政处")] == [
        (1,),
        (2,),
        (2,),
        (),
        (3,),
    ]


def test_match_autonomous_county() -> None:
    names = Names([Known(1, ("教育局",))], region="孟村回族自治县")
    assert (
        names.match("孟村回族自治县教育局").keys
        == names.match("自治县教育局").keys
        == names.match("县教育局").keys
        == (1,)
    )


def test_match_without_region() -> None:
    names = Names([Known(1, ("教体局",)), Known(2, ("头闸镇",))])
    assert names.match("头闸镇人民政府").keys == (2,)
    assert names.match("县教体局").keys == ()


def test_match_two_units_of_one_name() -> None:
    names = Names([Known(7, ("县教育局",)), Known(3, ("教育局",)), Known(5, ("公安局",))], region="平罗县")
    assert names.match("平罗县教育局").keys == (7, 3)
    assert names.match("教育局").keys == (7, 3)


def test_match_unit_with_one_name_twice() -> None:
    assert Names([Known(1, ("教体局", "县教体局", "教体局"))], region="平罗县").match("教体局").keys == (1,)


# --- proposals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("教体局机关", "教体局"),
        ("教育局", "教体局"),
        ("体育局", "教体局"),
        ("教休局", "教体局"),
        ("县教休局", "教体局"),
        ("教育体育居", "教体局"),
        ("教体局（牵头）", "教体局"),
        ("教育工作委员会", "教育工委"),
        ("教工委", "教育工委"),
        ("发改委", "发改局"),
        ("县发改委", "发改局"),
        ("发展改革委员会", "发改局"),
        ("卫健委", "卫健局"),
        ("卫建局", "卫健局"),
        ("卫生局", "卫健局"),
        ("住建委", "住建局"),
        ("城建局", "住建局"),
        ("文化和旅游局", "文广局"),
        ("文化局", "文广局"),
        ("编委办", "县委编办"),
        ("团委", "团县委"),
        ("共青团", "团县委"),
        ("市监局", "市场监管局"),
        ("市场监督局", "市场监管局"),
        ("行政审批服务局", "审批局"),
        ("行政审批局", "审批局"),
        ("政法委员会", "县委政法委"),
        ("财改局", "财政局"),
        ("财政", "财政局"),
        ("公安分局", "公安局"),
        ("应急办", "应急管理局"),
        ("自然资源和规划局", "自然资源局"),
        ("人力社保局", "人社局"),
        ("红岩子乡", "红崖子乡"),
        ("头闸乡", "头闸镇"),
        ("高庄", "高庄乡"),
        ("各乡镇（街道）", "各乡镇"),
        ("督查室", "县委督查室"),
        ("政府", "县政府"),
        ("政府办公厅", "政府办"),
        ("农业局", "农业农村局"),
        ("工信局", "工业和信息化局"),
        ("交通局", "交通运输局"),
        ("医保局", "医疗保障局"),
        ("城管局", "城市管理局"),
        ("税务局", "国家税务总局平罗县税务局"),
        ("工会", "总工会"),
        ("文联", "文学艺术界联合会"),
        ("工商联", "工商业联合会"),
        ("法院", "人民法院"),
        ("检察院", "人民检察院"),
        ("人武部", "人民武装部"),
        ("纪委", "纪律检查委员会"),
        ("统战部", "县委统战部"),
        ("人大办", "人大常委会办公室"),
        ("国资委", "国有资产监督管理委员会"),
        ("安委办", "安全生产委员会办公室"),
        ("民宗局", "民族宗教事务局"),
        ("消防大队", "消防救援大队"),
        ("公共资源中心", "平罗县公共资源交易中心"),
    ],
)
def test_match_first_proposal(printed: str, unit: str) -> None:
    found = ALL.match(printed)
    assert found.keys == ()
    assert names_of(found.similar)[:1] == [unit]


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("教体局", "教育体育局"),
        ("发改委", "发展和改革局"),
        ("发改局", "发展和改革局"),
        ("人社局", "人力资源和社会保障局"),
        ("住建局", "住房和城乡建设局"),
        ("卫健局", "卫生健康局"),
        ("卫健委", "卫生健康局"),
        ("文旅局", "文化旅游广电局"),
        ("文广局", "文化旅游广电局"),
        ("编办", "机构编制委员会办公室"),
        ("县委编办", "机构编制委员会办公室"),
        ("团委", "共青团平罗县委员会"),
        ("团县委", "共青团平罗县委员会"),
        ("妇联", "妇女联合会"),
        ("市监局", "市场监督管理局"),
        ("市场监管局", "市场监督管理局"),
        ("网信办", "网络安全和信息化委员会办公室"),
        ("审批局", "审批服务管理局"),
        ("行政审批服务局", "审批服务管理局"),
        ("各乡镇", "各乡（镇）"),
        ("政法委", "县委政法委员会"),
        ("科协", "科学技术协会"),
        ("退役军人局", "退役军人事务局"),
    ],
)
def test_match_abbreviation_of_the_only_name(printed: str, unit: str) -> None:
    found = called(*FULL_ONLY).match(printed)
    assert [FULL_ONLY[key] for key in (*found.keys, *found.similar)][:1] == [unit]


@pytest.mark.parametrize(
    "printed",
    [
        *("公路局", "民宗局", "水利局", "税务局", "审计局", "统计局", "信访局", "交通运输局", "农业农村局", "医保局"),
        *("工信局", "城管局", "气象局", "供电公司", "公积金中心", "交警大队", "文联", "工会", "法院", "人武部", "人大"),
        *("统战部", "商务局", "乡村振兴局", "人事局", "安委办", "学校", "各学校", "各科室", "各有关部门", "局"),
        *("高新镇", "2022年", "abc", "。", "", " "),
    ],
)
def test_match_nothing_alike(printed: str) -> None:
    assert names_of(PINGLUO.match(printed).similar) == []


@pytest.mark.parametrize(("known", "printed"), [("财政局", "公安局"), ("民政局", "财政局"), ("统计局", "审计局")])
def test_match_closing_word_alone_is_no_likeness(known: str, printed: str) -> None:
    assert called(known).match(printed).similar == ()


def test_match_several_proposals_best_first() -> None:
    assert names_of(PINGLUO.match("教育局").similar) == ["教体局", "教育工委"]


def test_match_proposes_five_at_most() -> None:
    assert len(called(*(f"第{number}中学" for number in "一二三四五六七八九")).match("第十中学").similar) == 5


def test_match_proposes_a_unit_once() -> None:
    names = Names([Known(1, ("教育体育局", "教育和体育局", "教育体育管理局"))])
    assert names.match("教体局").similar == (1,)


# --- whatever is printed ----------------------------------------------------------------------------------------------
SIGNS = st.sampled_from(
    [*"教体育局委办县平罗镇乡府政人民各和()（）“” \u200b", "\ud800", "Ａ", "中共", "人民政府", "平罗县"]
)
SPELLING = st.one_of(st.text(st.characters()), st.lists(SIGNS, max_size=9).map("".join))


@given(st.lists(SPELLING), SPELLING, st.sampled_from(["", "平罗县", "市", "孟村回族自治县", "("]) | SPELLING)
def test_match_any_text(known: list[str], printed: str, region: str) -> None:
    found = Names((Known(key, (name,)) for key, name in enumerate(known)), region=region).match(printed)
    assert not (found.keys and found.similar)
    assert {*found.keys, *found.similar} <= set(range(len(known)))


@given(st.lists(SPELLING.map(lambda name: f"{name}局"), min_size=1), st.sampled_from(["", "平罗县", "市"]))
def test_match_every_known_name_is_known(known: list[str], region: str) -> None:
    names = Names((Known(key, (name,)) for key, name in enumerate(known)), region=region)
    assert all(key in names.match(name).keys for key, name in enumerate(known))


@given(st.lists(SPELLING))
def test_match_keys_are_those_of_each_unit_by_itself(known: list[str]) -> None:
    names = Names((Known(key, (name,)) for key, name in enumerate(known)), region="平罗县")
    assert names.match("财政局").keys == tuple(
        key for key, name in enumerate(known) if Names([Known(0, (name,))], region="平罗县").match("财政局").keys
    )


def test_match_long_text_quickly() -> None:
    start = time.process_time()
    assert PINGLUO.match("教体局负责" * 20_000).similar == ()
    assert time.process_time() - start < 0.5


def test_match_200_names_against_500_units() -> None:
    heads = ["教育", "发展", "人力", "社会", "资源", "住房", "城乡", "卫生", "文化", "旅游", "农业", "市场", "审批"]
    pairs = [f"{one}{two}" for one in heads for two in heads] * 3
    known = [Known(key, (f"{pair}局", f"平罗县{pair}第{key}管理局")) for key, pair in enumerate(pairs[:500])]
    start = time.process_time()
    names = Names([*known, *(Known(600 + unit.key, unit.names) for unit in KNOWN)], region="平罗县")
    for key in range(200):
        names.match(f"{heads[key % 13]}{heads[key // 13 % 13]}{key}委员会")
    assert time.process_time() - start < 1  # seconds of work, also on a machine that does other things; alone 0.2
