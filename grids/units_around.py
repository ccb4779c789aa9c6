"""The grid units of some areas and of what lies around them, for whoever must locate without this server."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import Exists, OuterRef, Q

from grids.area_names import area_names
from grids.hierarchy import Level, code_at
from grids.locate import AreaName
from grids.models import AreaVersion


@dataclass(frozen=True)
class DrawnUnit:
    """A grid unit, what it lies in, and its boundary in WGS84 degrees, each coordinate exactly as stored."""

    code: str
    name: str
    community: AreaName
    street: AreaName
    schematic: bool
    geometry: shapely.MultiPolygon

    def as_json(self) -> dict:
        return {
            "code": self.code,
            "name": self.name,
            "community": self.community.as_json(),
            "street": self.street.as_json(),
            "schematic": self.schematic,
            "geometry": shapely.geometry.mapping(self.geometry),
        }


def units_around(codes: Collection[str], within_m: float, on: date) -> list[DrawnUnit]:
    """Units in force `on` a day in one of the areas `codes` or at most `within_m` metres from one there.

    In order of code; none for no area.
    """
    if not codes:
        return []
    units = AreaVersion.objects.on(on).level(Level.GRID)
    there = units.filter(reduce(or_, (Q(area__code__startswith=code) for code in codes)))
    near = units.filter(Exists(there.filter(geom_metric__dwithin=(OuterRef("geom_metric"), within_m))))
    rows = near.order_by("area_id").annotate(wkb=AsWKB("geom"))
    rows = list(rows.values_list("area_id", "name", "schematic", "wkb"))
    names = area_names({code_at(row[0], level) for row in rows for level in (Level.COMMUNITY, Level.STREET)})

    def named(code: str, level: Level) -> AreaName:
        return AreaName(code_at(code, level), names.get(code_at(code, level), ""))

    return [
        DrawnUnit(
            code,
            name,
            named(code, Level.COMMUNITY),
            named(code, Level.STREET),
            schematic,
            shapely.from_wkb(bytes(wkb)),
        )
        for code, name, schematic, wkb in rows
    ]
