"""Stored due times follow the calendar: when a day becomes a holiday, open cases are due later."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from incidents.measures import Measure
from incidents.models import Dispute, FileJob
from incidents.policies import policy_book
from incidents.policy import PolicyBook
from incidents.services.announcing import announce_change
from incidents.services.changes import due_at_of, record_measure
from incidents.services.file_jobs import lead_job, progress_of
from incidents.workflow import TRANSITIONS, Action, Move

# The kind of a job whose `done` and `total` say how far it is.
RECALCULATION = "recalculate_due_times"
# Why, by its code: at other times than after an edit of the calendar it may as well have been an upgrade.
CALENDAR_CHANGED, RECALCULATED = "calendar_changed", "recalculated"
REASONS = {
    CALENDAR_CHANGED: "工作日历有调整 / the working calendar changed",
    RECALCULATED: "按现行的期限规则和工作日历核对 / checked against today's rules and working calendar",
}
_MOVES = {action for action in Action if TRANSITIONS[action].move is not Move.STAY}
_CLOCK_ANEW = _MOVES | {Action.REOPEN, Action.RECORD_BREACH}


@dataclass(frozen=True)
class Recalculation:
    """Of `checked` open cases, `changed` have another due time now."""

    checked: int
    changed: int


def recalculate_due_times(
    *,
    now: datetime | None = None,
    progress: Callable[[Iterable[Dispute]], Iterable[Dispute]] = iter,
    why: str = RECALCULATED,
) -> Recalculation:
    """Give each open case the due time that rule and calendar say today. The work is that of open cases;
    only those with another answer are locked, each in a transaction of its own. `why` is one of REASONS.
    """
    now, book = now or timezone.now(), policy_book()
    checked = changed = 0
    for dispute in progress(Dispute.objects.open().order_by("id").iterator(chunk_size=500)):
        checked += 1
        if _differences(dispute, book):
            changed += _recalculate(dispute.pk, now, book, why)
    return Recalculation(checked, changed)


def run_recalculation(job_id: UUID) -> None:
    """Do what the job asks, the calendar having been edited, saying how far it is."""
    # One whose worker was killed begins again: what is right already is only looked at.
    lead_job(job_id, _recalculate_all, begins_from=(FileJob.WAITING, FileJob.RUNNING))


def _recalculate_all(job: FileJob) -> dict:
    job.total = Dispute.objects.open().count()
    job.save(update_fields=["total"])
    run = recalculate_due_times(progress=lambda cases: _saying(job, cases), why=CALENDAR_CHANGED)
    job.total = run.checked
    return {"changed": run.changed}


def _saying(job: FileJob, cases: Iterable[Dispute]) -> Iterator[Dispute]:
    say = progress_of(job)
    for done, case in enumerate(cases):
        say(done)
        yield case


@transaction.atomic
def _recalculate(dispute_id: UUID, now: datetime, book: PolicyBook, why: str) -> bool:
    # Waits for whoever works on the case: their answer may be of the calendar before.
    dispute = Dispute.objects.select_for_update(of=("self",)).open().filter(pk=dispute_id).first()
    differences = _differences(dispute, book) if dispute else None
    if not differences:
        return False
    record_measure(
        dispute, Measure.RECALCULATE, at=now, actor=None, book=book, reason=REASONS[why],
        reason_code=why, changes=differences["changes"],
        details={"due_at": differences["due_at"]},
    )  # fmt: skip
    announce_change(dispute, Measure.RECALCULATE, actor=None)
    return True


def _differences(dispute: Dispute, book: PolicyBook) -> dict | None:
    """What is to be written, None where all is as it should be. Changes `dispute` in memory only."""
    was_due_at, was_paused = dispute.due_at, dispute.paused_working
    dispute.paused_working = _paused_working(dispute, book)
    due_at = due_at_of(dispute, book)
    changes = {} if dispute.paused_working == was_paused else {"paused_working": dispute.paused_working}
    dispute.paused_working = was_paused
    if due_at == was_due_at and not changes:
        return None
    return {"changes": changes, "due_at": due_at}


def _paused_working(dispute: Dispute, book: PolicyBook) -> timedelta:
    """Working time of the suspensions that ended since the case entered its level, from its history."""
    if not dispute.paused:
        return dispute.paused_working
    calendar = book.rules_at(dispute.level_entered_at).calendar
    wanted = _CLOCK_ANEW | {Action.SUSPEND, Action.RESUME}
    steps = dispute.events.filter(action__in=wanted).order_by("version")
    total, since = timedelta(), None
    for action, at in steps.values_list("action", "at"):
        if action in _CLOCK_ANEW:
            total = timedelta()
        elif action == Action.SUSPEND:
            since = at
        else:
            total += calendar.between(since, at)
    return total
