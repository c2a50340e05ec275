"""会签 on the page of a sub-item and on the desk: who has signed, who is awaited since when; the forms to answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Role, Unit
from workflow import policies, queries
from workflow.actions.countersigning import circulation_obstacle
from workflow.actions.submissions import missing_words
from workflow.errors import NotAllowed
from workflow.models import Countersignature, Evidence, SubItem, Submission
from workflow.states import State
from workflow.views import words
from workflow.views.buttons import button
from workflow.views.criteria_forms import AnswerFields
from workflow.views.fields import LONGEST, field

Status = Countersignature.Status
REASON = 60  # characters of an opinion that fit a line of the desk


@dataclass(frozen=True)
class Signing:
    """The signatures on the draft of an item in progress, as somebody sees them; without co-leads there are none."""

    actor: Actor
    item: SubItem
    draft: Submission | None
    evidence: Sequence[Evidence]
    rows: Sequence[tuple[Unit, Countersignature | None]]
    today: date

    @classmethod
    def of(
        cls, actor: Actor, item: SubItem, draft: Submission | None, evidence: Sequence[Evidence], today: date
    ) -> "Signing":
        """One query for an item with co-leads that is in progress, none for others."""
        rows = queries.countersignatures_of(item) if item.state == State.IN_PROGRESS else []
        item.countersignatures = [row for _unit, row in rows if row and (row.is_requested or row.is_signed)]
        return cls(actor, item, draft, evidence, rows, today)

    @property
    def stands(self) -> bool:
        """Something is asked for or signed that a change would void."""
        return bool(self.item.countersignatures)

    @property
    def missing(self) -> list[str]:
        return [unit.name for unit, row in self.rows if row is None or not row.is_signed]

    @property
    def not_yet(self) -> str:
        """Why it cannot be handed in, in a sentence; empty where all have signed."""
        return missing_words(self.missing) if self.missing else ""

    @property
    def why_not_mine(self) -> str | None:
        """Empty: this person may sign now. A sentence: a co-lead's own, and why not. None: not their trade."""
        own = {post.unit_id for post in self.actor.posts_as(Role.OFFICER, Role.HEAD)}
        if not own & {unit for unit, _name in self.item.unsigned}:
            return None
        authors = {each.by_id for each in self.evidence} | ({self.draft.drafted_by_id} if self.draft else set())
        try:
            policies.check_may_countersign(self.actor, self.item, authors)
        except NotAllowed as refusal:
            return str(refusal)
        return ""

    # --- what is shown ------------------------------------------------------------------------------------------------
    def panel(self) -> dict[str, Any] | None:
        """For `_countersignatures.html`; the draft is shown to the leads alone, beside the button to whoever signs."""
        if not self.rows or not policies.sees_whole(self.actor, self.item):
            return None
        leads = bool(self.actor.unit_ids & set(self.item.lead_ids))
        words = self.draft.summary if self.draft and leads else ""
        signs = self.why_not_mine == ""
        return {
            "to_sign": words if signs else "",
            "files": len(self.evidence),
            "draft": "" if signs else words,
            "rows": [self._row(unit, row) for unit, row in self.rows],
            "tally": _("已签 %(n)s 家，共 %(all)s 家")
            % {"n": len(self.rows) - len(self.missing), "all": len(self.rows)},
        }

    def _row(self, unit: Unit, row: Countersignature | None) -> dict[str, Any]:
        if row is None:
            return {"unit": unit.name, "status": "", "label": _("没有送"), "words": "", "opinion": ""}
        return {
            "unit": unit.name,
            "status": row.status,
            "label": str(Status(row.status).label),
            "words": self._words(row),
            "opinion": row.opinion,
        }

    def _words(self, row: Countersignature) -> str:
        if row.is_requested:
            return since(row, self.item, self.today)
        if row.by is None or row.at is None:
            return _("没有签，会签已停")
        name = queries.names_signed(self.item)(row.by, row.at)
        said = {"name": name, "on": words.day(timezone.localdate(row.at), self.today)}
        if row.status == Status.VOID:
            return _("%(name)s %(on)s签的，稿子或材料有了改动") % said
        return _("%(name)s %(on)s") % said

    def asks(self) -> Iterator[dict[str, Any]]:
        """What is asked of the reader besides handing in."""
        if self.why_not_mine == "":
            yield {"step": "countersign", "words": _("看报送稿和材料，会签或者不同意"), "done": False}

    def circulation(self) -> Iterator[dict[str, Any]]:
        """What the main lead does before it hands in."""
        for unit, row in self.rows:
            if row and row.status == Status.REFUSED:
                said = {"unit": unit.name, "why": row.opinion}
                yield {"step": "circulate", "words": _("按%(unit)s的会签意见改：%(why)s") % said, "done": False}
        done = not circulation_obstacle(self.item) == ""
        yield {"step": "circulate", "words": _("写好报送说明，送共同牵头单位会签"), "done": done}

    def buttons(self, answers: AnswerFields) -> Iterator[dict[str, Any]]:
        if self.rows and policies.may_contribute(self.item, self.actor):
            why_not = circulation_obstacle(self.item)
            if not why_not or self.item.unsigned:
                yield {**self._circulate(answers), "disabled_reason": why_not}
        why_not_mine = self.why_not_mine
        if why_not_mine is None:
            return
        opinion = field("opinion", _("意见"), "textarea", maxlength=LONGEST)
        sign = self._button("countersign", _("会签"), [opinion])
        sign["warning"] = _("签的是现在的报送稿和材料；有一处改动就作废，要重新签。")
        yield {**sign, "disabled_reason": why_not_mine}
        if not why_not_mine:
            opinion = field("opinion", _("意见"), "textarea", required=True, maxlength=LONGEST)
            yield self._button("refuse-countersign", _("不同意会签"), [opinion])

    def _circulate(self, answers: AnswerFields) -> dict[str, Any]:
        summary = field("summary", _("报送说明"), "textarea", required=True, maxlength=LONGEST)
        summary["value"] = self.draft.summary if self.draft else ""
        shown = self._button("circulate", _("送会签"), [summary, *answers("circulate")])
        if self.stands:
            shown["warning"] = _("改了报送说明，已有的会签就作废，要重新签。")
        return shown

    def _button(self, name: str, label: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
        return button(name, label, self.item, fields, url=reverse(f"workflow:{name}", args=[self.item.pk]))


def since(row: Countersignature, item: SubItem, today: date) -> str:
    """Since when a unit is awaited, and for how long."""
    asked = timezone.localdate(row.requested_at)
    days = item.plan.rules_in_force().calendar.between(asked, today)
    on = words.day(asked, today)
    if not days:
        return _("%(on)s送到") % {"on": on}
    return _("%(on)s送到，已 %(days)s 工作日") % {"on": on, "days": days}


# --- 工作台 -----------------------------------------------------------------------------------------------------------
def to_sign(item: SubItem, today: date) -> dict[str, str]:
    """Why an item is on the desk of a co-lead, and the verb; wants `to_sign_since`."""
    asked = words.day(timezone.localdate(item.to_sign_since), today)  # type: ignore[attr-defined]
    why = _("%(unit)s%(on)s送会签，请看报送稿和材料。") % {"unit": item.leads[0].name, "on": asked}
    return {"why": why, "verb": _("会签"), "url": f"{item.get_absolute_url()}#act-countersign"}


def drafted(items: Iterable[SubItem], actor: Actor) -> dict[int, dict[str, str]]:
    """Why drafts that co-leads sign are on the desk of their main lead, and the verb.

    Two queries, whatever the number of items; none without such a draft. Wants `has_draft` and `is_refused`.
    """
    led = [item for item in items if item.state == State.IN_PROGRESS and item.has_draft and item.co_lead_ids]  # type: ignore[attr-defined]
    unsigned, refused = queries.unsigned_by(led), queries.refusals(led)
    found = {}
    for item in led:
        page, missing = item.get_absolute_url(), "、".join(unsigned[item.pk])
        if item.pk in refused:
            unit, opinion = refused[item.pk]
            why = _("%(unit)s不同意会签：%(why)s") % {"unit": unit, "why": Truncator(opinion).chars(REASON)}
        else:
            why = _("报送稿已拟好，还差%(units)s会签。") % {"units": missing}
        if missing:
            found[item.pk] = {"why": why, "verb": _("送会签"), "url": f"{page}#act-circulate"}
        elif policies.may_submit(item, actor):
            found[item.pk] = {"why": _("会签已齐，可以报送。"), "verb": _("报送"), "url": f"{page}#act-submit"}
    return found
