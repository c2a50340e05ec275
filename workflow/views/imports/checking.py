"""核对内容: the rows of a draft in the ledger's own look, those with hints first in line."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.errors import WorkflowError
from workflow.models import Plan
from workflow.tables import Draft
from workflow.tables.draft import Row
from workflow.tables.table import RowKind
from workflow.views import words
from workflow.views.imports import draft_words
from workflow.views.imports.access import of_draft, steps
from workflow.views.imports.row_cells import sections
from workflow.views.imports.row_form import fields
from workflow.views.imports.uploads import ACCEPTED

PAGE = 100
OTHERS_SHOWN = 300
HINTED, DECIDE, ALL = "hints", "decide", "all"


@dataclass(frozen=True)
class Wanted:
    """What the address narrows the rows to; `row` is in sight whatever the rest says."""

    show: str = ""
    kind: str = ""
    unit: str = ""
    page: str = ""
    row: int | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> "Wanted":
        row, show = asked.get("row", ""), asked.get("show", "")
        return cls(
            show=show if show in (HINTED, DECIDE, ALL) else "",
            kind=asked.get("kind", "")[:40],
            unit=asked.get("unit", "")[:200],
            page=asked.get("page", "")[:6],
            row=int(row) if row.isdecimal() and row.isascii() and len(row) < 10 else None,
        )

    def address(self, plan: Plan, **changed: Any) -> str:
        """The page of these rows; a row named stands at its top."""
        new = replace(self, **changed)
        said = {name: value for name, value in vars(new).items() if value}
        anchor = f"#row-{new.row}" if new.row else ""
        return reverse("workflow:import", args=[plan.pk]) + (f"?{urlencode(said)}" if said else "") + anchor

    def query(self) -> str:
        """To come back to the same rows from a row's form."""
        return urlencode({name: value for name, value in vars(self).items() if value and name != "row"})


@require_GET
@of_draft
def check(request: HttpRequest, plan: Plan) -> HttpResponse:
    return page(request, plan, Wanted.of(request.GET))


def page(
    request: HttpRequest,
    plan: Plan,
    wanted: Wanted,
    *,
    editing: int | None = None,
    said: Mapping[str, Any] | None = None,
    error: WorkflowError | None = None,
) -> HttpResponse:
    """The rows; `editing` is the one whose form stands open, with what was typed and why it was refused."""
    draft = Draft(plan.table)
    warnings = draft_words.warnings_of(draft)
    rows, chosen = _rows(draft, warnings, replace(wanted, row=wanted.row or editing))
    row = draft.row(editing) if editing else None
    count, verdict = draft_words.hinted(draft)
    context = {
        "plan": plan,
        "document": getattr(plan, "document", None),
        "size": words.size(plan.document.size) if hasattr(plan, "document") else "",
        "accept": ACCEPTED,
        "steps": steps(plan, 2),
        "counted": draft_words.counted(draft),
        "hinted": count,
        "verdict": verdict,
        "edited": sum(row["edited"] for row in draft.rows),
        "left_out": len(draft.rows) - len(draft.standing()),
        "filters": list(_filters(plan, draft, warnings, chosen)),
        "wanted": chosen,
        "kind_label": draft_words.kind_label(chosen.kind),
        "whole_url": Wanted(show=chosen.show).address(plan),
        "query": chosen.query(),
        "sections": list(sections(draft, list(rows), editing=editing)),
        "page": rows,
        "older_url": chosen.address(plan, page=rows.next_page_number(), row=None) if rows.has_next() else "",
        "newer_url": chosen.address(plan, page=rows.previous_page_number(), row=None) if rows.has_previous() else "",
        "has_tasks": any(row["task"] or row["task_no"] for row in draft.rows),
        "table_hints": [warning["message"] for warning in warnings if warning["ref"] is None],
        "kinds": list(_kinds(plan, warnings, chosen)),
        "warnings": len(warnings),
        "deadlines": list(draft_words.deadlines(draft.standing())),
        "others": [_other(row) for row in draft.table["other_rows"][:OTHERS_SHOWN]],
        "others_count": len(draft.table["other_rows"]),
        "form": fields(row, said) if row else None,
        "offered": row["offered"] if row else [],
        "error": error,
    }
    return render(request, "workflow/imports/check.html", context, status=error.status if error else 200)


def _rows(draft: Draft, warnings: list[dict[str, Any]], wanted: Wanted) -> tuple[Page, Wanted]:
    """The page of the rows wanted, and what was wanted in full: rows with hints first, where there are any."""
    shown = wanted.show or (HINTED if any(warning["ref"] for warning in warnings) and not wanted.unit else ALL)
    wanted = replace(wanted, show=shown)
    ids = _ids(draft, warnings, wanted)
    found = [row for row in draft.rows if row["id"] == wanted.row or row["id"] in ids]
    pages = Paginator(found, PAGE)
    place = next((place for place, row in enumerate(found) if row["id"] == wanted.row), None)
    chosen = pages.get_page(wanted.page if place is None else place // PAGE + 1)
    return chosen, replace(wanted, page=str(chosen.number) if chosen.number > 1 else "")


def _ids(draft: Draft, warnings: list[dict[str, Any]], wanted: Wanted) -> set[int]:
    about = [w for w in warnings if not wanted.kind or w["code"] == wanted.kind]
    if wanted.show == DECIDE:
        about = [warning for warning in about if draft_words.must_decide(warning)]
    warned = {warning["ref"] for warning in about}
    return {
        row["id"]
        for row in draft.rows
        if (wanted.show == ALL and not wanted.kind) or row["id"] in warned
        if not wanted.unit or wanted.unit in row["leads"] or wanted.unit in row["supports"]
    }


def _filters(plan: Plan, draft: Draft, warnings: list[dict[str, Any]], chosen: Wanted) -> Any:
    hinted = {warning["ref"] for warning in warnings} - {None}
    decide = {warning["ref"] for warning in warnings if draft_words.must_decide(warning)} - {None}
    for show, label, count in (
        (HINTED, _("有提示的 %(n)s 行"), len(hinted)),
        (DECIDE, _("请您定的 %(n)s 行"), len(decide)),
        (ALL, _("全部 %(n)s 行"), len(draft.rows)),
    ):
        if count or show == ALL:
            current = chosen.show == show and not chosen.kind and not chosen.unit
            yield {"label": label % {"n": count}, "url": Wanted(show=show).address(plan), "current": current}


def _kinds(plan: Plan, warnings: list[dict[str, Any]], chosen: Wanted) -> Any:
    """Each kind of hint with its rows; what a person must decide comes first."""
    counts = Counter(warning["code"] for warning in warnings if warning["ref"] is not None)
    decide = {warning["code"] for warning in warnings if draft_words.must_decide(warning)}
    for code, count in sorted(counts.items(), key=lambda entry: (entry[0] not in decide, -entry[1])):
        yield {
            "label": draft_words.kind_label(code),
            "count": count,
            "decide": code in decide,
            "url": Wanted(show=ALL, kind=code).address(plan),
            "current": chosen.kind == code,
        }


def _other(row: Row) -> dict[str, Any]:
    kind = RowKind(row["kind"]).label
    return {"kind": kind, "row": row["source"]["row"], "sheet": row["source"]["sheet"], "text": row["text"]}
