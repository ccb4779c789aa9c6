"""The joint application to the court to confirm an agreement, and what became of it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.models import Dispute, JudicialConfirmation
from incidents.services.actions import take_action
from incidents.services.agreements import require_agreement
from incidents.services.given_fields import require_choice, require_day
from incidents.services.legal_access import locked_own
from incidents.services.measures import require_text
from incidents.workflow import Action

J = JudicialConfirmation
COURT_LENGTH, REFERENCE_LENGTH, REASON_LENGTH = 100, 60, 1000
# Outcome -> the action, what the history says, and its code.
OUTCOMES = {
    J.CONFIRMED: (Action.CONFIRM, "法院裁定协议有效。 / The court confirmed it.", "confirmation_confirmed"),
    J.REFUSED: (
        Action.REFUSE_CONFIRMATION, "法院裁定驳回申请。 / The court refused it.", "confirmation_refused",
    ),
    J.WITHDRAWN: (
        Action.REFUSE_CONFIRMATION, "双方撤回申请。 / The parties withdrew it.", "confirmation_withdrawn",
    ),
}  # fmt: skip


@transaction.atomic
def apply_confirmation(
    *,
    user: User,
    dispute_id: UUID,
    court: str,
    applied_on: date,
    reference: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> JudicialConfirmation:
    """Write down that the parties asked the court together, within 30 days of the agreement's effect
    (People's Mediation Law, art. 33). What can be confirmed is the action's rule.

    Raises:
        DisputeNotFound, DisputeChanged, ActionNotYours, TransitionNotAllowed,
        AgreementMissing, AgreementNotWritten, ConfirmationTooLate, FieldsInvalid.
    """
    now = now or timezone.now()
    with locked_own(user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        agreement = require_agreement(dispute)
        court = require_text("court", court, COURT_LENGTH)
        reference = require_text("reference", reference, REFERENCE_LENGTH, blank=True)
        today = timezone.localtime(now).date()
        require_day("applied_on", applied_on, today=today, since=agreement.effective_on)
        take_action(
            user=user, dispute_id=dispute_id, action=Action.APPLY_CONFIRMATION, now=now,
            details={"agreement": agreement.number, "applied_on": applied_on.isoformat()},
        )  # fmt: skip
        return J.objects.create(agreement=agreement, court=court, applied_on=applied_on, reference=reference)


@transaction.atomic
def decide_confirmation(
    *,
    user: User,
    dispute_id: UUID,
    outcome: str,
    decided_on: date,
    reason: str = "",
    reference: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Write down what became of the pending application: confirmed, refused or withdrawn.

    The court's reasons stay with the application; the history says only how it ended. `reason` is needed
    for a refusal.

    Raises:
        DisputeNotFound, DisputeChanged, ActionNotYours, TransitionNotAllowed,
        FieldsInvalid.
    """
    now = now or timezone.now()
    with locked_own(user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        require_choice("outcome", outcome, list(OUTCOMES))
        reason = require_text("reason", reason, REASON_LENGTH, blank=outcome != J.REFUSED)
        reference = require_text("reference", reference, REFERENCE_LENGTH, blank=True)
        pending = J.objects.filter(agreement__dispute=dispute, outcome=J.PENDING).first()
        today = timezone.localtime(now).date()
        require_day("decided_on", decided_on, today=today, since=pending and pending.applied_on)
        if pending:
            pending.outcome, pending.decided_on, pending.reason = outcome, decided_on, reason
            pending.reference = reference or pending.reference
            pending.save(update_fields=["outcome", "decided_on", "reason", "reference"])
        action, words, code = OUTCOMES[outcome]
        return take_action(
            user=user, dispute_id=dispute_id, action=action, reason=words, reason_code=code,
            details={"outcome": outcome, "decided_on": decided_on}, now=now,
        )  # fmt: skip
