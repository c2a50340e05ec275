"""Units and people from rows: loaded as a whole, said again without effect, refused with the row's number."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import people
from accounts.models import Post, Region, Role, Unit, User
from accounts.people_rows import Row, Unreadable, check_roles, read_people
from tests.accounts.workbooks import workbook

PINGLUO = Path(__file__).parents[2] / "fixtures" / "pingluo"


def fixture(name: str) -> list[Row]:
    with (PINGLUO / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def row(**cells: str) -> Row:
    usual = {"username": "zhang", "name": "张三", "unit": "教体局", "role": "officer", "phone": "", "email": ""}
    return usual | cells


def problems(region: Region, *rows: Row) -> list[tuple[int, str]]:
    return [(problem.row, problem.problem) for problem in people.load_people(region, rows).problems]


# --- units -----------------------------------------------------------------------------------------------------------
def test_units_come_with_order_aliases_and_members(region: Region) -> None:
    units = people.load_units(region, fixture("units.csv"))
    assert list(Unit.objects.values_list("name", flat=True)) == [row["name"] for row in fixture("units.csv")]
    assert units["教体局"].aliases == ["教育体育局", "县教体局", "县教育体育局"]
    assert units["各乡镇"].members.count() == 13
    assert units["城关镇"].groups.get() == units["各乡镇"]


def test_units_loaded_again_change_nothing(region: Region) -> None:
    people.load_units(region, fixture("units.csv"))
    before = list(Unit.objects.order_by("pk").values()), Unit.members.through.objects.count()
    people.load_units(region, fixture("units.csv"))
    assert (list(Unit.objects.order_by("pk").values()), Unit.members.through.objects.count()) == before


def test_units_take_over_what_the_rows_now_say(region: Region) -> None:
    rows = [
        {"name": "各乡镇", "full_name": "", "kind": "一组单位", "aliases": "", "members": "甲镇、乙镇"},
        {"name": "甲镇", "full_name": "甲镇人民政府", "kind": "township", "aliases": "", "members": ""},
        {"name": "乙镇", "full_name": "乙镇人民政府", "kind": "乡镇", "aliases": "", "members": ""},
    ]
    people.load_units(region, rows)
    units = people.load_units(region, [rows[2] | {"aliases": "老乙镇"}, rows[0] | {"members": "乙镇"}])
    assert [unit.name for unit in units["各乡镇"].members.all()] == ["乙镇"]
    assert (units["乙镇"].aliases, units["乙镇"].position, units["各乡镇"].full_name) == (["老乙镇"], 1, "各乡镇")


@pytest.mark.parametrize("wrong", [{"kind": "club"}, {"members": "外县"}])
def test_units_refuse_unknown_words_whole(region: Region, wrong: dict[str, str]) -> None:
    good = {"name": "财政局", "full_name": "财政局", "kind": "government", "aliases": "", "members": ""}
    with pytest.raises(ValueError, match="没有“"):
        people.load_units(region, [good, good | {"name": "民政局"} | wrong])
    assert not Unit.objects.exists()


# --- people ----------------------------------------------------------------------------------------------------------
def test_people_of_the_demo_load_once(region: Region) -> None:
    people.load_units(region, fixture("units.csv"))
    rows = fixture("people.csv")
    persons = len({row["username"] for row in rows})
    assert people.load_people(region, rows) == people.Loaded(created=persons)
    assert (User.objects.count(), Post.objects.count()) == (persons, len(rows))
    assert people.load_people(region, rows) == people.Loaded()
    assert not User.objects.first().has_usable_password()


@pytest.mark.parametrize("check", [False, True])
def test_queries_do_not_grow_with_the_rows(region: Region, unit: Unit, check: bool) -> None:
    def cost(start: int, count: int) -> int:
        rows = [row(username=f"u{number}", name=f"人{number}") for number in range(start, start + count)]
        with CaptureQueriesContext(connection) as queries:
            people.load_people(region, rows, check=check)
        return len(queries)

    assert cost(0, 1) == cost(10, 30) <= 8


def test_changed_cells_change_and_blank_cells_do_not(region: Region, unit: Unit) -> None:
    people.load_people(region, [row(phone="1990", email="a@b.cn")])
    assert people.load_people(region, [row(name="张珊", phone="")]) == people.Loaded(changed=1)
    user = User.objects.get()
    assert (user.name, user.phone, user.email) == ("张珊", "1990", "a@b.cn")


def test_new_post_changes_the_person_and_ends_none(region: Region, unit: Unit) -> None:
    people.load_people(region, [row()])
    assert people.load_people(region, [row(role="单位负责人")]) == people.Loaded(changed=1)
    assert set(Post.objects.current().values_list("role", flat=True)) == {"officer", "head"}


def test_ended_post_may_be_held_again(region: Region, unit: Unit) -> None:
    people.load_people(region, [row()])
    Post.objects.update(ended_at=timezone.now())
    assert people.load_people(region, [row()]).changed == 1
    assert Post.objects.count() == 2


def test_units_roles_and_names_are_understood_as_people_write_them(region: Region, unit: Unit) -> None:
    with translation.override("en"):
        loaded = people.load_people(region, [row(username=" ZHANG ", unit="平罗县教育体育局", role="审核人")])
    assert loaded.created == 1
    assert Post.objects.values_list("user__username", "unit__name", "role").get() == ("zhang", "教体局", "verifier")


def test_checking_counts_and_writes_nothing(region: Region, unit: Unit) -> None:
    assert people.load_people(region, [row()], check=True, passwords=True) == people.Loaded(created=1)
    assert not User.objects.exists()


def test_one_time_passwords_are_for_new_people(region: Region, unit: Unit) -> None:
    people.load_people(region, [row()])
    loaded = people.load_people(region, [row(), row(username="li", name="李四")], passwords=True)
    assert list(loaded.passwords) == ["li"]
    user = User.objects.get(username="li")
    assert user.check_password(loaded.passwords["li"]) and user.must_change_password


@pytest.mark.parametrize(
    "cells, sentence",
    [
        ({"username": "", "name": "", "unit": "", "role": ""}, "这一行是空的。"),
        ({"username": ""}, "缺账号。"),
        ({"name": " ", "role": ""}, "缺姓名、角色。"),
        ({"unit": "海关"}, "没有“海关”这个单位。"),
        ({"unit": "各乡镇"}, "“各乡镇”是一组单位，请写其中一个单位。"),
        ({"role": "局长"}, "没有“局长”这个角色。"),
        ({"username": "zhang san"}, "账号“zhang san”只能用字母、数字和 . _ @ -，不超过 64 个字。"),
        ({"name": "张" * 65}, "姓名超过 64 个字。"),
        ({"phone": "1" * 33}, "电话超过 32 个字。"),
        ({"email": "zhang"}, "邮箱“zhang”写得不对。"),
    ],
)
def test_row_that_cannot_be_taken_says_why(region: Region, unit: Unit, cells: dict[str, str], sentence: str) -> None:
    Unit.objects.create(region=region, name="各乡镇", full_name="各乡镇", kind=Unit.Kind.GROUP)
    assert problems(region, row(username="good", name="好人"), row(**cells)) == [(3, sentence)]
    assert not User.objects.exists()


def test_rows_that_contradict_each_other_are_named(region: Region, unit: Unit) -> None:
    other = row(name="李四", role="head")
    assert problems(region, row(), row(), other) == [
        (3, "和第 2 行重复。"),
        (4, "账号“zhang”在第 2 行写的姓名、电话或邮箱不一样，一个账号只能是一个人。"),
    ]


def test_stopped_account_gets_no_post(region: Region, unit: Unit) -> None:
    User.objects.create(username="zhang", name="张三", is_active=False)
    assert problems(region, row()) == [(2, "账号“zhang”已停用。")]


def test_administrators_hold_nothing_else(region: Region, unit: Unit, system_admin: User) -> None:
    assert problems(region, row(username="fenglei", name="冯磊", role="coordinator")) == [
        (2, "冯磊：三员不能兼任业务岗位。")
    ]


@pytest.mark.parametrize(
    "roles, sentence",
    [
        ([Role.OFFICER, Role.VERIFIER], ""),
        ([Role.SYSTEM_ADMIN], ""),
        ([Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN], "系统、安全、审计三员须由三个人分别担任。"),
        ([Role.AUDIT_ADMIN, Role.LEADER], "三员不能兼任业务岗位。"),
    ],
)
def test_roles_one_person_may_hold(roles: list[Role], sentence: str) -> None:
    assert check_roles(roles) == sentence


def test_unit_of_another_region_is_unknown(unit: Unit) -> None:
    elsewhere = Region.objects.create(code="640205", name="惠农区")
    assert problems(elsewhere, row()) == [(2, "没有“教体局”这个单位。")]


# --- the file --------------------------------------------------------------------------------------------------------
CHINESE = "账号,姓名,单位,角色,电话,邮箱\r\nzhang,张三,教体局,经办人,1990,z@b.cn\r\n,,,,,\r\n"
ONE: Row = {
    "username": "zhang", "name": "张三", "unit": "教体局", "role": "经办人", "phone": "1990", "email": "z@b.cn",
}  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        CHINESE.encode(),
        CHINESE.encode("utf-8-sig"),
        CHINESE.encode("gb18030"),
        CHINESE.replace(",", "\t").encode("utf-16"),
        CHINESE.replace("账号,姓名,单位,角色,电话,邮箱", "username,Name,unit,role,phone,email").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16 tabs", "english"],
)
def test_file_is_read_as_offices_write_it(data: bytes) -> None:
    assert read_people(data) == [ONE]


def test_columns_may_stand_in_any_order_and_contacts_be_absent() -> None:
    assert read_people("角色,单位,姓名,账号,备注\n经办人,教体局,张三,zhang,x\n".encode()) == [
        {"username": "zhang", "name": "张三", "unit": "教体局", "role": "经办人"}
    ]


def test_blank_row_between_keeps_its_number(region: Region, unit: Unit) -> None:
    rows = read_people("账号,姓名,单位,角色\n\nzhang,张三,教体局,经办人\n".encode())
    assert problems(region, *rows) == [(2, "这一行是空的。")]


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "文件是空的。"),
        (b"PK\x03\x04", "文件不是完整的 Excel 表，请另存为 xlsx 或 CSV 再导入。"),
        (workbook([])[:-30], "文件不是完整的 Excel 表，请另存为 xlsx 或 CSV 再导入。"),
        (workbook([], padding=60_000_000), "文件展开后太大，请只留人员名单再导入。"),
        (
            workbook([["账号"]], more='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "表格太大，请只留人员名单再导入。",
        ),
        (b"\xd0\xcf\x11\xe0", "这是旧版或加了密码的 Excel 文件，请另存为 xlsx 或 CSV 再导入。"),
        (b"\x89PNG\r\n\x1a\n\0", "文件不是文本，请在 Excel 里另存为 CSV 再导入。"),
        ("账号,姓名\nzhang,张三\n".encode(), "第一行缺这些列：单位、角色。"),
        ('账号,姓名,单位,角色\n"zhang,张三\n'.encode(), "文件不是完整的 CSV，请在 Excel 里另存为 CSV 再导入。"),
    ],
)
def test_file_that_is_no_list_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_people(data)
    assert str(refusal.value) == sentence


# --- ending ----------------------------------------------------------------------------------------------------------
def test_last_system_administrator_stays(system_admin: User, person: Callable[..., User]) -> None:
    now: Any = timezone.now()
    with pytest.raises(people.LastAdministrator):
        people.end_posts(Post.objects.all(), now=now)
    with pytest.raises(people.LastAdministrator):
        people.deactivate(User.objects.all())
    assert (Post.objects.current().count(), User.objects.get().is_active) == (1, True)
    person("second", Role.SYSTEM_ADMIN)
    assert people.end_posts(Post.objects.filter(user=system_admin), now=now) == 1
    assert people.deactivate(User.objects.filter(pk=system_admin.pk)) == 1


def test_xlsx_is_read_like_csv() -> None:
    heading, row = ["账号", "姓名", "单位", "角色", "电话"], ["lixin", "李新", "教体局", "经办人", 19900001234]
    assert read_people(workbook([heading, row])) == [
        {"username": "lixin", "name": "李新", "unit": "教体局", "role": "经办人", "phone": "19900001234"}
    ]
