"""Places and where they lie: the one table that the server and the phone must both meet.

The expected answers are worked out here with shapely and pyproj, from neither's code: the district is the
schematic Haizhu, and a small territory beside it has a hole and a unit of two parts.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer

from fixtures.haizhu.fabric import Fabric, SchematicArea
from grids import crs
from tests import geometries as g

# Shares of the server, of the phone and of this table differ by no more than this.
SHARE_TOLERANCE = 0.0002
DISTANCE_TOLERANCE_M = 0.2
CERTAIN_SHARE = 0.9
_RIM_DEGREES = 1e-8
_TO_METRES = Transformer.from_crs(4326, 4547, always_xy=True)

WITH_HOLE, IN_THE_HOLE, IN_TWO_PARTS = (f"440105001001{n:03d}" for n in range(1, 4))
SMALL_TERRITORY = {
    WITH_HOLE: g.WITH_HOLE,
    IN_THE_HOLE: shapely.box(113.302, 23.081, 113.303, 23.083),
    IN_TWO_PARTS: shapely.MultiPolygon([g.moved(g.SOUTH_WEST, lon=0.004), g.moved(g.SOUTH_WEST, lon=0.008)]),
}


@dataclass(frozen=True)
class Case:
    """A place, in degrees of `datum`. Expected is the phone's answer without names, `own` and so on."""

    kind: str
    lon: float
    lat: float
    accuracy_m: float | None
    datum: str
    expected: dict


class Oracle:
    """Units by code, asked point by point with shapely."""

    def __init__(self, units: dict[str, shapely.Geometry]):
        self.codes = sorted(units)
        self.degrees = np.array([units[code] for code in self.codes])
        self.metres = to_metres(self.degrees)

    def answer(self, lon: float, lat: float, accuracy_m: float | None) -> dict:
        point = shapely.Point(lon, lat)
        covering = np.flatnonzero(shapely.covers(self.degrees, point))
        if not covering.size:
            covering = np.flatnonzero(shapely.distance(self.degrees, point) <= _RIM_DEGREES)
        if not covering.size:
            return self._outside(lon, lat)
        code = self.codes[covering[0]]
        shares = self.shares(lon, lat, accuracy_m) if accuracy_m else []
        if shares:
            certain = shares[0][0] == code and shares[0][1] >= CERTAIN_SHARE
            rest = max(0.0, round(1 - sum(share for _, share in shares), 4))
        else:
            shares = [(self.codes[k], round(1 / covering.size, 4)) for k in covering]
            certain, rest = covering.size == 1, 0.0
        return {"grid_unit": code, "certain": certain, "candidates": shares, "outside_share": rest}

    def shares(self, lon: float, lat: float, radius_m: float) -> list[tuple[str, float]]:
        circle = to_metres(shapely.Point(lon, lat)).buffer(radius_m, quad_segs=32)
        near = np.flatnonzero(shapely.intersects(self.metres, circle))
        parts = shapely.area(shapely.intersection(self.metres[near], circle)) / circle.area
        kept = [
            (self.codes[k], round(float(share), 4))
            for k, share in zip(near, parts, strict=True)
            if share >= 0.00005
        ]
        return sorted(kept, key=lambda each: (-each[1], each[0]))

    def _outside(self, lon: float, lat: float) -> dict:
        distances = shapely.distance(self.metres, to_metres(shapely.Point(lon, lat)))
        nearest = int(np.argmin(distances))
        return {
            "outside": True,
            "nearest": self.codes[nearest],
            "distance_m": round(float(distances[nearest]), 1),
        }


def difference(case: Case, answer: dict) -> str:
    """What of an answer is not as expected, "" where all is. `answer` has the form of `Case.expected`."""
    expected = case.expected
    if expected.get("outside") or answer.get("outside"):
        # Which unit is nearest does not count: several may be equally near.
        same = bool(expected.get("outside") and answer.get("outside")) and (
            abs(expected["distance_m"] - answer["distance_m"]) <= DISTANCE_TOLERANCE_M
        )
    else:
        same = all(expected[key] == answer[key] for key in ("grid_unit", "certain")) and np.array_equal(
            [code for code, _ in expected["candidates"]], [code for code, _ in answer["candidates"]]
        )
        same = same and np.allclose(_shares(expected), _shares(answer), rtol=0, atol=SHARE_TOLERANCE)
    return "" if same else f"{case}: {answer}"


def _shares(answer: dict) -> list[float]:
    return [*(share for _, share in answer["candidates"]), answer["outside_share"]]


def to_metres(geometries):
    return shapely.transform(geometries, lambda xy: np.column_stack(_TO_METRES.transform(xy[:, 0], xy[:, 1])))


