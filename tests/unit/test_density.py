"""Heat against kernels summed one by one, and the cases that it must not lose."""

import numpy as np
import pytest
import shapely
from scipy.special import ndtr
from shapely import MultiPolygon, Polygon, box

from maps.coverage import Raster, covered_share
from maps.density import FINENESS, MOST_ON_A_SIDE, heat_surface, picture
from maps.errors import SquaresTooCoarse, TooManySquares
from maps.palette import HEAT
from maps.screen import Box
from tests.random_ground import random_district, random_points

NO_POINTS = np.empty((0, 2))


def heat_of(district, points, *, bandwidth_m, cell_m=None, weights=None):
    return heat_surface(
        points, weights, bandwidth_m=bandwidth_m, cell_m=cell_m or bandwidth_m / FINENESS,
        box_m=Box(*district.bounds), inside=district,
    )  # fmt: skip


def middles(surface):
    rows, columns = surface.values.shape
    x_m = surface.box_m.west + (np.arange(columns) + 0.5) * surface.cell_m
    y_m = surface.box_m.north - (np.arange(rows) + 0.5) * surface.cell_m
    return np.meshgrid(x_m, y_m)


def kernel_sum(points, at, bandwidth_m, district=None, weights=1.0):
    """Cases per km² at places `at`, shape (m, 2): each point's kernel divided by its part in the district."""
    away = np.subtract.outer(at[:, 0], points[:, 0]) ** 2 + np.subtract.outer(at[:, 1], points[:, 1]) ** 2
    kernels = np.exp(-away / (2 * bandwidth_m**2)) / (2 * np.pi * bandwidth_m**2) * 1e6
    part = 1.0 if district is None else kernel_part(points, bandwidth_m, district)
    return kernels @ (weights / part * np.ones(len(points)))


def kernel_part(points, bandwidth_m, district):
    """The integral of each point's kernel over the district, exact for squares of 1/40 of the bandwidth that
    lie in it, in proportion for those on its edge."""
    raster = Raster.over(Box(*district.bounds), bandwidth_m / 40)
    share, _ = covered_share(district, raster)
    x_m = raster.west_m + np.arange(raster.columns + 1) * raster.side_m
    y_m = raster.north_m - np.arange(raster.rows + 1) * raster.side_m
    east = np.diff(ndtr((x_m - points[:, :1]) / bandwidth_m), axis=1)
    south = -np.diff(ndtr((y_m - points[:, 1:]) / bandwidth_m), axis=1)
    return ((south @ share) * east).sum(axis=1)


def worst_error(surface, points, district, **weights):
    """Largest error in the middles of squares within the district, as a part of the peak."""
    x_m, y_m = middles(surface)
    inside = shapely.intersects_xy(district, x_m, y_m)
    places = np.column_stack([x_m[inside], y_m[inside]])
    exact = kernel_sum(points, places, surface.bandwidth_m, district, **weights)
    return abs(surface.values[inside] - exact).max() / exact.max()


@pytest.mark.parametrize("bandwidth_m", [300, 800, 2000])
@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("seed", range(4))
def test_heat_is_the_sum_of_kernels_and_no_case_is_lost(seed, number, bandwidth_m):
    random = np.random.default_rng([seed, number, bandwidth_m])
    district = random_district(random)
    points, weights = random_points(random, district, number), random.integers(1, 9, number)
    surface = heat_of(district, points, bandwidth_m=bandwidth_m, weights=weights)
    assert surface.total == pytest.approx(weights.sum(), rel=1e-9)
    assert worst_error(surface, points, district, weights=weights) < 0.005


@pytest.mark.parametrize("fineness", [6, 9, 17.3, 40])
def test_finer_squares_err_less(fineness):
    random = np.random.default_rng(7)
    district = random_district(random)
    points = random_points(random, district, 5)
    surface = heat_of(district, points, bandwidth_m=1000, cell_m=1000 / fineness)
    assert worst_error(surface, points, district) < 0.5 / fineness**2


