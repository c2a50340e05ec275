"""The journal: chains stay whole whatever is done to items, show every kind of tampering, and cannot be edited."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from accounts.actor import Actor
from tests.workflow.file_samples import SAMPLES
from workflow import policies, queries
from workflow.actions.countersigning import circulate, countersign, refuse_countersign
from workflow.actions.evidence import add_evidence, remove_evidence
from workflow.actions.moves import make_move
from workflow.actions.reports import report_progress, save_draft
from workflow.errors import WorkflowError
from workflow.models import Evidence, JournalEntry, Plan, SubItem, triggers
from workflow.models.journal import broken_links
from workflow.models.moves import MOVES

pytestmark = pytest.mark.django_db
Item = Callable[[str], SubItem]
As = Callable[[str], Actor]


def problems(item: SubItem) -> list[tuple[int, str]]:
    item = SubItem.objects.get(pk=item.pk)
    return list(broken_links(str(item.uid), item.seq, item.head, item.journal.order_by("seq")))


def verified(**options: Any) -> tuple[int, dict[str, Any]]:
    """What `verify_journal --format json` exits with and prints."""
    from io import StringIO

    out, code = StringIO(), 0
    try:
        call_command("verify_journal", format="json", stdout=out, **options)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(out.getvalue().strip().splitlines()[-1])


# --- whole ------------------------------------------------------------------------------------------------------------
CAST = "suxiaohong hanlixin yangjing changlihua wangxuewen majianjun dinghaiyan lizhiqiang".split()
WORDS = ("", "已办。", "引号\"'\\ 与 <b>", "第一行\n第二行\t🎋", "Ⅷ·𠮷", "x" * 300)


def choose(chance: random.Random, item: SubItem, people: list[Actor]) -> tuple[str, Actor]:
    """Anything by anybody, who may well be refused it; mostly what somebody may do now."""
    by = chance.choice(people)
    may = [(move.name, one) for one in people for move in queries.moves_open_to(one, item)]
    may = [each for each in may if each[0] not in ("close", "cancel") or chance.random() < 0.01]  # life goes on
    if policies.may_contribute(item, by) or not may or chance.random() < 0.2:
        return chance.choice([*MOVES, *["report", "draft", "evidence", "remove", "circulate"] * 2]), by
    if item.unsigned and chance.random() < 0.7:
        return chance.choice(["countersign", "countersign", "refuse-countersign"]), by
    return chance.choice(may)


def step(chance: random.Random, item: SubItem, action: str, by: Actor, now: datetime) -> None:
    words = chance.choice(WORDS)
    if action == "report":
        report_progress(item.pk, by=by, now=now, percent=chance.randint(0, 100), words=words)
    elif action == "draft":
        save_draft(item.pk, by=by, now=now, summary=words, version=None)
    elif action == "evidence":
        kind = chance.choice(["pdf", "txt", "png"])
        add_evidence(item.pk, SimpleUploadedFile(f"甲.{kind}", SAMPLES[kind]), by=by, now=now, caption=words[:5])
    elif action == "circulate":
        circulate(item.pk, by=by, now=now, version=item.seq, summary=words)
    elif action in ("countersign", "refuse-countersign"):
        answer = countersign if action == "countersign" else refuse_countersign
        answer(item.pk, by=by, now=now, version=item.seq, opinion=words)
    elif action == "remove":
        standing = Evidence.objects.standing().filter(item=item).first()
        if standing:
            remove_evidence(standing.pk, by=by, now=now)
    else:
        details = {"comment": words, "summary": words, "due_on": (now + timedelta(days=90)).date().isoformat()}
        details |= {"notes": words, "leads": chance.choice([None, "教育工委、教体局", "教体局", "教体局、人社局"])}
        make_move(item.pk, action, by=by, now=now, version=item.seq, details=details)


@pytest.mark.parametrize(("seed", "number"), [(1, "2.1"), (2, "1.1"), (5, "3.2"), (4, "22.3")])
def test_chain_is_whole_after_any_sequence_of_writes(
    item: Item, actor: As, now: datetime, seed: int, number: str
) -> None:
    chance, people, made = random.Random(seed), [actor(username) for username in CAST], 0
    one = item(number)
    for tick in range(100):
        before = item(number)
        action, by = choose(chance, before, people)
        try:
            step(chance, before, action, by, now + timedelta(hours=tick, microseconds=tick))
        except WorkflowError:
            assert SubItem.objects.get(pk=one.pk).seq == before.seq
        else:
            made += 1
    after = SubItem.objects.get(pk=one.pk)
    assert problems(after) == []
    assert after.seq == after.journal.count() > 10
    assert [entry.seq for entry in after.journal.order_by("seq")] == list(range(1, after.seq + 1))
    states = list(after.journal.order_by("seq").values_list("from_state", "to_state"))
    assert [to for _from, to in states[:-1]] == [came_from for came_from, _to in states[1:]]
    assert (made >= after.seq - 1, states[-1][1]) == (True, after.state)


def test_command_finds_a_published_plan_sound(pingluo: Plan) -> None:
    assert verified() == (0, {"entries": 48, "broken": []})
    assert verified(plan=pingluo.pk) == (0, {"entries": 48, "broken": []})


def test_command_finds_no_plan_of_that_number(pingluo: Plan) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("verify_journal", plan=pingluo.pk + 1)
    assert refused.value.returncode == 2


# --- tampered ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def chained(item: Item, actor: As, now: datetime) -> SubItem:
    """2.1 with six entries: dispatch, accept, four reports."""
    one, officer = item("2.1"), actor("majianjun")
    make_move(one.pk, "accept", by=officer, now=now, version=1)
    for percent in (20, 40, 60, 80):
        report_progress(one.pk, by=officer, now=now, percent=percent, words=f"完成 {percent}%。")
    return SubItem.objects.get(pk=one.pk)


@pytest.fixture
def lifted(chained: SubItem) -> None:
    """The triggers off, as for somebody with all rights on the database; this test's transaction brings them back."""
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)


