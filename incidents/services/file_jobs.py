"""The way of a job that somebody waits for: waiting, running, done or failed."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from grids.errors import DomainError
from incidents.models import FileJob

# How often a running job says how far it is.
SAID_EVERY = 50


def lead_job(
    job_id: UUID, work: Callable[[FileJob], dict], *, begins_from: Collection[str] = (FileJob.WAITING,)
) -> None:
    """Do `work`, which gives the job's result. What goes wrong is said in the job.

    One that can be done again from its beginning may also begin from RUNNING: its worker was killed.
    """
    with transaction.atomic():
        job = FileJob.objects.select_for_update().filter(pk=job_id, state__in=begins_from).first()
        if job is None:
            return
        job.state = FileJob.RUNNING
        job.save(update_fields=["state"])
    try:
        result = work(job)
        job.done = job.total or 0
        _finish(job, FileJob.DONE, result)
    except DomainError as error:
        _finish(job, FileJob.FAILED, {"zh": error.message_zh, "en": error.message_en})
    except Exception:
        _finish(job, FileJob.FAILED, {"zh": "系统出错,已记录。", "en": "Something failed and was recorded."})
        raise


def progress_of(job: FileJob) -> Callable[[int], None]:
    """To be told how many are done: others see it now and then, in a transaction of its own."""

    def say(done: int) -> None:
        if done % SAID_EVERY == 0:
            FileJob.objects.filter(pk=job.pk).update(done=done)

    return say


def _finish(job: FileJob, state: str, result: dict) -> None:
    job.state, job.result, job.finished_at = state, result, timezone.now()
    job.save(update_fields=["state", "result", "finished_at", "done", "total", "file_name", "options"])
