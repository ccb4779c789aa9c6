"""Disputes in and out in bulk."""

import io
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.language import in_page_language
from incidents.errors import (
    ColumnsMissing,
    ExportNotAllowed,
    FileJobNotFound,
    ImportNotAllowed,
    SheetInvalid,
    SheetTooLarge,
)
from incidents.exchange.columns import IMPORT_COLUMNS
from incidents.exchange.exporting import Names, csv_of, disputes_to_export
from incidents.exchange.importing import may_import
from incidents.exchange.job_files import example_rows, result_path, source_path
from incidents.exchange.jobs import (
    EXPORT,
    FORMATS,
    IMPORT,
    begin_export,
    begin_import,
    receive_table,
    require_still_allowed,
)
from incidents.filters import DisputeFilter, DisputeFilterForm
from incidents.models import FileJob
from incidents.permissions import CaseDuties
from incidents.sheets import Sheet, write_xlsx
from incidents.two_languages import in_readers_language
from incidents.views.queue import area_choices
from incidents.views.table_uploads import require_bounded_table

RECENT = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"xlsx": XLSX, "gpkg": "application/geopackage+sqlite3"}
FILTER_NAMES = ("state", "level", "category", "area", "from", "to")


@require_safe
@login_required
@never_cache
def exchange(request: HttpRequest) -> HttpResponse:
    """What can be taken away and brought in, and the files that were asked for lately."""
    return _page(request)


# Checking the token reads the whole body: who may send one, and how large, is asked before.
@csrf_exempt
@require_POST
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Receive a table; which column is what is asked on the next page."""
    if not may_import(request.user):
        raise ImportNotAllowed
    try:
        require_bounded_table(request)
    except SheetTooLarge as error:
        return _page(request, upload_error=in_page_language(error.message_zh, error.message_en), status=413)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _page(request, upload_error=_("请选择一个 Excel 或 CSV 文件。"), status=400)
    try:
        job = receive_table(user=request.user, file=file, file_name=file.name)
    except SheetInvalid as error:
        return _page(request, upload_error=in_page_language(error.message_zh, error.message_en), status=422)
    return redirect("exchange_import", job_id=job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def import_table(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The columns of an uploaded table, and what became of its rows."""
    job = _own_job(request, job_id)
    if job.kind != IMPORT:
        raise FileJobNotFound
    if request.method != "POST":
        return _import_page(request, job)
    mapping = {heading: request.POST.get(f"column-{n}", "") for n, heading in enumerate(_headings(job))}
    known = {column.key for column in IMPORT_COLUMNS}
    mapping = {heading: key for heading, key in mapping.items() if key in known}
    job.options["mapping"], job.options["datum"] = mapping, _datum(request)
    try:
        begin_import(
            user=request.user,
            job_id=job_id,
            mapping=mapping,
            datum=_datum(request),
            dry_run="run" not in request.POST,
        )
    except ColumnsMissing as error:
        return _import_page(request, job, missing=error.facts["errors"], status=400)
    return redirect("exchange_import", job_id=job_id)


@require_safe
@login_required
def export_csv(request: HttpRequest) -> HttpResponse:
    """The disputes of the query's filter, sent while they are read."""
    disputes = disputes_to_export(request.user, DisputeFilter.from_query(request.GET))
    lines = csv_of(disputes, Names.read(get_language() or ""))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="disputes-{timezone.localdate():%Y%m%d}.csv"'
    return response


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Have a workbook or a GeoPackage made."""
    form = request.POST.get("format", "")
    query = request.POST.copy()
    for name in set(query) - set(FILTER_NAMES):
        del query[name]
    if form == "csv":
        return redirect(f"{request.path}.csv?{query.urlencode()}")
    if form not in FORMATS:
        return _page(request, status=400)
    begin_export(user=request.user, query=query.urlencode(), form=form, language=get_language() or "zh-hans")
    messages.success(request, _("正在生成文件,完成后可在下面下载。"))
    return redirect("exchange")


@require_safe
@login_required
@never_cache
def download(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = _own_job(request, job_id)
    path = result_path(job)
    if job.state != FileJob.DONE or not path.exists():
        raise FileJobNotFound
    require_still_allowed(job)
    media_type = MEDIA_TYPES.get(job.file_name.rpartition(".")[2], XLSX)
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.file_name, content_type=media_type)


@require_safe
@login_required
@never_cache
def progress(request: HttpRequest, job_id: UUID) -> JsonResponse:
    """`{"state", "done", "total"}` of one's own job."""
    job = _own_job(request, job_id)
    return JsonResponse({"state": job.state, "done": job.done, "total": job.total})


