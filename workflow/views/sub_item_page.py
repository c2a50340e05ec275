"""What the page of one sub-item shows, put into plain words for its template."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies, queries
from workflow.models import Evidence, Report, SubItem, Submission
from workflow.models.moves import MOVES
from workflow.states import Light, Pause, State
from workflow.views import criteria, criteria_forms, extension, objection, parts, recheck, rounds, timeline, words
from workflow.views.buttons import buttons
from workflow.views.countersigning import Signing
from workflow.views.files import file
from workflow.why import days_why, light_why

STEPS = (State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.VERIFIED, State.CLOSED)


def context(
    actor: Actor, item_id: int, now: datetime, *, said: QueryDict, acting: str = "", all_rows: bool = False
) -> dict[str, Any]:
    """Everything sub_item.html needs; `all_rows` of the journal, or the last ones.

    Raises NotFound where this person may not see the item.
    """
    items = queries.with_objections(queries.with_names(SubItem.objects.visible_to(actor)))
    item = queries.with_days(items).get_or_refuse(item_id)
    today = timezone.localdate(now)
    whole = policies.sees_whole(actor, item)
    standing = item.evidence.standing().filter(round_no=item.round_no)
    evidence = list(standing.select_related("blob", "by", "unit"))
    asked = queries.parts_of(item, actor)
    submissions = list(queries.submissions_of(item))
    reports = list(item.reports.filter(round_no=item.round_no).select_related("by"))
    extensions = list(item.extensions.filter(round_no=item.round_no).select_related("requested_by"))
    ended = list(queries.rounds_of(item)) if item.is_periodic else []
    stopped = next((each for each in reversed(item.journal.all()) if each.action == "suspend"), None)
    waiting = next((each for each in extensions if each.is_open and whole), None)
    raised = item.open_objection if whole else None
    signing = Signing.of(actor, item, _draft(submissions), evidence, today)
    asks = [_ask(step, sentence) for step, sentence in parts.asks(actor, item, asked, today)]
    asks += [*signing.asks(), *_asks(actor, item, evidence, reports, submissions, signing)]
    if waiting is not None and policies.may_extend(item, actor):
        asks.append(_ask("extension-grant", _("看延期申请，同意或者不同意")))
    if item.is_objected and policies.may_keep(item, actor):
        asks.append(_ask("objection-keep", _("看异议，维持或者改派")))
    pending = queries.pending_recheck(item)
    if pending is not None and policies.may_recheck(pending, actor):
        asks.append(_ask("recheck-stands", _("回头看：核查后写结论成立，或者重启")))
    if item.proposal_is_open and item.state in criteria.OPEN_IN and policies.may_agree(item, actor):
        asks.append(_ask("criteria-agree", _("看验收标准，同意或者退回")))
    removable = item.state == State.IN_PROGRESS and policies.may_contribute(item, actor)
    named, shown = queries.names_signed(item), evidence if whole else []
    files = [file(each, today, named, removable=removable and each.part_id is None) for each in shown]
    measured = criteria.part(actor, item, submissions, files, sees=whole)
    known = criteria.answered(item, submissions, draft=True)
    answers = criteria_forms.answer_fields(item.agreed_criteria, known, evidence)
    return {
        "item": {**facts(item, today), "moves_words": extension.moves_words(extensions)},
        "why": why(item, today, whole=whole),
        "pause": rounds.suspension(item, stopped, today) if whole else None,
        "rounds": rounds.history(item, ended, today),
        "parts": parts.panel(actor, item, asked, today, acting=acting),
        "whole": whole,
        "extension": extension.facts(actor, item, waiting, today) if waiting else None,
        "objection": objection.facts(actor, item, raised, today) if raised else None,
        "recheck": recheck.facts(actor, pending, today) if pending and whole else None,
        "closings": recheck.closings(item, queries.rechecks_of(item), today),
        "steps": list(_steps(item, submissions, today)),
        "holder": _holder(item, today, whole=whole),
        "asks": asks,
        "moves": buttons(
            actor,
            item,
            draft=_draft(submissions),
            last=_last_text(submissions),
            reports=reports,
            next_step=next((ask["step"] for ask in asks if not ask["done"]), ""),
            said=said,
            acting=acting,
            more=[
                *parts.buttons(actor, item, asked, today),
                *signing.buttons(answers),
                *criteria.buttons(actor, item),
                *extension.buttons(actor, item, extensions, reports, today),
                *objection.buttons(actor, item, today),
                *recheck.buttons(actor, item, pending),
            ],
            not_yet=signing.not_yet,
            answers=answers,
        ),
        "countersigning": signing.panel(),
        "link": _review_link(actor, item),
        "verifier": {
            "unit": "",
            "reason": queries.verifier_reason(item),
            "problem": queries.verifier_problem(item),
        },
        "criteria": measured,
        "evidence": _untied(files, measured),
        **_handed_in(item, submissions, reports, today, named, whole=whole),
        "journal": timeline.journal(actor, item, today, all_rows=all_rows),
    }


def _handed_in(
    item: SubItem,
    submissions: list[Submission],
    reports: list[Report],
    today: date,
    named: queries.Named,
    *,
    whole: bool,
) -> dict[str, Any]:
    """What leads and verifiers said: nothing of it for who only supports (policies.sees_whole)."""
    if not whole:
        return {"submissions": [], "reports": []}
    calendar = item.plan.rules_in_force().calendar
    handed_in = [each for each in submissions if each.number is not None and each.round_no == item.round_no]
    return {
        "submissions": [submission(each, today, calendar, named, files=True) for each in handed_in],
        "reports": [report(each, today, named) for each in reports],
    }


def _untied(files: list[dict[str, Any]], measured: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The files that stand beneath no criterion."""
    tied = {each["pk"] for row in measured["rows"] for each in row["files"]} if measured else set()
    return [each for each in files if each["pk"] not in tied]


