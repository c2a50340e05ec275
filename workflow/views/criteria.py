"""验收标准 on the pages of a sub-item: what is in force with what was answered, what is proposed, who agrees to it."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import criteria, policies
from workflow.criteria import Answers, Criterion
from workflow.errors import NotAllowed
from workflow.models import SubItem, Submission
from workflow.states import Per, State
from workflow.views.buttons import button
from workflow.views.fields import LONGEST, field

STRETCH = re.compile(r"[^，。；：、！？,;!?\n]+|[，。；：、！？,;!?\n]")
OPEN_IN = (State.ASSIGNED, State.IN_PROGRESS)


# --- on the page of the item ------------------------------------------------------------------------------------------
def part(
    actor: Actor, item: SubItem, submissions: Sequence[Submission], files: Sequence[Mapping[str, Any]], *, sees: bool
) -> dict[str, Any] | None:
    """The criteria with what was reached and handed in of each, None where there is nothing to say of any.

    `files` as the page shows them, and answers, only to who `sees` them; a draft only to the unit's own.
    """
    offers = item.state in OPEN_IN and policies.may_propose(item, actor)
    if not item.criteria and not item.proposal_is_open and not offers:
        return None
    own = policies.may_contribute(item, actor)
    signs = bool(item.countersignatures) and bool(actor.unit_ids & {*item.co_lead_ids})  # what it is to sign, it reads
    handed_in = answered(item, submissions, draft=own or signs) if sees else {}
    last = _last(item, submissions)
    rows = [_row(item, each, handed_in, last if sees else None, files, submissions) for each in item.agreed_criteria]
    missing = [each for each in rows if not each["done"]]
    said = {"n": len(rows), "missing": len(missing)}
    missing = [] if item.state == State.ASSIGNED else missing  # nothing is asked of who has not signed for it
    counted = _("%(n)s 条，缺 %(missing)s 条完成情况") if sees and missing else _("%(n)s 条")
    return {
        "rows": rows,
        "note": counted % said if rows else "",
        "proposed": _proposed(actor, item),
        "offer": _offer(item) if offers else None,
    }


def _offer(item: SubItem) -> dict[str, str]:
    label = _("改标准") if item.criteria or item.proposal_is_open else _("提标准")
    hint = "" if item.criteria or item.proposal_is_open or not item.targets else _("可以从责任分工表的指标取。")
    return {"url": reverse("workflow:criteria", args=[item.pk]), "label": label, "hint": hint}


def _proposed(actor: Actor, item: SubItem) -> dict[str, Any] | None:
    if not item.proposal_is_open:
        return None
    return {"rows": item.proposed_criteria, "decided_by": _refusal(actor, item)}


def _refusal(actor: Actor, item: SubItem) -> str:
    try:
        policies.check_may_agree(actor, item)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _row(
    item: SubItem,
    each: Criterion,
    answers: Answers,
    last: Submission | None,
    files: Sequence[Mapping[str, Any]],
    submissions: Sequence[Submission],
) -> dict[str, Any]:
    answer = answers.get(str(each.no), {})
    done = each.no not in criteria.unanswered([each], answers)
    met = _met(each, last)
    return {
        "no": each.no,
        "text": each.text,
        "measure": each.measure,
        "reached": reached(each, answer, before(item, each, submissions)),
        "words": answer.get("text", ""),
        "files": [file for file in files if file["pk"] in answer.get("evidence", [])],
        "done": done and met is not False,
        "mark": _mark(done, bool(answer.get("evidence")), met) if last or answers else "",
    }


def of_past(submission: Submission | None, files: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The criteria as they were when this was handed in, with what it said of each and what the verdict found."""
    asked = criteria.read(submission.criteria) if submission else []
    if submission is None or not asked:
        return None
    missing = criteria.unanswered(asked, submission.answers)
    rows = [
        {
            "no": each.no,
            "text": each.text,
            "measure": each.measure,
            "reached": reached(each, submission.answers.get(str(each.no), {}), None),
            "words": _said(submission.answers, each),
            "files": [file for file in files if file["pk"] in _files(submission.answers, each)],
            "done": (met := submission.ticks.get(str(each.no))) is True,
            "mark": "" if met is None and each.no not in missing else _mark(each.no not in missing, False, met),
        }
        for each in asked
    ]
    return {"rows": rows, "note": _("第 %(no)s 次报送") % {"no": submission.number}}


def _mark(done: bool, has_files: bool, met: bool | None) -> str:
    if met is not None:
        return _("符合") if met else _("上次不符")
    if not done:
        return _("缺完成情况")
    return _("材料已齐") if has_files else _("已写完成情况")


