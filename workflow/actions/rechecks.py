"""回头看: draw closed items by lot, and say of each that its closing stands; the other outcome is the move `reopen`.

Each refuses like every write: NotFound, StaleVersion, MoveNotPossible, NotAllowed, Invalid, in this order.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role
from notifications import outbox
from notifications.outbox import Audience, Notice
from workflow import drawing, policies, queries
from workflow.actions.commit import one_commit
from workflow.actions.details import iso_day, text
from workflow.actions.writing import Prepared, check_version, check_version_given, finish
from workflow.drawing import Candidate, Record
from workflow.errors import Invalid, MoveNotPossible, NotFound, StaleVersion
from workflow.models import Draw, JournalEntry, Plan, Recheck, SubItem
from workflow.models.journal import Step
from workflow.states import State

BATCH = 1000
LONGEST_PUBLIC = 200
Status = Recheck.Status


@one_commit
def draw(
    plan_id: int,
    *,
    by: Actor,
    now: datetime,
    number: Any,
    public: Any,
    closed_from: Any,
    closed_to: Any,
    size: Any = None,
    percent: Any = None,
) -> Draw:
    """Draw `size` items, or `percent` of them rounded up, of those closed in a period and not drawn yet.

    `number` is that of the draw in its plan, as the caller expects it: what others drew meanwhile makes it stale, and
    a request sent twice draws once. A constant number of statements for a thousand items.
    """
    plan = Plan.objects.visible_to(by).select_related("owner").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有找到这个方案，或者您无权查看。"))
    items = list(SubItem.objects.filter(plan=plan, state=State.CLOSED).locked().with_responsibilities().order_by("pk"))
    last = Draw.objects.filter(plan=plan).order_by("-number").defer("record").first()
    following = last.number + 1 if last else 1
    if type(number) is int and number != following:
        raise StaleVersion(_("别人刚抽过一次，请看最新情况再抽。"))
    if plan.published_at is None:
        raise MoveNotPossible(_("方案还没有发布，没有可以回头看的子项。"))
    post = policies.check_may_draw(by, plan)
    if type(number) is not int:
        raise Invalid(_("请求里缺少 number（第几次抽取），请先读取已有的抽取。"))
    since, until = _period(closed_from, closed_to, timezone.localdate(now))
    words = _public_words(public)
    closings = queries.closings_to_draw(plan.pk, since, until)
    among = {str(item.uid): item for item in items if item.pk in closings}
    candidates = tuple(
        Candidate(uid, closings[item.pk].seq, item.seq, item.head, drawing.one_line(item.number))
        for uid, item in among.items()
    )
    record = Record(
        plan=plan.title,
        number=following,
        closed=f"{since.isoformat()} {until.isoformat()}",
        size=_how_many(size, percent, len(candidates)),
        by=f"{post.unit_name} {by.name}",
        at=timezone.localtime(now).isoformat(timespec="seconds"),
        public=words,
        system=sealed(plan.pk, following),
        next=promise(plan.pk, following + 1),
        candidates=candidates,
    )
    made = Draw(plan=plan, number=following, closed_from=since, closed_to=until, public=words, at=now)
    made.size, made.candidates, made.seed, made.next = record.size, len(candidates), record.seed, record.next
    made.record, made.drawn_by_id, made.unit_id = record.written(), by.user_id or 0, post.unit_id
    drawn = [among[candidate.uid] for candidate in record.drawn]
    _write(made, drawn, closings, Step(by, post, now, plan.rules_in_force(), {}))
    return made


def sealed(plan_id: int, number: int) -> str:
    """The system's number for a draw: fixed before anybody knows what will be typed, and unknown until it is drawn."""
    return salted_hmac("workflow.draw", f"{plan_id}:{number}", algorithm="sha256").hexdigest()


def promise(plan_id: int, number: int) -> str:
    """Its fingerprint, published before the draw."""
    return drawing.fingerprint(sealed(plan_id, number))


def _write(made: Draw, drawn: Sequence[SubItem], closings: dict[int, JournalEntry], step: Step) -> None:
    made.save(force_insert=True)
    said = {"draw": made.number, "seed": made.seed, "record": made.fingerprint}
    entries, rechecks = [], []
    for place, item in enumerate(drawn, 1):
        closing = closings[item.pk]
        recheck = Recheck(draw=made, place=place, item=item, round_no=closing.round_no, closing=closing.seq)
        recheck.closed_by_id, recheck.closed_for_id = closing.actor_id, closing.for_user_id
        rechecks.append(recheck)
        details = {**said, "closing": closing.seq}
        entries.append(JournalEntry.following(item, "recheck.drawn", step, from_state=item.state, details=details))
    SubItem.objects.bulk_update(drawn, ["seq", "head"], batch_size=BATCH)
    JournalEntry.objects.bulk_create(entries, batch_size=BATCH)
    Recheck.objects.bulk_create(rechecks, batch_size=BATCH)
    outbox.put_all(_notices(made, drawn, step), at=step.now, not_to=step.by.user_id)


