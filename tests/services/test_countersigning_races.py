"""A signature meets another one, a refusal, or a change of what it is for: nothing is signed that is not as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Post, Unit, User
from tests.services.test_races import NOW, at_once, county, item, move, person, sound
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.evidence import add_evidence
from workflow.actions.reports import report_progress, save_draft
from workflow.models import Countersignature, Submission
from workflow.states import State

__all__ = ["county"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
NUMBER, HEAD, OFFICER, SIGNER = "5.3", "dinghaiyan", "majianjun", "liuyongning"  # 教体局 leads with 财政局


def send_round() -> Callable[[], Any]:
    one, by = item(NUMBER), person(OFFICER)
    return lambda: circulate(one.pk, by=by, now=NOW, version=one.seq, summary="请会签。")


def answer(write: Callable[..., Any], username: str = SIGNER) -> Callable[[], Any]:
    one, by = item(NUMBER), person(username)
    return lambda: write(one.pk, by=by, now=NOW, version=one.seq, opinion=username)


def upload() -> Callable[[], Any]:
    one, by, file = item(NUMBER), person(OFFICER), SimpleUploadedFile("补.txt", "补的".encode())
    return lambda: add_evidence(one.pk, file, by=by, now=NOW)


def redraft() -> Callable[[], Any]:
    one, by = item(NUMBER), person(OFFICER)
    return lambda: save_draft(one.pk, by=by, now=NOW, summary="改过的稿。", version=None)


@pytest.fixture
def working(county: None) -> None:
    """5.3 signed for and reported on; 财政局 has two heads."""
    user = User.objects.create(username="second", name="第二人")
    Post.objects.create(user=user, unit=Unit.objects.get(name="财政局"), role="head")
    move(NUMBER, "accept", OFFICER)()
    report_progress(item(NUMBER).pk, by=person(OFFICER), now=NOW, percent=100, words="已办。")


@pytest.fixture
def sent_round(working: None) -> None:
    send_round()()


def test_sent_round_by_many_clicks_each_unit_is_asked_once(working: None) -> None:
    assert at_once(*(send_round() for _click in range(6))) == {"ok": 1, "StaleVersion": 5}
    assert (Countersignature.objects.count(), Submission.objects.count()) == (1, 1)
    assert sound()


@pytest.mark.parametrize("second", [countersign, refuse_countersign])
def test_two_heads_at_once_answer_once(sent_round: None, second: Callable[..., Any]) -> None:
    told = at_once(answer(countersign), answer(second, "second"))
    assert told == {"ok": 1, "StaleVersion": 1}
    signed, entry = Countersignature.objects.get(), item(NUMBER).journal.last()
    assert entry.action == f"countersign.{signed.status}"
    assert (signed.opinion, entry.actor_name) == (signed.by.username, signed.by.name)
    assert item(NUMBER).awaited == []
    assert sound()


@pytest.mark.parametrize("change", [upload, redraft])
def test_what_changes_while_it_is_signed_is_not_signed(sent_round: None, change: Callable[[], Any]) -> None:
    """The signer is told that it changed, or signs first and the change voids it: no signature is of something else."""
    told = at_once(answer(countersign), change())
    assert told in ({"ok": 2}, {"ok": 1, "StaleVersion": 1})
    signed, one = Countersignature.objects.get(), item(NUMBER)
    assert (signed.status, one.awaited) == ("void", [])
    assert (signed.by is None) == ("StaleVersion" in told)
    assert sound()


def test_a_change_before_signing_makes_the_signature_stale(sent_round: None) -> None:
    sign = answer(countersign)
    upload()()
    assert at_once(sign) == {"StaleVersion": 1}
    assert Countersignature.objects.get().status == "void"


@pytest.mark.parametrize("change", [upload, redraft])
def test_what_is_handed_in_is_what_was_signed(sent_round: None, change: Callable[[], Any]) -> None:
    answer(countersign)()
    told = at_once(move(NUMBER, "submit", HEAD), change())
    assert told in ({"ok": 1, "StaleVersion": 1}, {"ok": 1, "MoveNotPossible": 1})
    one, signed = item(NUMBER), Countersignature.objects.get()
    assert (one.state, signed.status) in {(State.SUBMITTED, "signed"), (State.IN_PROGRESS, "void")}
    if one.state == State.SUBMITTED:
        assert (Submission.objects.get().summary, Submission.objects.get().evidence.count()) == ("请会签。", 0)
    assert sound()


def test_reassigned_while_it_is_signed(sent_round: None) -> None:
    told = at_once(answer(countersign), move(NUMBER, "reassign", "wangxuewen", comment="调整", leads="发改局、财政局"))
    assert told == {"ok": 1, "StaleVersion": 1}
    one, signed = item(NUMBER), Countersignature.objects.get()
    assert (one.state, signed.status) in {(State.IN_PROGRESS, "signed"), (State.ASSIGNED, "void")}
    assert sound()
