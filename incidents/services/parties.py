"""Opening the personal data of a dispute."""

from uuid import UUID

from django.db import transaction

from grids.models import User
from incidents.errors import PartiesNotYours
from incidents.models import Dispute, Party, PartyAccess
from incidents.permissions import may_open_parties
from incidents.services.actions import area_facts


@transaction.atomic
def open_parties(*, user: User, dispute_id: UUID) -> list[Party]:
    """The parties of a dispute, for one who answers for it now. That they were opened is on record.

    Raises:
        DisputeNotFound, PartiesNotYours.
    """
    dispute = Dispute.objects.one_visible_to(user, dispute_id)
    if not may_open_parties(user, dispute):
        raise PartiesNotYours(**area_facts(dispute))
    PartyAccess.objects.create(dispute=dispute, user=user)
    return list(dispute.parties.all())