def _notices(made: Draw, drawn: Sequence[SubItem], step: Step) -> Iterator[Notice]:
    """One to the inspectors, and one to the heads of each lead unit that names its own items alone."""
    assert step.post  # noqa: S101 - a draw is made by an inspector
    by = {"plan": made.plan.title, "by": step.by.name, "unit": step.post.unit_name}
    dedupe = f"draw:{made.pk}"

    def said(items: Sequence[SubItem]) -> dict[str, Any]:
        return {**by, "items": len(items), "numbers": "、".join(item.number for item in items)}

    inspectors = Audience(roles=frozenset({(made.plan.region_id, Role.INSPECTOR.value)}))
    yield Notice("draw.made", inspectors, made.get_absolute_url(), said(drawn), dedupe)
    of_unit: defaultdict[int, list[SubItem]] = defaultdict(list)
    for item in drawn:
        for unit in item.lead_ids:
            of_unit[unit].append(item)
    for unit, items in of_unit.items():
        heads = Audience(posts=frozenset({(unit, Role.HEAD.value)}))
        link = items[0].get_absolute_url() if len(items) == 1 else f"/ledger/?plan={made.plan_id}&state={State.CLOSED}"
        yield Notice("recheck.drawn", heads, link, said(items), f"{dedupe}:{unit}")


# --- outcomes ---------------------------------------------------------------------------------------------------------
@one_commit
def let_stand(recheck_id: int, *, by: Actor, now: datetime, version: int | None, comment: Any) -> Recheck:
    """The closing stands; what was found is said in words."""
    found = Recheck.objects.visible_to(by).filter(pk=recheck_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound
    item = SubItem.objects.visible_to(by).locked().get_or_refuse(found)
    check_version(item, version)
    recheck = Recheck.objects.select_related("draw").defer("draw__record").get(pk=recheck_id)
    if not recheck.is_pending:
        raise MoveNotPossible(ended(recheck))
    recheck.item = item
    step = Step(by, policies.check_may_recheck(by, recheck), now, item.plan.rules_in_force(), {})
    check_version_given(by, version)
    recheck.comment = text(comment) if comment is not None else ""
    if not recheck.comment:
        raise Invalid(_("请写明核查了什么、为什么成立。"))
    recheck.status, recheck.settled_by_id, recheck.settled_at = Status.STANDS, by.user_id, now
    finish(
        item,
        step,
        "recheck.stands",
        comment=recheck.comment,
        details={"draw": recheck.draw.number, "closing": recheck.closing},
        tells=("assignee", "lead_heads", "coordinators"),
    )
    recheck.save(update_fields=["status", "settled_by", "settled_at", "comment"])
    return recheck


def reopen(item: SubItem, step: Step) -> Prepared:
    """A new due date; a re-check that waits ends in the same commit.

    By whoever may judge it that is the verdict. Who may not may still reopen the item where the rules of the move let
    them; then the re-check is overtaken, and dropped.
    """
    before = item.due_on.isoformat() if item.due_on else None
    facts: dict[str, Any] = {"due_on": [before, step.details["due_on"].isoformat()]}
    recheck = queries.pending_recheck(item)
    if recheck is None:
        return facts, lambda entry: None
    recheck.status = Status.REOPENED if policies.may_recheck(recheck, step.by) else Status.DROPPED
    recheck.settled_by_id, recheck.settled_at = step.by.user_id, step.now
    recheck.comment = step.details["comment"]
    facts |= {"recheck": recheck.status.value, "draw": recheck.draw.number, "closing": recheck.closing}
    return facts, lambda entry: recheck.save(update_fields=["status", "settled_by", "settled_at", "comment"])


def ended(recheck: Recheck) -> str:
    """Why a re-check takes no verdict any more, in a sentence."""
    return {
        Status.STANDS: _("这次回头看已有结论：结论成立。"),
        Status.REOPENED: _("这次回头看已有结论：已重启。"),
        Status.DROPPED: _("这一项已经重启，这次回头看随之结束。"),
    }[Status(recheck.status)]


# --- what was typed ---------------------------------------------------------------------------------------------------
def _period(since: Any, until: Any, today: date) -> tuple[date, date]:
    if not since or not until:
        raise Invalid(_("请填销号日期从哪天到哪天。"))
    first, last = iso_day(since), iso_day(until)
    if first > last:
        raise Invalid(_("销号日期的起止反了，请检查。"))
    if last > today:
        raise Invalid(_("销号日期最晚到今天。"))
    return first, last


def _public_words(value: Any) -> str:
    words = drawing.one_line(text(value)) if value is not None else ""
    if not words:
        raise Invalid(_("请写公开数，如当天的开奖期号和号码。"))
    if len(words) > LONGEST_PUBLIC:
        raise Invalid(_("公开数超过 %(n)s 字，请写短一些。") % {"n": LONGEST_PUBLIC})
    return words


def _how_many(size: Any, percent: Any, among: int) -> int:
    given = [value for value in (size, percent) if value not in (None, "")]
    if len(given) != 1:
        raise Invalid(_("请写抽几项，或者抽百分之几，只写一样。"))
    asked = _whole_number(given[0])
    if among == 0:
        raise Invalid(_("这段时间没有可抽的子项：没有销号的，或者都抽过了。"))
    if size in (None, ""):
        if asked > 100:
            raise Invalid(_("抽取的比例要在 1 到 100 之间。"))
        return -(-among * asked // 100)
    if asked > among:
        raise Invalid(_("这段时间可抽的只有 %(n)s 项，抽不了 %(size)s 项。") % {"n": among, "size": asked})
    return asked


def _whole_number(value: Any) -> int:
    """At least 1; a number, or its digits."""
    plain = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
    number = int(value) if plain else value
    if type(number) is not int or number < 1:
        raise Invalid(_("抽取的数量要是 1 以上的整数。"))
    return number
