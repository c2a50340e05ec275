import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.tables.errors import Unreadable
from workflow.tables.formats.text.separated import (
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LONG,
    TOO_WIDE,
    pipe_tables,
    separated_tables,
)
from workflow.tables.grid import Document

NAMES = "序号,具体内容,牵头单位"


def cells(document: Document) -> list[list[str]]:
    (grid,) = document.grids
    return [[cell.text for cell in row.cells] for row in grid.rows]


def numbers(document: Document) -> list[int]:
    return [row.number for grid in document.grids for row in grid.rows]


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        ("1,甲,乙", ["1", "甲", "乙"]),
        ('1,"甲,乙",丙', ["1", "甲,乙", "丙"]),
        ('1,"教育工委\n 教体局\n",丙', ["1", "教育工委\n教体局", "丙"]),
        ('1,"“""双减""”",丙', ["1", '“"双减"”', "丙"]),
        ('1,落实"双减",丙', ["1", '落实"双减"', "丙"]),
        ('1,"双减"政策,丙', ["1", '"双减"政策', "丙"]),
        ('1, "甲,乙" ,丙', ["1", "甲,乙", "丙"]),
        ('1,"",丙', ["1", "", "丙"]),
        ('"1",甲,"没有结束', ["1", "甲", '"没有结束']),
        ("1, 甲 ,", ["1", "甲", ""]),
        ("一、工程,,", ["一、工程", "", ""]),
        ("1,甲，乙,丙；丁", ["1", "甲，乙", "丙；丁"]),
        ("1,甲", ["1", "甲"]),
        ("1,甲,乙,丙", ["1", "甲", "乙", "丙"]),
    ],
)
def test_csv_row(printed: str, row: list[str]) -> None:
    assert cells(separated_tables(f"{NAMES}\n{printed}", ","))[1] == row


def test_tabs_with_a_loose_quote_keep_the_cells_behind_it() -> None:
    assert cells(separated_tables('1\t"十四五\t甲\n2\t规划"\t乙', "\t")) == [
        ["1", '"十四五', "甲"],
        ["2", '规划"', "乙"],
    ]


def test_csv_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    document = separated_tables(f'附件,,\n某县分工,,\n\n{NAMES}\n1,"甲\n乙",丙\n,,\n2,丁,戊\n', ",")
    assert numbers(document) == [1, 2, 4, 5, 7]
    assert (document.grids[0].table, document.grids[0].sheet) == (1, None)


def test_lines_around_a_table_are_none_of_its_rows() -> None:
    document = separated_tables(f"附件\n\n某县分工\n{NAMES}\n1,甲,乙\n注：本表自印发之日起施行。\n", ",")
    assert document.grids[0].lines_above == ("附件", "某县分工")
    assert document.lines_below == ("注：本表自印发之日起施行。",)
    assert numbers(document) == [4, 5]


def test_line_between_rows_is_a_row_of_one_cell() -> None:
    assert cells(separated_tables(f"{NAMES}\n一、工程\n1,甲,乙", ","))[1] == ["一、工程"]


def test_several_tables_each_with_the_lines_above_it() -> None:
    document = separated_tables(
        f"甲县\n{NAMES}\n1,甲,乙\n附件2\n乙县\n{NAMES}\n1,丙,丁\n联系表\n姓名,职务,电话\n甲,乙,1", ","
    )
    assert [grid.lines_above for grid in document.grids] == [("甲县",), ("附件2", "乙县"), ("联系表",)]
    assert [grid.table for grid in document.grids] == [1, 2, 3]
    assert numbers(document) == [2, 3, 6, 7, 9, 10]


def test_columns_at_the_right_that_no_row_uses_are_left_out() -> None:
    text = "\n".join(line + "\t" * 500 for line in ("序号\t内容\t单位", "1\t甲\t乙"))
    assert cells(separated_tables(text, "\t")) == [["序号", "内容", "单位"], ["1", "甲", "乙"]]


