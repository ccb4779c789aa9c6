"""An agreement that was not kept."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.models import Agreement
from incidents.services.actions import take_action
from incidents.services.agreements import require_agreement
from incidents.services.given_fields import require_choice, require_day
from incidents.services.legal_access import locked_own
from incidents.services.measures import require_text
from incidents.workflow import Action, State

BREACH_LENGTH = 1000
COURT, ARBITRATION, MEDIATE_AGAIN, ENFORCEMENT = "court", "arbitration", "mediate_again", "enforcement"
# People's Mediation Law, art. 31: the committee urges performance; art. 32: over the performance or content
# of an agreement the parties may sue; art. 33: one that the court confirmed is enforced.
ADVICE = {
    COURT: "协议未履行,告知可向人民法院起诉。 / Not kept; the parties were told that they may sue.",
    ARBITRATION: "协议未履行,告知可申请仲裁。 / Not kept; the parties were told of arbitration.",
    MEDIATE_AGAIN: "协议未履行,双方愿再次调解。 / Not kept; the parties will mediate again.",
    ENFORCEMENT: "协议未履行,告知可申请强制执行。 / Not kept; the parties were told of enforcement.",
}


def advice_for(agreement: Agreement | None) -> tuple[str, ...]:
    """What there is to advise: what the court confirmed is decided, and neither sued over nor arbitrated."""
    confirmed = agreement is not None and agreement.confirmed
    return (MEDIATE_AGAIN, ENFORCEMENT) if confirmed else (MEDIATE_AGAIN, COURT, ARBITRATION)


@transaction.atomic
def record_breach(
    *,
    user: User,
    dispute_id: UUID,
    broken_on: date,
    breach: str,
    advice: str,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Agreement:
    """Write down that the agreement in force was not kept, and what the parties were advised.

    The handling begins anew; a case that was closed is opened again.

    Raises:
        DisputeNotFound, DisputeChanged, ActionNotYours, AgreementMissing,
        FieldsInvalid, TransitionNotAllowed (while the court decides).
    """
    now = now or timezone.now()
    with locked_own(user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        agreement = require_agreement(dispute)
        require_choice("advice", advice, advice_for(agreement))
        today = timezone.localtime(now).date()
        agreement.broken_on = require_day("broken_on", broken_on, today=today, since=agreement.reached_on)
        agreement.breach = require_text("breach", breach, BREACH_LENGTH)
        agreement.save(update_fields=["broken_on", "breach"])
        closed = dispute.state == State.CLOSED
        take_action(
            user=user,
            dispute_id=dispute_id,
            action=Action.REOPEN if closed else Action.RECORD_BREACH,
            reason=ADVICE[advice],
            reason_code=f"breach_{advice}",
            details={"agreement": agreement.number, "advice": advice},
            now=now,
        )
    return agreement
