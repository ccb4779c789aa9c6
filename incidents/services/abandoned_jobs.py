"""What a worker that was killed leaves behind: jobs that nobody works on, and the locks that they hold."""

from django.db.models import CharField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from incidents.models import FileJob

# A worker says every ten seconds that it lives.
SILENT_SECONDS = 60
# Whatever kills its worker each time is given up.
MOST_ATTEMPTS = 3
BROKEN_OFF = {
    "zh": "处理中断(服务重新启动过),没有完成:请重新开始。",
    "en": "This was broken off, since the service was started again: please begin anew.",
}


async def release_stalled_jobs(jobs: JobManager) -> int:
    """Put jobs of dead workers back into the queue, with their locks; gives how many there were."""
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        await _release(jobs, job)
    return len(stalled)


async def _release(jobs: JobManager, job: Job) -> None:
    if job.attempts < MOST_ATTEMPTS:
        try:
            await jobs.retry_job(job)
            return
        except UniqueViolation:
            # The next run waits already, and does the work of both.
            pass
    await jobs.finish_job(job, Status.FAILED, delete_job=False)


def fail_abandoned_files() -> int:
    """Say in the file jobs that no job works on any more that they failed; gives how many.

    One statement: a file job begins after its job and ends before it, so that none alive is seen without it.
    """
    at_work = ProcrastinateJob.objects.filter(status__in=("todo", "doing"))
    mine = at_work.annotate(file_job=KT("args__job_id")).filter(file_job=Cast(OuterRef("pk"), CharField()))
    abandoned = FileJob.objects.filter(~Exists(mine), state=FileJob.RUNNING)
    return abandoned.update(state=FileJob.FAILED, result=BROKEN_OFF, finished_at=timezone.now())
