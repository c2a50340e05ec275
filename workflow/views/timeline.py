"""流程记录 with the reminders raised, newest first, each as a sentence."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import policies, queries
from workflow.actions.decisions import VERDICTS
from workflow.models import Basis, Escalation, JournalEntry, Objection, SubItem
from workflow.models.journal import broken_links
from workflow.queries.changes import changes_of
from workflow.states import Ending
from workflow.views import words
from workflow.why import rung_why

SHOWN = 12
OUTCOMES = {status.value: status.label for status in Objection.Status}
EVIDENCE = ("evidence", "evidence-removed")


def journal(actor: Actor, item: SubItem, today: date, *, all_rows: bool) -> dict[str, Any]:
    """The timeline of an item as this person may read it; its chain is recomputed each time, it is short.

    Who only supports the item reads what was done, and the words and files of the own part alone.
    """
    entries = list(item.journal.all())
    whole = policies.sees_whole(actor, item)
    seen = queries.as_seen_by(actor, item, entries)
    bases = {basis.seq: basis for basis in item.bases.all()} if whole else {}
    escalations = list(item.escalations.filter(superseded=False))
    rows = [_entry(each, today, whole, bases.get(each.seq)) for each in seen]
    rows += [_escalation(each, today) for each in escalations]
    rows.sort(key=lambda row: row["at"])
    rows.reverse()  # of two at the same moment the later one is above
    shown = rows if all_rows else rows[:SHOWN]
    return {
        "count": len(rows),
        "sound": not list(broken_links(str(item.uid), item.seq, item.head, entries)),
        "entries": shown,
        "earlier": len(rows) - len(shown),
        "earlier_url": f"{item.get_absolute_url()}?all=1#journal",
    }


def _entry(entry: JournalEntry, today: date, whole: bool, basis: Basis | None) -> dict[str, Any]:
    return {
        "at": entry.at,
        "at_words": words.moment(entry.at, today),
        "kind": "evidence" if entry.action in EVIDENCE else "report" if entry.action == "report" else "flow",
        "actor": "" if entry.actor_id is None else entry.actor_in_words,
        "unit": entry.unit_name,
        "words": _sentence(entry) if whole or "part_units" in entry.details else _outline(entry),
        "changes": changes_of(entry),
        "comment": entry.comment or entry.details.get("opinion", ""),
        "basis": {"url": reverse("workflow:basis-file", args=[basis.pk]), "filename": basis.filename}
        if basis
        else None,
    }


def _sentence(entry: JournalEntry) -> str:
    """What was done, and what ended with it."""
    done, said = _done(entry), entry.details
    if said.get("extension_withdrawn"):
        done = _("%(done)s；延期申请随之撤回") % {"done": done}
    if said.get("signatures_void"):
        done = _("%(done)s；会签随之作废") % {"done": done}
    if ended := said.get("parts_ended"):
        done = _("%(done)s；%(units)s的配合请求随之结束") % {"done": done, "units": words.units(ended)}
    if outcome := said.get("objection"):
        done = _("%(done)s；异议%(outcome)s") % {"done": done, "outcome": OUTCOMES[outcome]}
    return done


def _outline(entry: JournalEntry) -> str:
    """What was done, for who only supports the item: without numbers and names that are others'."""
    outlines = {
        "report": _("反馈进展"),
        "evidence": _("传材料"),
        "evidence-removed": _("撤下材料"),
        "submit": _("报送"),
        "extension.requested": _("申请延期"),
        "extension.refused": _("不同意延期"),
        "objection.raised": _("提异议"),
        "recheck.drawn": _("回头看抽中这一项"),
        "countersign.circulated": _("送会签"),
    }
    return outlines.get(entry.action) or _done(entry)


def _part(said: dict[str, Any]) -> dict[str, str]:
    return {"units": words.units(said.get("part_units", [])), "on": said.get("part_due_on", "")}


def _extension(said: dict[str, Any]) -> dict[str, Any]:
    return {"no": said.get("extension"), **{name: said.get(name, "") for name in ("due_on", "asked_on", "granted_on")}}


def _reopened(said: dict[str, Any]) -> str:
    """With what that means for a re-check that waited."""
    words = {
        "reopened": _("回头看后重启，新的时限 %(on)s"),
        "dropped": _("重启，新的时限 %(on)s；待办的回头看随之结束"),
    }.get(said.get("recheck", ""), _("重启，新的时限 %(on)s"))
    return words % {"on": (said.get("due_on") or ["", ""])[1]}


