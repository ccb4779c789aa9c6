"""Appraisal of full-time mediators: every point explained, no order of merit."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.language import in_page_language
from incidents.appraisal.access import AppraisalDuties
from incidents.appraisal.counting import Line, appraise
from incidents.appraisal.items import MEASURED
from incidents.errors import FieldsInvalid
from incidents.models import AppraisalItem, Dispute
from incidents.results.choosing import PeriodForm
from incidents.results.period import Period, quarter_of
from incidents.services.appraisal import give_points, save_item, withdraw_points
from incidents.views.refusals import field_errors

MOST_CASES = 50
PAGE_SIZE = 50


@require_safe
@login_required
@never_cache
def appraisal(request: HttpRequest) -> HttpResponse:
    """The mediators whom this user appraises; who appraises nobody is led to their own page.

    Parameters: `q` (of a name or a body's name), `page`, `from`, `to`.
    """
    duties = AppraisalDuties.of(request.user)
    if not duties.areas:
        return redirect("appraisal_mediator", mediator_code=duties.own.code)
    form, period = _period(request)
    words = request.GET.get("q", "").replace("\0", "").strip()
    page = Paginator(duties.mediators(words), PAGE_SIZE).get_page(request.GET.get("page"))
    mediators = list(page)
    lines = appraise(mediators, period)
    context = {
        "rows": [(mediator, *_sums(lines[mediator.pk])) for mediator in mediators],
        "page": page,
        "words": words,
        "page_query": urlencode({"q": words, "from": period.first, "to": period.last}),
        "duties": duties,
        **_period_context(form, period),
    }
    return render(request, "incidents/appraisal/list.html", context)


@require_safe
@login_required
@never_cache
def mediator(request: HttpRequest, mediator_code: str) -> HttpResponse:
    """One mediator's points, line by line."""
    return _mediator_page(request, mediator_code)


@require_POST
@login_required
def give(request: HttpRequest, mediator_code: str) -> HttpResponse:
    fields = ("item", "on", "times", "reason")
    given = {name: request.POST.get(name, "") for name in fields}
    try:
        give_points(user=request.user, mediator=mediator_code, **given)
    except FieldsInvalid as error:
        return _mediator_page(request, mediator_code, given=given, errors=field_errors(error), status=400)
    messages.success(request, _("已登记。"))
    return redirect(_address(request, mediator_code))


@require_POST
@login_required
def withdraw(request: HttpRequest, mediator_code: str, entry_id: int) -> HttpResponse:
    withdraw_points(user=request.user, entry_id=entry_id)
    messages.success(request, _("已撤销这条登记。"))
    return redirect(_address(request, mediator_code))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def items(request: HttpRequest) -> HttpResponse:
    """The positive and the negative list; the district centre changes it."""
    duties = AppraisalDuties.of(request.user)
    given, errors, status = {}, {}, 200
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("code", "name", "explanation", "points")}
        try:
            save_item(
                user=request.user,
                code=given["code"] or None,
                name=given["name"],
                explanation=given["explanation"],
                points=given["points"],
                active="active" in request.POST,
            )
        except FieldsInvalid as error:
            errors, status = field_errors(error), 400
        else:
            messages.success(request, _("考评项目已保存。"))
            return redirect("appraisal_items")
    context = {
        "items": [(item, _measured(item)) for item in AppraisalItem.objects.all()],
        "duties": duties,
        "given": given,
        "errors": errors,
    }
    return render(request, "incidents/appraisal/items.html", context, status=status)


def _mediator_page(request, code, *, given=None, errors=None, status=200) -> HttpResponse:
    duties = AppraisalDuties.of(request.user)
    shown = duties.mediator(code)
    form, period = _period(request)
    lines = appraise([shown], period)[shown.pk]
    cases = _visible_cases(request, lines)
    positive, negative = _sums(lines)
    context = {
        "mediator": shown,
        "own": duties.own is not None and duties.own.pk == shown.pk,
        "may_give": duties.appraises(shown),
        "has_list": bool(duties.areas),
        "lines": [_explained(line, cases) for line in lines],
        "positive": positive,
        "negative": negative,
        "total": positive + negative,
        "by_hand": AppraisalItem.objects.filter(active=True, measured=""),
        "given": given or {"on": timezone.localdate().isoformat(), "times": "1"},
        "errors": errors or {},
        **_period_context(form, period),
    }
    return render(request, "incidents/appraisal/mediator.html", context, status=status)


def _visible_cases(request: HttpRequest, lines: list[Line]) -> dict:
    """Those of the cases behind `lines` that the reader may see, by id."""
    behind = set().union(*(line.cases for line in lines))
    seen = Dispute.objects.visible_to(request.user).filter(pk__in=behind)
    return {
        dispute.pk: dispute for dispute in seen.only("id", "case_number", "category").order_by("case_number")
    }


def _explained(line: Line, cases: dict) -> dict:
    seen = [dispute for pk, dispute in cases.items() if pk in line.cases]
    return {
        "line": line,
        "measured": _measured(line.item),
        "cases": seen[:MOST_CASES],
        "more": len(seen[MOST_CASES:]),
        "hidden": len(line.cases) - len(seen),
    }


def _measured(item: AppraisalItem) -> str:
    return in_page_language(*MEASURED[item.measured]) if item.measured in MEASURED else ""


def _sums(lines: list[Line]) -> tuple:
    """Points of the positive and of the negative list."""
    points = [line.points for line in lines]
    return sum(p for p in points if p > 0), sum(p for p in points if p < 0)


def _period(request: HttpRequest) -> tuple[PeriodForm, Period]:
    """The quarter, where none is said or what is said cannot be read."""
    today = timezone.localdate()
    form = PeriodForm(request.GET)
    usual = quarter_of(today)
    if not form.is_valid():
        return form, usual
    said = form.cleaned_data["first"] or form.cleaned_data["last"]
    period = form.period(today) if said else usual
    return PeriodForm({"from": period.first, "to": period.last}), period


def _period_context(form: PeriodForm, period: Period) -> dict:
    query = urlencode({"from": period.first, "to": period.last})
    return {"form": form, "period": period, "period_query": query}


def _address(request: HttpRequest, code: str) -> str:
    """Back to the period that was looked at."""
    query = urlencode({name: request.GET[name] for name in ("from", "to") if request.GET.get(name)})
    return reverse("appraisal_mediator", args=[code]) + (f"?{query}" if query else "")
