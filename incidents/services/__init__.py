"""Whatever changes a dispute. One function for one change, called alike by pages, API and commands."""

from incidents.services.actions import take_action
from incidents.services.overdue import EscalationRun, escalate_overdue
from incidents.services.parties import open_parties
from incidents.services.reporting import report_dispute

__all__ = ["EscalationRun", "escalate_overdue", "open_parties", "report_dispute", "take_action"]
