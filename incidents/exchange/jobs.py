"""Files that take a while: made and read in the background, for the person who asked and nobody else."""

from contextlib import suppress
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from grids.models import User
from incidents.errors import (
    ColumnsMissing,
    ExportNoLongerAllowed,
    ExportNotAllowed,
    FileJobNotFound,
    ImportNotAllowed,
)
from incidents.exchange.columns import guess_mapping, headings_digest, missing_columns
from incidents.exchange.exporting import (
    Names,
    disputes_to_export,
    export_rows,
    write_excel,
    write_geopackage,
)
from incidents.exchange.importing import import_disputes, may_import
from incidents.exchange.job_files import result_path, source_path
from incidents.filters import DisputeFilter
from incidents.models import FileJob, ImportMapping
from incidents.permissions import CaseDuties
from incidents.services.file_jobs import lead_job, progress_of
from incidents.sheets import Table, problem_sheet, read_table, write_xlsx

EXPORT, IMPORT = "export_disputes", "import_disputes"
FORMATS = {"xlsx": write_excel, "gpkg": write_geopackage}


def begin_export(*, user: User, query: str, form: str, language: str) -> FileJob:
    """Ask for a file of the disputes that fit the filter's query string `query`, as "xlsx" or "gpkg".

    Raises:
        ExportNotAllowed, FilterInvalid.
    """
    total = disputes_to_export(user, DisputeFilter.from_query(QueryDict(query))).count()
    options = {"query": query, "format": form, "language": language}
    job = FileJob(user=user, kind=EXPORT, options=options, total=total)
    job.file_name = f"disputes-{timezone.localdate():%Y%m%d}.{form}"
    return _enqueue(job)


def receive_table(*, user: User, file: BinaryIO, file_name: str) -> FileJob:
    """Keep an uploaded table of disputes until it is decided which column is what.

    Raises:
        ImportNotAllowed, SheetInvalid.
    """
    if not may_import(user):
        raise ImportNotAllowed
    table = read_table(file, file_name)
    remembered = ImportMapping.objects.filter(headings_digest=headings_digest(table.headings)).first()
    options = {
        "file_name": file_name[-100:],
        "headings": table.headings,
        "mapping": remembered.mapping if remembered else guess_mapping(table.headings),
        "remembered": remembered is not None,
    }
    job = FileJob.objects.create(user=user, kind=IMPORT, options=options, total=len(table.rows))
    file.seek(0)
    # Kept only until it has been read; pruned with the job.
    source_path(job).write_bytes(file.read())
    return job


def begin_import(*, user: User, job_id: UUID, mapping: dict[str, str], datum: str, dry_run: bool) -> FileJob:
    """Look through the rows of an uploaded table, or take them, by `mapping`, which is remembered.

    Raises:
        FileJobNotFound, ColumnsMissing.
    """
    with transaction.atomic():
        job = FileJob.objects.select_for_update().filter(user=user, kind=IMPORT, pk=job_id).first()
        if job is None or not source_path(job).exists():
            raise FileJobNotFound
        if job.state == FileJob.RUNNING:
            return job
        headings = job.options["headings"]
        mapping = {heading: key for heading, key in mapping.items() if heading in headings and key}
        _check_columns(mapping)
        ImportMapping.objects.update_or_create(
            headings_digest=headings_digest(headings), defaults={"mapping": mapping, "updated_by": user}
        )
        job.options |= {"mapping": mapping, "datum": datum, "dry_run": dry_run}
        job.state, job.done, job.result = FileJob.WAITING, 0, {}
        return _enqueue(job)


def _check_columns(mapping: dict[str, str]) -> None:
    message = "请指定这一列。 / Say which column it is."
    if missing := missing_columns(mapping):
        raise ColumnsMissing({column.key: [{"message": message, "code": "required"}] for column in missing})


def require_still_allowed(job: FileJob) -> None:
    """A finished export lies there for a week; a duty may end, or move, the next day.

    Raises:
        ExportNotAllowed, ExportNoLongerAllowed.
    """
    if job.kind != EXPORT:
        return
    duties = CaseDuties.of(job.user)
    if not duties.held:
        raise ExportNotAllowed
    covered = all(any(area.startswith(code) for code in duties.area_codes) for area in job.options["areas"])
    if not covered:
        raise ExportNoLongerAllowed


def run_job(job_id: UUID) -> None:
    """Do what a waiting job asks. What goes wrong is said in the job."""
    lead_job(job_id, lambda job: {EXPORT: _export, IMPORT: _import}[job.kind](job))


def _enqueue(job: FileJob) -> FileJob:
    job.save()
    # By its name: incidents/tasks.py, where it stands, imports this module.
    transaction.on_commit(lambda: app.configure_task("run_file_job").defer(job_id=str(job.pk)))
    return job


def _export(job: FileJob) -> dict:
    wanted = DisputeFilter.from_query(QueryDict(job.options["query"]))
    # Read before the disputes: the file may hold less than these areas, never more.
    job.options["areas"] = sorted(CaseDuties.of(job.user).area_codes)
    with translation.override(job.options["language"]):
        rows = export_rows(disputes_to_export(job.user, wanted), Names.read(job.options["language"]))
        # GeoPackage looks at the name's ending.
        partial = result_path(job).with_suffix(f".{job.options['format']}")
        with suppress(FileNotFoundError):
            partial.unlink()
        FORMATS[job.options["format"]](partial, rows, progress_of(job))
    partial.rename(result_path(job))
    return {"rows": job.total}


def _import(job: FileJob) -> dict:
    options = job.options
    with source_path(job).open("rb") as file:
        table = read_table(file, options["file_name"])
    outcome = import_disputes(
        user=job.user,
        rows=table.rows,
        mapping=options["mapping"],
        datum=options["datum"],
        dry_run=options["dry_run"],
        progress=progress_of(job),
    )
    if outcome.problems:
        _write_problems(job, table, outcome.problems)
    if not options["dry_run"]:
        source_path(job).unlink()
    return {
        "rows": outcome.rows,
        "new": outcome.new,
        "known": outcome.known,
        "wrong": outcome.wrong,
        "dry_run": options["dry_run"],
        "first_problems": [problem.sentence for problem in outcome.problems[:20]],
    }


def _write_problems(job: FileJob, table: Table, problems: list) -> None:
    wrong = {problem.row for problem in problems}
    rows = tuple(row for row in table.rows if row.number in wrong)
    with result_path(job).open("wb") as file:
        write_xlsx(file, [problem_sheet(Table(table.headings, rows), problems)])
    job.file_name = "problems.xlsx"
