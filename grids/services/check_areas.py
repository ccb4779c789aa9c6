"""Measuring a whole fabric."""

from datetime import date
from itertools import pairwise

import numpy as np
import shapely
from django.utils import timezone

from grids import boundaries
from grids.area_checks import Areas, beyond_parents, gaps_by_parent
from grids.hierarchy import Level
from grids.selectors import areas_in_force

_LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)


def check_areas(*, on: date | None = None) -> dict:
    """How the areas in force `on` a day (today) fit together; 0 everywhere for a sound fabric.

    `gaps` and `overlaps` are pieces and pairs of more than boundaries.TOLERANCE_M2, with their
    square metres; `outside` are areas that reach beyond their parent, `orphans` those whose parent
    is not in force, `invalid` polygons that cross themselves. `details` names each by code.
    """
    on = on or timezone.localdate()
    levels = {level: areas_in_force(level, on) for level in _LEVELS}
    details = [detail for areas in levels.values() for detail in _each_level(areas)]
    for above, below in pairwise(_LEVELS):
        details += _between_levels(levels[above], levels[below])
    return {
        "on": on.isoformat(),
        "areas": {level.value: len(levels[level].codes) for level in _LEVELS[1:]},
        "gaps": _count(details, "gap"),
        "overlaps": _count(details, "overlap"),
        "outside": _count(details, "out_of_parent"),
        "invalid": _count(details, "invalid"),
        "orphans": _count(details, "orphan"),
        "gap_m2": _sum(details, "gap"),
        "overlap_m2": _sum(details, "overlap"),
        "outside_m2": _sum(details, "out_of_parent"),
        "details": details,
    }


def _each_level(areas: Areas) -> list[dict]:
    drawn = [k for k, geometry in enumerate(areas.geometries) if geometry is not None]
    codes, geometries = areas.codes[drawn], areas.geometries[drawn]
    valid = shapely.is_valid(geometries)
    found = [{"kind": "invalid", "code": code} for code in codes[~valid]]
    codes, geometries = codes[valid], geometries[valid]
    return found + [
        {"kind": "overlap", "code": codes[o.first], "with": codes[o.second], "m2": round(o.m2, 2)}
        for o in boundaries.find_overlaps(geometries)
    ]


def _between_levels(parents: Areas, children: Areas) -> list[dict]:
    known = set(parents.codes)
    orphans = [{"kind": "orphan", "code": code} for code in children.codes if code[:-3] not in known]
    # What crosses itself is reported as such; nothing can be measured against it.
    valid = shapely.is_valid(children.geometries)
    children = Areas(children.codes[valid], children.geometries[valid])
    parents = Areas(parents.codes, np.where(shapely.is_valid(parents.geometries), parents.geometries, None))
    return [
        *orphans,
        *(
            {"kind": "out_of_parent", "code": code, "m2": round(m2, 2)}
            for code, m2 in beyond_parents(children, parents)
        ),
        *(
            {"kind": "gap", "code": code, "m2": round(m2, 2)}
            for code, pieces in gaps_by_parent(children, parents).items()
            for m2 in pieces
        ),
    ]


def _count(details: list[dict], kind: str) -> int:
    return sum(detail["kind"] == kind for detail in details)


def _sum(details: list[dict], kind: str) -> float:
    return round(sum(detail["m2"] for detail in details if detail["kind"] == kind), 2)
