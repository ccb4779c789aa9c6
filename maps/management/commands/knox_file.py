from dataclasses import asdict
from datetime import timedelta
from math import isfinite
from pathlib import Path

import numpy as np

from grids.management.json_command import JsonCommand
from grids.management.progress import announce
from maps.case_files import CaseFile, read_case_file
from maps.errors import BandsInvalid, PermutationsInvalid, SeedInvalid, TooManyEvents
from maps.near_repeat import (
    MOST_BANDS,
    MOST_EVENTS,
    MOST_PERMUTATIONS,
    KnoxTable,
    RaisedRisk,
    knox,
    risks_after,
)

ALPHA = 0.05
# From here on it takes seconds, and is announced.
MANY = 20_000
HEADING = (
    "距离 / distance, 天数 / days: 实际 / observed, 预期 / expected, 比值 / ratio (95 %), "
    "p, 校正多重比较后的 p / p allowing for all bands"
)
NO_RISK = "没有发现近处重复 / no near repeats found"


class Command(JsonCommand):
    help = (
        "一个 CSV 文件的案件是否在近处接连发生(Knox)/ do cases of a CSV file follow each other nearby (Knox)"
    )

    def add_options(self, parser):
        parser.add_argument("source", metavar="CASES.csv", help="列 / columns: location,x,y,date,cases")
        parser.add_argument("--coords", help="lonlat | metres,必须写明 / must be given")
        parser.add_argument(
            "--distances-m",
            metavar="M,M,…",
            default="0,100,200,400",
            help="距离的上限,0 为同一地点 / bounds of distance, 0 is the same place (0,100,200,400)",
        )
        parser.add_argument(
            "--intervals-days",
            metavar="D,D,…",
            default="7,14,28",
            help="相隔天数的上限 / bounds of the days between (7,14,28)",
        )
        parser.add_argument("--permutations", default="999", help="随机排列次数 / how many (999)")
        parser.add_argument("--seed", default="1", help="随机种子 / for the permutations (1)")

    def run(self, *, source, coords, distances_m, intervals_days, permutations, seed, **_):
        bounds = {"distances_m": _bounds(distances_m), "intervals_days": _bounds(intervals_days)}
        times = _whole(
            permutations, PermutationsInvalid(permutations=permutations, least=1, most=MOST_PERMUTATIONS)
        )
        chosen = _whole(seed, SeedInvalid(seed=seed))
        file = read_case_file(Path(source), coords=coords)
        points_m, days = _events(file)
        if len(days) >= MANY:
            announce(f"正在比较 {len(days)} 件的远近和先后", f"comparing {len(days)} cases")
        table = knox(points_m, days, **bounds, permutations=times, seed=chosen)
        return {
            "first_day": (file.first_day + timedelta(int(days.min()))).isoformat(),
            "last_day": (file.first_day + timedelta(int(days.max()))).isoformat(),
            "cases": table.events,
            "pairs": table.pairs,
            "permutations": times,
            "seed": chosen,
            "alpha": ALPHA,
            "bands": _bands(table),
            "risks": [asdict(risk) for risk in risks_after(table, alpha=ALPHA)],
        }

    def describe(self, result):
        head = "{first_day} – {last_day}: {cases} 件 / cases, {permutations} 次随机排列 / permutations"
        risks = [_told(RaisedRisk(**risk)) for risk in result["risks"]] or [NO_RISK]
        return "\n".join([head.format_map(result), HEADING, *map(_line, result["bands"]), *risks])


def _events(file: CaseFile) -> tuple[np.ndarray, np.ndarray]:
    """Each case by itself: its place in metres and its day."""
    if (events := int(file.cases.sum())) > MOST_EVENTS:
        raise TooManyEvents(events=events, limit=MOST_EVENTS)
    return file.points_m[np.repeat(file.location, file.cases)], np.repeat(file.day, file.cases)


def _bands(table: KnoxTable) -> list[dict]:
    names = ("observed", "expected", "permuted_mean", "ratio", "low", "high", "p", "p_adjusted")
    distances = zip((None, *table.distances_m), table.distances_m, table.near.tolist(), strict=False)
    return [
        {
            "over_m": over_m,
            "to_m": to_m,
            "from_days": table.intervals_days[column - 1] + 1 if column else 0,
            "to_days": to_days,
            "near_pairs": near,
            "soon_pairs": int(table.soon[column]),
            **{name: _told_number(getattr(table, name)[row, column]) for name in names},
        }
        for row, (over_m, to_m, near) in enumerate(distances)
        for column, to_days in enumerate(table.intervals_days)
    ]


def _told_number(number: np.number) -> int | float | None:
    """A number that JSON knows, None for NaN."""
    return number.item() if isfinite(number) else None


def _bounds(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise BandsInvalid(bounds=text[:60], most=MOST_BANDS) from None


def _whole(text: str, error: Exception) -> int:
    # int() would also read 1_000 and spaces.
    if not (text.isascii() and text.isdecimal()):
        raise error
    return int(text)


def _line(band: dict) -> str:
    where = "同一地点 / same place" if band["to_m"] == 0 else f"{band['over_m'] or 0:g}–{band['to_m']:g} m"
    bounds = "" if band["low"] is None else f" ({band['low']:.2f}–{band['high']:.2f})"
    ratio = "-" if band["ratio"] is None else f"{band['ratio']:.2f}{bounds}"
    return (
        f"{where}, {band['from_days']}–{band['to_days']} 天 / days: {band['observed']}, "
        f"{band['expected']:.1f}, {ratio}, {band['p']:.3g}, {band['p_adjusted']:.3g}"
    )


def _told(risk: RaisedRisk) -> str:
    if risk.to_m == 0:
        zh, en = "在同一地点", "at the same place"
    elif not risk.over_m:
        other = ("", "") if risk.over_m is None else ("(同一地点除外)", " (not at the same place)")
        zh, en = f"在 {risk.to_m:g} 米内{other[0]}", f"within {risk.to_m:g} m{other[1]}"
    else:
        zh, en = f"在 {risk.over_m:g} 至 {risk.to_m:g} 米处", f"{risk.over_m:g} to {risk.to_m:g} m away"
    times = f"{risk.ratio:.1f} ({risk.low:.1f}–{risk.high:.1f})"
    return (
        f"一件发生后 {risk.days} 天内,{zh}再发生的可能为平时的 {times} 倍 / "
        f"for {risk.days} days after a case, others {en} are {times} times as likely as usual"
    )
