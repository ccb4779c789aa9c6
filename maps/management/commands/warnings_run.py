"""Look for clusters by hand. The worker does so each night as of the day before."""

from grids.errors import DateInvalid
from grids.management.json_command import JsonCommand
from grids.management.progress import track
from grids.parsing import parse_date
from incidents.codes import CATEGORY_GROUPS
from maps.models import WarningDay
from maps.services.warnings import RunResult, run_warnings


class Command(JsonCommand):
    help = "按某一天所知扫描聚集,生成预警 / Scan for clusters with what was known on a day; make warnings"

    def add_options(self, parser):
        parser.add_argument(
            "--as-of", metavar="DATE", help="日期,必须写明 / the day, must be given: 2026-01-31"
        )
        parser.add_argument(
            "--area",
            metavar="CODE",
            help="只扫描这个街道或区 / only this street, or the district",
        )

    def run(self, *, as_of, area=None, **_):
        day = parse_date(as_of)
        if day is None:
            raise DateInvalid(text=as_of or "-")
        codes = None if area is None else [area]
        return as_json(
            run_warnings(as_of=day, area_codes=codes, progress=lambda all: track(all, len(all), "scan"))
        )

    def describe(self, result):
        lines = [
            "{area} {first_day} – {last_day}: {words}, {count} 个网格 / units, {observed} 起 / cases, "
            "预期 / expected {expected:.1f}, 约 {recurrence_days:.0f} 天偶然出现一次 / by chance once in "
            "{recurrence_days:.0f} days ({status})".format(
                **warning, words=_group_words(warning["category_group"]), count=len(warning["units"])
            )
            for warning in result["warnings"]
        ]
        lines += [f"{code}: 失败,见日志 / failed, see the log" for code in result["failed"]]
        counts = "{as_of}: 扫描 {scans} 次,{number} 条预警。 / {scans} scans, {number} warnings."
        return "\n".join([*lines, counts.format(**result, number=len(result["warnings"]))])


def as_json(run: RunResult) -> dict:
    """`run` as JSON."""
    return {
        "as_of": run.as_of.isoformat(),
        "scans": run.scans,
        "seconds": round(run.seconds, 3),
        "warnings": [_warning_as_json(day) for day in run.warnings],
        "failed": list(run.failed),
    }


def _warning_as_json(day: WarningDay) -> dict:
    return {
        "id": day.warning_id,
        "area": day.area_id,
        "units": day.unit_codes,
        "category_group": day.category_group,
        "first_day": day.first_day.isoformat(),
        "last_day": day.last_day.isoformat(),
        "observed": day.observed,
        "expected": day.expected,
        "recurrence_days": day.recurrence_days,
        "status": "new" if day.warning.first_seen_on == day.day else "continuing",
    }


def _group_words(group: str) -> str:
    return " / ".join(CATEGORY_GROUPS[group]) if group else "各类 / all groups"
