"""Where the cases are, as much of it as a screen can show: clusters, heat, and the cases at one spot.

Clusters and heat read only columns that the index `dispute_on_map` holds, so that the rows themselves,
with their descriptions, stay unread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.contrib.gis.geos import Polygon
from django.db.models import Avg, Count, FloatField, Func, IntegerField, Max, Min, QuerySet
from django.db.models.functions import Cast, Floor

from grids import crs
from grids.models import User
from incidents.filters import DisputeFilter
from incidents.models import Dispute
from maps.clusters import merge_near
from maps.screen import Box, Screen, from_web
from maps.selectors.ground import Ground
from maps.selectors.narrowing import narrowed


class X(Func):
    function = "ST_X"
    output_field = FloatField()


class Y(Func):
    function = "ST_Y"
    output_field = FloatField()


@dataclass(frozen=True)
class Case:
    """What a map may say of a case: nothing about people, no words of the report."""

    id: UUID
    case_number: str
    category: str
    risk: str
    state: str
    level: str


@dataclass(frozen=True)
class Cluster:
    """Disputes of one cell: their mean place and their extent in WGS84. `case` where there is only one."""

    count: int
    lon: float
    lat: float
    extent: Box
    case: Case | None = None


def cluster_cases(user: User, ground: Ground, chosen: DisputeFilter, screen: Screen) -> list[Cluster]:
    """Visible disputes on and just around the screen, counted in its grid of cells; near cells are joined."""
    disputes = narrowed(Dispute.objects.visible_to(user), ground, chosen)
    cells = _count_cells(disputes, screen)
    if not cells:
        return []
    places = np.array([(cell["x"], cell["y"]) for cell in cells])
    counts = np.array([cell["count"] for cell in cells])
    joins = merge_near(places, counts, screen.cluster_apart_web)
    groups = [np.flatnonzero(joins == index) for index in dict.fromkeys(joins.tolist())]
    single = [cells[group[0]]["case_number"] for group in groups if counts[group].sum() == 1]
    cases = _cases_by_number(user, single)
    return [_cluster([cells[index] for index in group], cases) for group in groups]


def _count_cells(disputes: QuerySet, screen: Screen) -> list[dict]:
    side = screen.cluster_side_web
    return list(
        disputes.filter(location_web__bboverlaps=_polygon(screen.cluster_box, crs.WEB_SRID))
        .values(column=_cell(X("location_web"), side), row=_cell(Y("location_web"), side))
        .annotate(
            count=Count("*"),
            x=Avg(X("location_web")), y=Avg(Y("location_web")),
            west=Min(X("location_web")), south=Min(Y("location_web")),
            east=Max(X("location_web")), north=Max(Y("location_web")),
            case_number=Min("case_number"),
        )
        .order_by("-count", "column", "row")
    )


def _cluster(cells: list[dict], cases: dict[str, Case]) -> Cluster:
    counts = [cell["count"] for cell in cells]
    x, y = (np.average([cell[axis] for cell in cells], weights=counts) for axis in ("x", "y"))
    extent = Box(
        *from_web(min(cell["west"] for cell in cells), min(cell["south"] for cell in cells)),
        *from_web(max(cell["east"] for cell in cells), max(cell["north"] for cell in cells)),
    )
    case = cases.get(cells[0]["case_number"]) if sum(counts) == 1 else None
    return Cluster(sum(counts), *from_web(float(x), float(y)), extent, case)


def bin_heat(user: User, ground: Ground, chosen: DisputeFilter, screen: Screen) -> np.ndarray:
    """Counts of visible disputes in the squares of a metric grid over the screen.

    Returns:
        Array (squares, 3): longitude and latitude (WGS84 degrees) of the mean place of a square's
        disputes, and their count.
    """
    disputes = narrowed(Dispute.objects.visible_to(user), ground, chosen)
    side = screen.heat_side_m
    rows = (
        disputes.filter(location_web__bboverlaps=_polygon(screen.web_box, crs.WEB_SRID))
        .values(column=_cell(X("location_metric"), side), row=_cell(Y("location_metric"), side))
        .annotate(x=Avg(X("location_web")), y=Avg(Y("location_web")), count=Count("*"))
        .order_by("column", "row")
        .values_list("x", "y", "count")
    )
    squares = [(*from_web(x, y), count) for x, y, count in rows]
    return np.array(squares, dtype=float).reshape(-1, 3)


def list_cases(user: User, ground: Ground, chosen: DisputeFilter, limit: int) -> tuple[list[Case], int]:
    """The newest visible cases in the filter's `bbox`, at most `limit`, and how many there are in all."""
    disputes = narrowed(Dispute.objects.visible_to(user), ground, chosen)
    if chosen.bbox:
        disputes = disputes.filter(location__bboverlaps=_polygon(Box(*chosen.bbox), crs.WGS84_SRID))
    newest = disputes.order_by("-reported_at", "case_number")[:limit]
    return [Case(**row) for row in newest.values(*Case.__dataclass_fields__)], disputes.count()


def _cases_by_number(user: User, numbers: Iterable[str]) -> dict[str, Case]:
    rows: QuerySet = Dispute.objects.visible_to(user).filter(case_number__in=list(numbers))
    return {row["case_number"]: Case(**row) for row in rows.values(*Case.__dataclass_fields__)}


def _cell(coordinate: Func, side: float) -> Cast:
    return Cast(Floor(coordinate / side), IntegerField())


def _polygon(box: Box, srid: int) -> Polygon:
    polygon = Polygon.from_bbox((box.west, box.south, box.east, box.north))
    polygon.srid = srid
    return polygon
