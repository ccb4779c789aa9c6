"""The scan, measured in one run against the straightforward way to write it in numpy.

    .venv/bin/python -m tests.benchmarks.scan

2,000 units, 365 days, circles of up to 2 km and windows of up to 28 days that end on the last, 999
replications of the space-time permutation model: about 400,000 circles and 11 million cylinders for each
replication. Each in a process of its own, so that its memory can be measured. The numpy version does a few
replications, from which the time of all is reckoned; both must find the same. Prints Markdown.
"""

import argparse
import json
import sys
from time import perf_counter

import numpy as np

from tests.benchmarks import measured

UNITS, DAYS, REPLICATIONS = 2000, 365, 999
RADIUS_M, WINDOW_DAYS = 2000, 28
SIDE_M = 10_000
PEER_REPLICATIONS = 3
SEED = 440105


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="*", default=[20_000, 200_000])
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        who, cases = options.work
        print(json.dumps({"ours": ours, "numpy": in_numpy}[who](*district(int(cases)))))
        return
    work("ours", options.cases[0])  # compiles, where nobody has yet
    print(f"| cases | | seconds for {REPLICATIONS} replications | peak memory | largest ratio |")
    print("|---|---|---|---|---|")
    for cases in options.cases:
        for who, name in (("ours", "`maps.scan`"), ("numpy", "numpy, reckoned")):
            run, result = work(who, cases)
            seconds, llr = result["seconds"], result["llr"]
            print(f"| {cases:,} | {name} | {seconds:.2f} | {run.peak_mib:.0f} MiB | {llr:.9f} |")


def work(who: str, cases: int) -> tuple[measured.Run, dict]:
    run = measured.run([sys.executable, "-m", "tests.benchmarks.scan", "--work", who, str(cases)])
    return run, json.loads(run.output)


def district(cases: int) -> tuple[np.ndarray, ...]:
    """Places in a square, and for each case its place (some have many, some few) and day."""
    random = np.random.default_rng(SEED)
    points_m = random.uniform(0, SIDE_M, (UNITS, 2))
    location = random.choice(UNITS, cases, p=random.dirichlet(np.full(UNITS, 2.0)))
    return points_m, location, random.integers(0, DAYS, cases)


def ours(points_m, location, day) -> dict:
    from maps.scan import PERMUTATION, scan

    def once(replications):
        return scan(
            points_m, location, day, np.ones(len(day), dtype=np.int64), model=PERMUTATION,
            max_radius_m=RADIUS_M, max_days=WINDOW_DAYS, last_day=DAYS - 1, replications=replications, seed=1,
        )  # fmt: skip

    once(1)  # loads the compiled kernels
    began = perf_counter()
    result = once(REPLICATIONS)
    return {"seconds": perf_counter() - began, "llr": result.clusters[0].llr}


def in_numpy(points_m, location, day) -> dict:
    """Each replication a shuffle, each centre a table of running sums, and a formula over the table."""
    began = perf_counter()
    distances = np.linalg.norm(points_m[:, None] - points_m, axis=2)
    nearest = [np.argsort(row)[: np.count_nonzero(row <= RADIUS_M)] for row in distances]
    prepared = perf_counter() - began
    began = perf_counter()
    llr = largest_ratio(nearest, location, day)
    random = np.random.default_rng(SEED)
    for _ in range(PEER_REPLICATIONS):
        largest_ratio(nearest, location, random.permutation(day))
    once = (perf_counter() - began) / (PEER_REPLICATIONS + 1)
    return {"seconds": prepared + once * (REPLICATIONS + 1), "llr": llr}


def largest_ratio(nearest, location, day) -> float:
    total = len(day)
    counts = np.bincount(location * DAYS + (DAYS - 1 - day), minlength=UNITS * DAYS).reshape(UNITS, DAYS)
    recent, held = np.cumsum(counts[:, :WINDOW_DAYS], axis=1), counts.sum(axis=1)
    of_window = recent.sum(axis=0)
    largest = 0.0
    for places in nearest:
        observed, inside = np.cumsum(recent[places], axis=0), np.cumsum(held[places])
        expected = inside[:, None] * of_window / total
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = observed * np.log(observed / expected)
            ratio += (total - observed) * np.log((total - observed) / (total - expected))
        ratio[(observed <= expected) | (observed < 2) | (inside[:, None] > total / 2)] = 0
        largest = max(largest, ratio.max())
    return float(largest)


if __name__ == "__main__":
    main()
