"""What the parties agreed on: written down, kept in instalments, or broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.models import User
from incidents.errors import AgreementMissing, FieldsInvalid
from incidents.measures import Measure
from incidents.models import Agreement, Dispute, Instalment
from incidents.models.legal import TEXT
from incidents.policies import policy_book
from incidents.services.actions import take_action
from incidents.services.announcing import announce_change
from incidents.services.changes import record_measure
from incidents.services.given_fields import field_error, require_choice, require_day
from incidents.services.legal_access import locked_own
from incidents.services.measures import locked_for, require_text
from incidents.workflow import SETTLED, Action, State

MOST_INSTALMENTS, WHAT_LENGTH = 60, 200
MOST_YUAN = Decimal("999999999999.99")
# Only a short, neutral phrase goes into the history: the terms are about people.
REASONS = {
    Agreement.ORAL: "口头协议。 / An oral agreement.",
    Agreement.WRITTEN: "书面协议。 / A written agreement.",
}


@dataclass(frozen=True)
class InstalmentGiven:
    """One thing to be done by a day; `amount_yuan` where it is a payment."""

    what: str
    due_on: date
    amount_yuan: Decimal | None = None


@transaction.atomic
def record_agreement(
    *,
    user: User,
    dispute_id: UUID,
    form: str,
    reached_on: date,
    terms: str,
    effective_on: date | None = None,
    facts: str = "",
    instalments: Sequence[InstalmentGiven] = (),
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Agreement:
    """Write down the agreement that ends a mediation; the case is then agreed.

    `effective_on` is the day of an oral agreement itself, for a written one the day on which all had signed
    (People's Mediation Law, arts. 29 and 30). Where the case was moved on without its terms, they are added.
    One that the court did not confirm may be changed: what is given takes its place (art. 33).

    Raises:
        DisputeNotFound, DisputeChanged, ActionNotYours, TransitionNotAllowed, FieldsInvalid.
    """
    now = now or timezone.now()
    today = timezone.localtime(now).date()
    with locked_own(user=user, dispute_id=dispute_id, expected_version=expected_version) as dispute:
        in_force = agreement_in_force(dispute)
        given = _given(dispute, form, reached_on, effective_on, terms, facts, today)
        rows = _instalments(instalments, reached_on)
        number = dispute.agreements.count() + 1
        details = {"agreement": number, "form": form, "instalments": len(rows)}
        if dispute.state in SETTLED and in_force is None:
            _record_beside(dispute, "agreement_recorded_later", at=now, actor=user, details=details)
        elif in_force and may_be_changed(in_force, dispute):
            # The visit is due as after any agreement. In whole seconds, as the history's JSON can hold them.
            _record_beside(
                dispute, "agreement_changed", at=now, actor=user, details=details, book=policy_book(),
                changes={"settled_at": now.replace(microsecond=0)},
            )  # fmt: skip
        else:
            dispute = take_action(
                user=user, dispute_id=dispute_id, action=Action.RECORD_AGREEMENT, reason=REASONS[form],
                reason_code=f"agreement_{form}", details=details, now=now,
            )  # fmt: skip
        # After a refusal, or in a case opened again: what the parties agree on now takes the former's place.
        dispute.agreements.in_force().update(replaced_on=today)
        agreement = Agreement.objects.create(
            dispute=dispute, number=number, form=form, recorded_by=user, recorded_at=now, **given
        )
        Instalment.objects.bulk_create(
            Instalment(agreement=agreement, number=place, what=row.what, amount_yuan=row.amount_yuan,
                       due_on=row.due_on)
            for place, row in enumerate(rows, 1)
        )  # fmt: skip
    return agreement


def _record_beside(dispute: Dispute, code: str, *, details: dict, actor: User, **given) -> None:
    """An agreement that does not move the case."""
    measure, reason = Measure.RECORD_MEDIATION, REASONS[details["form"]]
    record_measure(dispute, measure, actor=actor, reason=reason, reason_code=code, details=details, **given)
    announce_change(dispute, measure, actor=actor)


def may_be_changed(agreement: Agreement, dispute: Dispute) -> bool:
    """Whether the parties may change `agreement`, which is in force, without a breach: once the court did not
    confirm it (People's Mediation Law, art. 33)."""
    return dispute.state in (State.AGREED, State.FOLLOW_UP) and agreement.refused


@transaction.atomic
def record_payment(
    *,
    user: User,
    dispute_id: UUID,
    number: int,
    done_on: date,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Instalment:
    """Write down that instalment `number` of the agreement in force was done.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed, AgreementMissing, FieldsInvalid.
    """
    now = now or timezone.now()
    with locked_for(
        Measure.RECORD_PAYMENT, user=user, dispute_id=dispute_id, expected_version=expected_version
    ) as dispute:
        agreement = require_agreement(dispute)
        instalment = agreement.instalments.filter(number=number).first()
        if instalment is None:
            raise field_error("number", "没有这一期。 / No such instalment.", "unknown")
        if instalment.done_on:
            raise field_error("number", "这一期已登记履行。 / It is recorded as done already.", "done")
        today = timezone.localtime(now).date()
        instalment.done_on = require_day("done_on", done_on, today=today, since=agreement.reached_on)
        instalment.save(update_fields=["done_on"])
        details = {"number": number, "done_on": done_on}
        record_measure(dispute, Measure.RECORD_PAYMENT, at=now, actor=user, details=details)
        announce_change(dispute, Measure.RECORD_PAYMENT, actor=user)
    return instalment


def agreement_in_force(dispute: Dispute) -> Agreement | None:
    return dispute.agreements.in_force().first()


def require_agreement(dispute: Dispute) -> Agreement:
    """The agreement in force. Raises AgreementMissing."""
    agreement = agreement_in_force(dispute)
    if agreement is None:
        raise AgreementMissing
    return agreement


def _given(dispute, form, reached_on, effective_on, terms, facts, today) -> dict:
    require_choice("form", form, [Agreement.ORAL, Agreement.WRITTEN])
    occurred_on = timezone.localtime(dispute.occurred_at).date()
    require_day("reached_on", reached_on, today=today, since=occurred_on)
    effective_on = effective_on or reached_on
    if form == Agreement.ORAL and effective_on != reached_on:
        message = "口头协议自达成之日起生效。 / An oral agreement takes effect when reached."
        raise field_error("effective_on", message)
    return {
        "reached_on": reached_on,
        "effective_on": require_day("effective_on", effective_on, today=today, since=reached_on),
        "terms": require_text("terms", terms, TEXT),
        "facts": require_text("facts", facts, TEXT, blank=True),
    }


def _instalments(given: Sequence[InstalmentGiven], reached_on: date) -> list[InstalmentGiven]:
    """As given, once each is sound. Faults are named by row: "instalments.0.what"."""
    if len(given) > MOST_INSTALMENTS:
        message = f"最多 {MOST_INSTALMENTS} 期。 / At most {MOST_INSTALMENTS}."
        raise field_error("instalments", message)
    errors = {}
    for place, row in enumerate(given):
        try:
            require_text("what", row.what, WHAT_LENGTH)
            if row.due_on < reached_on:
                raise field_error("due_on", "不能早于达成日期。 / Not before it was agreed.", "too_early")
            if row.amount_yuan is not None and not 0 < row.amount_yuan <= MOST_YUAN:
                raise field_error("amount_yuan", "金额应大于 0。 / An amount above 0.")
        except FieldsInvalid as error:
            errors |= {f"instalments.{place}.{name}": why for name, why in error.facts["errors"].items()}
    if errors:
        raise FieldsInvalid(errors)
    return [InstalmentGiven(row.what.strip(), row.due_on, row.amount_yuan) for row in given]
