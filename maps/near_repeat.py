"""After a dispute here, is another one nearby likelier for some days? The Knox test in bands. Pure.

Knox (1964) counts the pairs of events that are near in space and soon in time, and asks how many there would
be if places and times had nothing to do with each other. Bands of distance and time as in the near-repeat
calculator (Ratcliffe and Rengert 2008), with pairs at the same place as a band of their own; significance by
permuting the times (Mantel 1967).

Where the idea fails: when the share of a place in all events changes slowly (people move in, reporting
begins in one street), near events are also sooner than by chance and the test says so (Kulldorff and
Hjalmars 1999). Over a year of steady reporting it speaks about repetition, over ten years about change.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from maps.errors import (
    BandsInvalid,
    PeriodTooLong,
    PermutationsInvalid,
    SeedInvalid,
    TooFewEvents,
    TooManyEvents,
    TooManyNearPairs,
)
from maps.near_pairs import ROUNDING_M, NearPairs, count_pairs, pairs_within

MOST_BANDS = 20
MOST_EVENTS = 1_000_000
MOST_PAIRS = 20_000_000_000
MOST_PERMUTATIONS = 99_999
# Differences of days and twice a span must fit into 16 bits.
MOST_DAYS = np.iinfo(np.int16).max
# How many permutations are compared at a time: n times twice as many bytes.
COLUMNS = 128
# Parts of the ground for the bounds of the ratio.
BLOCKS = 20
# A ratio from fewer pairs has no bounds worth telling.
FEWEST_PAIRS = 5


@dataclass(frozen=True)
class KnoxTable:
    """Pairs of events by distance (rows, d) and by days between them (columns, t).

    Row k holds distances up to `distances_m[k]` and more than the bound before; 0 is the same place. Column k
    holds whole days up to `intervals_days[k]` and more than the bound before; 0 is the same day.

    `near` (d,) and `soon` (t,) are the pairs in a row and in a column whatever the other, of `pairs` in all.
    `expected` = near * soon / pairs (Knox 1964) is the exact mean over all permutations; `permuted_mean` and
    `permuted_sd` are those of the ones made. `ratio` = observed / expected, with 95 % bounds `low` and `high`
    from a jackknife that leaves out one of 20 strips of the ground at a time (Künsch 1989), on the
    logarithm; NaN where nothing is expected or too few pairs were seen. Unlike the spread of the
    permutations they hold also when events do follow each other.

    `p` asks one side: are there more pairs than by chance? (1 + permutations with as many or more) /
    (permutations + 1). `p_adjusted` allows for having looked at all bands, by the largest standardised
    count of each permutation (Westfall and Young 1993): the chance that any band at all looks like this.

    `observed_without` and `expected_without` (blocks, d, t) are the counts without each strip.
    """

    distances_m: tuple[float, ...]
    intervals_days: tuple[int, ...]
    events: int
    permutations: int
    pairs: int
    near: np.ndarray
    soon: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    permuted_mean: np.ndarray
    permuted_sd: np.ndarray
    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    p_adjusted: np.ndarray
    observed_without: np.ndarray
    expected_without: np.ndarray


@dataclass(frozen=True)
class RaisedRisk:
    """Up to `to_m` (and further than `over_m`, None from the place itself on) from an event, others are
    `ratio` times as frequent for `days` days as if times were unrelated; 95 % bounds `low` and `high`."""

    over_m: float | None
    to_m: float
    days: int
    ratio: float
    low: float
    high: float


def knox(
    points_m: np.ndarray,
    days: np.ndarray,
    *,
    distances_m: Sequence[float],
    intervals_days: Sequence[int],
    permutations: int,
    seed: int,
) -> KnoxTable:
    """Compare the pairs of events in bands of distance and time with those by chance.

    `points_m` has shape (n, 2), or (n, 3) for straight distances on a sphere; `days` (n,) are whole. The
    bounds rise and belong to their band. The result depends on the events, in any order, and on `seed`.

    Raises:
        NearRepeatError: bounds, permutations or seed are impossible, or there are too few or too many events.
    """
    points_m, days = np.asarray(points_m, dtype=float), np.asarray(days, dtype=np.int64)
    distances_m, intervals_days = _rising(distances_m), _rising(intervals_days, whole=True)
    if not 1 <= permutations <= MOST_PERMUTATIONS:
        raise PermutationsInvalid(permutations=permutations, least=1, most=MOST_PERMUTATIONS)
    if seed < 0:
        raise SeedInvalid(seed=seed)
    events = len(days)
    if events < 2:
        raise TooFewEvents(events=events)
    if events > MOST_EVENTS:
        raise TooManyEvents(events=events, limit=MOST_EVENTS)
    if (period := int(np.ptp(days))) > MOST_DAYS:
        raise PeriodTooLong(days=period, limit=MOST_DAYS)
    # Events at one place are told apart by their days alone, so that the order of rows decides nothing.
    in_time = np.argsort(days, kind="stable")
    points_m, days = points_m[in_time], days[in_time]
    near_pairs = pairs_within(points_m, distances_m[-1])
    if near_pairs.at_most > MOST_PAIRS:
        raise TooManyNearPairs(distance_m=distances_m[-1], pairs=near_pairs.at_most, limit=MOST_PAIRS)

    day = (days - days.min())[near_pairs.order].astype(np.uint16)
    block = np.arange(events) * min(BLOCKS, events) // events
    spans = np.minimum(intervals_days, period).astype(np.uint16)
    limits_m2 = (np.array(distances_m) + ROUNDING_M) ** 2
    chance = []
    for columns in _orders(day, permutations, seed):
        near, close, permuted = _count(near_pairs, limits_m2, block, day, columns, spans)
        chance.append(permuted)
    # From within each span to the bands between spans.
    close, permuted = (np.diff(counts, axis=-1, prepend=0) for counts in (close, np.concatenate(chance)))
    return _table(distances_m, intervals_days, day, block, near, close, permuted)


def risks_after(table: KnoxTable, *, alpha: float = 0.05) -> tuple[RaisedRisk, ...]:
    """For each band of distance how long the risk is raised: as far as all bands of time from the event on
    have `p_adjusted` up to `alpha`. Distances without such days, or with too few pairs, are left out."""
    risks = []
    for row, to_m in enumerate(table.distances_m):
        long = int(np.logical_and.accumulate(table.p_adjusted[row] <= alpha).sum())
        counts = (table.observed, table.expected, table.observed_without, table.expected_without)
        ratio, low, high = _ratio(*(count[..., row, :long].sum(axis=-1) for count in counts))
        if long and np.isfinite(low):
            over_m = table.distances_m[row - 1] if row else None
            days = table.intervals_days[long - 1]
            risks.append(RaisedRisk(over_m, to_m, days, float(ratio), float(low), float(high)))
    return tuple(risks)


def _rising(bounds: Sequence[float], *, whole: bool = False) -> tuple:
    values = np.array(bounds, dtype=float)
    fine = (
        0 < len(values) <= MOST_BANDS
        and np.isfinite(values).all()
        and values[0] >= 0
        and (np.diff(values) > 0).all()
        and not (whole and (values % 1).any())
    )
    if not fine:
        raise BandsInvalid(bounds=", ".join(f"{value:g}" for value in values), most=MOST_BANDS)
    return tuple(values.astype(int).tolist() if whole else values.tolist())


def _orders(day: np.ndarray, permutations: int, seed: int) -> Iterator[np.ndarray]:
    """The days in random orders, some at a time, as columns; shape (n, up to COLUMNS)."""
    random, day = np.random.default_rng(seed), np.sort(day)
    with ThreadPoolExecutor() as threads:
        for done in range(0, permutations, COLUMNS):
            # A generator for each, so that it does not matter which thread comes first.
            generators = random.spawn(min(COLUMNS, permutations - done))
            rows = list(threads.map(lambda generator: generator.permutation(day), generators))
            yield np.ascontiguousarray(np.stack(rows).T)


def _count(
    pairs: NearPairs,
    limits_m2: np.ndarray,
    block: np.ndarray,
    day: np.ndarray,
    permuted: np.ndarray,
    spans: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Near pairs (blocks, blocks, d), of these within each span (…, d, t), and permuted (columns, d, t)."""
    edges = np.searchsorted(block, np.arange(block[-1] + 2))
    arrays = (pairs.places_m, pairs.cell, pairs.first, pairs.last, block, limits_m2, day, permuted, spans)
    with ThreadPoolExecutor() as threads:
        parts = list(threads.map(lambda begin, end: count_pairs(begin, end, *arrays), edges[:-1], edges[1:]))
    near, soon, soon_permuted = zip(*parts, strict=True)
    return np.stack(near), np.stack(soon), np.moveaxis(np.sum(soon_permuted, axis=0), -1, 0)