def _done(entry: JournalEntry) -> str:
    said = entry.details
    return {
        "dispatch": lambda: (
            _("由 %(number)s 分出，等待签收") % {"number": said["split_from"]}
            if "split_from" in said
            else _("系统分派，等待签收")
        ),
        "accept": lambda: _("签收，经办人 %(name)s") % {"name": said.get("assignee", "")},
        "assign": lambda: _("换经办人，%(was)s改为 %(now)s") % _handed(said),
        "handover": lambda: _("岗位移交，经办人%(was)s改为 %(now)s") % _handed(said),
        "report": lambda: _("反馈进展，完成 %(n)s%%") % {"n": said.get("percent")},
        "draft": lambda: _("拟好报送稿，送签发"),
        "evidence": lambda: _("传材料 %(files)s") % {"files": _files(said)},
        "evidence-removed": lambda: _("撤下材料 %(files)s") % {"files": _files(said)},
        "submit": lambda: (
            _("签发第 %(no)s 次报送，附材料 %(n)s 件")
            % {"no": said.get("submission"), "n": len(said.get("evidence", []))}
        ),
        "withdraw": lambda: _("撤回报送"),
        "approve": lambda: _("审核通过"),
        "reject": lambda: _("退回报送"),
        "close": lambda: _closed(said),
        "lapse": lambda: (
            _("第 %(n)s 期期满未结，转入第 %(next)s 期") % {"n": said.get("ended_round"), "next": entry.round_no}
        ),
        "suspend": lambda: _("暂停到 %(until)s") % {"until": said.get("until", "")},
        "resume": lambda: _resumed(said),
        "decide": lambda: (
            _("%(year)s年年度研判：%(verdict)s")
            % {"year": said.get("year"), "verdict": VERDICTS[said["verdict"]].label}
        ),
        "renew": lambda: _("转入第 %(n)s 期") % {"n": entry.round_no},
        "extension.requested": lambda: _("第 %(no)s 次申请延期，延到 %(asked_on)s") % _extension(said),
        "extension.withdrawn": lambda: _("撤回延期申请"),
        "extension.granted": lambda: _("同意延期，时限由 %(due_on)s 改为 %(granted_on)s") % _extension(said),
        "extension.refused": lambda: _("不同意延期，时限仍为 %(due_on)s") % _extension(said),
        "objection.raised": lambda: _("提异议，认为该由%(suggested)s牵头") % {"suggested": said.get("suggested", "")},
        "objection.kept": lambda: _("维持分派，重新计签收时间"),
        "objection.withdrawn": lambda: _("撤回异议"),
        "criteria.proposed": lambda: _("提出验收标准，等同意"),
        "criteria.agreed": lambda: _("同意验收标准"),
        "criteria.returned": lambda: _("退回验收标准"),
        "recheck.drawn": lambda: _("第 %(no)s 次回头看抽中这一项") % {"no": said.get("draw")},
        "recheck.stands": lambda: _("回头看：结论成立"),
        "countersign.circulated": lambda: _("送会签，等%(units)s签") % {"units": "、".join(said.get("units", []))},
        "countersign.signed": lambda: _("会签，都签齐了") if said.get("all") else _("会签"),
        "countersign.refused": lambda: _("不同意会签，退回主牵头单位"),
        "part.asked": lambda: _("请%(units)s配合，%(on)s 前交") % _part(said),
        "part.answered": lambda: _("交配合材料"),
        "part.declined": lambda: _("说明不配合"),
        "part.accepted": lambda: _("收下%(units)s的配合材料") % _part(said),
        "part.returned": lambda: _("退回%(units)s的配合材料") % _part(said),
        "part.waived": lambda: _("免交%(units)s的配合材料") % _part(said),
        "reopen": lambda: _reopened(said),
        "amend": lambda: _("改任务"),
        "reassign": lambda: _("改派，等待签收"),
        "arrange": lambda: _("调整编号和位置"),
        "split": lambda: _("分出 %(number)s，由%(unit)s牵头") % said.get("split", {"number": "", "unit": ""}),
        "name-verifier": lambda: _("另定审核单位"),
        "cancel": lambda: _("撤销"),
    }.get(entry.action, lambda: entry.action)().strip()


def _handed(said: dict[str, Any]) -> dict[str, str]:
    former = said.get("former")
    return {"was": _("由 %(name)s ") % {"name": former} if former else "", "now": said.get("assignee", "")}


def _resumed(said: dict[str, Any]) -> str:
    before, after = said.get("due_on") or ["", ""]
    if before == after:
        return _("恢复办理")
    return _("恢复办理，停了 %(days)s 天，时限由 %(before)s 顺延到 %(after)s") % {
        "days": said.get("days"),
        "before": before,
        "after": after,
    }


def _closed(said: dict[str, Any]) -> str:
    if said.get("ending"):
        return _("销号：%(ending)s") % {"ending": Ending(said["ending"]).label}
    return _("销号")


def _files(said: dict[str, Any]) -> str:
    return "、".join(f"《{each['filename']}》" for each in said.get("evidence", []))


def _escalation(escalation: Escalation, today: date) -> dict[str, Any]:
    return {
        "at": escalation.raised_at,
        "at_words": words.moment(escalation.raised_at, today),
        "kind": "escalation",
        "actor": "",
        "unit": "",
        "words": rung_why(escalation.rung, escalation.inputs),
        "rung": escalation.level or None,
        "rung_words": escalation.label,
    }
