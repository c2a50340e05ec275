"""The owner's side over the API: 分出, 另定审核单位, and the document a change is made by."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Post, Unit, User
from tests.workflow.actions.test_objections import headed
from workflow.models import Basis, JournalEntry, SubItem

from .conftest import PDF, Caller, refusal
from .test_refusals import COORDINATOR, HEAD, INSPECTOR, INVALID, NOT_ALLOWED, NOT_FOUND, NOT_POSSIBLE, OFFICER, STALE

Callers = Callable[[str], Caller]
At = Callable[[str], str]


def sent(caller: Caller, path: str, body: Any, file: Any = None, part: str = "basis") -> Any:
    """As multipart: the JSON in a part `body`, the document beside it."""
    form = {"body": body if isinstance(body, str) else json.dumps(body)}
    form |= {part: SimpleUploadedFile("修订通知.pdf", PDF) if file is None else file}
    return caller.client.post(f"/api/v1/{path}", form, headers=caller.headers)


AMEND = {"version": 1, "comment": "修订", "notes": "每季调度", "supports": ["妇联"]}


def test_a_document_comes_with_the_move_and_is_found_in_the_journal(caller: Callers, at: At) -> None:
    coordinator, path = caller(COORDINATOR), at("2.1")
    made = sent(coordinator, f"{path}/moves/amend", AMEND)
    assert (made.status_code, made.json()["version"], made.json()["supports"]) == (200, 2, ["妇联"])
    first, entry = coordinator.get(f"{path}/journal").json()
    assert first["basis"] is None
    assert (entry["basis"]["filename"], entry["basis"]["sha256"]) == ("修订通知.pdf", sha256(PDF).hexdigest())
    for username, status in ((COORDINATOR, 200), (HEAD, 200), (INSPECTOR, 200), (headed("妇联"), 404), ("nafang", 404)):
        answer = caller(username).get(f"basis/{entry['basis']['id']}/file")
        assert answer.status_code == status, username
        if status == 200:
            assert (b"".join(answer.streaming_content), "attachment" in answer["Content-Disposition"]) == (PDF, True)
    seen = caller(headed("妇联")).get(f"{path}/journal").json()
    assert [each["basis"] for each in seen] == [None, None]


def test_a_document_is_examined_last(caller: Callers, at: At) -> None:
    path, program = f"{at('2.1')}/moves/amend", SimpleUploadedFile("通知.exe", b"MZ\x90")
    cases: list[tuple[str, Any, tuple[int, str]]] = [
        ("nafang", AMEND, NOT_FOUND),
        (OFFICER, AMEND | {"version": 9}, STALE),
        (OFFICER, AMEND, NOT_ALLOWED),
        (OFFICER, "{", NOT_ALLOWED),
        (COORDINATOR, "{", INVALID),
        (COORDINATOR, "[]", INVALID),
        (COORDINATOR, AMEND, INVALID),
    ]
    for username, body, expected in cases:
        assert refusal(sent(caller(username), path, body, program)) == expected, (username, body)
    form = caller(COORDINATOR).post(path, b"x", content_type="multipart/form-data; boundary=y")
    assert refusal(form) == INVALID
    assert (Basis.objects.count(), JournalEntry.objects.count()) == (0, 48)


def test_without_a_file_the_form_is_as_good_as_json(caller: Callers, at: At) -> None:
    made = sent(caller(COORDINATOR), f"{at('2.1')}/moves/amend", AMEND, "没有文件")
    assert (made.status_code, Basis.objects.count()) == (200, 0)


def test_a_co_lead_is_split_off(caller: Callers, at: At) -> None:
    body = {"version": 1, "unit": "教体局", "comment": "分开办", "text": "核定编制。", "supports": []}
    old = sent(caller(COORDINATOR), f"{at('21.1')}/moves/split", body).json()
    assert (old["leads"], old["version"], "split" in old["moves"]) == (["县委编办"], 2, False)
    new = caller(HEAD).get(at("21.4")).json()
    assert (new["leads"], new["supports"], new["text"], new["state"]) == (["教体局"], [], "核定编制。", "assigned")
    assert caller(HEAD).get(f"{at('21.4')}/journal").json()[0]["basis"]["filename"] == "修订通知.pdf"


@pytest.mark.parametrize(
    ("username", "body", "expected"),
    [
        (OFFICER, {"version": 9}, STALE),
        (OFFICER, {"version": 1}, NOT_ALLOWED),
        (COORDINATOR, {"version": 1, "unit": "教体局"}, INVALID),
        (COORDINATOR, {"version": 1, "unit": [], "comment": "好"}, INVALID),
        (COORDINATOR, {"version": 1, "unit": "人社局", "comment": "好"}, INVALID),
        (COORDINATOR, {"unit": "教体局", "comment": "好"}, INVALID),
    ],
)
def test_splitting_refuses_in_order(
    caller: Callers, at: At, username: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refusal(caller(username).post(f"{at('21.1')}/moves/split", body)) == expected
    assert SubItem.objects.count() == 48


def test_another_unit_is_named_where_nobody_may_review(caller: Callers, at: At) -> None:
    path, inspector = at("2.1"), caller(INSPECTOR)
    body = {"version": 1, "verifier": "县委督查室", "comment": "无人可审。"}
    assert refusal(inspector.post(f"{path}/moves/name-verifier", body)) == NOT_ALLOWED
    assert inspector.get(path).json()["verifier"]["problem"] == ""
    Post.objects.create(
        user=User.objects.get(username="yangjing"), unit=Unit.objects.get(name="教体局"), role="officer"
    )
    seen = inspector.get(path).json()
    assert seen["verifier"]["problem"].startswith("教育工委现在没有能审这一项的人：")
    assert "name-verifier" in seen["moves"]
    listed = {row["number"]: row for row in inspector.get("sub-items", limit=200).json()["items"]}
    assert listed["2.1"] == {name: seen[name] for name in listed["2.1"]}
    assert refusal(inspector.post(f"{path}/moves/name-verifier", body | {"verifier": "教体局"})) == INVALID
    after = inspector.post(f"{path}/moves/name-verifier", body).json()
    assert (after["verifier"]["unit"], after["verifier"]["problem"]) == ("县委督查室", "")
    assert after["verifier"]["reason"] == "由县委督查室审核，是另行指定的：教体局牵头，不能自己审。"
    SubItem.objects.filter(number="2.1").update(state="verified")
    assert refusal(inspector.post(f"{path}/moves/name-verifier", {"version": 2})) == NOT_POSSIBLE