def facts(item: SubItem, today: date) -> dict[str, Any]:
    calendar = item.plan.rules_in_force().calendar
    project = item.section.parent or item.section
    return {
        "number": item.number,
        "text": item.text,
        "url": item.get_absolute_url(),
        "section": f"{project.number}、{project.title}" if project.number else project.title,
        "task": f"{item.section.number}. {item.section.title}" if item.section.number else item.section.title,
        "leads": [unit.name for unit in item.leads],
        "supports": [unit.name for unit in item.supports],
        "due_words": words.due(item),
        "original_due_on": item.moved_from,
        "round_words": words.round_due(item, today),
        "missed_words": rounds.missed(item),
        "ending_words": rounds.ending_words(item),
        "light": item.light(today),
        "light_words": words.light(item, today, calendar),
        "state_label": State(item.state).label,
        "version": item.seq,
    }


def why(item: SubItem, today: date, *, whole: bool = True) -> dict[str, Any]:
    """Why the light is what it is; who used the days only to who sees the item whole."""
    rules = item.plan.rules_in_force()
    light = item.light(today)
    used_by = queries.days_by_holder(item, today) if whole else []
    days_words, used = days_why(item, used_by, today, rules.calendar)
    return {
        "heading": _("为什么是%(light)s：") % {"light": light.label} if light else "",
        "words": light_why(item, today, rules.calendar),
        "days_words": days_words,
        "parts": list(_bar(used)),
        "rule_words": _("按规则第 %(version)s 版：过了限期亮红灯，与办到哪一步无关。")
        % {"version": rules.pack.version},
        "open": light == Light.RED and item.state != State.SUBMITTED,
    }


