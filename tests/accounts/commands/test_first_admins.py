"""`first_admins`: three people, once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ADMINISTRATORS, Post, Region, Unit, User


def first_admins(*options: str) -> list[list[str]]:
    out = StringIO()
    call_command("first_admins", *options, stdout=out, stderr=StringIO())
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_three_people_each_with_one_role(db: None) -> None:
    lines = first_admins("--region", "640221", "--region-name", "平罗县", "--unit", "政府办")
    posts = Post.objects.select_related("user", "unit__region")
    assert {post.role for post in posts} == ADMINISTRATORS
    assert len({post.user_id for post in posts}) == 3
    assert {(post.unit.name, post.unit.region.code, post.unit.region.name) for post in posts} == {
        ("政府办", "640221", "平罗县")
    }
    for username, password, _name in lines:
        user = User.objects.get(username=username)
        assert user.check_password(password) and user.must_change_password


def test_one_time_password_comes_in_and_must_be_changed(db: None) -> None:
    username, password, _name = first_admins()[0]
    client = Client()
    answer = client.post("/accounts/login/", {"login": username, "password": password}, follow=True)
    assert answer.redirect_chain == [("/admin/", 302), ("/accounts/password/change/", 302)]


def test_region_and_unit_that_are_there_are_used(unit: Unit) -> None:
    first_admins("--unit", "教体局")
    assert (Region.objects.count(), Unit.objects.count()) == (1, 1)
    assert {post.unit for post in Post.objects.all()} == {unit}


def test_second_run_is_refused(db: None) -> None:
    first_admins()
    with pytest.raises(CommandError) as refusal:
        first_admins()
    assert (refusal.value.returncode, str(refusal.value)) == (1, "已经有管理员了，请由系统管理员在账号管理里办理。")
    assert User.objects.count() == 3


def test_taken_name_is_refused(db: None) -> None:
    User.objects.create(username="secadmin", name="别人")
    with pytest.raises(CommandError, match="账号“secadmin”已被占用"):
        first_admins()
    assert User.objects.count() == 1
