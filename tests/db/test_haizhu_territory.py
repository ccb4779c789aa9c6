"""The territory on the whole schematic Haizhu, as PostGIS holds it."""

from datetime import date

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import call_command
from django.db import connection

from grids import crs
from grids.errors import PointOutsideDistrict
from grids.hierarchy import Level
from grids.locate import locate_point
from grids.models import AreaVersion
from grids.selectors import codes_and_geometries
from grids.services import check_areas, import_areas
from grids.unit_index import RIM_DEGREES, UnitIndex
from tests.factories.areas import records

pytestmark = pytest.mark.django_db

LATER = date(2025, 7, 1)


def test_vertices_edge_middles_and_random_points_lie_in_exactly_one_unit(haizhu):
    """By two ways that share no code: PostGIS with the lowest code first, and the index that files use."""
    polygons = np.array([unit.geometry for unit in haizhu.units])
    xy, on_boundaries = _points_of(polygons)
    by_postgis = _covering_units(xy)
    index = UnitIndex(*codes_and_geometries(AreaVersion.objects.level(Level.GRID)))
    by_index = [index.codes[k] if k >= 0 else None for k in index.find(*xy.T)]
    assert all(by_index[:on_boundaries]), "a vertex or an edge's middle lies in no unit"
    for point, codes, code in zip(xy, by_postgis, by_index, strict=True):
        if codes or code is None:
            assert code == (codes[0] if codes else None), point
        else:  # the middle of an edge at the rim, rounded to its outer side
            assert locate_point(*point).grid_unit.code == code, point
    inside = shapely.dwithin(shapely.union_all(polygons), shapely.points(xy), RIM_DEGREES)
    assert inside.tolist() == [code is not None for code in by_index]
    # Away from boundaries no point has two units; on them the first is always the same.
    assert all(len(codes) <= 1 for codes in by_postgis[on_boundaries:])
    assert np.count_nonzero(inside[on_boundaries:]) > 50_000


def _points_of(polygons: np.ndarray) -> tuple[np.ndarray, int]:
    """Every vertex and edge middle, then 100,000 random points; and how many of the former there are."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(polygons))]
    middles = [(ring[1:] + ring[:-1]) / 2 for ring in rings]
    on_boundaries = np.unique(np.concatenate([*rings, *middles]), axis=0)
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(440105).uniform((west, south), (east, north), (100_000, 2))
    return np.concatenate([on_boundaries, random]), len(on_boundaries)


def _covering_units(xy: np.ndarray) -> list[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE place (number int, x float8, y float8) ON COMMIT DROP")
        with cursor.copy("COPY place FROM STDIN") as copy:
            for number, (x, y) in enumerate(xy.tolist()):
                copy.write_row((number, x, y))
        cursor.execute(
            "SELECT number, array_agg(area_id ORDER BY area_id) FROM place"
            " JOIN grids_areaversion ON ST_Covers(geom, ST_SetSRID(ST_MakePoint(x, y), 4326))"
            " WHERE length(area_id) = 15 GROUP BY number"
        )
        found = dict(cursor.fetchall())
    return [found.get(number, []) for number in range(len(xy))]


def test_one_at_a_time_gives_the_same_as_all_at_once(haizhu):
    polygons = np.array([unit.geometry for unit in haizhu.units])
    xy, on_boundaries = _points_of(polygons)
    random = np.random.default_rng(1)
    which = [random.integers(on_boundaries, size=300), random.integers(on_boundaries, len(xy), 300)]
    some = xy[np.concatenate(which)]
    index = UnitIndex(*codes_and_geometries(AreaVersion.objects.level(Level.GRID)))
    for (lon, lat), position in zip(some, index.find(*some.T), strict=True):
        if position < 0:
            with pytest.raises(PointOutsideDistrict):
                locate_point(lon, lat)
        else:
            assert locate_point(lon, lat).grid_unit.code == index.codes[position]


def test_shares_and_the_part_outside_add_to_one_everywhere(haizhu):
    random = np.random.default_rng(2)
    centres = shapely.get_coordinates(shapely.point_on_surface([unit.geometry for unit in haizhu.units]))
    for lon, lat in random.choice(centres, 40):
        location = locate_point(lon, lat, accuracy_m=float(random.uniform(5, 800)))
        total = sum(candidate.share for candidate in location.candidates) + location.outside_share
        assert total == pytest.approx(1, abs=0.01)


def test_the_fabric_measures_zero_everywhere(haizhu):
    result = check_areas()
    counted = {"street": len(haizhu.streets), "community": len(haizhu.communities), "grid": len(haizhu.units)}
    assert result.pop("areas") == counted
    assert result.pop("details") == []
    del result["on"]
    assert set(result.values()) == {0}


def test_the_same_units_again_change_nothing(haizhu):
    units = {unit.code: (unit.name, unit.geometry) for unit in haizhu.units}
    report = import_areas(records=records(units), level=Level.GRID, valid_from=LATER)
    assert (report.created, report.replaced, report.unchanged) == (0, 0, len(haizhu.units))
    assert report.problems == ()


def test_haizhu_from_a_gcj02_file_lands_on_the_same_ground(haizhu, tmp_path):
    path = tmp_path / "units.gpkg"
    polygons = np.array([unit.geometry for unit in haizhu.units])
    shifted = shapely.transform(polygons, lambda xy: np.column_stack(crs.from_wgs84(*xy.T, "gcj02")))
    texts = [np.array([getattr(unit, field) for unit in haizhu.units]) for field in ("code", "name")]
    pyogrio.raw.write(
        path, shapely.to_wkb(shifted), texts, ["code", "name"], geometry_type="MultiPolygon", crs="EPSG:4326"
    )
    call_command("import_areas", path, "--level", "grid", "--datum", "gcj02", "--valid-from", "2025-07-01")
    result = check_areas(on=LATER)
    assert (result["gaps"], result["overlaps"], result["outside"]) == (0, 0, 0)
    moved = AreaVersion.objects.on(LATER).get(area_id=haizhu.units[0].code)
    distance = shapely.hausdorff_distance(shapely.from_wkb(bytes(moved.geom.wkb)), polygons[0])
    assert distance * 111_000 < 0.01
