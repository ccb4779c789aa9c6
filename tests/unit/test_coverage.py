import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from maps.coverage import Raster, covered_share
from maps.screen import Box
from tests.random_ground import random_district

TWO_BY_THREE = Raster(west_m=0, north_m=20, side_m=10, rows=2, columns=3)


def test_rows_run_from_north_to_south_and_columns_from_west_to_east():
    share, _ = covered_share(box(0, 10, 10, 20), TWO_BY_THREE)
    assert share.tolist() == [[1, 0, 0], [0, 0, 0]]
    x_m, y_m = TWO_BY_THREE.middles_m
    assert (x_m.tolist(), y_m.tolist()) == ([5, 15, 25], [15, 5])


@pytest.mark.parametrize(
    ("polygon", "expected"),
    [
        (box(5, 5, 25, 15), [[0.25, 0.5, 0.25], [0.25, 0.5, 0.25]]),
        (Polygon([(0, 0), (20, 0), (0, 20)]), [[0.5, 0, 0], [1, 0.5, 0]]),
        (box(-50, -50, 50, 50) - box(10, 10, 20, 15), [[1, 0.5, 1], [1, 1, 1]]),
        (box(-9, 12, -1, 18), [[0, 0, 0], [0, 0, 0]]),
        (box(31, 12, 38, 18), [[0, 0, 0], [0, 0, 0]]),
        (box(0, 0, 10, 5) | box(20, 10, 30, 20), [[0, 0, 1], [0.5, 0, 0]]),
        (Polygon(), [[0, 0, 0], [0, 0, 0]]),
    ],
)
def test_shares_worked_out_by_hand(polygon, expected):
    assert covered_share(polygon, TWO_BY_THREE)[0].tolist() == expected


@pytest.mark.parametrize("seed", range(8))
def test_shares_are_those_of_cutting_every_square_out(seed):
    random = np.random.default_rng(seed)
    ground = random_district(random)
    raster = Raster.over(Box(500, 1000, 9000, 7000), random.choice([210, 333.3, 500]))
    share, rim = covered_share(ground, raster)
    x_m, y_m = np.meshgrid(*raster.middles_m)
    half = raster.side_m / 2
    squares = shapely.box(x_m - half, y_m - half, x_m + half, y_m + half)
    np.testing.assert_allclose(
        share, shapely.area(shapely.intersection(squares, ground)) / raster.side_m**2, atol=2e-9
    )
    assert not rim.all()
    assert set(share[~rim].tolist()) <= {0, 1}


def test_a_box_is_covered_by_whole_squares_that_its_side_divides():
    raster = Raster.over(Box(0, 0, 0.3, 1), 0.1)
    assert (raster.rows, raster.columns) == (10, 3)
    assert Raster.over(Box(0, 0, 25, 10), 10).box_m == Box(0, 0, 30, 10)


def test_squares_around_a_box_are_of_the_same_lattice():
    around = TWO_BY_THREE.around(Box(12, -3, 41, 8))
    assert around.box_m == Box(0, -20, 60, 20)
