"""A message in words: title and body, from the template of its kind in templates/notifications/.

The first line of a template is the title, the rest the body. Context keys a template may use, all of them optional:
number, text, plan, unit and by (who acted), comment, changes, due_on, asked_on, part_due_on, suggested, items,
numbers, rung, label, why, deadline; assignee and former of an item; holder, delegate, successor and post, from_on and
until_on of a delegation or handover; round, year, verdict, unnamed and until_on of what turns or stands still.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import select_template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.models import Message

# How a digest groups its lines, in this order; a kind that is not here comes last.
GROUPS = {
    "escalation": _("催办和督办"),
    "move.reject": _("退回"),
    "move.submit": _("报送"),
    "countersign.refused": _("不同意会签"),
    "countersign.circulated": _("会签"),
    "countersign.signed": _("会签齐了"),
    "move.withdraw": _("撤回"),
    "move.approve": _("通过审核"),
    "move.accept": _("签收"),
    "move.assign": _("换经办人"),
    "move.renew": _("转下期"),
    "move.lapse": _("期满未结"),
    "move.suspend": _("暂停"),
    "move.resume": _("恢复"),
    "decide": _("年度研判"),
    "move.reassign": _("改派"),
    "move.amend": _("改任务"),
    "draw.made": _("回头看抽取"),
    "recheck.drawn": _("抽中回头看"),
    "recheck.stands": _("回头看结论"),
    "move.split": _("分出"),
    "split.begun": _("分出的新任务"),
    "move.name-verifier": _("另定审核单位"),
    "move.reopen": _("重启"),
    "move.close": _("销号"),
    "move.cancel": _("撤销"),
    "extension.requested": _("延期申请"),
    "extension.withdrawn": _("撤回延期申请"),
    "extension.granted": _("同意延期"),
    "extension.refused": _("不同意延期"),
    "objection.raised": _("异议"),
    "objection.kept": _("维持分派"),
    "objection.withdrawn": _("撤回异议"),
    "criteria.proposed": _("验收标准待同意"),
    "criteria.agreed": _("同意验收标准"),
    "criteria.returned": _("退回验收标准"),
    "part.asked": _("配合请求"),
    "part.returned": _("退回配合材料"),
    "part.answered": _("配合材料"),
    "part.declined": _("说明不配合"),
    "part.waived": _("免交配合材料"),
    "plan.published": _("方案发布"),
    "delegation.made": _("代办"),
    "delegation.ended": _("代办结束"),
    "post.handed_over": _("岗位移交"),
}
OTHERS = _("其他")
BREAK = "\ue000"  # private use: a line break inside a value, so that no value can end the title
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def title(message: Message) -> str:
    """What happened, in one line."""
    return one_line(_rendered(message).partition("\n")[0])


def body(message: Message) -> str:
    """What happened and what comes next, in plain text of several lines."""
    lines = _rendered(message).partition("\n")[2].replace(BREAK, "\n")
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def about(message: Message) -> str:
    """Number and words of what the message concerns, in one line; empty where it concerns no sub-item."""
    said = _values(message.context)
    return one_line(f"{said.get('number', '')} {said.get('text', '')}")


def one_line(text: str) -> str:
    """Fit for a header: no line break or control character in it, no runs of spaces."""
    return _SPACES.sub(" ", _clean(text).replace(BREAK, " ")).strip()


def _rendered(message: Message) -> str:
    template = select_template([f"notifications/{message.kind}.txt", "notifications/message.txt"])
    return template.render(_values(message.context))


def _values(context: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: _value(key, value) for key, value in context.items()}
    return {**said, "who": said.get("unit") or said.get("by") or gettext("有关单位")}


def _value(key: str, value: Any) -> Any:
    """Text without control characters; days as dates, so that each language writes them its own way."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    if key.endswith("_on"):
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return ""
    return _clean(str(value))


def _clean(text: str) -> str:
    marked = _BREAKS.sub(BREAK, text)
    return "".join(sign for sign in marked if sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
