"""Locating, measured in one run against what others would use.

    .venv/bin/python -m tests.benchmarks.locate

A million points in a file: `locate_file` against pandas with geopandas.sjoin, each from reading the file
to having written the answer, each in a process of its own so that its memory can be measured. One point at
a time: the endpoint over HTTP, from granian with two workers, against a bare lookup in PostGIS. A database
is made for it and dropped. Prints Markdown; docs/benchmarks.md keeps a run.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import shapely

from fixtures.haizhu.fabric import build_fabric
from tests.benchmarks import bare_lookups, http_load, measured

POINTS = 1_000_000
SECONDS = 8
CONNECTIONS = 16
SEED = 440105


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each load test")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings.test"
    from tests.databases import fresh_database

    with fresh_database("benchmark") as url, tempfile.TemporaryDirectory() as folder:
        os.environ["GRIDGOV_DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings.demo"
        measured.run([sys.executable, "manage.py", "migrate", "-v0"])
        token = json.loads(measured.run([sys.executable, "-m", "tests.benchmarks.prepared"]).output)["token"]
        polygons = np.array([unit.geometry for unit in build_fabric().units])
        compare_files(Path(folder), polygons, options.points)
        compare_lookups(url, token, polygons, options.seconds)


def compare_files(folder: Path, polygons: np.ndarray, count: int) -> None:
    points, corners = write_points(folder / "points.csv", polygons, count)
    print(f"\n## {count:,} points, {corners:,} of them on vertices of units\n")
    print("| | seconds | of which joining | peak memory | located | corners lost |")
    print("|---|---|---|---|---|---|")
    command = [sys.executable, "manage.py", "locate_file", str(points), str(folder / "ours.csv")]
    ours = measured.run([*command, "--datum", "wgs84", "--json"])
    result = json.loads(ours.output)
    show("`locate_file`", result["seconds"], None, ours, lost_corners(folder / "ours.csv", corners))
    for predicate in ("within", "intersects"):
        target = folder / f"{predicate}.csv"
        peer = measured.run(
            [sys.executable, "-m", "tests.benchmarks.sjoin", str(points), str(target), predicate]
        )
        result = json.loads(peer.output)
        lost = lost_corners(target, corners)
        show(f"geopandas.sjoin, {predicate}", result["seconds"], result["join_seconds"], peer, lost)
    print(f"\nSame unit for every row as sjoin, intersects, lowest code: {agree(folder)}")


def write_points(path: Path, polygons: np.ndarray, count: int) -> tuple[Path, int]:
    """Every vertex of every unit first, then random points over the district's box; how many vertices."""
    vertices = np.unique(shapely.get_coordinates(polygons), axis=0)[:count]
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(SEED).uniform((west, south), (east, north), (count - len(vertices), 2))
    places = np.concatenate([vertices, random.round(7)]).tolist()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "lon", "lat"])
        writer.writerows((k, lon, lat) for k, (lon, lat) in enumerate(places))
    return path, len(vertices)


def lost_corners(path: Path, corners: int) -> tuple[int, int]:
    """Rows with a unit, and how many of the first `corners` rows have none."""
    with path.open(newline="") as file:
        units = [row["grid_unit"] for row in csv.DictReader(file)]
    return sum(map(bool, units)), units[:corners].count("")


def agree(folder: Path) -> bool:
    def units(name: str) -> list[str]:
        with (folder / name).open(newline="") as file:
            return [row["grid_unit"] for row in csv.DictReader(file)]

    return units("ours.csv") == units("intersects.csv")


def show(
    name: str, seconds: float, joining: float | None, run: measured.Run, found: tuple[int, int]
) -> None:
    joined = f"{joining:.2f}" if joining is not None else ""
    print(f"| {name} | {seconds:.2f} | {joined} | {run.peak_mib:.0f} MiB | {found[0]:,} | {found[1]:,} |")


def compare_lookups(url: str, token: str, polygons: np.ndarray, seconds: float) -> None:
    print(f"\n## One point at a time, {CONNECTIONS} at once, for {seconds:g} s\n")
    print("| | lookups/s | p50 ms | p99 ms |")
    print("|---|---|---|---|")
    places = [(point.x, point.y) for point in shapely.point_on_surface(polygons)]
    bare = bare_lookups.measure(url, places, CONNECTIONS, seconds)
    show_load("bare PostGIS lookup, prepared (psycopg)", bare)
    located = [f"/api/v1/locate?lon={lon:.7f}&lat={lat:.7f}&datum=wgs84" for lon, lat in places]
    with_circle = [f"{path}&accuracy_m=30" for path in located]
    with http_load.serving() as port:
        for name, paths in (
            ("HTTP, nothing (`/healthz`)", ["/healthz"]),
            ("HTTP, the endpoint", located),
            ("HTTP, with an accuracy of 30 m", with_circle),
        ):
            show_load(name, http_load.measure(port, paths, token, CONNECTIONS, seconds))


def show_load(name: str, load: measured.Load) -> None:
    print(f"| {name} | {load.per_second:,.0f} | {load.p50_ms:.1f} | {load.p99_ms:.1f} |")


if __name__ == "__main__":
    main()
