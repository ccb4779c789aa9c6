"""Whether warnings can be trusted: false alarms on quiet days, power and delay on outbreaks.

    .venv/bin/python -m tests.benchmarks.warning_power

A district of 300 units where some have many cases and some few, with a week and a season in common. Quiet
days are each a district of its own, seen with the 180 days before it; then come consecutive quiet days of
twelve districts. Outbreaks are extra cases from some day on at a unit and its four nearest, looked at day by
day until there is an alarm at one of them. Beside it the naive ways: weekly counts of a unit over their mean
by two standard deviations, and Gi* of the weekly counts with false-discovery control; each also with the
threshold that gives it as few false alarms as the scan. Prints Markdown.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

import numpy as np

from maps.hotspots import false_discoveries, gi_star
from maps.neighbours import within_distance
from maps.scan import PERMUTATION, scan

UNITS, SIDE_M, CASES_A_DAY = 300, 3700, 20
HISTORY_DAYS, WEEK = 180, 7
RADIUS_M, WINDOW_DAYS, REPLICATIONS = 600, 14, 999
NEAR_M = 400
# "One false alarm in 26 weeks."
INTERVAL_DAYS = 182
EXTRA_A_DAY = (0.5, 1, 2, 4)
PATIENCE_DAYS = 14
# Each seen for a quarter of the number of quiet days.
DISTRICTS = 12
WAYS = ("scan", "mean + 2 sd", "Gi*, FDR 5 %", "mean + k sd, as seldom", "Gi* > z, as seldom")


@dataclass(frozen=True)
class Looked:
    """One look at one day: what each way makes of it."""

    p_monte_carlo: float
    p_gumbel: float
    scan_units: np.ndarray
    over: np.ndarray  # standard deviations over the mean, by unit
    z: np.ndarray  # Gi*, by unit
    significant: np.ndarray  # by Gi*, by unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=1000, help="quiet ones")
    parser.add_argument("--outbreaks", type=int, default=100, help="of each size")
    options = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        quiet = list(pool.map(quiet_day, range(options.days), chunksize=10))
        show_calibration(quiet)
        days = options.days // 4
        runs = [(10_000 + 1_000 * k, days) for k in range(DISTRICTS)]
        show_consecutive(list(pool.map(quiet_run, runs)), DISTRICTS * days)
        limits = thresholds(quiet)
        show_false_alarms(quiet, limits)
        for extra in EXTRA_A_DAY:
            seeds = [(100_000 + 100 * k, extra, limits) for k in range(options.outbreaks)]
            show_power(extra, list(pool.map(outbreak, seeds, chunksize=5)))


# Districts --------------------------------------------------------------------------------------
def district(seed: int, days: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """A generator, places (UNITS, 2) in metres, and quiet cases by unit and day."""
    random = np.random.default_rng(seed)
    points_m = random.uniform(0, SIDE_M, (UNITS, 2))
    share = random.dirichlet(np.full(UNITS, 2.0))
    day = np.arange(days) + random.integers(365)
    rate = np.where(day % WEEK < 5, 1.15, 0.625) * (1 + 0.3 * np.sin(2 * np.pi * day / 365))
    return random, points_m, random.poisson(CASES_A_DAY * share[:, None] * rate)


def look(points_m: np.ndarray, counts: np.ndarray, seed: int) -> Looked:
    """At the last day of `counts` (UNITS, HISTORY_DAYS)."""
    location, day = np.nonzero(counts)
    result = scan(
        points_m, location, day, counts[location, day], model=PERMUTATION, max_radius_m=RADIUS_M,
        max_days=WINDOW_DAYS, last_day=HISTORY_DAYS - 1, replications=REPLICATIONS, seed=seed,
    )  # fmt: skip
    best = result.clusters[0]
    weeks = counts[:, HISTORY_DAYS % WEEK :].reshape(UNITS, -1, WEEK).sum(axis=2)
    now, before = weeks[:, -1], weeks[:, :-1]
    # A unit that never had a case is taken for one that had one.
    spread = np.maximum(before.std(axis=1, ddof=1), 1 / np.sqrt(before.shape[1]))
    star = gi_star(now.astype(float), within_distance(points_m, NEAR_M))
    return Looked(
        best.p_monte_carlo,
        best.p_gumbel,
        best.places,
        (now - before.mean(axis=1)) / spread,
        star.z,
        false_discoveries(star.p, 0.05) & (star.z > 0),
    )


def quiet_day(seed: int) -> Looked:
    _, points_m, counts = district(seed, HISTORY_DAYS)
    return look(points_m, counts, seed)


def quiet_run(task: tuple[int, int]) -> list[float]:
    """Gumbel p of consecutive days of one district."""
    seed, days = task
    _, points_m, counts = district(seed, HISTORY_DAYS + days - 1)
    return [look(points_m, counts[:, k : k + HISTORY_DAYS], seed + k).p_gumbel for k in range(days)]


def outbreak(task: tuple[int, float, tuple[float, float]]) -> list[int | None]:
    """The day on which each way gives an alarm at the outbreak, counted from 1, None for never."""
    seed, extra, limits = task
    random, points_m, counts = district(seed, HISTORY_DAYS + PATIENCE_DAYS)
    middle = random.integers(UNITS)
    struck = np.argsort(np.linalg.norm(points_m - points_m[middle], axis=1))[:5]
    at = random.choice(struck, (random.poisson(extra * PATIENCE_DAYS)))
    np.add.at(counts, (at, HISTORY_DAYS + random.integers(0, PATIENCE_DAYS, len(at))), 1)
    found: list[int | None] = [None] * len(WAYS)
    for day in range(1, PATIENCE_DAYS + 1):
        looked = look(points_m, counts[:, day : day + HISTORY_DAYS], seed + day)
        for way, units in enumerate(alarms(looked, limits)):
            if found[way] is None and np.isin(units, struck).any():
                found[way] = day
    return found


def alarms(looked: Looked, limits: tuple[float, float]) -> list[np.ndarray]:
    """The units that each of the WAYS gives an alarm for."""
    k, z = limits
    return [
        looked.scan_units if looked.p_gumbel <= 1 / INTERVAL_DAYS else np.array([], dtype=int),
        np.flatnonzero(looked.over > 2),
        np.flatnonzero(looked.significant),
        np.flatnonzero(looked.over > k),
        np.flatnonzero(looked.z > z),
    ]


def thresholds(quiet: list[Looked]) -> tuple[float, float]:
    """Standard deviations and z that are exceeded somewhere on as few quiet days as the scan promises."""
    level = 1 - 1 / INTERVAL_DAYS
    largest = [(looked.over.max(), looked.z.max()) for looked in quiet]
    k, z = np.quantile(largest, level, axis=0)
    return float(k), float(z)


# Telling ----------------------------------------------------------------------------------------
def show_calibration(quiet: list[Looked]) -> None:
    print(f"\n## {len(quiet):,} quiet days\n")
    print("| alarm when | promised share of days | by rank | by Gumbel | ± 2 standard errors |")
    print("|---|---|---|---|---|")
    for level in (0.2, 0.05, 1 / 100, 1 / INTERVAL_DAYS, 1 / 365):
        by_rank = np.mean([looked.p_monte_carlo <= level for looked in quiet])
        by_gumbel = np.mean([looked.p_gumbel <= level for looked in quiet])
        error = 2 * np.sqrt(level * (1 - level) / len(quiet))
        when = f"p ≤ {level:.4f} (once in {1 / level:.0f} days)"
        print(f"| {when} | {level:.2%} | {by_rank:.2%} | {by_gumbel:.2%} | {error:.2%} |")


def show_consecutive(runs: list[list[float]], days: int) -> None:
    print("\n## Consecutive quiet days\n")
    print("| once in | days looked at | alarm days expected | alarm days | alarms that began |")
    print("|---|---|---|---|---|")
    for interval in (20, 100, INTERVAL_DAYS):
        alarm = [np.array(run) <= 1 / interval for run in runs]
        began = sum(int(np.count_nonzero(np.diff(one.astype(int), prepend=0) == 1)) for one in alarm)
        print(f"| {interval} days | {days:,} | {days / interval:.1f} | {sum(map(np.sum, alarm))} | {began} |")


def show_false_alarms(quiet: list[Looked], limits: tuple[float, float]) -> None:
    print(f"\n## False alarms (k = {limits[0]:.1f}, z = {limits[1]:.1f})\n")
    print("| way | quiet days with an alarm | units with an alarm on such a day |")
    print("|---|---|---|")
    flagged = [[len(units) for units in alarms(looked, limits)] for looked in quiet]
    for name, numbers in zip(WAYS, np.array(flagged).T, strict=True):
        units = numbers[numbers > 0].mean() if numbers.any() else 0
        print(f"| {name} | {np.mean(numbers > 0):.1%} | {units:.1f} |")


def show_power(extra: float, found: list[list[int | None]]) -> None:
    print(f"\n## Outbreaks of {extra:g} extra cases a day at five units, {len(found)} of them\n")
    print("| way | found within 7 days | within 14 days | median day of those found |")
    print("|---|---|---|---|")
    for name, days in zip(WAYS, zip(*found, strict=True), strict=True):
        known = [day for day in days if day is not None]
        early = sum(day <= WEEK for day in known) / len(days)
        middle = f"{median(known):g}" if known else "-"
        print(f"| {name} | {early:.0%} | {len(known) / len(days):.0%} | {middle} |")


if __name__ == "__main__":
    main()
