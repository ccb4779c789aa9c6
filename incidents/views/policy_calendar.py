"""The working calendar: the State Council's holidays, and the district's own days."""

from importlib.metadata import version

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents.errors import FieldsInvalid, PolicyNotYours
from incidents.holidays import holidays_of, month_sheet
from incidents.models import CalendarDay, FileJob
from incidents.services.policy import may_edit_policy, remove_calendar_day, set_calendar_day
from incidents.services.recalculation import RECALCULATION
from incidents.views.policy import check_reader
from incidents.views.policy_form import day_from
from incidents.views.refusals import field_errors
from incidents.working_time import is_statutory_workday, notice_known

FIRST_YEAR = 2004  # of the package
YEARS_AHEAD = 2
WORK, OFF = "work", "off"


@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    check_reader(request.user)
    return _page(request, _year(request.GET.get("year", "")))


@require_POST
@login_required
def set_day(request: HttpRequest) -> HttpResponse:
    # Asked by the service too; asked first, who may not edit learns that, not what is misspelt.
    if not may_edit_policy(request.user):
        raise PolicyNotYours
    typed = {name: request.POST.get(name, "") for name in ("day", "kind", "name")}
    day = day_from(typed["day"])
    errors = {}
    if day is None:
        errors["day"] = _("请选择日期。")
    if typed["kind"] not in (WORK, OFF):
        errors["kind"] = _("请选择上班或休息。")
    if not errors:
        try:
            set_calendar_day(user=request.user, day=day, is_workday=typed["kind"] == WORK, name=typed["name"])
            messages.success(request, _("已保存。未结案件的期限正在后台重新计算。"))
            return redirect(f"{reverse('policy_calendar')}?year={day.year}")
        except FieldsInvalid as error:
            errors = field_errors(error)
    return _page(request, _year(typed["day"][:4]), typed=typed, errors=errors, status=400)


@require_POST
@login_required
def remove_day(request: HttpRequest) -> HttpResponse:
    day = day_from(request.POST.get("day", "")) or timezone.localdate()
    if remove_calendar_day(user=request.user, day=day):
        messages.success(request, _("已恢复通知的安排。未结案件的期限正在后台重新计算。"))
    return redirect(f"{reverse('policy_calendar')}?year={day.year}")


def _page(request, year: int, *, typed=None, errors=None, status: int = 200) -> HttpResponse:
    own = list(CalendarDay.objects.order_by("day"))
    changes = {day.day: day.is_workday for day in own}
    this_year = timezone.localdate().year
    context = {
        "year": year,
        "years": range(max(FIRST_YEAR, this_year - 2), this_year + YEARS_AHEAD + 1),
        "known": notice_known(year),
        "next_year": this_year + 1,
        "next_known": notice_known(this_year + 1),
        "package_version": version("chinesecalendar"),
        "holidays": holidays_of(year),
        "months": [month_sheet(year, month, changes) for month in range(1, 13)],
        "own": [
            {"day": day, "as_notice": is_statutory_workday(day.day) == day.is_workday} for day in own
        ],
        "may_edit": may_edit_policy(request.user),
        "typed": typed or {},
        "errors": errors or {},
        "job": FileJob.objects.filter(kind=RECALCULATION).order_by("-created_at").first(),
        "WORK": WORK,
        "OFF": OFF,
    }  # fmt: skip
    return render(request, "incidents/policy/calendar.html", context, status=status)


def _year(text: str) -> int:
    this_year = timezone.localdate().year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= this_year + YEARS_AHEAD else this_year
