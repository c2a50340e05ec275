"""The API as scripts see it: over HTTP, by token, on the published plan of 平罗县."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import User
from workflow import clock
from workflow.models import Plan, SubItem

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Caller:
    """A script with a token; without one, nobody."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, raise_request_exception=False))

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        options = {"content_type": "application/json", **options}
        return self.client.post(f"/api/v1/{path}", body, headers=self.headers, **options)

    def upload(self, path: str, content: bytes = PDF, name: str = "总结.pdf", **fields: str) -> HttpResponse:
        form = {"file": SimpleUploadedFile(name, content), **fields}
        return self.client.post(f"/api/v1/{path}", form, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def caller(pingluo: Plan) -> Callable[[str], Caller]:
    """`caller("majianjun")`: a person of the county with a token, the day after the plan was published."""
    clock.forward(1)

    def issued(username: str) -> Caller:
        return Caller(tokens.issue(User.objects.get(username=username), days=1, now=timezone.now()))

    return issued


@pytest.fixture
def at(item: Callable[[str], SubItem]) -> Callable[[str], str]:
    """`at("2.1")`: the path of a sub-item."""
    return lambda number: f"sub-items/{item(number).pk}"


@pytest.fixture
def in_progress(caller: Callable[[str], Caller], at: Callable[[str], str]) -> str:
    """The path of 2.1, signed for by its officer; its version is 2."""
    accepted = caller("majianjun").post(f"{at('2.1')}/moves/accept", {"version": 1})
    assert accepted.status_code == 200, accepted.content.decode()
    return at("2.1")


def refusal(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal, which is a whole problem in Chinese."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content.decode()
    said = response.json()
    assert said.keys() == {"type", "title", "status", "detail", "code"}
    assert said["status"] == response.status_code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"]), said
    return response.status_code, said["code"]
