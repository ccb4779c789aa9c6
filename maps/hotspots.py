"""Where cases gather: the statistic Gi*, rates to put into it, and what of it may be chance. Pure.

There is no local Moran here. What it would add, one place that differs from its surroundings, is better told
by repeat places and by the scan, whose smallest circle is one place: its own analytic p is wrong for counts,
and esda's permutations take a quarter of a minute to compile.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc, ndtr

from maps.neighbours import Neighbours

# Below this expectation an approximation to counts is not to be trusted: Cochran (1954), the usual rule.
FEW = 5


@dataclass(frozen=True, eq=False)
class GiStar:
    """`z` and two-sided `p` of each place, both of the shape of the values. See `gi_star`."""

    z: np.ndarray
    p: np.ndarray

    @property
    def p_normal(self) -> np.ndarray:
        """The p of the papers, from `z` by the normal distribution: what other programs print."""
        return 2 * ndtr(-np.abs(self.z))


@dataclass(frozen=True, eq=False)
class Around:
    """Cases in each place and its neighbours: how many there are and how many an even spread would put there.

    Both float, of the shape of the cases.
    """

    observed: np.ndarray
    expected: np.ndarray

    @property
    def few(self) -> np.ndarray:
        """Where numbers are so small that a finding is a hint at most. Bool."""
        return self.expected < FEW


def gi_star(values: np.ndarray, neighbours: Neighbours) -> GiStar:
    """How far each place with its neighbours lies above (z > 0) or below the mean of all places.

    `values`, finite, have shape (n,) or (n, periods): each period stands for itself. The statistic is Gi* of
    Ord and Getis (1995, "Local spatial autocorrelation statistics", Geographical Analysis 27) with weights
    that are 1 for the place itself and its neighbours, else 0:

        z = (sum around - m * mean) / (s * sqrt((n * m - m ** 2) / (n - 1)))

    with m places around, and the mean and s, divided by n, of all n. Rows of weights that add up to 1 would
    give other values where the numbers of neighbours differ; esda's default (transform "R") adds the place
    itself only then, which shrinks z: "B" agrees with this.

    `p` is that of the papers or a larger one. They take z as normal, which sums of rare cases are not: with
    one case for five places, six of ten quiet districts would show a hot spot after correction for false
    discoveries, with one for twenty nearly all. So the tail on the skewed side is Pearson's type III with
    the skewness that the sum has when the values are dealt out anew (Mielke and Berry 2007, "Permutation
    Methods"; moments of samples without replacement).

    Where values do not differ, or the surroundings are everything, z is 0 and p 1: nothing stands out.

    Raises:
        ValueError: a value is not finite, or their number is not that of the places.
    """
    x = np.asarray(values, dtype=float)
    if len(x) != len(neighbours):
        raise ValueError(f"{len(x)} values for {len(neighbours)} places")
    if not np.isfinite(x).all():
        raise ValueError("values must be finite")
    if not len(x):
        return GiStar(x, x)
    n, m = len(x), neighbours.counts
    standard = _standardised(x)
    spread = np.sqrt(m * (n - m) / max(n - 1, 1))  # of the sum around, when the values are dealt out
    z = np.divide(neighbours.sums(standard).T, spread, out=np.zeros_like(x.T), where=spread > 0).T
    bend = np.divide((n - 2 * m) / max(n - 2, 1), spread, out=np.zeros(n), where=spread > 0)
    skewness = np.mean(standard**2 * standard, axis=0)  # A third power takes a hundred times longer.
    return GiStar(z, _two_sided(z, np.multiply.outer(bend, skewness)))


def _standardised(x: np.ndarray) -> np.ndarray:
    """`x` with mean 0 and variance 1 in each period, all 0 where values differ by no more than rounding."""
    differ = x.max(axis=0) - x.min(axis=0) > 1e-12 * np.abs(x).max(axis=0)
    deviation = x - x.mean(axis=0)
    return np.where(differ, deviation, 0) / np.where(differ, deviation.std(axis=0), 1)


def _two_sided(z: np.ndarray, skewness: np.ndarray) -> np.ndarray:
    """Twice the normal tail beyond `z`; on the skewed side twice Pearson's, where that is more.

    It is so nowhere below |z| = 1, where the two begin to differ by skewness * (z^2 - 1).
    """
    distance = np.abs(z)
    p = 2 * ndtr(-distance)
    skewed = (z * skewness > 1e-6) & (distance > 1)
    distance, shape = distance[skewed], 4 / skewness[skewed] ** 2
    p[skewed] = np.maximum(p[skewed], 2 * gammaincc(shape, shape + distance * np.sqrt(shape)))
    return p


def false_discoveries(p: np.ndarray, alpha: float) -> np.ndarray:
    """Which of all `p`, of any shape, are significant when at most `alpha` of those found may be false. Bool.

    Benjamini and Hochberg (1995), with all p of the array as one family; for Gi* Caldas de Castro and Singer
    (2006). It asks that tests depend on each other positively, as sums that share cases do. The variant for
    any dependence (Benjamini and Yekutieli 2001) would ask twelve times more of a year of weeks by unit.
    """
    small = np.sort(p[p <= alpha])
    within = small[small <= alpha * np.arange(1, len(small) + 1) / p.size]
    return p <= within[-1] if len(within) else np.zeros(p.shape, dtype=bool)


def count_around(cases: np.ndarray, neighbours: Neighbours, population: np.ndarray | None = None) -> Around:
    """Cases in each place and its neighbours, and those expected there from all `cases`.

    `cases` have shape (n,) or (n, periods). Expected is a share of each period's cases: by the number of
    places, or by `population`, shape (n,). With a population, cases where nobody lives are left out.

    Raises:
        ValueError: nobody lives anywhere.
    """
    weights = np.ones(len(cases)) if population is None else np.asarray(population, dtype=float)
    cases = _where_inhabited(cases, weights)
    share = neighbours.sums(weights) / weights.sum()
    return Around(neighbours.sums(cases), np.multiply.outer(share, cases.sum(axis=0)))


def smoothed_rates(cases: np.ndarray, population: np.ndarray) -> np.ndarray:
    """Cases for each inhabitant (or household), drawn towards the rate of all places, more so where few live.

    `cases` have shape (n,) or (n, periods), `population` (n,); the rates are of the shape of the cases. Each
    period stands for itself. The global empirical Bayes estimate of Marshall (1991, "Mapping disease and
    mortality rates using empirical Bayes estimators", Applied Statistics 40): with rates r, their mean
    M = all cases / all people, and the variance A of the true rates that is left when the chance in r is
    taken off,

        rate = M + A / (A + M / population) * (r - M)

    Where A comes out negative it is 0, and all places have the rate M. A place where nobody lives has no
    rate: it is given M, so that it counts neither as high nor as low, and its cases are left out.

    Raises:
        ValueError: nobody lives anywhere.
    """
    population = np.asarray(population, dtype=float)
    cases = _where_inhabited(cases, population)
    people, inhabited = population.sum(), population > 0
    mean = cases.sum(axis=0) / people
    above = np.divide(cases.T, population, out=np.zeros_like(cases.T), where=inhabited) - _column(mean)
    variance = (above**2 @ population) / people - mean * np.count_nonzero(inhabited) / people
    kept = np.multiply.outer(np.maximum(variance, 0), population)
    kept = np.divide(kept, kept + _column(mean), out=np.zeros_like(kept), where=kept > 0)
    return (_column(mean) + kept * above).T


def _where_inhabited(cases: np.ndarray, population: np.ndarray) -> np.ndarray:
    """`cases` as floats, none of them where nobody lives."""
    if not (population > 0).any():
        raise ValueError("nobody lives anywhere")
    cases = np.asarray(cases, dtype=float)
    return np.where(population > 0, cases.T, 0).T


def _column(by_period: np.ndarray) -> np.ndarray:
    """Beside an array of shape (periods, n), or (n,) where there is one period."""
    return np.asarray(by_period)[..., None] if np.ndim(by_period) else by_period
