"""The one function that makes every move of the state machine."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import ActingPost, Actor
from accounts.models import Post, Role, User
from workflow import queries
from workflow.actions import amendments, awaiting, files, naming, parts, rechecks, rounds, splitting, submissions
from workflow.actions.commit import one_commit
from workflow.actions.details import cleaned
from workflow.actions.files import taken_in
from workflow.actions.writing import Prepared, both, check_version, check_version_given, message, nothing_else
from workflow.errors import Invalid, MoveNotPossible, NotFound
from workflow.evidence_files import Received
from workflow.models import JournalEntry, Objection, Round, SubItem, Submission
from workflow.models.journal import Step
from workflow.models.moves import MOVES, Move
from workflow.models.together import insert_of, update_of, write_together
from workflow.states import State


def make_move(
    item_id: int,
    name: str,
    *,
    by: Actor,
    now: datetime,
    version: int | None,
    details: Mapping[str, Any] | None = None,
    basis: UploadedFile | None = None,
) -> SubItem:
    """Make one move of the state machine: state, journal and messages in one commit.

    `version` is the seq of the journal entry the caller saw last; only the clock may leave it out. `details` are the
    words a person filled in, as they came; `basis` the document (依据文件) of a move that takes one. Raises NotFound,
    StaleVersion, MoveNotPossible, NotAllowed or Invalid, in this order; then nothing is written, and nothing of the
    document is left.
    """
    said = details or {}
    if basis is None:
        return _make(item_id, name, by=by, now=now, version=version, said=said)
    with taken_in(basis) as file:
        return _make(item_id, name, by=by, now=now, version=version, said=said, file=file)


@one_commit
def _make(
    item_id: int,
    name: str,
    *,
    by: Actor,
    now: datetime,
    version: int | None,
    said: Mapping[str, Any],
    file: Received | None = None,
) -> SubItem:
    move = MOVES.get(name)
    if move is None:
        raise NotFound(_("没有“%(name)s”这一步。") % {"name": name[:32]})
    item = SubItem.objects.visible_to(by).locked(*move.writes).get_or_refuse(item_id)
    check_version(item, version)
    check_possible(item, move)
    check_turn(item, move, by, now)
    post = move.check(by, item)
    check_version_given(by, version)
    rules = item.plan.rules_in_force()
    today = timezone.localdate(now)
    cells = cleaned(said, takes=move.takes, requires=move.requires, today=today)
    step = Step(by, post, now, rules, cells)
    also = PREPARE.get(name, nothing_else)(item, step)
    return _write(item, move, step, also, file if move.with_basis else None)


def _write(item: SubItem, move: Move, step: Step, also: Prepared, file: Received | None) -> SubItem:
    facts, writes = also
    step.details["basis"] = basis = {"basis": files.facts_of(file)} if file else {}
    before, round_before, duties_before, parts_before = item.state, item.round_no, item.duties, item.parts_open
    asked, objected, proposed = item.extension_is_open, item.is_objected, item.criteria_proposed
    getattr(item, move.method)(step)
    if item.state != State.ASSIGNED:  # it was to the assignment that somebody objected
        item.end_objection()
    overtaken, answered = asked and not item.extension_is_open, objected and not item.is_objected
    outcome = step.details.get("objection") or Objection.Status.WITHDRAWN
    signatures = awaiting.item_moved(item, (before, round_before, duties_before))
    ended = parts.ended_by(item, parts_before)
    if ended and item.state == State.IN_PROGRESS and not item.parts_owed:
        awaiting.wait_for_unsigned(item)
    entry = JournalEntry.following(
        item,
        move.name,
        step,
        from_state=before,
        comment=step.details.get("comment") or step.details.get("summary") or "",
        details={
            **facts,
            **signatures,
            **basis,
            **({"round": item.round_no} if item.round_no != round_before else {}),
            **({"extension_withdrawn": True} if overtaken else {}),
            **({"objection": outcome} if answered else {}),
            **({"criteria": [proposed, item.criteria]} if proposed and not item.criteria_proposed else {}),
            **({"parts_ended": ended} if ended else {}),
        },
    )
    item.set_alarm(step.rules, step.now)
    to = queries.people_to_tell(item, move.tells, duties_before) | queries.heads(unit for unit, _name in ended)
    told = message(f"move.{move.name}", to, item, entry)
    write_together(update_of(item, (*SubItem.MOVING, *move.writes)), insert_of(entry), told)
    writes(entry)
    if file:
        begun = step.details.get("begun")
        files.keep_basis(file, (item, entry.seq), *([(begun, begun.seq)] if begun else []))
    if overtaken:
        item.extensions.withdraw_open(step.by.user_id, step.now)
    if answered:
        item.objections.end_open(outcome, step.by.user_id, step.now, entry.comment)
    if ended:
        item.parts.end_open([unit for unit, _name in ended], step.by.user_id, step.now, parts.why_ended(move.name))
    return item


def check_possible(item: SubItem, move: Move) -> None:
    """Raises MoveNotPossible where the item does not permit the move, whoever asks."""
    if item.state not in move.sources:
        words = {"state": State(item.state).label, "move": move.label, "number": item.number}
        raise MoveNotPossible(_("%(number)s现在是“%(state)s”，不能%(move)s。") % words)
    if obstacle := move.obstacle(item):
        raise MoveNotPossible(obstacle)


def check_turn(item: SubItem, move: Move, by: Actor, now: datetime) -> None:
    """Raises MoveNotPossible where the clock would be too early with what it makes; people may renew and resume."""
    waits_for_its_turn = move.by_clock == "only" or (move.by_clock and by.is_system)
    if waits_for_its_turn and not item.turn_has_come(now):
        words = {"number": item.number, "move": move.label}
        raise MoveNotPossible(_("%(number)s还没有到期，不能%(move)s。") % words)


# --- what single moves decide and write besides -----------------------------------------------------------------------
def name_assignee(item: SubItem, step: Step) -> Prepared:
    """Each accepted item has one named 经办人 of the holder: the one chosen, else whoever signs.

    Who signs for somebody else and has no such post there is not meant: the duty is that of the post.
    """
    chosen = step.details["assignee"]
    if chosen in (None, step.by.username):
        post = _own_or_lent(step, item.holder_id)
        step.details["assignee"] = post.for_user_id or step.by.user_id
        return {"assignee": post.for_name or step.by.name}, lambda entry: None
    _former, named = _serving(chosen, item)
    step.details["assignee"] = named.pk
    return {"assignee": named.name}, lambda entry: None


def _own_or_lent(step: Step, unit_id: int | None) -> ActingPost:
    assert step.post is not None  # noqa: S101 - check_may_accept returned it
    own = [post for post in step.by.own_posts if post.unit_id == unit_id and post.role in (Role.OFFICER, Role.HEAD)]
    return next(iter(own), step.post)


def name_another(item: SubItem, step: Step) -> Prepared:
    former, named = _serving(step.details["assignee"], item)
    if named == former:
        raise Invalid(_("经办人已经是%(name)s，不用换。") % {"name": named.name})
    step.details["assignee"] = named.pk
    return {"assignee": named.name, "former": former.name if former else ""}, lambda entry: None


def _serving(username: str, item: SubItem) -> tuple[User | None, User]:
    """The 经办人 there is, and whoever of the holder is called so, in one query. Raises Invalid where nobody is."""
    posts = Post.objects.current().filter(unit=item.holder_id or 0, role__in=[Role.OFFICER, Role.HEAD])
    people = User.objects.filter(Q(pk=item.assignee_id or 0) | Q(username=username)).annotate(
        serves=Exists(posts.filter(user=OuterRef("pk")))
    )
    found = list(people)
    named = next((each for each in found if each.username == username and each.serves and each.is_active), None)
    if named is None:
        raise Invalid(_("经办人要是本单位在岗的人员，请重新选择。"))
    return next((each for each in found if each.pk == item.assignee_id), None), named


def suspension(item: SubItem, step: Step) -> Prepared:
    grounds = {"grounds": step.details["grounds"]} if step.details["grounds"] else {}
    return {"until": step.details["until"].isoformat(), **grounds}, lambda entry: None


def resumption(item: SubItem, step: Step) -> Prepared:
    """For how many calendar days it stood still, and what that makes of its due date."""
    still = item.stood_still(step.today)
    days = [(day.isoformat()) for day in (item.due_on, item.due_on + still)] if item.due_on else [None, None]
    return {"days": still.days, "due_on": days}, lambda entry: None


PREPARE: dict[str, Callable[[SubItem, Step], Prepared]] = {
    "accept": name_assignee,
    "assign": name_another,
    "submit": submissions.hand_in,
    "withdraw": submissions.settle(Submission.Status.WITHDRAWN),
    "approve": submissions.settle(Submission.Status.APPROVED),
    "reject": submissions.settle(Submission.Status.REJECTED),
    "close": rounds.closed,
    "renew": rounds.ended(Round.Outcome.VERIFIED),
    "lapse": rounds.ended(Round.Outcome.MISSED),
    "reopen": both(rechecks.reopen, rounds.taken_up),
    "suspend": suspension,
    "resume": resumption,
    "amend": amendments.amend,
    "reassign": amendments.reassign,
    "split": splitting.split,
    "name-verifier": naming.name_verifier,
    "cancel": rounds.cancelled,
}