def test_columns_of_rows_wider_than_the_names_stay() -> None:
    assert cells(separated_tables("内容,单位\n甲,乙,,\n丙,丁,,", ","))[1] == ["甲", "乙", "", ""]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("甲,乙\n" * (MOST_ROWS + 1), TOO_LONG), ("甲," * (MOST_COLUMNS + 1), TOO_WIDE)],
    ids=["long", "wide"],
)
def test_more_than_any_table_has_is_unreadable(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        separated_tables(text, ",")
    assert refusal.value.sentence == sentence


@given(st.lists(st.lists(st.text('甲乙1, ;"\t\n'), min_size=2, max_size=5), min_size=1, max_size=5))
def test_csv_as_programs_write_it_is_read_cell_by_cell(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    tidied = [["\n".join(filter(None, map(str.strip, text.split("\n")))) for text in row] for row in rows]
    expected = [row for row in tidied if any(row)]
    read = separated_tables(file.getvalue(), ",").grids
    assert [[cell.text for cell in row.cells if cell.text] for grid in read for row in grid.rows] == [
        list(filter(None, row)) for row in expected
    ]


PIPES = [
    "| 序号 | 内容 | 单位 |\n|---|:--:|---|\n| 1 | 甲 | 乙 |",
    "|序号|内容|单位|\n|-|-|-|\n|1|甲|乙|",
    "序号 | 内容 | 单位\n--- | --- | ---\n1 | 甲 | 乙",
    "+----+----+----+\n|序号|内容|单位|\n+====+====+====+\n|1|甲|乙|\n+----+----+----+",
    "|序号|内容|单位|\n\n|1|甲|乙|",
]


@pytest.mark.parametrize("text", PIPES, ids=["markdown", "short-rule", "no-outer-pipes", "grid", "no-rule"])
def test_pipes_in_any_style(text: str) -> None:
    document = pipe_tables(f"标题\n\n{text}\n结尾", "|")
    assert cells(document) == [["序号", "内容", "单位"], ["1", "甲", "乙"]]
    assert numbers(document) == [1, 2]
    assert (document.grids[0].lines_above, document.lines_below) == (("标题",), ("结尾",))


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        (r"| 1 | 甲\|乙 | 丙 |", ["1", "甲|乙", "丙"]),
        ("| 1 | 甲<br>乙<br/>丙<BR /> | 丁 |", ["1", "甲\n乙\n丙", "丁"]),
        ("| 1 | **甲**乙**丙** | ** |", ["1", "甲乙丙", "**"]),
        ("| 1 | 甲｜乙 | 丙 |", ["1", "甲｜乙", "丙"]),
        ("| 1 | | 丙 |", ["1", "", "丙"]),
        ("| 一、工程 |||", ["一、工程", "", ""]),
        ("| 一、工程 |", ["一、工程"]),
    ],
)
def test_pipe_row(printed: str, row: list[str]) -> None:
    assert cells(pipe_tables(f"| 序号 | 内容 | 单位 |\n|---|---|---|\n{printed}\n| 2 | 戊 | 己 |", "|"))[1] == row


def test_pipes_without_outer_ones_keep_an_empty_first_cell() -> None:
    assert cells(pipe_tables("序号 | 内容 | 单位\n | 甲 | 乙\n | 丙 | ", "|"))[1:] == [["", "甲", "乙"], ["", "丙", ""]]


def test_full_width_pipes() -> None:
    assert cells(pipe_tables("｜序号｜内容｜单位｜\n｜1｜甲|乙｜丙｜", "｜"))[1] == ["1", "甲|乙", "丙"]


def test_pipe_tables_count_their_rows_anew() -> None:
    table = "|序号|具体内容|牵头单位|\n|---|---|---|\n|1|甲|乙|\n"
    document = pipe_tables(f"{table}附件2\n{table}", "|")
    assert numbers(document) == [1, 2, 1, 2]
    assert [grid.lines_above for grid in document.grids] == [(), ("附件2",)]


HOSTILE = [
    '"',
    '"\n',
    '",',
    '"""x,',
    '"""\t',
    'x",',
    "\t",
    "\t\n",
    ",a",
    "|",
    "|\n",
    "|a|\n",
    "\\",
    "|**a",
    "|<br ",
    "|-",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    started = time.process_time()
    for separator in ",\t":
        with_refusal(separated_tables, text, separator)
    with_refusal(pipe_tables, text, "|")
    assert time.process_time() - started < 15  # seconds; what is not linear takes hours


def with_refusal(reader: object, text: str, sign: str) -> None:
    assert callable(reader)
    try:
        reader(text, sign)
    except Unreadable:
        return
