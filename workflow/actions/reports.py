"""What a unit says while it works: progress reports and the draft of its submission."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies
from workflow.actions import awaiting
from workflow.actions.answers import answers_of
from workflow.actions.commit import one_commit
from workflow.actions.details import by_number, text
from workflow.actions.writing import check_version, finish
from workflow.errors import Invalid, MoveNotPossible
from workflow.ladder import Clock
from workflow.models import Report, SubItem, Submission
from workflow.models.journal import Step
from workflow.states import State


@one_commit
def report_progress(
    item_id: int, *, by: Actor, now: datetime, percent: Any, words: Any, version: int | None = None
) -> Report:
    """进展反馈 on an item in progress; starts the report clock anew.

    `percent` is a whole number from 0 to 100. Refuses like every write on an item: NotFound, StaleVersion,
    MoveNotPossible, NotAllowed, Invalid.
    """
    item, step = begin(item_id, by=by, now=now, version=version)
    said, done = text(words), _percent(percent)
    if not said:
        raise Invalid(_("请写进展情况。"))
    item.reported_at = now
    item.took_part(step)
    item.start_clock(Clock.REPORT, step)
    finish(item, step, "report", comment=said, details={"percent": done})
    assert step.post is not None and by.user_id is not None  # noqa: S101 - check_may_contribute returned a post
    return Report.objects.create(
        item=item, round_no=item.round_no, percent=done, text=said, by_id=by.user_id, unit_id=step.post.unit_id, at=now
    )


@one_commit
def save_draft(
    item_id: int, *, by: Actor, now: datetime, summary: Any, version: int | None, answers: Any = None
) -> Submission:
    """Write the draft of the next submission; one open draft an item. Whoever drafts takes part in the round.

    `answers` say what was reached of each criterion, by number; a draft may leave some open, and without them it
    keeps those it has. The journal keeps the digest of a draft alone: its words are the unit's own until the head
    signs them. Other words than those that co-leads were to sign, or have signed, end that.
    """
    item, step = begin(item_id, by=by, now=now, version=version)
    said = text(summary)
    if not said:
        raise Invalid(_("请写报送说明。"))
    answered = answers_said(item, answers)
    draft = item.submissions.filter(status=Submission.Status.DRAFT).first()
    draft, changed = redrafted(draft, item, step, said, answered)
    ended = awaiting.paper_changed(item) if draft.pk and changed else {}
    item.took_part(step)
    awaiting.wait_for_parts(item)
    finish(item, step, "draft", comment="", details={"sha256": draft.digest(), **ended})
    write_draft(draft)
    return draft


def answers_said(item: SubItem, said: Any) -> dict[str, Any] | None:
    """What a draft answers to the criteria; None where nothing is said of them. One query where something is."""
    if said is None:
        return None
    numbered = by_number(said)
    files = item.evidence.standing().filter(round_no=item.round_no) if numbered else item.evidence.none()
    return answers_of(item, numbered, set(files.values_list("pk", flat=True)))


def redrafted(
    draft: Submission | None, item: SubItem, step: Step, words: str, answers: dict[str, Any] | None
) -> tuple[Submission, bool]:
    """The one draft of an item with these words by whoever acts now, and whether it says anything else than before."""
    assert step.post is not None and step.by.user_id is not None  # noqa: S101 - check_may_contribute returned a post
    if draft is None:
        draft = Submission(item=item, round_no=item.round_no, unit_id=step.post.unit_id)
    before = draft.digest()
    if answers is not None:
        draft.criteria, draft.answers = item.criteria, answers
    draft.summary, draft.drafted_by_id, draft.drafted_at = words, step.by.user_id, step.now
    return draft, draft.digest() != before


def write_draft(draft: Submission) -> None:
    written = ["summary", "criteria", "answers", "drafted_by", "drafted_at"]
    draft.save(update_fields=written if draft.pk else None)


def begin(item_id: int, *, by: Actor, now: datetime, version: int | None) -> tuple[SubItem, Step]:
    """Lock an item for what a unit hands in while it works; refuses in the order of `workflow.errors`."""
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(item_id)
    check_version(item, version)
    if item.state != State.IN_PROGRESS:
        words = {"number": item.number, "state": State(item.state).label}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，办理中才能报进展、传材料。") % words)
    post = policies.check_may_contribute(by, item)
    return item, Step(by, post, now, item.plan.rules_in_force(), {})


def _percent(value: Any) -> int:
    digits = str(value).strip().removesuffix("%") if isinstance(value, str | int) else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 3 and int(digits) <= 100):
        raise Invalid(_("完成比例要填 0 到 100 的整数。"))
    return int(digits)
