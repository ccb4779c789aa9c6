"""Many points to their grid units at once. Pure."""

import numpy as np
import shapely

NOWHERE = -1

# A point this near to the fabric's rim lies on it: about a millimetre, in degrees. The middle of an
# edge, say, rounds to either side of the edge. Between two units rounding matters nothing, for the
# point lies in the one or in the other; at the rim it must not fall out of the district.
RIM_DEGREES = 1e-8


class UnitIndex:
    """The grid units of one day, ready to be asked about arrays of points.

    Gives what PostGIS gives one by one with ST_Covers and the lowest code first: boundaries belong
    to the unit, and what several units share belongs to the one with the lowest code.
    """

    def __init__(self, codes: list[str], geometries: np.ndarray):
        """`geometries` are polygons in WGS84 degrees, shape (n,), in the ascending order of `codes`."""
        self.codes = codes
        rim = np.flatnonzero(_have_free_edges(geometries))[::-1]
        widened = shapely.buffer(geometries[rim], RIM_DEGREES, join_style="mitre")
        # Later ones overrule: the rim gives way to the units themselves, high codes to low ones.
        self._positions = np.concatenate([rim, np.arange(len(codes))[::-1]])
        self._polygons = np.concatenate([widened, geometries[::-1]])
        self._bounds = shapely.bounds(self._polygons)
        shapely.prepare(self._polygons)

    def find(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Position in `codes` for each point (WGS84 degrees, NaN allowed), NOWHERE outside. Shape (m,).

        Points sorted by longitude are one slice for each unit, so that a unit looks only at the
        points in its strip. That is faster than a tree of points, which is built to be asked once.
        """
        order = np.argsort(lon, kind="stable")  # NaN come last, east of every unit
        x, y = lon[order], lat[order]
        first = np.searchsorted(x, self._bounds[:, 0], side="left")
        last = np.searchsorted(x, self._bounds[:, 2], side="right")
        found = np.full(len(lon), NOWHERE, dtype=np.int32)
        for k, (position, polygon) in enumerate(zip(self._positions, self._polygons, strict=True)):
            strip = slice(first[k], last[k])
            near = np.flatnonzero((y[strip] >= self._bounds[k, 1]) & (y[strip] <= self._bounds[k, 3]))
            covered = shapely.intersects_xy(polygon, x[strip][near], y[strip][near])
            found[order[strip][near[covered]]] = position
        return found


def _have_free_edges(geometries: np.ndarray) -> np.ndarray:
    """Which polygons have an edge that no other has: those at the rim of the fabric. Shape (n,), bool."""
    polygons, polygon_owner = shapely.get_parts(geometries, return_index=True)
    rings, ring_owner = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    ends = np.stack([xy[:-1], xy[1:]], axis=1)[within]
    forward = (ends[:, 0, 0] < ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] < ends[:, 1, 1])
    )
    edges = np.where(forward[:, None, None], ends, ends[:, ::-1]).reshape(-1, 4)
    _, inverse, counts = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    free = np.zeros(len(geometries), dtype=bool)
    free[polygon_owner[ring_owner[ring[:-1][within][counts[inverse.ravel()] == 1]]]] = True
    return free
