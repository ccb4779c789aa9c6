import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from maps.contours import contours
from maps.density import Surface, heat_surface
from maps.screen import Box
from tests.random_ground import random_district, random_points


def surface_of(values, inside=None):
    values = np.array(values, dtype=float)
    rows, columns = values.shape
    return Surface(values, np.ones_like(values), Box(0, 0, 10 * columns, 10 * rows), 10, 60, 0, inside)


def same_ground(one, other):
    return shapely.symmetric_difference(one, other).area == pytest.approx(0, abs=1e-3)


PEAK = [[0, 0, 0], [0, 2, 0], [0, 0, 0]]


def test_around_a_single_high_square_runs_a_rhombus():
    (area,) = contours(surface_of(PEAK), [1])
    assert same_ground(area, Polygon([(15, 10), (20, 15), (15, 20), (10, 15)]))


def test_levels_above_the_peak_enclose_nothing_and_levels_below_everything_the_box():
    none, all_of_it = contours(surface_of([[3, 2], [2, 2]]), [4, 1])
    assert none.is_empty
    assert same_ground(all_of_it, box(0, 0, 20, 20))


def test_a_low_square_within_high_ones_is_a_hole():
    (area,) = contours(surface_of([[2, 2, 2], [2, 0, 2], [2, 2, 2]]), [1])
    assert same_ground(area, box(0, 0, 30, 30) - Polygon([(15, 10), (20, 15), (15, 20), (10, 15)]))


@pytest.mark.parametrize(("level", "parts"), [(1, 1), (3, 2)])
def test_across_a_saddle_the_mean_decides(level, parts):
    (area,) = contours(surface_of([[0, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0], [0, 0, 0, 0]]), [level])
    assert len(area.geoms) == parts


def test_contours_end_at_the_edge_of_the_district():
    district = box(0, 0, 17, 30)
    (area,) = contours(surface_of(PEAK, district), [1])
    assert same_ground(area, Polygon([(15, 10), (20, 15), (15, 20), (10, 15)]) & district)


def test_values_that_equal_the_level_lie_above_it_and_break_nothing():
    values = np.random.default_rng(5).integers(0, 4, (40, 60))
    x_m, y_m = np.meshgrid(np.arange(60) * 10 + 5, 395 - np.arange(40) * 10)
    for level, area in zip([1, 2, 2.5, 3], contours(surface_of(values), [1, 2, 2.5, 3]), strict=True):
        assert area.is_valid
        assert (shapely.intersects_xy(area.buffer(1e-4), x_m, y_m) == (values >= level)).all()


def test_contours_of_heat_hold_the_middles_that_are_as_dense():
    random = np.random.default_rng(11)
    district = random_district(random)
    surface = heat_surface(
        random_points(random, district, 60), bandwidth_m=700, cell_m=100, box_m=Box(*district.bounds),
        inside=district,
    )  # fmt: skip
    rows, columns = surface.values.shape
    x_m, y_m = np.meshgrid(
        surface.box_m.west + (np.arange(columns) + 0.5) * 100,
        surface.box_m.north - (np.arange(rows) + 0.5) * 100,
    )
    inside = shapely.intersects_xy(district, x_m, y_m)
    levels = [surface.values.max() * share for share in (0.1, 0.5, 0.9)]
    areas = contours(surface, levels)
    for level, area in zip(levels, areas, strict=True):
        assert area.is_valid and not area.is_empty
        assert (shapely.intersects_xy(area, x_m, y_m) == (inside & (surface.values >= level))).all()
    assert areas[0].area > areas[1].area > areas[2].area


def test_levels_are_above_zero():
    assert contours(surface_of(PEAK), []) == []
    with pytest.raises(ValueError, match="above 0"):
        contours(surface_of(PEAK), [1, 0])
