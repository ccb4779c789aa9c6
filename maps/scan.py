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

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil, exp, expm1, pi, sqrt

import numpy as np
from numba import config

from maps import scan_kernels as kernels
from maps.errors import ScanTooLarge
from maps.scan_circles import Circles, circles_around
from maps.scan_models import Expectation, permutation, poisson

PERMUTATION, POISSON = "permutation", "poisson"
EULER_GAMMA = 0.5772156649015329
MAX_CASES = 50_000_000
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
    if cases.sum() > MAX_CASES:
        raise ScanTooLarge(number=int(cases.sum()), limit=MAX_CASES)
    if model == PERMUTATION:
        expectation = permutation(places, location, lag, cases, days=days, lags=lags, weekdays=weekdays)
    else:
        expectation = poisson(population, location, lag, cases, days=days, lags=lags)
    circles = circles_around(points_m, expectation.mass.sum(axis=1), max_radius_m, max_share)
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


def _arrays(circles: Circles, expectation: Expectation) -> tuple[np.ndarray, ...]:
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


def _separate(circles: Circles, best: np.ndarray) -> list[int]:
    """The best circle, then the best of those that share no place with any before."""
    left, found = best.copy(), []
    while len(found) < MAX_CLUSTERS and left.any():
        found.append(int(np.argmax(left)))
        left[circles.overlapping(found[-1])] = 0
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
