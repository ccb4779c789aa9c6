"""The texts of the legal loop are opened as the parties are: by those who answer for the case, on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import ActionNotYours, MeasureNotYours, PartiesNotYours
from incidents.measures import Measure
from incidents.models import Dispute, PartyAccess
from incidents.permissions import CaseDuties, may_open_parties
from incidents.services.actions import area_facts, check_unchanged

# One opening is one look at the case: who works on it all day is not asked at every page.
OPEN_FOR = timedelta(hours=1)


@transaction.atomic
def open_legal_texts(*, user: User, dispute_id: UUID, now: datetime | None = None) -> Dispute:
    """Open the texts of a case for an hour, for one who answers for it now. One record for each hour.

    Raises:
        DisputeNotFound, PartiesNotYours.
    """
    dispute = Dispute.objects.one_visible_to(user, dispute_id)
    if not may_open_parties(user, dispute):
        raise PartiesNotYours(**area_facts(dispute))
    if not _opened(user, dispute, now or timezone.now()):
        PartyAccess.objects.create(dispute=dispute, user=user)
    return dispute


def legal_texts_are_open(user: User, dispute: Dispute, now: datetime | None = None) -> bool:
    """Whether `user` answers for `dispute` now and opened it within the hour."""
    return may_open_parties(user, dispute) and _opened(user, dispute, now or timezone.now())


def _opened(user: User, dispute: Dispute, now: datetime) -> bool:
    return PartyAccess.objects.filter(dispute=dispute, user=user, at__gt=now - OPEN_FOR).exists()


@contextmanager
def locked_own(*, user: User, dispute_id: UUID, expected_version: int | None = None) -> Iterator[Dispute]:
    """The dispute, locked in a transaction, for one who answers for it. What its state permits is asked by
    the action that follows.

    Raises:
        DisputeNotFound, DisputeChanged, ActionNotYours.
    """
    with transaction.atomic():
        dispute = Dispute.objects.select_for_update(of=("self",)).one_visible_to(user, dispute_id)
        check_unchanged(dispute, expected_version)
        if not CaseDuties.of(user).act_on(dispute):
            raise ActionNotYours(**area_facts(dispute))
        yield dispute


def answered_for(*, user: User, dispute_id: UUID, measure: Measure) -> Dispute:
    """The dispute, if `measure` is this user's at all: asked before what they sent is read.

    Raises:
        DisputeNotFound, MeasureNotYours.
    """
    dispute = Dispute.objects.one_visible_to(user, dispute_id)
    if not CaseDuties.of(user).stands_for(measure, dispute):
        raise MeasureNotYours(**area_facts(dispute))
    return dispute
