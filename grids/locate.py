"""Which grid unit a place lies in.

A point on a shared edge or corner is covered by several units; it belongs to the one with the lowest
code, always the same. At the rim of the district a millimetre counts as nothing (RIM_DEGREES).
grids/locate_file.py gives the same answers for a million points at once.
"""

from dataclasses import dataclass
from datetime import date
from math import isfinite

from django.conf import settings
from django.utils import timezone

from grids import crs
from grids.errors import (
    AccuracyInvalid,
    CoordinateInvalid,
    CoordinatesSwapped,
    NoGridUnits,
    PointOutsideDistrict,
)
from grids.hierarchy import Level, code_at
from grids.prepared import rows
from grids.unit_index import RIM_DEGREES

# A position this vague says nothing about grid units, which are some 200 m wide.
LARGEST_ACCURACY_M = 10_000
# A circle smaller than this is a point: its area is lost in rounding.
SMALLEST_ACCURACY_M = 0.01

_IN_FORCE = "{v}.valid_from <= %(on)s AND ({v}.valid_to IS NULL OR {v}.valid_to > %(on)s)"
_POINT = f"ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), {crs.WGS84_SRID})"
_UNITS = f"length(unit.area_id) = {Level.GRID.code_length} AND {_IN_FORCE.format(v='unit')}"


_REACHES_OUT = (
    f"ST_DWithin(ST_Boundary(unit.geom_metric), ST_Transform({_POINT}, {crs.METRIC_SRID}), %(radius_m)s)"
)


def _units_where(holds: str) -> str:
    """Query for the units of which `holds` is true, lowest code first, with the names of what they lie in,
    and whether the circle reaches their boundary.
    """
    return f"""
        SELECT unit.area_id, unit.name, coalesce(community.name, ''), coalesce(street.name, ''),
            {_REACHES_OUT}
        FROM grids_areaversion unit
        LEFT JOIN grids_areaversion community ON {_IN_FORCE.format(v="community")}
            AND community.area_id = left(unit.area_id, {Level.COMMUNITY.code_length})
        LEFT JOIN grids_areaversion street ON {_IN_FORCE.format(v="street")}
            AND street.area_id = left(unit.area_id, {Level.STREET.code_length})
        WHERE {holds} AND {_UNITS}
        ORDER BY unit.area_id
    """


_COVERING = _units_where(f"ST_Covers(unit.geom, {_POINT})")
_AT_THE_RIM = _units_where(f"ST_DWithin(unit.geom, {_POINT}, {RIM_DEGREES})")

# The units in a circle, with their shares of it. 32 segments a quarter: area right to 0.04 %.
# Ordered by the shares as they are told ("share" is the result's, not part's): equal ones by code.
# incidents/static/incidents/reporting/locate_units.js gives the same without a network.
_IN_CIRCLE = f"""
WITH circle AS MATERIALIZED (
    SELECT ST_Buffer(ST_Transform({_POINT}, {crs.METRIC_SRID}), %(radius_m)s, 32) AS geom
), part AS (
    SELECT area_id, name, ST_Area(ST_Intersection(geom_metric, circle.geom)) / ST_Area(circle.geom) AS share
    FROM circle JOIN grids_areaversion unit ON ST_Intersects(geom_metric, circle.geom) AND {_UNITS}
)
SELECT area_id, name, round(share::numeric, 4)::float8 AS share
FROM part WHERE part.share >= 0.00005 ORDER BY share DESC, area_id
"""

# Degrees of longitude are shorter than those of latitude here, so that the nearest in degrees is
# only nearly the nearest; it is among the first few.
_NEAREST = f"""
SELECT area_id, ST_Distance(geom::geography, {_POINT}::geography) AS distance_m
FROM (SELECT * FROM grids_areaversion unit WHERE {_UNITS} ORDER BY geom <-> {_POINT} LIMIT 30) near
ORDER BY distance_m, area_id
LIMIT 1
"""


@dataclass(frozen=True)
class AreaName:
    code: str
    name: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "name": self.name}


@dataclass(frozen=True)
class Candidate:
    """A grid unit that the place may lie in, with its share (0 to 1) of the accuracy circle."""

    code: str
    name: str
    share: float

    def as_json(self) -> dict[str, str | float]:
        return {"code": self.code, "name": self.name, "share": self.share}


