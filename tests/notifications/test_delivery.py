"""Letters: one digest a person and day, the urgent ones at once, each until it has arrived or is given up."""

import base64
import smtplib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from notifications import delivery
from notifications.channels import email
from notifications.delivery import Delivered, deliver
from notifications.models import Delivery, Message
from tests.notifications.conftest import NOW
from tests.notifications.smtp import Mailbox
from tests.services.processes import free_port

Person, Tell = Callable[..., User], Callable[..., Message]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = Delivered(sent=0, failed=0, dead=0, pending=0)
MORNING = NOW.replace(hour=9)


def sent(count: int) -> Delivered:
    return Delivered(sent=count, failed=0, dead=0, pending=0)


# --- when a letter is made --------------------------------------------------------------------------------------------
def test_digest_holds_a_day_and_goes_once(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    li = person("li")
    tell(li), tell(li, kind="move.reject"), tell(person("wang"))
    assert deliver(NOW) == sent(2)
    assert deliver(NOW) == NOTHING
    (letter,) = mailbox.to("li@pingluo.example")
    assert letter["Subject"] == "【落实】2 条消息"
    assert letter["Message-ID"] == f"<digest.2021-11-23.to.{li.pk}@luoshi.example>"
    body = letter.get_content()
    assert "【退回】1 条" in body and "https://luoshi.example/items/1.2/" in body
    one = Delivery.objects.get(recipient=li)
    assert (one.status, one.sent_at, one.attempts, one.leased_until) == (Delivery.Status.SENT, NOW, 1, None)
    assert mailbox.connections == 1


def test_what_comes_after_the_digest_waits_for_the_next(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    li = person("li")
    tell(li)
    assert deliver(NOW) == sent(1)
    tell(li, at=NOW), tell(li, at=NOW + HOUR)
    tell(li)  # committed late, with a time before the digest that has gone
    assert deliver(NOW + 2 * HOUR) == NOTHING
    assert deliver(NOW + DAY) == sent(1)
    assert [letter["Subject"] for letter in mailbox.to("li@pingluo.example")] == [
        "【落实】1 条消息",
        "【落实】3 条消息",
    ]
    assert sorted(Delivery.objects.values_list("key", flat=True)) == ["digest:2021-11-23", "digest:2021-11-24"]


@pytest.mark.parametrize(
    ("minutes", "day"),
    [(-540, 22), (0, 22), (4, 22), (5, 23), (14 * 60, 23), (15 * 60 + 4, 23), (24 * 60 + 4, 23), (24 * 60 + 5, 24)],
)
def test_digest_of_a_day_closes_when_the_morning_has_settled(minutes: int, day: int) -> None:
    assert delivery.digest_day(MORNING + timedelta(minutes=minutes)) == date(2021, 11, day)


def test_what_the_ladder_raises_at_nine_is_in_the_letter_of_that_morning(
    person: Person, tell: Tell, mailbox: Mailbox
) -> None:
    tell(person("li"), at=MORNING + timedelta(seconds=30))
    assert deliver(MORNING + timedelta(seconds=40)) == NOTHING
    assert deliver(MORNING + timedelta(minutes=5)) == sent(1)


def test_digest_hour_is_a_setting(person: Person, tell: Tell, mailbox: Mailbox, settings: Any) -> None:
    settings.DIGEST_AT = datetime(2021, 1, 1, 16, 30).time()
    tell(person("li"), at=NOW)
    assert deliver(NOW.replace(hour=16, minute=34)) == NOTHING
    assert deliver(NOW.replace(hour=16, minute=35)) == sent(1)


def test_missed_mornings_make_one_letter(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    li = person("li")
    tell(li), tell(li, at=NOW), tell(li, at=NOW + DAY)
    assert deliver(NOW + 30 * DAY) == sent(1)
    assert mailbox.letters[0]["Subject"] == "【落实】3 条消息"


def test_instant_message_goes_at_once_and_alone(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    li = person("li")
    tell(li, at=NOW)
    urgent = tell(li, kind="escalation", at=NOW, instant=True, context={"label": "黄色督办单"})
    assert deliver(NOW) == sent(1)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "【落实】1.2 黄色督办单"
    assert letter["Message-ID"] == f"<instant.{urgent.pk}.to.{li.pk}@luoshi.example>"
    assert "https://luoshi.example/items/1.2/" in letter.get_content()
    assert Message.objects.get(deliveries=None).pk != urgent.pk


def test_read_messages_need_no_letter(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    li = person("li")
    tell(li), tell(li, instant=True)
    Message.objects.update(read_at=NOW)
    assert deliver(NOW) == NOTHING
    assert not Delivery.objects.exists()


def test_letter_whose_messages_were_read_before_it_went_is_dropped(
    person: Person, tell: Tell, mailbox: Mailbox
) -> None:
    tell(person("li"))
    delivery.make_letters(NOW)
    Message.objects.update(read_at=NOW)
    assert deliver(NOW) == NOTHING
    assert (mailbox.letters, Delivery.objects.count()) == ([], 0)


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}])
def test_nobody_to_send_to_makes_no_letter(person: Person, tell: Tell, mailbox: Mailbox, fields: Any) -> None:
    li = person("li")
    tell(li), tell(li, instant=True)
    User.objects.filter(pk=li.pk).update(**fields)
    assert deliver(NOW) == NOTHING
    User.objects.filter(pk=li.pk).update(email="li@pingluo.example", is_active=True)
    assert deliver(NOW) == sent(2)


# --- what can go wrong ------------------------------------------------------------------------------------------------
def test_failed_letter_is_tried_again_with_growing_pauses_then_given_up(
    person: Person, tell: Tell, mailbox: Mailbox
) -> None:
    tell(person("li"))
    mailbox.rejects_with = "451 try later"
    now, waits = NOW, []
    for attempt in range(1, 6):
        assert deliver(now) == Delivered(sent=0, failed=1, dead=0, pending=1)
        one = Delivery.objects.get()
        assert (one.attempts, one.status, one.leased_until) == (attempt, Delivery.Status.PENDING, None)
        assert "451" in one.error
        assert deliver(one.try_at - timedelta(seconds=1)) == Delivered(0, 0, 0, 1)
        waits.append(one.try_at - now)
        now = one.try_at
    assert waits == [timedelta(minutes=n) for n in (1, 5, 30, 120, 720)]
    assert deliver(now) == Delivered(sent=0, failed=0, dead=1, pending=0)
    assert deliver(now + 30 * DAY) == NOTHING
    assert Delivery.objects.get().status == Delivery.Status.DEAD


def test_letter_that_failed_goes_out_later_and_forgets_the_error(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    tell(person("li"))
    mailbox.rejects_with = "451 try later"
    deliver(NOW)
    mailbox.rejects_with = ""
    assert deliver(NOW + timedelta(minutes=1)) == sent(1)
    one = Delivery.objects.get()
    assert (one.status, one.attempts, one.error) == (Delivery.Status.SENT, 2, "")


def test_one_bad_address_holds_up_nobody(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    mailbox.refused = {"p1@pingluo.example"}
    for number in range(4):
        tell(person(f"p{number}"))
    assert deliver(NOW) == Delivered(sent=3, failed=1, dead=0, pending=1)
    assert "550" in Delivery.objects.get(status=Delivery.Status.PENDING).error


def test_message_that_cannot_be_written_holds_up_nobody(
    person: Person, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = tell(person("li"), instant=True), tell(person("wang"), instant=True)
    monkeypatch.setattr(email.rendering, "body", lambda message: {good.pk: "文"}[message.pk])
    assert deliver(NOW) == Delivered(sent=1, failed=1, dead=0, pending=1)
    assert Delivery.objects.get(messages=bad).error == f"KeyError: {bad.pk}"


def test_server_that_is_away_is_asked_once(person: Person, tell: Tell, mailbox: Mailbox, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    for number in range(30):  # more than a batch
        tell(person(f"p{number}"))
    assert deliver(NOW) == Delivered(sent=0, failed=delivery.BATCH, dead=0, pending=30)
    assert set(Delivery.objects.exclude(error="").values_list("error", flat=True)) == {
        "ConnectionRefusedError: [Errno 111] Connection refused"
    }


def test_error_keeps_no_password(settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD = "geheim-1"
    said = base64.b64encode(b"\0luoshi\0geheim-1")
    assert email.problem_of(smtplib.SMTPAuthenticationError(535, said)) == "SMTPAuthenticationError: 535"
    assert email.problem_of(OSError("no geheim-1\r\nhere")) == "OSError: no *** here"


def test_what_was_sent_is_marked_although_the_time_ran_out(
    person: Person, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TimeLimit(Exception): ...

    for number in range(3):
        tell(person(f"p{number}"))
    take, taken = email.Post.send, []

    def limited(post: email.Post, letter: email.Letter) -> str:
        if len(taken) == 2:
            raise TimeLimit
        taken.append(letter)
        return take(post, letter)

    with monkeypatch.context() as patch, pytest.raises(TimeLimit):
        patch.setattr(email.Post, "send", limited)
        deliver(NOW)
    assert Delivery.objects.filter(status=Delivery.Status.SENT).count() == 2
    assert deliver(NOW) == sent(1)
    assert len(set(mailbox.ids())) == len(mailbox.ids()) == 3


def test_one_call_stops_in_time_and_leaves_the_rest_free(
    person: Person, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.pause = 0.15
    for number in range(4):
        tell(person(f"p{number}"))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "BUDGET", timedelta(seconds=0.2))
        first = deliver(NOW)
    assert first.sent < 4
    assert first.pending == 4 - first.sent
    assert not Delivery.objects.exclude(leased_until=None).exists()
    assert deliver(NOW) == sent(4 - first.sent)
