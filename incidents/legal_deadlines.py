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
from incidents.workflow import SETTLED, TRANSITIONS, Action, State
from incidents.working_time import GUANGZHOU

# So many days before the last day to apply to the court someone is told, or as soon after as somebody looks.
CONFIRMATION_NOTICE_DAYS = (7, 3, 1)
# No holidays last longer: by so much the last day may lie behind the days that the law counts.
_LONGEST_HOLIDAYS = timedelta(days=31)


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

    The last day for judicial confirmation from the seventh day before; instalments due today or overdue;
    follow-up visits due today or overdue. Each is given every day: whoever reminds says how often.
    """
    return [*_confirmations(today), *_instalments(today), *_follow_ups(today)]


def _confirmations(today: date) -> Iterator[LegalDeadline]:
    rules = policy_book().rules_at(datetime.combine(today, time(12), GUANGZHOU))
    asked = JudicialConfirmation.objects.filter(agreement=OuterRef("pk"))
    first = today - timedelta(days=rules.policy.confirmation_days)
    horizon = timedelta(days=max(CONFIRMATION_NOTICE_DAYS))
    agreements = Agreement.objects.in_force().filter(
        ~Exists(asked),
        form=Agreement.WRITTEN,
        effective_on__range=(first - _LONGEST_HOLIDAYS, first + horizon),
        dispute__state__in=sorted(TRANSITIONS[Action.APPLY_CONFIRMATION].sources),
    )
    for agreement in agreements.select_related("dispute").order_by("effective_on", "id"):
        until = confirmation_until(agreement.effective_on, rules)
        if today <= until <= today + horizon:
            yield _deadline(agreement.dispute, RunsOut.CONFIRMATION, until, today)


def _instalments(today: date) -> Iterator[LegalDeadline]:
    """Also of closed cases: an agreement may run for years after."""
    open_ones = Instalment.objects.filter(
        done_on=None,
        due_on__lte=today,
        agreement__in=Agreement.objects.in_force(),
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
