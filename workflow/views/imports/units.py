"""对应单位: which units the printed names mean; what nobody can know is asked, and remembered."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Unit
from workflow.actions import unit_names
from workflow.actions.unit_names import Decision
from workflow.errors import Invalid, MoveNotPossible, WorkflowError
from workflow.models import Plan
from workflow.queries import Registry
from workflow.tables import Draft
from workflow.tables.units import names_no_unit
from workflow.views.imports.access import actor_of, of_draft, steps
from workflow.views.imports.checking import ALL, Wanted
from workflow.views.imports.draft_words import undecided
from workflow.views.imports.unit_kinds import likely_kind

MOST_AT_ONCE = 30  # names asked for on one page: each brings all units of the region to choose from
OTHER, NEW, NONE = "other", "new", "none"


@require_http_methods(["GET", "POST"])
@of_draft
def units(request: HttpRequest, plan: Plan) -> HttpResponse:
    """The names to decide, then the names that were clear; a post saves every decision that was made."""
    if request.method == "POST":
        return _decide(request, plan)
    return _page(request, plan, changing=request.GET.get("name", ""))


# --- what was decided -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """What a person said about one name, as the form sends it: `to` is a unit, or one of the words above."""

    name: str
    to: str
    units: tuple[int, ...]
    kind: str
    remember: bool

    @classmethod
    def all_of(cls, post: QueryDict) -> "Iterator[Said]":
        all_new = post.get("do") == "create_all"
        for place, name in enumerate(post.getlist("name")[:MOST_AT_ONCE]):
            listed = [pk for pk in post.getlist(f"units-{place}") if pk]
            to = NEW if all_new and not names_no_unit(name) else post.get(f"to-{place}", OTHER if listed else "")
            chosen = [to] if to.isdecimal() else listed if to == OTHER else []
            ids = tuple(int(pk) for pk in chosen if pk.isdecimal() and pk.isascii() and len(pk) < 19)
            yield cls(name, to, ids, post.get(f"kind-{place}", ""), f"remember-{place}" in post)

    @property
    def says_nothing(self) -> bool:
        return not self.units and self.to not in (NEW, NONE)

    def decision(self) -> Decision:
        if self.to == NEW:
            return Decision(self.name, new_kind=self.kind)
        return Decision(self.name, self.units, remember=self.remember)


def _decide(request: HttpRequest, plan: Plan) -> HttpResponse:
    """What was refused is told by name and asked again, the rest is saved."""
    everything = {said.name: said for said in Said.all_of(request.POST) if said.to}
    refused = {name: _("请选是哪个单位。") for name, said in everything.items() if said.says_nothing}
    decisions = [said.decision() for name, said in everything.items() if name not in refused]
    if decisions:
        try:
            refused |= unit_names.decide(plan.pk, decisions, by=actor_of(request))
        except MoveNotPossible as refusal:
            return _page(request, plan, refusal=refusal)
    if done := len(everything) - len(refused):
        messages.success(request, _("已定下 %(n)s 个单位名称。") % {"n": done})
    if refused:
        plan.refresh_from_db(fields=["table"])
        return _page(request, plan, refused={name: (everything[name], why) for name, why in refused.items()})
    if not everything:
        messages.error(request, _("请先为名称选好单位再保存。"))
    return HttpResponseRedirect(reverse("workflow:import-units", args=[plan.pk]), status=303)


# --- the page ---------------------------------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    plan: Plan,
    *,
    changing: str = "",
    refused: Mapping[str, tuple[Said, str]] | None = None,
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    draft = Draft(plan.table)
    registry = Registry(plan.region, draft.units_decided())
    refused = refused or {}
    printed = draft.unit_names()
    again = [name for name in (*refused, changing) if name in printed]
    gone = [name for name in draft.units_decided() if name in printed and registry.problem(name)]
    waiting = list(dict.fromkeys([*again, *undecided(draft, registry), *gone]))
    asked = waiting[:MOST_AT_ONCE]
    rows = Counter(name for row in draft.standing() for name in {*row["leads"], *row["supports"]})
    names = _Names(plan, draft, registry, rows)
    context = {
        "plan": plan,
        "steps": steps(plan, 3),
        "asked": [names.asked(place, name, refused.get(name)) for place, name in enumerate(asked)],
        "waiting": len(waiting),
        "later": len(waiting) - len(asked),
        "changing": changing if changing in printed else "",
        "matched": [names.matched(name) for name in printed if name not in waiting],
        "all_units": list(registry.units.values()),
        "kinds": Unit.Kind.choices,
        "refusal": str(refusal) if refusal else "",
        "next_url": reverse(
            "workflow:import-changes" if plan.revises_id else "workflow:import-publish", args=[plan.pk]
        ),
    }
    status = refusal.status if refusal else Invalid.status if refused else 200
    return render(request, "workflow/imports/units.html", context, status=status)


class _Names:
    """How the names of one draft are shown, asked for and matched; reads the members of groups once."""

    def __init__(self, plan: Plan, draft: Draft, registry: Registry, rows: Counter[str]) -> None:
        self.plan, self.registry, self.rows = plan, registry, rows
        self.decided = draft.units_decided()
        members = Unit.members.through.objects.filter(from_unit__region=plan.region)
        self.members = Counter(members.values_list("from_unit_id", flat=True))

    def asked(self, place: int, name: str, refused: tuple[Said, str] | None) -> dict[str, Any]:
        """A name to decide, with the units it might be; what was typed and refused comes back."""
        match = self.registry.match(name)
        said = refused[0] if refused else self._before(name, match.keys)
        unnamed = names_no_unit(name)
        return {
            "place": place,
            "name": name,
            **self._where(name),
            "proposed": self._labels(match.keys or match.similar),
            "ambiguous": len(match.keys) > 1,
            "unnamed": unnamed,
            "to": said.to,
            "units": said.units,
            "kind": said.kind or likely_kind(name),
            "remember": said.remember,
            "error": refused[1] if refused else "",
        }

    def _before(self, name: str, keys: Sequence[int]) -> Said:
        """How a name stands before anybody touched the form; an alias is worth remembering where nobody goes by it."""
        ids = tuple(self.decided.get(name, keys if len(keys) == 1 else ()))
        to = (
            "" if not ids and name not in self.decided else NONE if not ids else str(ids[0]) if len(ids) == 1 else OTHER
        )
        return Said(name, to, ids, "", remember=not names_no_unit(name) and not keys)

    def matched(self, name: str) -> dict[str, Any]:
        """A name that is clear, and why it is."""
        ids = self.registry.ids(name)
        return {
            "name": name,
            **self._where(name),
            "units": self._labels(ids),
            "how": self._how(name, ids),
            "change_url": reverse("workflow:import-units", args=[self.plan.pk], query={"name": name}),
        }

    def _how(self, name: str, ids: Iterable[int]) -> str:
        if name in self.decided:
            return _("您定的")
        unit = next(self.registry.units[pk] for pk in ids)
        known = {unit.full_name: _("全称"), unit.name: _("简称")}
        return known.get(name, _("别名") if name in unit.aliases else _("写法略有不同"))

    def _where(self, name: str) -> dict[str, Any]:
        url = Wanted(show=ALL, unit=name).address(self.plan)
        return {"rows": self.rows[name], "rows_url": url}

    def _labels(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        return [
            {"id": pk, "name": unit.name, "full_name": unit.full_name, "members": self.members[pk], "group": unit.kind}
            for pk in ids
            if (unit := self.registry.units.get(pk))
        ]
