import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, box

from maps import hexagons as module
from maps.errors import TooManyHexagons
from maps.hexagons import count_hexagons, draw_hexagons
from tests.random_ground import random_district, random_points

SIDE_M = 300.0
AREA_M2 = SIDE_M**2 * 27**0.5 / 2


def test_the_hexagon_at_the_origin_can_be_worked_out_by_hand():
    hexagons = draw_hexagons(Point(0, 0).buffer(10), side_m=SIDE_M)
    assert hexagons.keys.tolist() == [[0, 0]]
    half_width = SIDE_M * 3**0.5 / 2
    assert hexagons.polygons[0].bounds == pytest.approx((-half_width, -SIDE_M, half_width, SIDE_M))
    assert hexagons.polygons[0].area == pytest.approx(AREA_M2)


@pytest.mark.parametrize("seed", range(5))
def test_hexagons_tile_the_district_without_gap_or_overlap(seed):
    district = random_district(np.random.default_rng(seed))
    hexagons = draw_hexagons(district, side_m=SIDE_M)
    whole = shapely.union_all(hexagons.polygons)
    assert whole.area == pytest.approx(len(hexagons.keys) * AREA_M2, rel=1e-9)
    assert shapely.difference(district, whole).area == pytest.approx(0, abs=1e-3)
    assert shapely.intersects(hexagons.polygons, district).all()
    assert hexagons.keys.tolist() == sorted(hexagons.keys.tolist())


def test_neighbours_share_their_corners_to_the_last_bit():
    hexagons = draw_hexagons(box(12_345.6, -987.6, 20_000, 5000), side_m=SIDE_M)
    assert shapely.coverage_is_valid(hexagons.polygons)
    inner = shapely.coverage_union_all(hexagons.polygons)
    assert isinstance(inner, shapely.Polygon) and not inner.interiors


def test_a_hexagon_keeps_its_key_whatever_else_is_drawn():
    wide = draw_hexagons(box(-4000, -4000, 4000, 4000), side_m=SIDE_M)
    narrow = draw_hexagons(box(1000, -3000, 2000, -1000), side_m=SIDE_M)
    places = {tuple(key): polygon for key, polygon in zip(wide.keys.tolist(), wide.polygons, strict=True)}
    for key, polygon in zip(narrow.keys.tolist(), narrow.polygons, strict=True):
        assert places[tuple(key)] == polygon


@pytest.mark.parametrize("seed", range(5))
def test_points_are_counted_where_they_lie(seed):
    random = np.random.default_rng(seed)
    district = random_district(random)
    hexagons = draw_hexagons(district, side_m=SIDE_M)
    points = random_points(random, district, 2000)
    counts = count_hexagons(points, hexagons)
    lie_in = shapely.STRtree(hexagons.polygons).query(shapely.points(points), predicate="intersects")[1]
    assert counts.tolist() == np.bincount(lie_in, minlength=len(counts)).tolist()
    weights = random.integers(1, 5, 2000)
    assert count_hexagons(points, hexagons, weights).sum() == weights.sum()


def test_points_in_no_hexagon_and_without_a_place_are_left_out():
    hexagons = draw_hexagons(MultiPolygon([box(0, 0, 900, 900), box(5000, 5000, 5100, 5100)]), side_m=SIDE_M)
    points = np.array([[3000, 3000], [1e7, -1e7], [-1e7, 1e7], [np.nan, 0], [450, 450], [5050, 5050]])
    assert count_hexagons(points, hexagons).sum() == 2
    assert count_hexagons(np.empty((0, 2)), hexagons).tolist() == [0] * len(hexagons.keys)


def test_a_corner_and_an_edge_belong_to_one_hexagon():
    hexagons = draw_hexagons(box(-1000, -1000, 1000, 1000), side_m=SIDE_M)
    corners = shapely.get_coordinates(draw_hexagons(Point(0, 0).buffer(1), side_m=SIDE_M).polygons)[:6]
    middles = (corners + np.roll(corners, 1, axis=0)) / 2
    assert count_hexagons(np.concatenate([corners, middles]), hexagons).sum() == 12


def test_more_hexagons_than_anybody_can_look_at_are_refused():
    with pytest.raises(TooManyHexagons) as caught:
        draw_hexagons(box(0, 0, 20_000, 20_000), side_m=10)
    assert caught.value.facts["limit"] == module.MOST_HEXAGONS
