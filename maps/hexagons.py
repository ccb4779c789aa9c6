"""Hexagons that tile the ground, and the cases in each. Pure."""

from dataclasses import dataclass

import numpy as np
import shapely

from maps.errors import TooManyHexagons

MOST_HEXAGONS = 100_000
# From its middle to its corners, in half widths eastward and half sides northward.
CORNERS = np.array([(0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1)])


@dataclass(frozen=True, eq=False)
class Hexagons:
    """Hexagons with a point to the north.

    `keys`, shape (n, 2), ascending, are their middles' places: the row, in 1.5 sides from the metric plane's
    origin, and the half widths eastward from there. So a hexagon keeps its key whatever else is drawn.
    `polygons`, shape (n,), share their corners to the last bit.
    """

    side_m: float
    keys: np.ndarray
    polygons: np.ndarray


def draw_hexagons(inside: shapely.Geometry, *, side_m: float) -> Hexagons:
    """All hexagons with sides of `side_m` that have ground in common with `inside`, a polygon in metres.

    Raises TooManyHexagons.
    """
    west, south, east, north = inside.bounds
    half_width, half_side = _halves(side_m)
    number = ((east - west) / half_width / 2 + 3) * ((north - south) / half_side / 3 + 3)
    if not number <= MOST_HEXAGONS:
        raise TooManyHexagons(number=round(number), limit=MOST_HEXAGONS)
    rows = np.arange(np.floor(south / half_side / 3) - 1, np.ceil(north / half_side / 3) + 2)
    columns = np.arange(np.floor(west / half_width / 2) - 1, np.ceil(east / half_width / 2) + 1)
    row, column = (each.ravel().astype(int) for each in np.meshgrid(rows, columns, indexing="ij"))
    # Every other row is moved by half a width.
    keys = np.column_stack([row, 2 * column + row % 2])
    corners = keys[:, None, ::-1] * (1, 3) + CORNERS
    polygons = shapely.polygons(corners * (half_width, half_side))
    shapely.prepare(inside)
    shown = shapely.intersects(inside, polygons)
    return Hexagons(side_m, keys[shown], polygons[shown])


def count_hexagons(points_m: np.ndarray, hexagons: Hexagons, weights: np.ndarray | None = None) -> np.ndarray:
    """The points, shape (m, 2), or their weights, in each hexagon: float, shape (n,). Points in none of them
    and points without a place are left out; one on a corner or an edge is in one of those that share it."""
    weights = np.ones(len(points_m)) if weights is None else weights
    placed = np.isfinite(points_m).all(axis=1)
    found = _ranks(_keys_at(points_m[placed], hexagons.side_m))
    ranks = _ranks(hexagons.keys)
    at = np.searchsorted(ranks, found)
    known = at < len(ranks)
    known[known] = ranks[at[known]] == found[known]
    return np.bincount(at[known], weights[placed][known], len(ranks)).astype(float)


def _keys_at(points_m: np.ndarray, side_m: float) -> np.ndarray:
    """The key of the hexagon with the nearest middle. The middles of even rows are one lattice of oblongs,
    those of odd rows another: the nearest of each is found by rounding."""
    half_width, half_side = _halves(side_m)
    place = points_m[:, ::-1] / (3 * half_side, half_width)
    even, odd = 2 * np.round(place / 2), 2 * np.floor(place / 2) + 1
    to_even, to_odd = (
        (((place - key) * (3 * half_side, half_width)) ** 2).sum(axis=1) for key in (even, odd)
    )
    return np.where((to_even <= to_odd)[:, None], even, odd).astype(int)


def _ranks(keys: np.ndarray) -> np.ndarray:
    """One number for each key, in the order of the keys."""
    return (keys[:, 0] << 32) + keys[:, 1]


def _halves(side_m: float) -> tuple[float, float]:
    return side_m * 3**0.5 / 2, side_m / 2
