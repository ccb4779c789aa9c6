"""What happens by itself. procrastinate's worker runs it; `serve` starts one."""

from uuid import UUID

from procrastinate import RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

from incidents.errors import ChannelFailed
from incidents.exchange.job_files import prune_files
from incidents.exchange.jobs import run_job
from incidents.notices.sending import send_notice
from incidents.services import escalate_overdue
from incidents.services.abandoned_jobs import fail_abandoned_files, release_stalled_jobs
from incidents.services.attachments import delete_orphans
from incidents.services.nightly_risk import reassess_open_risks
from incidents.services.notices import SEND, forget_old_notices
from incidents.services.recalculation import recalculate_due_times, run_recalculation
from incidents.services.referrals import lapse_referrals
from incidents.services.reminders import (
    remind_before_due,
    remind_of_legal_deadlines,
    remind_of_referrals,
    send_digests,
)

# Long enough to look into what failed; without pruning a job a minute makes half a million rows a year.
KEEP_JOBS_HOURS = 72

# Cron lines are read in UTC: 18 to 19 o'clock is 2 to 3 at night in Guangzhou.

# The queueing lock keeps a worker that was away from finding a row of waiting jobs, the lock a slow
# run from meeting the next.
@app.periodic(cron="* * * * *")
@app.task(name="escalate_overdue", lock="escalate_overdue", queueing_lock="escalate_overdue")
def escalate_overdue_disputes(timestamp: int) -> None:
    """Every minute. `timestamp` is when it was meant to run; what is overdue is asked of the clock."""
    try:
        # First: a case whose referral nobody answered comes back, and may be overdue already.
        lapse_referrals()
    finally:
        # Whatever is wrong with a referral, what is overdue goes up.
        escalate_overdue()


# Without a lock: a run of its own that was killed must not keep the next from coming.
@app.periodic(cron="* * * * *")
@app.task(name="release_stalled_jobs", queueing_lock="release_stalled_jobs", pass_context=True)
async def release_jobs(context, timestamp: int) -> None:
    """Every minute: a job whose worker was killed would hold its lock for good, and nothing escalate."""
    await release_stalled_jobs(context.app.job_manager)


@app.periodic(cron="* * * * *")
@app.task(name="fail_abandoned_files", queueing_lock="fail_abandoned_files")
def fail_files(timestamp: int) -> None:
    """Every minute: whoever waits for a file that nobody makes any more is told so."""
    fail_abandoned_files()


@app.periodic(cron="23 19 * * *")
@app.task(name="prune_jobs", queueing_lock="prune_jobs", pass_context=True)
async def prune_jobs(context, timestamp: int) -> None:
    """Every night: forget jobs that ended long ago, however they ended."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEEP_JOBS_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )


@app.task(name="run_file_job", lock="run_file_job")
def run_file_job(job_id: str) -> None:
    """A file that somebody asked for. One at a time: each is heavy."""
    run_job(UUID(job_id))


@app.periodic(cron="47 19 * * *")
@app.task(name="prune_files", queueing_lock="prune_files")
def prune_old_files(timestamp: int) -> None:
    """Every night: forget files that were made or sent a week ago, and what a crash left."""
    prune_files()


@app.task(name="recalculate_due_times", lock="recalculate_due_times")
def recalculate_due_times_in_background(job_id: str) -> None:
    """After the calendar was edited. One at a time: the second finds little to do."""
    run_recalculation(UUID(job_id))


@app.periodic(cron="0 18 * * *")
@app.task(name="reassess_open_risks", lock="reassess_open_risks", queueing_lock="reassess_open_risks")
def reassess_risks(timestamp: int) -> None:
    """Every night: due times by today's calendar, which a new package may have changed, then risk colours."""
    recalculate_due_times()
    reassess_open_risks()


# Notices: 5, 25 s, 2, 10 and 52 minutes after the first try, then no more.
@app.task(
    name=SEND,
    retry=RetryStrategy(max_attempts=5, exponential_wait=5, retry_exceptions=[ChannelFailed]),
)
def send_notice_by_channel(notice_id: int, channel: str) -> None:
    """A notice to an address outside. A gateway that fails holds up nothing but this."""
    send_notice(notice_id, channel)


@app.periodic(cron="* * * * *")
@app.task(name="remind_before_due", lock="remind_before_due", queueing_lock="remind_before_due")
def remind_people(timestamp: int) -> None:
    """Every minute: what falls due soon, and what is overdue and goes up no further."""
    remind_before_due()


# 08:00 in Guangzhou, and again until 11:00 where nothing ran then. What was told stays told.
@app.periodic(cron="0 0-3 * * *")
@app.task(name="tell_in_the_morning", lock="tell_in_the_morning", queueing_lock="tell_in_the_morning")
def tell_in_the_morning(timestamp: int) -> None:
    """Every morning in Guangzhou: what runs out of the legal loop and of referrals, then all digests."""
    remind_of_legal_deadlines()
    remind_of_referrals()
    send_digests()


@app.periodic(cron="31 19 * * *")
@app.task(name="forget_old_notices", queueing_lock="forget_old_notices")
def forget_notices(timestamp: int) -> None:
    """Every night."""
    forget_old_notices()


@app.periodic(cron="53 19 * * *")
@app.task(name="delete_orphan_files", queueing_lock="delete_orphan_files")
def delete_orphan_files(timestamp: int) -> None:
    """Every night: delete files of cases whose upload was cut short."""
    delete_orphans()
