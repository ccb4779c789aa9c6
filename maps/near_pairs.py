"""Pairs of events that are near in space, met one after the other and never kept. Pure.

Two hundred thousand disputes have tens of millions of pairs within a few hundred metres. They are walked
through cell by cell, and where a pair is met it is compared in all its permuted times at once, so that the
memory needed grows with the events and not with the pairs.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

# Coordinates carry rounding: what is nearer than this to a bound lies on it, and two events nearer
# than this are at the same place.
ROUNDING_M = 1e-6
# Along one axis, so that the number of a cell fits an integer in three dimensions.
MOST_CELLS = 1_000_000
# The columns of neighbouring cells that come later in the order: x and y beside a cell's own.
LATER_COLUMNS = np.array([(0, 0), (0, 1), (1, -1), (1, 0), (1, 1)])
FLUSH = np.iinfo(np.uint16).max


@dataclass(frozen=True)
class NearPairs:
    """Events in the order of cells as wide as the largest distance.

    `places_m` has shape (n, 3) in that order, `order` says which event each is. The later neighbours of an
    event in cell c lie in the slices from `first[c]` to `last[c]`, shape (cells, 5).
    """

    places_m: np.ndarray
    order: np.ndarray
    cell: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def at_most(self) -> int:
        """No more pairs than this are looked at."""
        return int((self.last - self.first).sum(axis=1)[self.cell].sum())


def pairs_within(points_m: np.ndarray, distance_m: float) -> NearPairs:
    """Make the pairs nearer than `distance_m` ready to be met. `points_m` has shape (n, 2) or (n, 3)."""
    places = np.zeros((len(points_m), 3))
    # In the plane the columns of cells run along y, the last axis.
    places[:, 3 - points_m.shape[1] :] = points_m
    side = max(distance_m + 2 * ROUNDING_M, np.ptp(places, axis=0).max() / MOST_CELLS)
    cells = np.floor((places - places.min(axis=0)) / side).astype(np.int64) + 1
    _, ys, zs = cells.max(axis=0) + 2
    number = (cells[:, 0] * ys + cells[:, 1]) * zs + cells[:, 2]
    order = np.lexsort((*places.T, number))
    number = number[order]
    occupied, cell = np.unique(number, return_inverse=True)
    middle = occupied[:, None] + (LATER_COLUMNS @ [ys, 1]) * zs
    return NearPairs(
        places_m=places[order],
        order=order,
        cell=cell,
        first=np.searchsorted(number, middle - 1, side="left"),
        last=np.searchsorted(number, middle + 1, side="right"),
    )


@njit(nogil=True, cache=True)
def count_pairs(begin, end, places_m, cell, first, last, block, limits_m2, day, permuted, spans):
    """Count the pairs whose earlier member (in the order of cells) is one of `begin` to `end`.

    `block` (n,) numbers parts of the events, `limits_m2` (d,) are bounds of squared distances and `spans`
    (t,) of days, both rising; `day` (n,) uint16, `permuted` (n, columns) uint16 the days in other orders.

    Returns by block of the later member the near pairs (blocks, d) and those near and soon (blocks, d, t),
    and for each column of `permuted` those near and soon (d, t, columns). A distance counts in its own band,
    a number of days in every span that it is within.
    """
    blocks, bands, columns = block[-1] + 1, len(limits_m2), permuted.shape[1]
    near = np.zeros((blocks, bands), np.int64)
    soon = np.zeros((blocks, bands, len(spans)), np.int64)
    soon_permuted = np.zeros((bands, len(spans), columns), np.int64)
    # Counted in 16 bits, which the processor does for many columns at a time, and carried over in time.
    lately = np.zeros((bands, len(spans), columns), np.uint16)
    pending = 0
    for i in range(begin, end):
        x, y, z = places_m[i]
        for k in range(first.shape[1]):
            for j in range(max(i + 1, first[cell[i], k]), last[cell[i], k]):
                away = (places_m[j, 0] - x) ** 2 + (places_m[j, 1] - y) ** 2 + (places_m[j, 2] - z) ** 2
                if away > limits_m2[-1]:
                    continue
                band = 0
                while away > limits_m2[band]:
                    band += 1
                near[block[j], band] += 1
                for t in range(len(spans)):
                    # -span <= difference <= span, as one comparison of unsigned numbers.
                    span, width = spans[t], np.uint16(2 * spans[t])
                    soon[block[j], band, t] += np.uint16(day[i] - day[j] + span) <= width
                    for c in range(columns):
                        close = np.uint16(permuted[i, c] - permuted[j, c] + span) <= width
                        lately[band, t, c] += np.uint16(close)
                pending += 1
                if pending == FLUSH:
                    soon_permuted += lately
                    lately[:] = 0
                    pending = 0
    soon_permuted += lately
    return near, soon, soon_permuted