def _met(each: Criterion, last: Submission | None) -> bool | None:
    """What the last verdict of this round said of it, if there was one."""
    if last is None:
        return None
    asked = criteria.read(last.criteria)
    return next((last.ticks.get(str(one.no)) for one in asked if one.same_as(each)), None)


def _last(item: SubItem, submissions: Sequence[Submission]) -> Submission | None:
    """What was handed in last in this round; the newest comes first."""
    drafted = Submission.Status.DRAFT
    return next((one for one in submissions if one.round_no == item.round_no and one.status != drafted), None)


def answered(item: SubItem, submissions: Sequence[Submission], *, draft: bool) -> dict[str, Any]:
    """The answers to the criteria in force: of the draft where it may be read, else of what was handed in last."""
    drafts = [one for one in submissions if draft and one.status == Submission.Status.DRAFT]
    for one in [*drafts, _last(item, submissions)]:
        if one is not None and one.answers:
            return criteria.carried(one.answers, criteria.read(one.criteria), item.agreed_criteria)
    return {}


def before(item: SubItem, each: Criterion, submissions: Sequence[Submission]) -> int | float | None:
    """The level reached by the last round that was approved; of a total only, which goes on from it."""
    if each.per != Per.TOTAL or not each.is_measured:
        return None
    for one in submissions:
        if one.round_no < item.round_no and one.status == Submission.Status.APPROVED:
            kept = criteria.carried(one.answers, criteria.read(one.criteria), [each])
            return next((answer["value"] for answer in kept.values()), None)
    return None


def reached(each: Criterion, answer: Mapping[str, Any], earlier: int | float | None) -> str:
    """累计达到 4 所（上期 3）; empty where no number was given."""
    if answer.get("value") is None:
        return ""
    words = {"value": answer["value"], "unit": each.unit, "earlier": earlier}
    said = (_("本期达到 %(value)s %(unit)s") if each.per == Per.ROUND else _("累计达到 %(value)s %(unit)s")) % words
    return said if earlier is None else said + _("（上期 %(earlier)s）") % words


def buttons(actor: Actor, item: SubItem) -> Iterator[dict[str, Any]]:
    """What whoever answers a proposal may do."""
    if not item.proposal_is_open or item.state not in OPEN_IN or not policies.may_agree(item, actor):
        return
    yield _settle(item, "agree", _("同意标准"), field("comment", _("意见"), "textarea", maxlength=LONGEST))
    reason = field("comment", _("理由"), "textarea", required=True, maxlength=LONGEST)
    yield _settle(item, "return", _("退回标准"), reason)


def _settle(item: SubItem, name: str, label: str, asked: dict[str, Any]) -> dict[str, Any]:
    url = reverse("workflow:criteria-settle", args=[item.pk, name])
    return button(f"criteria-{name}", label, item, [asked], url=url)


# --- on the review page -----------------------------------------------------------------------------------------------
def to_judge(
    item: SubItem,
    submission: Submission,
    returned: Submission | None,
    files: Sequence[dict[str, Any]],
    submissions: Sequence[Submission],
    ticks: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """What was asked beside what was handed in, criterion by criterion; `ticks` as they were chosen so far."""
    old = criteria.carried(returned.answers, criteria.read(returned.criteria), item.agreed_criteria) if returned else {}
    return [
        {
            "no": each.no,
            "text": each.text,
            "measure": each.measure,
            "reached": reached(each, submission.answers.get(str(each.no), {}), before(item, each, submissions)),
            "words": what_is_new(_said(submission.answers, each), _said(old, each) if returned else None),
            "files": [file for file in files if file["pk"] in _files(submission.answers, each)],
            "tick": _tick(ticks.get(str(each.no))),
        }
        for each in item.agreed_criteria
    ]


def _tick(met: Any) -> str:
    return ("yes" if met else "no") if isinstance(met, bool) else ""


def _said(answers: Answers, each: Criterion) -> str:
    said: str = answers.get(str(each.no), {}).get("text", "")
    return said


def _files(answers: Answers, each: Criterion) -> list[int]:
    files: list[int] = answers.get(str(each.no), {}).get("evidence", [])
    return files


def what_is_new(now: str, old: str | None) -> list[dict[str, Any]]:
    """The words in stretches, each new or not against those returned; nothing is new where nothing was returned."""
    if old is None:
        return [{"words": now, "is_new": False}]
    after, earlier = STRETCH.findall(now), STRETCH.findall(old)
    steps = difflib.SequenceMatcher(None, earlier, after, autojunk=False).get_opcodes()
    return [
        {"words": "".join(after[start:end]), "is_new": step != "equal"}
        for step, _from, _to, start, end in steps
        if "".join(after[start:end])
    ]
