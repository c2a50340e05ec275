"""Every page as every role at both widths: it answers, is quiet, fits, and has its heading, title and labels."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import User
from tests.browser.visitor import Visitor
from tests.workflow.file_samples import SAMPLES
from workflow import clock
from workflow.actions.escalations import sweep_through
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.models import SubItem

pytestmark = pytest.mark.browser
ADMINISTRATORS = ["fenglei", "xuli", "baiyong"]
CAST = ["majianjun", "dinghaiyan", "yangjing", "changlihua", "maguohua", "wangxuewen", "lizhiqiang", "zhoumin"]
ONCE = {"majianjun": ["/accept/", "/ledger/?light=red&q=学校", "/ledger/?q=没有"]}  # the same for everybody
OTHERS = ["hewenbin", "yangxiaolong", "limengyao"]  # a head who leads, an officer who supports, a township


@pytest.fixture
def county_at_work(county: None) -> None:
    """A late item that was returned, one under review with files, one verified; the rest as published."""
    for number in ("9.1", "2.1", "2.2"):
        move(number, "accept", "majianjun")
        for name, kind in (("工作总结.pdf", "pdf"), ("现场照片.png", "png"), ("明细表.xlsx", "xlsx")):
            item = SubItem.objects.get(number=number)
            file = SimpleUploadedFile(name, SAMPLES[kind])
            add_evidence(item.pk, file, by=actor("majianjun"), now=clock.now(), caption="盖章件")
    start = clock.now()
    sweep_through(start=start, end=clock.forward(60))
    for number in ("9.1", "2.1", "2.2"):
        move(number, "submit", "dinghaiyan", summary="材料已齐，请审核。")
    move("9.1", "reject", "yangjing", comment="请附监督台账。")
    move("2.2", "approve", "yangjing")


def actor(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def move(number: str, name: str, username: str, **details: str) -> None:
    item = SubItem.objects.get(number=number)
    make_move(item.pk, name, by=actor(username), now=clock.now(), version=item.seq, details=details)


def test_every_page_of_every_role(visitor: Callable[[int], Visitor], county_at_work: None) -> None:
    person = visitor(1366)
    person.album = None
    for path in ("/accounts/login/", "/accounts/demo/"):
        look_at_both_widths(person, path)
    for username in [*ADMINISTRATORS, *CAST, *OTHERS]:
        person.carry_session_of(username)
        for path in pages(username):
            look_at_both_widths(person, path)


def look_at_both_widths(person: Visitor, path: str) -> None:
    person.resize(1366)
    person.open(path)
    person.resize(360)
    person.look()


def pages(username: str) -> list[str]:
    if username in ADMINISTRATORS:
        return ["/", "/accounts/logout/"]
    seen = SubItem.objects.visible_to(actor(username)).filter(number__in=["9.1", "2.1", "2.2", "21.1", "11.1"])
    items = [item.get_absolute_url() for item in seen]
    review = ["/review/"] if username in ("yangjing", "changlihua", "maguohua") else []
    return ["/", "/ledger/", "/inbox/", *items, *review, *ONCE.get(username, [])]
