"""Coordinate systems: the only place with SRIDs and with conversion between datums. Pure.

GCJ-02 is the shifted datum that Chinese law asks of public maps (Amap, Tencent); BD-09 is Baidu's
second shift on top of it. Neither definition is published. The formulas and constants below are the
ones in common use since 2011, as in github.com/googollee/eviltransform and
github.com/wandergis/coordtransform; they meet the maps' own coordinates to about a metre.

docs/crs.md tells users what this means for them.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import shapely

from grids.errors import DatumMissing, DatumUnknown

WGS84_SRID = 4326
CGCS2000_SRID = 4490  # equals WGS84 to some decimetres, less than any boundary here is known to
METRIC_SRID = 4547  # CGCS2000 / 3-degree Gauss-Kruger CM 114E, metres
WEB_SRID = 3857
# The metric projection is good to some hundred kilometres of its meridian; on the far side there is none.
METRIC_MERIDIAN, METRIC_REACH_DEGREES = 114.0, 6.0

Degrees = float | np.ndarray
LonLat = tuple[Degrees, Degrees]

# Krasovsky 1940, the ellipsoid that the published GCJ-02 formula is written on.
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_WGS84_A = 6378137.0
_WGS84_EE = 0.00669437999014
_BAIDU_PI = np.pi * 3000.0 / 180.0

# Inverting stops when a round moves no point by more than this: 0.01 mm.
_SETTLED_DEGREES = 1e-10
_MOST_ROUNDS = 20


class Datum(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"

    @classmethod
    def parse(cls, text: str | None) -> "Datum":
        """The datum that `text` names, in any case. Raises DatumMissing or DatumUnknown: none is guessed."""
        if not text:
            raise DatumMissing()
        try:
            return cls(text.strip().lower())
        except ValueError:
            raise DatumUnknown(datum=text) from None


def from_wgs84(lon: Degrees, lat: Degrees, datum: Datum | str) -> LonLat:
    """WGS84 degrees to `datum`. Floats give floats, arrays of one shape give arrays of it; NaN stays NaN.

    Outside China (the box of the published formula) all three datums are the same.
    """
    forward = _FROM_WGS84[Datum.parse(datum)]
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    return _as_given(lon, *forward(x, y))


def to_wgs84(lon: Degrees, lat: Degrees, datum: Datum | str) -> LonLat:
    """Degrees of `datum` to WGS84, the inverse of `from_wgs84` to less than a millimetre.

    The formulas have no inverse in closed form. The shift changes by less than 1 % over its own
    length, so that correcting a first guess by what it misses settles within a few rounds.
    """
    forward = _FROM_WGS84[Datum.parse(datum)]
    target_x, target_y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    x, y = target_x, target_y
    for _ in range(_MOST_ROUNDS):
        there_x, there_y = forward(x, y)
        miss_x, miss_y = target_x - there_x, target_y - there_y
        x, y = x + miss_x, y + miss_y
        if not np.any(np.hypot(miss_x, miss_y) > _SETTLED_DEGREES):  # false for NaN, which never settles
            break
    return _as_given(lon, x, y)


def geometries_to_wgs84(geometries: np.ndarray, datum: Datum | str) -> np.ndarray:
    """Shapely geometries with every vertex converted from `datum` to WGS84."""
    if Datum.parse(datum) is Datum.WGS84:
        return geometries
    return shapely.transform(geometries, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)))


def metres_per_degree(lat: Degrees) -> LonLat:
    """Length in metres of one degree of longitude and one of latitude at `lat` on the WGS84 ellipsoid."""
    phi = np.radians(lat)
    w = 1 - _WGS84_EE * np.sin(phi) ** 2
    along_parallel = _WGS84_A / np.sqrt(w) * np.cos(phi)
    along_meridian = _WGS84_A * (1 - _WGS84_EE) / w**1.5
    return np.radians(along_parallel), np.radians(along_meridian)


def is_in_metric_reach(lon: float, lat: float) -> bool:
    """Whether a WGS84 place can be given in METRIC_SRID: asked for another, PROJ fails."""
    return abs(lon - METRIC_MERIDIAN) <= METRIC_REACH_DEGREES and abs(lat) <= 90 - METRIC_REACH_DEGREES


def area_m2(geometries: np.ndarray) -> np.ndarray:
    """Area in square metres of WGS84 geometries a district's size or smaller (right to 0.01 %).

    Measured in degrees and scaled, not projected: projecting bends long edges apart where a
    neighbour has an extra vertex, and would see slivers of some square metres that are not there.
    """
    bounds = shapely.bounds(geometries)
    lon_m, lat_m = metres_per_degree((bounds[..., 1] + bounds[..., 3]) / 2)
    area = shapely.area(geometries)
    return np.where(area > 0, area * lon_m * lat_m, 0.0)


def _as_given(given: Degrees, x: np.ndarray, y: np.ndarray) -> LonLat:
    return (x, y) if isinstance(given, np.ndarray) else (float(x), float(y))


def _same(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    return lon, lat


def _outside_china(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return (lon < 72.004) | (lon > 137.8347) | (lat < 0.8293) | (lat > 55.8271)


def _gcj02_from_wgs84(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    x, y = lon - 105.0, lat - 35.0
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + (
        ripple + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)
        + 160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)
    ) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + (
        ripple + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)
        + 150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)
    ) * 2.0 / 3.0
    phi = np.radians(lat)
    w = 1 - _KRASOVSKY_EE * np.sin(phi) ** 2
    shift_lat = np.degrees(north / (_KRASOVSKY_A * (1 - _KRASOVSKY_EE) / w**1.5))
    shift_lon = np.degrees(east / (_KRASOVSKY_A / np.sqrt(w) * np.cos(phi)))
    outside = _outside_china(lon, lat)
    return np.where(outside, lon, lon + shift_lon), np.where(outside, lat, lat + shift_lat)


def _bd09_from_wgs84(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    x, y = _gcj02_from_wgs84(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_PI)
    outside = _outside_china(lon, lat)
    return (
        np.where(outside, lon, radius * np.cos(angle) + 0.0065),
        np.where(outside, lat, radius * np.sin(angle) + 0.006),
    )


_FROM_WGS84: dict[Datum, Callable[[np.ndarray, np.ndarray], LonLat]] = {
    Datum.WGS84: _same,
    Datum.GCJ02: _gcj02_from_wgs84,
    Datum.BD09: _bd09_from_wgs84,
}
