from incidents.models.dispute import Dispute
from incidents.models.event import DisputeEvent
from incidents.models.party import Party, PartyAccess

__all__ = ["Dispute", "DisputeEvent", "Party", "PartyAccess"]
