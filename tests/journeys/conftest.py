"""The county as its people use it: real pages, their forms, and whoever sits in front of them."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.county import publish_county
from tests.workflow.conftest import NOW
from workflow import clock
from workflow.models import SubItem


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it sends if nobody types."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.inside = False
        self.writing = ""  # the textarea or select whose content is being read
        self.text: list[str] = []
        self.outside: list[tuple[str, str, dict[str, str]]] = []  # fields that name the form they belong to
        self.feed(page)
        for name, tag, found in self.outside:
            for form in (form for form in self.forms if form["id"] == name):
                self._put(form, tag, found)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            form = {"id": found.get("id"), "action": found.get("action", ""), "choices": set()}
            self.forms.append({**form, "fields": {}, "buttons": set()})
            self.inside = True
        elif "form" in found:
            self.outside.append((found["form"], tag, found))
        elif self.inside:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        form = self.forms[-1]
        if tag == "button" and found.get("type", "submit") == "submit":
            form["buttons"].add(found.get("formaction", form["action"]))
            form["choices"] |= {found["name"]} if "name" in found else set()  # which of several was pressed
        if tag in ("input", "textarea", "select") and "name" in found:
            self._put(form, tag, found)
            self.writing = found["name"] if tag != "input" else ""
        if tag == "option" and "selected" in found:
            form["fields"][self.writing] = found["value"]

    def _put(self, form: dict[str, Any], tag: str, found: dict[str, str]) -> None:
        """What is to be ticked sends only what is; several boxes of one name send a list."""
        name, value = found["name"], found.get("value", "")
        if tag != "input" or found.get("type") not in ("checkbox", "radio"):
            form["fields"][name] = value
            return
        form["choices"].add(name)
        if "checked" in found and found["type"] == "radio":
            form["fields"][name] = value
        elif "checked" in found:
            form["fields"].setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.writing = "" if tag in ("textarea", "select") else self.writing

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.writing and self.lasttag == "textarea":
            self.forms[-1]["fields"][self.writing] += data


class Person:
    """Somebody at their browser. Knows only what their pages show."""

    def __init__(self, username: str) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.page = self._seen(self.client.get(reverse("demo-people")))
        self.send("/accounts/demo/enter/", username=username)
        assert self.status == 200

    def open(self, path: str) -> "Person":
        self._seen(self.client.get(path, follow=True))
        return self

    def offers(self, path: str) -> bool:
        """Whether the page in front of them has a button that goes there."""
        return any(path in form["buttons"] for form in self.forms)

    def send(self, path: str, *, stale: dict[str, Any] | None = None, **typed: Any) -> "Person":
        """Fill in the form of this page that goes to `path`, and send it; `stale` are hidden fields seen earlier."""
        form = next((form for form in self.forms if path in form["buttons"]), None)
        assert form is not None, f"no button for {path} on {self.path}"
        unknown = typed.keys() - form["fields"].keys() - form["choices"]
        assert not unknown or path.endswith("/enter/"), f"no field {unknown} on {self.path}"
        self._seen(self.client.post(path, {**form["fields"], **(stale or {}), **typed}, follow=True))
        return self

    def hidden(self, path: str) -> dict[str, Any]:
        return next(form["fields"] for form in self.forms if path in form["buttons"])

    def force(self, path: str, **fields: Any) -> int:
        """What somebody gets who sends what no page of theirs offers."""
        token = self.client.cookies["csrftoken"].value
        return self.client.post(path, {"csrfmiddlewaretoken": token, **fields}).status_code

    def sees(self, words: str) -> bool:
        return words in self.words

    def _seen(self, answer: HttpResponse) -> None:
        self.status, self.path = answer.status_code, answer.request["PATH_INFO"]
        page = Forms(answer.content.decode())
        self.forms, self.words = page.forms, " ".join(" ".join(page.text).split())


@pytest.fixture
def county(db: None) -> None:
    """The plan published on 22 November 2021; it is the day after."""
    publish_county(NOW)
    clock.forward(1)


@pytest.fixture
def enter(county: None) -> Callable[[str], Person]:
    """`enter("majianjun")`: the person logged in by the demo's door."""
    return Person


@pytest.fixture
def item(county: None) -> Callable[[str], SubItem]:
    return lambda number: SubItem.objects.select_related("holder", "verifier").get(number=number)


@pytest.fixture
def sound() -> Callable[[], bool]:
    """Whether every journal chain recomputes; the command fails otherwise."""

    def checked() -> bool:
        out = StringIO()
        call_command("verify_journal", format="json", stdout=out)
        return json.loads(out.getvalue())["broken"] == []

    return checked
