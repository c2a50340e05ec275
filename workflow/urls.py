"""The pages of the workflow."""

from django.urls import path

from workflow.views import accept, evidence, inbox, ledger, review, sub_item, to_do

app_name = "workflow"
urlpatterns = [
    path("", to_do.to_do, name="to-do"),
    path("accept/", accept.accept, name="accept"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("items/<int:item_id>/", sub_item.sub_item, name="sub-item"),
    path("items/<int:item_id>/moves/<slug:name>/", sub_item.move, name="move"),
    path("items/<int:item_id>/report/", sub_item.report, name="report"),
    path("items/<int:item_id>/draft/", sub_item.draft, name="draft"),
    path("items/<int:item_id>/evidence/", evidence.add, name="evidence-add"),
    path("evidence/<int:evidence_id>/file/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:evidence_id>/view/", evidence.evidence_view, name="evidence-view"),
    path("evidence/<int:evidence_id>/remove/", evidence.remove, name="evidence-remove"),
    path("review/", review.review, name="review"),
    path("review/<int:item_id>/", review.review_item, name="review-item"),
    path("review/<int:item_id>/<slug:name>/", review.verdict, name="verdict"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:message_id>/read/", inbox.read, name="inbox-read"),
]
