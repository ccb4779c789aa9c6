"""Disputes, under /api/v1/."""

from django.urls import path

from incidents.api import (
    bodies,
    documents,
    files,
    legal,
    measures,
    network,
    phone,
    referrals,
    reporting,
    results,
    views,
)

urlpatterns = [
    path("disputes", views.DisputesView.as_view(), name="api_disputes"),
    path("disputes/similar", phone.SimilarView.as_view(), name="api_disputes_similar"),
    path("disputes/<uuid:dispute_id>", views.DisputeView.as_view(), name="api_dispute"),
    path("disputes/<uuid:dispute_id>/events", views.EventsView.as_view(), name="api_dispute_events"),
    path("disputes/<uuid:dispute_id>/parties", views.PartiesView.as_view(), name="api_dispute_parties"),
    path(
        "disputes/<uuid:dispute_id>/actions/<str:action>",
        views.ActionView.as_view(),
        name="api_dispute_action",
    ),
    path(
        "disputes/<uuid:dispute_id>/measures/<str:measure>",
        measures.MeasureView.as_view(),
        name="api_dispute_measure",
    ),
    path(
        "disputes/<uuid:dispute_id>/mediation_records",
        legal.MediationRecordsView.as_view(),
        name="api_dispute_mediation_records",
    ),
    path(
        "disputes/<uuid:dispute_id>/agreements", legal.AgreementsView.as_view(), name="api_dispute_agreements"
    ),
    path(
        "disputes/<uuid:dispute_id>/confirmations",
        legal.ConfirmationsView.as_view(),
        name="api_dispute_confirmations",
    ),
    path("disputes/<uuid:dispute_id>/visits", legal.VisitsView.as_view(), name="api_dispute_visits"),
    path("disputes/<uuid:dispute_id>/files", files.FilesView.as_view(), name="api_dispute_files"),
    path(
        "disputes/<uuid:dispute_id>/files/<uuid:file_id>", files.FileView.as_view(), name="api_dispute_file"
    ),
    path(
        "disputes/<uuid:dispute_id>/photos/<uuid:photo_key>",
        phone.PhotoView.as_view(),
        name="api_dispute_photo",
    ),
    path(
        "disputes/<uuid:dispute_id>/supplements",
        phone.SupplementsView.as_view(),
        name="api_dispute_supplements",
    ),
    path(
        "disputes/<uuid:dispute_id>/documents",
        documents.DocumentsView.as_view(),
        name="api_dispute_documents",
    ),
    path(
        "disputes/<uuid:dispute_id>/documents/<int:document_id>.<str:form>",
        documents.DocumentFileView.as_view(),
        name="api_dispute_document",
    ),
    path("disputes/<uuid:dispute_id>/bodies", bodies.BodiesView.as_view(), name="api_dispute_bodies"),
    path("disputes/<uuid:dispute_id>/bodies/choose", bodies.ChooseView.as_view(), name="api_bodies_choose"),
    path("disputes/<uuid:dispute_id>/bodies/call_in", bodies.CallInView.as_view(), name="api_bodies_call_in"),
    path(
        "disputes/<uuid:dispute_id>/bodies/release", bodies.ReleaseView.as_view(), name="api_bodies_release"
    ),
    path("disputes/<uuid:dispute_id>/referrals", referrals.ReferralsView.as_view(), name="api_referrals"),
    path(
        "disputes/<uuid:dispute_id>/referrals/<int:referral_id>/answer",
        referrals.AnswerView.as_view(),
        name="api_referral_answer",
    ),
    path("reporting/probe", reporting.ProbeView.as_view(), name="api_reporting_probe"),
    path("reporting/worker", reporting.WorkerView.as_view(), name="api_reporting_worker"),
    path("reporting/reference", reporting.ReferenceView.as_view(), name="api_reporting_reference"),
    path("results", results.ResultsView.as_view(), name="api_results"),
    path("bodies", network.NetworkView.as_view(), name="api_network"),
    path("bodies/<str:body_code>", network.NetworkBodyView.as_view(), name="api_network_body"),
]
