"""Handing in and taking back files: who, when, what is written, and what is left behind."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Post, Role, Unit, User
from tests.workflow.file_samples import SAMPLES
from workflow.actions import evidence as actions
from workflow.actions.evidence import add_evidence, remove_evidence
from workflow.actions.moves import make_move
from workflow.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, StaleVersion, WorkflowError
from workflow.evidence_files import open_blob
from workflow.models import Blob, Evidence, JournalEntry, SubItem
from workflow.models.journal import broken_links

GetActor = Callable[[str], Actor]
GetItem = Callable[[str], SubItem]
PDF = SAMPLES["pdf"]
STATEMENTS = 8  # with BEGIN and COMMIT, for adding and for removing


def upload(name: str = "材料.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def files() -> list[Path]:
    return [path for path in Path(django_settings.EVIDENCE_DIR).rglob("*") if path.is_file()]


@pytest.fixture
def running(actor: GetActor, item: GetItem, now: datetime) -> SubItem:
    """2.1, led by 教体局 and verified by 教育工委, in progress."""
    found = item("2.1")
    assert ([unit.name for unit in found.leads], found.verifier and found.verifier.name) == (["教体局"], "教育工委")
    return make_move(found.pk, "accept", by=actor("majianjun"), now=now, version=found.seq)


@pytest.fixture
def officer(actor: GetActor) -> Actor:
    return actor("majianjun")


def submit(item: SubItem, by: Actor, now: datetime) -> SubItem:
    version = SubItem.objects.get(pk=item.pk).seq
    return make_move(item.pk, "submit", by=by, now=now, version=version, details={"summary": "已完成"})


def reject(item: SubItem, by: Actor, now: datetime) -> SubItem:
    version = SubItem.objects.get(pk=item.pk).seq
    return make_move(item.pk, "reject", by=by, now=now, version=version, details={"comment": "缺照片"})


# --- adding -----------------------------------------------------------------------------------------------------------
def test_added_file_is_evidence_of_the_round(running: SubItem, officer: Actor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=officer, now=now, caption=" 招生方案 ")
    kept = Evidence.objects.select_related("blob", "unit").get()
    assert kept == evidence
    assert (kept.filename, kept.caption, kept.round_no) == ("材料.pdf", "招生方案", 1)
    assert (kept.by_id, kept.unit.name, kept.at) == (officer.user_id, "教体局", now)
    assert (kept.blob.kind, kept.blob.size) == ("pdf", len(PDF))
    with open_blob(kept.blob) as file:
        assert file.read() == PDF
    assert len(files()) == 1


def test_added_file_is_journaled_with_its_hash(running: SubItem, officer: Actor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=officer, now=now, caption="招生方案")
    item, entry = SubItem.objects.get(pk=running.pk), JournalEntry.objects.latest("seq")
    assert (entry.action, entry.comment, entry.from_state, entry.to_state) == (
        "evidence",
        "",
        "in_progress",
        "in_progress",
    )
    file = {"filename": "材料.pdf", "size": len(PDF), "sha256": evidence.blob.sha256, "caption": "招生方案"}
    assert entry.details == {"evidence": [file]}
    assert (item.seq, item.head) == (running.seq + 1, entry.hash)
    assert list(broken_links(str(item.uid), item.seq, item.head, item.journal.all())) == []


def test_who_uploads_takes_part_in_the_round(running: SubItem, actor: GetActor, now: datetime) -> None:
    head = actor("dinghaiyan")
    add_evidence(running.pk, upload(), by=head, now=now)
    assert SubItem.objects.get(pk=running.pk).participants == [head.user_id]


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("nafang", NotFound),  # 财政局 has no part in 2.1
        ("baiyong", NotFound),  # the audit administrator sees no items
        ("yangjing", NotAllowed),  # verifies it
        ("wangxuewen", NotAllowed),  # coordinates
        ("zhoumin", NotAllowed),  # only looks
    ],
)
def test_others_may_not_add(
    running: SubItem, actor: GetActor, now: datetime, username: str, refusal: type[WorkflowError]
) -> None:
    with pytest.raises(refusal):
        add_evidence(running.pk, upload("../x.exe", b""), by=actor(username), now=now)
    assert (Blob.objects.count(), files()) == (0, [])


def test_unsigned_item_takes_no_file(actor: GetActor, item: GetItem, now: datetime) -> None:
    for username in ("majianjun", "yangjing"):  # 409 comes before 403
        with pytest.raises(MoveNotPossible):
            add_evidence(item("2.1").pk, upload(), by=actor(username), now=now)


def test_item_under_review_takes_no_file(running: SubItem, actor: GetActor, now: datetime) -> None:
    add_evidence(running.pk, upload(), by=actor("majianjun"), now=now)
    submit(running, actor("dinghaiyan"), now)
    with pytest.raises(MoveNotPossible):
        add_evidence(running.pk, upload(), by=actor("majianjun"), now=now)


@pytest.mark.parametrize(
    ("file", "caption", "sentence"),
    [
        (upload("材料.pdf", b"<html>"), "", "文件内容不是 PDF，和扩展名不符，请检查后再传。"),
        (upload("材料.exe"), "", "不收这种文件，可以传 PDF、OFD、docx、xlsx、pptx、图片（jpg、png）、txt 和 csv。"),
        (upload(), "字" * 201, "说明超过 200 字，请写短一些。"),
        (upload(), "上\0下", "说明要写成一行文字，不带控制字符。"),
        (upload(), "\ud800", "说明要写成一行文字，不带控制字符。"),
        (upload(), None, "说明要写成一行文字，不带控制字符。"),
    ],
)
def test_bad_content_is_refused_and_nothing_is_left(
    running: SubItem, officer: Actor, now: datetime, file: SimpleUploadedFile, caption: Any, sentence: str
) -> None:
    with pytest.raises(Invalid) as caught:
        add_evidence(running.pk, file, by=officer, now=now, caption=caption)
    assert str(caught.value) == sentence
    assert (Evidence.objects.count(), Blob.objects.count(), files()) == (0, 0, [])
    assert SubItem.objects.get(pk=running.pk).seq == running.seq


def test_same_bytes_are_stored_once(running: SubItem, officer: Actor, now: datetime) -> None:
    first = add_evidence(running.pk, upload("一.pdf"), by=officer, now=now)
    second = add_evidence(running.pk, upload("二.pdf"), by=officer, now=now)
    assert (first.blob_id, first.blob.name) == (second.blob_id, second.blob.name)
    assert (Evidence.objects.count(), Blob.objects.count(), len(files())) == (2, 1, 1)


def test_item_takes_so_many_files_a_round(
    running: SubItem, officer: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    first = add_evidence(running.pk, upload("一.pdf"), by=officer, now=now)
    add_evidence(running.pk, upload("二.pdf"), by=officer, now=now)
    third = upload("三.txt", SAMPLES["txt"])
    with pytest.raises(Invalid, match="这一项本期已有 2 份材料，请先撤下不用的再传。"):
        add_evidence(running.pk, third, by=officer, now=now)
    assert (Blob.objects.count(), len(files())) == (1, 1)
    remove_evidence(first.pk, by=officer, now=now)
    add_evidence(running.pk, third, by=officer, now=now)
    assert Evidence.objects.standing().count() == 2


# --- what goes wrong on the way ---------------------------------------------------------------------------------------
def fail(*args: Any, **kwargs: Any) -> None:
    raise DatabaseError("lost")


def test_file_goes_with_the_transaction_that_is_rolled_back(
    running: SubItem, officer: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.actions.writing.write_together", fail)
    with pytest.raises(DatabaseError):
        add_evidence(running.pk, upload(), by=officer, now=now)
    assert (Evidence.objects.count(), Blob.objects.count(), files()) == (0, 0, [])


@pytest.mark.django_db(transaction=True)
def test_file_stays_where_only_the_answer_to_the_commit_was_lost(
    running: SubItem, officer: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper_class = type(connections["default"])
    commit = wrapper_class._commit

    def commit_and_fail(wrapper: Any) -> None:
        commit(wrapper)
        raise DatabaseError("lost")

    with monkeypatch.context() as patch:
        patch.setattr(wrapper_class, "_commit", commit_and_fail)
        with pytest.raises(DatabaseError):
            add_evidence(running.pk, upload(), by=officer, now=now)
    with open_blob(Blob.objects.get()) as file:
        assert file.read() == PDF


def test_file_that_nobody_can_ask_about_stays(
    running: SubItem, officer: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.actions.writing.write_together", fail)
    monkeypatch.setattr(Blob.objects, "filter", fail)
    with pytest.raises(DatabaseError):
        add_evidence(running.pk, upload(), by=officer, now=now)
    assert len(files()) == 1


# --- what it costs ----------------------------------------------------------------------------------------------------
def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


@pytest.mark.django_db(transaction=True)
def test_statements_are_few_and_as_many_at_the_third_file(running: SubItem, officer: Actor, now: datetime) -> None:
    kinds = ["pdf", "txt", "png"]
    running.plan.rules_in_force()  # read once a process
    uploads = [upload(f"材料.{kind}", SAMPLES[kind]) for kind in (*kinds, "pdf")]  # the last is stored already
    added = [statements(lambda file=file: add_evidence(running.pk, file, by=officer, now=now)) for file in uploads]
    expected = STATEMENTS - (connection.vendor == "postgresql")  # there row and entry are written together
    assert added == [expected] * 4
    pks = Evidence.objects.values_list("pk", flat=True)
    removed = [statements(lambda pk=pk: remove_evidence(pk, by=officer, now=now)) for pk in list(pks)]
    assert removed == [expected] * 4


# --- taking back ------------------------------------------------------------------------------------------------------
def test_taken_back_file_stands_no_longer_and_is_journaled(running: SubItem, officer: Actor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=officer, now=now, caption="招生方案")
    later = now + timedelta(hours=1)
    remove_evidence(evidence.pk, by=officer, now=later, version=running.seq + 1)
    evidence.refresh_from_db()
    entry = JournalEntry.objects.latest("seq")
    assert (evidence.removed_at, Evidence.objects.standing().count()) == (later, 0)
    assert (entry.action, entry.details["evidence"][0]["sha256"]) == ("evidence-removed", evidence.blob.sha256)
    assert len(files()) == 1  # the bytes stay: the journal names them


def test_taking_back_with_an_old_version_is_refused(running: SubItem, officer: Actor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=officer, now=now)
    with pytest.raises(StaleVersion):
        remove_evidence(evidence.pk, by=officer, now=now, version=running.seq)


def test_file_is_taken_back_once(running: SubItem, actor: GetActor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=actor("majianjun"), now=now)
    remove_evidence(evidence.pk, by=actor("majianjun"), now=now)
    with pytest.raises(NotFound):  # nobody opens what was taken back before it was handed in
        remove_evidence(evidence.pk, by=actor("majianjun"), now=now)


def test_file_once_handed_in_is_taken_back_from_the_next_submission_only(
    running: SubItem, actor: GetActor, now: datetime
) -> None:
    evidence = add_evidence(running.pk, upload(), by=actor("majianjun"), now=now)
    submit(running, actor("dinghaiyan"), now)
    with pytest.raises(MoveNotPossible, match="办理中才能撤下材料"):
        remove_evidence(evidence.pk, by=actor("majianjun"), now=now)
    reject(running, actor("yangjing"), now)
    remove_evidence(evidence.pk, by=actor("majianjun"), now=now)
    assert list(running.submissions.get().evidence.all()) == [evidence]
    assert Evidence.objects.visible_to(actor("yangjing")).get() == evidence
    with pytest.raises(MoveNotPossible, match="这份材料已经撤下了。"):
        remove_evidence(evidence.pk, by=actor("yangjing"), now=now)  # 409 comes before 403
    with pytest.raises(StaleVersion):
        remove_evidence(evidence.pk, by=actor("yangjing"), now=now, version=1)


def test_file_of_an_earlier_round_is_not_taken_back(running: SubItem, officer: Actor, now: datetime) -> None:
    evidence = add_evidence(running.pk, upload(), by=officer, now=now)
    Evidence.objects.update(round_no=0)
    with pytest.raises(MoveNotPossible, match="这份材料是以前周期的，不能撤下。"):
        remove_evidence(evidence.pk, by=officer, now=now)


@pytest.mark.parametrize(("username", "refusal"), [("nafang", NotFound), ("yangjing", NotAllowed)])
def test_others_may_not_take_back(
    running: SubItem, actor: GetActor, now: datetime, username: str, refusal: type[WorkflowError]
) -> None:
    evidence = add_evidence(running.pk, upload(), by=actor("majianjun"), now=now)
    with pytest.raises(refusal):
        remove_evidence(evidence.pk, by=actor(username), now=now)
    with pytest.raises(NotFound):
        remove_evidence(evidence.pk + 1, by=actor("majianjun"), now=now)


# --- who may open it --------------------------------------------------------------------------------------------------
def person(username: str, unit: str, role: str) -> Actor:
    user = User.objects.create(username=username, name=username)
    Post.objects.create(user=user, unit=Unit.objects.get(name=unit), role=role)
    return Actor.of(user)


@pytest.mark.parametrize(
    ("unit", "role", "may_open"),
    [
        ("教体局", Role.OFFICER, True),  # leads
        ("教体局", Role.HEAD, True),
        ("教育工委", Role.VERIFIER, True),  # verifies
        ("教育工委", Role.COORDINATOR, True),  # owns the plan
        ("县委督查室", Role.INSPECTOR, True),
        ("县政府", Role.LEADER, True),
        ("自然资源局", Role.OFFICER, False),  # supports
        ("自然资源局", Role.HEAD, False),
        ("公安局", Role.OFFICER, False),  # has no part in it
        ("公安局", Role.COORDINATOR, False),  # owns another plan
        ("政府办", Role.SYSTEM_ADMIN, False),
        ("政府办", Role.SECURITY_ADMIN, False),
        ("政府办", Role.AUDIT_ADMIN, False),
    ],
)
def test_files_are_seen_by_who_may_see_them(
    running: SubItem, officer: Actor, now: datetime, unit: str, role: str, may_open: bool
) -> None:
    running.responsibilities.exclude(duty="lead").delete()
    supporting = Unit.objects.get(name="自然资源局")
    running.responsibilities.create(unit=supporting, duty="support", position=9)
    add_evidence(running.pk, upload(), by=officer, now=now)
    assert Evidence.objects.visible_to(person("somebody", unit, role)).exists() is may_open


def test_person_of_another_region_opens_nothing(running: SubItem, officer: Actor, now: datetime) -> None:
    add_evidence(running.pk, upload(), by=officer, now=now)
    elsewhere = Unit.objects.create(
        region=type(running.plan.region).objects.create(code="640222", name="别县"), name="督查", kind="party"
    )
    user = User.objects.create(username="elsewhere", name="别人")
    for role in Role:
        Post.objects.create(user=user, unit=elsewhere, role=role)
    assert Evidence.objects.visible_to(Actor.of(user)).count() == 0


def test_support_opens_its_own_part_and_a_member_of_its_group_not(
    running: SubItem, officer: Actor, now: datetime
) -> None:
    """No unit but the main lead hands in files yet; the rule stands for when supports hand in their parts."""
    add_evidence(running.pk, upload("牵头.pdf"), by=officer, now=now)
    part = add_evidence(running.pk, upload("部分.pdf"), by=officer, now=now)
    town = Unit.objects.get(name="宝丰镇")
    Evidence.objects.filter(pk=part.pk).update(unit=town)
    town_officer, other_town = person("a", "宝丰镇", Role.OFFICER), person("b", "姚伏镇", Role.OFFICER)
    assert Evidence.objects.visible_to(town_officer).count() == 0  # no duty on it, so the item does not exist
    running.responsibilities.create(unit=Unit.objects.get(name="各乡镇"), duty="support", position=9)
    assert list(Evidence.objects.visible_to(town_officer)) == [part]
    assert Evidence.objects.visible_to(other_town).count() == 0


def test_whoever_opens_a_file_may_know_of_its_item(running: SubItem, officer: Actor, now: datetime) -> None:
    add_evidence(running.pk, upload(), by=officer, now=now)
    for user in User.objects.all():
        actor = Actor.of(user)
        if Evidence.objects.visible_to(actor).exists():
            assert SubItem.objects.visible_to(actor).filter(pk=running.pk).exists()


# --- at once ----------------------------------------------------------------------------------------------------------
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_same_bytes_to_many_items_at_once_end_as_one_blob(actor: GetActor, item: GetItem, now: datetime) -> None:
    officer = actor("majianjun")
    items = [item(number) for number in ("2.1", "2.2", "3.1", "3.2")]
    for each in items:
        make_move(each.pk, "accept", by=officer, now=now, version=each.seq)
    start, problems = threading.Barrier(8), []

    def hand_in(item_id: int) -> None:
        try:
            start.wait(10)
            add_evidence(item_id, upload(), by=officer, now=now)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in, args=[each.pk]) for each in items * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert (Evidence.objects.count(), Blob.objects.count()) == (8, 1)
    assert [path.name for path in files()] == [Blob.objects.get().name]
    for each in SubItem.objects.filter(pk__in=[one.pk for one in items]):
        assert list(broken_links(str(each.uid), each.seq, each.head, each.journal.all())) == []


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_limit_holds_when_files_arrive_at_once(
    running: SubItem, officer: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 3)
    outcomes: list[str] = []

    def hand_in(number: int) -> None:
        try:
            add_evidence(running.pk, upload(f"{number}.txt", b"%d" % number), by=officer, now=now)
            outcomes.append("added")
        except Invalid:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["added"] * 3 + ["refused"] * 3
    assert (Evidence.objects.count(), Blob.objects.count(), len(files())) == (3, 3, 3)
