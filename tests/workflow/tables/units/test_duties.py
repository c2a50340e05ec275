from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.units import duties_of, is_open_ended, split_units


@pytest.mark.parametrize(
    ("leads_cell", "supports_cell"),
    [
        ("教体局", ""),
        ("教育工委\n教体局", "县委宣传部"),
        ("各乡镇人民政府，县教育局", "财政局"),
        ("教体局", "教体局"),
        ("县残疾人联合会、工商联、商务局", "协同创新中心、组织部"),
        ("项目实施中心、落实办", "志愿者协会"),
        ("教育局（张三）", "财政局"),
        ("（甲镇）（乙镇）", ""),
        ("", ""),
    ],
)
def test_duties_of_plain_lists(leads_cell: str, supports_cell: str) -> None:
    assert duties_of(leads_cell, supports_cell) == (split_units(leads_cell), split_units(supports_cell))


@pytest.mark.parametrize(
    ("cell", "leads", "supports"),
    [
        ("教育局牵头，财政局、人社局配合", ["教育局"], ["财政局", "人社局"]),
        ("教育局牵头财政局配合", ["教育局"], ["财政局"]),
        ("★教育局、财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局、财政局★\n人社局", ["财政局"], ["教育局", "人社局"]),
        ("★教育局", ["教育局"], []),
        ("教育局*、财政局", ["教育局"], ["财政局"]),
        ("教育局（牵头）财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局牵头，财政局", ["教育局"], ["财政局"]),
        ("教育局牵头\n财政局、人社局配合", ["教育局"], ["财政局", "人社局"]),
        ("教育局牵头负责，财政局配合落实", ["教育局"], ["财政局"]),
        ("教育局牵头，各相关部门配合", ["教育局"], ["各相关部门"]),
        ("教育局牵头，财政局配合，人社局参与", ["教育局"], ["财政局", "人社局"]),
        ("教育局和财政局牵头，人社局、住建局共同负责", ["教育局", "财政局"], ["人社局", "住建局"]),
        ("由教育局牵头，财政局、人社局按职责分工负责", ["教育局"], ["财政局", "人社局"]),
        ("（市政府办牵头，市级各有关部门及各县区政府按职责分工负责）", ["市政府办"], ["市级各有关部门", "各县区政府"]),
        ("县委宣传部牵头；县发展和改革局，各乡镇按照职责分工抓好落实。", ["县委宣传部"], ["县发展和改革局", "各乡镇"]),
        ("市教育局（市委教育工委）牵头，市财政局", ["市教育局（市委教育工委）"], ["市财政局"]),
        ("教育局、财政局负责", ["教育局", "财政局"], []),
        ("教育局、财政局按职责分工负责", ["教育局", "财政局"], []),
        ("各乡镇负责落实", ["各乡镇"], []),
        ("教育局负责，各乡镇配合", ["教育局"], ["各乡镇"]),
        ("市教育局会同市财政局负责", ["市教育局"], ["市财政局"]),
        ("教育局牵头，会同财政局、各乡镇落实", ["教育局"], ["财政局", "各乡镇"]),
        ("发改局牵头，教育局会同财政局落实", ["发改局"], ["教育局", "财政局"]),
        ("县残疾人联合会牵头，县工商联、商务局配合", ["县残疾人联合会"], ["县工商联", "商务局"]),
        ("牵头单位：教育局；配合单位：财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("牵头单位:教育局\n配合单位:财政局", ["教育局"], ["财政局"]),
        ("牵头单位\n教育局\n配合单位\n财政局", ["教育局"], ["财政局"]),
        ("牵头：教育局 配合：财政局 人社局", ["教育局"], ["财政局", "人社局"]),
        ("主办：教育局\n协办：财政局", ["教育局"], ["财政局"]),
        ("牵头单位：发改局\n责任单位：开发区，各街道", ["发改局"], ["开发区", "各街道"]),
        ("责任单位：各乡镇、教育局", ["各乡镇", "教育局"], []),
        ("责任单位：教育局牵头，财政局配合", ["教育局"], ["财政局"]),
        ("牵头领导：张三；牵头单位：教育局", ["教育局"], []),
        ("责任单位及责任人：教育局", ["教育局"], []),
        ("教育局（牵头）、财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局（牵头单位）\n财政局（配合单位）", ["教育局"], ["财政局"]),
        ("教育局\n（牵头）\n财政局", ["教育局"], ["财政局"]),
        ("财政局、教育局（牵头）", ["教育局"], ["财政局"]),
        ("教体局（牵头、财政局", ["教体局"], ["财政局"]),
        ("教育局、财政局（配合）", ["教育局"], ["财政局"]),
        ("责任单位：教育局、财政局（排第一的为牵头单位）", ["教育局"], ["财政局"]),
        ("教育局、财政局（排名第一的为牵头单位，其余为配合单位）", ["教育局"], ["财政局"]),
        ("教育局、财政局\n注：排在首位的为牵头单位", ["教育局"], ["财政局"]),
    ],
)
def test_duties_of_a_cell_that_says_who_leads(cell: str, leads: list[str], supports: list[str]) -> None:
    assert duties_of(cell, "") == (leads, supports)


@pytest.mark.parametrize(
    ("leads_cell", "supports_cell", "leads", "supports"),
    [
        ("教育局", "财政局、人社局配合", ["教育局"], ["财政局", "人社局"]),
        ("教育局", "配合单位：财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局", "会同财政局、人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局", "财政局（牵头）、人社局", ["教育局"], ["财政局", "人社局"]),
        ("", "教育局牵头，财政局配合", ["教育局"], ["财政局"]),
        ("教育局牵头，财政局配合", "人社局", ["教育局"], ["财政局", "人社局"]),
        ("教育局牵头，财政局配合", "教育局牵头，财政局配合", ["教育局"], ["财政局"]),
    ],
)
def test_duties_of_two_cells(leads_cell: str, supports_cell: str, leads: list[str], supports: list[str]) -> None:
    assert duties_of(leads_cell, supports_cell) == (leads, supports)


@pytest.mark.parametrize(
    "cell", ["教育局牵头制定方案，财政局配合", "教育局负责方案制定，财政局负责资金保障", "牵头教育局，配合财政局"]
)
def test_duties_of_words_that_cannot_be_taken_apart_loses_nothing(cell: str) -> None:
    assert duties_of(cell, "") == (cell.split("，"), [])


@pytest.mark.parametrize(
    ("cell", "is_open"),
    [
        ("财政局等", True),
        ("财政局\n人社局等部门", True),
        ("财政局、等", True),
        ("教育局、财政局等部门按职责分工负责", True),
        ("教育局等（牵头）、财政局", True),
        ("财政局", False),
        ("等保办", False),
        ("各高等学校", False),
        ("", False),
    ],
)
def test_is_open_ended(cell: str, is_open: bool) -> None:
    assert is_open_ended(cell) == is_open


WORDS = [
    "教育局",
    "财政局",
    "各乡镇",
    "牵头",
    "配合",
    "会同",
    "负责",
    "按职责分工",
    "牵头单位：",
    "责任单位：",
    "（牵头）",
]
CELLS = st.text() | st.lists(st.sampled_from([*WORDS, *"（），；、。\n 由等和", "排第一的为牵头单位"])).map("".join)


@given(leads_cell=CELLS, supports_cell=CELLS)
def test_duties_of_never_raises_and_invents_nothing(leads_cell: str, supports_cell: str) -> None:
    leads, supports = duties_of(leads_cell, supports_cell)
    assert all(name.strip() and set(name) <= set(leads_cell + supports_cell) for name in leads + supports)


@pytest.mark.parametrize(
    "piece",
    [
        "教育局牵头，",
        "负责",
        "共同",
        "牵头",
        "会同",
        "排",
        "（牵头",
        "牵头单位：",
        "按职责",
        "单位 ",
        "第一",
        "（ ",
        "局\n",
        "由",
    ],
)
def test_duties_of_a_huge_cell_is_quick(piece: str) -> None:
    started = process_time()
    duties_of(piece * (100_000 // len(piece)), piece)
    assert process_time() - started < 3
