"""Files through the doors: headers of what goes out, and what the page says of what comes in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.actor import Actor
from accounts.models import User
from tests.workflow.file_samples import SAMPLES
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.models import Evidence, SubItem

PAGE = b"<!doctype html><script>alert(document.cookie)</script>"


@pytest.fixture
def running(item: Callable[[str], SubItem], actor: Callable[[str], Actor], now: datetime) -> SubItem:
    found = item("2.1")
    return make_move(found.pk, "accept", by=actor("majianjun"), now=now, version=found.seq)


@pytest.fixture
def handed_in(running: SubItem, actor: Callable[[str], Actor], now: datetime) -> Callable[[str, bytes], Evidence]:
    def hand_in(name: str, data: bytes) -> Evidence:
        return add_evidence(running.pk, SimpleUploadedFile(name, data), by=actor("majianjun"), now=now)

    return hand_in


def logged_in(username: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def get(view: str, evidence: Evidence, username: str = "yangjing") -> HttpResponse:
    return logged_in(username).get(reverse(f"workflow:{view}", args=[evidence.pk]))


def body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def said(response: HttpResponse) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


# --- out --------------------------------------------------------------------------------------------------------------
def test_file_goes_out_as_attachment_under_its_own_name(handed_in: Callable[[str, bytes], Evidence]) -> None:
    response = get("evidence-file", handed_in('材料"1.pdf', SAMPLES["pdf"]))
    assert (response.status_code, body(response)) == (200, SAMPLES["pdf"])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9D%90%E6%96%99%221.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(SAMPLES["pdf"]))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["X-Frame-Options"] == "DENY"


def test_page_named_as_text_goes_out_as_text(handed_in: Callable[[str, bytes], Evidence]) -> None:
    evidence = handed_in("page.txt", PAGE)
    response = get("evidence-file", evidence)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "text/plain",
        'attachment; filename="page.txt"',
    )
    assert get("evidence-view", evidence).status_code == 404


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        (
            "a.pdf",
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        ),
        (
            "a.png",
            "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
        ),
    ],
)
def test_picture_and_pdf_are_shown_in_our_pages(
    handed_in: Callable[[str, bytes], Evidence], name: str, policy: str
) -> None:
    response = get("evidence-view", handed_in(name, SAMPLES[name[2:]]))
    assert (response.status_code, body(response)) == (200, SAMPLES[name[2:]])
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert response["Content-Security-Policy"] == policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "ofd", "txt", "csv"])
def test_other_kinds_are_not_shown(handed_in: Callable[[str, bytes], Evidence], kind: str) -> None:
    assert get("evidence-view", handed_in(f"a.{kind}", SAMPLES[kind])).status_code == 404


@pytest.mark.parametrize("view", ["evidence-file", "evidence-view"])
@pytest.mark.parametrize("username", ["nafang", "baiyong"])
def test_file_does_not_exist_to_others(handed_in: Callable[[str, bytes], Evidence], view: str, username: str) -> None:
    assert get(view, handed_in("a.pdf", SAMPLES["pdf"]), username).status_code == 404


@pytest.mark.parametrize("view", ["evidence-file", "evidence-view", "evidence-remove"])
def test_stranger_is_sent_to_log_in(handed_in: Callable[[str, bytes], Evidence], view: str) -> None:
    address = reverse(f"workflow:{view}", args=[handed_in("a.pdf", SAMPLES["pdf"]).pk])
    response = Client().post(address) if view == "evidence-remove" else Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("count", [1, 3])
def test_opening_a_file_costs_the_same_however_many_there_are(
    handed_in: Callable[[str, bytes], Evidence], django_assert_num_queries: Callable, count: int
) -> None:
    files = [handed_in(f"{number}.pdf", SAMPLES["pdf"]) for number in range(count)]
    client = logged_in("yangjing")
    client.get(reverse("workflow:evidence-file", args=[files[0].pk]))
    with django_assert_num_queries(4):  # session, user, posts, file with its blob
        client.get(reverse("workflow:evidence-file", args=[files[-1].pk]))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "shown_by"), [("pdf", "chrome-extension:"), ("png", "http:")])
def test_picture_and_pdf_are_shown_in_a_frame(
    handed_in: Callable[[str, bytes], Evidence], live_server: Any, page: Page, kind: str, shown_by: str
) -> None:
    evidence, client, problems = handed_in(f"a.{kind}", SAMPLES[kind]), logged_in("yangjing"), []
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('workflow:sub-item', args=[evidence.item_id])}")
    page.on("console", lambda message: problems.append(message.text))
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith(shown_by)):
        page.evaluate(
            "address => document.body.append(Object.assign(document.createElement('iframe'), {src: address}))",
            reverse("workflow:evidence-view", args=[evidence.pk]),
        )
    page.wait_for_timeout(500)  # for a policy to complain
    assert problems == []


# --- in ---------------------------------------------------------------------------------------------------------------
def post_files(item: SubItem, username: str, *files: tuple[str, bytes], caption: str = "") -> HttpResponse:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    address = reverse("workflow:evidence-add", args=[item.pk])
    return logged_in(username).post(address, {"file": uploads, "caption": caption})


def test_files_are_added_each_for_itself(running: SubItem) -> None:
    response = post_files(
        running,
        "majianjun",
        ("一.pdf", SAMPLES["pdf"]),
        ("二.exe", b"MZ"),
        ("三.png", SAMPLES["png"]),
        caption="现场",
    )
    assert (response.status_code, response["Location"]) == (303, reverse("workflow:sub-item", args=[running.pk]))
    assert said(response) == [
        ("error", "二.exe：不收这种文件，可以传 PDF、OFD、docx、xlsx、pptx、图片（jpg、png）、txt 和 csv。"),
        ("success", "已传 2 份材料。"),
    ]
    assert list(Evidence.objects.values_list("filename", "caption")) == [("一.pdf", "现场"), ("三.png", "现场")]


def test_refusal_of_the_item_is_said_once(running: SubItem) -> None:
    response = post_files(running, "yangjing", ("一.pdf", SAMPLES["pdf"]), ("二.pdf", SAMPLES["pdf"]))
    assert response.status_code == 303
    assert said(response) == [("error", "只有当前责任方的经办人或负责人可以办这一步。")]


def test_nothing_chosen_is_said(running: SubItem) -> None:
    assert said(post_files(running, "majianjun")) == [("error", "请先选择文件。")]


def test_item_one_may_not_know_of_takes_no_file(running: SubItem) -> None:
    assert post_files(running, "nafang", ("一.pdf", SAMPLES["pdf"])).status_code == 404


def test_path_that_the_browser_sends_is_not_kept(running: SubItem) -> None:
    post_files(running, "majianjun", ("../../etc/一.pdf", SAMPLES["pdf"]))
    assert Evidence.objects.get().filename == "一.pdf"


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("", ("success", "已撤下 a.pdf。")),
        ("3", ("success", "已撤下 a.pdf。")),
        ("2", ("error", "别人刚办过这一项，请看最新情况再办。")),
    ],
)
def test_file_is_taken_back_from_the_page(
    running: SubItem, handed_in: Callable[[str, bytes], Evidence], version: str, message: tuple[str, str]
) -> None:
    evidence = handed_in("a.pdf", SAMPLES["pdf"])
    address = reverse("workflow:evidence-remove", args=[evidence.pk])
    response = logged_in("majianjun").post(address, {"version": version})
    assert (response.status_code, response["Location"]) == (303, reverse("workflow:sub-item", args=[running.pk]))
    assert said(response) == [message]
    assert Evidence.objects.standing().exists() is (message[0] == "error")


@pytest.mark.parametrize("view", ["evidence-add", "evidence-remove"])
def test_writing_takes_a_post(handed_in: Callable[[str, bytes], Evidence], view: str) -> None:
    evidence = handed_in("a.pdf", SAMPLES["pdf"])
    assert logged_in("majianjun").get(reverse(f"workflow:{view}", args=[evidence.pk])).status_code == 405


@pytest.mark.parametrize("name", ["../../x.pdf", "C:\\\\temp\\\\x.pdf", "/etc/x.pdf", "a&#x2F;x.pdf"])
def test_a_path_in_a_name_is_refused_although_django_would_cut_it_off(running: SubItem, name: str) -> None:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    sent = head.encode() + SAMPLES["pdf"] + b"\r\n--b--\r\n"
    url = reverse("workflow:evidence-add", args=[running.pk])
    response = logged_in("majianjun").post(url, sent, content_type="multipart/form-data; boundary=b")
    assert said(response) == [("error", "x.pdf：文件名里带了路径，请只留文件名再传。")]
    assert not Evidence.objects.exists()
