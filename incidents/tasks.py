"""What happens by itself. procrastinate's worker runs it; `serve` starts one."""

from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

from incidents.services import escalate_overdue

# Long enough to look into what failed; without pruning a job a minute makes half a million rows a year.
KEEP_JOBS_HOURS = 72


# The queueing lock keeps a worker that was away from finding a row of waiting jobs, the lock a slow
# run from meeting the next.
@app.periodic(cron="* * * * *")
@app.task(name="escalate_overdue", lock="escalate_overdue", queueing_lock="escalate_overdue")
def escalate_overdue_disputes(timestamp: int) -> None:
    """Every minute. `timestamp` is when it was meant to run; what is overdue is asked of the clock."""
    escalate_overdue()


@app.periodic(cron="23 3 * * *")
@app.task(name="prune_jobs", queueing_lock="prune_jobs", pass_context=True)
async def prune_jobs(context, timestamp: int) -> None:
    """Every night: forget jobs that ended long ago, however they ended."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEEP_JOBS_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
