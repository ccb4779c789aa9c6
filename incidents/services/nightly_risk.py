"""Each night the rule is asked again about every open case: days pass, and neighbours quarrel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from incidents.measures import Measure
from incidents.models import Dispute
from incidents.policies import policy_book
from incidents.policy import PolicyBook
from incidents.services.announcing import announce_change
from incidents.services.changes import escalate_if_due
from incidents.services.risk import reassess_risk, risk_of
from incidents.workflow import Action


@dataclass(frozen=True)
class RiskRun:
    """Of `checked` open cases, `changed` have another colour now and `escalated` went up."""

    checked: int
    changed: int
    escalated: int


def reassess_open_risks(
    *, now: datetime | None = None, progress: Callable[[Iterable[Dispute]], Iterable[Dispute]] = iter
) -> RiskRun:
    """Ask the rule about each open case as it is at `now`. Only a case with another answer is locked."""
    now, book = now or timezone.now(), policy_book()
    # Gone through a chunk at a time: a district has some ten thousand open cases.
    open_cases = Dispute.objects.open().order_by("id").iterator(chunk_size=500)
    checked = changed = escalated = 0
    for dispute in progress(open_cases):
        checked += 1
        if risk_of(dispute, at=now, book=book).as_data() == dispute.risk_assessment:
            continue
        coloured, up = _reassess(dispute.pk, now, book)
        changed += coloured
        escalated += up
    return RiskRun(checked, changed, escalated)


@transaction.atomic
def _reassess(dispute_id: UUID, now: datetime, book: PolicyBook) -> tuple[bool, bool]:
    """Whether the case has another colour, and whether it went up for it."""
    free = Dispute.objects.select_for_update(of=("self",), skip_locked=True)
    dispute = free.open().filter(pk=dispute_id).first()
    # Whoever works on it at this hour is not held up: tomorrow night is another.
    if dispute is None or reassess_risk(dispute, book=book, at=now) is None:
        return False, False
    announce_change(dispute, Measure.ASSESS_RISK, actor=None)
    up = escalate_if_due(dispute, book=book, at=now) is not None
    if up:
        announce_change(dispute, Action.ESCALATE, actor=None)
    return True, up