def test_a_spit_of_land_narrower_than_a_square_keeps_its_case():
    spit = shapely.affinity.rotate(box(-50, -10, 6000, 10), 20, origin=(0, 0))
    district = shapely.union(box(-3000, -3000, 0, 3000), spit)
    points = np.array([[5000 * np.cos(np.pi / 9), 5000 * np.sin(np.pi / 9)], [-1000, 100]])
    surface = heat_of(district, points, bandwidth_m=600)
    assert surface.total == pytest.approx(2)
    assert worst_error(surface, points, district) < 0.005


def test_heat_does_not_cross_a_hole_or_the_edge():
    district = MultiPolygon([box(0, 0, 4000, 4000) - box(1000, 1000, 3000, 3000), box(5000, 0, 6000, 4000)])
    surface = heat_of(district, np.array([[500.0, 500.0], [5500.0, 3500.0]]), bandwidth_m=600, cell_m=100)
    x_m, y_m = middles(surface)
    assert (surface.values[~shapely.intersects_xy(district, x_m, y_m)] == 0).all()
    assert surface.total == pytest.approx(2)


def test_even_cases_show_ln_2_of_their_density_at_a_straight_edge():
    """What dividing by the part costs: the integral of phi(x) / Phi(x) over the inner side is ln 2."""
    x_m, y_m = np.meshgrid(np.arange(50, 9000, 100), np.arange(50, 9000, 100))
    points = np.column_stack([x_m.ravel(), y_m.ravel()]).astype(float)
    values = heat_of(box(0, 0, 9000, 9000), points, bandwidth_m=900, cell_m=100).values / 100
    assert values.mean() == pytest.approx(1)
    assert values[45, 45] == pytest.approx(1, abs=0.001)
    at_the_edge = 1.5 * values[45, 0] - 0.5 * values[45, 1]
    assert at_the_edge == pytest.approx(np.log(2), abs=0.005)


def test_points_outside_the_district_are_left_out_and_told():
    district = box(0, 0, 3000, 3000) - box(1000, 1000, 2000, 2000)
    outside = [[1500, 1500], [-1, 1500], [3000.001, 10], [1e7, 1e7], [np.nan, 100], [np.inf, 100]]
    on_the_edge = [[0, 0], [3000, 3000], [1000, 1500], [3000, 1234.5]]
    surface = heat_of(district, np.array(outside + on_the_edge), bandwidth_m=600, cell_m=100)
    assert surface.left_out == 6
    assert surface.total == pytest.approx(4)
    alone = heat_of(district, np.array(on_the_edge), bandwidth_m=600, cell_m=100)
    np.testing.assert_array_equal(surface.values, alone.values)


def test_points_are_told_from_their_square_only_where_that_is_certain():
    random = np.random.default_rng(3)
    district = random_district(random)
    points = random.uniform(-1000, 11_000, (3000, 2))
    surface = heat_of(district, points, bandwidth_m=3000, cell_m=500)
    assert surface.left_out == 3000 - shapely.intersects_xy(district, *points.T).sum()


def test_no_points_give_no_heat():
    for district in (box(0, 0, 1000, 500), None):
        surface = heat_surface(
            NO_POINTS, bandwidth_m=600, cell_m=100, box_m=Box(0, 0, 1000, 500), inside=district
        )
        assert surface.values.tolist() == [[0] * 10] * 5
        assert (surface.total, surface.left_out) == (0, 0)


def test_rows_run_from_north_to_south():
    surface = heat_of(box(0, 0, 3000, 2000), np.array([[2550, 1950]]), bandwidth_m=600, cell_m=100)
    assert np.unravel_index(surface.values.argmax(), surface.values.shape) == (0, 25)
    assert surface.values.shape == (20, 30)


def test_a_huge_bandwidth_spreads_the_cases_evenly():
    district = Polygon([(0, 0), (4000, 0), (0, 3000)])
    surface = heat_of(district, np.array([[100.0, 100.0], [3000.0, 300.0]]), bandwidth_m=1e7, cell_m=50)
    assert surface.total == pytest.approx(2)
    even = 2 / 6
    assert surface.values[surface.covered > 0] == pytest.approx(even, rel=1e-5)


