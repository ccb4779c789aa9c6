"""Pages of the disputes' room."""

from django.urls import path

from incidents.views import dispute, exchange, queue, report

urlpatterns = [
    path("report", report.report, name="report"),
    path("report/addresses", report.known_addresses, name="known_addresses"),
    path("queue", queue.queue, name="queue"),
    path("disputes/<uuid:dispute_id>", dispute.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/actions/<slug:action>", dispute.act, name="dispute_action"),
    path("disputes/<uuid:dispute_id>/parties", dispute.parties, name="dispute_parties"),
    path("exchange", exchange.exchange, name="exchange"),
    path("exchange/import", exchange.upload, name="exchange_upload"),
    path("exchange/import/<uuid:job_id>", exchange.import_table, name="exchange_import"),
    path("exchange/template.xlsx", exchange.template, name="exchange_template"),
    path("exchange/export", exchange.export, name="exchange_export"),
    path("exchange/export.csv", exchange.export_csv, name="exchange_export_csv"),
    path("exchange/files/<uuid:job_id>", exchange.download, name="exchange_file"),
    path("exchange/files/<uuid:job_id>/progress", exchange.progress, name="exchange_progress"),
]
