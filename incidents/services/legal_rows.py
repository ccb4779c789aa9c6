"""The rows of the legal loop follow the case, also where an action was taken without their forms."""

from datetime import date

from incidents.models import Dispute, JudicialConfirmation
from incidents.workflow import Action

_OUTCOMES = {
    Action.CONFIRM: JudicialConfirmation.CONFIRMED,
    Action.REFUSE_CONFIRMATION: JudicialConfirmation.REFUSED,
}


def settle_legal_rows(dispute: Dispute, action: Action, *, on: date, reason: str) -> None:
    """What `action` on the locked `dispute` ends: an agreement that was not kept, an application decided.

    Does nothing where the service of the form has written it already.
    """
    if action is Action.RECORD_BREACH:
        dispute.agreements.in_force().update(broken_on=on, breach=reason)
    if action in _OUTCOMES:
        pending = JudicialConfirmation.objects.filter(
            agreement__dispute=dispute, outcome=JudicialConfirmation.PENDING
        )
        pending.update(outcome=_OUTCOMES[action], decided_on=on, reason=reason)
