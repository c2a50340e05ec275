"""One file of evidence as pages list it (partials/evidence_row.html)."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from workflow import queries
from workflow.models import Evidence
from workflow.views import words

MARKS = {"pdf": "PDF", "jpg": "图", "png": "图", "xlsx": "表", "csv": "表"}


def file(evidence: Evidence, today: date, named: queries.Named, *, removable: bool = False) -> dict[str, Any]:
    viewable = evidence.blob.kind in ("pdf", "jpg", "png")
    signed = named(evidence.by, evidence.at)
    return {
        "pk": evidence.pk,
        "mark": MARKS.get(evidence.blob.kind, "文"),
        "filename": evidence.filename,
        "caption": evidence.caption,
        "url": reverse("workflow:evidence-view" if viewable else "workflow:evidence-file", args=[evidence.pk]),
        "size_words": words.size(evidence.blob.size),
        "on_words": words.day(timezone.localdate(evidence.at), today),
        "person": f"{evidence.unit.name} {signed}" if evidence.part_id else signed,
        "remove_url": reverse("workflow:evidence-remove", args=[evidence.pk]) if removable else "",
    }
