"""佐证材料: handing a file to an item, and taking it back."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies
from workflow.actions import awaiting
from workflow.actions.commit import one_commit
from workflow.actions.files import taken_in
from workflow.actions.reports import begin
from workflow.actions.writing import check_version, finish
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.evidence_files import Received
from workflow.evidence_files.names import has_unseen
from workflow.models import Blob, Evidence, SubItem
from workflow.models.journal import Step
from workflow.states import State

MOST = 50  # standing files of an item in a round
LONGEST_CAPTION = 200  # characters


def add_evidence(item_id: int, upload: UploadedFile, *, by: Actor, now: datetime, caption: str = "") -> Evidence:
    """Hand a file to an item in progress. The same bytes are stored once, whoever hands them in.

    Raises NotFound, MoveNotPossible, NotAllowed or Invalid, in this order; then nothing of the upload is left. The
    file is read and examined before the item is locked, and what was wrong with it is said last.
    """
    with taken_in(upload) as file:
        return _add(item_id, file, by=by, now=now, caption=caption)


@one_commit
def _add(item_id: int, file: Received, *, by: Actor, now: datetime, caption: Any) -> Evidence:
    item, step = begin(item_id, by=by, now=now, version=None)
    said, found = _caption(caption), file.examined()
    blob = Blob.objects.keep(
        sha256=found.sha256, size=found.size, kind=found.kind, name=file.name, item=item, at_most=MOST
    )
    if blob is None:
        raise Invalid(_("这一项本期已有 %(n)s 份材料，请先撤下不用的再传。") % {"n": MOST})
    if blob.name == file.name:
        file.place()  # before the commit: what the database promises is on disk
    assert step.post is not None and by.user_id is not None  # noqa: S101 - check_may_contribute returned a post
    evidence = Evidence.objects.create(
        item=item,
        round_no=item.round_no,
        blob=blob,
        filename=found.filename,
        caption=said,
        by_id=by.user_id,
        unit_id=step.post.unit_id,
        at=now,
    )
    _journal(item, step, "evidence", evidence)
    return evidence


@one_commit
def remove_evidence(evidence_id: int, *, by: Actor, now: datetime, version: int | None = None) -> Evidence:
    """Take back a file of this round while the item is in progress; in submissions handed in before, it stays.

    Refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed.
    """
    item = SubItem.objects.visible_to(by).locked().with_responsibilities().filter(evidence=evidence_id).first()
    evidence = Evidence.objects.visible_to(by).select_related("blob").filter(pk=evidence_id).first() if item else None
    if item is None or evidence is None:
        raise NotFound
    check_version(item, version)
    _check_removable(item, evidence)
    post = policies.check_may_contribute(by, item)
    evidence.removed_at = now
    evidence.save(update_fields=["removed_at"])
    _journal(item, Step(by, post, now, item.plan.rules_in_force(), {}), "evidence-removed", evidence)
    return evidence


def _check_removable(item: SubItem, evidence: Evidence) -> None:
    if item.state != State.IN_PROGRESS:
        words = {"number": item.number, "state": State(item.state).label}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，办理中才能撤下材料。") % words)
    if evidence.round_no != item.round_no:
        raise MoveNotPossible(_("这份材料是以前周期的，不能撤下。"))
    if evidence.removed_at is not None:
        raise MoveNotPossible(_("这份材料已经撤下了。"))


def _journal(item: SubItem, step: Step, action: str, evidence: Evidence) -> None:
    item.took_part(step)
    blob = evidence.blob
    file = {"filename": evidence.filename, "size": blob.size, "sha256": blob.sha256, "caption": evidence.caption}
    details = {"evidence": [file], **awaiting.paper_changed(item)}
    finish(item, step, action, comment="", details=details)  # a comment is read by supports too


def _caption(said: Any) -> str:
    if not isinstance(said, str) or has_unseen(said.strip()):
        raise Invalid(_("说明要写成一行文字，不带控制字符。"))
    if len(said.strip()) > LONGEST_CAPTION:
        raise Invalid(_("说明超过 %(n)s 字，请写短一些。") % {"n": LONGEST_CAPTION})
    return said.strip()
