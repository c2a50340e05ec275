"""The data of the demo county holds together."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from workflow.ladder import RulePack

FIXTURES = Path(__file__).parents[1] / "fixtures"
PRINTED = set(
    "教育工委 教体局 县委宣传部 团县委 人社局 文广局 民政局 科协 妇联 退役军人事务局 财政局 卫健局 自然资源局 "
    "发改局 审批局 住建局 县委编办 残联 各乡镇 网信办 县委政法委 县委组织部 县委办 政府办 公安局 市场监管局 "
    "应急管理局 县委督查室 政府督查室 司法局".split()
)
TOWNS = "城关镇 黄渠桥镇 宝丰镇 头闸镇 姚伏镇 崇岗镇 陶乐镇 高庄乡 灵沙乡 渠口乡 通伏乡 高仁乡 红崖子乡".split()
KINDS = {"party", "government", "township", "mass", "group", "leadership"}
ROLES = set("officer head verifier coordinator inspector leader system_admin security_admin audit_admin".split())


def rows_of(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


UNITS, PEOPLE = rows_of("pingluo/units.csv"), rows_of("pingluo/people.csv")
POSTS = {(row["name"], row["unit"], row["role"]) for row in PEOPLE}


def holders_of(role: str) -> set[tuple[str, str]]:
    return {(name, unit) for name, unit, held in POSTS if held == role}


def test_units_are_those_printed_their_towns_and_the_seat_of_the_leader() -> None:
    assert len(PRINTED) == 30
    assert [unit["name"] for unit in UNITS[30:]] == ["县政府", *TOWNS]
    assert {unit["name"] for unit in UNITS[:30]} == PRINTED
    assert {unit["kind"] for unit in UNITS} == KINDS


def test_printed_names_stand_in_the_seed_table() -> None:
    table = (FIXTURES / "pingluo" / "table.txt").read_text(encoding="utf-8")
    assert [name for name in PRINTED if name not in table] == []


def test_no_name_of_a_unit_means_two_units() -> None:
    names = [unit["name"] for unit in UNITS] + [unit["full_name"] for unit in UNITS]
    names += [alias for unit in UNITS for alias in unit["aliases"].split("、")]
    assert [name for name, times in Counter(names).items() if times > 1 or not name] == []


def test_group_stands_for_the_thirteen_towns() -> None:
    groups = {unit["name"]: unit["members"].split("、") for unit in UNITS if unit["members"]}
    assert groups == {"各乡镇": TOWNS}
    assert {unit["name"] for unit in UNITS if unit["kind"] == "group"} == set(groups)
    assert [unit["name"] for unit in UNITS if unit["kind"] == "township"] == TOWNS


def test_every_unit_that_can_have_a_duty_has_an_officer_and_a_head() -> None:
    staffed = {unit["name"] for unit in UNITS if unit["kind"] not in {"group", "leadership"}}
    assert {unit for _, unit in holders_of("officer")} == staffed
    assert {unit for _, unit in holders_of("head")} == staffed


def test_posts_name_known_units_and_roles() -> None:
    assert {row["unit"] for row in PEOPLE} <= {unit["name"] for unit in UNITS}
    assert {row["role"] for row in PEOPLE} == ROLES
    assert len(POSTS) == len(PEOPLE)


@pytest.mark.parametrize("column", ["name", "phone", "email"])
def test_person_and_account_belong_together(column: str) -> None:
    pairs = {(row["username"], row[column]) for row in PEOPLE}
    assert len(pairs) == len({username for username, _ in pairs}) == len({value for _, value in pairs})


def test_addresses_and_phones_are_invented() -> None:
    assert all(row["email"] == f"{row['username']}@pingluo.example" for row in PEOPLE)
    assert all(row["phone"].startswith("1990000") and len(row["phone"]) == 11 for row in PEOPLE)


def test_people_with_a_part_in_the_demo_hold_their_posts() -> None:
    expected = {
        ("马建军", "教体局", "officer"),
        ("丁海燕", "教体局", "head"),
        ("何文斌", "县委编办", "head"),
        ("纳芳", "财政局", "officer"),
        ("杨静", "教育工委", "verifier"),
        ("王学文", "教育工委", "coordinator"),
        ("李志强", "县委督查室", "inspector"),
        ("周敏", "县政府", "leader"),
        ("冯磊", "政府办", "system_admin"),
        ("徐丽", "政府办", "security_admin"),
        ("白勇", "政府办", "audit_admin"),
    }
    assert expected - POSTS == set()
    assert {unit for _, unit in holders_of("verifier")} == {"教育工委", "教体局"}
    assert {unit for _, unit in holders_of("inspector")} == {"县委督查室", "政府督查室"}
    assert len([1 for _, unit in holders_of("officer") if unit == "教体局"]) == 2


def test_one_person_verifies_in_one_unit_and_heads_the_other() -> None:
    verifiers = {name for name, unit in holders_of("verifier") if unit == "教育工委"}
    heads = {name for name, unit in holders_of("head") if unit == "教体局"}
    assert len(heads) == 2
    assert len(verifiers & heads) == 1
    assert "丁海燕" not in verifiers


def test_administrators_have_no_business_rights() -> None:
    administrators = {name for name, _, role in POSTS if role.endswith("_admin")}
    assert len(administrators) == 3
    assert all(role.endswith("_admin") for name, _, role in POSTS if name in administrators)


def test_calendar_lists_each_day_once_in_order_with_its_reason() -> None:
    rows = rows_of("calendar.csv")
    days = [date.fromisoformat(row["date"]) for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == set(range(2004, 2027))
    assert {row["kind"] for row in rows} == {"holiday", "workday"}
    assert all(row["name"] for row in rows)
    assert [row for row, day in zip(rows, days, strict=True) if row["kind"] == "workday" and day.weekday() < 5] == []


def test_rule_pack_can_be_read() -> None:
    pack = RulePack.from_json(json.loads((FIXTURES / "rules.json").read_text(encoding="utf-8")))
    assert {rung.code for rung in pack.rungs} == {
        *("sign+3", "due-30", "due-7", "due-1", "due+1", "due+5", "due+10", "due+20"),
        *("report+90", "review+5", "review+10"),
    }
