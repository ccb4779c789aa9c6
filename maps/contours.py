"""Areas of a surface above given levels. Pure."""

import numpy as np
import shapely
from scipy.ndimage import distance_transform_edt

from maps.coverage import Raster
from maps.density import Surface

# A line keeps this part of the way off the middles of squares, so that no two lines meet in one.
APART = 1e-6


def contours(surface: Surface, levels: list[float]) -> list[shapely.MultiPolygon]:
    """For each level, in cases per km² and above 0, the ground that is at least as dense, in metres.

    Linear between the middles of squares, cut at the district's edge and the surface's box; empty where
    nothing is so dense. Marching squares (after W. Lorensen and H. Cline, Comput. Graph. 21, 1987).
    """
    if not min(levels, default=1) > 0:
        raise ValueError("levels are above 0")
    values = _continued(surface)
    box = surface.box_m
    bounds = shapely.box(box.west, box.south, box.east, box.north)
    shown = bounds if surface.inside is None else shapely.intersection(bounds, surface.inside)
    raster = Raster.over(box, surface.cell_m)
    return [_ground(shapely.intersection(_at_least(values, level, raster), shown)) for level in levels]


def _ground(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Without the lines and points in which areas only touch."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(geometry) if part.area > 0])


def _continued(surface: Surface) -> np.ndarray:
    """The values, carried on beyond the district and one square beyond the box, and there nothing around."""
    values = surface.values
    if surface.covered.any():
        nearest = distance_transform_edt(surface.covered == 0, return_distances=False, return_indices=True)
        values = values[tuple(nearest)]
    return np.pad(np.pad(values, 1, mode="edge"), 1)


def _at_least(values: np.ndarray, level: float, raster: Raster) -> shapely.Geometry:
    """What the lines between middles above and below `level` enclose; `values` are padded by two."""
    ways = _crossed_ways(values >= level, values, level)
    if not len(ways):
        return shapely.Polygon()
    southward, start = np.divmod(ways, values.size)
    row, column = np.divmod(start, values.shape[1])
    here, there = values[row, column], values[row + southward, column + 1 - southward]
    part = np.clip((level - here) / (there - here), APART, 1 - APART)
    x_m = raster.west_m + (column + part * (1 - southward) - 1.5) * raster.side_m
    y_m = raster.north_m - (row + part * southward - 1.5) * raster.side_m
    lines = shapely.linestrings(np.stack([x_m, y_m], axis=-1))
    return shapely.build_area(shapely.multilinestrings(lines))


def _crossed_ways(above: np.ndarray, values: np.ndarray, level: float) -> np.ndarray:
    """Pairs of ways between neighbouring middles that a piece of line joins: int, shape (pieces, 2).

    The way eastward from the middle i of `values`, flattened, is i, the one southward i + values.size.
    """
    first = np.arange(values.size).reshape(values.shape)[:-1, :-1]
    east, south = above[:, :-1] != above[:, 1:], above[:-1] != above[1:]
    # Between four middles: the way along the top, the right, the bottom and the left.
    ways = np.stack([first, first + values.size + 1, first + values.shape[1], first + values.size], axis=-1)
    crossed = np.stack([east[:-1], south[:, 1:], east[1:], south[:, :-1]], axis=-1)
    times = crossed.sum(axis=-1)
    simple = ways[times == 2][crossed[times == 2]].reshape(-1, 2)
    # Two corners above and two below, across: what is between them is above where their mean is.
    saddle = times == 4
    mean = (values[:-1, :-1] + values[:-1, 1:] + values[1:, :-1] + values[1:, 1:]) / 4
    like_first = (mean[saddle] >= level) == above[:-1, :-1][saddle]
    top, right, bottom, left = ways[saddle].T
    one = np.stack([top, np.where(like_first, right, left)], axis=-1)
    other = np.stack([bottom, np.where(like_first, left, right)], axis=-1)
    return np.concatenate([simple, one, other])