def small_cases() -> list[Case]:
    """On SMALL_TERRITORY: in and on the hole, where nothing is, and between the parts of one unit."""
    oracle = Oracle(SMALL_TERRITORY)
    points = {
        "hole": [(113.3015, 23.082), (113.3025, 23.082), (113.3005, 23.082)],
        "edge of the hole": [(113.301, 23.082), (113.303, 23.082), (113.302, 23.083), (113.302, 23.081)],
        "two parts": [(113.305, 23.081), (113.309, 23.081), (113.307, 23.081), (113.304, 23.081)],
    }
    return [
        _case(kind, lon, lat, accuracy_m, oracle)
        for kind, places in points.items()
        for lon, lat in places
        for accuracy_m in (None, 5.0, 60.0, 400.0)
    ]


def haizhu_cases(fabric: Fabric) -> list[Case]:
    """Some six hundred, the same for every run."""
    rng = np.random.default_rng(20)
    oracle = oracle_of(fabric.units)
    kinds = {
        "inside": (_scattered(fabric, rng, 60), _no_circle),
        "circle": (_scattered(fabric, rng, 150), _any_circle),
        "edge": (_edge_middles(oracle.degrees, rng, 60), _no_circle),
        "circle on an edge": (_edge_middles(oracle.degrees, rng, 60), _any_circle),
        "corner": (_corners(oracle.degrees, rng, 40), _no_circle),
        "circle on a corner": (_corners(oracle.degrees, rng, 40), _any_circle),
        "rim": (_beside_rim(fabric, rng, 40, 0.0), _no_circle),
        "within the rim": (_beside_rim(fabric, rng, 30, 5e-9), _no_circle),
        "just outside": (_beside_rim(fabric, rng, 30, 5e-7), _no_circle),
        "outside": (_beside_rim(fabric, rng, 40, 1e-3), _any_circle),
        "circle over the rim": (_beside_rim(fabric, rng, 40, -1e-4), _any_circle),
    }
    cases = [
        _case(kind, *place, radius(rng), oracle)
        for kind, (places, radius) in kinds.items()
        for place in places
    ]
    for datum in ("gcj02", "bd09"):
        places = _scattered(fabric, rng, 20)
        cases += [_case(datum, *place, _any_circle(rng), oracle, datum) for place in places]
    return cases


def random_places(fabric: Fabric, rng: np.random.Generator, count: int) -> list[tuple]:
    """Longitude, latitude and accuracy of places anywhere in the district's box, for comparing at length."""
    west, south, east, north = fabric.district[0].geometry.bounds
    points = rng.uniform((west, south), (east, north), (count, 2))
    return [(*point.tolist(), _any_circle(rng) if rng.random() < 0.8 else None) for point in points]


def oracle_of(units: tuple[SchematicArea, ...]) -> Oracle:
    return Oracle({unit.code: unit.geometry for unit in units})


def _case(kind, lon, lat, accuracy_m, oracle, datum="wgs84") -> Case:
    x, y = crs.from_wgs84(lon, lat, datum)
    return Case(kind, x, y, accuracy_m, datum, oracle.answer(lon, lat, accuracy_m))


def _no_circle(rng) -> None:
    return None


def _any_circle(rng) -> float:
    """Radius in metres, as often between 3 and 30 as between 300 and 1000."""
    return round(float(np.exp(rng.uniform(np.log(3), np.log(1000)))), 2)


def _scattered(fabric: Fabric, rng, count: int) -> list[tuple[float, float]]:
    units = rng.choice(len(fabric.units), count)
    return [_moved_within(fabric.units[k].geometry, rng) for k in units]


def _moved_within(unit: shapely.Geometry, rng) -> tuple[float, float]:
    west, south, east, north = unit.bounds
    while True:
        lon, lat = rng.uniform((west, south), (east, north)).tolist()
        if unit.contains(shapely.Point(lon, lat)):
            return lon, lat


def _edge_middles(units, rng, count: int) -> list[tuple[float, float]]:
    ends = [_edge(unit, rng) for unit in rng.choice(units, count)]
    return [tuple(((one + other) / 2).tolist()) for one, other in ends]


def _corners(units, rng, count: int) -> list[tuple[float, float]]:
    return [tuple(_edge(unit, rng)[0].tolist()) for unit in rng.choice(units, count)]


def _beside_rim(fabric: Fabric, rng, count: int, outward_degrees: float) -> list[tuple[float, float]]:
    """Beside the middles of the district's edges."""
    places = []
    for _ in range(count):
        one, other = _edge(fabric.district[0].geometry, rng)
        along_x, along_y = other - one
        normal = np.array([along_y, -along_x]) / np.hypot(along_x, along_y)
        middle = (one + other) / 2
        if fabric.district[0].geometry.contains(shapely.Point(middle + 1e-6 * normal)):
            normal = -normal
        places.append(tuple((middle + outward_degrees * normal).tolist()))
    return places


def _edge(area: shapely.Geometry, rng) -> tuple[np.ndarray, np.ndarray]:
    corners = shapely.get_coordinates(shapely.get_parts(area)[0].exterior)
    k = int(rng.integers(len(corners) - 1))
    return corners[k], corners[k + 1]
