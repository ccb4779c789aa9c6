"""Where cases lie densely: a smooth surface of cases per square kilometre. Pure."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.linalg import toeplitz

from maps.coverage import Raster, covered_share
from maps.errors import SquaresTooCoarse, TooManySquares
from maps.palette import HEAT, HEAT_STOPS
from maps.screen import Box

# Squares no larger than this part of the bandwidth keep the error below 0.5 % of the peak (tested).
FINENESS = 6
# The kernel beyond this many bandwidths is 1.5e-8 of its peak.
REACH = 6
MOST_ON_A_SIDE = 2048
# So many points stay in the processor's cache while they are shared out.
AT_ONCE = 16_384
OPAQUE = 0.85


@dataclass(frozen=True, eq=False)
class Surface:
    """Cases per km² in squares, rows from north to south, columns from west to east.

    `values`, shape (rows, columns), is the density in that part of the square that lies in the district, 0
    where none does; `covered`, of the same shape, is this part, 0 to 1. `left_out` are the cases (weights) of
    points that do not lie in the district or have no place. `inside` is the district, None without one.
    """

    values: np.ndarray
    covered: np.ndarray
    box_m: Box
    cell_m: float
    bandwidth_m: float
    left_out: float
    inside: shapely.Geometry | None

    @property
    def total(self) -> float:
        """The cases under the surface: all of the district's where the box holds the district."""
        return float((self.values * self.covered).sum() * _km2(self.cell_m))


def heat_surface(
    points_m: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    bandwidth_m: float,
    cell_m: float,
    box_m: Box,
    inside: shapely.Geometry | None = None,
) -> Surface:
    """The density of `points_m`, shape (n, 2), in squares of `cell_m` over `box_m`; all in one metric plane.

    A Gaussian kernel with a standard deviation of `bandwidth_m`, each point shared linearly among the four
    nearest squares (M. P. Wand, J. Comput. Graph. Stat. 3, 1994). In a district, `inside` (a polygon of any
    parts and holes), nothing leaks over the edge: each point's kernel is divided by its part within it
    (P. Diggle, Appl. Stat. 34, 1985; M. C. Jones, Stat. Comput. 3, 1993), so that a case stays one case.
    Points outside are left out. Cases spread evenly still look less dense at the edge: ln 2, so 69 %, at a
    straight one, where it would be half without the correction. `box_m` may be a part of the district, as on
    a screen: what lies around it is counted in. `weights`, shape (n,), are cases at each point, else one.

    The densities in the middles of the squares are within 0.5 % of the peak of those by summing each kernel.
    Raises SquaresTooCoarse where `cell_m` is too large for that, TooManySquares.
    """
    if not 0 < cell_m <= bandwidth_m / FINENESS:
        raise SquaresTooCoarse(side_m=cell_m, bandwidth_m=bandwidth_m, most_m=bandwidth_m / FINENESS)
    places_m = np.ascontiguousarray(points_m.T, dtype=float)
    weights = np.ones(len(points_m)) if weights is None else weights
    seen = _limited(Raster.over(box_m, cell_m))
    near = _grown(seen.box_m, REACH * bandwidth_m)
    counted = np.isfinite(places_m).all(axis=0)
    placed_m = np.compress(counted, places_m, axis=1)
    if inside is None:
        sources = _limited(seen.around(_overlap(near, _extent(placed_m, near))))
        part, covered = 1.0, np.ones((seen.rows, seen.columns))
    else:
        ground = Box(*inside.bounds)
        sources = _limited(seen.around(_overlap(near, ground)))
        district = _limited(seen.around(_overlap(_grown(sources.box_m, REACH * bandwidth_m), ground)))
        share, rim = covered_share(inside, district)
        counted[counted] = _lie_inside(inside, placed_m, district, share, rim)
        part = _smoothed(share, district, sources, bandwidth_m)
        covered, _ = covered_share(inside, seen)
    cases = _shared(np.compress(counted, places_m, axis=1), weights[counted], near, sources)
    corrected = np.divide(cases, part, out=np.zeros_like(cases), where=cases > 0)
    values = _smoothed(corrected, sources, seen, bandwidth_m) / _km2(cell_m)
    left_out = float(weights[~counted].sum())
    return Surface(
        np.where(covered > 0, values, 0), covered, seen.box_m, cell_m, bandwidth_m, left_out, inside
    )