@dataclass(frozen=True)
class Location:
    """Where a place lies. `wgs84` is longitude, latitude; candidates come with the largest share first.

    `outside_share` is the share of the accuracy circle that no grid unit covers: shares and it add to 1.
    """

    grid_unit: AreaName
    community: AreaName
    street: AreaName
    wgs84: tuple[float, float]
    certain: bool
    candidates: tuple[Candidate, ...]
    outside_share: float = 0.0

    def as_json(self) -> dict:
        return {
            "street": self.street.as_json(),
            "community": self.community.as_json(),
            "grid_unit": self.grid_unit.as_json(),
            "wgs84": [round(degrees, 9) for degrees in self.wgs84],
            "certain": self.certain,
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "outside_share": self.outside_share,
        }


def locate_point(
    lon: float | str,
    lat: float | str,
    *,
    datum: crs.Datum | str = crs.Datum.WGS84,
    accuracy_m: float | str | None = None,
    on: date | None = None,
) -> Location:
    """The grid unit at a point in degrees of `datum`, by the boundaries in force `on` a day (today).

    With `accuracy_m`, the radius of a circle around the point, the candidates are the units in the
    circle, and the answer is certain when GRIDGOV_CERTAIN_SHARE of the circle lies in the unit found.
    Without it the candidates are the units at the point, in equal shares: more than one, and so an
    uncertain answer, only on a shared boundary.

    Raises:
        CoordinateInvalid, AccuracyInvalid, DatumMissing, DatumUnknown: the input cannot be a place.
        PointOutsideDistrict: no unit holds the point; says which is nearest and how far.
        NoGridUnits: no boundary at all is in force on that day.
    """
    lon, lat = check_coordinates(lon, lat)
    radius_m = _check_accuracy(accuracy_m)
    x, y = crs.to_wgs84(lon, lat, datum)
    facts = {"lon": x, "lat": y, "on": on or timezone.localdate(), "radius_m": radius_m}
    covering = rows(_COVERING, facts) or rows(_AT_THE_RIM, facts)
    if not covering:
        raise _outside(facts)
    code, name, community, street, reaches_out = covering[0]
    if radius_m and not reaches_out and len(covering) == 1:
        # Nothing to measure, as in most cases, which saves half of the work.
        candidates, certain = (Candidate(code, name, 1.0),), True
    elif radius_m and (candidates := tuple(Candidate(*row) for row in rows(_IN_CIRCLE, facts))):
        best = candidates[0]
        certain = best.code == code and best.share >= settings.GRIDGOV_CERTAIN_SHARE
    else:
        candidates = tuple(Candidate(row[0], row[1], round(1 / len(covering), 4)) for row in covering)
        certain = len(covering) == 1
    return Location(
        grid_unit=AreaName(code, name),
        community=AreaName(code_at(code, Level.COMMUNITY), community),
        street=AreaName(code_at(code, Level.STREET), street),
        wgs84=(x, y),
        certain=certain,
        candidates=candidates,
        outside_share=_rest(candidates) if radius_m else 0.0,
    )


def check_coordinates(lon: float | str, lat: float | str) -> tuple[float, float]:
    """Both as numbers of degrees. Raises CoordinateInvalid, CoordinatesSwapped."""
    x, y = _number(lon), _number(lat)
    if x is not None and y is not None:
        if abs(x) <= 180 and abs(y) <= 90:
            return x, y
        if abs(x) <= 90 and abs(y) <= 180:
            raise CoordinatesSwapped(lon=x, lat=y)
    raise CoordinateInvalid(lon=_shown(lon), lat=_shown(lat))


def _check_accuracy(accuracy_m: float | str | None) -> float:
    """Radius in metres, 0 when there is none to speak of."""
    if accuracy_m is None:
        return 0.0
    radius_m = _number(accuracy_m)
    if radius_m is None or not 0 <= radius_m <= LARGEST_ACCURACY_M:
        raise AccuracyInvalid(accuracy_m=_shown(accuracy_m), limit_m=LARGEST_ACCURACY_M)
    return radius_m if radius_m >= SMALLEST_ACCURACY_M else 0.0


def _number(value: float | str) -> float | None:
    """`value` as a finite number, or None."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _shown(value: object) -> str:
    """`value` as an error may repeat it: short, and text, for JSON knows no NaN."""
    return str(value)[:40]


def _rest(candidates: tuple[Candidate, ...]) -> float:
    return max(0.0, round(1 - sum(candidate.share for candidate in candidates), 4))


def _outside(facts: dict) -> PointOutsideDistrict | NoGridUnits:
    nearest = rows(_NEAREST, facts)
    if not nearest:
        return NoGridUnits(on=facts["on"].isoformat())
    code, distance_m = nearest[0]
    return PointOutsideDistrict(nearest_code=code, distance_m=round(distance_m, 1))
