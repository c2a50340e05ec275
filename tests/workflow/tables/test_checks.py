import pytest

from workflow import tables

NAMES = ["任务", "措施", "牵头单位", "配合单位", "完成时限", "备注"]
GOOD = ["1.甲", "1.做好乙", "教体局", "财政局", "2024年", ""]


def flattened(*rows: list[str], title: str = "某县责任分工", below: str = "") -> bytes:
    printed = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)
    return f"{title}\n{printed}\n\n{below}".encode()


def warnings(row: list[str], *more: list[str], title: str = "某县责任分工") -> list[tuple[str, int | None]]:
    read = tables.read(flattened(NAMES, row, *more, title=title), "table.txt")
    return [(warning.code, warning.ref) for warning in read.warnings]


def changed(**cells: str) -> list[str]:
    columns = ["task", "text", "leads", "supports", "deadline", "notes"]
    return [cells.get(column, usual) for column, usual in zip(columns, GOOD, strict=True)]


def test_no_warning_for_a_good_row() -> None:
    assert warnings(GOOD) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed(text=""), "missing_text"),
        (changed(leads=""), "missing_lead"),
        (changed(leads="无"), "missing_lead"),
        (changed(leads="教体局、教体局"), "duplicate_unit"),
        (changed(supports="财政局、教体局"), "lead_also_support"),
        (changed(supports="各有关部门"), "unit_not_named"),
        (changed(supports="财政局等"), "open_ended_list"),
        (changed(deadline=""), "missing_deadline"),
        (changed(deadline="立即"), "unparsed_deadline"),
        (changed(deadline="6月底"), "ambiguous_year"),
        (changed(text="1.到2025年，做好"), "deadline_before_text_year"),
        (changed(text="1.2025年底前完成"), "deadline_before_text_year"),
        (changed(text="1.做好。力争2025年实现"), "deadline_before_text_year"),
        (changed(text="1.在2026年之前，做好"), "deadline_before_text_year"),
        ([*GOOD, "多余"], "row_long"),
        (GOOD[:5], "row_short"),
    ],
)
def test_one_warning_for_one_fault(row: list[str], code: str) -> None:
    assert warnings(row, ["", "2.丙", *GOOD[2:]], ["", "3.丁", *GOOD[2:]]) == [(code, 1)]


@pytest.mark.parametrize(
    "row",
    [
        changed(text="1.争取在2025年之前，做好"),  # the end of 2024 is before 2025
        changed(text="1.力争2024年做好"),
        changed(text="1.落实《到2025年的规划》"),
        changed(text="1.制定2026年计划"),
        changed(text="1.编制2024年至2026年规划"),
        changed(text="1.到2025年，做好", deadline="长期坚持"),
        changed(supports="各乡镇"),
        changed(supports=""),
        changed(deadline="每季度"),
    ],
)
def test_no_false_warning(row: list[str]) -> None:
    assert warnings(row) == []


def test_duplicate_number_names_the_first_row() -> None:
    read = tables.read(flattened(NAMES, GOOD, ["", *GOOD[1:]]), "table.txt")
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("duplicate_number", 2)]
    assert read.warnings[0].message == "第3行（1.1）的编号与第2行相同：请改为不重复的编号。"


def test_missing_deadline_column_is_one_warning() -> None:
    read = tables.read(
        flattened(["任务", "牵头单位", "配合单位"], ["1.甲", "教体局", ""], ["2.乙", "教体局", ""]), "t.txt"
    )
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("no_deadline_column", None)]


def test_year_of_the_title() -> None:
    assert warnings(changed(deadline="6月底"), title="2024年重点任务分工") == []
    assert warnings(changed(deadline="6月底"), title="2021—2025年任务分工") == [("ambiguous_year", 1)]
    assert warnings(changed(deadline="2020年"), title="2021—2025年任务分工") == [("deadline_before_doc_year", 1)]


def test_text_outside_the_table_is_a_warning() -> None:
    read = tables.read(flattened(NAMES, GOOD, below="注：自印发之日起施行。"), "table.txt")
    assert [(warning.code, warning.ref) for warning in read.warnings] == [("text_left_out", None)]