@require_safe
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with all headings that are understood."""
    target = io.BytesIO()
    write_xlsx(target, [Sheet(_("纠纷"), [column.zh for column in IMPORT_COLUMNS], [])])
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="disputes-template.xlsx"'
    return response


def _page(request: HttpRequest, *, upload_error: str = "", status: int = 200) -> HttpResponse:
    if not CaseDuties.of(request.user).held:
        raise ExportNotAllowed
    context = {
        "form": DisputeFilterForm(request.GET),
        "areas": area_choices(request.user, ""),
        "may_import": may_import(request.user),
        "columns": IMPORT_COLUMNS,
        "jobs": [_shown(job) for job in _own_files(request)[:RECENT]],
        "upload_error": upload_error,
    }
    return render(request, "incidents/exchange/exchange.html", context, status=status)


def _import_page(request: HttpRequest, job: FileJob, *, missing=None, status: int = 200) -> HttpResponse:
    headings = _headings(job)
    rows = example_rows(job)
    examples = zip(*rows, strict=True) if rows else [()] * len(headings)
    context = {
        "job": _shown(job),
        "headings": [
            {
                "number": number,
                "name": heading,
                "key": job.options["mapping"].get(heading, ""),
                "examples": some,
            }
            for number, (heading, some) in enumerate(zip(headings, examples, strict=True))
        ],
        "columns": [(column.key, in_page_language(column.zh, column.en)) for column in IMPORT_COLUMNS],
        "missing": [
            in_page_language(column.zh, column.en)
            for column in IMPORT_COLUMNS
            if column.key in (missing or {})
        ],
        "remembered": job.options["remembered"],
        "datum": job.options.get("datum", ""),
        "may_run": source_path(job).exists(),
    }
    return render(request, "incidents/exchange/import.html", context, status=status)


def _headings(job: FileJob) -> list[str]:
    return job.options["headings"]


def _datum(request: HttpRequest) -> str:
    datum = request.POST.get("datum", "")
    return datum if datum in ("wgs84", "gcj02", "bd09") else ""


def _own_files(request: HttpRequest):
    """Jobs of other kinds have no file."""
    return FileJob.objects.filter(user=request.user, kind__in=(EXPORT, IMPORT))


def _own_job(request: HttpRequest, job_id: UUID) -> FileJob:
    job = FileJob.objects.filter(user=request.user, pk=job_id).first()
    if job is None:
        raise FileJobNotFound
    return job


def _shown(job: FileJob) -> dict:
    """What a page says of a job."""
    result = job.result
    return {
        "row": job,
        "is_import": job.kind == IMPORT,
        "going": job.state in (FileJob.WAITING, FileJob.RUNNING) and not _undecided(job),
        "undecided": _undecided(job),
        "name": job.options.get("file_name") or job.file_name,
        "result": result,
        "problems": [in_readers_language(text) for text in result.get("first_problems", ())],
        "more_problems": max(result.get("wrong", 0) - len(result.get("first_problems", ())), 0),
        "error": in_page_language(result["zh"], result["en"]) if "zh" in result else "",
        "has_file": job.state == FileJob.DONE and bool(job.file_name) and result_path(job).exists(),
    }


def _undecided(job: FileJob) -> bool:
    """Uploaded, and nobody has said yet which column is what."""
    return job.kind == IMPORT and job.state == FileJob.WAITING and "dry_run" not in job.options
