"""核对变更: what a revised document changes in its plan, part by part; the accepted ones are carried out."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflow import long_work
from workflow.actions.details import text
from workflow.errors import Invalid, NotFound, WorkflowError
from workflow.models import LongWork, Plan
from workflow.queries import Registry
from workflow.queries.revision import Comparison, Part, compare
from workflow.tables import Draft
from workflow.tables.difference import Line, marked
from workflow.views.frame import now
from workflow.views.imports import draft_words
from workflow.views.imports.access import actor_of, coordinators_only, ledger_of, of_draft, own_plan, steps
from workflow.views.imports.obstacles import obstacles

AT_ONCE = 50  # parts carried out while the person waits for the page
BASIS_LONGEST = 500
CODE = re.compile("(?:added|removed|changed)-[0-9]{1,18}")
GROUPS = (
    ("added", lambda: _("新增"), lambda: _("办理后派给牵头单位，从今天起算。")),
    ("removed", lambda: _("不再列入"), lambda: _("撤销后不再督办，记录保留。")),
    ("changed", lambda: _("有改动"), lambda: _("只改列出的内容，办理情况和记录不变。")),
)
UNITS = ("leads", "supports")
FIELDS = {
    "number": lambda: _("编号"),
    "section": lambda: _("工程"),
    "task": lambda: _("任务"),
    "text": lambda: _("具体内容"),
    "leads": lambda: _("牵头单位"),
    "supports": lambda: _("配合单位"),
    "deadline": lambda: _("完成时限"),
    "notes": lambda: _("备注"),
}


@require_http_methods(["GET", "POST"])
@of_draft
def changes(request: HttpRequest, plan: Plan) -> HttpResponse:
    if not plan.revises_id:
        return redirect("workflow:import-publish", plan.pk)
    return _apply(request, plan) if request.method == "POST" else _page(request, plan)


def _apply(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Carry out the parts ticked: here, or by a worker whose progress the draft's page shows."""
    accepted, basis = _parts(request.POST), request.POST.get("basis", "")
    try:
        _check_said(accepted, basis)
        work = long_work.ask(
            LongWork.Kind.APPLY,
            plan,
            by=actor_of(request),
            here=len(accepted) <= AT_ONCE,
            now=now(request),
            accepted=accepted,
            basis=basis,
        )
        if work.refusal:
            raise Invalid(work.refusal.partition("\n")[0])
    except NotFound:
        raise
    except WorkflowError as refusal:
        return _page(request, plan, accepted=accepted, basis=basis, refusal=refusal)
    name = "import-progress" if work.finished_at is None else "import-result"
    return HttpResponseRedirect(reverse(f"workflow:{name}", args=[plan.pk]), status=303)


def _parts(post: QueryDict) -> list[str]:
    """The codes ticked, each once; what no page of ours can have sent is left out."""
    return list(dict.fromkeys(code for code in post.getlist("part") if CODE.fullmatch(code)))


def _check_said(accepted: list[str], basis: str) -> None:
    if not accepted:
        raise Invalid(_("请先勾选要办理的变更。"))
    if len(basis) > BASIS_LONGEST:
        raise Invalid(_("依据超过 %(n)s 字，请写短一些。") % {"n": BASIS_LONGEST})
    if not text(basis):
        raise Invalid(_("请写明修订的依据。"))


def _page(
    request: HttpRequest,
    plan: Plan,
    *,
    accepted: Collection[str] | None = None,
    basis: str = "",
    refusal: WorkflowError | None = None,
) -> HttpResponse:
    draft = Draft(plan.table)
    registry = Registry(plan.region, draft.units_decided())
    found = obstacles(plan, draft, registry)
    comparison = compare(plan) if not found["blocked"] else Comparison([], {})
    names = {pk: unit.name for pk, unit in registry.units.items()}
    changed = sum(part.change.kind == "changed" for part in comparison.parts)
    context = {
        "plan": plan,
        "steps": steps(plan, 4),
        "groups": list(_groups(comparison.parts, names, accepted)),
        "parts": len(comparison.parts),
        "possible": sum(not part.obstacle for part in comparison.parts),
        "same": len(comparison.rows) - changed,
        "basis": basis,
        "basis_longest": BASIS_LONGEST,
        "refusal": str(refusal) if refusal else "",
        **found,
    }
    return render(request, "workflow/imports/changes.html", context, status=refusal.status if refusal else 200)


