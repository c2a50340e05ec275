"""The log-in page: who comes in, who is locked out, and what is closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts.address import client_address
from accounts.models import User
from tests.accounts.conftest import PASSWORD

LOGIN = "/accounts/login/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE, HOME = "10.1.0.7", "10.9.0.3"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def try_in(username: str, password: str, *, address: str = OFFICE, **headers: str) -> Any:
    return Client(REMOTE_ADDR=address, headers=headers).post(LOGIN, {"login": username, "password": password})


def fail(times: int, username: str = "majianjun", *, address: str = OFFICE, **headers: str) -> list[int]:
    return [try_in(username, "wrong", address=address, **headers).status_code for _time in range(times)]


def test_right_password_comes_in_with_a_new_session_key(officer: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    answer = client.post(LOGIN, {"login": "majianjun", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.session.session_key != before


def test_system_administrator_comes_to_the_accounts(system_admin: User) -> None:
    assert try_in("fenglei", PASSWORD).url == "/admin/"


def test_next_leads_back_but_not_to_another_site(officer: User) -> None:
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    for wanted, given in (("/ledger/?light=red", "/ledger/?light=red"), ("https://evil.example/", home)):
        answer = Client().post(LOGIN, {"login": "majianjun", "password": PASSWORD, "next": wanted})
        assert answer.url == given


@pytest.mark.parametrize("username, password", [("majianjun", "wrong"), ("nobody", PASSWORD), ("stopped", PASSWORD)])
def test_wrong_name_wrong_password_and_stopped_account_hear_the_same(
    officer: User, person: Callable[..., User], username: str, password: str
) -> None:
    person("stopped", is_active=False)
    answer = try_in(username, password)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["账号或密码不对，请再试一次。"]


def test_nobody_stays_logged_in_by_asking(officer: User) -> None:
    answer = Client().post(LOGIN, {"login": "majianjun", "password": PASSWORD, "remember": "on"})
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


# --- the fast lock: user and address ---------------------------------------------------------------------------------
def test_fifth_failure_locks_this_user_from_this_address(officer: User, clock: Any) -> None:
    assert fail(5) == [200, 200, 200, 200, 429]
    answer = try_in("majianjun", PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "1800")
    assert "account/lockout.html" in [template.name for template in answer.templates]
    assert "连续输错 5 次，这个账号暂时不能登录，30 分钟后自动解锁。" in answer.content.decode()
    assert try_in("majianjun", PASSWORD, address=HOME).status_code == 302


def test_lock_is_for_this_user_alone(officer: User, system_admin: User, clock: Any) -> None:
    fail(5)
    assert try_in("fenglei", PASSWORD).status_code == 302


@pytest.mark.parametrize("written", ["MAJIANJUN", " majianjun ", "ｍajianjun"])
def test_spelling_the_name_otherwise_does_not_start_the_count_anew(officer: User, clock: Any, written: str) -> None:
    fail(4)
    assert fail(1, written) == [429]
    assert try_in("majianjun", PASSWORD).status_code == 429


def test_another_browser_at_the_same_address_is_counted_too(officer: User, clock: Any) -> None:
    statuses = [fail(1, **{"user-agent": f"browser {number}"})[0] for number in range(5)]
    assert statuses[-1] == 429


def test_lock_ends_after_thirty_minutes_however_often_one_knocks(officer: User, clock: Any) -> None:
    fail(5)
    clock.shift(timedelta(minutes=29))
    assert try_in("majianjun", PASSWORD).status_code == 429
    clock.shift(timedelta(minutes=2))
    assert try_in("majianjun", PASSWORD).status_code == 302


def test_good_log_in_starts_the_count_anew(officer: User, clock: Any) -> None:
    fail(4)
    assert try_in("majianjun", PASSWORD).status_code == 302
    assert fail(4) == [200] * 4


def test_name_that_nobody_has_is_locked_the_same(officer: User, clock: Any) -> None:
    assert fail(5, "nobody")[-1] == 429


def test_admin_has_no_log_in_of_its_own(system_admin: User, clock: Any) -> None:
    answer = Client().post("/admin/login/", {"username": "fenglei", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=%2Fadmin%2F")


# --- the slow lock: the user alone -----------------------------------------------------------------------------------
def fail_everywhere(times: int) -> None:
    for number in range(times):
        fail(1, address=f"10.2.0.{number}")


def test_twenty_failures_from_anywhere_lock_the_user(officer: User, clock: Any) -> None:
    fail_everywhere(19)
    assert fail(1, address=HOME) == [200]
    answer = try_in("majianjun", PASSWORD, address="10.3.0.1")
    assert answer.status_code == 429
    assert "24 小时内输错 20 次，这个账号暂时不能登录，请找本单位系统管理员重置密码。" in answer.content.decode()


def test_slow_lock_ends_with_its_window(officer: User, clock: Any) -> None:
    fail_everywhere(20)
    clock.shift(timedelta(hours=24, seconds=1))
    assert try_in("majianjun", PASSWORD).status_code == 302


def test_good_log_in_starts_the_slow_count_anew(officer: User, clock: Any) -> None:
    fail_everywhere(19)
    clock.shift(timedelta(seconds=1))
    assert try_in("majianjun", PASSWORD).status_code == 302
    clock.shift(timedelta(seconds=1))
    fail_everywhere(19)
    assert try_in("majianjun", PASSWORD).status_code == 302


# --- addresses -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "trusted, forwarded, counted",
    [
        (0, "9.9.9.9", OFFICE),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.1", "9.9.9.9"),
        (2, "9.9.9.9", OFFICE),
        (1, "", OFFICE),
        (1, "not an address", OFFICE),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_address_is_what_the_trusted_proxies_saw(
    officer: User, rf: Any, settings: Any, trusted: int, forwarded: str, counted: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=OFFICE, headers=headers)) == counted


def test_forged_header_does_not_dodge_the_lock(officer: User, clock: Any) -> None:
    statuses = [fail(1, **{"x-forwarded-for": f"9.9.9.{number}"})[0] for number in range(5)]
    assert statuses[-1] == 429


def test_behind_a_proxy_only_the_guesser_is_locked(officer: User, clock: Any, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    assert fail(5, **{"x-forwarded-for": "9.9.9.9"})[-1] == 429
    assert try_in("majianjun", PASSWORD, **{"x-forwarded-for": "9.9.9.8"}).status_code == 302


# --- what is closed --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "", "signup/", "password/reset/", "password/reset/done/", "password/set/", "email/", "confirm-email/",
        "inactive/", "reauthenticate/", "login/code/", "login/code/confirm/", "3rdparty/", "social/signup/", "2fa/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("logged_in", [False, True])
def test_rest_of_allauth_is_closed(officer: User, path: str, logged_in: bool) -> None:
    client = Client()
    if logged_in:
        client.force_login(officer)
    assert client.get(f"/accounts/{path}").status_code == 404


def test_logging_out_takes_a_post(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").url == LOGIN
    assert "_auth_user_id" not in client.session


def test_log_in_page_needs_a_csrf_token(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": "majianjun", "password": PASSWORD}).status_code == 403


def test_language_is_kept_in_a_cookie(db: None) -> None:
    answer = Client().post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert (answer.status_code, answer.url, answer.cookies["django_language"].value) == (302, LOGIN, "en")
