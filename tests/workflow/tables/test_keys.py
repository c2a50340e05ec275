from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadlines import read_deadline
from workflow.tables.keys import joined
from workflow.tables.table import Item, Source, numbers_of

Said = tuple[str, str, str, str]  # section number and title, task number and title, item number


def item(section_no: str, section: str, task_no: str, task: str, item_no: str, source: Source) -> Item:
    return Item(section_no, section, task_no, task, item_no, "甲", "", (), "", (), "", read_deadline(""), "", source)


def numbers(*said: Sequence[str]) -> list[str]:
    """The keys of items given as "section_no section task_no task item_no", "-" for nothing."""
    rows = [["" if word == "-" else word for word in words.split()] for words in said]
    return numbers_of([item(*row, Source(at, 1)) for at, row in enumerate(rows, 1)])


@pytest.mark.parametrize(
    ("items", "keys"),
    [
        (["一 甲 1 乙 1", "一 甲 1 乙 2", "二 丙 2 丁 1"], ["1.1", "1.2", "2.1"]),
        (["一 甲 1 乙 1", "二 丙 1 丁 1"], ["一.1.1", "二.1.1"]),
        (["一 甲 - - 1", "一 甲 - - 2", "二 丙 - - 1"], ["一.1", "一.2", "二.1"]),
        (["一 甲 - - 1", "二 丙 - - 2"], ["1", "2"]),
        (["- 甲 1 乙 1", "- 丙 1 丁 1"], ["1.1.1", "2.1.1"]),
        (["一 甲 1 乙 1", "一 丙 1 丁 1"], ["1.1.1", "2.1.1"]),
        (["一 甲 1 乙 1", "一 甲 1 乙 1"], ["1.1", "1.1"]),
        (["一 甲 9 乙 1", "一 甲 8 丙 1", "二 丁 8 丙 1"], ["9.1", "8.1", "8.1"]),
        (["一 甲 1 乙 1", "一 甲 1 乙 -", "一 甲 1 乙 3"], ["1.1", "1.2", "1.3"]),
        (["- - - - -", "- - - - -"], ["1", "2"]),
        (["- - 1 甲 -", "- - 2 乙 -"], ["1.1", "2.1"]),
        (["- - - 甲 -", "- - - 甲 -", "- - - 乙 -"], ["1.1", "1.2", "2.1"]),
        (["- - - 甲 1", "- - - 甲 2", "- - - 乙 1"], ["1.1", "1.2", "2.1"]),
        (["- - - 甲 1", "- - - 甲 2", "- - - 乙 3"], ["1", "2", "3"]),
        (["- - - 甲 1", "- - - 甲 1", "- - - 乙 1"], ["1.1", "1.1", "2.1"]),
        (["- - 1 甲 1.1", "- - 1 甲 1.2"], ["1.1", "1.2"]),
        (["一 甲 - - -", "二 乙 - - -"], ["一.1", "二.1"]),
    ],
    ids=[
        *("through", "tasks-anew", "items-anew", "items-through", "sections-unnumbered", "section-numbers-alike"),
        *("printed-twice", "slip-in-another-section", "gap", "no-numbers", "tasks-only", "no-numbers-in-tasks"),
        *("tasks-unnumbered", "through-unnumbered-tasks", "twice-in-an-unnumbered-task", "number-says-task"),
        "sections-only",
    ],
)
def test_numbers_of(items: list[str], keys: list[str]) -> None:
    assert numbers(*items) == keys


def test_numbers_of_tables_without_sections() -> None:
    items = [item("", "", "1", "甲", "1", Source(2, table)) for table in (1, 2)]
    assert numbers_of(items) == ["1.1", "1.1"]  # the rest of a task: printed twice
    items = [item("", "", "1", task, "1", Source(2, table)) for table, task in enumerate("甲乙", 1)]
    assert numbers_of(items) == ["1.1.1", "2.1.1"]


def test_numbers_of_a_table_cut_by_a_page() -> None:
    items = [item("", "", "1", "甲", no, Source(2, table)) for no, table in (("1", 1), ("2", 2))]
    assert numbers_of([*items, item("", "", "2", "乙", "1", Source(3, 2))]) == ["1.1", "1.2", "2.1"]


@pytest.mark.parametrize(
    ("task_no", "item_no", "number"),
    [
        ("22", "3", "22.3"),
        ("", "3", "3"),
        ("22", "", "22"),
        ("1", "1.1", "1.1"),
        ("1", "1-1", "1-1"),
        ("1", "11", "1.11"),
    ],
)
def test_joined(task_no: str, item_no: str, number: str) -> None:
    assert joined(task_no, item_no) == number


words = st.sampled_from(["", "1", "2", "一", "1.1", "甲", "x" * 40])


@given(st.lists(st.tuples(words, words, words, words, words), max_size=12))
def test_numbers_of_anything_a_person_may_have_written(rows: list[tuple[str, ...]]) -> None:
    items = [item(*row, Source(at, 1)) for at, row in enumerate(rows, 1)]
    keys = numbers_of(items)
    assert len(keys) == len(items)
    assert all(0 < len(key) <= 32 for key in keys)
    given_ = [key for key, one in zip(keys, items, strict=True) if not one.item_no]
    assert len(given_) == len(set(given_))