# --- one part ---------------------------------------------------------------------------------------------------------
def _groups(parts: list[Part], names: Mapping[int, str], accepted: Collection[str] | None) -> Iterator[dict[str, Any]]:
    for kind, label, what in GROUPS:
        of_kind = [_shown(part, names, accepted) for part in parts if part.change.kind == kind]
        if of_kind:
            yield {"kind": kind, "label": label(), "what": what(), "parts": of_kind}


def _shown(part: Part, names: Mapping[int, str], accepted: Collection[str] | None) -> dict[str, Any]:
    line = part.change.after or part.change.before
    assert line is not None  # noqa: S101 - a change has at least one side
    ticked = not part.obstacle if accepted is None else part.code in accepted
    return {
        "code": part.code,
        "number": line.number,
        "title": line.text,
        "text": "" if "text" in part.change.fields else line.text,
        "url": part.item.get_absolute_url() if part.item else "",
        "ticked": ticked and not part.obstacle,
        "obstacle": part.obstacle,
        "facts": _facts(line, part, names) if part.change.kind != "changed" else [],
        "fields": [_field(name, part, names) for name in part.change.fields],
    }


def _facts(line: Line, part: Part, names: Mapping[int, str]) -> list[dict[str, str]]:
    """Of what comes or goes as a whole: under which task, who, until when."""
    return [
        {"label": FIELDS[name](), "words": words}
        for name in ("task", "leads", "supports", "deadline")
        if (words := _said(name, line, part, names))
    ]


def _field(name: str, part: Part, names: Mapping[int, str]) -> dict[str, Any]:
    before, after = part.change.before, part.change.after
    assert before is not None and after is not None  # noqa: S101 - it is a changed one
    said = _said(name, before, part, names), _said(name, after, part, names)
    return {"label": FIELDS[name](), "pieces": list(_whole_names(*said) if name in UNITS else marked(*said))}


def _whole_names(before: str, after: str) -> Iterable[tuple[str, str]]:
    """Units that came and went by their whole names; where only their order changed, as any text."""
    old, new = before.split("、") if before else [], after.split("、") if after else []
    if set(old) == set(new):
        return marked(before, after)
    pieces = [("same" if name in new else "gone", name) for name in old]
    pieces += [("new", name) for name in new if name not in old]
    return [(kind, f"、{name}" if place else name) for place, (kind, name) in enumerate(pieces)]


def _said(name: str, line: Line, part: Part, names: Mapping[int, str]) -> str:
    if name in UNITS:
        return "、".join(names.get(unit, "") for unit in getattr(line, name))
    return _deadline(line) if name == "deadline" else getattr(line, name)


def _deadline(line: Line) -> str:
    """The deadline in words: as it was understood, or moved since it was printed."""
    kind, value = cast(tuple[str, Any], line.deadline)
    if kind == "by":
        return draft_words.understood({"freq": None, "start_on": None, "due_on": value})
    printed, rounds = line.deadline_raw or _("长期坚持"), draft_words.ROUNDS[value]()
    return rounds if rounds.startswith(printed) else f"{printed}，{rounds}"


# --- what became of them ----------------------------------------------------------------------------------------------
@require_safe
@login_required
@coordinators_only
def result(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Each accepted part: done, or the sentence that says why not."""
    plan = own_plan(request, plan_id)
    work = (
        plan.long_works.filter(kind=LongWork.Kind.APPLY, refusal="").exclude(finished_at=None).order_by("-pk").first()
    )
    if work is None or plan.revises is None:
        raise Http404
    words = {kind: label() for kind, label, _what in GROUPS}
    outcomes = [
        {"kind": words.get(kind, ""), "number": number, "refusal": refusal}
        for kind, number, refusal in work.result["outcomes"]
    ]
    done = [outcome for outcome in outcomes if not outcome["refusal"]]
    context = {
        "plan": plan,
        "steps": steps(plan, 5 if plan.applied_at else 4),
        "refused": [outcome for outcome in outcomes if outcome["refusal"]],
        "done": len(done),
        "groups": [(kind, found) for kind in words.values() if (found := _numbers(done, kind))],
        "basis": work.asked["basis"],
        "ledger_url": ledger_of(plan.revises),
    }
    return render(request, "workflow/imports/result.html", context)


def _numbers(done: Iterable[Mapping[str, str]], kind: str) -> list[str]:
    return [outcome["number"] for outcome in done if outcome["kind"] == kind]
