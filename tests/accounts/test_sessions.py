"""How long a session lasts, and passwords: own, one-time, changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from tests.accounts.conftest import PASSWORD

LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NEW = "Xin-de-mi4-ma"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def logged_in(username: str = "majianjun") -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    """The change of password is a page of the person alone."""
    return client.get(CHANGE).status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_idle_session_ends_with_a_sentence(officer: User, clock: Any) -> None:
    client = logged_in()
    clock.shift(timedelta(minutes=29))
    assert is_in(client)
    clock.shift(timedelta(minutes=30))
    answer = client.get(CHANGE)
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next={CHANGE}")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "您有 30 分钟没有操作，已经退出，请重新登录。"
    ]
    assert Session.objects.count() == 0


def test_busy_session_ends_after_eight_hours(officer: User, clock: Any) -> None:
    client = logged_in()
    for _time in range(23):
        clock.shift(timedelta(minutes=20))
        assert is_in(client)
    clock.shift(timedelta(minutes=20))
    assert not is_in(client)


def test_session_is_written_at_most_once_a_minute(officer: User, clock: Any) -> None:
    client = logged_in()

    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(CHANGE)
        return sum("UPDATE" in query["sql"] for query in queries)

    clock.shift(timedelta(seconds=59))
    assert writes() == 0
    clock.shift(timedelta(seconds=1))
    assert [writes(), writes()] == [1, 0]


def test_nobody_has_no_session(db: None) -> None:
    assert Client().get(LOGIN).status_code == 200
    assert Session.objects.count() == 0


def test_changed_password_ends_all_other_sessions(officer: User) -> None:
    here, elsewhere = logged_in(), logged_in()
    key = here.session.session_key
    assert change(here).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert here.session.session_key != key
    assert Client().post(LOGIN, {"login": "majianjun", "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    "old, new, field, sentence",
    [
        ("wrong", NEW, "oldpassword", "现在的密码不对。"),
        (PASSWORD, PASSWORD, "password1", "新密码不能和现在的一样。"),
        (PASSWORD, "alllowercase", "password1", "密码要含大写字母、小写字母、数字、符号中的至少三种。"),
        (PASSWORD, "Majianjun-1", "password1", "密码跟 账号 太相似了。"),
    ],
)
def test_bad_change_says_why(officer: User, old: str, new: str, field: str, sentence: str) -> None:
    answer = change(logged_in(), old, new)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field] == [sentence]


def test_person_without_a_password_is_told_so(officer: User) -> None:
    officer.set_unusable_password()
    officer.save()
    client = Client()
    client.force_login(officer)
    answer = client.get(CHANGE)
    assert answer.status_code == 302
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["这个账号没有密码，不用改。"]


def test_stopped_person_is_out_at_once(officer: User) -> None:
    client = logged_in()
    User.objects.update(is_active=False)
    assert not is_in(client)


# --- one-time passwords ----------------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(person: Callable[..., User]) -> Client:
    person("xin", Role.SYSTEM_ADMIN, must_change_password=True)
    return logged_in("xin")


def test_one_time_password_opens_only_its_change(newcomer: Client) -> None:
    answer = newcomer.get("/admin/")
    assert (answer.status_code, answer.url) == (302, CHANGE)
    assert newcomer.get(CHANGE).status_code == 200
    assert newcomer.post("/accounts/logout/").url == LOGIN


def test_changed_one_time_password_opens_the_rest(newcomer: Client) -> None:
    assert change(newcomer).url == "/admin/"
    assert not User.objects.get(username="xin").must_change_password
    assert newcomer.get("/admin/").status_code == 200


def test_api_by_session_says_why_in_its_own_form(newcomer: Client) -> None:
    answer = newcomer.get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "password-change-required"
