"""The network in and out as files: a preview of every row before anything is stored."""

import io

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from grids.language import in_page_language
from incidents.errors import (
    NetworkImportExpired,
    NetworkKindUnknown,
    NetworkNotImported,
    SheetInvalid,
    SheetTooLarge,
)
from incidents.network.columns import COLUMNS, TITLES, Kind
from incidents.network.exporting import export_sheet, export_sheets
from incidents.network.files import parse_kind, read_network_file
from incidents.network.filters import BodyFilter
from incidents.network.importing import import_network
from incidents.network.permissions import Keeping
from incidents.network.report import OUTCOME_WORDS, ImportReport, Outcome
from incidents.network.selectors import bodies_with_load
from incidents.sheets import Row, Table, csv_lines, write_xlsx
from incidents.views.network import for_those_who_see
from incidents.views.table_uploads import require_bounded_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT, PREVIEW_SECONDS = "network-import", 3600
# What was read goes to the page and comes back with the confirmation, signed: nothing is kept in between.
# A form may not exceed DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_HELD = 900_000
MAX_ROWS = 5_000
MOST_ROWS_SHOWN = 500


# Checking the token reads the whole body: who may send one, and how large, is asked before.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_see
def import_file(request: HttpRequest) -> HttpResponse:
    """First a file and its preview; then, with `held`, the same rows in earnest."""
    Keeping.of(request.user).check()
    if request.method != "POST":
        return _page(request)
    try:
        require_bounded_table(request)
    except SheetTooLarge as error:
        return _page(request, refusal=in_page_language(error.message_zh, error.message_en), status=413)
    return _received(request)


@csrf_protect
def _received(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("kind", "")
    try:
        return _confirm(request) if "held" in request.POST else _preview(request, chosen)
    except (SheetInvalid, NetworkKindUnknown, NetworkImportExpired) as error:
        refusal = in_page_language(error.message_zh, error.message_en)
        return _page(request, refusal=refusal, chosen=chosen, status=400)


def _preview(request: HttpRequest, chosen: str) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _page(request, refusal=_("请选择一个 Excel(.xlsx)或 CSV 文件。"), chosen=chosen, status=400)
    kind = parse_kind(chosen)
    tables = read_network_file(file, file.name, kind, max_rows=MAX_ROWS)
    report = import_network(tables=tables, user=request.user, dry_run=True)
    held = "" if report.wrong_rows or not report.changing_rows else _hold(request, tables)
    status = 400 if report.wrong_rows else 200
    return _page(request, chosen=chosen, report=report, held=held, status=status)


def _confirm(request: HttpRequest) -> HttpResponse:
    tables = _held(request, request.POST["held"])
    try:
        report = import_network(tables=tables, user=request.user)
    except NetworkNotImported as error:
        # Something changed since the preview.
        return _page(request, report=error.report, status=409)
    counts = [table.counts for table in report.tables]
    done = {
        "created": sum(count[Outcome.CREATED] for count in counts),
        "updated": sum(count[Outcome.UPDATED] for count in counts),
    }
    messages.success(request, _("已导入:新增 %(created)s 条,更新 %(updated)s 条。") % done)
    return redirect("network")


def _hold(request: HttpRequest, tables: dict[Kind, Table]) -> str:
    plain = {
        kind.value: [table.headings, [[row.number, *row.cells.values()] for row in table.rows]]
        for kind, table in tables.items()
    }
    held = signing.dumps([request.user.pk, plain], salt=SALT, compress=True)
    if len(held) > MOST_HELD:
        raise SheetTooLarge(what_zh="内容", what_en="KB", limit=f"{MOST_HELD // 1000} KB")
    return held


def _held(request: HttpRequest, text: str) -> dict[Kind, Table]:
    try:
        user, plain = signing.loads(text, salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        raise NetworkImportExpired from None
    if user != request.user.pk:
        raise NetworkImportExpired
    return {
        Kind(kind): Table(
            headings,
            tuple(Row(number, dict(zip(headings, cells, strict=True))) for number, *cells in rows),
        )
        for kind, (headings, rows) in plain.items()
    }


def _page(
    request: HttpRequest, *, chosen: str = "", report: ImportReport | None = None, status: int = 200, **more
) -> HttpResponse:
    context = {
        "kinds": [(kind.value, in_page_language(*TITLES[kind])) for kind in Kind],
        "chosen": chosen,
        "columns": [
            (in_page_language(*TITLES[kind]), [in_page_language(one.zh, one.en) for one in COLUMNS[kind]])
            for kind in Kind
        ],
        "report": report,
        "tables": [_table_shown(table) for table in report.tables] if report else [],
        **more,
    }
    return render(request, "incidents/network/import.html", context, status=status)


def _table_shown(table) -> dict:
    """One table of the report: wrong rows first, then what changes; unchanged ones are only counted."""
    order = {Outcome.WRONG: 0, Outcome.CREATED: 1, Outcome.UPDATED: 2}
    told = sorted((row for row in table.rows if row.outcome in order), key=lambda row: order[row.outcome])
    headings = {one.field: in_page_language(one.zh, one.en) for one in COLUMNS[table.kind]}
    headings["location"] = _("位置")
    return {
        "title": in_page_language(*table.title),
        "counts": [
            (outcome.value, in_page_language(*OUTCOME_WORDS[outcome]), count)
            for outcome, count in table.counts.items()
        ],
        "unknown": table.unknown,
        "rows": [
            {
                "number": row.number,
                "code": row.code,
                "outcome": row.outcome.value,
                "word": in_page_language(*OUTCOME_WORDS[row.outcome]),
                "changed": [headings[field] for field in row.changed],
                "problems": [
                    (problem.column, in_page_language(problem.zh, problem.en)) for problem in row.problems
                ],
            }
            for row in told[:MOST_ROWS_SHOWN]
        ],
        "more": max(0, len(told) - MOST_ROWS_SHOWN),
    }


@require_safe
@for_those_who_see
def export_xlsx(request: HttpRequest) -> HttpResponse:
    """Bodies that fit the filter, their mediators and trainings, one sheet each."""
    bodies, accounts = _exported(request)
    target = io.BytesIO()
    write_xlsx(target, export_sheets(bodies, accounts=accounts))
    return HttpResponse(target.getvalue(), XLSX, headers=_file_name(_("调解网络"), "xlsx"))


@require_safe
@for_those_who_see
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One table; `table` says which: bodies, mediators or trainings."""
    kind = parse_kind(request.GET.get("table", "")) or Kind.BODIES
    bodies, accounts = _exported(request)
    sheet = export_sheet(kind, bodies, accounts=accounts)
    return StreamingHttpResponse(
        csv_lines(sheet.headings, sheet.rows),
        content_type="text/csv; charset=utf-8",
        headers=_file_name(in_page_language(*TITLES[kind]), "csv"),
    )


def _exported(request: HttpRequest):
    """The bodies, and whether the accounts of mediators go with them."""
    wanted = BodyFilter.from_query(request.GET)
    listed = wanted.apply(bodies_with_load())
    bodies = bodies_with_load().filter(pk__in=[body.pk for body in listed])
    return bodies, bool(Keeping.of(request.user))


def _file_name(title: str, ending: str) -> dict[str, str]:
    name = f"{title}-{timezone.localdate():%Y%m%d}.{ending}"
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
