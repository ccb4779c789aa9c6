"""The inner loops of the scan statistic, compiled. Pure.

Time runs backwards: a lag counts days before the last day, and all sums over time are cumulative over lags,
so that the cases of lags a..b are `sums[b + 1] - sums[a]`. Replications are taken `BATCH` at a time: what a
circle expects is the same for all of them and is worked out once, and their counts lie side by side, so that
one instruction compares them all.
"""

from math import log, sqrt

import numpy as np
from numba import njit

BATCH = 64
# The same, of a type that keeps the compiler from looking out for negative positions.
LANES = np.uint32(BATCH)
# Floors of the log likelihood ratio for which thresholds are tabulated: 0, 1, … A replication's maximum is
# seldom above the last.
FLOORS = 16
# A smaller excess than this is what rounding makes of none.
ROUNDING = 1e-9
# Steps of the table for each unit of the square root of the expected number.
STEPS = 32


@njit(cache=True, nogil=True)
def log_likelihood_ratio(observed: float, expected: float, total: float) -> float:
    """Of `observed` cases where `expected` were, out of `total`. 0 where there is no excess.

    Poisson's, given the total (Kulldorff 1997); also for permuted times, where it is an approximation
    (Kulldorff et al. 2005).
    """
    if observed - expected < ROUNDING:
        return 0.0
    ratio = observed * log(observed / expected)
    if observed < total:
        ratio += (total - observed) * log((total - observed) / (total - expected))
    return ratio


@njit(cache=True, nogil=True)
def thresholds(largest_expected, total, min_cases):
    """The fewest cases that reach the floor f where at least (q / STEPS)² are expected. Shape (FLOORS, …).

    An expected number between two steps has the threshold of the lower one, which is never too high.
    """
    width = int(sqrt(largest_expected) * STEPS) + 2
    table = np.empty((FLOORS, width), dtype=np.int32)
    for floor in range(FLOORS):
        cases = min_cases
        for q in range(width):
            expected = (q / STEPS) ** 2
            # Impossible where even all cases do not reach the floor: one case more than there are.
            while cases <= total and (
                cases <= expected or (expected > 0 and log_likelihood_ratio(cases, expected, total) < floor)
            ):
                cases += 1
            table[floor, q] = cases
    return table


@njit(cache=True, nogil=True)
def maxima(start, place, candidate, mass, weight, counts, total, max_days, ends, table):
    """The largest log likelihood ratio of each replication of a batch. Shape (BATCH,).

    `counts` (places, lags, BATCH) are cumulative over lags. Windows end at the lags 0 … `ends` - 1.
    """
    lags = counts.shape[1]
    sums = np.zeros((lags + 1, BATCH), dtype=np.int32)
    expected = np.zeros(lags + 1)
    inside = np.zeros(mass.shape[1])
    best = np.zeros(BATCH)
    floor = 0
    for centre in range(len(start) - 1):
        sums[:] = 0
        inside[:] = 0
        for k in range(start[centre], start[centre + 1]):
            row = counts[place[k]]
            for lag in range(lags):
                for r in range(LANES):
                    sums[lag + 1, r] += row[lag, r]
            inside += mass[place[k]]
            if not candidate[k]:
                continue
            _expect(inside, weight, expected)
            for newest in range(ends):
                for oldest in range(newest, min(newest + max_days, lags)):
                    mean = expected[oldest + 1] - expected[newest]
                    needed = table[floor, np.uint32(sqrt(max(mean, 0.0)) * STEPS)]
                    most = np.int32(0)
                    for r in range(LANES):
                        most = max(most, np.int32(sums[oldest + 1, r] - sums[newest, r]))
                    if most >= needed:
                        for r in range(BATCH):
                            cases = sums[oldest + 1, r] - sums[newest, r]
                            if cases >= needed and _may_exceed(cases, mean, total, best[r]):
                                best[r] = max(best[r], log_likelihood_ratio(cases, mean, total))
        floor = min(int(best.min()), FLOORS - 1)
    return best


