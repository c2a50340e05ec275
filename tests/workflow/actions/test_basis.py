"""依据文件: kept with the entry of the change, by name and hash; seen by who sees the item whole."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.workflow.actions.test_extensions import fresh, person, sound
from tests.workflow.actions.test_objections import headed
from tests.workflow.file_samples import SAMPLES
from workflow.actions.evidence import add_evidence
from workflow.actions.moves import make_move
from workflow.errors import Invalid, NotAllowed, WorkflowError
from workflow.evidence_files import open_blob
from workflow.models import Basis, Blob, SubItem

Item = Callable[[str], SubItem]
pytestmark = pytest.mark.django_db

COORDINATOR = "wangxuewen"
MOVES = {
    "amend": {"notes": "新"},
    "reassign": {"leads": ["团县委"]},
    "split": {"unit": "教体局"},
    "cancel": {},
}


def file(name: str = "修订通知.pdf", kind: str = "pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SAMPLES[kind])


def made(item: SubItem, name: str, now: datetime, basis: Any, username: str = COORDINATOR, **said: Any) -> SubItem:
    details = {"comment": "见依据文件。", **MOVES.get(name, {}), **said}
    version = fresh(item).seq
    return make_move(item.pk, name, by=person(username), now=now, version=version, details=details, basis=basis)


def on_disk() -> list[Path]:
    return [path for path in Path(settings.EVIDENCE_DIR).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", MOVES)
def test_the_document_is_kept_with_the_entry(item: Item, now: datetime, name: str) -> None:
    one = item("21.1")
    made(one, name, now, file())
    entry, basis = one.journal.last(), Basis.objects.get(item=one)
    assert (basis.seq, basis.filename, basis.blob.sha256) == (
        entry.seq,
        "修订通知.pdf",
        sha256(SAMPLES["pdf"]).hexdigest(),
    )
    assert entry.details["basis"] == {
        "filename": "修订通知.pdf",
        "size": len(SAMPLES["pdf"]),
        "sha256": basis.blob.sha256,
    }
    with open_blob(basis.blob) as stored:
        assert stored.read() == SAMPLES["pdf"]
    assert len(on_disk()) == 1
    assert sound(one)


def test_both_items_of_a_split_have_it(item: Item, now: datetime) -> None:
    one = item("21.1")
    made(one, "split", now, file())
    new = SubItem.objects.latest("pk")
    assert {(basis.item_id, basis.seq) for basis in Basis.objects.all()} == {(one.pk, 2), (new.pk, 1)}
    assert new.journal.get().details["basis"]["filename"] == "修订通知.pdf"
    assert (Blob.objects.count(), sound(new)) == (1, True)


def test_the_same_bytes_are_stored_once(item: Item, now: datetime) -> None:
    one = item("2.1")
    make_move(one.pk, "accept", by=person("majianjun"), now=now, version=1, details={})
    add_evidence(one.pk, file("材料.pdf"), by=person("majianjun"), now=now)
    made(one, "amend", now, file())
    made(item("2.2"), "amend", now, file("另一份.pdf"))
    assert (Blob.objects.count(), len(on_disk()), Basis.objects.count()) == (1, 1, 2)


def test_without_a_document_nothing_is_kept(item: Item, now: datetime) -> None:
    made(item("2.1"), "amend", now, None)
    assert (Basis.objects.count(), "basis" in item("2.1").journal.last().details) == (0, False)


def test_a_move_that_takes_none_ignores_one(item: Item, now: datetime) -> None:
    made(item("2.1"), "accept", now, file(), "majianjun")
    assert (Basis.objects.count(), Blob.objects.count(), on_disk()) == (0, 0, [])


REFUSED: list[tuple[Any, str, dict[str, Any], type[WorkflowError]]] = [
    (SimpleUploadedFile("通知.exe", b"MZ\x90"), COORDINATOR, {}, Invalid),
    (SimpleUploadedFile("通知.pdf", b"<html>"), COORDINATOR, {}, Invalid),
    (SimpleUploadedFile("空.txt", b""), COORDINATOR, {}, Invalid),
    (SimpleUploadedFile(":通知.pdf", SAMPLES["pdf"]), COORDINATOR, {}, Invalid),
    (SimpleUploadedFile("通知.pdf", SAMPLES["pdf"]), COORDINATOR, {"notes": None}, Invalid),  # nothing to change
    (SimpleUploadedFile("通知.exe", b"MZ\x90"), "majianjun", {}, NotAllowed),
]


@pytest.mark.parametrize(("basis", "username", "said", "refusal"), REFUSED)
def test_refused_nothing_is_written_and_nothing_is_left(
    item: Item, now: datetime, basis: Any, username: str, said: dict[str, Any], refusal: type[WorkflowError]
) -> None:
    with pytest.raises(refusal):
        made(item("2.1"), "amend", now, basis, username, **said)
    assert (fresh(item("2.1")).seq, Basis.objects.count(), Blob.objects.count(), on_disk()) == (1, 0, 0, [])


def test_who_sees_the_item_whole_may_open_it(item: Item, now: datetime) -> None:
    one = item("11.1")  # 教体局 leads, 各乡镇 support
    made(one, "amend", now, file())
    allowed = {"dinghaiyan", "yangjing", COORDINATOR, "lizhiqiang"}
    for username in (*allowed, headed("高仁乡"), headed("妇联")):
        assert Basis.objects.visible_to(person(username)).exists() == (username in allowed), username
