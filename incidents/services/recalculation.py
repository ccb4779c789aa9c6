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
from incidents.workflow import TRANSITIONS, Action, Move

# The kind of a job whose `done` and `total` say how far it is.
RECALCULATION = "recalculate_due_times"
SAID_EVERY = 100
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
    job = FileJob.objects.filter(pk=job_id, kind=RECALCULATION).first()
    if job is None:
        return
    job.state, job.total = FileJob.RUNNING, Dispute.objects.open().count()
    job.save(update_fields=["state", "total"])
    try:
        run = recalculate_due_times(progress=lambda cases: _saying(job, cases), why=CALENDAR_CHANGED)
    except Exception:
        _finish(job, FileJob.FAILED, {})
        raise
    job.done = job.total = run.checked
    _finish(job, FileJob.DONE, {"changed": run.changed})


def _saying(job: FileJob, cases: Iterable[Dispute]) -> Iterator[Dispute]:
    for done, case in enumerate(cases):
        if done % SAID_EVERY == 0:
            FileJob.objects.filter(pk=job.pk).update(done=done)
        yield case


def _finish(job: FileJob, state: str, result: dict) -> None:
    job.state, job.result, job.finished_at = state, result, timezone.now()
    job.save(update_fields=["state", "result", "done", "total", "finished_at"])


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
