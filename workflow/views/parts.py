"""配合 on the page of a sub-item: what each unit is asked and how it stands, the unit's own forms, and the lead's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actor import Actor
from workflow import ladder, policies, queries
from workflow.actions import parts as actions
from workflow.models import Part, SubItem
from workflow.models.rules import Rules
from workflow.states import Light, PartStatus, State
from workflow.views import words
from workflow.views.buttons import button
from workflow.views.fields import LONGEST, field, file_field
from workflow.views.files import file

OPENED = 2  # answers that stand open to be read; of more, each is opened by itself
BY = "%(on)s %(name)s"
SHORT = 40  # characters of what is asked, in one line
# The lead's first, then what the unit owes, then what is settled.
ORDER = ("answered", "declined", "returned", "asked", "accepted", "waived")
TALLIES = {
    "asked": lambda: _("待交 %(n)s"),
    "returned": lambda: _("退回待补 %(n)s"),
    "answered": lambda: _("已交 %(n)s"),
    "declined": lambda: _("说明不配合 %(n)s"),
    "accepted": lambda: _("已收下 %(n)s"),
    "waived": lambda: _("免交 %(n)s"),
}


def panel(actor: Actor, item: SubItem, found: Sequence[Part], today: date, *, acting: str) -> dict[str, Any] | None:
    """The parts of this round this person may see, with the lead's buttons beside each; None where there are none."""
    parts = sorted((each for each in found if each.round_no == item.round_no), key=lambda p: ORDER.index(p.status))
    if not parts:
        return None
    counts, given = Counter(part.status for part in parts), sum(part.is_given for part in parts)
    named = queries.names_signed(item)
    rows = [_row(actor, item, part, today, named, acting) for part in parts]
    gathers, whole = policies.may_gather(item, actor), policies.sees_whole(actor, item)
    for row, part in zip(rows, parts, strict=True):
        row["open"] = row["open"] or not whole or (gathers and part.is_given and given <= OPENED)
    tally = "，".join(TALLIES[status]() % {"n": counts[status]} for status in ORDER if counts[status])
    return {"tally": tally, "rows": rows}


def _row(actor: Actor, item: SubItem, part: Part, today: date, named: queries.Named, acting: str) -> dict[str, Any]:
    lamp, lamp_words = light(part, today, item.plan.rules_in_force())
    steps = [name for name in actions.open_to(actor, part) if not actions.STEPS[name].by_unit]
    moves = [_step(item, part, name) for name in steps]
    for move in moves:
        move["open"] = move["name"] == acting
    owes = part.is_owed and policies.may_answer(part, actor)
    return {
        "pk": part.pk,
        "unit": part.unit.name,
        "group": part.group.name if part.group else "",
        "status": _status(part),
        "due_words": _("%(day)s前") % {"day": words.day(part.due_on, today)} if part.is_owed else "",
        "light": lamp if lamp in (Light.RED, Light.YELLOW) else None,
        "light_words": lamp_words,
        "ask": part.ask,
        "asked_words": _signed(part.asked_at, named(part.asked_by, part.asked_at), _("%(on)s %(name)s请求"), today),
        "text": part.text,
        "given_words": _signed(part.answered_at, named(part.answered_by, part.answered_at), BY, today),
        "comment": part.comment,
        "settled_words": _signed(part.settled_at, named(part.settled_by, part.settled_at), BY, today),
        "files": [file(each, today, named, removable=owes) for each in part.evidence.all()],
        "moves": moves,
        "open": any(move["open"] for move in moves),
    }


def _status(part: Part) -> str:
    """An accepted reason is no accepted material."""
    if part.status == PartStatus.ACCEPTED and not part.text:
        return _("同意不交")
    return str(PartStatus(part.status).label)


def _signed(at: datetime | None, name: str, pattern: str, today: date) -> str:
    return (pattern % {"on": words.day(timezone.localdate(at), today), "name": name}).strip() if at else ""


