"""What all pages of one case share: its head and the tabs from one to the next."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models import Dispute
from incidents.permissions import CaseDuties

# Name of the address, which takes the dispute's id, and what the tab says.
TABS = [
    ("dispute", _("概况")),
    ("dispute_bodies", _("调解组织")),
    ("dispute_mediation", _("调解与协议")),
    ("dispute_documents", _("文书")),
    ("dispute_files", _("材料")),
]
# Addresses whose forms stand on the overview: a refusal shows it again.
OVERVIEW = frozenset({"dispute_action", "dispute_measure", "dispute_parties"})


@dataclass(frozen=True)
class Tab:
    url: str
    name: str
    current: bool


def case_context(request: HttpRequest, dispute: Dispute) -> dict:
    """The context that `incidents/case_page.html` needs: `dispute`, `case_tabs`, `duties`, `mine`, ..."""
    duties = CaseDuties.of(request.user)
    return {
        "dispute": dispute,
        "case_tabs": list(_tabs(request, dispute.pk)),
        "duties": duties,
        "mine": duties.act_on(dispute),
        "measures": duties.measures_for(dispute),
        "queue_filters": _queue_filters(request),
    }


def _queue_filters(request: HttpRequest) -> str:
    """The query of the list that the link here stood in: the way back is right before any script ran."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    return f"?{came_from.query}" if came_from.path == reverse("queue") and came_from.query else ""


def _tabs(request: HttpRequest, dispute_id: UUID):
    here = request.resolver_match.url_name if request.resolver_match else ""
    for url_name, name in TABS:
        # An address below the tab's, as for an action, belongs to the tab.
        current = here == url_name or url_name != "dispute" and here.startswith(url_name)
        current = current or url_name == "dispute" and here in OVERVIEW
        yield Tab(reverse(url_name, args=[dispute_id]), name, current)
