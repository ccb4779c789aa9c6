"""What must hold between areas: one parent, within it, beside each other without overlap or gap. Pure.

Every function gives the problems it finds, by code. Severity is fixed by the kind (area_records.KINDS).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from grids.area_records import AreaProblem, AreaRecord
from grids.boundaries import TOLERANCE_M2, NotRepairable, find_gaps, find_overlaps, outside_m2, repair
from grids.crs import area_m2
from grids.hierarchy import Level, level_of

LONGEST_NAME = 100  # characters, as AreaVersion.name holds


@dataclass(frozen=True)
class Areas:
    """Areas of one level: arrays of shape (n,) that belong together."""

    codes: np.ndarray
    geometries: np.ndarray

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, shapely.Geometry]]) -> "Areas":
        pairs = sorted(pairs, key=lambda pair: pair[0])
        geometries = np.empty(len(pairs), dtype=object)
        geometries[:] = [geometry for _, geometry in pairs]
        return cls(np.array([code for code, _ in pairs], dtype=object), geometries)

    def pairs(self) -> Iterator[tuple[str, shapely.Geometry]]:
        return zip(self.codes, self.geometries, strict=True)

    def by_parent(self) -> dict[str, np.ndarray]:
        """Parent code -> positions of its children."""
        found = defaultdict(list)
        for position, code in enumerate(self.codes):
            found[code[:-3]].append(position)
        return {code: np.array(positions) for code, positions in found.items()}


def check_record(record: AreaRecord, level: Level, district_code: str) -> Iterator[AreaProblem]:
    """Code, name and the presence of a polygon."""
    row_zh, row_en = f"第 {record.row} 行", f"row {record.row}"
    if not _is_code(record.code, level) or not record.code.startswith(district_code):
        yield AreaProblem(
            record.code[:40], "wrong_code",
            f"{row_zh}:代码应为 {level.code_length} 位数字并以 {district_code} 开头",
            f"{row_en}: the code must have {level.code_length} digits and begin with {district_code}",
        )  # fmt: skip
    if not record.name or len(record.name) > LONGEST_NAME:
        zh, en = f"{row_zh}:没有名称或过长", f"{row_en}: no name, or longer than {LONGEST_NAME} characters"
        yield AreaProblem(record.code, "no_name", zh, en)
    if record.geometry is None or shapely.is_empty(record.geometry):
        yield AreaProblem(record.code, "empty", f"{row_zh}:没有边界", f"{row_en}: no boundary")


def _is_code(code: str, level: Level) -> bool:
    try:
        return level_of(code) is level
    except ValueError:
        return False


def check_duplicates(records: Iterable[AreaRecord]) -> Iterator[AreaProblem]:
    """A problem for each code that several records have, naming their rows."""
    rows = defaultdict(list)
    for record in records:
        rows[record.code].append(str(record.row))
    for code, where in rows.items():
        if code and len(where) > 1:
            listed = ", ".join(where[:10])
            yield AreaProblem(code, "duplicate", f"代码出现在第 {listed} 行", f"the code is in rows {listed}")


def repair_record(record: AreaRecord) -> tuple[shapely.Geometry | None, AreaProblem | None]:
    """The record's polygons made valid, and what was done or why it cannot be."""
    geometry = record.geometry
    if not _is_on_earth(geometry):
        zh, en = "坐标超出经纬度范围或不是数字", "coordinates beyond longitude and latitude, or no numbers"
        return None, AreaProblem(record.code, "invalid", zh, en)
    try:
        repaired = repair(geometry)
    except NotRepairable as error:
        zh = f"边界自相交,无法确定所指范围({error})"
        return None, AreaProblem(record.code, "invalid", zh, f"it crosses itself and is ambiguous ({error})")
    if area_m2(repaired) <= TOLERANCE_M2:
        return None, AreaProblem(record.code, "empty", "没有面积", "it has no area")
    if shapely.is_valid(geometry):
        return repaired, None
    reason = shapely.is_valid_reason(geometry)
    return repaired, AreaProblem(record.code, "repaired", f"已修复:{reason}", f"repaired: {reason}")


def _is_on_earth(geometry: shapely.Geometry) -> bool:
    xy = shapely.get_coordinates(geometry)
    return bool(np.isfinite(xy).all() and (np.abs(xy) <= (180, 90)).all())


def check_parents(areas: Areas, parents: Areas) -> Iterator[AreaProblem]:
    """Orphans, and areas that reach beyond their parent. A parent without a polygon has geometry None."""
    known = dict(parents.pairs())
    for code in areas.codes:
        if code[:-3] not in known:
            zh, en = f"上级 {code[:-3]} 未生效", f"its parent {code[:-3]} is not in force"
            yield AreaProblem(code, "orphan", zh, en)
    for code, m2 in beyond_parents(areas, parents):
        zh, en = f"超出上级 {code[:-3]} {m2:.1f} 平方米", f"{m2:.1f} m2 lie beyond its parent {code[:-3]}"
        yield AreaProblem(code, "out_of_parent", zh, en)


def beyond_parents(areas: Areas, parents: Areas) -> list[tuple[str, float]]:
    """Code and square metres of the areas that reach beyond their parent's polygon."""
    known = {c: g for c, g in parents.pairs() if g is not None}
    held = np.array([code[:-3] in known for code in areas.codes], dtype=bool)
    codes, geometries = areas.codes[held], areas.geometries[held]
    outlines = np.array([known[code[:-3]] for code in codes], dtype=object)
    beyond = outside_m2(geometries, outlines)
    return [(codes[k], float(beyond[k])) for k in np.flatnonzero(beyond)]


def check_overlaps(areas: Areas, new_codes: set[str]) -> Iterator[AreaProblem]:
    """Overlaps that one of `new_codes` takes part in, reported for it."""
    for overlap in find_overlaps(areas.geometries):
        pair = [areas.codes[overlap.first], areas.codes[overlap.second]]
        new = [code for code in pair if code in new_codes]
        if new:
            other = next(code for code in pair if code != new[0])
            zh, en = f"与 {other} 重叠 {overlap.m2:.1f} 平方米", f"{overlap.m2:.1f} m2 overlap with {other}"
            yield AreaProblem(new[0], "overlap", zh, en)


def check_gaps(areas: Areas, parents: Areas, touched: set[str]) -> Iterator[AreaProblem]:
    """Ground of the `touched` parents that no child covers, reported for the parent."""
    for code, pieces in gaps_by_parent(areas, parents).items():
        if pieces and code in touched:
            count, m2 = len(pieces), sum(pieces)
            zh, en = f"有 {count} 处空隙,共 {m2:.1f} 平方米", f"{count} gaps between its areas, {m2:.1f} m2"
            yield AreaProblem(code, "gap", zh, en)


def gaps_by_parent(areas: Areas, parents: Areas) -> dict[str, list[float]]:
    """Parent code -> square metres of each gap. Parents without children have no gaps, but no survey yet."""
    children = areas.by_parent()
    return {
        code: find_gaps(areas.geometries[children[code]], outline)
        for code, outline in parents.pairs()
        if code in children
    }


def check_children(parents: Areas, children: Areas) -> Iterator[AreaProblem]:
    """Redrawn parents that no longer hold the children in force."""
    for code, count in Counter(code[:-3] for code, _ in beyond_parents(children, parents)).items():
        zh, en = f"有 {count} 个下级区域超出新边界", f"{count} areas below reach beyond its new boundary"
        yield AreaProblem(code, "children_outside", zh, en)
