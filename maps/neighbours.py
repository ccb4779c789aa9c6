"""Which places are near which. Pure."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from maps.errors import TooManyNeighbours

# Corners that met before they were projected may miss each other by rounding afterwards.
GAP_M = 0.01
# Each takes sixty bytes while they are put together, sixteen afterwards.
MAX_LINKS = 10_000_000


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each of n places, itself and the places near it.

    `links` is a symmetric matrix (n, n) with 1.0 where two places are neighbours and on the diagonal.
    """

    links: csr_array

    def __len__(self) -> int:
        return self.links.shape[0]

    @property
    def counts(self) -> np.ndarray:
        """How many places each one's surroundings have, itself among them. Shape (n,)."""
        return np.diff(self.links.indptr)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """`values`, shape (n,) or (n, periods), added up over each place and its neighbours. Same shape."""
        return self.links @ values


def within_distance(points_m: np.ndarray, radius_m: float) -> Neighbours:
    """Places at most `radius_m` apart in a straight line. `points_m` has shape (n, 2) or (n, 3), in metres.

    Raises:
        TooManyNeighbours: the radius takes in so much that it would not fit in memory.
        ValueError: a coordinate is not finite.
    """
    tree = KDTree(points_m)
    if tree.count_neighbors(tree, radius_m) > MAX_LINKS:
        raise TooManyNeighbours(radius_m=f"{radius_m:g}", limit=MAX_LINKS)
    left, right = tree.query_pairs(radius_m, output_type="ndarray").T
    return _linked(len(points_m), np.concatenate([left, right]), np.concatenate([right, left]))


def touching(polygons: np.ndarray) -> Neighbours:
    """Areas that share a stretch of boundary or only a corner (queen contiguity).

    `polygons` are shapely geometries in metres, shape (n,). Unlike libpysal's contiguity this does not ask
    for common vertices: where one long edge meets two short ones, all three touch.
    """
    polygons = np.asarray(polygons, dtype=object)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=GAP_M)
    return _linked(len(polygons), left, right)


def _linked(size: int, left: np.ndarray, right: np.ndarray) -> Neighbours:
    """Neighbours by pairs of positions, each pair in both directions. All are neighbours of themselves."""
    self = np.arange(size)
    ends = np.concatenate([left, self]), np.concatenate([right, self])
    links = csr_array((np.ones(len(ends[0])), ends), shape=(size, size))
    links.data[:] = 1.0  # pairs given twice were added up
    return Neighbours(links)
