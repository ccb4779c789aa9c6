"""What of the legal loop is about to run out: for those who are reminded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incidents.deadlines import confirmation_until
from incidents.models import Agreement, Dispute, FollowUpVisit, Instalment, JudicialConfirmation
from incidents.policies import policy_book
from incidents.workflow import SETTLED, State
from incidents.working_time import GUANGZHOU

# So many days before the last day to apply to the court someone is told.
CONFIRMATION_NOTICE_DAYS = (7, 3, 1)


class RunsOut(StrEnum):
    CONFIRMATION = "confirmation"
    INSTALMENT = "instalment"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class LegalDeadline:
    """`on` is the last day, `days_left` counts to it: 0 today, negative once it has passed.

    `number` is the instalment's, None for the others. Names no person and repeats no text.
    """

    dispute_id: UUID
    case_number: str
    kind: RunsOut
    on: date
    days_left: int
    number: int | None = None


def legal_deadlines(today: date) -> list[LegalDeadline]:
    """What runs out in every case, as of `today`.

    The last day for judicial confirmation in 7, 3 or 1 days; instalments due today or overdue; follow-up
    visits due today or overdue. What is overdue is given every day: whoever reminds says how often.
    """
    return [*_confirmations(today), *_instalments(today), *_follow_ups(today)]


def _confirmations(today: date) -> Iterator[LegalDeadline]:
    days = policy_book().rules_at(datetime.combine(today, time(12), GUANGZHOU)).policy.confirmation_days
    asked = JudicialConfirmation.objects.filter(agreement=OuterRef("pk"))
    effective_on = [today + timedelta(days=left - days) for left in CONFIRMATION_NOTICE_DAYS]
    agreements = Agreement.objects.filter(
        ~Exists(asked),
        form=Agreement.WRITTEN,
        broken_on=None,
        effective_on__in=effective_on,
        dispute__state=State.AGREED,
    ).select_related("dispute")
    for agreement in agreements:
        until = confirmation_until(agreement.effective_on, days)
        yield _deadline(agreement.dispute, RunsOut.CONFIRMATION, until, today)


def _instalments(today: date) -> Iterator[LegalDeadline]:
    """Also of closed cases: an agreement may run for years after."""
    open_ones = Instalment.objects.filter(
        done_on=None,
        due_on__lte=today,
        agreement__broken_on=None,
        agreement__dispute__state__in=SETTLED | {State.CLOSED},
    ).select_related("agreement__dispute")
    for instalment in open_ones.order_by("due_on", "id"):
        dispute = instalment.agreement.dispute
        yield _deadline(dispute, RunsOut.INSTALMENT, instalment.due_on, today, instalment.number)


def _follow_ups(today: date) -> Iterator[LegalDeadline]:
    """Visits that nobody has made since the agreement; one where nobody was reached is none."""
    tomorrow = datetime.combine(today + timedelta(days=1), time(), GUANGZHOU)
    reached = FollowUpVisit.objects.filter(~Q(result=FollowUpVisit.UNREACHED), dispute=OuterRef("pk"))
    since = reached.filter(recorded_at__gte=OuterRef("settled_at"))
    due = Dispute.objects.filter(
        ~Exists(since), state__in=SETTLED - {State.CONFIRMATION_PENDING}, due_at__lt=tomorrow
    )
    for dispute in due.order_by("due_at", "id"):
        yield _deadline(dispute, RunsOut.FOLLOW_UP, timezone.localtime(dispute.due_at).date(), today)


def _deadline(
    dispute: Dispute, kind: RunsOut, on: date, today: date, number: int | None = None
) -> LegalDeadline:
    return LegalDeadline(dispute.pk, dispute.case_number, kind, on, (on - today).days, number)
