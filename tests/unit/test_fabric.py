"""The schematic Haizhu: a coverage that looks like a city."""

import ast
import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import Polygon

from fixtures import haizhu
from fixtures.haizhu.fabric import build_fabric
from fixtures.haizhu.facts import haizhu_facts
from fixtures.haizhu.plane import METRES_PER_DEGREE, to_metres

OLD_TOWN = {"滨江街道", "素社街道", "海幢街道", "南华西街道", "龙凤街道", "江南中街道", "昌岗街道"}
OUTER = {"琶洲街道", "南洲街道", "华洲街道", "官洲街道"}


@pytest.fixture(scope="module")
def units_m(fabric) -> np.ndarray:
    """Grid units in metres."""
    return np.array([shapely.transform(unit.geometry, to_metres) for unit in fabric.units])


def _area_m2(geometry) -> float:
    return shapely.area(shapely.transform(geometry, lambda xy: xy * METRES_PER_DEGREE))


def _by_street(fabric, names: set[str], values: np.ndarray) -> np.ndarray:
    codes = {street.code for street in fabric.streets if street.name in names}
    return values[[unit.code[:9] in codes for unit in fabric.units]]


def test_grid_units_are_a_coverage_without_gap_or_overlap(fabric):
    polygons = shapely.get_parts([unit.geometry for unit in fabric.units])
    assert shapely.coverage_is_valid(polygons)
    assert len(shapely.get_rings(shapely.coverage_union_all(polygons))) == 1


def test_grid_units_fill_the_district_outline_to_the_square_metre(fabric):
    outline = Polygon(haizhu_facts().outline)
    assert _area_m2(shapely.symmetric_difference(fabric.district[0].geometry, outline)) < 1.0
    total = sum(_area_m2(unit.geometry) for unit in fabric.units)
    assert total == pytest.approx(_area_m2(outline), abs=1.0)


@pytest.mark.parametrize(
    ("parents", "children"), [("district", "streets"), ("streets", "communities"), ("communities", "units")]
)
def test_a_parent_is_the_union_of_its_children_corner_by_corner(fabric, parents, children):
    families = {parent.code: [] for parent in getattr(fabric, parents)}
    for child in getattr(fabric, children):
        assert child.parent_code == child.code[:-3]
        families[child.parent_code].append(child.geometry)
    for parent in getattr(fabric, parents):
        union = shapely.coverage_union_all(families[parent.code])
        assert shapely.equals_identical(shapely.normalize(union), shapely.normalize(parent.geometry.geoms[0]))


def test_every_area_is_one_valid_polygon_with_counterclockwise_shell(fabric):
    geometries = [area.geometry for area in fabric.areas]
    assert all(geometry.geom_type == "MultiPolygon" and len(geometry.geoms) == 1 for geometry in geometries)
    assert shapely.is_valid(geometries).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(geometries))).all()


def test_corners_have_seven_decimals(fabric):
    corners = shapely.get_coordinates([unit.geometry for unit in fabric.units])
    assert np.array_equal(corners, np.round(corners * 1e7) / 1e7)


def test_there_are_18_streets_272_communities_and_about_2000_units(fabric):
    assert (len(fabric.streets), len(fabric.communities)) == (18, 272)
    assert 1900 <= len(fabric.units) <= 2150
    per_community = np.unique([unit.parent_code for unit in fabric.units], return_counts=True)[1]
    assert len(per_community) == 272
    assert 7 <= per_community.mean() <= 8
    assert len(set(per_community)) >= 4


def test_communities_keep_the_listed_order_of_names(fabric):
    for street in haizhu_facts().streets:
        drawn = [community for community in fabric.communities if community.parent_code == street.code]
        assert [community.name for community in drawn] == list(street.communities)
        assert [int(community.code[-3:]) for community in drawn] == list(range(1, len(drawn) + 1))


def test_units_are_named_after_their_community_and_number(fabric):
    communities = {community.code: community.name for community in fabric.communities}
    for unit in fabric.units:
        assert re.fullmatch(r"440105\d{9}", unit.code)
        assert unit.name == f"{communities[unit.parent_code]}第{int(unit.code[-3:])}网格"


def test_the_first_unit_of_a_community_lies_in_the_north_and_the_last_in_the_south(fabric):
    for community in fabric.communities:
        norths = [unit.geometry.centroid.y for unit in fabric.units if unit.parent_code == community.code]
        assert norths[0] > np.mean(norths) > norths[-1]


def test_blocks_are_neither_slivers_nor_strips(units_m):
    areas = shapely.area(units_m)
    assert areas.min() > 1_500
    assert (4 * np.pi * areas / shapely.length(units_m) ** 2).min() > 0.4
    corners = shapely.get_coordinates(shapely.oriented_envelope(units_m)).reshape(-1, 5, 2)
    sides = np.hypot(*np.moveaxis(np.diff(corners[:, :3], axis=1), -1, 0))
    assert (sides.max(axis=1) / sides.min(axis=1)).max() < 4.0


def test_blocks_vary_like_a_city_and_not_like_a_chessboard(units_m):
    areas, corners = shapely.area(units_m), shapely.get_num_coordinates(units_m)
    assert areas.std() / areas.mean() > 0.8
    assert corners.std() > 3
    steps = np.diff(shapely.get_coordinates(units_m), axis=0)
    bearings = np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) % 90
    shares = np.histogram(bearings, bins=18, range=(0, 90), weights=np.hypot(*steps.T))[0]
    assert shares.max() / shares.sum() < 0.12, "streets run one way all over the district"


def test_the_old_town_is_denser(fabric, units_m):
    areas = shapely.area(units_m)
    old, outer = _by_street(fabric, OLD_TOWN, areas), _by_street(fabric, OUTER, areas)
    assert np.median(outer) > 6 * np.median(old)


def test_streets_of_known_area_have_it_within_five_per_cent(fabric):
    known = {street.code: street.area_km2 for street in haizhu_facts().streets if street.area_km2}
    drawn = {
        street.code: _area_m2(street.geometry) / 1e6 for street in fabric.streets if street.code in known
    }
    assert drawn == pytest.approx(known, rel=0.05)


def test_every_street_holds_its_centre(fabric):
    for street, facts in zip(fabric.streets, haizhu_facts().streets, strict=True):
        assert street.geometry.contains(shapely.Point(facts.centre)), street.name


def _digest(fabric) -> str:
    digest = hashlib.sha256()
    for area in fabric.areas:
        digest.update(f"{area.code}{area.name}".encode())
        digest.update(shapely.to_wkb(area.geometry))
    return digest.hexdigest()


def test_the_same_seed_draws_the_same_bytes(fabric):
    assert _digest(build_fabric()) == _digest(fabric)


def test_the_generators_of_the_demonstration_import_no_django():
    pure = {"fixtures", "grids", "incidents", "numpy", "shapely"} | sys.stdlib_module_names
    for path in Path(haizhu.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= pure, path.name
            assert not any("models" in name or "services" in name for name in names), path.name
