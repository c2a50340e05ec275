"""The one function that makes every move of the state machine."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Post, Role
from notifications import outbox
from workflow import queries
from workflow.actions import amendments
from workflow.actions.commit import one_commit
from workflow.actions.details import cleaned
from workflow.errors import Invalid, MoveNotPossible, NotFound, StaleVersion
from workflow.models import JournalEntry, SubItem, Submission
from workflow.models.journal import Step
from workflow.models.moves import MOVES, Move
from workflow.models.together import Statement, insert_of, update_of, write_together
from workflow.states import State

# What a move writes besides item, journal and messages: called with the entry once everything is decided.
Writes = Callable[[JournalEntry], None]


@one_commit
def make_move(
    item_id: int, name: str, *, by: Actor, now: datetime, version: int | None, details: Mapping[str, Any] | None = None
) -> SubItem:
    """Make one move of the state machine: state, journal and messages in one commit.

    `version` is the seq of the journal entry the caller saw last; only the clock may leave it out. `details` are the
    words a person filled in, as they came. Raises NotFound, StaleVersion, MoveNotPossible, NotAllowed or Invalid, in
    this order; then nothing is written.
    """
    move = MOVES.get(name)
    if move is None:
        raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})
    item = SubItem.objects.visible_to(by).locked(*move.writes).get_or_refuse(item_id)
    check_version(item, version)
    check_possible(item, move)
    post = move.check(by, item)
    check_version_given(by, version)
    rules = item.plan.rules_in_force()
    today = timezone.localdate(now)
    said = cleaned(details or {}, takes=move.takes, requires=move.requires, today=today)
    step = Step(by, post, now, rules, said)
    also = PREPARE.get(name, nothing_else)(item, step)
    return _write(item, move, step, also)


def _write(item: SubItem, move: Move, step: Step, also: tuple[dict[str, Any], Writes]) -> SubItem:
    facts, writes = also
    before, round_before, duties_before = item.state, item.round_no, item.duties
    asked = item.extension_is_open
    getattr(item, move.name)(step)
    overtaken = asked and not item.extension_is_open
    entry = JournalEntry.following(
        item,
        move.name,
        step,
        from_state=before,
        comment=step.details.get("comment") or step.details.get("summary") or "",
        details={
            **facts,
            **({"round": item.round_no} if item.round_no != round_before else {}),
            **({"extension_withdrawn": True} if overtaken else {}),
        },
    )
    item.set_alarm(step.rules, step.now)
    told = message(f"move.{move.name}", queries.people_to_tell(item, move.tells, duties_before), item, entry)
    write_together(update_of(item, (*SubItem.MOVING, *move.writes)), insert_of(entry), told)
    writes(entry)
    if overtaken:
        item.extensions.withdraw_open(step.by.user_id, step.now)
    return item


def message(kind: str, to: outbox.Audience, item: SubItem, entry: JournalEntry) -> Statement | None:
    """What an entry tells whom it concerns, but not whoever made it; to be written with it."""
    return outbox.insertion(
        kind,
        to=to,
        link=item.get_absolute_url(),
        context=queries.message_context(item, entry),
        dedupe=f"{item.uid}:{entry.seq}",
        at=entry.at,
        not_to=entry.actor_id,
    )


# --- refusals common to all writes on an item -------------------------------------------------------------------------
def check_version(item: SubItem, version: int | None) -> None:
    """Raises StaleVersion where the caller looked at an older item than there is."""
    if version is not None and version != item.seq:
        raise StaleVersion


def check_version_given(by: Actor, version: int | None) -> None:
    if version is None and not by.is_system:
        raise Invalid(_("请求里缺少 version，请先读取这一项再办。"))


def check_possible(item: SubItem, move: Move) -> None:
    """Raises MoveNotPossible where the state does not permit the move, whoever asks."""
    if move.starts_from(item):
        return
    words = {"state": State(item.state).label, "move": move.label, "number": item.number}
    if item.state in move.sources:
        raise MoveNotPossible(_("%(number)s有明确的完成时限，不转下期。") % words)
    raise MoveNotPossible(_("%(number)s现在是“%(state)s”，不能%(move)s。") % words)


# --- what single moves decide and write besides -----------------------------------------------------------------------
def nothing_else(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    return {}, lambda entry: None


def name_assignee(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    """Each accepted item has one named 经办人 of the holder: the one chosen, else whoever signs."""
    chosen = step.details["assignee"]
    if chosen is None or chosen == step.by.username:
        step.details["assignee"] = step.by.user_id
        return {"assignee": step.by.name}, lambda entry: None
    post = (
        Post.objects.current()
        .select_related("user")
        .filter(
            unit=item.holder_id or 0, role__in=[Role.OFFICER, Role.HEAD], user__username=chosen, user__is_active=True
        )
        .first()
    )
    if post is None:
        raise Invalid(_("经办人要是本单位在岗的人员，请重新选择。"))
    step.details["assignee"] = post.user_id
    return {"assignee": post.user.name}, lambda entry: None


def hand_in(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    """Freeze the draft: its text, and the evidence standing in this round."""
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
    step.details["summary"] = summary
    number = sum(each.number is not None for each in earlier) + 1
    submission = draft or Submission(
        item=item, round_no=item.round_no, drafted_by_id=step.by.user_id or 0, drafted_at=step.now
    )
    submission.number, submission.summary, submission.status = number, summary, Submission.Status.SUBMITTED
    submission.unit_id = item.lead_ids[0]
    submission.submitted_by_id, submission.submitted_at = step.by.user_id, step.now
    submission.verifier_id = item.verifier_id

    def write(entry: JournalEntry) -> None:
        submission.save()
        Submission.evidence.through.objects.bulk_create(
            Submission.evidence.through(submission_id=submission.pk, evidence_id=pk) for pk, _sha256 in standing
        )

    return {"submission": number, "evidence": [sha256 for _pk, sha256 in standing]}, write


def settle(status: Submission.Status) -> Callable[[SubItem, Step], tuple[dict[str, Any], Writes]]:
    """End the submission under review as `status`, with who reviewed it where somebody did."""

    def prepare(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
        verdict: dict[str, Any] = {"status": status, "comment": step.details.get("comment") or ""}
        if status != Submission.Status.WITHDRAWN:
            verdict |= {"reviewed_by": step.by.user_id, "reviewed_at": step.now}
        under_review = item.submissions.filter(status=Submission.Status.SUBMITTED)
        return {}, lambda entry: _must_be_one(under_review.update(**verdict))

    return prepare


def _must_be_one(rows: int) -> None:
    if rows != 1:
        raise IntegrityError("an item under review has exactly one submission")


def end_for_good(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    """Closing an ongoing item ends it (rule 4): that takes a decision, in words."""
    if item.is_periodic and not step.details.get("comment"):
        raise Invalid(_("长期坚持的事项销号就不再转下期，请写明依据。"))
    return {}, lambda entry: None


def cancel_review(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    """A submission under review ends with the item it is of."""
    if item.state != State.SUBMITTED:
        return {}, lambda entry: None
    return settle(Submission.Status.WITHDRAWN)(item, step)


def new_due_date(item: SubItem, step: Step) -> tuple[dict[str, Any], Writes]:
    before = item.due_on.isoformat() if item.due_on else None
    return {"due_on": [before, step.details["due_on"].isoformat()]}, lambda entry: None


PREPARE: dict[str, Callable[[SubItem, Step], tuple[dict[str, Any], Writes]]] = {
    "accept": name_assignee,
    "submit": hand_in,
    "withdraw": settle(Submission.Status.WITHDRAWN),
    "approve": settle(Submission.Status.APPROVED),
    "reject": settle(Submission.Status.REJECTED),
    "close": end_for_good,
    "reopen": new_due_date,
    "amend": amendments.amend,
    "reassign": amendments.reassign,
    "cancel": cancel_review,
}