def _table(distances_m, intervals_days, day, block, near, close, permuted) -> KnoxTable:
    observed, pairs, soon = close.sum(axis=(0, 1)), len(day) * (len(day) - 1) // 2, _soon(day, intervals_days)
    near_in_all = near.sum(axis=(0, 1))
    expected = np.outer(near_in_all, soon) / pairs
    observed_without, expected_without = _without_each(block, day, intervals_days, near, close)
    ratio, low, high = _ratio(observed, expected, observed_without, expected_without)
    p, p_adjusted = _chances(observed, expected, permuted)
    return KnoxTable(
        distances_m=distances_m, intervals_days=intervals_days, events=len(day), permutations=len(permuted),
        pairs=pairs, near=near_in_all, soon=soon, observed=observed, expected=expected,
        permuted_mean=permuted.mean(axis=0), permuted_sd=permuted.std(axis=0),
        ratio=ratio, low=low, high=high, p=p, p_adjusted=p_adjusted,
        observed_without=observed_without, expected_without=expected_without,
    )  # fmt: skip


def _soon(day: np.ndarray, intervals_days: Sequence[int]) -> np.ndarray:
    """All pairs by the days between them, near or not, from the number of events on each day. Shape (t,)."""
    on_day = np.bincount(day)
    until = np.append(0, np.cumsum(on_day))
    same_day = (on_day * (on_day - 1) // 2).sum()
    today = np.arange(len(on_day))
    within = [
        same_day + (on_day * (until[np.minimum(today + span, today[-1]) + 1] - until[1:])).sum()
        for span in intervals_days
    ]
    return np.diff(within, prepend=0)


def _without_each(block, day, intervals_days, near, close) -> tuple[np.ndarray, np.ndarray]:
    """Observed and expected pairs without the events of each block, each of shape (blocks, d, t)."""

    def without(counts: np.ndarray) -> np.ndarray:
        own = counts[np.arange(len(counts)), np.arange(len(counts))]
        return counts.sum(axis=(0, 1)) - (counts.sum(axis=0) + counts.sum(axis=1) - own)

    rest = [day[block != k] for k in range(len(near))]
    soon = np.stack([_soon(days, intervals_days) for days in rest])
    pairs = np.array([max(len(days) * (len(days) - 1) // 2, 1) for days in rest])
    return without(close), without(near)[:, :, None] * soon[:, None, :] / pairs[:, None, None]


def _ratio(observed, expected, observed_without, expected_without):
    """Observed by expected with 95 % bounds by the jackknife over blocks (the first axis of `…_without`)."""
    blocks = len(observed_without)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / expected
        logs = np.log(observed_without / expected_without)
        spread = np.sqrt((blocks - 1) * np.var(logs, axis=0)) * stdtrit(blocks - 1, 0.975)
        told = np.where(np.isfinite(spread) & (observed >= FEWEST_PAIRS), ratio, np.nan)
    return ratio, told * np.exp(-spread), told * np.exp(spread)


def _chances(observed, expected, permuted) -> tuple[np.ndarray, np.ndarray]:
    """p of each band by itself, and allowing for all. `permuted` has shape (permutations, d, t)."""
    excess = np.concatenate([observed[None], permuted]) - expected
    spread = np.sqrt((excess**2).mean(axis=0))
    # A band that never changes tells nothing.
    standardised = excess / np.where(spread > 0, spread, 1)
    largest = standardised[1:].max(axis=(1, 2))
    p = (1 + (permuted >= observed).sum(axis=0)) / (len(permuted) + 1)
    exceeded = (largest[:, None, None] >= standardised[0]).sum(axis=0)
    return p, (1 + exceeded) / (len(permuted) + 1)
