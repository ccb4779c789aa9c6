"""What every page's template knows: where one may go, who one is, and the administrator's map tiles."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from gridgov.signed_in import CurrentDuty, current_duties
from grids.roles import CASE_ROLES, Role
from incidents.appraisal.access import CENTRES, is_mediator
from incidents.handover import REACH
from incidents.network.permissions import SEEING_ROLES
from incidents.results.access import RESULT_ROLES
from incidents.services.notices import unread_count

# A grid worker's unit is one polygon: a map of it would say nothing that the queue does not.
MAP_ROLES = (CASE_ROLES - {Role.GRID_WORKER}) | {Role.PLANNER}


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    url: str
    name: str
    icon: str
    current: bool


def page_context(request: HttpRequest) -> dict:
    """Lazy, since the page that says the server failed must do without a database."""
    duties = SimpleLazyObject(lambda: _duties(request))
    return {
        "district_name": settings.GRIDGOV_DISTRICT_NAME,
        "my_duties": duties,
        "places": SimpleLazyObject(lambda: _places(request, duties)),
        # Called by the template, and only where somebody is signed in.
        "unread_notices": lambda: unread_count(request.user),
        "more_places": SimpleLazyObject(lambda: _more_places(request, duties)),
        "tiles": {
            "url": settings.GRIDGOV_TILE_URL,
            "attribution": settings.GRIDGOV_TILE_ATTRIBUTION,
            "datum": settings.GRIDGOV_TILE_DATUM,
        },
    }


def _duties(request: HttpRequest) -> tuple[CurrentDuty, ...]:
    # A request refused before the sign-in middleware has no user.
    return current_duties(request.user) if hasattr(request, "user") else ()


def _places(request: HttpRequest, duties: Iterable[CurrentDuty]) -> list[Place]:
    """The pages that one's roles have a use for. What one may do there is asked by each page."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return []
    roles = {duty.role for duty in duties}
    entries = [
        ("home", _("首页"), "house", True),
        ("report", _("上报"), "plus-circle", bool(roles & CASE_ROLES)),
        ("queue", _("待办"), "list-task", bool(roles & CASE_ROLES)),
        ("map", _("地图"), "map", bool(roles & MAP_ROLES)),
        ("admin:index", _("管理"), "gear", request.user.is_staff),
    ]
    return _as_places(request, entries)


def _more_places(request: HttpRequest, duties: Iterable[CurrentDuty]) -> list[Place]:
    """Pages that are needed less often, in the menu beside the others."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return []
    roles = {duty.role for duty in duties}
    entries = [
        ("network", _("调解网络"), "diagram-3", bool(roles & SEEING_ROLES)),
        ("results", _("工作统计"), "bar-chart", bool(roles & RESULT_ROLES)),
        ("publicity", _("普法宣传"), "megaphone", bool(roles & RESULT_ROLES)),
        ("appraisal", _("考评"), "clipboard-check", bool(roles & CENTRES) or is_mediator(request.user)),
        ("guidance", _("请示指导"), "lightbulb", bool(roles & CASE_ROLES - {Role.GRID_WORKER})),
        ("policy", _("办理规则"), "sliders", bool(roles & CASE_ROLES)),
        ("exchange", _("导入导出"), "arrow-left-right", bool(roles & CASE_ROLES)),
        ("handover", _("工作交接"), "people", bool(roles & REACH.keys())),
    ]
    return _as_places(request, entries)


def _as_places(request: HttpRequest, entries: Iterable[tuple[str, str, str, bool]]) -> list[Place]:
    return [
        Place(url=reverse(name), name=words, icon=icon, current=request.path == reverse(name))
        for name, words, icon, wanted in entries
        if wanted
    ]
