"""Counts by area, and the areas' boundaries."""

from dataclasses import dataclass, replace

from django.contrib.gis.db.models.functions import Area as AreaOf
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Left

from grids.area_names import area_names
from grids.hierarchy import Level
from grids.models import AreaVersion, User
from incidents.filters import DisputeFilter
from incidents.models import Dispute
from maps.selectors.ground import Ground
from maps.selectors.narrowing import narrowed

# Six decimals are 0.1 m here. Corners that two areas share are rounded alike, so no gap opens between them.
DECIMALS = 6


@dataclass(frozen=True)
class AreaCount:
    """`short_name` is the name without the parent's: "第3网格" of "晓港社区第3网格"."""

    code: str
    name: str
    short_name: str
    km2: float
    count: int

    @property
    def per_km2(self) -> float:
        return self.count / self.km2


@dataclass(frozen=True)
class AreaCounts:
    """`areas` in the order of their codes. `unplaced` are disputes of areas that have no boundary today."""

    areas: tuple[AreaCount, ...]
    unplaced: int
    schematic: bool

    @property
    def total(self) -> int:
        return sum(area.count for area in self.areas) + self.unplaced

    @property
    def per_km2(self) -> float:
        km2 = sum(area.km2 for area in self.areas)
        return self.total / km2 if km2 else 0.0


@dataclass(frozen=True)
class Standing:
    """An area among its `of` sisters `within` their parent of `total` disputes. Rank 1 has the most."""

    within: str
    total: int
    rank: int
    of: int


@dataclass(frozen=True)
class Boundary:
    """`geojson` is a geometry's text in WGS84."""

    code: str
    name: str
    schematic: bool
    geojson: str


def count_areas(user: User, ground: Ground, by: Level, chosen: DisputeFilter) -> AreaCounts:
    """Disputes that `user` may count in each area of level `by` on the ground, by today's boundaries."""
    disputes = narrowed(Dispute.objects.countable_by(user), ground, chosen)
    counts = dict(
        disputes.values_list(Left("grid_unit_id", by.code_length)).annotate(count=Count("*")).order_by()
    )
    versions = _versions(ground, by).annotate(square=AreaOf("geom_metric"))
    rows = list(versions.values_list("area_id", "name", "square", "schematic"))
    parents = area_names({code[:-3] for code, *_ in rows})
    areas = tuple(
        AreaCount(
            code, name, name.removeprefix(parents.get(code[:-3], "")) or name,
            square.sq_m / 1e6, counts.pop(code, 0),
        )
        for code, name, square, _ in rows
    )
    return AreaCounts(areas, unplaced=sum(counts.values()), schematic=any(row[-1] for row in rows))


def standing_of(user: User, ground: Ground, chosen: DisputeFilter) -> Standing | None:
    """How the area compares with those beside it; None where `user` may not look at their parent."""
    if len(ground.trail) < 2:
        return None
    wider = replace(ground, trail=ground.trail[:-1])
    counts = count_areas(user, wider, ground.area.level, chosen)
    mine = sum(area.count for area in counts.areas if area.code == ground.area.code)
    rank = 1 + sum(area.count > mine for area in counts.areas)
    return Standing(wider.area.name, counts.total, rank, len(counts.areas))


def read_boundaries(ground: Ground, by: Level) -> list[Boundary]:
    """Today's boundaries of the areas of level `by` on the ground, in the order of their codes."""
    versions = _versions(ground, by).annotate(geojson=AsGeoJSON("geom", precision=DECIMALS))
    return [Boundary(*row) for row in versions.values_list("area_id", "name", "schematic", "geojson")]


def boundaries_stamp(ground: Ground, by: Level) -> str:
    """Changes whenever what `read_boundaries` returns does."""
    found = _versions(ground, by).aggregate(latest=Max("id"), count=Count("*"), since=Max("valid_from"))
    return "-".join(str(part) for part in (ground.area.code, by.value, *found.values()))


def _versions(ground: Ground, by: Level) -> QuerySet:
    return AreaVersion.objects.current().level(by).within(ground.area.code).order_by("area_id")
