"""回头看 on the page of a sub-item: the re-check that waits, its button, and every closing there was."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role
from workflow import policies, queries
from workflow.errors import NotAllowed
from workflow.models import Recheck, SubItem
from workflow.queries import Closing
from workflow.views import words
from workflow.views.buttons import button
from workflow.views.fields import LONGEST, field


def facts(actor: Actor, recheck: Recheck, today: date) -> dict[str, Any]:
    """That the item was drawn; to whoever oversees draws, where from."""
    draw = recheck.draw
    on = words.day(timezone.localdate(draw.at), today)
    said = {"no": draw.number, "on": on, "name": draw.drawn_by.name}
    return {
        "words": _("%(on)s，%(name)s第 %(no)s 次抽取时抽中，等督查核查。") % said,
        "url": draw.get_absolute_url() if policies.may_see_draws(recheck.item.plan, actor) else "",
    }


def buttons(actor: Actor, item: SubItem, recheck: Recheck | None) -> Iterator[dict[str, Any]]:
    """结论成立, for inspectors; whoever is concerned reads why not. The other outcome is the move 重启."""
    if recheck is None or not actor.posts_as(Role.INSPECTOR):
        return
    found = field("comment", _("核查意见"), "textarea", required=True, maxlength=LONGEST)
    found["hint"] = _("写明核查了什么，看到的与报送的是否一致。")
    url = reverse("workflow:recheck-stands", args=[recheck.pk])
    shown = button("recheck-stands", _("结论成立"), item, [found], url=url)
    yield {**shown, "disabled_reason": refusal(actor, recheck)}


def refusal(actor: Actor, recheck: Recheck) -> str:
    """Why this person may not judge it; empty if they may."""
    try:
        policies.check_may_recheck(actor, recheck)
    except NotAllowed as no:
        return str(no)
    return ""


def closings(item: SubItem, rechecks: Sequence[Recheck], today: date) -> list[dict[str, str]]:
    """Every closing in words, the latest first; what became of one does not take it away."""
    return [_closing(each, item, today) for each in queries.closings(item.journal.all(), rechecks)]


def _closing(closing: Closing, item: SubItem, today: date) -> dict[str, str]:
    said = {"on": words.day(timezone.localdate(closing.at), today), "unit": closing.unit, "by": closing.by}
    approved = {
        "no": closing.submission,
        "unit": closing.approved_unit,
        "by": closing.approved_by,
        "on": words.day(timezone.localdate(closing.approved_at), today) if closing.approved_at else "",
    }
    basis = _("据第 %(no)s 次报送，%(on)s %(unit)s %(by)s审核通过。") % approved
    return {
        "round_words": _("第 %(n)s 期") % {"n": closing.round_no} if item.is_periodic else "",
        "words": _("%(on)s，%(unit)s %(by)s销号") % said,
        "basis": basis if closing.submission and closing.approved_at else "",
        "comment": closing.comment,
        "outcome": outcome(closing.recheck, today),
        "reopened": _("%(on)s重启，这次销号保留在此。")
        % {"on": words.day(timezone.localdate(closing.reopened_at), today)}
        if closing.reopened_at
        else "",
    }


def outcome(recheck: Recheck | None, today: date) -> str:
    """What a re-check came to, in a few words; empty where none was drawn."""
    if recheck is None:
        return ""
    label = str(Recheck.Status(recheck.status).label)
    if recheck.settled_at is None:
        return _("回头看：%(label)s") % {"label": label}
    said = {"label": label, "on": words.day(timezone.localdate(recheck.settled_at), today)}
    return _("回头看：%(on)s %(name)s，%(label)s") % {**said, "name": recheck.settled_by}
