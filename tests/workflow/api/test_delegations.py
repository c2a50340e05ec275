"""代办 and 移交 over the API; a token acts by what its person was lent; the order of refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Delegation
from tests.workflow.lending import post_of, user

from .conftest import Caller, refusal
from .test_refusals import INVALID, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE, UNREADABLE

Callers = Callable[[str], Caller]
HEAD, OFFICER, COLLEAGUE, ADMIN = "dinghaiyan", "majianjun", "baihuiling", "fenglei"


def body(**more: Any) -> dict[str, Any]:
    return {"post": post_of(HEAD, "head").pk, "delegate": OFFICER, "until_on": "2021-12-03", **more}


def test_a_post_is_found_lent_listed_and_taken_back(caller: Callers) -> None:
    head, deputy = caller(HEAD), caller(OFFICER)
    posts = {(row["name"], row["role"]): row for row in head.get("posts").json()["items"]}
    assert posts["丁海燕", "head"] == {
        **{"id": post_of(HEAD, "head").pk, "unit": "教体局", "role": "head"},
        **{"username": HEAD, "name": "丁海燕"},
    }
    made = head.post("delegations", body())
    assert made.status_code == 201, made.content.decode()
    said = made.json()
    assert (said["from_on"], said["until_on"], said["in_force"]) == ("2021-11-23", "2021-12-03", True)
    assert (said["delegate"], said["made_by"], said["ended_at"]) == ("马建军", "丁海燕", None)
    assert deputy.get("delegations").json() == {"count": 1, "items": [said]}
    assert deputy.get("me").json()["posts"] == [
        {"unit": "教体局", "role": "officer", "for": None},
        {"unit": "教体局", "role": "head", "for": "丁海燕"},
    ]
    ended = deputy.post(f"delegations/{said['id']}/end")
    assert (ended.status_code, ended.json()["in_force"]) == (200, False)
    assert [post["for"] for post in deputy.get("me").json()["posts"]] == [None]
    assert refusal(deputy.post(f"delegations/{said['id']}/end")) == NOT_POSSIBLE


def test_the_token_of_one_who_stands_in_hands_in_and_the_journal_names_both(caller: Callers, in_progress: str) -> None:
    head, deputy = caller(HEAD), caller(OFFICER)
    deputy.post(f"{in_progress}/reports", {"percent": 100, "text": "已办。"})
    submit = f"{in_progress}/moves/submit", {"version": 3, "summary": "请审核。"}
    assert refusal(deputy.post(*submit)) == NOT_ALLOWED
    assert head.post("delegations", body()).status_code == 201
    assert deputy.post(*submit).status_code == 200
    entries = deputy.get(f"{in_progress}/journal").json()
    assert [(each["actor"], each["for"]) for each in entries[1:]] == [
        *[("马建军", None)] * 2,
        ("马建军代丁海燕", "丁海燕"),
    ]


def test_another_assignee_is_named(caller: Callers, in_progress: str) -> None:
    head = caller(HEAD)
    assert "assign" in head.get(in_progress).json()["moves"]
    named = head.post(f"{in_progress}/moves/assign", {"version": 2, "assignee": COLLEAGUE})
    assert (named.status_code, named.json()["version"], named.json()["state"]) == (200, 3, "in_progress")
    assert head.get(f"{in_progress}/journal").json()[-1]["action"] == "assign"
    assert refusal(head.post(f"{in_progress}/moves/assign", {"version": 3})) == INVALID
    assert refusal(head.post(f"{in_progress}/moves/assign", {"version": 3, "assignee": COLLEAGUE})) == INVALID


def test_a_post_is_handed_over(caller: Callers, in_progress: str) -> None:
    done = caller(ADMIN).post(f"posts/{post_of(OFFICER, 'officer').pk}/handover", {"to": COLLEAGUE})
    assert done.status_code == 200, done.content.decode()
    names = {"former": "马建军", "successor": "拜慧玲"}
    assert done.json() == {"unit": "教体局", "role": "officer", **names, "items": 1}
    assert caller(COLLEAGUE).get(f"{in_progress}/journal").json()[-1]["action"] == "handover"


@pytest.mark.parametrize(
    ("username", "said", "expected"),
    [
        ("nafang", {"until_on": "nonsense"}, NOT_FOUND),
        (HEAD, {"post": 10**12}, NOT_FOUND),
        (HEAD, {"post": 10**30}, NOT_FOUND),
        (HEAD, {"post": "1 OR 1=1"}, NOT_FOUND),
        (HEAD, {"post": True}, NOT_FOUND),
        (COLLEAGUE, {"until_on": "nonsense"}, NOT_ALLOWED),
        (HEAD, {"until_on": "nonsense"}, INVALID),
        (HEAD, {"until_on": 20211203}, INVALID),
        (HEAD, {"until_on": None}, INVALID),
        (HEAD, {"delegate": ["majianjun"]}, INVALID),
        (HEAD, {"delegate": "<script>"}, INVALID),
        (HEAD, {"delegate": "a\x00b"}, INVALID),
        (HEAD, {"from_on": "0001-01-01"}, INVALID),
        (HEAD, {"until_on": "9999-12-31"}, INVALID),
    ],
)
def test_the_refusals_of_lending(
    caller: Callers, username: str, said: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refusal(caller(username).post("delegations", body(**said))) == expected
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("content", UNREADABLE)
@pytest.mark.parametrize("path", ["delegations", "posts/{post}/handover"])
def test_an_unreadable_body_says_nothing_of_posts(caller: Callers, path: str, content: Any) -> None:
    """It names no post to lend; where the address names one, what was sent is judged last."""
    where = path.format(post=post_of(OFFICER, "officer").pk)
    answer = caller(ADMIN).post(where, content, content_type="application/json")
    assert answer.status_code in ((404,) if path == "delegations" else (413, 422))


def test_lists_are_of_ones_own_units(caller: Callers) -> None:
    caller(HEAD).post("delegations", body())
    seen = {who: caller(who).get("delegations").json()["count"] for who in (COLLEAGUE, "nafang", ADMIN, "xuli")}
    assert seen == {COLLEAGUE: 1, "nafang": 0, ADMIN: 1, "xuli": 1}
    assert {row["unit"] for row in caller("nafang").get("posts").json()["items"]} != {"教体局"}
    assert {row["role"] for row in caller(ADMIN).get("posts", limit=200).json()["items"]} >= {"head", "verifier"}
    assert user("zhoumin").posts.get().role == "leader"
    assert refusal(Caller().get("posts"))[0] == 401
