import csv
import io
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import tables
from workflow.tables.errors import Unreadable
from workflow.tables.formats.text import flattened
from workflow.tables.formats.text.decoding import text_of
from workflow.tables.formats.text.shapes import NO_TABLE, document_of
from workflow.tables.grid import Document
from workflow.tables.table import Table

SEED = (Path(__file__).resolve().parents[5] / "fixtures/pingluo/table.txt").read_bytes()
GRID = flattened.grid_of(text_of(SEED))
ROWS = [row.texts() for row in GRID.rows]
ABOVE = "\n".join(GRID.lines_above)


def cells(document: Document) -> list[list[str]]:
    (grid,) = document.grids
    return [row.texts() for row in grid.rows]


def written(**dialect: str) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", **dialect).writerows(ROWS)  # type: ignore[arg-type]
    return f"{ABOVE}\n\n{file.getvalue()}"


def piped(pipe: str) -> str:
    lines = [f"{pipe} " + f" {pipe} ".join(text.replace("\n", "<br>") for text in row) + f" {pipe}" for row in ROWS]
    lines.insert(1, "|---" * len(ROWS[0]) + "|")
    return f"{ABOVE}\n\n" + "\n".join(lines)


SHAPES: dict[str, Callable[[], str]] = {
    "flattened": lambda: text_of(SEED),
    "pasted": lambda: written(delimiter="\t"),
    "csv": lambda: written(delimiter=","),
    "semicolons": lambda: written(delimiter=";"),
    "pipes": lambda: piped("|"),
    "full-width-pipes": lambda: piped("｜"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_county_table_has_the_same_cells_in_every_shape(shape: str) -> None:
    document = document_of(SHAPES[shape]())
    assert cells(document) == ROWS
    assert document.grids[0].lines_above == GRID.lines_above
    assert (document.grids[0].table, document.grids[0].sheet, document.lines_below) == (1, None, ())


def test_the_flattened_county_table_is_the_grid_it_always_was() -> None:
    assert document_of(text_of(SEED)) == Document((GRID,))


def as_paragraphs(seed: Table) -> str:
    lines, section, task = [seed.title], "", ""
    for item in seed.items:
        if item.section_no != section:
            section = item.section_no
            lines.append(f"{item.section_no}、{item.section}")
        if item.task_no != task:
            task = item.task_no
            lines.append(f"（{item.task_no}）{item.task}。")
        leads, supports = (cell.replace("\n", "、") for cell in (item.leads_raw, item.supports_raw))
        duty = f"牵头单位：{leads}；配合单位：{supports}；完成时限：{item.deadline_raw}"
        lines.append(f"<{item.item_no}>{item.text}（{duty}）")
    return "\n".join(lines)


@pytest.mark.parametrize("form", ["{}.", "{}、", "{}．"])
def test_the_county_table_written_as_paragraphs(form: str) -> None:
    seed = tables.read(SEED, "t.txt")
    text = re.sub("<([0-9]+)>", lambda found: form.format(found[1]), as_paragraphs(seed))
    # Tasks deeper than their items would not be headings.
    text = re.sub("（([0-9]+)）(.*)。\n", lambda found: f"{found[1]}.{found[2]}\n", text)
    read = tables.read(text.encode(), "t.txt")
    assert [(item.number, item.section, item.task, item.text) for item in read.items] == [
        (item.number, item.section, item.task, item.text) for item in seed.items
    ]
    for one, other in zip(read.items, seed.items, strict=True):
        assert (one.leads, one.supports, one.deadline) == (other.leads, other.supports, other.deadline)


PIPES_IN_CSV = "内容,牵头单位,时限\n甲,教体局|财政局,2023年\n乙,民政局|残联|妇联,2024年\n"
TABS_IN_PIPES = "|\t内容\t|\t牵头单位\t|\n|\t甲\t|\t教体局\t|\n"
COMMAS_IN_PASTED = "内容\t牵头单位\t时限\n甲,乙,丙,丁\t教体局\t2023年\n甲,乙,丙,丁\t教体局\t2023年\n"
EMPTY_FIRST_CELLS = "工程\t内容\t牵头单位\n甲\t乙\t教体局\n\t丙\t教体局\n\t丁\t教体局\n"
BROKEN_FIRST_CELLS = '内容\t牵头单位\t时限\n甲\t"教体局\n财政局"\t2023年\n\t"教体局\n财政局"\t\n'


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (PIPES_IN_CSV, [["甲", "教体局|财政局", "2023年"], ["乙", "民政局|残联|妇联", "2024年"]]),
        (TABS_IN_PIPES, [["甲", "教体局"]]),
        (COMMAS_IN_PASTED, [["甲,乙,丙,丁", "教体局", "2023年"]] * 2),
        (EMPTY_FIRST_CELLS, [["甲", "乙", "教体局"], ["", "丙", "教体局"], ["", "丁", "教体局"]]),
        (BROKEN_FIRST_CELLS, [["甲", "教体局\n财政局", "2023年"], ["", "教体局\n财政局", ""]]),
    ],
    ids=["pipes-in-csv", "tabs-in-pipes", "commas-in-pasted", "empty-first-cells", "broken-first-cells"],
)
def test_shape_where_signs_of_others_occur(text: str, rows: list[list[str]]) -> None:
    assert cells(document_of(text))[1:] == rows


