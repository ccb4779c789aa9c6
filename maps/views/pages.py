"""The map's page, and the file that it can be taken away as."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from incidents import codes
from incidents.filters import DisputeFilterForm
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES
from maps import palette
from maps.parameters import read_question
from maps.screen import MAX_SPAN_PX
from maps.selectors import duty_areas

ADDRESSES = ("areas", "boundaries", "points", "heat", "cases", "export")


@require_GET
@login_required
def map_page(request: HttpRequest) -> HttpResponse:
    """The map of one's own area, or of the area in the address. Scripts fetch what is drawn on it."""
    question = read_question(request.user, request.GET)
    return render(
        request,
        "maps/map.html",
        {
            "ground": question.ground,
            "duty_areas": duty_areas(request.user),
            "filter_form": DisputeFilterForm(request.GET),
            "periods": _periods(),
            "map_settings": _map_settings(),
        },
    )


@require_GET
@login_required
def map_export(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _periods() -> list[dict]:
    """Quick choices of dates: words, and the first day ("" for all)."""
    today = timezone.localdate()
    return [
        {"words": _("近 7 天"), "since": (today - timedelta(days=6)).isoformat()},
        {"words": _("近 30 天"), "since": (today - timedelta(days=29)).isoformat()},
        {"words": _("近 90 天"), "since": (today - timedelta(days=89)).isoformat()},
        {"words": _("今年"), "since": today.replace(month=1, day=1).isoformat()},
        {"words": _("全部"), "since": ""},
    ]


def _map_settings() -> dict:
    """What the scripts need to know: addresses, colours, and what codes are called in the page's language."""
    index = 1 if (get_language() or "").startswith("en") else 0
    return {
        "urls": {name: reverse(f"map_{name}") for name in ADDRESSES},
        "palette": {
            "shades": palette.SHADES, "nothing": palette.NOTHING, "line": palette.LINE,
            "heat": dict(zip(map(str, palette.HEAT_STOPS), palette.HEAT, strict=True)),
        },
        "max_span_px": MAX_SPAN_PX,
        "names": {
            "category": {code: codes.category_label(code, get_language() or "") for code in codes.CATEGORIES},
            "risk": {code: names[index] for code, names in codes.RISKS.items()},
            "state": {state.value: str(name) for state, name in STATE_NAMES.items()},
            "level": {level.value: str(name) for level, name in LEVEL_NAMES.items()},
        },
    }
