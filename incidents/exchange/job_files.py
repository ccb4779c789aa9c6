"""Where the files of jobs lie, and when they are forgotten."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from incidents.models import FileJob
from incidents.sheets import first_rows

KEEP = timedelta(days=7)
# A file may lie there before its job is stored.
ORPHAN_AFTER = timedelta(days=1)
EXAMPLES = 3


def folder() -> Path:
    """Where the files of jobs lie: readable by this service only."""
    path = Path(settings.GRIDGOV_FILES_DIR) / "jobs"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def source_path(job: FileJob) -> Path:
    return folder() / f"{job.pk}.source"


def result_path(job: FileJob) -> Path:
    return folder() / f"{job.pk}.result"


def example_rows(job: FileJob) -> list[list[str]]:
    """What stands in the first rows of an uploaded table, read from it: the job keeps none of it."""
    path = source_path(job)
    if not path.exists():
        return []
    with path.open("rb") as file:
        table = first_rows(file, job.options["file_name"], EXAMPLES)
    return [list(row.cells.values()) for row in table.rows]


def prune_files(*, before: datetime | None = None) -> int:
    """Forget jobs that are a week old, and every file whose job is gone; gives how many jobs."""
    old = FileJob.objects.filter(created_at__lt=(before or timezone.now() - KEEP))
    count = 0
    for job in old:
        # Also what was half written when a worker died.
        for path in folder().glob(f"{job.pk}.*"):
            path.unlink(missing_ok=True)
        job.delete()
        count += 1
    _delete_orphans()
    return count


def _delete_orphans() -> None:
    young = (timezone.now() - ORPHAN_AFTER).timestamp()
    known = {str(pk) for pk in FileJob.objects.values_list("pk", flat=True)}
    for path in folder().iterdir():
        name = path.name.partition(".")[0]
        if _is_id(name) and name not in known and path.stat().st_mtime < young:
            path.unlink(missing_ok=True)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
