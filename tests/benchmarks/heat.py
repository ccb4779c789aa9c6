"""The heat surface beside what others would use, in one run.

    .venv/bin/python -m tests.benchmarks.heat [--points 200000] [--runs 20]

Clustered points in the outline of Haizhu, a kernel of 300 m on 512 x 512 squares. For each way the fastest
and the median run; the cases that it lost (shown outside the district or not at all); and its error against
summing all kernels at 300 places, as a part of the peak. Prints Markdown; docs/benchmarks.md keeps a run.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from KDEpy import FFTKDE
from scipy.ndimage import gaussian_filter

from fixtures.haizhu.facts import haizhu_facts
from fixtures.haizhu.plane import to_metres
from maps.density import heat_surface
from maps.screen import Box

SIDE = 512
BANDWIDTH_M = 300.0
PLACES = 300
SEED = 440105


@dataclass(frozen=True)
class Heat:
    """Cases per m², shape (rows, columns), rows from south to north, at the middles `x_m` and `y_m`."""

    values: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray

    def cases_in(self, district: shapely.Geometry) -> float:
        half_x, half_y = (self.x_m[1] - self.x_m[0]) / 2, (self.y_m[1] - self.y_m[0]) / 2
        x_m, y_m = np.meshgrid(self.x_m, self.y_m)
        squares = shapely.box(x_m - half_x, y_m - half_y, x_m + half_x, y_m + half_y)
        return float((self.values * shapely.area(shapely.intersection(squares, district))).sum())

    def error(self, points_m: np.ndarray, rng: np.random.Generator) -> float:
        rows, columns = rng.integers(0, SIDE, (2, PLACES))
        rows[0], columns[0] = np.unravel_index(self.values.argmax(), self.values.shape)
        exact = [
            np.exp(-((points_m - place) ** 2).sum(axis=1) / (2 * BANDWIDTH_M**2)).sum()
            for place in np.column_stack([self.x_m[columns], self.y_m[rows]])
        ]
        exact = np.array(exact) / (2 * np.pi * BANDWIDTH_M**2)
        return abs(self.values[rows, columns] - exact).max() / exact.max()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    district = shapely.Polygon(to_metres(haizhu_facts().outline))
    points_m = clustered_points(district, options.points, np.random.default_rng(SEED))
    box_m = square_around(district)
    ways = {
        "`heat_surface`, corrected at the edge": lambda: ours(points_m, box_m, district),
        "`heat_surface`, no district": lambda: ours(points_m, box_m, None),
        "KDEpy 1.1 FFTKDE": lambda: kdepy(points_m),
        "bincount + scipy gaussian_filter": lambda: blurred_counts(points_m, box_m),
    }
    seconds = time_by_turns(ways, options.runs)
    print(f"{len(points_m):,} points, {SIDE} x {SIDE} squares, {options.runs} runs\n")
    print("| | fastest ms | median ms | cases lost | error |")
    print("|---|---|---|---|---|")
    for name, run in ways.items():
        heat = run()
        lost = round(1 - heat.cases_in(district) / len(points_m), 6) + 0.0
        error = f"{heat.error(points_m, np.random.default_rng(SEED)):.2%}" if "edge" not in name else ""
        best, median = np.min(seconds[name]) * 1000, np.median(seconds[name]) * 1000
        print(f"| {name} | {best:.1f} | {median:.1f} | {lost:.2%} | {error} |")


def time_by_turns(ways: dict[str, Callable[[], Heat]], runs: int) -> dict[str, list[float]]:
    seconds = {name: [] for name in ways}
    for _ in range(runs):
        for name, run in ways.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def ours(points_m: np.ndarray, box_m: Box, district: shapely.Geometry | None) -> Heat:
    cell_m = (box_m.east - box_m.west) / SIDE
    surface = heat_surface(points_m, bandwidth_m=BANDWIDTH_M, cell_m=cell_m, box_m=box_m, inside=district)
    return Heat(surface.values[::-1] / 1e6, *middles(box_m))


def kdepy(points_m: np.ndarray) -> Heat:
    """On a grid of its own choice, somewhat wider than the points."""
    grid, values = FFTKDE(bw=BANDWIDTH_M, kernel="gaussian").fit(points_m).evaluate((SIDE, SIDE))
    x_m, y_m = grid[::SIDE, 0], grid[:SIDE, 1]
    return Heat(values.reshape(SIDE, SIDE).T * len(points_m), x_m, y_m)


def blurred_counts(points_m: np.ndarray, box_m: Box) -> Heat:
    cell_m = (box_m.east - box_m.west) / SIDE
    column, row = ((points_m - (box_m.west, box_m.south)) / cell_m).astype(int).T
    counts = np.bincount(row * SIDE + column, minlength=SIDE * SIDE).reshape(SIDE, SIDE)
    values = gaussian_filter(counts.astype(float), BANDWIDTH_M / cell_m, mode="constant")
    return Heat(values / cell_m**2, *middles(box_m))


def middles(box_m: Box) -> tuple[np.ndarray, np.ndarray]:
    cell_m = (box_m.east - box_m.west) / SIDE
    along = (np.arange(SIDE) + 0.5) * cell_m
    return box_m.west + along, box_m.south + along


def square_around(district: shapely.Geometry) -> Box:
    west, south, east, north = district.bounds
    lower = (south + north - (east - west)) / 2
    return Box(west, lower, east, lower + (east - west))


def clustered_points(district: shapely.Geometry, number: int, rng: np.random.Generator) -> np.ndarray:
    """Half anywhere in the district, half within some hundred metres of forty places. Shape (number, 2)."""
    west, south, east, north = district.bounds
    centres = rng.uniform((west, south), (east, north), (40, 2))
    points = np.empty((0, 2))
    while len(points) < number:
        anywhere = rng.uniform((west, south), (east, north), (number, 2))
        gathered = centres[rng.integers(0, 40, number)] + rng.normal(0, 300, (number, 2))
        points = np.concatenate([points, anywhere, gathered])
        points = points[shapely.intersects_xy(district, *points.T)]
    return rng.permutation(points)[:number]


if __name__ == "__main__":
    main()
