"""Squares of ground in rows and columns, and how much of each lies in a polygon. Pure."""

from dataclasses import dataclass
from itertools import product
from math import ceil, floor

import numpy as np
import shapely

from maps.screen import Box

DECIMALS = 9


@dataclass(frozen=True)
class Raster:
    """Squares of `side_m`, rows from north to south, columns from west to east."""

    west_m: float
    north_m: float
    side_m: float
    rows: int
    columns: int

    @classmethod
    def over(cls, box_m: Box, side_m: float) -> "Raster":
        """As many whole squares as cover `box_m`, at least one, from its north-western corner."""
        columns, rows = (box_m.east - box_m.west) / side_m, (box_m.north - box_m.south) / side_m
        # A side that divides the box must not give one more for rounding.
        return cls(box_m.west, box_m.north, side_m, max(ceil(rows - 1e-9), 1), max(ceil(columns - 1e-9), 1))

    def around(self, box_m: Box) -> "Raster":
        """The squares of the same lattice that cover `box_m`, and one more on every side. One for a box that
        ends before it begins."""
        (west, east), (north, south) = self.places(
            np.array([box_m.west, box_m.east]), np.array([box_m.north, box_m.south])
        )
        left, top = floor(west) - 1, floor(north) - 1
        return Raster(
            self.west_m + left * self.side_m, self.north_m - top * self.side_m, self.side_m,
            max(ceil(south) + 1 - top, 1), max(ceil(east) + 1 - left, 1),
        )  # fmt: skip

    @property
    def box_m(self) -> Box:
        south, east = self.north_m - self.rows * self.side_m, self.west_m + self.columns * self.side_m
        return Box(self.west_m, south, east, self.north_m)

    @property
    def middles_m(self) -> tuple[np.ndarray, np.ndarray]:
        """x of the columns' middles, shape (columns,), and y of the rows', shape (rows,)."""
        x_m = self.west_m + (np.arange(self.columns) + 0.5) * self.side_m
        return x_m, self.north_m - (np.arange(self.rows) + 0.5) * self.side_m

    def places(self, x_m: np.ndarray, y_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """In columns from the west and rows from the north: 0.5 is the middle of the first."""
        return (x_m - self.west_m) / self.side_m, (self.north_m - y_m) / self.side_m


def covered_share(polygon: shapely.Geometry, raster: Raster) -> tuple[np.ndarray, np.ndarray]:
    """The share of each square that lies in `polygon` (with any parts and holes), to nine decimals; and which
    squares an edge passes or comes next to: the others are covered wholly or not at all. Shapes (rows,
    columns), float 0 to 1 and bool.

    An edge that runs down through a square by h, at s of its width on average, has h (1 - s) of the square
    to its right, and h of every further one in the row. All edges together, those that run up taken off,
    give what the polygon covers. So fonts are drawn (R. Levien, font-rs, 2016).
    """
    column, row, run = _pieces(polygon, raster)
    column = np.maximum(column, 0)
    within = (row >= 0) & (row < raster.rows) & (column < raster.columns)
    row, column, run = row[within].astype(int), column[within], run[within]
    square = column.astype(int)
    beside = column - square
    width = raster.columns + 1
    at = row * width + square
    size = raster.rows * width
    steps = np.bincount(at, run * (1 - beside), size) + np.bincount(at + 1, run * beside, size)
    share = np.cumsum(steps.reshape(raster.rows, width), axis=1)[:, :-1]
    rim = np.zeros((raster.rows, raster.columns), dtype=bool)
    for down, right in product((-1, 0, 1), repeat=2):
        rim[np.clip(row + down, 0, raster.rows - 1), np.clip(square + right, 0, raster.columns - 1)] = True
    # What adding up leaves over is not ground.
    return share.round(DECIMALS), rim


def _pieces(polygon: shapely.Geometry, raster: Raster) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All edges cut where they leave a square: the pieces' middles (columns, rows) and rows run down."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(polygon)))
    xy_m, ring = shapely.get_coordinates(rings, return_index=True)
    along = ring[1:] == ring[:-1]
    start, end = (np.stack(raster.places(*part[along].T)) for part in (xy_m[:-1], xy_m[1:]))
    whole = np.arange(start.shape[1])
    cuts = [_crossings(a, b) for a, b in zip(start, end, strict=True)]
    edge = np.concatenate([whole, whole, *(edge for edge, _ in cuts)])
    part = np.concatenate([np.zeros(len(whole)), np.ones(len(whole)), *(part for _, part in cuts)])
    order = np.lexsort((part, edge))
    edge, part = edge[order], part[order]
    column, row = start[:, edge] + part * (end - start)[:, edge]
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    after = piece + 1
    return (column[piece] + column[after]) / 2, (row[piece] + row[after]) / 2, row[after] - row[piece]


def _crossings(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the ways from `start` to `end` pass whole numbers: which way, and at what part of it."""
    first = np.ceil(np.minimum(start, end)).astype(int)
    count = np.floor(np.maximum(start, end)).astype(int) - first + 1
    count[start == end] = 0
    way = np.repeat(np.arange(len(start)), count)
    nth = np.arange(len(way)) - np.repeat(np.cumsum(count) - count, count)
    return way, (first[way] + nth - start[way]) / (end - start)[way]
