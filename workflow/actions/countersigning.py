"""会签: the main lead sends its draft round, each co-lead signs it as it stands or says why not; all of it journaled.

Each refuses like every write on an item: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies
from workflow.actions import awaiting
from workflow.actions.answers import check_answered, drafted
from workflow.actions.commit import one_commit
from workflow.actions.details import text
from workflow.actions.reports import answers_said, redrafted, write_draft
from workflow.actions.writing import check_version, check_version_given, finish
from workflow.errors import Invalid, MoveNotPossible
from workflow.models import Countersignature, SubItem, Submission
from workflow.models.countersignature import digest_of
from workflow.models.journal import Step
from workflow.states import State

Status = Countersignature.Status


@one_commit
def circulate(
    item_id: int, *, by: Actor, now: datetime, version: int | None, summary: Any = None, answers: Any = None
) -> SubItem:
    """送会签: ask every co-lead without a valid signature to sign the draft, whose words and answers may come with it.

    Other words than those that were signed void what was signed. Until all have signed the item waits for them.
    """
    item = SubItem.objects.visible_to(by).locked().with_responsibilities().get_or_refuse(item_id)
    check_version(item, version)
    if why_not := circulation_obstacle(item):
        raise MoveNotPossible(why_not)
    step = Step(by, policies.check_may_contribute(by, item), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    draft = _draft(item)
    words = (text(summary) if summary is not None else "") or (draft.summary if draft else "")
    if not words:
        raise Invalid(_("请写报送说明，会签单位要看着它签。"))
    answered = answers_said(item, answers)
    standing = set(item.evidence.standing().filter(round_no=item.round_no).values_list("pk", flat=True))
    if item.reported_at is None and not standing:
        raise Invalid(_("本期还没有佐证材料，也没有报过进展，至少要有一样才能送会签。"))
    draft, changed = redrafted(draft, item, step, words, answered)
    check_answered(item, drafted(item, draft, standing))
    ended = awaiting.paper_changed(item) if draft.pk and changed else {}
    requests = _requests(item, now)
    item.took_part(step)
    details = {"units": [each.unit.name for each in requests], **ended}
    finish(item, step, "countersign.circulated", comment="", details=details, tells=("unsigned_heads",))
    if changed:
        write_draft(draft)
    for each in requests:
        each.submission = draft
    Countersignature.objects.bulk_create(requests)
    return item


@one_commit
def countersign(item_id: int, *, by: Actor, now: datetime, version: int | None, opinion: Any = None) -> SubItem:
    """会签: sign the draft and the evidence as they stand for a co-lead; the last one gives the item back to the lead.

    The signer takes part in the round: as a person they judge nothing of it (rule 1).
    """
    item, step, asked, files = _asked(item_id, by, now, version)
    asked.opinion = text(opinion) if opinion is not None else ""
    answers = drafted(item, asked.submission, files)
    asked.digest = digest_of(asked.submission.summary, files.values(), item.criteria, answers)
    _answer(item, asked, Status.SIGNED, step)
    awaiting.wait_for_unsigned(item)
    tells = () if item.unsigned else ("assignee", "holder_heads")
    details = {"unit": asked.unit.name, "sha256": asked.digest, "opinion": asked.opinion, "all": not item.unsigned}
    finish(item, step, "countersign.signed", comment="", details=details, tells=tells)
    asked.save(update_fields=["status", "by", "at", "opinion", "digest"])
    return item


@one_commit
def refuse_countersign(item_id: int, *, by: Actor, now: datetime, version: int | None, opinion: Any = None) -> SubItem:
    """不同意会签, with an opinion: nobody else is asked any more, and the ball is the main lead's.

    What others have signed stays valid as long as text and evidence stay as they are.
    """
    item, step, asked, _files = _asked(item_id, by, now, version)
    asked.opinion = text(opinion) if opinion is not None else ""
    if not asked.opinion:
        raise Invalid(_("不同意会签要写明意见。"))
    _answer(item, asked, Status.REFUSED, step)
    asked.save(update_fields=["status", "by", "at", "opinion"])
    awaiting.refused(item)
    # Supports read comments and no opinions, so it is kept with the details.
    details = {"unit": asked.unit.name, "opinion": asked.opinion}
    finish(item, step, "countersign.refused", comment="", details=details, tells=("assignee", "lead_heads"))
    return item


def circulation_obstacle(item: SubItem) -> str:
    """Why nobody can send it round now, in a sentence; empty where the main lead may."""
    words = {"number": item.number, "state": State(item.state).label}
    if item.state != State.IN_PROGRESS:
        return _("%(number)s现在是“%(state)s”，办理中才能送会签。") % words
    if not item.co_lead_ids:
        return _("%(number)s只有一个牵头单位，不用会签。") % words
    if missing := item.missing_parts(_("送会签")):
        return missing
    if {each.unit_id for each in item.countersignatures} >= set(item.co_lead_ids):
        if not item.unsigned:
            return _("共同牵头单位都已会签，可以报送。")
        return _("已经送会签，正在等%(units)s。") % {"units": "、".join(name for _unit, name in item.unsigned)}
    return ""


def _requests(item: SubItem, now: datetime) -> list[Countersignature]:
    """One for each co-lead on which nothing stands; the item waits for them from now on."""
    standing = {each.unit_id for each in item.countersignatures}
    asked = [Countersignature(unit=unit, requested_at=now) for unit in item.leads[1:] if unit.pk not in standing]
    item.countersignatures = [*item.countersignatures, *asked]
    awaiting.wait_for_unsigned(item)
    return asked


def _draft(item: SubItem) -> Submission | None:
    """The open draft; loaded already where somebody was asked to sign it."""
    if item.countersignatures:
        return item.countersignatures[0].submission
    return item.submissions.filter(status=Submission.Status.DRAFT).first()


def _asked(
    item_id: int, by: Actor, now: datetime, version: int | None
) -> tuple[SubItem, Step, Countersignature, dict[int, str]]:
    """The item, locked, what is asked of the unit this person acts for, and the evidence it is to sign by its key."""
    item = SubItem.objects.visible_to(by).locked().with_responsibilities().get_or_refuse(item_id)
    check_version(item, version)
    if item.state != State.IN_PROGRESS:
        words = {"number": item.number, "state": State(item.state).label}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，办理中才能会签。") % words)
    if not item.unsigned:
        raise MoveNotPossible(_("现在没有等会签的报送稿：还没有送会签，或者稿子、材料有了改动。"))
    files = list(item.evidence.standing().filter(round_no=item.round_no).values_list("pk", "blob__sha256", "by_id"))
    authors = {item.countersignatures[0].submission.drafted_by_id, *(uploader for _pk, _sha256, uploader in files)}
    post = policies.check_may_countersign(by, item, authors)
    check_version_given(by, version)
    sha256_of = {pk: sha256 for pk, sha256, _uploader in files}
    asked = next(each for each in item.countersignatures if each.is_requested and each.unit_id == post.unit_id)
    return item, Step(by, post, now, item.plan.rules_in_force(), {}), asked, sha256_of


def _answer(item: SubItem, asked: Countersignature, status: Status, step: Step) -> None:
    asked.status, asked.by_id, asked.at = status, step.by.user_id, step.now
    item.took_part(step)
