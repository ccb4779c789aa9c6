"""Gi* over a space-time cube, measured in one run beside esda.

    .venv/bin/python -m tests.benchmarks.gistar_cube

Units in a lattice, each with its eight neighbours, and a year of weeks: Gi* with p for each week, control of
false discoveries over all of them, the trend and the name of each place; beside esda's G_Local, called week
by week, which gives z only, and the same with scipy's control of false discoveries. Best of several rounds.
Then how often quiet cubes show a hotspot, and how often a planted one is found, by the normal p and by ours.
Prints Markdown.
"""

import argparse
from collections.abc import Callable
from time import perf_counter

import numpy as np
from esda.getisord import G_Local
from libpysal.weights import WSP
from scipy.stats import false_discovery_control

from maps.emerging import classify, mann_kendall
from maps.hotspots import false_discoveries, gi_star
from maps.neighbours import Neighbours, within_distance

SIDES = (50, 40)
WEEKS = 52
SEED = 440105
ALPHA = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--cubes", type=int, default=100, help="quiet cubes for each mean")
    options = parser.parse_args()
    near = lattice(*SIDES)
    compare_times(near, options.rounds)
    count_alarms(near, options.cubes)


def lattice(columns: int, rows: int) -> Neighbours:
    x, y = np.meshgrid(np.arange(columns) * 100.0, np.arange(rows) * 100.0)
    return within_distance(np.stack([x.ravel(), y.ravel()], axis=1), 150.0)


def compare_times(near: Neighbours, rounds: int) -> None:
    # Unlike quiet ones these cubes have places that are always hot, so that trends are looked at.
    random = np.random.default_rng(SEED)
    cube = random.poisson(random.gamma(1.0, 2.0, (len(near), 1)), (len(near), WEEKS)).astype(float)
    weights = WSP(near.links).to_W(silence_warnings=True)
    star = gi_star(cube, near)
    peer = esda_by_week(cube, weights)
    print(f"\n## Gi* of {len(near):,} units, {WEEKS} weeks, best of {rounds}\n")
    print("| | ms |\n|---|---|")
    measured = {
        "Gi* with both p, every week": lambda: gi_star(cube, near),
        "false discoveries over the cube": lambda: false_discoveries(star.p, ALPHA),
        "Mann-Kendall of each unit": lambda: mann_kendall(star.z),
        "**all of it, with the names (`classify`)**": lambda: classify(cube, near, alpha=ALPHA),
        "esda G_Local, week by week": lambda: esda_by_week(cube, weights),
        "the same with false discoveries by scipy": lambda: false_discovery_control(
            2 * esda_by_week(cube, weights)[1], axis=None
        ),
    }
    for name, work in measured.items():
        print(f"| {name} | {best_ms(work, rounds):.1f} |")
    print(f"\nLargest difference of z from esda's: {np.abs(star.z - peer[0]).max():.1e}")


def esda_by_week(cube: np.ndarray, weights) -> tuple[np.ndarray, np.ndarray]:
    """z and one-sided normal p of each week."""
    weeks = [G_Local(week, weights, transform="B", star=True, permutations=0) for week in cube.T]
    return np.stack([week.Zs for week in weeks], axis=1), np.stack([week.p_norm for week in weeks], axis=1)


def best_ms(work: Callable[[], object], rounds: int) -> float:
    def once() -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return 1000 * min(once() for _ in range(rounds))


def count_alarms(near: Neighbours, cubes: int) -> None:
    weeks, centre, most = 12, len(near) // 2 + SIDES[0] // 2, 3
    planted = np.flatnonzero(near.links[[centre]].toarray()[0])
    print(f"\n## Quiet cubes with a false find, and with one planted in the last week: {cubes} of each\n")
    print(
        f"{len(near):,} units, {weeks} weeks. Planted: {most} times the cases at a unit and its neighbours.\n"
    )
    print("| cases by unit and week | false, by the normal p | by ours | found, by the normal p | by ours |")
    print("|---|---|---|---|---|")
    random = np.random.default_rng(SEED)
    for mean in (0.02, 0.1, 0.5, 2, 10):
        outcomes = []
        for _ in range(cubes):
            cube = random.poisson(mean, (len(near), weeks))
            quiet = gi_star(cube, near)
            cube[planted, -1] += random.poisson((most - 1) * mean, len(planted))
            loud = gi_star(cube, near)
            outcomes.append(
                [false_discoveries(p, ALPHA).any() for p in (quiet.p_normal, quiet.p)]
                + [false_discoveries(p, ALPHA)[centre, -1] for p in (loud.p_normal, loud.p)]
            )
        shares = " | ".join(f"{share:.0%}" for share in np.mean(outcomes, axis=0))
        print(f"| {mean:g} | {shares} |")


if __name__ == "__main__":
    main()
