"""Many points to their grid units at once. Pure."""

import numpy as np
import shapely

NOWHERE = -1


class UnitIndex:
    """The grid units of one day, ready to be asked about arrays of points.

    Gives what PostGIS gives one by one with ST_Covers and the lowest code first: boundaries belong
    to the unit, and what several units share belongs to the one with the lowest code.
    """

    def __init__(self, codes: list[str], geometries: np.ndarray):
        """`geometries` are polygons in WGS84 degrees, shape (n,), in the ascending order of `codes`."""
        self.codes = codes
        self._geometries = geometries
        self._bounds = shapely.bounds(geometries)
        shapely.prepare(geometries)

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
        for position in range(len(self.codes) - 1, -1, -1):  # the lowest code writes last
            strip = slice(first[position], last[position])
            _, south, _, north = self._bounds[position]
            near = np.flatnonzero((y[strip] >= south) & (y[strip] <= north))
            covered = shapely.intersects_xy(self._geometries[position], x[strip][near], y[strip][near])
            found[order[strip][near[covered]]] = position
        return found
