"""验收标准 as values: numbers, the targets of the table, answers carried from one list to another."""

from typing import Any

import pytest

from workflow import criteria
from workflow.criteria import Criterion
from workflow.views.criteria import what_is_new

SCHOOLS = Criterion(1, "创建健康学校", 3, 5, "所", "total")
RULES = Criterion(2, "制度印发执行")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("5", 5),
        (" 1,200 ", 1200),
        ("９５．５", 95.5),
        ("3.0", 3),
        (0, 0),
        (2.25, 2.25),
        ("0.0001", 0.0001),
        ("999999999999.9999", 999999999999.9999),
        ("-1", None),
        (-1, None),
        ("1e9", None),
        (1e22, None),
        (float("nan"), None),
        (float("inf"), None),
        ("1234567890123", None),
        ("0.00001", None),
        ("五", None),
        ("٣", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ("5\u0000", None),
    ],
)
def test_number_is_one_that_every_database_gives_back_as_it_was(said: Any, number: Any) -> None:
    assert criteria.number(said) == number
    assert type(criteria.number(said)) is type(number)


def test_targets_of_the_table_become_criteria_of_a_round_or_in_total() -> None:
    targets = [
        {"label": "创建健康学校", "value": "5", "unit": "所", "per": "yearly"},
        {"label": "入学率", "value": "95.5", "unit": "%", "per": None},
    ]
    assert criteria.of_targets(targets) == [
        Criterion(1, "创建健康学校", None, 5, "所", "round"),
        Criterion(2, "入学率", None, 95.5, "%", "total"),
    ]
    assert len(criteria.of_targets(targets * 10)) == criteria.MOST


def test_a_criterion_in_words() -> None:
    assert SCHOOLS.in_words() == "1. 创建健康学校（基数 3 → 目标 5 所，累计）"
    assert RULES.in_words() == "2. 制度印发执行"
    assert Criterion(3, "通报", value=4, unit="次", per="round").measure == "目标 4 次，每期"


def test_kept_and_read_again_they_are_the_same() -> None:
    assert criteria.read(criteria.kept([SCHOOLS, RULES])) == [SCHOOLS, RULES]


def test_answers_go_with_what_is_asked_not_with_the_number() -> None:
    answers = {"1": {"value": 4}, "2": {"text": "已印发"}}
    turned = [Criterion(1, "制度印发执行"), Criterion(2, "创建健康学校", 3, 6, "所")]
    assert criteria.carried(answers, [SCHOOLS, RULES], turned) == {"1": {"text": "已印发"}, "2": {"value": 4}}
    other = [Criterion(1, "创建健康学校"), Criterion(2, "创建健康学校", value=5, unit="个")]
    assert criteria.carried(answers, [SCHOOLS, RULES], other) == {}


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, [1, 2]),
        ({"1": {"value": 0}, "2": {"text": "已印发"}}, []),
        ({"1": {"value": None, "text": "快了"}, "2": {"text": "", "evidence": [5]}}, [1, 2]),
    ],
)
def test_what_is_measured_needs_its_number_and_the_others_some_words(answers: Any, missing: list[int]) -> None:
    assert criteria.unanswered([SCHOOLS, RULES], answers) == missing


@pytest.mark.parametrize(
    ("reason", "says_why"),
    [
        ("标准 1：\n标准 2：", False),
        ("", False),
        (" 标准 2： ", False),
        ("标准 1：\n标准 2：缺文号", True),
        ("请补材料", True),
    ],
)
def test_a_reason_says_more_than_the_numbers(reason: str, says_why: bool) -> None:
    assert criteria.reason_for([1, 2]) == "标准 1：\n标准 2："
    assert criteria.says_why(reason, [SCHOOLS, RULES]) is says_why


@pytest.mark.parametrize(
    ("now", "old", "new"),
    [
        ("已印发，10月底到岗。", "已印发。", ["，10月底到岗"]),
        ("已印发。", "已印发。", []),
        ("已印发。", None, []),
        ("", "已印发。", []),
        ("全部改了。", "已印发。", ["全部改了"]),
    ],
)
def test_what_is_new_since_the_rejection(now: str, old: str | None, new: list[str]) -> None:
    parts = what_is_new(now, old)
    assert "".join(part["words"] for part in parts) == now
    assert [part["words"] for part in parts if part["is_new"]] == new