def light(part: Part, today: date, rules: Rules) -> tuple[Light | None, str]:
    """How what a unit owes stands in time, by the same rules as an item; nothing once it is given."""
    if not part.is_owed or part.due_on is None:
        return None, ""
    yellow_on = ladder.yellow_on(timezone.localdate(part.asked_at), part.due_on, rules.pack, rules.calendar)
    shown = ladder.light(state=State.IN_PROGRESS, due_on=part.due_on, yellow_on=yellow_on, frozen_on=None, today=today)
    return shown, words.light_of(shown, part.due_on, today, rules.calendar)


# --- what is asked of the reader, and the forms -----------------------------------------------------------------------
def asks(actor: Actor, item: SubItem, found: Sequence[Part], today: date) -> Iterator[tuple[str, str]]:
    """(step, sentence) of what a supporting unit owes, and of what its lead has to take or return."""
    for part in _owed_by(actor, found):
        said = {"what": Truncator(part.ask).chars(SHORT), "day": words.day(part.due_on, today), "why": part.comment}
        if part.status == PartStatus.RETURNED:
            yield f"part-{part.pk}-answer", _("按退回意见补齐配合材料：%(why)s") % said
        else:
            yield f"part-{part.pk}-answer", _("%(day)s前交配合材料：%(what)s") % said
    if item.parts_given and item.state == State.IN_PROGRESS and policies.may_gather(item, actor):
        yield "parts", _("看%(units)s的答复，收下或者退回") % {"units": words.units(item.parts_given)}


def buttons(actor: Actor, item: SubItem, found: Sequence[Part], today: date) -> Iterator[dict[str, Any]]:
    """The unit's own steps, and the lead's request to the supports."""
    owed = _owed_by(actor, found)
    for part in owed:
        yield from (_own(item, part, name, several=len(owed) > 1) for name in ("answer", "files", "decline"))
    if item.state == State.IN_PROGRESS and item.support_ids and policies.may_gather(item, actor):
        yield _ask(item, today)


def _owed_by(actor: Actor, found: Sequence[Part]) -> list[Part]:
    return [part for part in found if "answer" in actions.open_to(actor, part)]


def _own(item: SubItem, part: Part, name: str, *, several: bool) -> dict[str, Any]:
    """A person of two supporting units sees whose part it is."""
    shown = _files(item, part) if name == "files" else _step(item, part, name)
    if several:
        shown["label"] = _("%(label)s（%(unit)s）") % {"label": shown["label"], "unit": part.unit.name}
    return shown


def _files(item: SubItem, part: Part) -> dict[str, Any]:
    fields = [file_field(), field("caption", _("说明"), "text", maxlength=200)]
    url = reverse("workflow:part-evidence", args=[part.pk])
    return button(f"part-{part.pk}-files", _("传材料"), item, fields, url=url, icon="upload", multipart=True)


def _step(item: SubItem, part: Part, name: str) -> dict[str, Any]:
    step = actions.STEPS[name]
    labels = {"text": _("配合情况"), "comment": _("理由")}
    said = [field(step.says, labels[step.says], "textarea", required=True, maxlength=LONGEST)] if step.says else []
    if name == "answer" and not part.evidence.all():
        said[0]["hint"] = _("有文件的，先传材料再交。")
    url = reverse("workflow:part-step", args=[part.pk, name])
    return button(f"part-{part.pk}-{name}", str(step.label), item, said, url=url)


def _ask(item: SubItem, today: date) -> dict[str, Any]:
    free = actions.without_open(item)
    first = {each.unit_id for each in actions.first_asked(item, free)}
    units = field("units", _("请哪些单位"), "checkboxes", required=True, columns=True)
    units["choices"] = [(each.name, each.name) for each in free]
    units["value"] = [each.name for each in free if each.unit_id in first]
    ask = field("ask", _("要交什么"), "textarea", required=True, maxlength=LONGEST)
    ask["value"] = Truncator(item.text).chars(actions.SHORT)
    due = field("due_on", _("哪天前交"), "date", required=True, value=actions.due_by_default(item, today))
    due["min"] = today.isoformat()
    due["max"] = item.due_on.isoformat() if item.due_on and item.due_on >= today else None
    shown = button("part-ask", _("发配合请求"), item, [units, ask, due], url=reverse("workflow:parts", args=[item.pk]))
    return {**shown, "disabled_reason": actions.obstacle(item, free)}
