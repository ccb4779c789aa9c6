"""The daily run: scan each street and the district, and make warnings of what is found."""

import logging
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from grids.hierarchy import Level
from grids.models import AreaVersion
from maps.errors import AreaNotScanned, DayNotOver
from maps.models import EarlyWarning, WarningDay, WarningRun
from maps.services.daily_counts import refresh_daily_counts
from maps.services.warning_scans import Watch, scan_area
from maps.warning_rules import Finding, Seen, continued, tell_once

logger = logging.getLogger(__name__)

EVIDENCE = "space_time_permutation"
# So that two runs do not make two warnings of one cluster. Nobody but a run writes this table.
ONE_AT_A_TIME = "LOCK TABLE maps_warningday IN SHARE ROW EXCLUSIVE MODE"
EXCESS = (
    "area_id", "category_group", "radius_m", "first_day", "last_day", "observed", "expected", "llr",
    "recurrence_days",
)  # fmt: skip


@dataclass(frozen=True)
class RunResult:
    """What a run did: `warnings` of the areas it was asked for as of its day, `failed` codes of areas."""

    as_of: date
    scans: int
    seconds: float
    warnings: tuple[WarningDay, ...]
    failed: tuple[str, ...]


def run_warnings(
    *,
    as_of: date,
    area_codes: Collection[str] | None = None,
    seed: int = 0,
    progress: Callable[[list[str]], Iterable[str]] = iter,
) -> RunResult:
    """Look for clusters with what was known on `as_of`, in all streets and the district or in `area_codes`.

    Each area has a transaction of its own, and one that fails holds up no other: its earlier run of that day,
    if any, stays. Afterwards the warnings of the day are made anew of all that its runs found, so that a
    second run of the same day, or two at once, double nothing. `progress` wraps the list of areas.

    Raises:
        DayNotOver: `as_of` lies in the future.
        AreaNotScanned: one of `area_codes` is no street or district of today.
    """
    began, watch = time.monotonic(), Watch.as_set()
    if as_of > timezone.localdate():
        raise DayNotOver(day=as_of.isoformat())
    codes = _areas_to_scan(area_codes)
    refresh_daily_counts()
    scans, failed = 0, []
    for code in progress(codes):
        try:
            scans += _run_area(code, as_of, watch, seed)
        except Exception:
            # Whatever it is, the other streets want their warnings. Counts by unit say nothing of anybody.
            logger.exception("warnings of area %s as of %s failed", code, as_of)
            failed.append(code)
    warnings = _settle(as_of, watch)
    if area_codes is not None:
        warnings = [day for day in warnings if day.area_id.startswith(tuple(codes))]
    return RunResult(as_of, scans, time.monotonic() - began, tuple(warnings), tuple(failed))


def _areas_to_scan(area_codes: Collection[str] | None) -> list[str]:
    in_force = AreaVersion.objects.current().filter(area__level__in=[Level.STREET, Level.DISTRICT])
    codes = sorted(in_force.values_list("area_id", flat=True))
    if area_codes is None:
        return codes
    for code in area_codes:
        if code not in codes:
            raise AreaNotScanned(area_code=code[:20])
    return sorted(set(area_codes))


@transaction.atomic
def _run_area(code: str, as_of: date, watch: Watch, seed: int) -> int:
    """Scan one area and keep what was found; how many scans that took."""
    started_at, began = timezone.now(), time.monotonic()
    scanned = scan_area(code, as_of, watch, seed)
    facts = {
        "started_at": started_at,
        "ended_at": max(timezone.now(), started_at),
        "seconds": time.monotonic() - began,
        "scans": scanned.scans,
        "cases": scanned.cases,
        "settings": watch.as_data() | {"seed": seed},
        "found": [_as_data(finding) for finding in scanned.findings],
    }
    WarningRun.objects.update_or_create(area_id=code, as_of=as_of, defaults=facts)
    return scanned.scans


def _as_data(finding: Finding) -> dict:
    days = {"first_day": finding.first_day.isoformat(), "last_day": finding.last_day.isoformat()}
    return asdict(finding) | days | {"units": sorted(finding.units)}


def _from_data(data: dict) -> Finding:
    days = {name: date.fromisoformat(data[name]) for name in ("first_day", "last_day")}
    return Finding(**data | days | {"units": frozenset(data["units"])})


# Warnings of what was found ---------------------------------------------------------------------
@transaction.atomic
def _settle(as_of: date, watch: Watch) -> list[WarningDay]:
    """Make the warnings of the day of what all its runs found, the most striking first."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    found = WarningRun.objects.filter(as_of=as_of).order_by("area_id").values_list("found", flat=True)
    told = tell_once(_from_data(data) for clusters in found for data in clusters)
    earlier = continued(told, _seen_about(as_of, watch), as_of)
    pairs = zip(told, earlier, strict=True)
    kept = [_write(finding, warning_id, as_of) for finding, warning_id in pairs]
    _forget_others(as_of, kept)
    days = WarningDay.objects.filter(day=as_of, warning_id__in=kept).select_related("warning")
    return sorted(days, key=lambda day: kept.index(day.warning_id))


def _seen_about(as_of: date, watch: Watch) -> list[Seen]:
    """What warnings were on that day and those around it: a day may be run after the next one was."""
    reach = timedelta(days=watch.window_days)
    days = WarningDay.objects.filter(day__range=(as_of - reach, as_of + reach))
    return [
        Seen(
            warning_id=day.warning_id,
            day=day.day,
            category_group=day.category_group,
            units=frozenset(day.unit_codes),
            first_day=day.first_day,
            last_day=day.last_day,
        )
        for day in days
    ]


def _write(finding: Finding, warning_id: int | None, as_of: date) -> int:
    """The day's row of the warning, which is made where there is none yet; its id."""
    facts = {
        name: getattr(finding, "area_code" if name == "area_id" else name)
        for name in EXCESS
    }  # fmt: skip
    if warning_id is None:
        seen = {"first_seen_on": as_of, "last_seen_on": as_of, "evidence": EVIDENCE}
        warning_id = EarlyWarning.objects.create(**facts, **seen).pk
    WarningDay.objects.update_or_create(
        warning_id=warning_id, day=as_of, defaults=facts | {"unit_codes": sorted(finding.units)}
    )
    _show_last_day(warning_id)
    return warning_id


def _show_last_day(warning_id: int) -> None:
    """The warning is what it was on its last day. Its state is left alone: people may change it meanwhile."""
    days = WarningDay.objects.filter(warning_id=warning_id)
    last, bounds = days.latest("day"), days.aggregate(first=Min("day"), last=Max("day"))
    EarlyWarning.objects.filter(pk=warning_id).update(
        first_seen_on=bounds["first"],
        last_seen_on=bounds["last"],
        **{name: getattr(last, name) for name in EXCESS},
    )
    last.warning.units.set(last.unit_codes)


def _forget_others(as_of: date, kept: Collection[int]) -> None:
    """An earlier run of the day found them and this one did not. What people acted on stays on record."""
    for day in WarningDay.objects.filter(day=as_of).exclude(warning_id__in=kept).select_related("warning"):
        if WarningDay.objects.filter(warning_id=day.warning_id).exclude(pk=day.pk).exists():
            day.delete()
            _show_last_day(day.warning_id)
        elif EarlyWarning.objects.select_for_update().get(pk=day.warning_id).state == "new":
            day.warning.delete()
