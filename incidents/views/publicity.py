"""Publicity: campaigns held, what they add up to, and what the last quarter proposes."""

import io
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grids.area_names import area_names
from grids.language import in_page_language
from grids.models import Area
from incidents.campaigns import campaigns_of, proposals_for, totals
from incidents.codes import CATEGORIES, CATEGORY_GROUPS
from incidents.errors import CampaignNotYours
from incidents.models import Campaign
from incidents.results.access import ResultsDuties
from incidents.results.choosing import PeriodForm
from incidents.results.period import Period
from incidents.services.publicity import CampaignForm, may_record, save_campaign
from incidents.sheets import Sheet, csv_lines, write_xlsx
from incidents.templatetags.dispute_words import category_words
from incidents.views.results import XLSX

MOST_SHOWN = 200


@require_safe
@login_required
@never_cache
def publicity(request: HttpRequest) -> HttpResponse:
    """Parameters: `from`, `to`; this year where none is said."""
    duties = ResultsDuties.of(request.user)
    form, period = _period(request)
    campaigns = campaigns_of(duties, period)
    shown = list(campaigns[:MOST_SHOWN])
    names = area_names(campaign.area_id for campaign in shown)
    sums = totals(campaigns)
    context = {
        "form": form,
        "period": period,
        "rows": [
            (campaign, names.get(campaign.area_id, campaign.area_id), may_record(duties, campaign.area_id))
            for campaign in shown
        ],
        "more": sum(total.campaigns for total in sums) - len(shown),
        "totals": sums,
        "sums": {
            name: sum(getattr(total, name) for total in sums)
            for name in ("campaigns", "copies", "screenings", "attendance")
        },
        "proposals": _proposals(request, duties),
        "may_add": bool(duties.cases),
        "query": "?" + urlencode({"from": period.first, "to": period.last}),
    }
    return render(request, "incidents/publicity/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def campaign(request: HttpRequest, campaign_id: int | None = None) -> HttpResponse:
    """The form of one campaign; parameters `area`, `place`, `topic`, `category` fill in a new one."""
    duties = ResultsDuties.of(request.user)
    if not duties.cases:
        raise CampaignNotYours
    areas = _areas(duties)
    if request.method == "POST":
        saved, form = save_campaign(
            user=request.user, given=request.POST, campaign_id=campaign_id, areas=areas
        )
        if saved:
            messages.success(request, _("已登记普法活动“%s”。") % saved.topic)
            return redirect("publicity")
    elif campaign_id is not None:
        known = Campaign.objects.filter(pk=campaign_id).first()
        if known is None or not may_record(duties, known.area_id):
            raise CampaignNotYours
        form = CampaignForm(instance=known, areas=areas)
    else:
        proposed = {name: request.GET.get(name, "") for name in ("area", "place", "topic", "category")}
        usual = {"held_on": timezone.localdate(), "area": duties.largest}
        proposed = {name: text for name, text in proposed.items() if text}
        form = CampaignForm(initial=usual | proposed, areas=areas)
    status = 400 if form.is_bound else 200
    context = {"form": form, "new": campaign_id is None}
    return render(request, "incidents/publicity/form.html", context, status=status)


@require_safe
@login_required
@never_cache
def export(request: HttpRequest, form: str) -> HttpResponse:
    """All campaigns of the period as a table: xlsx or csv."""
    duties = ResultsDuties.of(request.user)
    period = PeriodForm.read(request.GET, timezone.localdate()) if request.GET else _period(request)[1]
    headings, rows = _table(duties, period)
    name = f"{_('普法活动')}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    if form == "csv":
        return StreamingHttpResponse(
            csv_lines(headings, rows), content_type="text/csv; charset=utf-8", headers=headers
        )
    target = io.BytesIO()
    write_xlsx(target, [Sheet(_("普法活动"), headings, rows)])
    return HttpResponse(target.getvalue(), XLSX, headers=headers)


def _table(duties: ResultsDuties, period: Period) -> tuple[list[str], list[list]]:
    campaigns = list(campaigns_of(duties, period))
    names = area_names(row.area_id for row in campaigns)
    headings = [
        _("日期"), _("区域"), _("地点"), _("主题"), _("对应类别"), _("形式"), _("印发份数"), _("播放场次"),
        _("参加人数"), _("主办组织"),
    ]  # fmt: skip
    rows = [
        [
            row.held_on, names.get(row.area_id, row.area_id), row.place, row.topic,
            category_name(row.category), str(row.get_form_display()), row.copies, row.screenings,
            row.attendance, row.body.name if row.body else "",
        ]
        for row in campaigns
    ]  # fmt: skip
    return headings, rows


def category_name(code: str) -> str:
    """Of a category or a group; nothing for none."""
    if code in CATEGORY_GROUPS:
        return in_page_language(*CATEGORY_GROUPS[code])
    return category_words(code) if code in CATEGORIES else ""


def _proposals(request: HttpRequest, duties: ResultsDuties) -> list[dict]:
    proposals = proposals_for(request.user, duties, timezone.localdate())
    places = {place for proposal in proposals for place, _count in proposal.places}
    names = area_names({proposal.area for proposal in proposals} | places)
    shown = []
    for proposal in proposals:
        places = [names.get(place, place) for place, _count in proposal.places]
        matter = category_words(proposal.category)
        filled = {
            "area": proposal.area,
            "category": proposal.category,
            "place": _("、").join(places),
            "topic": _("%s纠纷预防") % matter.split(" · ")[-1],
        }
        shown.append(
            {
                "area": names.get(proposal.area, proposal.area),
                "matter": matter,
                "count": proposal.count,
                "ratio": f"{proposal.ratio:.1f}",
                "places": _("、").join(places),
                "query": "?" + urlencode(filled),
            }
        )
    return shown


def _areas(duties: ResultsDuties) -> list[tuple[str, str]]:
    """Own areas and all below them down to the community, indented."""
    own = Q()
    for code in duties.cases:
        own |= Q(code__startswith=code)
    codes = [code for code in Area.objects.filter(own).values_list("code", flat=True) if len(code) <= 12]
    names = area_names(codes)
    return [(code, "\u3000" * (len(code) // 3 - 2) + names[code]) for code in sorted(codes) if code in names]


def _period(request: HttpRequest) -> tuple[PeriodForm, Period]:
    """This year so far, where none is said or what is said cannot be read."""
    today = timezone.localdate()
    usual = Period(today.replace(month=1, day=1), today)
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return form, usual
    said = form.cleaned_data["first"] or form.cleaned_data["last"]
    period = form.period(today) if said else usual
    return PeriodForm({"from": period.first, "to": period.last}), period
