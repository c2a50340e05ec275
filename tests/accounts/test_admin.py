"""Account management: open to the system administrator only; nothing is deleted; pages keep to the CSP."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Post, Region, Role, Unit, User
from tests.accounts.conftest import PASSWORD

OURS = ["region", "unit", "user", "post", "apitoken"]
NEW = "Yi-ci-xing8"


def act(client: Client, model: str, action: str, *objects: Any) -> str:
    """What the page says after an action on these objects."""
    data = {"action": action, "_selected_action": [each.pk for each in objects]}
    answer = client.post(f"/admin/accounts/{model}/", data)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


# --- who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_no_other_post_opens_it(person: Callable[..., User], role: Role) -> None:
    client = Client()
    client.force_login(person("somebody", role))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_nobody_is_sent_to_the_log_in(db: None) -> None:
    answer = Client().get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"


def test_ended_post_closes_it(as_admin: Client) -> None:
    assert as_admin.get("/admin/").status_code == 200
    Post.objects.update(ended_at=timezone.now())
    assert as_admin.get("/admin/", follow=True).status_code == 403


def test_only_accounts_are_there(as_admin: Client) -> None:
    apps = as_admin.get("/admin/").context["app_list"]
    assert [app["app_label"] for app in apps] == ["accounts"]
    for model in admin.site._registry:
        status = as_admin.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/").status_code
        assert status == (200 if model._meta.app_label == "accounts" else 403), model


def test_own_password_is_changed_where_everybody_does(as_admin: Client) -> None:
    assert as_admin.get("/admin/password_change/").url == "/accounts/password/change/"


# --- pages -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def pages(as_admin: Client, officer: User, unit: Unit, region: Region) -> list[str]:
    tokens.issue(officer, days=1, now=timezone.now())
    ids = {"region": region.pk, "unit": unit.pk, "user": officer.pk}
    ids |= {"post": Post.objects.first().pk, "apitoken": ApiToken.objects.get().pk}  # type: ignore[union-attr]
    paths = ["", "accounts/", f"accounts/user/{officer.pk}/password/", f"accounts/user/{officer.pk}/history/"]
    for model in OURS:
        paths += [f"accounts/{model}/", f"accounts/{model}/{ids[model]}/change/"]
        paths += [f"accounts/{model}/add/"] if model != "apitoken" else []
    return [f"/admin/{path}" for path in paths]


def test_pages_open_and_bring_no_inline_style_or_script(as_admin: Client, pages: list[str]) -> None:
    for path in pages:
        answer = as_admin.get(path)
        assert answer.status_code == 200, path
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
        page = answer.content.decode()
        assert re.findall(r'<[^>]+\s(?:style|on[a-z]+)="[^>]*>|<style|<script(?![^>]*\bsrc=)[^>]*>', page) == [], path


def test_nothing_can_be_deleted(as_admin: Client, pages: list[str], officer: User) -> None:
    for path in pages:
        if path.endswith("/change/"):
            assert as_admin.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403
    as_admin.post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [officer.pk], "post": "yes"}
    )
    assert User.objects.filter(pk=officer.pk).exists()


# --- people ----------------------------------------------------------------------------------------------------------
def add_user(client: Client, **fields: str) -> Any:
    usual = {"username": "Xin", "name": "新人", "phone": "", "email": "", "password1": NEW, "password2": NEW}
    return client.post("/admin/accounts/user/add/", usual | fields)


def test_new_person_gets_a_password_for_once(as_admin: Client) -> None:
    assert add_user(as_admin).status_code == 302
    user = User.objects.get(username="xin")
    assert (user.name, user.must_change_password, user.check_password(NEW)) == ("新人", True, True)
    assert LogEntry.objects.get().user == User.objects.get(username="fenglei")


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"username": "FengLei"}, {"username": ["这个账号已经有了。"]}),
        ({"username": "xin ren"}, {"username": ["输入一个有效的值。"]}),
        ({"password1": "short", "password2": "short"}, None),
    ],
)
def test_bad_account_is_not_made(as_admin: Client, fields: dict[str, str], wrong: dict[str, list[str]] | None) -> None:
    answer = add_user(as_admin, **fields)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert errors == wrong if wrong else "password2" in errors
    assert User.objects.count() == 1


def test_person_is_changed_but_keeps_the_account_name(as_admin: Client, officer: User) -> None:
    data = {"username": "other", "name": "马建国", "phone": "1", "email": "", "is_active": ""}
    assert as_admin.post(f"/admin/accounts/user/{officer.pk}/change/", data).status_code == 302
    officer.refresh_from_db()
    assert (officer.username, officer.name, officer.phone, officer.is_active) == ("majianjun", "马建国", "1", True)
    assert officer.check_password(PASSWORD)


def test_page_of_a_person_links_to_a_new_password(as_admin: Client, officer: User) -> None:
    page = as_admin.get(f"/admin/accounts/user/{officer.pk}/change/").content.decode()
    assert f'href="../../{officer.pk}/password/"' in page or 'href="../password/"' in page


def test_new_password_is_for_once_unlocks_and_logs_out(as_admin: Client, officer: User) -> None:
    person, stranger = Client(), Client()
    person.force_login(officer)
    for _time in range(5):
        stranger.post("/accounts/login/", {"login": "majianjun", "password": "wrong"})
    data = {"password1": NEW, "password2": NEW}
    assert as_admin.post(f"/admin/accounts/user/{officer.pk}/password/", data).status_code == 302
    assert User.objects.get(pk=officer.pk).must_change_password
    assert "_auth_user_id" not in person.get("/accounts/login/").wsgi_request.session
    assert stranger.post("/accounts/login/", {"login": "majianjun", "password": NEW}).status_code == 302


def test_people_are_stopped_and_resumed(as_admin: Client, officer: User, system_admin: User) -> None:
    assert act(as_admin, "user", "stop", officer) == "已停用 1 个账号，岗位保留。"
    assert not User.objects.get(pk=officer.pk).is_active
    assert act(as_admin, "user", "resume", officer) == "已恢复 1 个账号。"
    assert act(as_admin, "user", "stop", system_admin) == "这样就没有系统管理员了，请先任命另一位。"


# --- posts -----------------------------------------------------------------------------------------------------------
def add_post(client: Client, user: User, unit: Unit, role: str) -> Any:
    return client.post("/admin/accounts/post/add/", {"user": user.pk, "unit": unit.pk, "role": role})


def test_post_is_given_and_ended_never_changed(as_admin: Client, officer: User, unit: Unit) -> None:
    assert add_post(as_admin, officer, unit, Role.HEAD).status_code == 302
    post = Post.objects.get(user=officer, role=Role.HEAD)
    answer = as_admin.post(f"/admin/accounts/post/{post.pk}/change/", {"role": Role.LEADER})
    assert answer.status_code == 403
    assert act(as_admin, "post", "end", post) == "已结束 1 个岗位。"
    assert Post.objects.filter(pk=post.pk, ended_at__isnull=False).exists()
    assert act(as_admin, "post", "end", post) == "已结束 0 个岗位。"


def test_system_administrator_gives_herself_no_business(as_admin: Client, system_admin: User, unit: Unit) -> None:
    answer = add_post(as_admin, system_admin, unit, Role.COORDINATOR)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors() == ["三员不能兼任业务岗位。"]


def test_post_is_held_once(as_admin: Client, officer: User, unit: Unit) -> None:
    assert add_post(as_admin, officer, unit, Role.OFFICER).status_code == 200
    assert Post.objects.filter(user=officer).count() == 1


# --- units and tokens ------------------------------------------------------------------------------------------------
def test_aliases_are_written_as_in_tables(as_admin: Client, unit: Unit, region: Region) -> None:
    data = {"region": region.pk, "name": "教体局", "full_name": "教育体育局", "kind": "government", "position": "1"}
    path = f"/admin/accounts/unit/{unit.pk}/change/"
    assert as_admin.post(path, data | {"aliases": "教育局、县教体局"}).status_code == 302
    assert Unit.objects.get().aliases == ["教育局", "县教体局"]
    assert 'value="教育局、县教体局"' in as_admin.get(path).content.decode()


def test_tokens_are_seen_and_revoked_only(as_admin: Client, officer: User) -> None:
    words = tokens.issue(officer, days=1, now=timezone.now())
    token = ApiToken.objects.get()
    assert as_admin.get("/admin/accounts/apitoken/add/").status_code == 403
    assert token.digest not in as_admin.get(f"/admin/accounts/apitoken/{token.pk}/change/").content.decode()
    assert act(as_admin, "apitoken", "revoke", token) == "已吊销 1 个令牌。"
    assert tokens.holder_of(words, now=timezone.now()) is None
