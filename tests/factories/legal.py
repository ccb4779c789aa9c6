"""Cases on their way through the legal loop."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from grids.models import User
from incidents.models import Agreement, Dispute, MediationRecord
from incidents.services.agreements import InstalmentGiven, agreement_in_force, record_agreement
from incidents.services.confirmations import apply_confirmation
from incidents.services.mediation_records import record_mediation
from incidents.workflow import SETTLED, Action
from tests.factories.disputes import NOW, act

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
TERMS = "乙方分三次付给甲方修缮费。"
INSTALMENTS = [
    InstalmentGiven(what="首期修缮费", amount_yuan=Decimal("500.00"), due_on=TODAY + 10 * DAY),
    InstalmentGiven(what="修好水管", due_on=TODAY + 20 * DAY),
]


def mediated(user: User, dispute: Dispute, *, now: datetime = NOW) -> MediationRecord:
    """`dispute` accepted, with one mediation written down, which began it."""
    act(user, dispute, Action.ACCEPT, now=now)
    return record_mediation(
        user=user,
        dispute_id=dispute.pk,
        held_at=now - timedelta(minutes=30),
        place="社区调解室",
        attendees="林某(申请人)\n陈某(被申请人)",
        summary="林某要求修复天花板,陈某愿意分期赔偿。",
        begin=True,
        now=now,
    )


def agreed(user: User, dispute: Dispute, *, now: datetime = NOW, **changes) -> Agreement:
    """`dispute` mediated and agreed in writing today, with two instalments."""
    mediated(user, dispute, now=now)
    given = {"form": "written", "reached_on": TODAY, "terms": TERMS, "instalments": INSTALMENTS} | changes
    return record_agreement(user=user, dispute_id=dispute.pk, now=now, **given)


def ask_court(*, user: User, dispute_id: UUID, now: datetime, **_) -> None:
    """The parties ask the court on the day of `now`; what they agreed on is written down first.

    Takes what `take_action` takes, so that it stands in for the action.
    """
    dispute, today = Dispute.objects.one_visible_to(user, dispute_id), now.astimezone(NOW.tzinfo).date()
    if dispute.state in SETTLED and agreement_in_force(dispute) is None:
        record_agreement(
            user=user, dispute_id=dispute_id, form="written", reached_on=today, terms=TERMS, now=now
        )
    apply_confirmation(user=user, dispute_id=dispute_id, court="海珠区人民法院", applied_on=today, now=now)
