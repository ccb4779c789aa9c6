"""Codes with which parties see how their own case stands, without an account, and rate it once."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import PartyCodeUnknown, RatedAlready, RatingTooEarly
from incidents.measures import Measure
from incidents.models import PartyCode, Rating
from incidents.party_code_text import ALPHABET, LENGTH, digest_of, in_groups, read_code
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.given_fields import field_error
from incidents.services.measures import locked_for
from incidents.workflow import ENDED, State

# What was reported twice or by mistake is nobody's handling.
RATED_STATES = ENDED - {State.VOID}
STARS = range(1, 6)


def give_party_code(
    *, user: User, dispute_id: UUID, expected_version: int | None = None, now: datetime | None = None
) -> tuple[PartyCode, str]:
    """A new code and its text in groups of four, which is known only now: no more than its digest is kept.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed.
    """
    now = now or timezone.now()
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    with locked_for(
        Measure.GIVE_PARTY_CODE, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        code = PartyCode.objects.create(dispute=dispute, digest=digest_of(text), given_by=user, given_at=now)
        record_measure(dispute, Measure.GIVE_PARTY_CODE, at=now, actor=user, details={"code": code.pk})
        announce_change(dispute, Measure.GIVE_PARTY_CODE, actor=user)
    return code, in_groups(text)


def revoke_party_code(
    *,
    user: User,
    dispute_id: UUID,
    code_id: int,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> PartyCode:
    """Take a code out of use: lost, or in the wrong hands.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed, FieldsInvalid (no such code).
    """
    now = now or timezone.now()
    with locked_for(
        Measure.GIVE_PARTY_CODE, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        code = dispute.party_codes.filter(pk=code_id, revoked_at=None).first()
        if code is None:
            raise field_error("code", "没有这个有效的查询码。 / No such code in use.", "unknown")
        code.revoked_at = now
        code.save(update_fields=["revoked_at"])
        record_measure(
            dispute, Measure.GIVE_PARTY_CODE, at=now, actor=user, reason_code="party_code_revoked",
            details={"code": code.pk},
        )  # fmt: skip
        announce_change(dispute, Measure.GIVE_PARTY_CODE, actor=user)
    return code


def find_party_code(text: str) -> PartyCode:
    """The code in use that `text` spells. Raises PartyCodeUnknown, the same for a wrong and a revoked one."""
    spelt = read_code(text)
    codes = PartyCode.objects.filter(revoked_at=None).select_related("dispute")
    code = spelt and codes.filter(digest=digest_of(spelt)).first()
    if not code:
        raise PartyCodeUnknown
    return code


@transaction.atomic
def rate_case(*, code_id: int, stars: int, now: datetime | None = None) -> Rating:
    """Rate an ended case with a code, once.

    Raises:
        PartyCodeUnknown, RatingTooEarly, RatedAlready, FieldsInvalid.
    """
    # The row lock keeps two hasty taps apart.
    code = PartyCode.objects.select_for_update().filter(pk=code_id, revoked_at=None).first()
    if code is None:
        raise PartyCodeUnknown
    if stars not in STARS:
        raise field_error("stars", "请选择 1 至 5 星。 / Choose 1 to 5 stars.", "invalid_choice")
    if code.dispute.standing.state not in RATED_STATES:
        raise RatingTooEarly
    if Rating.objects.filter(code=code).exists():
        raise RatedAlready
    return Rating.objects.create(
        dispute_id=code.dispute_id, code=code, stars=stars, rated_at=now or timezone.now()
    )
