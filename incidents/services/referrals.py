"""Cases sent to partners and received from them, and the clock that follows."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import FieldsInvalid, ReferralNotPending, ReferralPending
from incidents.measures import Measure
from incidents.models import Dispute, Referral
from incidents.network_codes import REFERRAL_CHANNELS
from incidents.policies import policy_book
from incidents.policy import PolicyBook
from incidents.services.actions import ORGANISATION_LENGTH, REASON_LENGTH
from incidents.services.announcing import announce_change
from incidents.services.changes import record_change, record_measure
from incidents.services.measures import locked_for, require_text
from incidents.services.referral_answers import pending_referral, record_answer, set_answer
from incidents.workflow import Action, State, allowed_actions

logger = logging.getLogger(__name__)

REFERENCE_LENGTH = Referral._meta.get_field("reference").max_length
LONGEST_WAIT = timedelta(days=366)
ANSWERS = (Referral.ACCEPTED, Referral.DECLINED)
# Stable code and sentence of what follows by itself.
SENT = ("referred_out", "已转出,等待对方答复 / referred, waiting for the partner's answer")
TAKEN = ("referral_accepted", "对方已接收 / the partner has taken it")
GIVEN_BACK = ("referral_declined", "对方不接收,继续办理 / declined by the partner, handled on")
LAPSED = ("referral_lapsed", "逾期未答复,继续办理 / not answered in time, handled on")


def refer_out(
    *,
    user: User,
    dispute_id: UUID,
    channel: str,
    organisation: str,
    reason: str,
    reference: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Referral:
    """Send the case to a partner. Until it answers the case is suspended and its clock stands still.

    Raises:
        FieldsInvalid, ReferralPending, and what `locked_for` raises.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.REFER_OUT, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        _check_none_pending(dispute)
        book = policy_book()
        given = _given(channel, organisation, reference)
        reason = require_text("reason", reason, REASON_LENGTH)
        referral = _create(dispute, Referral.OUT, given, now, book)
        _record(dispute, Measure.REFER_OUT, referral, at=now, actor=user, reason=reason)
        _move(dispute, Action.SUSPEND, SENT, at=now, actor=user, book=book)
        announce_change(dispute, Measure.REFER_OUT, actor=user)
    return referral


