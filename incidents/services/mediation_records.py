"""Writing down a mediation that was held."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.measures import Measure
from incidents.models import Dispute, MediationBody, MediationRecord
from incidents.models.legal import TEXT
from incidents.services.actions import take_action
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.given_fields import field_error
from incidents.services.measures import locked_for, require_text
from incidents.workflow import TRANSITIONS, Action

PLACE_LENGTH, ATTENDEES_LENGTH = 200, 1000
BEGINS_FROM = TRANSITIONS[Action.BEGIN_MEDIATION].sources


@transaction.atomic
def record_mediation(
    *,
    user: User,
    dispute_id: UUID,
    held_at: datetime,
    place: str,
    attendees: str,
    summary: str,
    body: str | None = None,
    begin: bool = False,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> MediationRecord:
    """Write down a mediation: when, where, who came (one name to a line) and in short what was said.

    `body` is the code of the mediation body, the case's lead body where none is given. With `begin` the
    mediation begins first, where the case is accepted, assigned or failed before.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed, FieldsInvalid,
        TransitionNotAllowed (`begin` where nothing can begin).
    """
    now = now or timezone.now()
    with locked_for(
        Measure.RECORD_MEDIATION, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        given = {
            "held_at": _held_at(held_at, dispute, now),
            "place": require_text("place", place, PLACE_LENGTH),
            "attendees": _lines(require_text("attendees", attendees, ATTENDEES_LENGTH)),
            "summary": require_text("summary", summary, TEXT),
            "body": _body(body, dispute),
        }
        if begin:
            dispute = take_action(user=user, dispute_id=dispute_id, action=Action.BEGIN_MEDIATION, now=now)
        number = dispute.mediation_records.count() + 1
        record = MediationRecord.objects.create(
            dispute=dispute, number=number, recorded_by=user, recorded_at=now, **given
        )
        details = {"number": number, "held_at": held_at.isoformat()}
        record_measure(dispute, Measure.RECORD_MEDIATION, at=now, actor=user, details=details)
        announce_change(dispute, Measure.RECORD_MEDIATION, actor=user)
    return record


def _held_at(held_at: datetime, dispute: Dispute, now: datetime) -> datetime:
    if held_at > now:
        message = "调解时间不能晚于现在:开过之后再登记。 / Not after now: write it down once it was held."
        raise field_error("held_at", message, "in_future")
    if held_at < dispute.occurred_at:
        message = "早于纠纷发生的时间。 / Before the dispute occurred."
        raise field_error("held_at", message, "too_early")
    return held_at


def _lines(text: str) -> str:
    """One name to a line, without empty ones."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _body(code: str | None, dispute: Dispute) -> MediationBody | None:
    if not code:
        return dispute.lead_body
    body = "\0" not in code and MediationBody.objects.filter(code=code).first()
    if not body:
        raise field_error("body", "没有这个调解组织。 / No such mediation body.", "unknown")
    return body
