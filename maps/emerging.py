"""How places came to be hot or cold over time: emerging hotspots. Pure.

The names are those of Esri's "How Emerging Hot Spot Analysis works" (ArcGIS Pro, Space Time Pattern Mining).
Three things are otherwise here. Each period is compared within itself, without the period before: a week that
is busy everywhere is no hotspot. A place that is not hot in the last period is never called persistent. And a
cold place's trend is read as that of its coldness: one that has always been cold and is less so now is a
diminishing cold spot, where pyehsa and sfdep see an intensifying hot one.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import ndtr

from maps.hotspots import false_discoveries, gi_star
from maps.neighbours import Neighbours


class Pattern(IntEnum):
    """What a place has been, of hot spots; cold ones by the same words. Where two fit, the first.

    "Hot" in a period means significantly so, after correction over all places and periods. "Nearly always" is
    at least 90 % of the periods.
    """

    NONE = 0  # none of these
    NEW = 1  # hot in the last period and never before
    CONSECUTIVE = 2  # hot in the last two periods or more without a break, never before, not nearly always
    INTENSIFYING = 3  # nearly always hot, in the last period too, and significantly more and more
    DIMINISHING = 4  # nearly always hot, in the last period too, and significantly less and less
    PERSISTENT = 5  # nearly always hot, in the last period too, without a trend
    OSCILLATING = 6  # hot in the last period, not nearly always, and cold in an earlier one
    SPORADIC = 7  # hot in the last period, on and off before, not nearly always, and never cold
    HISTORICAL = 8  # nearly always hot, and in the last period neither hot nor cold


@dataclass(frozen=True, eq=False)
class Emerging:
    """The places of a space-time cube.

    `patterns` (n,) holds a Pattern for hot spots, its negative for cold ones, 0 for neither. `z` (n, periods)
    is Gi*; `states` (n, periods) is 1 where it is significantly hot, -1 cold, else 0. `trend_z` and `trend_p`
    (n,) are of the Mann-Kendall test of the z of a place: positive where it rises.
    """

    patterns: np.ndarray
    z: np.ndarray
    states: np.ndarray
    trend_z: np.ndarray
    trend_p: np.ndarray


def classify(values: np.ndarray, neighbours: Neighbours, *, alpha: float = 0.05) -> Emerging:
    """Name the pattern of each place.

    `values` are counts or rates, finite, shape (n, periods), the latest period last and at least one.
    `alpha` bounds the false discoveries among all places and periods together, and, uncorrected, is the
    level of the trend: that only chooses a word for what is hot or cold nearly always. The test of the trend
    takes periods as independent; where they are not, it finds trends too easily.

    Raises:
        ValueError: a value is not finite, or the shape is wrong.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError("values must have the shape (places, periods)")
    star = gi_star(values, neighbours)
    states = np.where(false_discoveries(star.p, alpha), np.sign(star.z), 0).astype(np.int8)
    # Without the last digits, or their rounding would be a trend where the same comes back each period.
    trend_z, trend_p = mann_kendall(star.z.round(9))
    trend = np.where(trend_p <= alpha, np.sign(trend_z), 0)
    return Emerging(name_patterns(states, trend), star.z, states, trend_z, trend_p)


def name_patterns(states: np.ndarray, trend: np.ndarray) -> np.ndarray:
    """Patterns of places, shape (n,), int8, as in `Emerging`.

    `states` (n, periods) are 1 hot, -1 cold, 0 neither; `trend` (n,) is the sign of a significant trend of
    the statistic, else 0.
    """
    return _name_hot(states, trend) - _name_hot(-states, -trend)


def _name_hot(states: np.ndarray, trend: np.ndarray) -> np.ndarray:
    hot, last = states > 0, states[:, -1]
    times = hot.sum(axis=1)
    unbroken = np.logical_and.accumulate(hot[:, ::-1], axis=1).sum(axis=1)
    nearly_always = 10 * times >= 9 * states.shape[1]
    cold_before = (states < 0).any(axis=1)
    # In the order of Pattern: the first that fits.
    fits_hot_at_last = {
        Pattern.NEW: times == 1,
        Pattern.CONSECUTIVE: (unbroken == times) & ~nearly_always,
        Pattern.INTENSIFYING: nearly_always & (trend > 0),
        Pattern.DIMINISHING: nearly_always & (trend < 0),
        Pattern.PERSISTENT: nearly_always,
        Pattern.OSCILLATING: cold_before,
        Pattern.SPORADIC: ~cold_before,
    }
    named = np.select(list(fits_hot_at_last.values()), list(fits_hot_at_last), default=Pattern.NONE)
    named = np.where(last > 0, named, Pattern.NONE)
    return np.where((last == 0) & nearly_always, Pattern.HISTORICAL, named).astype(np.int8)


def mann_kendall(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether series rise or fall: z (positive where they rise) and two-sided p, each of shape (n,).

    `series` has shape (n, periods). The test of Mann (1945) and Kendall (1975) with the variance corrected
    for ties, the continuity correction and the normal approximation, which is fair from ten periods on; with
    fewer than four nothing can be significant. Equal values all along give z 0, p 1.
    """
    by_period = np.ascontiguousarray(series.T)
    periods = len(by_period)
    score = np.zeros(by_period.shape[1])
    for k in range(1, periods):
        later, earlier = by_period[k:], by_period[:-k]
        # Truth values as small numbers: np.sign of the differences takes ten times longer.
        rises, falls = (later > earlier).view(np.int8), (later < earlier).view(np.int8)
        score += (rises - falls).sum(axis=0, dtype=np.int32)
    variance = (periods * (periods - 1) * (2 * periods + 5) - _tied(by_period)) / 18
    z = np.divide(score - np.sign(score), np.sqrt(variance), out=np.zeros_like(score), where=variance > 0)
    return z, 2 * ndtr(-np.abs(z))


def _tied(by_period: np.ndarray) -> np.ndarray:
    """The sum of t (t - 1) (2 t + 5) over each series' groups of t equal values. Shape (n,).

    Added up value by value: the one that makes a group of k into k + 1 adds 6 k (k + 2).
    """
    ordered = np.sort(by_period, axis=0)
    rank = np.arange(len(ordered))[:, None]
    begins = np.ones(ordered.shape, dtype=bool)
    begins[1:] = ordered[1:] > ordered[:-1]
    k = rank - np.maximum.accumulate(np.where(begins, rank, 0), axis=0)
    return (6 * k * (k + 2)).sum(axis=0)
