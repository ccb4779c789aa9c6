"""The circles that a scan looks at. Pure."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from maps.errors import ScanTooLarge

# Places as far from a centre to the millimetre come into its circle together.
DISTANCE_DIGITS = 3
MAX_CIRCLES = 20_000_000
# A share of sums that were rounded.
ROUNDING = 1 + 1e-9


@dataclass(frozen=True)
class Circles:
    """Those around the place centre[i] are k = start[i] … start[i + 1] - 1; k adds place[k] at distance_m[k].

    A `candidate` is complete, holds something, and is the smallest of those that hold the same. Centres that
    are near each other follow each other, since they look at the same counts.
    """

    centre: np.ndarray
    start: np.ndarray
    place: np.ndarray
    distance_m: np.ndarray
    candidate: np.ndarray

    def members(self, k: int) -> np.ndarray:
        """The places in circle `k`, nearest first."""
        return self.place[self.start[self._around(k)] : k + 1]

    def centre_of(self, k: int) -> int:
        return int(self.centre[self._around(k)])

    def _around(self, k: int) -> int:
        return int(np.searchsorted(self.start, k, side="right")) - 1

    def overlapping(self, k: int) -> np.ndarray:
        """Which circles have a place in common with circle `k`. Bool, one for each."""
        taken = np.zeros(len(self.centre), dtype=np.int64)
        taken[self.members(k)] = 1
        return _sums_within(taken[self.place], self.start) > 0


def circles_around(points_m: np.ndarray, mass: np.ndarray, max_radius_m: float, max_share: float) -> Circles:
    """All around each of `points_m` (n, 2 or 3), up to `max_radius_m` and to `max_share` of the `mass` (n,).

    Raises:
        ScanTooLarge: there are more than MAX_CIRCLES.
    """
    tree, reach = KDTree(points_m), max_radius_m + 0.5 * 10**-DISTANCE_DIGITS
    number = tree.count_neighbors(tree, reach)
    if number > MAX_CIRCLES:
        raise ScanTooLarge(number=number, limit=MAX_CIRCLES)
    pairs = tree.sparse_distance_matrix(tree, reach, output_type="ndarray")
    around, place = np.argsort(tree.indices)[pairs["i"]], pairs["j"]
    distance_m = np.round(pairs["v"], DISTANCE_DIGITS)
    order = np.lexsort((place, distance_m, around))
    around, place, distance_m = around[order], place[order], distance_m[order]
    complete = np.append((around[1:] != around[:-1]) | (distance_m[1:] != distance_m[:-1]), True)
    held = _sums_within(mass[place], _starts(around, len(mass)))
    small = held <= max_share * mass.sum() * ROUNDING
    around, place, distance_m = around[small], place[small], distance_m[small]
    start, candidate = _starts(around, len(mass)), (complete & (held > 0))[small]
    candidate[_repeated(place, start, distance_m, mass, candidate)] = False
    return Circles(tree.indices, start, place.astype(np.int32), distance_m, candidate)


def _starts(around: np.ndarray, number: int) -> np.ndarray:
    return np.searchsorted(around, np.arange(number + 1))


def _sums_within(values: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Cumulative sums that begin anew at each centre."""
    sums = np.concatenate([np.zeros(1, values.dtype), np.cumsum(values)])
    return sums[1:] - np.repeat(sums[start[:-1]], np.diff(start))


def _repeated(place, start, distance_m, mass, candidate) -> np.ndarray:
    """Candidates that hold the same places, empty ones aside, as another that is smaller or comes before."""
    # A set is known by the sum of random numbers of its members: that two agree by chance is out of the
    # question.
    names = np.random.default_rng(0).integers(2**63, size=len(mass), dtype=np.uint64)
    names[mass == 0] = 0
    candidates = np.flatnonzero(candidate)
    candidates = candidates[np.argsort(distance_m[candidates], kind="stable")]
    first = np.unique(_sums_within(names[place], start)[candidates], return_index=True)[1]
    return np.delete(candidates, first)