@pytest.mark.parametrize("indent", ["", "\t", "　　", "    "])
def test_paragraphs_with_any_indent(indent: str) -> None:
    lines = ["一、实施立德树人工程", "1.强化德育。（牵头单位：教体局；完成时限：2023年）", "2.强化美育。（财政局负责）"]
    document = document_of("\n".join(indent + line for line in lines))
    assert cells(document)[1:] == [
        ["一、实施立德树人工程", "", "", ""],
        ["1.强化德育。", "教体局", "", "2023年"],
        ["2.强化美育。", "财政局负责", "", ""],
    ]


def test_table_without_column_names_is_left_to_whoever_looks_for_them() -> None:
    assert cells(document_of("甲,乙,丙\n丁,戊,己\n")) == [["甲", "乙", "丙"], ["丁", "戊", "己"]]


@pytest.mark.parametrize(
    "text",
    [
        "平罗县\n没有表格",
        "亲爱的妈妈：\n我很好，请放心。（不用寄钱）\n1.买菜\n2.做饭\n教育局的同志也来了。",
        "2023-01-01 12:00:00 INFO  a, b\n2023-01-01 12:00:01 WARN  c | d\n" * 50,
        "话说天下大势，分久必合，合久必分。（罗贯中）\n" * 200,
        "print('a', 'b')\n\tif x:\n\t\treturn y\n",
    ],
    ids=["two-lines", "letter", "log", "novel", "program"],
)
def test_text_that_is_no_plan(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        document_of(text)
    assert refusal.value.sentence == NO_TABLE


PIECES = [
    *(
        "\t",
        "\n",
        "\n\n",
        "|",
        "｜",
        ",",
        ";",
        '"',
        '""',
        "---",
        " ",
        "　　",
        "（",
        "）",
        "〔",
        "〕",
        "：",
        "；",
        "。",
        "、",
        "，",
    ),
    *(
        "一、",
        "（一）",
        "1.",
        "1.1 ",
        "①",
        "第一章 ",
        "内容",
        "牵头单位",
        "配合单位",
        "完成时限",
        "责任领导",
        "牵头单位：",
        "负责",
    ),
    *(
        "教体局",
        "财政局",
        "2023年",
        "长期坚持",
        "甲",
        "乙乙乙",
        "附件",
        "注：",
        "<br>",
        "**",
        "\\|",
        "责任单位：教体局",
        "（教体局负责）",
    ),
]
# Signs that separate, and the words of labels, which name columns.
NOT_KEPT = set('\t\n "|｜-,;\\*<>br/。、，；：（）()【】〔〕[]!　+=—－:牵头单位配合完成时限责任领导负')


def kept(document: Document) -> str:
    grids = [
        "".join((*grid.lines_above, *(cell.text for row in grid.rows for cell in row.cells), *grid.left_out))
        for grid in document.grids
    ]
    return "".join((*grids, *document.lines_below))


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_nothing_is_lost(text: str) -> None:
    try:
        document = document_of(text)
    except Unreadable:
        return
    said = sorted(sign for sign in text if sign not in NOT_KEPT)
    header = "具体内容" if document.grids[0].rows[0].number == 0 else ""
    assert sorted(sign for sign in kept(document) if sign not in NOT_KEPT) == sorted([*said, *header])


@given(st.text(max_size=200))
def test_any_text_is_a_document_or_unreadable(text: str) -> None:
    try:
        document_of(text)
    except Unreadable as refusal:
        assert refusal.sentence.endswith("。")


HOSTILE = [
    *(
        "（",
        "（）",
        "（\n",
        "\t\n",
        "\ta\n\tb\n\n",
        "|\n",
        '"\n',
        "1.",
        "1.\n",
        "字\n",
        "字，",
        " ",
        "　　\n",
        "一、\n（一）\n1.\n",
    ),
    *(
        "牵头单位：甲；",
        "牵头单位：甲\n",
        "牵头单位 ",
        "（教育局负责）",
        "（负责）",
        "【牵头单位】",
        "责任",
        "（牵头单位：甲",
        "：：",
    ),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    try:
        document_of(piece * (1_000_000 // len(piece)) + "x")
    except Unreadable:
        pass
    assert time.process_time() - started < 10  # seconds; what is not linear takes hours


def test_hostile_text_of_all_pieces_takes_linear_time() -> None:
    choose = random.Random(1)
    text = "".join(choose.choices(PIECES, k=300_000))
    started = time.process_time()
    try:
        document_of(text)
    except Unreadable:
        pass
    assert time.process_time() - started < 10


def test_marks_of_markdown_headings_are_no_text() -> None:
    document = document_of("# 2024年任务\n\n## 一、教育\n\n| 任务 | 牵头单位 |\n|---|---|\n| 甲 | 教体局 |\n")
    assert document.grids[0].lines_above == ("2024年任务", "一、教育")


@pytest.mark.parametrize("gap", ["   ", "　　"])
def test_table_aligned_with_spaces_is_refused(gap: str) -> None:
    rows = [["序号", "任务", "牵头单位", "时限"], ["1", "新建学校", "教体局", "2024年"], ["2", "改造食堂", "2025年"]]
    with pytest.raises(Unreadable, match="空格对齐"):
        document_of("\n".join(gap.join(row) for row in rows))
