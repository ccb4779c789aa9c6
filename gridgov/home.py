"""The first page, by role: what needs me now?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gridgov.signed_in import CurrentDuty, current_duties
from grids.area_names import area_names
from grids.hierarchy import Level
from grids.models import User
from grids.roles import CASE_ROLES, Role
from incidents.figures import area_counts, case_load, district_figures
from incidents.queue import queue_for
from incidents.views.queue import rows_of

MOST_URGENT = 5
COUNTING_ROLES = frozenset({Role.PLANNER, Role.DISTRICT_CENTRE})


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One section for each kind of duty held today; most people hold one."""
    duties = current_duties(request.user)
    roles = {duty.role for duty in duties}
    context: dict = {"roles": {role.value: role in roles for role in Role}, "no_duty": not duties}
    sections: list[tuple[frozenset[Role], Callable[[], dict]]] = [
        (CASE_ROLES, partial(_cases, request.user)),
        (frozenset({Role.DISTRICT_CENTRE}), partial(_figures, request.user)),
        (COUNTING_ROLES, partial(_counts, request.user, duties)),
    ]
    for wanted, read in sections:
        if roles & wanted:
            context |= read()
    return render(request, "home.html", context)


def _cases(user: User) -> dict:
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {"load": case_load(user, now, midnight), "urgent": rows_of(queue_for(user)[:MOST_URGENT])}


def _figures(user: User) -> dict:
    now = timezone.now()
    return {"figures": district_figures(user, now), "week_began": _week_began(now)}


def _week_began(now: datetime) -> str:
    return (timezone.localtime(now) - timedelta(days=6)).date().isoformat()


def _counts(user: User, duties: tuple[CurrentDuty, ...]) -> dict:
    """Totals one level below the largest area that is looked after."""
    levels = [duty.level for duty in duties if duty.role in COUNTING_ROLES]
    level = max(levels, key=lambda level: level.rank).below or Level.GRID
    counts = area_counts(user, level, timezone.now())
    names = area_names(count.code for count in counts)
    return {"counts": [(names.get(count.code, count.code), count) for count in counts]}
