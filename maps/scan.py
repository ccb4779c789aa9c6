"""Clusters in space and time by the scan statistic. Pure.

Every circle around a place is looked at over every window of days: are there more cases inside than the other
places and days let expect? What counts is the largest such excess anywhere. How often chance alone brings one
as large is found by looking in the same way at data in which nothing is going on.

Sources: Kulldorff, Heffernan, Hartman, Assunção & Mostashari (2005), "A space-time permutation scan statistic
for disease outbreak detection", PLoS Medicine 2(3): e59. Kulldorff (2001), "Prospective time periodic
geographical disease surveillance using a scan statistic", JRSS A 164: 61-72 (Poisson). Abrams, Kulldorff &
Kleinman (2010), "Gumbel based p-value approximations for spatial scan statistics", Int. J. Health Geographics
9: 61.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil, exp, expm1, pi, sqrt

import numpy as np
from numba import config
from scipy.spatial import KDTree

from maps import scan_kernels as kernels
from maps.errors import ScanTooLarge

PERMUTATION, POISSON = "permutation", "poisson"
DAYS_IN_WEEK = 7
EULER_GAMMA = 0.5772156649015329
# Places as far from a centre to the millimetre come into its circle together.
DISTANCE_DIGITS = 3
MAX_CIRCLES = 20_000_000
# Counts of a batch, places × days × kernels.BATCH: 1 GiB for each thread.
MAX_COUNTS = 2**28
MAX_CLUSTERS = 20
# Smaller p-values than this are not told apart.
SMALLEST_P = 1e-15


@dataclass(frozen=True)
class Cluster:
    """`places` lie in the circle of `radius_m` around the place `centre` (positions, nearest first).

    More cases than `expected` were `observed` there from `first_day` to `last_day`. The p-values are of so
    large a ratio anywhere: by rank among the replications, and by a Gumbel distribution fitted to them, which
    also tells rarer things apart. Looking once a day while nothing is going on, one finds something as
    striking once in `recurrence_days`, 1 / `p_gumbel`.
    """

    places: np.ndarray
    centre: int
    radius_m: float
    first_day: int
    last_day: int
    observed: int
    expected: float
    llr: float
    p_monte_carlo: float
    p_gumbel: float
    recurrence_days: float


@dataclass(frozen=True)
class ScanResult:
    """`clusters`, the most likely one first, then others that share no place with those before.

    There are at most MAX_CLUSTERS, and none where no circle ever holds `min_cases` and more than expected:
    with one place, say, or one day. `cases` were in the study, `circles` looked at; `maxima` are the largest
    log likelihood ratios of the replications, shape (replications,).
    """

    clusters: tuple[Cluster, ...]
    cases: int
    circles: int
    maxima: np.ndarray


@dataclass(frozen=True)
class _Circles:
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


@dataclass(frozen=True)
class _Expectation:
    """Cases and what is expected of them: at place p in the lags 0 … b, mass[p] @ weight[:, b].

    `counts` (places, lags) are what was observed, cumulative over lags. `draw(seed)` gives the counts of
    kernels.BATCH replications. `total` cases were in the whole study.
    """

    mass: np.ndarray
    weight: np.ndarray
    counts: np.ndarray
    total: int
    draw: Callable[[int], np.ndarray]


def scan(
    points_m: np.ndarray,
    location: np.ndarray,
    day: np.ndarray,
    cases: np.ndarray,
    *,
    model: str,
    population: np.ndarray | None = None,
    max_radius_m: float,
    max_days: int,
    last_day: int,
    prospective: bool = True,
    replications: int = 999,
    seed: int,
    min_cases: int = 2,
    weekdays: bool = False,
    max_share: float = 0.5,
) -> ScanResult:
    """Where and when there were more cases than expected.

    `points_m` (n, 2 or 3) are places in metres. Each row of `location`, `day` and `cases` (int, shape
    (rows,)) is a number of cases at a place on a day; the study runs from day 0 to `last_day`, and later rows
    are left out. A circle reaches at most `max_radius_m` and over `max_share` of all cases (Poisson: of the
    population), a window over `max_days`; it ends on the last day, or anywhere if not `prospective`.

    "permutation" takes for granted that a place has a share of the cases and a day has a share, and asks
    whether they meet. With `weekdays` each place may have a week of its own: times are then permuted only
    among days of the same name. "poisson" takes for granted that cases are in proportion to `population` (n,)
    and the same every day.

    The result depends on `seed` and not on the number of threads.

    Raises:
        ValueError: a parameter makes no sense.
        ScanTooLarge: too many circles, or places and days, for memory.
    """
    _check(model, population, weekdays, max_days, replications, max_share, day)
    kept = (day <= last_day) & (cases > 0)
    location, lag, cases = location[kept], last_day - day[kept], cases[kept]
    places, days = len(points_m), last_day + 1
    lags = min(max_days, days) if prospective else days
    if places * lags * kernels.BATCH > MAX_COUNTS:
        raise ScanTooLarge(number=places * lags, limit=MAX_COUNTS // kernels.BATCH)
    if model == PERMUTATION:
        expectation = _permutation(places, location, lag, cases, days, lags, weekdays)
    else:
        expectation = _poisson(population, location, lag, cases, days, lags)
    circles = _circles(points_m, expectation.mass.sum(axis=1), max_radius_m, max_share)
    ends = 1 if prospective else lags
    maxima = _replicate(circles, expectation, max_days, ends, min_cases, replications, seed)
    best, window = kernels.best_windows(
        *_arrays(circles, expectation), expectation.counts, expectation.total, max_days, ends, min_cases
    )
    clusters = tuple(
        _describe(circles, expectation, k, best[k], window[k], last_day, maxima)
        for k in _separate(circles, best)
    )
    return ScanResult(clusters, expectation.total, int(np.count_nonzero(circles.candidate)), maxima)


def _arrays(circles: _Circles, expectation: _Expectation) -> tuple[np.ndarray, ...]:
    """What the kernels take first."""
    return circles.start, circles.place, circles.candidate, expectation.mass, expectation.weight


def _check(model, population, weekdays, max_days, replications, max_share, day) -> None:
    if model not in (PERMUTATION, POISSON):
        raise ValueError(f"model {model!r}")
    if (model == POISSON) != (population is not None):
        raise ValueError("population goes with the model poisson, and only with it")
    if model == POISSON and weekdays:
        raise ValueError("weekdays go with the model permutation")
    if model == POISSON and not (np.min(population) >= 0 and np.sum(population) > 0):
        raise ValueError("population is negative, or nobody")
    if max_days < 1 or replications < 1 or not 0 < max_share <= 1 or (len(day) and day.min() < 0):
        raise ValueError("max_days, replications, max_share or day out of range")


# What is expected -------------------------------------------------------------------------------
def _permutation(places, location, lag, cases, days, lags, weekdays) -> _Expectation:
    strata = DAYS_IN_WEEK if weekdays else 1
    stratum = lag % strata
    mass = np.bincount(location * strata + stratum, cases, places * strata).astype(float)
    mass = mass.reshape(places, strata)
    cases_of_lag = np.bincount(lag, cases, days).astype(np.int64)[:lags]
    stratum_of_lag = np.arange(lags) % strata
    of_stratum = mass.sum(axis=0)
    share = np.zeros((strata, lags))
    share[stratum_of_lag, np.arange(lags)] = cases_of_lag / np.maximum(of_stratum[stratum_of_lag], 1)
    order = np.argsort(stratum, kind="stable")
    deck = np.repeat(location[order], cases[order]).astype(np.int32)
    stratum_start = np.concatenate([[0], np.cumsum(of_stratum)]).astype(np.int64)

    def draw(seed: int) -> np.ndarray:
        return kernels.permuted_counts(deck, stratum_start, stratum_of_lag, cases_of_lag, places, seed)

    observed = _observed(places, location, lag, cases, lags)
    return _Expectation(mass, np.cumsum(share, axis=1), observed, int(cases.sum()), draw)


def _poisson(population, location, lag, cases, days, lags) -> _Expectation:
    people, total = np.asarray(population, dtype=float), int(cases.sum())
    weight = total * np.arange(1, lags + 1) / days / people.sum()
    cumulative_share = np.cumsum(people) / people.sum()
    # Nobody beyond the last place that has people, whatever the rounding.
    cumulative_share[np.flatnonzero(people)[-1] :] = 1

    def draw(seed: int) -> np.ndarray:
        drawn = np.random.default_rng(seed).binomial(total, lags / days, kernels.BATCH)
        return kernels.poisson_counts(cumulative_share, drawn, lags, seed)

    observed = _observed(len(people), location, lag, cases, lags)
    return _Expectation(people[:, None], weight[None, :], observed, total, draw)


def _observed(places, location, lag, cases, lags) -> np.ndarray:
    recent = lag < lags
    flat = location[recent] * lags + lag[recent]
    counts = np.bincount(flat, cases[recent], places * lags).reshape(places, lags)
    return np.cumsum(counts, axis=1).astype(np.int32)


# Circles ----------------------------------------------------------------------------------------
def _circles(points_m, mass, max_radius_m, max_share) -> _Circles:
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
    small = held <= max_share * mass.sum()
    around, place, distance_m = around[small], place[small], distance_m[small]
    start, candidate = _starts(around, len(mass)), (complete & (held > 0))[small]
    candidate[_repeated(place, start, distance_m, mass, candidate)] = False
    return _Circles(tree.indices, start, place.astype(np.int32), distance_m, candidate)


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


def _separate(circles: _Circles, best: np.ndarray) -> list[int]:
    """The best circle, then the best of those that share no place with any before."""
    left, found = best.copy(), []
    taken = np.zeros(len(circles.start) - 1, dtype=np.int64)
    while len(found) < MAX_CLUSTERS and left.any():
        found.append(int(np.argmax(left)))
        taken[circles.members(found[-1])] = 1
        left[_sums_within(taken[circles.place], circles.start) > 0] = 0
    return found


# Chance -----------------------------------------------------------------------------------------
def _replicate(circles, expectation, max_days, ends, min_cases, replications, seed) -> np.ndarray:
    """The largest log likelihood ratio of each of as many draws under the model."""
    everywhere = float(expectation.mass.sum(axis=0) @ expectation.weight[:, -1])
    table = kernels.thresholds(everywhere, expectation.total, min_cases)

    def batch(one_seed: int) -> np.ndarray:
        counts = expectation.draw(one_seed)
        return kernels.maxima(
            *_arrays(circles, expectation), counts, expectation.total, max_days, ends, table
        )

    seeds = np.random.SeedSequence(seed).generate_state(ceil(replications / kernels.BATCH), np.uint64)
    with ThreadPoolExecutor(config.NUMBA_DEFAULT_NUM_THREADS) as pool:
        return np.concatenate(list(pool.map(batch, seeds)))[:replications]


def _describe(circles, expectation, k, llr, window, last_day, maxima) -> Cluster:
    """Circle `k` over the `window` from its newest to its oldest lag."""
    newest, oldest = map(int, window)
    places = circles.members(k)
    observed, weight = expectation.counts[places, oldest].sum(), expectation.weight[:, oldest]
    if newest:
        observed = observed - expectation.counts[places, newest - 1].sum()
        weight = weight - expectation.weight[:, newest - 1]
    p_monte_carlo = (1 + np.count_nonzero(maxima >= llr)) / (len(maxima) + 1)
    p_gumbel = gumbel_p(llr, maxima) if np.ptp(maxima) else p_monte_carlo
    return Cluster(
        places=places,
        centre=circles.centre_of(k),
        radius_m=float(circles.distance_m[k]),
        first_day=last_day - oldest,
        last_day=last_day - newest,
        observed=int(observed),
        expected=float(expectation.mass[places].sum(axis=0) @ weight),
        llr=float(llr),
        p_monte_carlo=float(p_monte_carlo),
        p_gumbel=float(p_gumbel),
        recurrence_days=float(1 / p_gumbel),
    )


def gumbel_p(llr: float, maxima: np.ndarray) -> float:
    """How likely a maximum of at least `llr` is, by the Gumbel distribution with the moments of `maxima`."""
    scale = np.std(maxima, ddof=1) * sqrt(6) / pi
    mode = np.mean(maxima) - EULER_GAMMA * scale
    return max(-expm1(-exp(-(llr - mode) / scale)), SMALLEST_P)
