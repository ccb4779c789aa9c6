"""How the work goes: figures of an area over a period, each with the list of cases behind it."""

import io

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grids.area_names import area_names
from grids.hierarchy import level_of
from incidents.results.access import ResultsDuties
from incidents.results.choosing import PeriodForm, usual_periods
from incidents.results.period import Period
from incidents.results.report import ResultsReport, read_results
from incidents.results.tables import FigureTable, definition_rows, result_tables
from incidents.sheets import Sheet, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Those that matter most, large at the top.
HEADLINES = ("resolved_low", "resolved_on_time", "success", "median_days")


@require_safe
@login_required
@never_cache
def results(request: HttpRequest) -> HttpResponse:
    """Parameters: `area` (a code), `from`, `to`."""
    duties = ResultsDuties.of(request.user)
    area = duties.area(request.GET.get("area", ""))
    today = timezone.localdate()
    form = PeriodForm(request.GET)
    valid = form.is_valid()
    period = form.period(today) if valid else usual_periods(today)[0][1]
    report = read_results(duties, area, period)
    tables = result_tables(report)
    context = {
        "form": form if request.GET and not valid else PeriodForm({"from": period.first, "to": period.last}),
        "report": report,
        "areas": _area_choices(duties, area),
        "headlines": [line for code in HEADLINES for line in tables[0].lines if line.code == code],
        "summary": tables[0],
        "tables": tables[1:],
        "can_descend": level_of(area).below.code_length < 15,
        "stars": _stars(report),
        "definitions": definition_rows(),
        "query": _query(area, period),
        "area_query": urlencode({"from": period.first, "to": period.last}),
        "usual": [(name, _query(area, usual), usual == period) for name, usual in usual_periods(today)],
    }
    return render(request, "incidents/results/results.html", context, status=200 if valid else 400)


@require_safe
@login_required
@never_cache
def results_report(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: one sheet a table, and the definitions."""
    duties = ResultsDuties.of(request.user)
    area = duties.area(request.GET.get("area", ""))
    period = PeriodForm.read(request.GET, timezone.localdate())
    report = read_results(duties, area, period)
    target = io.BytesIO()
    write_xlsx(target, [*map(_sheet, result_tables(report)), _about(report)])
    name = f"{_('工作统计')}-{report.area_name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(target.getvalue(), XLSX, headers={"Content-Disposition": disposition})


def _sheet(table: FigureTable) -> Sheet:
    """Shares as per cent, so that a heading can say so."""
    mixed = table.code == "summary"
    headings = [table.headings[0]] + [
        f"{heading}(%)" if kind == "share" and not mixed else heading
        for heading, kind in zip(table.headings[1:], table.kinds, strict=True)
    ]
    rows = [[line.name, *(cell.number for cell in line.cells)] for line in table.lines]
    if mixed:
        headings.insert(1, _("单位"))
        for line, row in zip(table.lines, rows, strict=True):
            row.insert(1, unit_words(line.cells[0].kind))
    return Sheet(table.title, headings, rows)


def unit_words(kind: str) -> str:
    return {"count": _("件"), "share": "%", "days": _("天"), "mean": _("分")}[kind]


def _about(report: ResultsReport) -> Sheet:
    period = report.period
    said = [
        (_("区域"), report.area_name),
        (_("期间"), f"{period.first:%Y-%m-%d} – {period.last:%Y-%m-%d}"),
        (_("统计时间"), f"{timezone.localtime(report.now):%Y-%m-%d %H:%M}"),
    ]
    return Sheet(_("定义"), [_("名称"), _("含义")], [*said, *definition_rows()])


def _stars(report: ResultsReport) -> list[tuple[int, int, int]]:
    """Stars, how many ratings, and that as a share of all in per cent; nothing for too few."""
    ratings = report.tallies.whole.ratings
    if not ratings.told:
        return []
    counts = [(stars, ratings.stars.get(stars, 0)) for stars in range(5, 0, -1)]
    return [(stars, count, round(100 * count / ratings.count)) for stars, count in counts]


def _area_choices(duties: ResultsDuties, area: str) -> list[tuple[str, str]]:
    codes = duties.areas_to_choose(area)
    names = area_names(codes)
    return [(code, "\u3000" * (len(code) // 3 - 2) + names.get(code, code)) for code in codes]


def _query(area: str, period: Period) -> str:
    return "?" + urlencode({"area": area, "from": period.first, "to": period.last})
