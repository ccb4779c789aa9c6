"""What comes next in the legal loop of a case: one obvious step. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from incidents.workflow import AWAITING, ENDED, State


class LegalStep(StrEnum):
    ACCEPT = "accept"
    RESUME = "resume"
    MEDIATE = "mediate"
    AGREE = "agree"
    WRITE_TERMS = "write_terms"
    APPLY = "apply"
    DECIDE = "decide"
    VISIT = "visit"
    PAYMENT = "payment"
    BREACH = "breach"
    CLOSE = "close"
    MEDIATE_AGAIN = "mediate_again"
    DONE = "done"


@dataclass(frozen=True)
class LegalFacts:
    """`records` are the mediations written down since this mediation began. `may_apply` says that a written
    agreement is in force, its window open, and nobody asked the court yet. `open_instalments` are not done,
    `overdue_instalments` of them past their day. `last_visit` is its result, None where there was none.
    """

    state: State
    records: int = 0
    agreement: bool = False
    may_apply: bool = False
    last_visit: str | None = None
    open_instalments: int = 0
    overdue_instalments: int = 0


def next_legal_step(facts: LegalFacts) -> LegalStep:
    """The step to show first; what else is permitted stays possible."""
    if facts.state in AWAITING:
        return LegalStep.ACCEPT
    if facts.state in ENDED:
        closed_and_owed = facts.state is State.CLOSED and facts.open_instalments
        return LegalStep.PAYMENT if closed_and_owed else LegalStep.DONE
    match facts.state:
        case State.SUSPENDED:
            return LegalStep.RESUME
        case State.ACCEPTED | State.ASSIGNED:
            return LegalStep.MEDIATE
        case State.FAILED:
            return LegalStep.MEDIATE_AGAIN
        case State.MEDIATING:
            return LegalStep.AGREE if facts.records else LegalStep.MEDIATE
    return _after_agreement(facts)


def _after_agreement(facts: LegalFacts) -> LegalStep:
    if not facts.agreement:
        return LegalStep.WRITE_TERMS
    if facts.state is State.CONFIRMATION_PENDING:
        return LegalStep.DECIDE
    if facts.last_visit == "broken":
        return LegalStep.BREACH
    if facts.state is State.AGREED and facts.may_apply:
        return LegalStep.APPLY
    if facts.state is not State.FOLLOW_UP or facts.last_visit in (None, "unreached"):
        return LegalStep.VISIT
    if facts.overdue_instalments:
        return LegalStep.PAYMENT
    # Kept as far as it is due: what is still to come is watched after closing, too.
    return LegalStep.CLOSE if facts.last_visit == "kept" else LegalStep.VISIT
