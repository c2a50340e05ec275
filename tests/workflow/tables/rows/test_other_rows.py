import pytest

from workflow.tables.rows.other_rows import (
    begins_points,
    is_attachment,
    is_heading,
    is_named_heading,
    is_title,
    kind_of,
)
from workflow.tables.table import RowKind


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["注：甲"], RowKind.REMARK),
        (["备注:甲"], RowKind.REMARK),
        (["注1：甲"], RowKind.REMARK),
        (["※各单位按月报送"], RowKind.REMARK),
        (["填表说明：甲"], RowKind.REMARK),
        (["注：", "甲"], RowKind.REMARK),
        (["填表人：张三", "审核人：李四"], RowKind.SIGNATURE),
        (["单位负责人（签字）：", "填报日期："], RowKind.SIGNATURE),
        (["制表人:张三"], RowKind.SIGNATURE),
        (["二〇二四年三月五日"], RowKind.SIGNATURE),
        (["（盖章）"], RowKind.SIGNATURE),
        (["抄送：县委办，县人大办，县政协办。"], RowKind.SIGNATURE),
        (["某县人民政府办公室　　2024年3月1日印发"], RowKind.SIGNATURE),
        (["（此件公开发布）"], RowKind.SIGNATURE),
        (["合计", "12"], RowKind.TOTAL),
        (["总计：12项"], RowKind.TOTAL),
        (["续 表"], RowKind.HEADER),
        (["（续上表）"], RowKind.HEADER),
        (["-2-"], RowKind.HEADER),
        (["第 2 页，共 5 页"], RowKind.HEADER),
        (["1", "2", "3", "4"], RowKind.HEADER),
        (["甲", "乙", "（1）", "（2）"], RowKind.HEADER),
        (["1", "2", "教体局"], None),
        (["单位：万元"], RowKind.TITLE),
        (["附件2"], RowKind.TITLE),
        (["做好甲"], None),
        (["1", "说明：做好甲", "教体局"], None),
        (["合计划分责任区", "教体局"], None),
        (["续建学校3所"], None),
        (["制定方案，2024年3月1日印发"], None),
        (["方案于2024年3月印发"], None),
        (["责任单位：教体局", "甲"], None),
        (["2.乙"], None),
    ],
)
def test_kind_of(texts: list[str], kind: RowKind | None) -> None:
    assert kind_of(texts) is kind


def test_kind_of_a_point_of_a_remark() -> None:
    assert kind_of(["2.乙"], in_remark=True) is RowKind.REMARK
    assert kind_of(["二、乙"], in_remark=True) is None


@pytest.mark.parametrize(("text", "begins"), [("注：1.甲", True), ("说明：", True), ("注：甲", False), ("甲", False)])
def test_begins_points(text: str, begins: bool) -> None:
    assert begins_points(text) == begins


@pytest.mark.parametrize(
    ("text", "heading"),
    [("一、甲", True), ("甲工程", True), ("1.强化甲，做好乙。", True), ("请各单位抓好落实。", False), ("一、", False)],
)
def test_is_heading(text: str, heading: bool) -> None:
    assert is_heading(text) == heading


@pytest.mark.parametrize(("text", "named"), [("教育方面", True), ("实施甲工程", True), ("做好甲", False)])
def test_is_named_heading(text: str, named: bool) -> None:
    assert is_named_heading(text) == named


@pytest.mark.parametrize(
    ("text", "title"), [("某县任务清单", True), ("某县分工（试行）", True), ("1.建立清单", False), ("做好甲", False)]
)
def test_is_title(text: str, title: bool) -> None:
    assert is_title(text) == title


@pytest.mark.parametrize(
    ("text", "attachment"), [("附件", True), ("附 件 2：", True), ("附表1", True), ("附件1某县分工", False)]
)
def test_is_attachment(text: str, attachment: bool) -> None:
    assert is_attachment(text) == attachment
