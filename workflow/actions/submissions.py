"""What a move does to the submission: handed in, judged, taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow.actions.answers import answers_of, check_answered, drafted, ticks_of
from workflow.actions.writing import Prepared, nothing_else
from workflow.errors import Invalid
from workflow.models import JournalEntry, SubItem, Submission
from workflow.models.countersignature import digest_of
from workflow.models.journal import Step
from workflow.states import State


def hand_in(item: SubItem, step: Step) -> Prepared:
    """Freeze the draft: its text, what it answers to the criteria in force, and the evidence standing in this round."""
    if item.verifier_id is None:
        raise Invalid(_("这一项没有可以审核的单位，要先由统筹另行指定，再报送。"))
    of_round = Q(round_no=item.round_no, number__isnull=False)
    earlier = list(item.submissions.filter(of_round | Q(status=Submission.Status.DRAFT)))
    draft = next((each for each in earlier if each.status == Submission.Status.DRAFT), None)
    summary = step.details["summary"] or (draft.summary if draft else "")
    if not summary:
        raise Invalid(_("请写报送说明。"))
    standing = list(item.evidence.standing().filter(round_no=item.round_no).values_list("pk", "blob__sha256"))
    if not standing and item.reported_at is None:
        raise Invalid(_("本期还没有佐证材料，也没有报过进展，至少要有一样才能报送。"))
    answers = _answers(item, step, draft, dict(standing))
    _check_signed(item, digest_of(summary, (sha256 for _pk, sha256 in standing), item.criteria, answers))
    step.details["summary"] = summary
    number = sum(each.number is not None for each in earlier) + 1
    submission = draft or Submission(
        item=item, round_no=item.round_no, drafted_by_id=step.by.user_id or 0, drafted_at=step.now
    )
    submission.number, submission.summary, submission.status = number, summary, Submission.Status.SUBMITTED
    submission.unit_id = item.lead_ids[0]
    submission.submitted_by_id, submission.submitted_at = step.by.user_id, step.now
    submission.verifier_id = item.verifier_id
    submission.criteria, submission.answers = item.criteria, answers

    def write(entry: JournalEntry) -> None:
        submission.save()
        Submission.evidence.through.objects.bulk_create(
            Submission.evidence.through(submission_id=submission.pk, evidence_id=pk) for pk, _sha256 in standing
        )

    facts = {"submission": number, "evidence": [sha256 for _pk, sha256 in standing]}
    return {**facts, **_kept(answers, dict(standing))}, write


def _answers(item: SubItem, step: Step, draft: Submission | None, standing: Mapping[int, str]) -> dict[str, Any]:
    """Those said with the move, else the draft's, less the files that were taken back since."""
    said = step.details["answers"]
    if said is None:
        answers = drafted(item, draft, standing) if draft else {}
    else:
        answers = answers_of(item, said, standing)
    check_answered(item, answers)
    return answers


def _kept(answers: Mapping[str, Any], standing: Mapping[int, str]) -> dict[str, Any]:
    """As the journal keeps them: files by what is in them. Nothing where there are no criteria."""
    said = {no: {**each, "evidence": [standing[pk] for pk in each["evidence"]]} for no, each in answers.items()}
    return {"answers": said} if said else {}


def _check_signed(item: SubItem, digest: str) -> None:
    """Raises Invalid where a co-lead has not signed, or has signed something else than what is handed in."""
    signed = {each.unit_id: each.digest for each in item.countersignatures if each.is_signed}
    if missing := [unit for unit in item.co_lead_ids if unit not in signed]:
        names = dict(Unit.objects.filter(pk__in=missing).values_list("pk", "name"))
        raise Invalid(missing_words([names[unit] for unit in missing]))
    if set(signed.values()) - {digest}:
        raise Invalid(_("报送说明和会签的不一样。请照会签的稿子报送，或者改稿后重新送会签。"))


def missing_words(units: Sequence[str]) -> str:
    """Whose signatures are missing, in a sentence."""
    return _("还差%(units)s会签。") % {"units": "、".join(units)}


def settle(status: Submission.Status) -> Callable[[SubItem, Step], Prepared]:
    """End the submission under review as `status`, with who reviewed it and what they ticked where somebody did."""

    def prepare(item: SubItem, step: Step) -> Prepared:
        comment = step.details.get("comment") or ""
        verdict: dict[str, Any] = {"status": status, "comment": comment}
        ticks: dict[str, bool] = {}
        if status != Submission.Status.WITHDRAWN:
            approving = status == Submission.Status.APPROVED
            ticks = ticks_of(item, step.details["ticks"], approving=approving, comment=comment)
            verdict |= {"reviewed_by": step.by.user_id, "reviewed_at": step.now, "ticks": ticks}
        under_review = item.submissions.filter(status=Submission.Status.SUBMITTED)
        return {"ticks": ticks} if ticks else {}, lambda entry: _must_be_one(under_review.update(**verdict))

    return prepare


def lapse(item: SubItem, step: Step) -> None:
    """What was written or handed in and not judged when its round ended stays with that round."""
    item.submissions.filter(status__in=[Submission.Status.DRAFT, Submission.Status.SUBMITTED]).update(
        status=Submission.Status.LAPSED
    )


def _must_be_one(rows: int) -> None:
    if rows != 1:
        raise IntegrityError("an item under review has exactly one submission")


def cancel_review(item: SubItem, step: Step) -> Prepared:
    """A submission under review ends with the item it is of."""
    if item.state != State.SUBMITTED:
        return nothing_else(item, step)
    return settle(Submission.Status.WITHDRAWN)(item, step)