@njit(cache=True, nogil=True)
def best_windows(start, place, candidate, mass, weight, counts, total, max_days, ends, min_cases):
    """For each circle its best log likelihood ratio (0: no excess) and that window's newest and oldest lag.

    `counts` (places, lags) are cumulative over lags.
    """
    lags = counts.shape[1]
    sums = np.zeros(lags + 1, dtype=np.int64)
    expected = np.zeros(lags + 1)
    inside = np.zeros(mass.shape[1])
    best = np.zeros(len(place))
    window = np.zeros((len(place), 2), dtype=np.int32)
    for centre in range(len(start) - 1):
        sums[:] = 0
        inside[:] = 0
        for k in range(start[centre], start[centre + 1]):
            sums[1:] += counts[place[k]]
            inside += mass[place[k]]
            if not candidate[k]:
                continue
            _expect(inside, weight, expected)
            for newest in range(ends):
                for oldest in range(newest, min(newest + max_days, lags)):
                    cases = sums[oldest + 1] - sums[newest]
                    mean = expected[oldest + 1] - expected[newest]
                    if cases >= min_cases and _may_exceed(cases, mean, total, best[k]):
                        ratio = log_likelihood_ratio(cases, mean, total)
                        if ratio > best[k]:
                            best[k] = ratio
                            window[k] = newest, oldest
    return best, window


@njit(cache=True, nogil=True)
def _expect(inside, weight, expected):
    for lag in range(weight.shape[1]):
        expected[lag + 1] = 0.0
        for s in range(weight.shape[0]):
            expected[lag + 1] += inside[s] * weight[s, lag]


@njit(cache=True, nogil=True)
def _may_exceed(cases, mean, total, best):
    """Whether the ratio may be above `best`: a bound without logarithms.

    From ln(1 + x) <= x: the ratio is at most excess² (1 / (2 mean) + 1 / (total - mean)).
    """
    excess = cases - mean
    return excess > 0 and excess * excess * (total + mean) > best * 2 * mean * (total - mean)


# Drawing ----------------------------------------------------------------------------------------
@njit(cache=True, nogil=True)
def permuted_counts(deck, stratum_start, stratum_of_lag, cases_of_lag, places, seed):
    """Cases by place and lag with the times permuted within strata. Shape (places, lags, BATCH), cumulative.

    `deck` holds the place of each case, stratum by stratum. Only as many cards are drawn as there are cases
    in the lags looked at: of a permutation the rest is not needed.
    """
    deck = deck.copy()
    lags = len(cases_of_lag)
    counts = np.zeros((places, lags, BATCH), dtype=np.int32)
    state = np.uint64(seed)
    for r in range(BATCH):
        top = stratum_start[:-1].copy()
        for lag in range(lags):
            s = stratum_of_lag[lag]
            for _ in range(cases_of_lag[lag]):
                state, skipped = _below(state, stratum_start[s + 1] - top[s])
                drawn = deck[top[s] + skipped]
                deck[top[s] + skipped] = deck[top[s]]
                deck[top[s]] = drawn
                top[s] += 1
                counts[drawn, lag, r] += 1
    _cumulate(counts)
    return counts


@njit(cache=True, nogil=True)
def poisson_counts(cumulative_share, cases, lags, seed):
    """`cases[r]` cases, each at a place by its share and on any of `lags` days. As `permuted_counts`."""
    counts = np.zeros((len(cumulative_share), lags, BATCH), dtype=np.int32)
    state = np.uint64(seed)
    for r in range(BATCH):
        for _ in range(cases[r]):
            state, lag = _below(state, lags)
            state, bits = _random(state)
            uniform = (bits >> np.uint64(11)) / 9007199254740992.0
            counts[np.searchsorted(cumulative_share, uniform, side="right"), lag, r] += 1
    _cumulate(counts)
    return counts


@njit(cache=True, nogil=True)
def _cumulate(counts):
    for p in range(counts.shape[0]):
        for lag in range(1, counts.shape[1]):
            for r in range(BATCH):
                counts[p, lag, r] += counts[p, lag - 1, r]


@njit(cache=True, nogil=True)
def _random(state):
    """The next state and 64 random bits: SplitMix64 (Steele, Lea & Flood 2014)."""
    state += np.uint64(0x9E3779B97F4A7C15)
    bits = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, bits ^ (bits >> np.uint64(31))


@njit(cache=True, nogil=True)
def _below(state, limit):
    """The next state and a whole number below `limit` (< 2³²), without bias (Lemire 2019)."""
    limit = np.uint64(limit)
    low_half = np.uint64(0xFFFFFFFF)
    while True:
        state, bits = _random(state)
        product = (bits >> np.uint64(32)) * limit
        if (product & low_half) >= limit or (product & low_half) >= (
            (low_half - limit + np.uint64(1)) % limit
        ):
            return state, np.int64(product >> np.uint64(32))
