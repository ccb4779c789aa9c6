"""Pages of the disputes' room."""

from django.urls import path

from incidents.views import (
    appraisal,
    case_bodies,
    case_documents,
    case_files,
    case_mediation,
    dispute,
    exchange,
    guidance,
    handover,
    network,
    network_files,
    network_forms,
    notices,
    phone_app,
    policy,
    policy_calendar,
    public_case,
    publicity,
    queue,
    report,
    results,
)
from incidents.views.case_mediation_forms import FORMS

urlpatterns = [
    path("report", report.report, name="report"),
    path("report/service-worker.js", phone_app.service_worker, name="service_worker"),
    path("report/manifest.webmanifest", phone_app.manifest, name="phone_app_manifest"),
    path("queue", queue.queue, name="queue"),
    path("queue/urge", queue.urge_many, name="queue_urge"),
    path("disputes/<uuid:dispute_id>", dispute.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/actions/<slug:action>", dispute.act, name="dispute_action"),
    path("disputes/<uuid:dispute_id>/measures/<slug:measure>", dispute.measure, name="dispute_measure"),
    path("disputes/<uuid:dispute_id>/parties", dispute.parties, name="dispute_parties"),
    path("disputes/<uuid:dispute_id>/bodies", case_bodies.bodies, name="dispute_bodies"),
    *(
        path(
            f"disputes/<uuid:dispute_id>/bodies/{step}",
            case_bodies.posted(step),
            name=f"dispute_bodies_{step}",
        )
        for step in case_bodies.STEPS
    ),
    path("guidance", guidance.guidance, name="guidance"),
    path("case", public_case.case, name="public_case"),
    path("case/rate", public_case.rate, name="public_case_rate"),
    path("case/leave", public_case.leave, name="public_case_leave"),
    path("disputes/<uuid:dispute_id>/mediation", case_mediation.mediation, name="dispute_mediation"),
    path(
        "disputes/<uuid:dispute_id>/mediation/open", case_mediation.open_texts, name="dispute_mediation_open"
    ),
    path(
        "disputes/<uuid:dispute_id>/mediation/code", case_mediation.give_code, name="dispute_mediation_code"
    ),
    path(
        "disputes/<uuid:dispute_id>/mediation/revoke",
        case_mediation.revoke_code,
        name="dispute_mediation_revoke",
    ),
    *(
        path(
            f"disputes/<uuid:dispute_id>/mediation/{name}",
            case_mediation.taking(name),
            name=f"dispute_mediation_{name}",
        )
        for name in FORMS
    ),
    path("disputes/<uuid:dispute_id>/files", case_files.files, name="dispute_files"),
    path("disputes/<uuid:dispute_id>/files/add", case_files.add, name="dispute_files_add"),
    path(
        "disputes/<uuid:dispute_id>/files/<uuid:file_id>", case_files.content, name="dispute_files_content"
    ),
    path(
        "disputes/<uuid:dispute_id>/files/<uuid:file_id>/small", case_files.small, name="dispute_files_small"
    ),
    path(
        "disputes/<uuid:dispute_id>/files/<uuid:file_id>/remove",
        case_files.remove,
        name="dispute_files_remove",
    ),
    path("disputes/<uuid:dispute_id>/documents", case_documents.documents, name="dispute_documents"),
    path("disputes/<uuid:dispute_id>/documents/issue", case_documents.issue, name="dispute_documents_issue"),
    path(
        "disputes/<uuid:dispute_id>/documents/<int:document_id>.<str:form>",
        case_documents.document_file,
        name="dispute_documents_file",
    ),
    path("exchange", exchange.exchange, name="exchange"),
    path("exchange/import", exchange.upload, name="exchange_upload"),
    path("exchange/import/<uuid:job_id>", exchange.import_table, name="exchange_import"),
    path("exchange/template.xlsx", exchange.template, name="exchange_template"),
    path("exchange/export", exchange.export, name="exchange_export"),
    path("exchange/export.csv", exchange.export_csv, name="exchange_export_csv"),
    path("exchange/files/<uuid:job_id>", exchange.download, name="exchange_file"),
    path("exchange/files/<uuid:job_id>/progress", exchange.progress, name="exchange_progress"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.read_all, name="notices_read"),
    path("notices/settings", notices.notice_settings, name="notice_settings"),
    path("notices/settings/test", notices.test_notice, name="notice_test"),
    path("notices/<int:notice_id>/open", notices.open_notice, name="notice_open"),
    path("handover", handover.handover, name="handover"),
    path("results", results.results, name="results"),
    path("results/report.xlsx", results.results_report, name="results_report"),
    path("appraisal", appraisal.appraisal, name="appraisal"),
    path("appraisal/items", appraisal.items, name="appraisal_items"),
    path("appraisal/mediators/<str:mediator_code>", appraisal.mediator, name="appraisal_mediator"),
    path("appraisal/mediators/<str:mediator_code>/entries", appraisal.give, name="appraisal_give"),
    path(
        "appraisal/mediators/<str:mediator_code>/entries/<int:entry_id>/withdraw",
        appraisal.withdraw,
        name="appraisal_withdraw",
    ),
    path("publicity", publicity.publicity, name="publicity"),
    path("publicity/new", publicity.campaign, name="campaign_new"),
    path("publicity/<int:campaign_id>", publicity.campaign, name="campaign"),
    path("publicity/export.xlsx", publicity.export, {"form": "xlsx"}, name="publicity_xlsx"),
    path("publicity/export.csv", publicity.export, {"form": "csv"}, name="publicity_csv"),
    path("policy", policy.policy, name="policy"),
    path("policy/edit", policy.edit, name="policy_edit"),
    path("policy/remove", policy.remove, name="policy_remove"),
    path("policy/calendar", policy_calendar.calendar, name="policy_calendar"),
    path("policy/calendar/days", policy_calendar.set_day, name="policy_calendar_set"),
    path("policy/calendar/remove", policy_calendar.remove_day, name="policy_calendar_remove"),
    path("network", network.network, name="network"),
    path("network/import", network_files.import_file, name="network_import"),
    path("network/export.xlsx", network_files.export_xlsx, name="network_export_xlsx"),
    path("network/export.csv", network_files.export_csv, name="network_export_csv"),
    path("network/new", network_forms.edit_body, name="network_body_new"),
    path("network/mediators/<slug:mediator_code>", network.mediator, name="network_mediator"),
    path(
        "network/mediators/<slug:mediator_code>/edit",
        network_forms.edit_mediator,
        name="network_mediator_edit",
    ),
    path(
        "network/mediators/<slug:mediator_code>/trainings",
        network_forms.new_training,
        name="network_training_new",
    ),
    path(
        "network/mediators/<slug:mediator_code>/trainings/<int:training_id>/remove",
        network_forms.drop_training,
        name="network_training_drop",
    ),
    path("network/<slug:body_code>", network.body, name="network_body"),
    path("network/<slug:body_code>/edit", network_forms.edit_body, name="network_body_edit"),
    path(
        "network/<slug:body_code>/mediators/new", network_forms.edit_mediator, name="network_mediator_new"
    ),
]
