"""The map's page, and the file that it can be taken away as."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grids.errors import AreaUnknown
from grids.language import in_page_language
from incidents import codes
from incidents.filters import DisputeFilterForm
from incidents.models.labels import LEVEL_NAMES, STATE_NAMES
from maps import palette, selectors
from maps.exports import Export, export_page, extent_of
from maps.heat import BLUR_PX, RADIUS_PX
from maps.parameters import MapQuestion, read_question
from maps.screen import Screen
from maps.words import kind_words, period_words

ADDRESSES = ("areas", "boundaries", "points", "heat", "cases", "export")
# Circles of the exported file are counted for a picture of this size.
EXPORT_WIDTH_PX = 900


@require_safe
@login_required
def map_page(request: HttpRequest) -> HttpResponse:
    """The map of one's own area, or of the area in the address. Scripts fetch what is drawn on it."""
    question = read_question(request.user, request.GET)
    return render(
        request,
        "maps/map.html",
        {
            "ground": question.ground,
            "duty_areas": selectors.duty_areas(request.user),
            "filter_form": DisputeFilterForm(request.GET),
            "periods": _periods(),
            "map_settings": _map_settings(),
        },
    )


@require_safe
@login_required
def map_export(request: HttpRequest) -> HttpResponse:
    """The same map as a file that opens without a network. Always a download: it brings its own scripts."""
    asked = read_question(request.user, request.GET)
    boundaries = selectors.read_boundaries(asked.ground, asked.by)
    if not boundaries:
        raise AreaUnknown(area_code=asked.ground.area.code)
    where = (asked.user, asked.ground, asked.chosen)
    screen = Screen.showing(extent_of(boundaries), EXPORT_WIDTH_PX)
    page = export_page(
        Export(
            facts=_export_facts(asked),
            measure=asked.measure,
            counts=selectors.count_areas(asked.user, asked.ground, asked.by, asked.chosen),
            boundaries=boundaries,
            squares=selectors.bin_heat(*where, screen) if asked.heat else None,
            clusters=selectors.cluster_cases(*where, screen) if asked.points else None,
        )
    )
    name = f"gridgov-{asked.ground.area.code}-{timezone.localdate()}.html"
    return HttpResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _export_facts(asked: MapQuestion) -> dict:
    """Words for the file's head."""
    by = LEVEL_NAMES[asked.by]
    titles = {
        "count": _("底色:每个%(level)s的纠纷数(起)") % {"level": by},
        "per_km2": _("底色:每个%(level)s每平方公里的纠纷数(起)") % {"level": by},
    }
    return {
        "title": _("%(area)s纠纷地图") % {"area": asked.ground.area.name},
        "filter": [period_words(asked.chosen), *kind_words(asked.chosen)],
        "made_at": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "shade_title": titles[asked.measure],
    }


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
    return {
        "urls": {name: reverse(f"map_{name}") for name in ADDRESSES},
        "palette": {
            "shades": palette.SHADES, "nothing": palette.NOTHING, "line": palette.LINE,
            "heat": dict(zip(map(str, palette.HEAT_STOPS), palette.HEAT, strict=True)),
        },
        "heat": {"radius": RADIUS_PX, "blur": BLUR_PX},
        "names": {
            "category": {code: codes.category_label(code, get_language() or "") for code in codes.CATEGORIES},
            "risk": {code: in_page_language(*names) for code, names in codes.RISKS.items()},
            "state": {state.value: str(name) for state, name in STATE_NAMES.items()},
            "level": {level.value: str(name) for level, name in LEVEL_NAMES.items()},
        },
    }
