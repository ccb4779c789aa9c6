"""Near repeats, measured in one run against what others would use.

    .venv/bin/python -m tests.benchmarks.knox

Events of a year over 90 km2, 99 permutations: `maps.near_repeat.knox`; a KD-tree's pairs kept in memory and
compared by numpy; and pointpats' way (its `_knox`: neighbours in space and in time as sets), written
out here. Each in a process of its own, so that its memory can be measured; seconds are from arrays
to result, median of three for ours. Prints Markdown; docs/benchmarks.md keeps a run.
"""

import argparse
import json
import sys
from statistics import median
from time import perf_counter

import numpy as np
from scipy.spatial import KDTree

from tests.benchmarks import measured

SIDE_M = 9_487  # 90 km2
YEAR_DAYS = 365
PERMUTATIONS = 99
SEED = 440105
ADDRESSES = 20_000
BANDS = ([0, 100, 200], [7, 14, 28])
ONE_BAND = ([200], [7])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--fewer", type=int, default=20_000, help="as many as pointpats' way can bear")
    parser.add_argument("--work", nargs=3, metavar=("WHO", "PLACES", "EVENTS"), help="what a process does")
    options = parser.parse_args()
    if options.work:
        return work(*options.work)
    # numba compiles once and keeps it on disk.
    began = perf_counter()
    measure("ours", "anywhere", 100)
    print(f"First run with 100 events, compiling if need be: {perf_counter() - began:.1f} s in all\n")
    print("| events | | bands | near pairs | seconds | peak memory | pairs in all bands |")
    print("|---|---|---|---|---|---|---|")
    show("anywhere", options.events, ["ours", "kd_tree"])
    show("addresses", options.events, ["ours"])
    show("anywhere", options.fewer, ["ours", "kd_tree", "ours_one_band", "pointpats"])


def show(places: str, events: int, names: list[str]) -> None:
    where = "" if places == "anywhere" else f" at {ADDRESSES:,} addresses"
    for name in names:
        runs = [measure(name, places, events) for _ in range(3 if name.startswith("ours") else 1)]
        result, peak_mib = json.loads(runs[0].output), max(run.peak_mib for run in runs)
        seconds = median(json.loads(run.output)["seconds"] for run in runs)
        cells = [
            f"{events:,}{where}", WORKERS[name][0], result["bands"], f"{result['near']:,}", f"{seconds:.2f}",
            f"{peak_mib:.0f} MiB", f"{result['observed']:,}",
        ]  # fmt: skip
        print("|", " | ".join(cells), "|", flush=True)


def measure(name: str, places: str, events: int) -> measured.Run:
    return measured.run([sys.executable, "-m", "tests.benchmarks.knox", "--work", name, places, str(events)])


def work(name: str, places: str, events: str) -> None:
    _, count, (distances_m, intervals_days) = WORKERS[name]
    points, days = make_events(places, int(events))
    count(points[:100], days[:100], distances_m, intervals_days)
    began = perf_counter()
    near, observed = count(points, days, distances_m, intervals_days)
    seconds = perf_counter() - began
    bands = f"{len(distances_m)} × {len(intervals_days)}"
    print(json.dumps({"seconds": seconds, "near": int(near), "observed": int(observed), "bands": bands}))


def make_events(places: str, events: int) -> tuple[np.ndarray, np.ndarray]:
    """At random, or at addresses of which few are much busier than most."""
    random = np.random.default_rng(SEED)
    days = random.integers(0, YEAR_DAYS, events)
    if places == "anywhere":
        return random.uniform(0, SIDE_M, (events, 2)), days
    busy = random.pareto(2, ADDRESSES)
    chosen = random.choice(ADDRESSES, events, p=busy / busy.sum())
    return random.uniform(0, SIDE_M, (ADDRESSES, 2))[chosen], days


# Ours and theirs: near pairs and pairs in all bands --------------------------------------------
def ours(points, days, distances_m, intervals_days):
    from maps.near_repeat import knox

    bands = {"distances_m": distances_m, "intervals_days": intervals_days}
    table = knox(points, days, **bands, permutations=PERMUTATIONS, seed=SEED)
    return table.near.sum(), table.observed.sum()


def kd_tree(points, days, distances_m, intervals_days):
    first, second = KDTree(points).query_pairs(distances_m[-1], output_type="ndarray").T
    row = np.searchsorted(distances_m, np.linalg.norm(points[first] - points[second], axis=1))
    column = np.append(
        np.searchsorted(intervals_days, np.arange(intervals_days[-1] + 1)), len(intervals_days)
    )
    columns = len(intervals_days) + 1

    def table(days):
        apart = np.minimum(np.abs(days[first] - days[second]), intervals_days[-1] + 1)
        return np.bincount(row * columns + column[apart], minlength=len(distances_m) * columns)

    observed, random, as_many = table(days), np.random.default_rng(SEED), 0
    for _ in range(PERMUTATIONS):
        as_many += table(random.permutation(days)) >= observed
    return len(first), observed.reshape(-1, columns)[:, :-1].sum()


def pointpats(points, days, distances_m, intervals_days):
    space, time = KDTree(points), KDTree(days[:, None])
    near = [set(found) - {k} for k, found in enumerate(space.query_ball_tree(space, distances_m[-1]))]
    soon = [set(found) - {k} for k, found in enumerate(time.query_ball_tree(time, intervals_days[-1]))]
    observed = sum(len(a & b) for a, b in zip(near, soon, strict=True)) // 2
    random, as_many = np.random.default_rng(SEED), 0
    for _ in range(PERMUTATIONS):
        other = random.permutation(len(days)).tolist()
        both = sum(other[j] in soon[other[i]] for i, found in enumerate(near) for j in found) // 2
        as_many += both >= observed
    return sum(map(len, near)) // 2, observed


WORKERS = {
    "ours": ("`knox`", ours, BANDS),
    "ours_one_band": ("`knox`", ours, ONE_BAND),
    "kd_tree": ("KD-tree and numpy", kd_tree, BANDS),
    "pointpats": ("pointpats' way", pointpats, ONE_BAND),
}


if __name__ == "__main__":
    main()
