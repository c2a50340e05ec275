from collections.abc import Callable

import pytest

from accounts.models import Post
from notifications.models import Message
from workflow.models import Plan, SubItem

from .conftest import Caller, refusal

Callers = Callable[[str], Caller]
STRANGERS = ["nafang", "fenglei", "xuli", "baiyong"]  # a unit without a part in 2.1, and the three administrators


@pytest.mark.parametrize("username", STRANGERS)
def test_to_a_stranger_an_item_does_not_exist(caller: Callers, in_progress: str, username: str) -> None:
    evidence_id = caller("majianjun").upload(f"{in_progress}/evidence").json()["id"]
    stranger = caller(username)
    for path in (in_progress, f"evidence/{evidence_id}/file", f"evidence/{evidence_id}/view"):
        assert refusal(stranger.get(path)) == (404, "not-found")
    for path in ("moves/accept", "moves/approve", "moves/cancel", "reports", "evidence"):
        assert refusal(stranger.post(f"{in_progress}/{path}", {"version": 3})) == (404, "not-found")
    item_id = int(in_progress.rpartition("/")[2])
    assert item_id not in [row["id"] for row in stranger.get("sub-items", limit=200).json()["items"]]
    assert stranger.get("escalations", sub_item=item_id).json() == {"count": 0, "items": []}


def test_the_words_do_not_tell_hidden_from_missing(caller: Callers, in_progress: str) -> None:
    stranger = caller("nafang")
    assert stranger.get(in_progress).content == stranger.get("sub-items/999999999").content


def test_a_supporting_unit_sees_the_item_but_no_files(caller: Callers, in_progress: str, pingluo: Plan) -> None:
    evidence_id = caller("majianjun").upload(f"{in_progress}/evidence").json()["id"]
    item = SubItem.objects.get(number="2.1")
    support = caller("chenwenbo")  # 文广局 supports 2.2
    assert support.get(f"sub-items/{SubItem.objects.get(number='2.2').pk}").status_code == 200
    item.responsibilities.create(unit_id=unit_of("chenwenbo"), duty="support", position=9)
    assert support.get(in_progress).status_code == 200
    assert refusal(support.get(f"evidence/{evidence_id}/file")) == (404, "not-found")


def unit_of(username: str) -> int:
    return Post.objects.get(user__username=username).unit_id


def test_the_audit_administrator_reads_journals(caller: Callers, in_progress: str) -> None:
    entries = caller("baiyong").get(f"{in_progress}/journal")
    assert [entry["seq"] for entry in entries.json()] == [1, 2]


def test_nobody_else_reads_a_strange_journal(caller: Callers, in_progress: str) -> None:
    for username in ("nafang", "fenglei", "xuli"):
        assert refusal(caller(username).get(f"{in_progress}/journal")) == (404, "not-found")


def test_administrators_see_no_plans(caller: Callers, pingluo: Plan) -> None:
    assert caller("fenglei").get("plans").json() == {"count": 0, "items": []}
    assert refusal(caller("fenglei").get(f"plans/{pingluo.pk}")) == (404, "not-found")
    assert caller("fenglei").get("stats").json()["by_state"]["assigned"] == 0


def test_a_draft_is_its_coordinators(caller: Callers, pingluo: Plan) -> None:
    Plan.objects.filter(pk=pingluo.pk).update(published_at=None)
    assert refusal(caller("majianjun").get(f"plans/{pingluo.pk}")) == (404, "not-found")
    assert caller("wangxuewen").get(f"plans/{pingluo.pk}").json()["published_at"] is None


def test_a_message_is_its_recipients(caller: Callers, in_progress: str) -> None:
    theirs = Message.objects.filter(recipient__username="dinghaiyan").first()
    assert theirs is not None
    assert refusal(caller("majianjun").post(f"inbox/{theirs.pk}/read")) == (404, "not-found")
    read = caller("dinghaiyan").post(f"inbox/{theirs.pk}/read")
    assert (read.status_code, read.json()["read_at"] is not None) == (200, True)
    again = caller("dinghaiyan").post(f"inbox/{theirs.pk}/read")
    assert again.json() == read.json()


def test_the_inbox_tells_in_words(caller: Callers, pingluo: Plan) -> None:
    inbox = caller("majianjun").get("inbox").json()
    assert (inbox["count"], inbox["items"][0]["kind"]) == (1, "plan.published")
    assert inbox["items"][0]["title"]
