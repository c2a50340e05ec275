"""Claims: two senders at once, one that died, one that wakes up late; and what a batch costs."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from notifications import delivery
from notifications.delivery import Delivered, deliver
from notifications.models import Delivery, Message
from tests.notifications.conftest import NOW
from tests.notifications.smtp import Mailbox

Person, Tell = Callable[..., User], Callable[..., Message]


def sent(count: int) -> Delivered:
    return Delivered(sent=count, failed=0, dead=0, pending=0)


def test_claimed_letter_is_left_alone_until_its_lease_ends(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    tell(person("li"))
    delivery.make_letters(NOW)
    assert len(delivery._claim(NOW, NOW + delivery.LEASE)) == 1  # and then the process dies
    assert deliver(NOW + timedelta(minutes=1)) == Delivered(0, 0, 0, 1)
    assert deliver(NOW + timedelta(minutes=3)) == sent(1)


def test_sender_who_comes_late_does_not_undo_the_next(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    tell(person("li"))
    delivery.make_letters(NOW)
    late = delivery._claim(NOW, NOW + delivery.LEASE)
    assert deliver(NOW + timedelta(minutes=3)) == sent(1)
    lease = late[0].leased_until
    delivery._put_off(late[0], "broke down", NOW)
    delivery._mark(delivery.Outcome(failed=late), lease, NOW)
    assert Delivery.objects.get().status == Delivery.Status.SENT


@pytest.mark.parametrize("failing", [False, True])
def test_queries_do_not_grow_with_the_letters(person: Person, tell: Tell, mailbox: Mailbox, failing: bool) -> None:
    mailbox.rejects_with = "451 try later" if failing else ""
    counts = []
    for round_no, people in enumerate((1, 3, 20)):
        for number in range(people):
            user = person(f"p{round_no}-{number}")
            tell(user), tell(user), tell(user, instant=True)
        with CaptureQueriesContext(connection) as queries:
            deliver(NOW)
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
        Delivery.objects.filter(status=Delivery.Status.PENDING).update(try_at=NOW + timedelta(days=1))
    # 20 people with two letters each are two batches: claim (3), messages, mark (1) once more
    assert counts[0] == counts[1]
    assert counts[2] <= counts[0] + 5


def test_nothing_due_costs_three_queries_and_no_connection(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    tell(person("li"))
    deliver(NOW)
    with CaptureQueriesContext(connection) as queries:
        deliver(NOW)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 3
    assert mailbox.connections == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_send_each_letter_once(person: Person, tell: Tell, mailbox: Mailbox) -> None:
    for number in range(40):
        user = person(f"p{number}")
        tell(user), tell(user), tell(user, instant=True)
    gate, results, errors = threading.Barrier(6), [], []

    def run() -> None:
        try:
            gate.wait()
            results.append(deliver(NOW))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(result.sent for result in results) == 80
    assert len(mailbox.ids()) == len(set(mailbox.ids())) == 80
    assert Delivery.objects.filter(status=Delivery.Status.SENT).count() == 80
    assert Message.objects.filter(deliveries=None).count() == 0
    assert {letter["Subject"] for letter in mailbox.letters if "digest" in letter["Message-ID"]} == {"【落实】2 条消息"}
