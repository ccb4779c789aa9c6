"""Follow-up visits: is the agreement kept?"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.measures import Measure
from incidents.models import FollowUpVisit
from incidents.services.actions import take_action
from incidents.services.agreements import agreement_in_force
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.given_fields import require_choice, require_day
from incidents.services.measures import locked_for, require_text
from incidents.workflow import TRANSITIONS, Action

NOTE_LENGTH = 1000
METHODS = [code for code, _ in FollowUpVisit._meta.get_field("method").choices]
RESULTS = [code for code, _ in FollowUpVisit._meta.get_field("result").choices]


@transaction.atomic
def record_visit(
    *,
    user: User,
    dispute_id: UUID,
    visited_on: date,
    method: str,
    result: str,
    note: str = "",
    begin_follow_up: bool = True,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> FollowUpVisit:
    """Write down a visit or a call. The first after an agreement begins the follow-up.

    With `begin_follow_up` False the case stays agreed, so that the parties may still ask the court.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed, FieldsInvalid.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.RECORD_VISIT, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        agreement = agreement_in_force(dispute)
        today = timezone.localtime(now).date()
        # A case may be settled by the plain action, without its agreement written down.
        since = agreement.reached_on if agreement else timezone.localtime(dispute.occurred_at).date()
        given = {
            "visited_on": require_day("visited_on", visited_on, today=today, since=since),
            "method": require_choice("method", method, METHODS),
            "result": require_choice("result", result, RESULTS),
            "note": require_text("note", note, NOTE_LENGTH, blank=True),
        }
        if begin_follow_up and dispute.standing.state in TRANSITIONS[Action.FOLLOW_UP].sources:
            dispute = take_action(user=user, dispute_id=dispute_id, action=Action.FOLLOW_UP, now=now)
        visit = FollowUpVisit.objects.create(dispute=dispute, visited_by=user, recorded_at=now, **given)
        details = {"visited_on": visited_on, "method": method, "result": result}
        record_measure(dispute, Measure.RECORD_VISIT, at=now, actor=user, details=details)
        announce_change(dispute, Measure.RECORD_VISIT, actor=user)
    return visit