def at(item: SubItem, seq: int) -> Any:
    return JournalEntry.objects.filter(item=item, seq=seq)


def edit(**fields: Any) -> Callable[[SubItem], None]:
    return lambda item: at(item, 3).update(**fields) and None


def edit_and_rehash(item: SubItem) -> None:
    """An entry rewritten with a hash that fits it: the next one gives it away."""
    entry = at(item, 3).get()
    entry.comment = "完成 99%。"
    at(item, 3).update(comment=entry.comment, hash=entry.digest(str(item.uid)))


def rewrite_last(item: SubItem) -> None:
    """The last entry has none after it: the head on the item's row gives it away."""
    entry = at(item, 6).get()
    entry.comment = "完成 99%。"
    at(item, 6).update(comment=entry.comment, hash=entry.digest(str(item.uid)))


def delete(*seqs: int) -> Callable[[SubItem], None]:
    return lambda item: JournalEntry.objects.filter(item=item, seq__in=seqs).delete() and None


def delete_and_close_up(item: SubItem) -> None:
    at(item, 3).delete()
    for seq in (4, 5, 6):
        at(item, seq).update(seq=seq - 1)


def insert(item: SubItem) -> None:
    """A forged entry between 3 and 4 that fits what is before it."""
    for seq in (6, 5, 4):
        at(item, seq).update(seq=F("seq") + 1)
    forged = at(item, 3).get()
    forged.pk, forged.seq, forged.prev_hash, forged.comment = None, 4, forged.hash, "补记。"
    forged.hash = forged.digest(str(item.uid))
    forged.save(force_insert=True)


def append(item: SubItem) -> None:
    """A forged entry after the last that fits the chain, the item's head left as it was."""
    forged = at(item, 6).get()
    forged.pk, forged.seq, forged.prev_hash = None, 7, forged.hash
    forged.hash = forged.digest(str(item.uid))
    forged.save(force_insert=True)


def swap(item: SubItem) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        at(item, old).update(seq=new)


def of_another_item(item: SubItem) -> None:
    """A whole chain of another item with the same number of entries, put in its place."""
    other = SubItem.objects.exclude(pk=item.pk).first()
    JournalEntry.objects.filter(item=item).delete()
    JournalEntry.objects.filter(item=other).update(item=item)
    SubItem.objects.filter(pk=item.pk).update(seq=other.seq, head=other.head)


def unhash(item: SubItem) -> None:
    SubItem.objects.filter(pk=item.pk).update(head="0" * 64)


