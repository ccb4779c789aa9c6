"""The report page. The report itself goes to the API, so that page and programs send the same thing."""

import json

from django.contrib.auth.decorators import login_required
from django.contrib.gis.db.models import Extent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grids.addresses import normalize_address
from grids.language import in_page_language
from grids.models import Address, AreaVersion, Duty, User
from grids.querysets import AreaVersionQuerySet
from grids.roles import CASE_ROLES
from incidents import codes
from incidents.category_names import CategoryGroup, category_groups
from incidents.category_words import CATEGORY_WORDS
from incidents.errors import ReportNotAllowed
from incidents.permissions import may_report
from incidents.report import MOST_PEOPLE
from incidents.templatetags.dispute_words import category_words

MOST_ADDRESSES = 20


@require_safe
@login_required
def report(request: HttpRequest) -> HttpResponse:
    """The form, filled in on a phone."""
    if not may_report(request.user):
        raise ReportNotAllowed
    areas = duty_areas(request.user)
    context = {
        "categories": category_choices(),
        "scales": [(code, in_page_language(*names)) for code, names in codes.SCALES.items()],
        "sources": [(code, in_page_language(*names)) for code, names in codes.SOURCES.items()],
        "party_roles": [_("申请人"), _("被申请人"), _("其他当事人")],
        "most_people": MOST_PEOPLE,
        "bounds": _bounds(areas),
        "home": _names(areas),
    }
    return render(request, "incidents/report.html", context)


@require_safe
@login_required
def known_addresses(request: HttpRequest) -> JsonResponse:
    """`{"addresses": [text, …]}`: known addresses of the grid unit `unit` that contain `q`.

    Places only, nothing about who lives there.
    """
    if not may_report(request.user):
        raise ReportNotAllowed
    unit, sought = request.GET.get("unit", ""), normalize_address(request.GET.get("q", ""))
    # Only digits are asked of the database, which refuses a NUL.
    found = Address.objects.filter(unit=unit if unit.isdecimal() else "", normalized__contains=sought)
    texts = found.order_by("text").values_list("text", flat=True)[:MOST_ADDRESSES]
    return JsonResponse({"addresses": list(texts)}, json_dumps_params={"ensure_ascii": False})


def category_choices() -> list[tuple[str, list[dict[str, str]]]]:
    """Groups with their categories: code, name, both in words, everyday words for the search, the title."""
    return [
        (group.name, [_category_choice(group, code, name) for code, name in group.members])
        for group in category_groups()
    ]


def _category_choice(group: CategoryGroup, code: str, name: str) -> dict[str, str]:
    subject = group.name if code.endswith("99") else name
    return {
        "code": code,
        "name": name,
        "words": category_words(code),
        "everyday": " ".join(CATEGORY_WORDS.get(code, ())),
        "title": _("%s纠纷") % subject,
    }


def duty_areas(user: User) -> AreaVersionQuerySet:
    """The areas where `user` works, as they are today: what the map shows before a position is known."""
    areas = Duty.objects.held_by(user, CASE_ROLES).values("area")
    return AreaVersion.objects.current().filter(area__in=areas).order_by("area_id")


def _bounds(areas: AreaVersionQuerySet) -> str | None:
    """ "west,south,east,north"."""
    extent = areas.aggregate(extent=Extent("geom"))["extent"]
    return ",".join(f"{degrees:.6f}" for degrees in extent) if extent else None


def _names(areas: AreaVersionQuerySet) -> str:
    """A JSON list of {code, name}."""
    names = [{"code": code, "name": name} for code, name in areas.values_list("area_id", "name")]
    return json.dumps(names, ensure_ascii=False)
