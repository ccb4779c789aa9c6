"""What a phone must hold to take reports without a network: boundaries, addresses, cases already known.

Of the surroundings of one's duties only. Nothing about persons, and no case's description: a phone is lost.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import shapely
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db.models import Q
from django.utils import timezone

from grids.area_names import area_names
from grids.hierarchy import Level, code_at, level_of
from grids.models import Address, AreaVersion, Duty, User
from grids.pinyin import initials_of
from grids.roles import CASE_ROLES
from grids.units_around import DrawnUnit, units_around
from incidents.models import Dispute

# Units are complete this far around those of one's duties, in metres.
AROUND_M = 300
MOST_ADDRESSES, MOST_DISPUTES = 2000, 300
DISPUTES_BACK = timedelta(days=30)
DISPUTE_FIELDS = (
    "id", "case_number", "title", "category", "state", "location", "reported_at", "grid_unit_id"
)  # fmt: skip


def worker_duties(user: User) -> list[dict[str, str]]:
    """Where `user` works on cases today, the largest area first: code, name and role of each duty."""
    held = list(Duty.objects.held_by(user, CASE_ROLES).order_by("area_id").values_list("area_id", "role"))
    names = area_names(code for code, _ in held)
    duties = [{"code": code, "name": names.get(code, ""), "role": role} for code, role in held]
    return sorted(duties, key=lambda duty: len(duty["code"]))


def duty_bounds(user: User) -> list[float] | None:
    """West, south, east, north of the areas where `user` works on cases, as they are today; WGS84 degrees."""
    areas = Duty.objects.held_by(user, CASE_ROLES).values("area")
    extent = AreaVersion.objects.current().filter(area__in=areas).aggregate(extent=Extent("geom"))["extent"]
    return list(extent) if extent else None


def phone_reference(user: User, now: datetime | None = None) -> dict:
    """All that the phone of `user` keeps, as JSON takes it. Changes with what it tells and with the day."""
    now = now or timezone.now()
    on = timezone.localdate(now)
    duties = Duty.objects.held_by(user, CASE_ROLES).values_list("area_id", flat=True).order_by("area_id")
    # The whole district would be too much, and a district centre is not out on the street.
    own = [code for code in duties if level_of(code) is not Level.DISTRICT]
    homes = {_home(code) for code in own}
    units = units_around(homes, AROUND_M, on)
    return {
        "on": on.isoformat(),
        "certain_share": settings.GRIDGOV_CERTAIN_SHARE,
        "covered": _bounds([unit for unit in units if unit.code.startswith(tuple(homes))]),
        "covered_m": AROUND_M,
        "units": [{**unit.as_json(), "own": unit.code.startswith(tuple(own))} for unit in units],
        "addresses": _addresses(own),
        "disputes": _disputes(user, now),
    }


def _home(code: str) -> str:
    """The community of a unit; a community and a street are what they are."""
    return code_at(code, Level.COMMUNITY) if level_of(code) is Level.GRID else code


def _bounds(units: list[DrawnUnit]) -> list[float] | None:
    """West, south, east, north in WGS84 degrees."""
    return shapely.total_bounds([unit.geometry for unit in units]).tolist() if units else None


def _addresses(own: Collection[str]) -> list[dict[str, str]]:
    if not own:
        return []
    inside = reduce(or_, (Q(unit__code__startswith=code) for code in own))
    known = Address.objects.filter(inside).order_by("text").values_list("text", "unit_id")
    return [
        {"text": text, "unit": unit, "pinyin": initials_of(text)} for text, unit in known[:MOST_ADDRESSES]
    ]


def _disputes(user: User, now: datetime) -> list[dict]:
    """Open cases that `user` may see, reported lately, newest first."""
    lately = Dispute.objects.visible_to(user).open().filter(reported_at__gte=now - DISPUTES_BACK)
    rows = lately.order_by("-reported_at", "-id").values(*DISPUTE_FIELDS)
    return [
        {
            **{name: row[name] for name in ("case_number", "title", "category", "state")},
            "id": str(row["id"]),
            "lon": row["location"].x,
            "lat": row["location"].y,
            "reported_at": row["reported_at"].isoformat(),
            "grid_unit": row["grid_unit_id"],
        }
        for row in rows[:MOST_DISPUTES]
    ]
