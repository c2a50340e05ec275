"""Work that outlasts a page: asked for by a person, done by whoever claims it, seen from the page while it runs.

A piece left by a worker that died is claimed again; every kind ends as if it had been done once.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from notifications import doorbell
from workflow.actions import drafts, plans, revisions
from workflow.errors import MoveNotPossible, WorkflowError
from workflow.models import LongWork, Plan
from workflow.tables.grid import Progress

TASK = "workflow.long_work"
SECONDS_BETWEEN_MARKS = 0.5


def ask(kind: LongWork.Kind, plan: Plan, *, by: Actor, here: bool, now: datetime, **asked: Any) -> LongWork:
    """Put a piece of work on the list; `here` does it at once, else a worker is rung for.

    `now` is the day the work is dated. Raises MoveNotPossible while another piece runs on the plan.
    """
    try:
        with transaction.atomic():
            work = LongWork.objects.create(
                kind=kind, plan=plan, by_id=by.user_id or 0, asked=asked, asked_at=timezone.now()
            )
    except IntegrityError:
        raise MoveNotPossible(drafts.BUSY) from None
    if here:
        do(work, now=now)
        work.refresh_from_db()
    else:
        doorbell.ring(TASK)
    return work


def do_waiting(*, now: datetime) -> int:
    """Do all that waits, oldest first; returns how many pieces were done here."""
    done = 0
    for work in LongWork.objects.waiting(timezone.now()).select_related("by"):
        done += do(work, now=now)
    return done


def do(work: LongWork, *, now: datetime) -> bool:
    """Claim and do one piece; False where somebody else has it. A refusal is its result, not an error."""
    if not LongWork.objects.waiting(timezone.now()).filter(pk=work.pk).update(claimed_at=timezone.now()):
        return False
    ended: dict[str, Any] = {"done": F("total")}
    try:
        ended["result"] = KINDS[LongWork.Kind(work.kind)](work, Actor.of(work.by), now, _marks(work))
    except WorkflowError as refusal:
        ended["refusal"] = str(refusal)
    except Exception:
        ended["refusal"] = _("没有办成：系统出了错，已记录。请再试一次，仍不行请联系系统管理员。")
        raise
    finally:
        LongWork.objects.filter(pk=work.pk).update(finished_at=timezone.now(), **ended)
    return True


def _marks(work: LongWork) -> Progress:
    """Writes how far the work is, at most every half second."""
    last = time.monotonic()

    def mark(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_MARKS:
            last = time.monotonic()
            LongWork.objects.filter(pk=work.pk).update(done=done, total=total)

    return mark


# --- the kinds --------------------------------------------------------------------------------------------------------
def _read(work: LongWork, by: Actor, now: datetime, mark: Progress) -> Mapping[str, Any]:
    drafts.read_document(work.plan_id, on_progress=mark)
    return {}


def _publish(work: LongWork, by: Actor, now: datetime, mark: Progress) -> Mapping[str, Any]:
    published = plans.publish(work.plan_id, by=by, now=now, **work.asked)
    return {"items": published.items, "passed": published.passed}


def _apply(work: LongWork, by: Actor, now: datetime, mark: Progress) -> Mapping[str, Any]:
    asked = work.asked
    outcomes = revisions.apply(work.plan_id, asked["accepted"], basis=asked["basis"], by=by, now=now, on_progress=mark)
    return {"outcomes": [[outcome.kind, outcome.number, outcome.refusal] for outcome in outcomes]}


KINDS: Mapping[LongWork.Kind, Callable[[LongWork, Actor, datetime, Progress], Mapping[str, Any]]] = {
    LongWork.Kind.READ: _read,
    LongWork.Kind.PUBLISH: _publish,
    LongWork.Kind.APPLY: _apply,
}
