"""What becomes of a referral when the case moves, whoever moved it.

Apart from the services of referrals, so that the one of actions can ask it.
"""

from datetime import datetime

from grids.models import User
from incidents.errors import ReferralPending
from incidents.measures import Measure
from incidents.models import Dispute, DisputeEvent, Referral
from incidents.network_codes import REFERRAL_CHANNELS
from incidents.policies import policy_book
from incidents.services.changes import record_measure
from incidents.workflow import ENDED, Action

ENDED_WITH_CASE = "案件已结束 / the case has ended"


def pending_referral(dispute: Dispute) -> Referral | None:
    """The one referral of `dispute` that waits for an answer, locked. The dispute must be, too."""
    pending = Referral.objects.select_for_update().filter(dispute=dispute, answer=Referral.PENDING)
    return pending.first()


def with_partner(dispute: Dispute) -> Referral | None:
    """What was sent out and waits for the partner's answer."""
    return dispute.referrals.filter(answer=Referral.PENDING, direction=Referral.OUT).first()


def check_not_with_partner(dispute: Dispute, action: Action) -> None:
    """A case that a partner considers is not resumed behind its back. Raises ReferralPending."""
    if action is Action.RESUME:
        out = with_partner(dispute)
        if out:
            raise ReferralPending(organisation=out.organisation, answer_by=out.answer_by.isoformat())


def receive_from_source(dispute: Dispute, *, at: datetime) -> Referral | None:
    """A report that came from a partner is a referral in. Its number is filled in when it is known."""
    if dispute.source not in REFERRAL_CHANNELS:
        return None
    rules = policy_book().rules_at(at)
    return Referral.objects.create(
        dispute=dispute,
        direction=Referral.IN,
        channel=dispute.source,
        organisation=REFERRAL_CHANNELS[dispute.source][0],
        sent_at=at,
        answer_by=rules.after(at, rules.policy.referral),
    )


def settle_referral(
    dispute: Dispute, action: Action, *, at: datetime, actor: User | None, reason: str
) -> None:
    """What `action`, just taken, answers: taking the case on accepts what a partner sent, ending it declines.

    A case that was sent out and is voided meanwhile waits for no answer.
    """
    if action is not Action.ACCEPT and dispute.state not in ENDED:
        return
    referral = pending_referral(dispute)
    if referral is None:
        return
    if referral.direction == Referral.OUT:
        set_answer(referral, Referral.LAPSED, at=at, reason=ENDED_WITH_CASE)
    elif action is Action.ACCEPT:
        set_answer(referral, Referral.ACCEPTED, at=at)
    else:
        set_answer(referral, Referral.DECLINED, at=at, reason=reason)
    record_answer(dispute, referral, at=at, actor=actor)


def set_answer(referral: Referral, answer: str, *, at: datetime, reason: str = "") -> None:
    referral.answer, referral.answered_at, referral.reason = answer, at, reason
    referral.save(update_fields=["answer", "answered_at", "reason", "reference"])


def record_answer(
    dispute: Dispute,
    referral: Referral,
    *,
    at: datetime,
    actor: User | None,
    reason: str = "",
    reason_code: str = "",
) -> DisputeEvent:
    return record_measure(
        dispute, Measure.ANSWER_REFERRAL, at=at, actor=actor, reason=reason, reason_code=reason_code,
        organisation=referral.organisation,
        details={
            "referral": referral.pk, "direction": referral.direction, "channel": referral.channel,
            "answer": referral.answer,
        },
    )  # fmt: skip
