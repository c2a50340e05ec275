from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from workflow.models import Plan, SubItem

from .conftest import Caller, refusal

Callers = Callable[[str], Caller]
READ = ["me", "plans", "plans/1", "sub-items", "sub-items/1", "sub-items/1/journal", "inbox", "escalations", "stats"]
READ += ["evidence/1/file", "evidence/1/view"]
WRITTEN = ["sub-items/1/moves/accept", "sub-items/1/reports", "sub-items/1/evidence", "inbox/1/read"]


@pytest.mark.parametrize("path", READ)
def test_nobody_reads(db: None, path: str) -> None:
    answer = Caller().get(path)
    assert refusal(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", WRITTEN)
def test_nobody_writes(db: None, path: str) -> None:
    assert refusal(Caller().post(path, {})) == (401, "unauthenticated")


def test_who_is_calling(caller: Callers) -> None:
    assert caller("maguohua").get("me").json() == {
        "username": "maguohua",
        "name": "马国华",
        "posts": [
            {"unit": "教育工委", "role": "verifier", "for": None},
            {"unit": "教体局", "role": "head", "for": None},
        ],
    }


@pytest.mark.parametrize("words", ["luoshi_wrong", "", "é", "x" * 5000])
def test_a_wrong_token_opens_nothing(db: None, words: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {words}"})
    assert refusal(answer) == (401, "unauthenticated")


def test_a_token_ends(pingluo: Plan) -> None:
    user, now = User.objects.get(username="majianjun"), timezone.now()
    old = tokens.issue(user, days=1, now=now - timedelta(days=2))
    assert refusal(Caller(old).get("me")) == (401, "unauthenticated")
    revoked = tokens.issue(user, days=1, now=now)
    ApiToken.objects.filter(digest=tokens.digest(revoked)).update(revoked_at=now)
    assert refusal(Caller(revoked).get("me")) == (401, "unauthenticated")
    good = tokens.issue(user, days=1, now=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refusal(Caller(good).get("me")) == (401, "unauthenticated")


def test_a_token_opens_no_page(caller: Callers) -> None:
    script = caller("majianjun")
    for page in ("/", "/ledger/", "/admin/"):
        answer = script.client.get(page, headers=script.headers)
        assert (answer.status_code, "login" in answer.headers["Location"]) == (302, True)
    script.get("me")
    assert SESSION_KEY not in script.client.session


@pytest.fixture
def browser_session(pingluo: Plan) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(username="majianjun"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_a_session_reads(browser_session: Client) -> None:
    assert browser_session.get("/api/v1/me").json()["username"] == "majianjun"


def test_a_session_writes_with_its_csrf_token_only(browser_session: Client, item: Callable[[str], SubItem]) -> None:
    path = f"/api/v1/sub-items/{item('2.1').pk}/moves/accept"
    for headers in ({}, {"X-CSRFToken": "a" * 32}):
        refused = browser_session.post(path, {"version": 1}, content_type="application/json", headers=headers)
        assert refusal(refused) == (403, "csrf")
    assert item("2.1").seq == 1
    browser_session.cookies["csrftoken"] = "a" * 32
    accepted = browser_session.post(
        path, {"version": 1}, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert (accepted.status_code, accepted.json()["state"]) == (200, "in_progress")


def test_a_bad_token_is_not_saved_by_a_good_session(browser_session: Client) -> None:
    assert refusal(browser_session.get("/api/v1/me", headers={"Authorization": "Bearer wrong"})) == (
        401,
        "unauthenticated",
    )


def test_a_token_goes_before_a_session(browser_session: Client, caller: Callers) -> None:
    headers = caller("yangjing").headers
    assert browser_session.get("/api/v1/me", headers=headers).json()["username"] == "yangjing"


def test_health_asks_nobody_who_they_are(db: None) -> None:
    answer = Caller().get("health")
    assert answer.status_code in (200, 503)
    assert answer.json().keys() == {"status", "database", "broker", "worker_age", "beat_age"}
    assert answer.json()["database"] == "ok"
