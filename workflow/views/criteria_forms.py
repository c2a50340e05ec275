"""What forms say of criteria: the list proposed, the answers handed in, the ticks of a verdict."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from workflow.criteria import LONGEST, LONGEST_UNIT, MOST, Answers, Criterion
from workflow.models import Evidence
from workflow.states import Per
from workflow.views.fields import LONGEST as LONGEST_TEXT
from workflow.views.fields import field

SPARE = 3  # empty rows shown at once
PARTS = ("text", "baseline", "value", "unit", "per")
TICKS = {"yes": True, "no": False}

AnswerFields = Callable[[str], list[dict[str, Any]]]  # of the form so named


# --- the list proposed ------------------------------------------------------------------------------------------------
def proposed(post: QueryDict) -> list[dict[str, str]]:
    """The rows that say something; the others are no criteria."""
    rows = [{part: post.get(f"{part}-{no}", "").strip() for part in PARTS} for no in range(1, MOST + 1)]
    return [row for row in rows if any(row[part] for part in PARTS if part != "per")]


def rows(said: Sequence[Criterion | Mapping[str, str]]) -> list[dict[str, Any]]:
    """A row of fields for each of twelve, filled from what there is; `spare` ones are folded away at first."""
    shown = []
    for no in range(1, MOST + 1):
        each = said[no - 1] if no <= len(said) else None
        values = each if isinstance(each, Mapping) else vars(each) if each else {}
        shown.append({"no": no, "spare": no > max(len(said) + 1, SPARE), "fields": _row(no, values)})
    return shown


def _row(no: int, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    words = {"no": no}
    shown = [
        field("text", _("标准 %(no)s") % words, "textarea", maxlength=LONGEST, rows=2),
        field("baseline", _("基数"), "text", maxlength=20, inputmode="decimal"),
        field("value", _("目标值"), "text", maxlength=20, inputmode="decimal"),
        field("unit", _("单位"), "text", maxlength=LONGEST_UNIT),
        field("per", _("怎么算"), "select", choices=Per.choices),
    ]
    for each in shown:
        value = values.get(each["name"], Per.TOTAL.value if each["name"] == "per" else None)
        each |= {"id": f"{each['name']}-{no}", "value": "" if value is None else value, "bare": True}
        each["name"] = each["id"]
    return {each["id"].partition("-")[0]: each for each in shown}


# --- answers ----------------------------------------------------------------------------------------------------------
def answers(post: QueryDict) -> dict[str, Any] | None:
    """What was answered, by number; None where the form had no criteria."""
    numbers = [key.split("-")[1] for key in post if key.startswith("answer-") and key.endswith("-text")]
    return {no: _answer(post, f"answer-{no}") for no in numbers} or None


def _answer(post: QueryDict, name: str) -> dict[str, Any]:
    files = [int(pk) for pk in post.getlist(f"{name}-evidence") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    return {"text": post[f"{name}-text"], "value": post.get(f"{name}-value"), "evidence": files}


def answer_fields(criteria: Sequence[Criterion], known: Answers, evidence: Sequence[Evidence]) -> AnswerFields:
    """A group of fields for each criterion in force, as far as it is answered already."""

    def of_form(form: str) -> list[dict[str, Any]]:
        return [_group(form, each, known.get(str(each.no), {}), evidence) for each in criteria]

    return of_form


def _group(form: str, each: Criterion, answer: Mapping[str, Any], evidence: Sequence[Evidence]) -> dict[str, Any]:
    name, inside = f"answer-{each.no}", []
    if each.is_measured:
        label = _("本期达到") if each.per == Per.ROUND else _("累计达到")
        reached = field(f"{name}-value", label, "text", value=answer.get("value"), required=True, maxlength=20)
        inside.append(reached | {"hint": each.measure})
    words = field(f"{name}-text", _("完成情况"), "textarea", value=answer.get("text"), maxlength=LONGEST_TEXT, rows=2)
    inside.append(words | {"required": not each.is_measured})
    if evidence:
        files = [(one.pk, one.filename) for one in evidence]
        chosen = answer.get("evidence", [])
        inside.append(field(f"{name}-evidence", _("材料"), "checkboxes", value=chosen, choices=files))
    for one in inside:
        one["id"] = f"{form}-{one['name']}"
    label = _("标准 %(no)s：%(text)s") % {"no": each.no, "text": each.text}
    return field(name, label, "group", fields=inside)


def refill(shown: dict[str, Any], said: QueryDict) -> None:
    """What was typed comes back into a field."""
    if shown["kind"] == "group":
        for each in shown["fields"]:
            refill(each, said)
    elif shown["kind"] == "checkboxes":
        ticked = [int(one) if one.isascii() and one.isdecimal() else one for one in said.getlist(shown["name"])]
        shown["value"] = ticked if said else shown["value"]
    else:
        shown["value"] = said.get(shown["name"], shown["value"])


# --- ticks ------------------------------------------------------------------------------------------------------------
def ticks(post: QueryDict) -> dict[str, Any]:
    """符合 and 不符 by number, as far as they were chosen."""
    chosen = {key.removeprefix("tick-"): value for key, value in post.items() if key.startswith("tick-")}
    return {no: TICKS.get(str(value), value) for no, value in chosen.items()}