def _shared(places_m: np.ndarray, weights: np.ndarray, near: Box, raster: Raster) -> np.ndarray:
    """Each point's weight shared among the four squares whose middles are around it; none beyond `near`."""
    cases = np.zeros(raster.rows * raster.columns)
    for first in range(0, len(weights), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        x_m, y_m = places_m[:, some]
        reached = (x_m >= near.west) & (x_m <= near.east) & (y_m >= near.south) & (y_m <= near.north)
        column, row = raster.places(x_m, y_m)
        column, row, weight = column[reached] - 0.5, row[reached] - 0.5, weights[some][reached]
        left, top = np.floor(column), np.floor(row)
        at = (top * raster.columns + left).astype(int)
        low, right = weight * (row - top), weight * (column - left)
        both = low * (column - left)
        np.add.at(cases, at, weight - low - right + both)
        np.add.at(cases, at + 1, right - both)
        np.add.at(cases, at + raster.columns, low - both)
        np.add.at(cases, at + raster.columns + 1, both)
    return cases.reshape(raster.rows, raster.columns)


def _smoothed(values: np.ndarray, source: Raster, target: Raster, bandwidth_m: float) -> np.ndarray:
    """What lies in the squares of `source`, spread by the kernel over those of `target`.

    Two products of matrices: on some hundred squares a side as fast as a Fourier transform, and nothing comes
    back in from the far side.
    """
    (from_x, from_y), (to_x, to_y) = source.middles_m, target.middles_m
    # Sharing among four squares has spread a point already, by 0 to 1/4 of a square's variance on each axis.
    scale_m = np.sqrt(bandwidth_m**2 - source.side_m**2 / 8)
    south, east = _kernel(to_y, from_y, scale_m), _kernel(from_x, to_x, scale_m)
    return np.linalg.multi_dot([south, values, east]) * source.side_m**2


def _kernel(one_m: np.ndarray, other_m: np.ndarray, scale_m: float) -> np.ndarray:
    """Gaussian density, 1/m, for each pair of middles on one lattice."""
    return toeplitz(_height(one_m - other_m[0], scale_m), _height(one_m[0] - other_m, scale_m))


def _height(away_m: np.ndarray, scale_m: float) -> np.ndarray:
    away = np.abs(away_m) / scale_m
    # Nothing beyond the reach: numbers too small for a float's full precision slow the products down.
    heights = np.exp(np.minimum(away, REACH) ** 2 / -2)
    return np.where(away < REACH, heights, 0) / (scale_m * np.sqrt(2 * np.pi))


def _lie_inside(
    inside: shapely.Geometry, places_m: np.ndarray, raster: Raster, share: np.ndarray, rim: np.ndarray
) -> np.ndarray:
    """Which points lie in `inside` or on its edge; most can be told from their square. Shape (n,), bool."""
    column, row = (np.floor(place).astype(int) for place in raster.places(*places_m))
    known = (column >= 0) & (column < raster.columns) & (row >= 0) & (row < raster.rows)
    square = np.where(known, row * raster.columns + column, 0)
    known &= ~rim.ravel()[square]
    found = known & (share.ravel()[square] > 0)
    shapely.prepare(inside)
    found[~known] = shapely.intersects_xy(inside, *places_m[:, ~known])
    return found


def picture(surface: Surface, *, full_per_km2: float | None = None) -> np.ndarray:
    """The surface as RGBA, shape (rows, columns, 4), uint8, not premultiplied: clear where there is nothing.

    `full_per_km2` is the density that has the last colour, the highest one where it is not given; pictures
    that are compared need the same.
    """
    full = full_per_km2 or surface.values.max(initial=0) or 1.0
    level = np.minimum(surface.values / full, 1)
    ramp = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in HEAT])
    channels = [np.interp(level, HEAT_STOPS, channel) for channel in ramp.T]
    seen = np.interp(level, (0, HEAT_STOPS[0]), (0, 255 * OPAQUE)) * surface.covered
    return np.stack([*channels, seen], axis=-1).round().astype(np.uint8)


def _extent(places_m: np.ndarray, near: Box) -> Box:
    """The box of the places, shape (2, n); a corner of `near` where there are none."""
    if not places_m.size:
        return Box(near.west, near.south, near.west, near.south)
    return Box(*places_m.min(axis=1), *places_m.max(axis=1))


def _overlap(one: Box, other: Box) -> Box:
    return Box(
        max(one.west, other.west), max(one.south, other.south),
        min(one.east, other.east), min(one.north, other.north),
    )  # fmt: skip


def _grown(box: Box, by: float) -> Box:
    return Box(box.west - by, box.south - by, box.east + by, box.north + by)


def _limited(raster: Raster) -> Raster:
    if max(raster.rows, raster.columns) > MOST_ON_A_SIDE:
        raise TooManySquares(number=max(raster.rows, raster.columns), limit=MOST_ON_A_SIDE)
    return raster


def _km2(side_m: float) -> float:
    return side_m**2 / 1e6
