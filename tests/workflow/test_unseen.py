"""To whom an item is none of their business it does not exist: same status, same words, on pages and in the API."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.workflow.file_samples import SAMPLES
from workflow import clock
from workflow.actions.evidence import add_evidence
from workflow.actions.extensions import OUTCOMES, request_extension
from workflow.actions.moves import make_move
from workflow.models import SubItem
from workflow.models.moves import MOVES

pytestmark = pytest.mark.django_db
NONE = 987654  # no such item, no such file
STRANGERS = ("nafang", "limengyao", "fenglei", "xuli", "baiyong")  # 财政局, 城关镇, the three administrators

PAGES_READ = ("/items/{item}/", "/review/{item}/", "/evidence/{file}/file/", "/evidence/{file}/view/")
PAGES_WRITE = (
    *(f"/items/{{item}}/moves/{name}/" for name in (*MOVES, "nonsense")),
    *(f"/review/{{item}}/{name}/" for name in ("approve", "reject", "nonsense")),
    *("/items/{item}/report/", "/items/{item}/draft/", "/items/{item}/evidence/", "/evidence/{file}/remove/"),
    "/items/{item}/extensions/",
    *(f"/extensions/{{extension}}/{name}/" for name in (*OUTCOMES, "nonsense")),
)
API_READ = ("sub-items/{item}", "sub-items/{item}/journal", "evidence/{file}/file", "evidence/{file}/view")
API_LISTS = ("escalations?sub_item={item}", "sub-items?q=规划", "sub-items?unit=自然资源局", "stats")
API_WRITE = (
    *(f"sub-items/{{item}}/moves/{name}" for name in (*MOVES, "nonsense")),
    *("sub-items/{item}/reports", "sub-items/{item}/evidence", "sub-items/{item}/extensions"),
    *(f"extensions/{{extension}}/{name}" for name in (*OUTCOMES, "nonsense")),
)


@pytest.fixture
def places(item: Callable[[str], SubItem], actor: Callable[[str], Actor]) -> tuple[dict[str, int], dict[str, int]]:
    """5.1 of 自然资源局 with a file, as its people left it; and what nobody ever made."""
    one, officer, now = item("5.1"), actor("renhailong"), clock.forward(1)
    make_move(one.pk, "accept", by=officer, now=now, version=1)
    file = add_evidence(one.pk, SimpleUploadedFile("规划.pdf", SAMPLES["pdf"]), by=officer, now=now)
    said = {"due_on": one.due_on + timedelta(days=30), "reason": "征地未完。", "progress": "已选址。"}
    extension = request_extension(one.pk, by=actor("wuzhongcheng"), now=now, version=3, **said)
    found = {"item": one.pk, "file": file.pk, "extension": extension.pk}
    return found, dict.fromkeys(found, NONE)


@pytest.fixture
def enter(client: Client) -> Callable[[str], Client]:
    def entered(username: str) -> Client:
        client.force_login(User.objects.get(username=username))
        return client

    return entered


def told(answer: HttpResponse, ids: dict[str, int]) -> tuple[int, str, dict[str, str]]:
    """All that a reader gets, without what differs at every request and the number they asked for themselves."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    own = re.compile(rf"(?<=/)({'|'.join(map(str, ids.values()))})(?=/|$)")
    words = re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content|nonce)="[^"]*"', "", body.decode())
    differing = ("Content-Length", "Content-Security-Policy", "ETag")
    headers = {name: own.sub("#", value) for name, value in answer.headers.items() if name not in differing}
    return answer.status_code, own.sub("#", words), headers


def upload(path: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("规划.pdf", SAMPLES["pdf"])} if "evidence/" in path else {}


@pytest.mark.parametrize("username", STRANGERS)
def test_pages_tell_a_stranger_nothing(username: str, enter: Callable[[str], Client], places: Any) -> None:
    client, wrongly = enter(username), []
    for method, path in [*(("get", path) for path in PAGES_READ), *(("post", path) for path in PAGES_WRITE)]:
        answers = [
            told(getattr(client, method)(path.format(**ids), {"version": 1, "comment": "x"} | upload(path)), ids)
            for ids in places
        ]
        if answers[0] != answers[1] or answers[0][0] != 404:
            wrongly.append((method, path, answers[0][0], answers[1][0]))
    assert wrongly == []
    assert client.get("/ledger/?q=普惠性幼儿园建设").content.decode().count("普惠性幼儿园建设纳入") == 0


@pytest.mark.parametrize("username", STRANGERS)
def test_api_tells_a_stranger_nothing(username: str, enter: Callable[[str], Client], places: Any) -> None:
    client, wrongly = enter(username), []
    for method, path in [*(("get", path) for path in API_READ), *(("post", path) for path in API_WRITE)]:
        if username == "baiyong" and path.endswith("/journal"):
            continue  # journals and nothing else are the audit administrator's
        more: dict[str, Any] = {}
        if method == "post" and not path.endswith("evidence"):
            more = {"data": {"version": 1, "percent": "x"}, "content_type": "application/json"}
        elif method == "post":
            more = {"data": {"file": SimpleUploadedFile("规划.pdf", SAMPLES["pdf"])}}
        answers = [told(getattr(client, method)(f"/api/v1/{path.format(**ids)}", **more), ids) for ids in places]
        if answers[0] != answers[1] or answers[0][0] != 404 or '"not-found"' not in answers[0][1]:
            wrongly.append((method, path, answers))
    assert wrongly == []


@pytest.mark.parametrize("username", STRANGERS)
def test_lists_of_the_api_tell_a_stranger_nothing(username: str, enter: Callable[[str], Client], places: Any) -> None:
    client = enter(username)
    there, none = places
    lists = [client.get(f"/api/v1/{path.format(**there)}").json() for path in API_LISTS]
    assert lists[0] == client.get(f"/api/v1/{API_LISTS[0].format(**none)}").json() == {"count": 0, "items": []}
    seen = {row["number"] for rows in lists[1:3] for row in rows["items"]}
    mine = SubItem.objects.visible_to(Actor.of(User.objects.get(username=username)))
    assert "5.1" not in seen
    assert sum(lists[3]["by_state"].values()) == mine.count()


def test_own_people_do_see_it(enter: Callable[[str], Client], places: Any) -> None:
    """The same addresses answer otherwise to those they concern, or the tests above would prove nothing."""
    client, ids = enter("wuzhongcheng"), places[0]
    assert {client.get(path.format(**ids)).status_code for path in ("/items/{item}/", *PAGES_READ[2:])} == {200}
    assert {client.get(f"/api/v1/{path.format(**ids)}").status_code for path in API_READ} == {200}
    assert client.post(PAGES_WRITE[0].format(**ids), {"version": 1}).status_code == 409