def receive_referral(
    *,
    user: User,
    dispute_id: UUID,
    channel: str,
    organisation: str,
    reference: str = "",
    answer_by: datetime | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Referral:
    """Write down that a partner sent this case, to be answered by `answer_by` or as the policy says.

    One that came with the report is filled in. Raises as `refer_out` does.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.RECEIVE_REFERRAL, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        given = _given(channel, organisation, reference)
        _check_day(answer_by, now)
        referral = pending_referral(dispute)
        if referral and referral.direction == Referral.OUT:
            _refuse(referral)
        if referral:
            for name, value in given.items():
                setattr(referral, name, value)
            referral.answer_by = answer_by or referral.answer_by
            referral.save(update_fields=[*given, "answer_by"])
        else:
            referral = _create(dispute, Referral.IN, given, now, policy_book(), answer_by)
        _record(dispute, Measure.RECEIVE_REFERRAL, referral, at=now, actor=user)
        announce_change(dispute, Measure.RECEIVE_REFERRAL, actor=user)
    return referral


def answer_referral(
    *,
    user: User,
    dispute_id: UUID,
    referral_id: int | None = None,
    answer: str,
    reason: str = "",
    reference: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Write down the answer to the referral that is pending: the partner's to what we sent, ours to theirs.

    Sent out: accepted ends the case with the partner; declined brings it back and its clock goes on.
    Received: accepted takes the case on; declined gives it back to the partner. A refusal has a reason.
    `reference` fills in the partner's number.

    Raises:
        FieldsInvalid, ReferralNotPending, and what `locked_for` raises.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.ANSWER_REFERRAL, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        referral = pending_referral(dispute)
        if referral is None or referral_id not in (None, referral.pk):
            raise ReferralNotPending
        if answer not in ANSWERS:
            raise FieldsInvalid({"answer": [_said("请选择接收或不接收。 / Accept or decline.", "required")]})
        reason = require_text("reason", reason, REASON_LENGTH, blank=answer == Referral.ACCEPTED)
        referral.reference = (
            require_text("reference", reference, REFERENCE_LENGTH, blank=True) or referral.reference
        )
        set_answer(referral, answer, at=now, reason=reason)
        record_answer(dispute, referral, at=now, actor=user, reason=reason)
        _follow(dispute, referral, at=now, actor=user, book=policy_book())
        announce_change(dispute, Measure.ANSWER_REFERRAL, actor=user)
    return dispute


def lapse_referrals(*, now: datetime | None = None) -> tuple[str, ...]:
    """Bring back the cases whose partner did not answer in time; gives their numbers.

    Each has a transaction of its own, and what somebody is working on is left to the next run. What we
    ourselves did not answer in time stays to be answered and shows as overdue.
    """
    now = now or timezone.now()
    late = Referral.objects.filter(answer=Referral.PENDING, direction=Referral.OUT, answer_by__lt=now)
    ids = list(late.order_by("answer_by", "id").values_list("dispute_id", flat=True))
    if not ids:
        return ()
    book, lapsed = policy_book(), []
    for dispute_id in ids:
        try:
            lapsed.append(_lapse(dispute_id, now, book))
        except IntegrityError as error:
            # Of the error only the constraint: its text repeats the row, and with it what people said.
            constraint = error.__cause__.diag.constraint_name
            logger.error("dispute %s: %s forbids that its referral lapses", dispute_id, constraint)
    return tuple(number for number in lapsed if number)


@transaction.atomic
def _lapse(dispute_id: UUID, now: datetime, book: PolicyBook) -> str | None:
    free = Dispute.objects.select_for_update(of=("self",), skip_locked=True)
    dispute = free.filter(pk=dispute_id).first()
    referral = dispute and pending_referral(dispute)
    if not referral or referral.direction != Referral.OUT or referral.answer_by >= now:
        return None
    code, sentence = LAPSED
    set_answer(referral, Referral.LAPSED, at=now, reason=sentence)
    record_answer(dispute, referral, at=now, actor=None, reason=sentence, reason_code=code)
    _resume(dispute, LAPSED, at=now, actor=None, book=book)
    announce_change(dispute, Measure.ANSWER_REFERRAL, actor=None)
    return dispute.case_number


def _follow(dispute: Dispute, referral: Referral, *, at: datetime, actor: User, book: PolicyBook) -> None:
    """What an answer does to the case."""
    accepted, out = referral.answer == Referral.ACCEPTED, referral.direction == Referral.OUT
    _resume(dispute, GIVEN_BACK if out and not accepted else ("", ""), at=at, actor=actor, book=book)
    if accepted and not out:
        _move(dispute, Action.ACCEPT, ("", ""), at=at, actor=actor, book=book)
    elif accepted or not out:
        why = ("", referral.reason) if referral.reason else TAKEN
        partner = referral.organisation
        _move(dispute, Action.TRANSFER, why, at=at, actor=actor, book=book, organisation=partner)


def _resume(dispute: Dispute, why: tuple[str, str], **facts) -> None:
    if dispute.state == State.SUSPENDED:
        _move(dispute, Action.RESUME, why, **facts)


def _move(dispute: Dispute, action: Action, why: tuple[str, str], *, book: PolicyBook, **facts) -> None:
    """Take `action` where the workflow lets it; a case that was taken on meanwhile is not taken on again."""
    if action in allowed_actions(dispute.standing):
        record_change(dispute, action, book=book, reason_code=why[0], reason=why[1], **facts)


def _given(channel: str, organisation: str, reference: str) -> dict[str, str]:
    if channel not in REFERRAL_CHANNELS:
        raise FieldsInvalid({"channel": [_said("请选择对接渠道。 / Choose a channel.", "required")]})
    return {
        "channel": channel,
        "organisation": require_text("organisation", organisation, ORGANISATION_LENGTH),
        "reference": require_text("reference", reference, REFERENCE_LENGTH, blank=True),
    }


def _check_day(answer_by: datetime | None, now: datetime) -> None:
    if answer_by is not None and not now < answer_by <= now + LONGEST_WAIT:
        message = "应晚于现在,不超过一年。 / Later than now, within a year."
        raise FieldsInvalid({"answer_by": [_said(message, "invalid")]})


def _create(
    dispute: Dispute,
    direction: str,
    given: dict[str, str],
    now: datetime,
    book: PolicyBook,
    answer_by: datetime | None = None,
) -> Referral:
    rules = book.rules_at(now)
    answer_by = answer_by or rules.after(now, rules.policy.referral)
    return Referral.objects.create(
        dispute=dispute, direction=direction, sent_at=now, answer_by=answer_by, **given
    )


def _record(
    dispute: Dispute, measure: Measure, referral: Referral, *, at: datetime, actor: User, reason: str = ""
) -> None:
    record_measure(
        dispute, measure, at=at, actor=actor, reason=reason, organisation=referral.organisation,
        details={
            "referral": referral.pk, "channel": referral.channel, "reference": referral.reference,
            "answer_by": referral.answer_by,
        },
    )  # fmt: skip


def _check_none_pending(dispute: Dispute) -> None:
    referral = pending_referral(dispute)
    if referral:
        _refuse(referral)


def _refuse(referral: Referral) -> None:
    raise ReferralPending(organisation=referral.organisation, answer_by=referral.answer_by.isoformat())


def _said(message: str, code: str) -> dict[str, str]:
    return {"message": message, "code": code}
