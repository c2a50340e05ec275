"""Two at once, on PostgreSQL: one wins, the other is told so, and the chains stay whole."""

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.actor import Actor
from accounts.models import Post, Unit, User
from notifications.models import Message
from tests.county import publish_county
from tests.workflow.conftest import NOW
from workflow import demo, queries
from workflow.actions.drafts import start
from workflow.actions.escalations import sweep
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.actions.plans import publish
from workflow.actions.reports import report_progress
from workflow.actions.reports import save_draft as write_draft
from workflow.models import Blob, Escalation, Evidence, Plan, SubItem, Submission
from workflow.states import State
from workflow.tables import read

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
THREADS = 6


@pytest.fixture
def county(transactional_db: None) -> None:
    publish_county(NOW)


def at_once(*works: Callable[[], Any]) -> Counter[str]:
    """Let all go at the same moment, each in a thread and with a connection of its own; how often each outcome."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            start.wait(20)
            told = work()
            return told if isinstance(told, str) else "ok"
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(run, works))


def person(username: str) -> Actor:
    return Actor.of(User.objects.get(username=username))


def item(number: str) -> SubItem:
    return SubItem.objects.with_responsibilities().get(number=number)


def move(number: str, name: str, username: str, **details: str) -> Callable[[], Any]:
    """A click by somebody who sees the item as it is now."""
    one, by = item(number), person(username)
    return lambda: make_move(one.pk, name, by=by, now=NOW, version=one.seq, details=details)


def handed_in(number: str = "2.1") -> SubItem:
    ready(number)
    return move(number, "submit", "dinghaiyan", summary="请审核。")()


def ready(number: str = "2.1") -> SubItem:
    move(number, "accept", "majianjun")()
    report_progress(item(number).pk, by=person("majianjun"), now=NOW, percent=100, words="已办。")
    return item(number)


def second_verifier() -> None:
    user = User.objects.create(username="second", name="第二人")
    Post.objects.create(user=user, unit=Unit.objects.get(name="教育工委"), role="verifier")


def sound() -> bool:
    return queries.verify_journal().broken == []


# --- moves ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("names", [("approve", "reject"), ("approve", "approve"), ("reject", "reject")])
def test_two_verifiers_at_once(county: None, names: tuple[str, str]) -> None:
    second_verifier()
    before = handed_in()
    told = at_once(
        *(move("2.1", name, who, comment=who) for name, who in zip(names, ("yangjing", "second"), strict=True))
    )
    assert told == {"ok": 1, "StaleVersion": 1}
    after = item("2.1")
    last = after.journal.last()
    assert (after.seq, last.seq, last.to_state) == (before.seq + 1, before.seq + 1, after.state)
    verdict = Submission.objects.get(item=after)
    assert verdict.status == {"approve": "approved", "reject": "rejected"}[last.action]
    assert verdict.reviewed_by.name == last.actor_name  # of one verdict, not of both
    assert Message.objects.filter(kind__in=["move.approve", "move.reject"]).values("kind").distinct().count() == 1
    assert sound()


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (("withdraw", "approve"), ("dinghaiyan", "yangjing")),
        (("withdraw", "reject"), ("dinghaiyan", "yangjing")),
        (("withdraw", "cancel"), ("dinghaiyan", "wangxuewen")),
        (("approve", "cancel"), ("yangjing", "wangxuewen")),
    ],
)
def test_unit_and_verifier_at_once(county: None, names: tuple[str, str], people: tuple[str, str]) -> None:
    before = handed_in()
    told = at_once(*(move("2.1", name, who, comment="好") for name, who in zip(names, people, strict=True)))
    assert told == {"ok": 1, "StaleVersion": 1}
    after = item("2.1")
    assert (after.seq, after.journal.last().action in names) == (before.seq + 1, True)
    assert Submission.objects.get(item=after).status != "submitted"
    assert sound()


def test_handing_in_and_taking_back_at_once(county: None) -> None:
    """Who takes back what is not yet handed in is stale, or told that the state does not permit it; never 404."""
    ready()
    one, head = item("2.1"), person("dinghaiyan")
    details = {"summary": "请审核。"}
    told = at_once(
        lambda: make_move(one.pk, "submit", by=head, now=NOW, version=one.seq, details=details),
        lambda: make_move(one.pk, "withdraw", by=head, now=NOW, version=one.seq + 1),
    )
    assert told in ({"ok": 2}, {"ok": 1, "StaleVersion": 1})
    assert item("2.1").seq == one.seq + told["ok"]
    assert sound()


def test_uploads_and_submission_at_once(county: None) -> None:
    """Each file is in the submission that was handed in, or refused: none is between."""
    one, officer = ready(), person("majianjun")
    files = [SimpleUploadedFile(f"{n}.txt", f"第 {n % 2} 份".encode()) for n in range(4)]
    uploads = [lambda file=file: add_evidence(one.pk, file, by=officer, now=NOW) for file in files]
    told = at_once(*uploads, move("2.1", "submit", "dinghaiyan", summary="请审核。"))
    assert set(told) <= {"ok", "StaleVersion", "MoveNotPossible"}
    after, kept = item("2.1"), Evidence.objects.filter(item=one).count()
    assert after.journal.filter(action="evidence").count() == kept
    assert Blob.objects.count() == Evidence.objects.values("blob").distinct().count() <= 2
    if after.state == State.SUBMITTED:
        assert set(Submission.objects.get().evidence.all()) == set(Evidence.objects.all())
    assert sound()


def test_fifty_double_clicks_sign_once(county: None) -> None:
    one, officer = item("2.1"), person("majianjun")

    def click() -> str:
        outcomes = Counter[str]()
        for _click in range(10):
            try:
                make_move(one.pk, "accept", by=officer, now=NOW, version=1)
            except Exception as error:
                outcomes[type(error).__name__] += 1
            else:
                outcomes["ok"] += 1
        return ",".join(f"{name}={count}" for name, count in sorted(outcomes.items()))

    told = at_once(*[click] * 5)
    assert told == {"StaleVersion=10": 4, "StaleVersion=9,ok=1": 1}
    assert (item("2.1").seq, item("2.1").journal.filter(action="accept").count()) == (2, 1)
    assert sound()


@pytest.mark.parametrize("door", ["page", "api"])
def test_double_clicks_through_http_get_409(county: None, door: str) -> None:
    one, clients = item("2.1"), [Client(raise_request_exception=False) for _client in range(THREADS)]
    for client in clients:
        client.force_login(User.objects.get(username="majianjun"))
    if door == "page":
        click = lambda client: client.post(f"/items/{one.pk}/moves/accept/", {"version": 1})  # noqa: E731
    else:
        path = f"/api/v1/sub-items/{one.pk}/moves/accept"
        click = lambda client: client.post(path, {"version": 1}, content_type="application/json")  # noqa: E731
    told = at_once(*(lambda client=client: str(click(client).status_code) for client in clients))
    assert told == {"302" if door == "page" else "200": 1, "409": THREADS - 1}
    assert item("2.1").seq == 2


def test_drafts_at_once_leave_one_draft(county: None) -> None:
    one, officer = ready(), person("majianjun")
    drafts = [
        lambda n=n: write_draft(one.pk, by=officer, now=NOW, summary=f"第 {n} 稿", version=None) for n in range(THREADS)
    ]
    assert at_once(*drafts) == {"ok": THREADS}
    assert (Submission.objects.count(), item("2.1").seq) == (1, one.seq + THREADS)
    last = hashlib.sha256(Submission.objects.get().summary.encode()).hexdigest()
    assert item("2.1").journal.last().details == {"sha256": last}
    assert sound()


# --- the clock --------------------------------------------------------------------------------------------------------
def test_sweeps_at_once_raise_everything_once(county: None) -> None:
    late = NOW + timedelta(days=45)  # 6 January: the unsigned, and two items overdue
    told = at_once(*[lambda: sweep(now=late)] * 4)
    assert told == {"ok": 4}
    seen = Counter(Escalation.objects.values_list("item__number", "clock_seq", "rung"))
    assert set(seen.values()) == {1}
    assert Counter(rung for _number, _seq, rung in seen) == {"sign+3": 48, "due-7": 2, "due-1": 2, "due+1": 2}
    keys = Message.objects.filter(kind="escalation").values_list("dedupe_key", flat=True)
    rang = Escalation.objects.filter(superseded=False)
    assert {key.rpartition(":")[0] for key in keys} == {f"{row.item.uid}:{row.clock_seq}:{row.rung}" for row in rang}
    assert not SubItem.objects.filter(alarm_at__lte=late).exists()


def test_sweep_and_moves_at_once_lose_neither(county: None) -> None:
    late = NOW + timedelta(days=45)
    items = list(SubItem.objects.filter(holder__name="教体局").order_by("position"))
    officer = person("majianjun")

    def sign() -> None:
        for one in items:
            make_move(one.pk, "accept", by=officer, now=late, version=1)

    assert at_once(sign, lambda: sweep(now=late), lambda: sweep(now=late)) == {"ok": 3}
    assert SubItem.objects.filter(state=State.IN_PROGRESS, seq=2).count() == len(items)
    sweep(now=late)
    assert not SubItem.objects.filter(alarm_at__lte=late).exists()
    assert Escalation.objects.filter(rung="due+1").count() == 2
    assert sound()


# --- plans ------------------------------------------------------------------------------------------------------------
def test_one_draft_is_published_once(transactional_db: None) -> None:
    region = demo.load_county()
    table = demo.FIXTURES / "pingluo/table.txt"
    plan = start(read(table.read_bytes(), table.name), region=region, by=Actor.system(), now=NOW)
    coordinator = person("wangxuewen")
    told = at_once(*[lambda: publish(plan.pk, by=coordinator, now=NOW)] * 4)
    assert told == {"ok": 1, "MoveNotPossible": 3}
    assert (SubItem.objects.count(), Plan.objects.count()) == (48, 1)
    assert set(Counter(Message.objects.filter(kind="plan.published").values_list("recipient")).values()) == {1}
    assert sound()
