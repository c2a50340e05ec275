"""佐证材料: handing a file to an item, and taking it back."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from workflow import policies
from workflow.actions import awaiting
from workflow.actions.commit import one_commit
from workflow.actions.files import taken_in
from workflow.actions.parts import STEPS, check_step_possible, locked_part
from workflow.actions.reports import begin
from workflow.actions.writing import check_version, finish
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.evidence_files import Received
from workflow.evidence_files.names import has_unseen
from workflow.models import Blob, Evidence, Part, SubItem
from workflow.models.journal import Step
from workflow.states import State

MOST = 50  # standing files of an item in a round
MOST_A_PART = 20  # of what a supporting unit gives to it
LONGEST_CAPTION = 200  # characters
FULL_PART = gettext_lazy("这份配合材料已有 %(n)s 个文件，请先撤下不用的再传。")


def add_evidence(item_id: int, upload: UploadedFile, *, by: Actor, now: datetime, caption: str = "") -> Evidence:
    """Hand a file to an item in progress. The same bytes are stored once, whoever hands them in.

    Raises NotFound, MoveNotPossible, NotAllowed or Invalid, in this order; then nothing of the upload is left. The
    file is read and examined before the item is locked, and what was wrong with it is said last.
    """
    with taken_in(upload) as file:
        return _add(item_id, file, by=by, now=now, caption=caption)


def add_to_part(part_id: int, upload: UploadedFile, *, by: Actor, now: datetime, caption: str = "") -> Evidence:
    """Hand a file to the part a supporting unit owes; evidence of the item once the lead accepts the part.

    Refuses like `add_evidence`.
    """
    with taken_in(upload) as file:
        return _add_to_part(part_id, file, by=by, now=now, caption=caption)


@one_commit
def _add(item_id: int, file: Received, *, by: Actor, now: datetime, caption: Any) -> Evidence:
    item, step = begin(item_id, by=by, now=now, version=None)
    return _keep(item, None, file, step, caption)


@one_commit
def _add_to_part(part_id: int, file: Received, *, by: Actor, now: datetime, caption: Any) -> Evidence:
    item, part = locked_part(part_id, by, None)
    return _keep(item, part, file, _owing(part, by, now), caption)


def _owing(part: Part, by: Actor, now: datetime) -> Step:
    """Files of a part come and go while its unit owes it. Raises MoveNotPossible or NotAllowed."""
    check_step_possible(part, STEPS["answer"])
    return Step(by, policies.check_may_answer(by, part), now, part.item.plan.rules_in_force(), {})


def _keep(item: SubItem, part: Part | None, file: Received, step: Step, caption: Any) -> Evidence:
    said, found = _caption(caption), file.examined()
    at_most = MOST if part is None else MOST_A_PART
    blob = Blob.objects.keep(
        sha256=found.sha256,
        size=found.size,
        kind=found.kind,
        name=file.name,
        item=item,
        part=part,
        at_most=at_most,
    )
    if blob is None:
        words = _("这一项本期已有 %(n)s 份材料，请先撤下不用的再传。") if part is None else FULL_PART
        raise Invalid(str(words) % {"n": at_most})
    if blob.name == file.name:
        file.place()  # before the commit: what the database promises is on disk
    assert step.post is not None and step.by.user_id is not None  # noqa: S101 - a check returned a post
    evidence = Evidence.objects.create(
        item=item,
        round_no=item.round_no,
        part=part,
        blob=blob,
        filename=found.filename,
        caption=said,
        by_id=step.by.user_id,
        unit_id=step.post.unit_id,
        at=step.now,
    )
    _journal(item, step, "evidence", evidence)
    return evidence


@one_commit
def remove_evidence(evidence_id: int, *, by: Actor, now: datetime, version: int | None = None) -> Evidence:
    """Take back a file of this round while the item is in progress; in submissions handed in before, it stays.

    What belongs to a part is taken back by its unit, while it owes the part. Refuses like every write on an item:
    NotFound, StaleVersion, MoveNotPossible, NotAllowed.
    """
    item = SubItem.objects.visible_to(by).locked().with_responsibilities().filter(evidence=evidence_id).first()
    files = Evidence.objects.visible_to(by).select_related("blob", "part__unit")
    evidence = files.filter(pk=evidence_id).first() if item else None
    if item is None or evidence is None:
        raise NotFound
    check_version(item, version)
    if evidence.part is not None:
        evidence.part.item = item
        _check_standing(item, evidence)
        step = _owing(evidence.part, by, now)
    else:
        _check_removable(item, evidence)
        step = Step(by, policies.check_may_contribute(by, item), now, item.plan.rules_in_force(), {})
    evidence.removed_at = now
    evidence.save(update_fields=["removed_at"])
    _journal(item, step, "evidence-removed", evidence)
    return evidence


def _check_removable(item: SubItem, evidence: Evidence) -> None:
    if item.state != State.IN_PROGRESS:
        words = {"number": item.number, "state": State(item.state).label}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，办理中才能撤下材料。") % words)
    _check_standing(item, evidence)


def _check_standing(item: SubItem, evidence: Evidence) -> None:
    if evidence.round_no != item.round_no:
        raise MoveNotPossible(_("这份材料是以前周期的，不能撤下。"))
    if evidence.removed_at is not None:
        raise MoveNotPossible(_("这份材料已经撤下了。"))


def _journal(item: SubItem, step: Step, action: str, evidence: Evidence) -> None:
    item.took_part(step)
    blob = evidence.blob
    file = {"filename": evidence.filename, "size": blob.size, "sha256": blob.sha256, "caption": evidence.caption}
    part = evidence.part
    # Of a part it is evidence once that is accepted; else the paper changes under those who signed it.
    of = {"part_units": [[part.unit_id, part.unit.name]]} if part else awaiting.paper_changed(item)
    finish(item, step, action, comment="", details={"evidence": [file], **of})


def _caption(said: Any) -> str:
    if not isinstance(said, str) or has_unseen(said.strip()):
        raise Invalid(_("说明要写成一行文字，不带控制字符。"))
    if len(said.strip()) > LONGEST_CAPTION:
        raise Invalid(_("说明超过 %(n)s 字，请写短一些。") % {"n": LONGEST_CAPTION})
    return said.strip()
