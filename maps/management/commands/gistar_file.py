from math import isfinite
from pathlib import Path

import numpy as np

from grids.management.json_command import JsonCommand
from maps.case_files import CaseFile, read_case_file, read_population_file
from maps.errors import AlphaInvalid, MapsError, NobodyLivesThere, RadiusInvalid
from maps.hotspots import count_around, false_discoveries, gi_star, smoothed_rates
from maps.neighbours import within_distance

HOT, COLD = "hot", "cold"
WORDS = {HOT: "热点 / hot", COLD: "冷点 / cold"}
LISTED = 20


class Command(JsonCommand):
    help = "在一个 CSV 文件的案件中找热点(Gi*) / find hotspots among the cases of a CSV file (Gi*)"

    def add_options(self, parser):
        parser.add_argument("source", metavar="CASES.csv", help="列 / columns: location,x,y,date,cases")
        parser.add_argument(
            "--population",
            metavar="POP.csv",
            help="按人口比较;列 / compare rates; columns: location,population",
        )
        parser.add_argument("--coords", help="lonlat | metres,必须写明 / must be given")
        parser.add_argument("--radius-m", metavar="R", help="邻居的距离,必须写明 / how near neighbours are")
        parser.add_argument("--alpha", default="0.05", help="误判的比例上限 / share of false finds (0.05)")

    def run(self, *, source, population, coords, radius_m, alpha, **_):
        radius = _number(radius_m, RadiusInvalid)
        share = _number(alpha, AlphaInvalid, below=1)
        file = read_case_file(Path(source), coords=coords)
        if population is None:
            return find_hotspots(file, None, radius_m=radius, alpha=share)
        people = read_population_file(Path(population), file.locations)
        if not people.any():
            raise NobodyLivesThere(path=Path(population).name)
        return find_hotspots(file, people, radius_m=radius, alpha=share)

    def describe(self, result):
        found = sorted((place for place in result["places"] if place["spot"]), key=_strength)
        lines = [
            "{first_day} – {last_day}: {cases} 件,{locations} 个地点 / {cases} cases, {locations} locations",
            "热点 {hot},冷点 {cold},附近没有其他地点的 {alone} / "
            "{hot} hot, {cold} cold, {alone} without a neighbour",
        ]
        lines = [line.format_map(result) for line in lines]
        lines += map(_line, found[:LISTED])
        if (rest := len(found) - LISTED) > 0:
            lines.append(f"其余 {rest} 个见 --json / {rest} more: --json")
        return "\n".join(lines)


def find_hotspots(file: CaseFile, people: np.ndarray | None, *, radius_m: float, alpha: float) -> dict:
    """Hot and cold locations over the file's whole period: by counts, or with `people` by smoothed rates."""
    near = within_distance(file.points_m, radius_m)
    cases = np.bincount(file.location, weights=file.cases, minlength=len(file.locations))
    values = cases if people is None else smoothed_rates(cases, people)
    star, around = gi_star(values, near), count_around(cases, near, people)
    spots = np.where(star.z > 0, HOT, COLD)
    found = false_discoveries(star.p, alpha)
    columns = {
        "location": file.locations,
        "spot": np.where(found, spots, None).tolist(),
        "cases": cases.astype(int).tolist(),
        "neighbours": (near.counts - 1).tolist(),
        "observed_around": around.observed.astype(int).tolist(),
        "expected_around": around.expected.tolist(),
        "few": around.few.tolist(),
        "z": star.z.tolist(),
        "p": star.p.tolist(),
    }
    if people is not None:
        columns["smoothed_rate"] = values.tolist()
    return {
        "measure": "cases" if people is None else "smoothed_rates",
        "radius_m": radius_m,
        "alpha": alpha,
        "first_day": file.first_day.isoformat(),
        "last_day": file.last_day.isoformat(),
        "locations": len(file.locations),
        "cases": int(cases.sum()),
        "hot": int(np.sum(found & (spots == HOT))),
        "cold": int(np.sum(found & (spots == COLD))),
        "alone": int(np.sum(near.counts == 1)),
        "places": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
    }


def _number(text: str | None, error: type[MapsError], below: float = float("inf")) -> float:
    try:
        number = float(text)
    except (TypeError, ValueError):
        raise error(text=text or "-") from None
    if not (isfinite(number) and 0 < number < below):
        raise error(text=text)
    return number


def _strength(place: dict) -> float:
    return -abs(place["z"])


def _line(place: dict) -> str:
    small = ";数量少,仅供参考 / small counts, a hint at most" if place["few"] else ""
    return (
        f"{place['location']}: {WORDS[place['spot']]}, 周围 / around {place['observed_around']}, "
        f"预期 / expected {place['expected_around']:.1f}, z {place['z']:.2f}, p {place['p']:.2g}{small}"
    )
