"""Overdue disputes go up a level by themselves."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from grids.hierarchy import Level
from incidents.models import Dispute
from incidents.policies import policy_book
from incidents.policy import PolicyBook
from incidents.services.announcing import announce_change
from incidents.services.changes import escalate_if_due
from incidents.workflow import TRANSITIONS, Action

logger = logging.getLogger(__name__)

# What the workflow lets go up. Asked of the database, so that what stays (agreed, or at the district)
# is not locked again every minute; whether a dispute goes up is still decided by the policy.
_CAN_GO_UP = Q(
    state__in=sorted(TRANSITIONS[Action.ESCALATE].sources),
    level__in=[level for level in Level if level.above],
)


@dataclass(frozen=True)
class Escalated:
    """One dispute that went up; `reason` is the stable code of why."""

    case_number: str
    from_level: Level
    to_level: Level
    reason: str


@dataclass(frozen=True)
class EscalationRun:
    """`checked` overdue disputes could go up, of which `escalated` did and `failed` were refused.

    Those that are agreed or already at the district are not counted. What is neither escalated nor failed
    was being worked on.
    """

    checked: int
    escalated: tuple[Escalated, ...]
    failed: tuple[UUID, ...] = ()


def escalate_overdue(
    *, now: datetime | None = None, progress: Callable[[list[UUID]], Iterable[UUID]] = iter
) -> EscalationRun:
    """Send each dispute that is overdue at `now` one level up.

    Each has a transaction of its own, so that a long run holds up nobody and an interrupted one keeps
    what it did. One that someone is working on at this moment is left to the next run. Two runs at once
    share the work: the level is entered anew at `now`, so that nothing is escalated twice.

    `progress` wraps the list that is gone through, for a command to show how far it is.
    """
    now = now or timezone.now()
    overdue = Dispute.objects.overdue(now).filter(_CAN_GO_UP).order_by("due_at", "id")
    ids = list(overdue.values_list("id", flat=True))
    if not ids:
        return EscalationRun(0, ())
    book = policy_book()
    escalated, failed = [], []
    for dispute_id in progress(ids):
        try:
            escalated.append(_escalate(dispute_id, now, book))
        except IntegrityError as error:
            # A history out of step with its dispute must not hold up all the others, minute after minute.
            # Of the error only the constraint: its text repeats the row, and with it what people said.
            constraint = error.__cause__.diag.constraint_name
            logger.error("dispute %s: %s forbids escalation", dispute_id, constraint)
            failed.append(dispute_id)
    return EscalationRun(len(ids), tuple(done for done in escalated if done), tuple(failed))


@transaction.atomic
def _escalate(dispute_id: UUID, now: datetime, book: PolicyBook) -> Escalated | None:
    free = Dispute.objects.select_for_update(of=("self",), skip_locked=True)
    dispute = free.overdue(now).filter(_CAN_GO_UP, pk=dispute_id).first()
    if dispute is None:
        return None
    level = Level(dispute.level)
    event = escalate_if_due(dispute, book=book, at=now)
    if event is None:
        return None
    announce_change(dispute, Action.ESCALATE, actor=None)
    return Escalated(dispute.case_number, level, Level(dispute.level), event.reason_code)
