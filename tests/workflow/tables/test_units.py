import pytest

from workflow.tables.units import is_open_ended, names_no_unit, split_units


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("教体局", ["教体局"]),
        ("教育工委\n教体局", ["教育工委", "教体局"]),
        ("发改局、住建局\n财政局、审批局\n自然资源局", ["发改局", "住建局", "财政局", "审批局", "自然资源局"]),
        ("财政局，人社局,妇联；科协;残联", ["财政局", "人社局", "妇联", "科协", "残联"]),
        ("财政局 人社局　妇联", ["财政局", "人社局", "妇联"]),
        ("教 体 局", ["教体局"]),
        ("各乡镇（街道、园区）、教体局", ["各乡镇（街道、园区）", "教体局"]),
        ("教体局（牵头、财政局", ["教体局（牵头", "财政局"]),
        ("财政局、人社局等", ["财政局", "人社局"]),
        ("财政局、人社局等有关部门", ["财政局", "人社局"]),
        ("教体局、教体局", ["教体局", "教体局"]),
        ("、教体局、。", ["教体局"]),
        ("人力资源和社会保障局", ["人力资源和社会保障局"]),
        ("", []),
        ("\n", []),
        ("无", []),
        ("/", []),
        ("——", []),
    ],
)
def test_split_units(cell: str, units: list[str]) -> None:
    assert split_units(cell) == units


@pytest.mark.parametrize(
    ("cell", "is_open"),
    [
        ("财政局等", True),
        ("财政局\n人社局等部门", True),
        ("财政局、等", True),
        ("财政局", False),
        ("等保办", False),
        ("", False),
    ],
)
def test_is_open_ended(cell: str, is_open: bool) -> None:
    assert is_open_ended(cell) == is_open


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("各有关部门", True),
        ("有关单位", True),
        ("各成员单位", True),
        ("其他相关部门", True),
        ("有关方面", True),
        ("各乡镇", False),
        ("各学校", False),
        ("教体局", False),
        ("卫生监督部门", False),
    ],
)
def test_names_no_unit(name: str, unnamed: bool) -> None:
    assert names_no_unit(name) == unnamed
