"""What a scan expects, and data in which nothing else is going on. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from maps import scan_kernels as kernels

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Expectation:
    """Cases and what is expected of them: at place p in the lags 0 … b, mass[p] @ weight[:, b].

    `counts` (places, lags) are what was observed, cumulative over lags. `draw(seed)` gives the counts of
    kernels.BATCH replications. `total` cases were in the whole study.
    """

    mass: np.ndarray
    weight: np.ndarray
    counts: np.ndarray
    total: int
    draw: Callable[[int], np.ndarray]


def permutation(places, location, lag, cases, *, days, lags, weekdays) -> Expectation:
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
    return Expectation(mass, np.cumsum(share, axis=1), observed, int(cases.sum()), draw)


def poisson(population, location, lag, cases, *, days, lags) -> Expectation:
    people, total = np.asarray(population, dtype=float), int(cases.sum())
    weight = total * np.arange(1, lags + 1) / days / people.sum()
    cumulative_share = np.cumsum(people) / people.sum()
    # Nobody beyond the last place that has people, whatever the rounding.
    cumulative_share[np.flatnonzero(people)[-1] :] = 1

    def draw(seed: int) -> np.ndarray:
        drawn = np.random.default_rng(seed).binomial(total, lags / days, kernels.BATCH)
        return kernels.poisson_counts(cumulative_share, drawn, lags, seed)

    observed = _observed(len(people), location, lag, cases, lags)
    return Expectation(people[:, None], weight[None, :], observed, total, draw)


def _observed(places, location, lag, cases, lags) -> np.ndarray:
    recent = lag < lags
    flat = location[recent] * lags + lag[recent]
    counts = np.bincount(flat, cases[recent], places * lags).reshape(places, lags)
    return np.cumsum(counts, axis=1).astype(np.int32)