TAMPERING: list[tuple[str, Callable[[SubItem], None], int, str]] = [
    ("comment", edit(comment="完成 99%。"), 3, "altered"),
    ("details", edit(details={"percent": 99}), 3, "altered"),
    ("actor", edit(actor_id=None), 3, "altered"),
    ("name", edit(actor_name="某人"), 3, "altered"),
    ("unit and role", edit(unit_name="officer", role="教体局"), 3, "altered"),
    ("time", edit(at=datetime.fromisoformat("2021-11-23T10:00:00.000001+08:00")), 3, "altered"),
    ("states", edit(to_state="closed"), 3, "altered"),
    ("action", edit(action="draft"), 3, "altered"),
    ("round", edit(round_no=2), 3, "altered"),
    ("previous hash", edit(prev_hash=""), 3, "does not follow the entry before"),
    ("rehashed", edit_and_rehash, 4, "does not follow the entry before"),
    ("last rewritten", rewrite_last, 6, "is not the recorded head"),
    ("deletion", delete(3), 3, "missing"),
    ("first deleted", delete(1), 1, "missing"),
    ("deletion closed up", delete_and_close_up, 3, "does not follow the entry before"),
    ("insertion", insert, 5, "does not follow the entry before"),
    ("appended", append, 7, "beyond the recorded end"),
    ("swap", swap, 3, "does not follow the entry before"),
    ("tail cut", delete(5, 6), 5, "missing at the end"),
    ("all gone", delete(1, 2, 3, 4, 5, 6), 1, "missing at the end"),
    ("another chain", of_another_item, 1, "altered"),
    ("head", unhash, 6, "is not the recorded head"),
]


@pytest.mark.parametrize(("how", "tamper", "seq", "problem"), TAMPERING, ids=[case[0] for case in TAMPERING])
def test_tampering_is_found_where_it_begins(
    lifted: None, chained: SubItem, how: str, tamper: Callable[[SubItem], None], seq: int, problem: str
) -> None:
    tamper(chained)
    assert problems(chained) == [(seq, problem)]
    code, printed = verified()
    mine = [row for row in printed["broken"] if row["sub_item"] == chained.pk]
    assert (code, [(row["seq"], row["problem"]) for row in mine]) == (1, [(seq, problem)])
    assert len(printed["broken"]) == (2 if how == "another chain" else 1)  # the robbed item as well


def test_command_names_every_broken_chain_once(lifted: None, chained: SubItem, item: Item) -> None:
    other = item("5.1")
    at(chained, 2).update(comment="改")
    at(chained, 5).update(comment="改")
    at(other, 1).update(actor_name="改")
    code, printed = verified(plan=chained.plan_id)
    assert (code, printed["entries"]) == (1, 53)
    assert sorted((row["sub_item"], row["seq"]) for row in printed["broken"]) == sorted(
        [(chained.pk, 2), (other.pk, 1)]
    )


# --- append-only ------------------------------------------------------------------------------------------------------
def raw(sql: str) -> Callable[[SubItem], None]:
    def run(item: SubItem) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return run


def save_again(item: SubItem) -> None:
    entry = item.journal.last()
    entry.comment = "改"
    entry.save()


EDITS: dict[str, Callable[[SubItem], Any]] = {
    "queryset update": lambda item: item.journal.update(comment="改"),
    "save": save_again,
    "bulk_update": lambda item: JournalEntry.objects.bulk_update([item.journal.last()], ["comment"]),
    "queryset delete": lambda item: item.journal.all().delete(),
    "raw queryset delete": lambda item: item.journal.all()._raw_delete("default"),
    "delete": lambda item: item.journal.last().delete(),
    "UPDATE": raw(f"UPDATE {triggers.TABLE} SET comment = 'x'"),
    "DELETE": raw(f"DELETE FROM {triggers.TABLE} WHERE seq = 1"),
}
if connection.vendor == "postgresql":
    EDITS["TRUNCATE"] = raw(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {triggers.TABLE} CASCADE")
else:
    EDITS["REPLACE"] = raw(f"UPDATE OR REPLACE {triggers.TABLE} SET seq = 1")


@pytest.mark.parametrize("how", EDITS)
def test_database_refuses_to_change_the_journal(chained: SubItem, how: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EDITS[how](chained)
    assert problems(chained) == []


def test_database_refuses_to_replace_an_entry(chained: SubItem) -> None:
    """INSERT that overwrites on conflict is an UPDATE, or on SQLite a silent DELETE."""
    columns = "item_id, seq, action, from_state, to_state, round_no, actor_name, unit_name, role, at, comment, details"
    values = f"{chained.pk}, 3, 'x', '', 'x', 1, '', '', '', '2021-01-01', '', '{{}}', '', ''"
    insert = f"INSERT INTO {triggers.TABLE} ({columns}, prev_hash, hash) VALUES ({values})"
    if connection.vendor == "postgresql":
        sql = f"{insert} ON CONFLICT (item_id, seq) DO UPDATE SET comment = 'x'"
    else:
        sql = insert.replace("INSERT INTO", "INSERT OR REPLACE INTO")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(sql)(chained)
    assert problems(chained) == []
