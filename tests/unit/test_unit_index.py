import numpy as np
import pytest

from grids.unit_index import NOWHERE, UnitIndex
from tests import geometries as g


@pytest.fixture
def index():
    squares = [g.NORTH_WEST, g.NORTH_EAST, g.SOUTH_WEST, g.SOUTH_EAST]
    return UnitIndex(["001", "002", "003", "004"], np.array(squares))


def find(index, *points):
    lon, lat = np.array(points, dtype=float).T
    return index.find(lon, lat).tolist()


def test_a_point_is_found_in_its_square(index):
    assert find(index, g.INSIDE_SOUTH_WEST, (113.303, 23.083)) == [2, 1]


def test_a_shared_corner_and_a_shared_edge_belong_to_the_lowest_code(index):
    assert find(index, g.CENTRE, g.EDGE_MIDDLE) == [0, 2]


def test_the_outer_boundary_belongs_to_the_unit(index):
    assert find(index, (113.300, 23.080), (113.304, 23.081), (113.301, 23.084)) == [2, 3, 0]


def test_outside_and_missing_points_are_nowhere(index):
    elsewhere = [(113.299, 23.081), (113.301, 23.09), (np.nan, 23.081), (113.301, np.nan)]
    assert find(index, *elsewhere) == [NOWHERE] * 4


def test_no_points_give_no_answer(index):
    assert index.find(np.array([]), np.array([])).tolist() == []


def test_a_hole_is_outside():
    index = UnitIndex(["001"], np.array([g.WITH_HOLE]))
    assert find(index, g.IN_HOLE, (113.301, 23.082)) == [NOWHERE, 0]
