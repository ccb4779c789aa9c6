"""Pages of the disputes' room."""

from django.urls import path

from incidents.views import dispute, queue, report

urlpatterns = [
    path("report", report.report, name="report"),
    path("report/addresses", report.known_addresses, name="known_addresses"),
    path("queue", queue.queue, name="queue"),
    path("disputes/<uuid:dispute_id>", dispute.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/actions/<slug:action>", dispute.act, name="dispute_action"),
    path("disputes/<uuid:dispute_id>/parties", dispute.parties, name="dispute_parties"),
]
