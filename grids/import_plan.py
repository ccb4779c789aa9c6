"""What an import will create, replace, keep and retire, and what speaks against it. Reads, writes nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from django.conf import settings
from django.db.models import F

from grids import area_checks, boundaries
from grids.area_checks import Areas
from grids.area_records import AreaProblem, AreaRecord
from grids.hierarchy import Level, parent_code
from grids.models import AreaVersion
from grids.selectors import areas_in_force

# An iterable, with its length and a word, to the same iterable watched by somebody.
Track = Callable[[Iterable, int, str], Iterable]


@dataclass(frozen=True)
class Drawn:
    """One area of the file, sound, with its polygon as it will be stored."""

    code: str
    name: str
    geometry: shapely.MultiPolygon


@dataclass(frozen=True)
class Plan:
    """What is to be written. `closed` are ids of versions that end on the day the new ones begin."""

    created: tuple[Drawn, ...]
    replaced: tuple[Drawn, ...]
    unchanged: int
    retired: int
    closed: tuple[int, ...]
    problems: tuple[AreaProblem, ...]


def sound_areas(
    records: Sequence[AreaRecord], level: Level, track: Track
) -> tuple[list[Drawn], list[AreaProblem]]:
    """The records that can be taken, repaired, in order of code; and the problems of all."""
    problems = list(area_checks.check_duplicates(records))
    drawn = {}
    for record in track(records, len(records), "检查 / checking"):
        faults = list(area_checks.check_record(record, level, settings.GRIDGOV_DISTRICT_CODE))
        problems += faults
        if any(fault.kind in {"wrong_code", "empty"} for fault in faults):
            continue
        geometry, note = area_checks.repair_record(record)
        problems += [note] if note else []
        if geometry is not None:
            drawn.setdefault(record.code, Drawn(record.code, record.name, geometry))
    return [drawn[code] for code in sorted(drawn)], problems


def make_plan(drawn: list[Drawn], level: Level, on: date, retire_missing: bool) -> Plan:
    """What changes on the day `on` when `drawn` come into force at `level`, and what forbids it.

    Areas of the level that are not drawn stay; with `retire_missing` those under the same parents end.
    Nothing is written.
    """
    new_codes = {area.code for area in drawn}
    standing = areas_in_force(level, on)
    latest = _latest_versions(level)
    stays = [pair for pair in standing.pairs() if pair[0] not in new_codes]
    problems = []
    retired = []
    if retire_missing:
        parents = {parent_code(code) for code in new_codes}
        retired = [code for code, _ in stays if parent_code(code) in parents]
        stays = [pair for pair in stays if pair[0] not in retired]
        problems += _retirement_problems(retired, latest, level, on)
    drawn, notes = _joined(drawn, Areas.of(stays))
    problems += notes
    fabric = Areas.of([*stays, *((area.code, area.geometry) for area in drawn)])
    problems += _fabric_problems(fabric, new_codes, set(retired), level, on)
    created, replaced, closed, dates = _compare(drawn, latest, on)
    closed += [latest[code].id for code in retired]
    unchanged = len(drawn) - len(created) - len(replaced) - len(dates)
    return Plan(
        tuple(created), tuple(replaced), unchanged, len(retired), tuple(closed), (*problems, *dates)
    )


def _latest_versions(level: Level) -> dict[str, AreaVersion]:
    """Each area's last version that ever was in force."""
    versions = AreaVersion.objects.level(level).exclude(valid_to=F("valid_from"))
    return {v.area_id: v for v in versions.order_by("area_id", "-valid_from").distinct("area_id")}


def _joined(drawn: list[Drawn], stays: Areas) -> tuple[list[Drawn], list[AreaProblem]]:
    """`drawn` with edges brought together with their neighbours', and what that changed."""
    if not drawn:
        return drawn, []
    before = Areas.of((area.code, area.geometry) for area in drawn).geometries
    near = boundaries.snap_degrees(before)
    after = boundaries.snap_to_neighbours(before, near, stays.geometries)
    problems = [
        AreaProblem(
            area.code, "repaired",
            f"边线与相邻区域对齐(不超过 {boundaries.SNAP_M} 米)",
            f"edges drawn onto the neighbours' (by at most {boundaries.SNAP_M} m)",
        )
        for area, changed in zip(drawn, ~shapely.equals(before, after), strict=True)
        if changed
    ]  # fmt: skip
    return [replace(area, geometry=geometry) for area, geometry in zip(drawn, after, strict=True)], problems


def _fabric_problems(
    fabric: Areas, new_codes: set[str], retired: set[str], level: Level, on: date
) -> list[AreaProblem]:
    """What is wrong with the level as it would be."""
    new = Areas.of(pair for pair in fabric.pairs() if pair[0] in new_codes)
    problems = list(area_checks.check_overlaps(fabric, new_codes))
    if level.above:
        parents = _parents_in_force(level, on)
        touched = {parent_code(code) for code in new_codes | retired}
        problems += area_checks.check_parents(new, parents)
        problems += area_checks.check_gaps(fabric, parents, touched)
    if level.below:
        problems += area_checks.check_children(new, areas_in_force(level.below, on))
    return problems


def _parents_in_force(level: Level, on: date) -> Areas:
    parents = areas_in_force(level.above, on)
    code = settings.GRIDGOV_DISTRICT_CODE
    if level is Level.STREET and code not in parents.codes:  # made together with its first street
        return Areas.of([(code, None)])
    return parents


def _retirement_problems(
    retired: list[str], latest: dict[str, AreaVersion], level: Level, on: date
) -> list[AreaProblem]:
    problems = [_date_problem(latest[code]) for code in retired if _is_later(latest[code], on)]
    if level.below:
        parents = {parent_code(code) for code in areas_in_force(level.below, on).codes}
        zh, en = "缺失,但下级区域仍生效", "it is missing, but areas below it are in force"
        problems += [AreaProblem(code, "has_children", zh, en) for code in retired if code in parents]
    return problems


def _compare(
    drawn: list[Drawn], latest: dict[str, AreaVersion], on: date
) -> tuple[list[Drawn], list[Drawn], list[int], list[AreaProblem]]:
    """New areas, changed areas, the versions that they close, and changes that come before the present."""
    created, replaced, closed, problems = [], [], [], []
    for area in drawn:
        present = latest.get(area.code)
        if present is None or (present.valid_to and present.valid_to <= on):
            created.append(area)
        elif present.valid_to is None and _is_equal(area, present):
            continue
        elif _is_later(present, on):
            problems.append(_date_problem(present))
        else:
            replaced.append(area)
            closed.append(present.id)
    return created, replaced, closed, problems


def _is_equal(area: Drawn, present: AreaVersion) -> bool:
    stored = shapely.from_wkb(bytes(present.geom.wkb))
    return area.name == present.name and bool(shapely.equals(area.geometry, stored))


def _is_later(present: AreaVersion, on: date) -> bool:
    """Whether `present` begins or ends after the day on which it is to be closed."""
    return present.valid_from > on or present.valid_to is not None


def _date_problem(present: AreaVersion) -> AreaProblem:
    day = present.valid_to or present.valid_from
    zh, en = f"已登记 {day} 的变更,不能在此之前修改", f"a change on {day} is on record: none can precede it"
    return AreaProblem(present.area_id, "dates_out_of_order", zh, en)
