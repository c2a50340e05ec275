"""The demo's door: a click is enough, and production has no such door."""

from typing import Any

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from accounts import demo, people
from accounts.models import Region, User
from tests.accounts.test_people import fixture


@pytest.fixture
def county(region: Region) -> None:
    people.load_units(region, fixture("units.csv"))
    people.load_people(region, fixture("people.csv"))


def test_cast_comes_first_in_four_groups(county: None) -> None:
    cast, others = demo.people()
    assert [(heading, note, [entry.name for entry in entries]) for heading, note, entries in cast] == [
        ("办理", "", ["马建军", "丁海燕", "何文斌", "纳芳"]),
        ("审核和统筹", "", ["杨静", "王学文", "马国华"]),
        ("督查和领导", "", ["李志强", "周敏"]),
        ("系统三员", "没有业务权限", ["冯磊", "徐丽", "白勇"]),
    ]
    listed = [entry.username for groups in (cast, others) for _heading, _note, group in groups for entry in group]
    assert sorted(listed) == sorted(User.objects.values_list("username", flat=True))


def test_person_of_two_posts_is_one_entry(county: None) -> None:
    entries = {entry.username: entry for _heading, _note, group in demo.people()[0] for entry in group}
    assert entries["maguohua"].post == "教育工委 审核人、教体局 单位负责人"


def test_picker_costs_one_query(county: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        demo.people()


def test_log_in_page_offers_the_people(county: None) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'name="username" value="majianjun"' in page
    assert page.index('value="baiyong"') < page.index("<details") < page.index('value="limengyao"')


def test_click_enters_and_changes_places(county: None) -> None:
    client = Client()
    answer = client.post("/accounts/demo/enter/", {"username": "majianjun"})
    assert (answer.status_code, answer.url) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))
    first = client.session.session_key
    assert client.get("/accounts/demo/").status_code == 200
    assert client.post("/accounts/demo/enter/", {"username": "fenglei"}).url == "/admin/"
    assert client.session["_auth_user_id"] == str(User.objects.get(username="fenglei").pk)
    assert client.session.session_key != first


@pytest.mark.parametrize("username", ["nobody", "stopped", ""])
def test_unknown_and_stopped_people_do_not_enter(county: None, username: str) -> None:
    User.objects.create(username="stopped", name="停", is_active=False)
    assert Client().post("/accounts/demo/enter/", {"username": username}).status_code == 404


def test_entering_takes_a_post_with_a_token(county: None) -> None:
    assert Client().get("/accounts/demo/enter/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/demo/enter/", {"username": "majianjun"}).status_code == 403


def test_production_has_no_such_door(county: None, settings: Any) -> None:
    settings.PRODUCTION = True
    client = Client()
    assert client.get("/accounts/demo/").status_code == 404
    assert client.post("/accounts/demo/enter/", {"username": "majianjun"}).status_code == 404
    assert "majianjun" not in client.get("/accounts/login/").content.decode()
