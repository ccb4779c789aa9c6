"""Bringing areas from a file into force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.utils import timezone

from grids.area_records import AreaProblem, AreaRecord, Severity
from grids.crs import WGS84_SRID
from grids.errors import AreasNotImported
from grids.hierarchy import Level, parent_code
from grids.import_plan import Plan, Track, make_plan, sound_areas
from grids.models import Area, AreaVersion

BATCH = 500
MOST_PROBLEMS_IN_FACTS = 50


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with `dry_run` would do; counts of areas, and every problem found."""

    level: Level
    valid_from: date
    dry_run: bool
    read: int
    created: int = 0
    replaced: int = 0
    unchanged: int = 0
    retired: int = 0
    problems: tuple[AreaProblem, ...] = ()

    @property
    def errors(self) -> list[AreaProblem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[AreaProblem]:
        return [problem for problem in self.problems if problem.severity is Severity.WARNING]

    def as_json(self) -> dict:
        return {
            "level": self.level.value,
            "valid_from": self.valid_from.isoformat(),
            "dry_run": self.dry_run,
            "read": self.read,
            "created": self.created,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "retired": self.retired,
            "problems": [problem.as_json() for problem in self.problems],
        }


def _unwatched(items: Iterable, total: int, word: str) -> Iterable:
    return items


def import_areas(
    *,
    records: Sequence[AreaRecord],
    level: Level,
    valid_from: date | None = None,
    retire_missing: bool = False,
    dry_run: bool = False,
    source: str = "",
    schematic: bool = False,
    found: Sequence[AreaProblem] = (),
    track: Track = _unwatched,
) -> ImportReport:
    """Bring `records` (WGS84, one level) into force on `valid_from` (today), all or none.

    A changed boundary or name closes the version in force and opens a new one; what is equal stays.
    With `retire_missing`, areas of the same parents that are not among the records end that day.
    Imports wait for each other. With `dry_run` everything is done and then undone.

    Args:
        found: problems that reading the file has already shown; they join the report.
        track: watches the long loops, for progress.

    Raises:
        AreasNotImported: there are errors; nothing was changed. Its `report` lists all problems.
    """
    valid_from = valid_from or timezone.localdate()
    report = ImportReport(level, valid_from, dry_run, read=len(records))
    drawn, problems = sound_areas(records, level, track)
    with transaction.atomic():
        _wait_for_other_imports()
        plan = make_plan(drawn, level, valid_from, retire_missing)
        report = replace(report, problems=(*found, *problems, *plan.problems))
        if report.errors:
            raise _refusal(report)
        _write(plan, level, valid_from, source, schematic, track)
        transaction.set_rollback(dry_run)
    return replace(
        report,
        created=len(plan.created),
        replaced=len(plan.replaced),
        unchanged=plan.unchanged,
        retired=plan.retired,
    )


def _refusal(report: ImportReport) -> AreasNotImported:
    first = report.errors[0]
    return AreasNotImported(
        report=report,
        count=len(report.errors),
        first_zh=f"{first.code} {first.zh}".strip(),
        first_en=f"{first.code} {first.en}".strip(),
        problems=[problem.as_json() for problem in report.errors[:MOST_PROBLEMS_IN_FACTS]],
    )


def _wait_for_other_imports() -> None:
    """Hold off every other writer of boundaries, the admin included, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {AreaVersion._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


# Writing ----------------------------------------------------------------------------------------
def _write(plan: Plan, level: Level, on: date, source: str, schematic: bool, track: Track) -> None:
    drawn = [*plan.created, *plan.replaced]
    areas = [Area(code=area.code, level=level, parent_id=parent_code(area.code)) for area in drawn]
    if level is Level.STREET and areas:
        areas.insert(0, Area(code=settings.GRIDGOV_DISTRICT_CODE, level=Level.DISTRICT))
    Area.objects.bulk_create(areas, ignore_conflicts=True)
    AreaVersion.objects.filter(id__in=plan.closed).update(valid_to=on)
    batches = np.array_split(np.arange(len(drawn)), max(1, -(-len(drawn) // BATCH)))
    for positions in track(batches, len(batches), "写入 / writing"):
        AreaVersion.objects.bulk_create(
            AreaVersion(
                area_id=drawn[k].code,
                name=drawn[k].name,
                geom=GEOSGeometry(memoryview(shapely.to_wkb(drawn[k].geometry)), srid=WGS84_SRID),
                valid_from=on,
                source=source,
                schematic=schematic,
            )
            for k in positions
        )
