from datetime import timedelta
from math import isfinite
from pathlib import Path
from time import perf_counter

import numpy as np

from grids.management.json_command import JsonCommand
from grids.management.progress import announce
from maps.case_files import CaseFile, read_case_file, read_population_file
from maps.errors import (
    CasesWithoutPeople,
    NobodyLivesThere,
    OneDayOnly,
    OnePlaceOnly,
    RadiusInvalid,
    ReplicationsInvalid,
    ScanModelUnknown,
    ScanOptionUnused,
    ScanPopulationMissing,
    SeedInvalid,
    WindowInvalid,
)
from maps.scan import PERMUTATION, POISSON, Cluster, scan

FEWEST_REPLICATIONS, MOST_REPLICATIONS = 9, 99_999
MOST_DAYS = 3660
ALPHA = 0.05
NAMED = 5
NOTHING = "没有发现聚集 / no cluster found"
# Beyond, the fitted distribution is not to be taken by its word.
LONG_DAYS = 36_500


class Command(JsonCommand):
    help = "在一个 CSV 文件的案件中找时空聚集(扫描统计) / find space-time clusters in a CSV file (scan)"

    def add_options(self, parser):
        parser.add_argument("source", metavar="CASES.csv", help="列 / columns: location,x,y,date,cases")
        parser.add_argument("--population", metavar="POP.csv", help="列 / columns: location,population")
        parser.add_argument("--model", help="permutation | poisson,必须写明 / must be given")
        parser.add_argument("--coords", help="lonlat | metres,必须写明 / must be given")
        parser.add_argument("--max-radius-m", metavar="R", help="最大半径,必须写明 / largest radius")
        parser.add_argument("--max-days", metavar="D", help="最长天数,必须写明 / longest window")
        when = parser.add_mutually_exclusive_group()
        when.add_argument(
            "--prospective", action="store_true", help="只看延续到最后一天的(默认) / up to the last day only"
        )
        when.add_argument("--retrospective", action="store_true", help="任何时段 / any period")
        parser.add_argument(
            "--weekdays", action="store_true", help="各地点各有星期规律 / each place has a week of its own"
        )
        parser.add_argument("--replications", default="999", metavar="N", help="模拟次数 / how many (999)")
        parser.add_argument("--seed", default="1", metavar="S", help="随机种子 / for the replications (1)")

    def run(self, *, source, population, model, coords, max_radius_m, max_days, **options):
        if model not in (PERMUTATION, POISSON):
            raise ScanModelUnknown(model=str(model)[:40])
        if model == POISSON and population is None:
            raise ScanPopulationMissing()
        if model == PERMUTATION and population is not None:
            raise ScanOptionUnused(option="--population", model=model)
        if model == POISSON and options["weekdays"]:
            raise ScanOptionUnused(option="--weekdays", model=model)
        asked = {
            "max_radius_m": _metres(max_radius_m),
            "max_days": _whole(max_days, 1, MOST_DAYS, WindowInvalid(text=max_days or "-", limit=MOST_DAYS)),
            "prospective": not options["retrospective"],
            "weekdays": options["weekdays"],
            "replications": _replications(options["replications"]),
            "seed": _whole(options["seed"], 0, 2**63, SeedInvalid(seed=options["seed"])),
        }
        file = read_case_file(Path(source), coords=coords)
        people = None if population is None else _people(Path(population), file)
        return {"model": model} | asked | find_clusters(file, people, model=model, **asked)

    def describe(self, result):
        head = (
            "{first_day} – {last_day}: {cases} 件,{locations} 个地点,{circles} 个圆,{replications} 次模拟 / "
            "{cases} cases, {locations} locations, {circles} circles, {replications} replications"
        )
        striking = [_line(cluster) for cluster in result["clusters"] if cluster["p"] <= ALPHA]
        lines = [head.format_map(result), *(striking or [NOTHING])]
        if others := len(result["clusters"]) - len(striking):
            lines.append(f"另有 {others} 处可能只是偶然,见 --json / {others} more may well be chance: --json")
        return "\n".join(lines)