def test_a_part_of_the_district_shows_what_the_whole_shows_there():
    random = np.random.default_rng(21)
    district = random_district(random)
    points = random_points(random, district, 300)
    whole = heat_of(district, points, bandwidth_m=600, cell_m=100)
    left, top = whole.box_m.west + 2000, whole.box_m.north - 1000
    part = heat_surface(
        points, bandwidth_m=600, cell_m=100, box_m=Box(left, top - 3000, left + 2500, top), inside=district
    )
    np.testing.assert_allclose(part.values, whole.values[10:40, 20:45], atol=1e-6 * whole.values.max())
    np.testing.assert_array_equal(part.covered, whole.covered[10:40, 20:45])


def test_a_box_beside_the_district_has_no_heat():
    surface = heat_surface(
        np.array([[100.0, 100.0]]), bandwidth_m=600, cell_m=100, box_m=Box(1e6, 1e6, 1e6 + 1000, 1e6 + 500),
        inside=box(0, 0, 4000, 3000),
    )  # fmt: skip
    assert not surface.values.any() and not surface.covered.any()


def test_without_a_district_kernels_run_on_beyond_the_box():
    points = np.array([[500.0, 500.0], [-300.0, 900.0], [1e7, 0.0]])
    surface = heat_surface(points, bandwidth_m=600, cell_m=100, box_m=Box(0, 0, 3000, 2000))
    places = np.stack(middles(surface), axis=-1).reshape(-1, 2)
    exact = kernel_sum(points, places, 600).reshape(20, 30)
    assert abs(surface.values - exact).max() < 0.005 * exact.max()
    assert surface.left_out == 0


def test_the_box_is_filled_with_whole_squares_from_its_north_western_corner():
    surface = heat_surface(NO_POINTS, bandwidth_m=600, cell_m=100, box_m=Box(0, 0, 250, 130))
    assert surface.values.shape == (2, 3)
    assert surface.box_m == Box(0, -70, 300, 130)


@pytest.mark.parametrize(
    ("bandwidth_m", "cell_m"), [(600, 100.1), (0, 10), (-600, 10), (600, 0), (np.nan, 10)]
)
def test_squares_too_coarse_for_the_bandwidth_are_refused(bandwidth_m, cell_m):
    with pytest.raises(SquaresTooCoarse):
        heat_surface(NO_POINTS, bandwidth_m=bandwidth_m, cell_m=cell_m, box_m=Box(0, 0, 1000, 1000))


def test_more_squares_than_a_screen_has_are_refused():
    with pytest.raises(TooManySquares) as caught:
        heat_surface(NO_POINTS, bandwidth_m=60, cell_m=1, box_m=Box(0, 0, MOST_ON_A_SIDE + 1, 10))
    assert caught.value.facts == {"number": MOST_ON_A_SIDE + 1, "limit": MOST_ON_A_SIDE}


def test_the_picture_is_clear_where_nothing_is_and_has_the_last_colour_at_the_peak():
    surface = heat_of(box(0, 0, 9000, 2000), np.array([[550, 1950]]), bandwidth_m=600, cell_m=100)
    rgba = picture(surface)
    assert (rgba.shape, rgba.dtype) == ((20, 90, 4), np.uint8)
    assert rgba[0, 5].tolist() == [*bytes.fromhex(HEAT[-1][1:]), round(255 * 0.85)]
    assert rgba[0, 80, 3] == 0


def test_the_picture_darkens_with_the_density():
    surface = heat_of(box(0, 0, 9000, 2000), np.array([[50, 1950]]), bandwidth_m=2000, cell_m=100)
    red, green, blue, seen = picture(surface)[0].T / 255
    luminance = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    assert (np.diff(luminance * seen + 1 - seen) >= -0.005).all()
    assert (np.diff(seen) <= 0).all()


def test_pictures_on_one_scale_can_be_compared():
    ground, place = box(0, 0, 3000, 2000), np.array([[1550, 950]])
    once, twice = (heat_of(ground, place, bandwidth_m=600, weights=np.array([w])) for w in (1, 2))
    full = twice.values.max()
    np.testing.assert_array_equal(picture(once), picture(twice))
    assert picture(once, full_per_km2=full)[..., 1].min() > picture(twice, full_per_km2=full)[..., 1].min()


def test_the_picture_of_nothing_is_clear():
    assert not picture(heat_of(box(0, 0, 1000, 500), NO_POINTS, bandwidth_m=600))[..., 3].any()
