"""The pages of the workflow."""

from django.urls import path

from workflow.views import accept, evidence, extending, inbox, ledger, objecting, rechecks, review, sub_item, to_do
from workflow.views.imports import changes, checking, documents, files, progress, publishing, rows, units

app_name = "workflow"
urlpatterns = [
    path("", to_do.to_do, name="to-do"),
    path("accept/", accept.accept, name="accept"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("items/<int:item_id>/", sub_item.sub_item, name="sub-item"),
    path("items/<int:item_id>/moves/<slug:name>/", sub_item.move, name="move"),
    path("items/<int:item_id>/report/", sub_item.report, name="report"),
    path("items/<int:item_id>/draft/", sub_item.draft, name="draft"),
    path("items/<int:item_id>/extensions/", extending.ask, name="extension-request"),
    path("extensions/<int:extension_id>/<slug:name>/", extending.settle, name="extension-settle"),
    path("items/<int:item_id>/objections/", objecting.raise_objection, name="objection-raise"),
    path("objections/<int:objection_id>/<slug:name>/", objecting.settle, name="objection-settle"),
    path("items/<int:item_id>/evidence/", evidence.add, name="evidence-add"),
    path("evidence/<int:evidence_id>/file/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:evidence_id>/view/", evidence.evidence_view, name="evidence-view"),
    path("evidence/<int:evidence_id>/remove/", evidence.remove, name="evidence-remove"),
    path("review/", review.review, name="review"),
    path("review/<int:item_id>/", review.review_item, name="review-item"),
    path("review/<int:item_id>/<slug:name>/", review.verdict, name="verdict"),
    path("rechecks/", rechecks.overview, name="rechecks"),
    path("rechecks/draws/<int:draw_id>/", rechecks.draw, name="draw"),
    path("rechecks/draws/<int:draw_id>/record/", rechecks.record, name="draw-record"),
    path("rechecks/<int:recheck_id>/stands/", rechecks.stands, name="recheck-stands"),
    path("imports/", files.imports, name="imports"),
    path("imports/<int:plan_id>/", checking.check, name="import"),
    path("imports/<int:plan_id>/progress/", progress.progress, name="import-progress"),
    path("imports/<int:plan_id>/document/", documents.document, name="import-document"),
    path("imports/<int:plan_id>/replace/", documents.replace, name="import-replace"),
    path("imports/<int:plan_id>/discard/", documents.discard, name="import-discard"),
    path("imports/<int:plan_id>/rows/<int:row_id>/", rows.row, name="import-row"),
    path("imports/<int:plan_id>/units/", units.units, name="import-units"),
    path("imports/<int:plan_id>/publish/", publishing.publishing, name="import-publish"),
    path("imports/<int:plan_id>/changes/", changes.changes, name="import-changes"),
    path("imports/<int:plan_id>/result/", changes.result, name="import-result"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:message_id>/read/", inbox.read, name="inbox-read"),
]