def find_clusters(file: CaseFile, people: np.ndarray | None, **asked) -> dict:
    _refuse_what_cannot_be_compared(file, people)
    announce("正在扫描(首次运行需编译)", "scanning (the first time it is compiled)")
    began = perf_counter()
    result = scan(
        file.points_m,
        file.location,
        file.day,
        file.cases,
        population=people,
        last_day=(file.last_day - file.first_day).days,
        **asked,
    )
    return {
        "first_day": file.first_day.isoformat(),
        "last_day": file.last_day.isoformat(),
        "locations": len(file.locations),
        "cases": result.cases,
        "circles": result.circles,
        "seconds": round(perf_counter() - began, 3),
        "clusters": [_told(cluster, file) for cluster in result.clusters],
    }


def _people(path: Path, file: CaseFile) -> np.ndarray:
    people = read_population_file(path, file.locations)
    if not people.any():
        raise NobodyLivesThere(path=path.name)
    cases = np.bincount(file.location, file.cases, len(file.locations))
    if ((people == 0) & (cases > 0)).any():
        first = int(np.argmax((people == 0) & (cases > 0)))
        raise CasesWithoutPeople(location=file.locations[first][:60])
    return people


def _refuse_what_cannot_be_compared(file: CaseFile, people: np.ndarray | None) -> None:
    holding = np.bincount(file.location, file.cases, len(file.locations)) if people is None else people
    if np.count_nonzero(holding) == 1:
        raise OnePlaceOnly(location=file.locations[int(np.argmax(holding))][:60])
    days = np.unique(file.day[file.cases > 0])
    if people is None and len(days) == 1:
        raise OneDayOnly(day=(file.first_day + timedelta(int(days[0]))).isoformat())


def _told(cluster: Cluster, file: CaseFile) -> dict:
    return {
        "locations": [file.locations[place] for place in cluster.places],
        "centre": file.locations[cluster.centre],
        "radius_m": cluster.radius_m,
        "first_day": (file.first_day + timedelta(cluster.first_day)).isoformat(),
        "last_day": (file.first_day + timedelta(cluster.last_day)).isoformat(),
        "observed": cluster.observed,
        "expected": cluster.expected,
        "llr": cluster.llr,
        "p": cluster.p_monte_carlo,
        "p_gumbel": cluster.p_gumbel,
        "recurrence_days": cluster.recurrence_days,
    }


def _line(cluster: dict) -> str:
    names, more = ", ".join(cluster["locations"][:NAMED]), len(cluster["locations"]) - NAMED
    others = f" (+{more})" if more > 0 else ""
    days = cluster["recurrence_days"]
    recurrence = f"{days:.0f}" if days < LONG_DAYS else f"> {LONG_DAYS}"
    return (
        f"{cluster['first_day']} – {cluster['last_day']}, {cluster['radius_m']:.0f} m: {names}{others}: "
        f"实际 / observed {cluster['observed']}, 预期 / expected {cluster['expected']:.2f}, "
        f"LLR {cluster['llr']:.3f}, p {cluster['p']:.3g}, "
        f"平静时每 {recurrence} 天才有一次 / in quiet days once in {recurrence} days"
    )


def _metres(text: str | None) -> float:
    try:
        metres = float(text)
    except (TypeError, ValueError):
        raise RadiusInvalid(text=text or "-") from None
    if not (isfinite(metres) and metres > 0):
        raise RadiusInvalid(text=text)
    return metres


def _replications(text: str) -> int:
    least, most = FEWEST_REPLICATIONS, MOST_REPLICATIONS
    return _whole(text, least, most, ReplicationsInvalid(text=text, least=least, most=most))


def _whole(text: str | None, least: int, most: int, error: Exception) -> int:
    # int() would also read 1_000 and spaces.
    plain = text and text.isascii() and text.isdecimal() and len(text) < 20
    if not (plain and least <= int(text) <= most):
        raise error
    return int(text)