def _bar(used: list[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    """Who used the days as parts of a bar 100 wide, without a gap by rounding; neighbours differ in their grey."""
    total, so_far = sum(days for _who, days in used), 0
    for place, (who, days) in enumerate(used):
        x, so_far = round(100 * so_far / total), so_far + days
        yield {"who": who, "days": days, "x": x, "width": round(100 * so_far / total) - x, "scale": 3 - place % 3}


def _steps(item: SubItem, submissions: list[Submission], today: date) -> Iterator[dict[str, str]]:
    """The five states as steps; a periodic item ends in 转下期. Notes say when and how often."""
    stage = {State.CANCELLED: -1}.get(State(item.state), STEPS.index(item.state) if item.state in STEPS else -1)
    returned = sum(each.status == Submission.Status.REJECTED and each.round_no == item.round_no for each in submissions)
    since = words.day(timezone.localdate(item.held_since), today) if item.held_since else ""
    for place, state in enumerate(STEPS):
        label = str(state.label)
        if state == State.CLOSED and item.is_periodic and item.state != State.CLOSED:
            label = _("转下期")
        note = since if place == stage else ""
        if state == State.SUBMITTED and returned:
            note = " ".join(filter(None, [note, _("退回过 %(n)s 次") % {"n": returned}]))
        done = place < stage or (place == stage and state == State.CLOSED)
        yield {"label": label, "stage": "done" if done else "now" if place == stage else "todo", "note": note}


def _holder(item: SubItem, today: date, *, whole: bool) -> dict[str, str]:
    if item.holder is None:
        return {"unit": "", "state": str(State(item.state).label)}
    calendar = item.plan.rules_in_force().calendar
    since = words.day(timezone.localdate(item.held_since), today) if item.held_since else ""
    days = words.held(item, today, calendar)
    said = days if since == words.day(today, today) else _("%(since)s起，%(days)s") % {"since": since, "days": days}
    waits = _("正在等%(units)s") % {"units": words.units(item.awaited)} if item.awaited and whole else ""
    person = _("经办人 %(name)s") % {"name": item.assignee.name} if item.assignee else ""
    return {
        "unit": item.holder.name,
        "since_words": said,
        "waits_words": waits and waits + (_("会签") if item.unsigned else _("交配合材料")),
        "person": person if item.state == State.IN_PROGRESS else "",
    }


def _asks(
    actor: Actor,
    item: SubItem,
    evidence: list[Evidence],
    reports: list[Report],
    submissions: list[Submission],
    signing: Signing,
) -> Iterator[dict[str, Any]]:
    """What is asked of the reader, ticked off as it is done."""
    draft = _draft(submissions)
    returned = next((each for each in submissions if each != draft and each.round_no == item.round_no), None)
    if item.pause == Pause.SUSPENDED:
        return
    if item.state == State.ASSIGNED and not item.is_objected and policies.may_accept(item, actor):
        yield _ask("accept", _("签收这一项，定下经办人"))
    if item.state == State.IN_PROGRESS and policies.may_contribute(item, actor):
        signs = policies.may_submit(item, actor)
        if returned is not None and returned.status == Submission.Status.REJECTED:
            news = [*(each.at for each in evidence), *(each.at for each in reports)]
            added = returned.reviewed_at is not None and any(at > returned.reviewed_at for at in news)
            yield _ask("evidence", _("按退回意见补齐：%(why)s") % {"why": returned.comment}, done=added)
        else:
            yield _ask("evidence", _("传佐证材料，或者报进展"), done=bool(evidence or reports))
        if signing.rows:
            yield from signing.circulation()
        else:
            yield _ask("submit" if signs else "draft", _("写好报送说明"), done=draft is not None)
        if not item.unsigned:  # until they have signed, nothing is asked of the main lead
            yield _ask("submit", _("报送，送去审核") if signs else _("由单位负责人报送"))
    if item.state == State.SUBMITTED and policies.may_verify(item, actor):
        yield _ask("review", _("看材料，通过或者退回"))
    if item.state == State.VERIFIED and item.is_periodic and not item.ending:
        return  # the clock opens the next round
    if item.state == State.VERIFIED and policies.may_close(item, actor):
        yield _ask("close", _("核对无误后销号"))


def _ask(step: str, sentence: str, *, done: bool = False) -> dict[str, Any]:
    return {"step": step, "words": sentence, "done": done}


def _draft(submissions: list[Submission]) -> Submission | None:
    return next((each for each in submissions if each.status == Submission.Status.DRAFT), None)


def _last_text(submissions: list[Submission]) -> str:
    """The text handed in last: the next one starts from it, nobody types the same twice (rule 11)."""
    return next((each.summary for each in submissions if each.status != Submission.Status.DRAFT), "")


def _review_link(actor: Actor, item: SubItem) -> dict[str, str] | None:
    if item.state == State.SUBMITTED and MOVES["approve"].permission(item, actor):
        return {"url": reverse("workflow:review-item", args=[item.pk]), "label": _("审核")}
    return None


# --- parts shared with the review page --------------------------------------------------------------------------------
def report(each: Report, today: date, named: queries.Named) -> dict[str, Any]:
    on = words.day(timezone.localdate(each.at), today)
    return {"percent": each.percent, "text": each.text, "person": named(each.by, each.at), "on_words": on}


def submission(each: Submission, today: date, calendar: Any, named: queries.Named, *, files: bool) -> dict[str, Any]:
    """One submission with its verdict, in words."""
    on = words.day(timezone.localdate(each.submitted_at), today) if each.submitted_at else ""
    signed = {"on": on, "unit": each.unit.name, "name": named(each.submitted_by, each.submitted_at)}
    ended = words.day(timezone.localdate(each.reviewed_at), today) if each.reviewed_at else ""
    used = calendar.between(timezone.localdate(each.submitted_at), timezone.localdate(each.reviewed_at)) if ended else 0
    reviewer = {"unit": each.verifier.name if each.verifier else "", "days": used}
    reviewer["name"] = named(each.reviewed_by, each.reviewed_at)
    reviewed = _("%(unit)s %(name)s · 审核用时 %(days)s 个工作日") if used else _("%(unit)s %(name)s · 当天审完")
    outcome = "" if each.status == Submission.Status.SUBMITTED else str(Submission.Status(each.status).label)
    return {
        "no": each.number,
        "who_words": _("%(on)s，%(unit)s %(name)s签发") % signed,
        "summary": each.summary,
        "files": [file(one, today, named) for one in each.evidence.all()] if files else [],
        "signers_words": _signers(each, named, today),
        "outcome_words": f"{ended}{outcome}",
        "comment": each.comment,
        "reviewer_words": reviewed % reviewer if ended else "",
    }


def _signers(each: Submission, named: queries.Named, today: date) -> str:
    """Who signed it for the co-leads."""
    signed = [
        _("%(unit)s %(name)s（%(on)s）")
        % {"unit": one.unit.name, "name": named(one.by, one.at), "on": words.day(timezone.localdate(one.at), today)}
        for one in each.countersignatures.all()
        if one.is_signed and one.by and one.at
    ]
    return _("会签：%(who)s") % {"who": "、".join(signed)} if signed else ""
