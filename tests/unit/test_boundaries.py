import numpy as np
import pytest
import shapely
from shapely import Point, box

from grids import boundaries, crs
from tests import geometries as g

LON_M, LAT_M = crs.metres_per_degree(23.082)


def fabric(*polygons) -> np.ndarray:
    return np.array([g.multi(polygon) for polygon in polygons], dtype=object)


def test_a_square_measures_its_sides_multiplied():
    assert crs.area_m2(g.SOUTH_WEST) == pytest.approx(0.002 * LON_M * 0.002 * LAT_M, rel=1e-4)


# Repair -----------------------------------------------------------------------------------------
def test_a_valid_polygon_stays_as_it_is():
    assert boundaries.repair(g.WHOLE).geoms[0] == g.WHOLE


def test_a_bow_tie_becomes_its_two_triangles():
    repaired = boundaries.repair(g.BOW_TIE)
    assert len(repaired.geoms) == 2
    assert repaired.area == pytest.approx(0.002 * 0.002 / 2)


def test_a_line_that_sticks_out_is_left_out():
    spike = shapely.Polygon([(0, 0), (0.01, 0), (0.01, 0.01), (0.02, 0.01), (0.01, 0.01), (0, 0.01)])
    assert boundaries.repair(spike).equals(box(0, 0, 0.01, 0.01))


def test_an_outline_that_can_be_read_in_two_ways_is_not_repaired():
    with pytest.raises(boundaries.NotRepairable, match="m2"):
        boundaries.repair(g.TWICE_OVER)


def test_only_polygons_are_taken_from_a_collection():
    collection = shapely.GeometryCollection([Point(0, 0), shapely.MultiPolygon([g.EAST]), g.WEST])
    assert len(boundaries.polygons_of(collection).geoms) == 2


# Overlaps and gaps ------------------------------------------------------------------------------
def test_squares_that_share_edges_do_not_overlap():
    assert boundaries.find_overlaps(fabric(g.SOUTH_WEST, g.SOUTH_EAST, g.NORTH_WEST, g.NORTH_EAST)) == []


def test_an_edge_with_a_neighbours_corner_in_its_middle_is_no_overlap():
    assert boundaries.find_overlaps(fabric(g.WEST, g.SOUTH_EAST, g.NORTH_EAST)) == []


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (g.WHOLE, 1),
        (g.SOUTH_WEST, 1),
        (g.moved(g.SOUTH_WEST, lon=0.001), 0.5),
        (box(113.3005, 23.0805, 113.3015, 23.0815), 0.25),
    ],
    ids=["the whole", "itself", "half of it", "an island"],
)
def test_an_overlap_is_measured(other, share):
    overlap, = boundaries.find_overlaps(fabric(g.SOUTH_WEST, other))
    assert (overlap.first, overlap.second) == (0, 1)
    assert overlap.m2 == pytest.approx(share * crs.area_m2(g.SOUTH_WEST), rel=1e-4)


def test_less_than_a_square_metre_is_no_overlap():
    nudged = g.moved(g.SOUTH_EAST, lon=-0.9 / (0.002 * LAT_M) / LON_M)
    assert boundaries.find_overlaps(fabric(g.SOUTH_WEST, nudged)) == []
    nudged = g.moved(g.SOUTH_EAST, lon=-1.1 / (0.002 * LAT_M) / LON_M)
    assert len(boundaries.find_overlaps(fabric(g.SOUTH_WEST, nudged))) == 1


def test_children_that_fill_their_parent_leave_no_gap():
    assert boundaries.find_gaps(fabric(g.WEST, g.NORTH_EAST, g.SOUTH_EAST), g.WHOLE) == []


def test_a_missing_child_is_a_gap_of_its_size():
    gap, = boundaries.find_gaps(fabric(g.WEST, g.NORTH_EAST), g.WHOLE)
    assert gap == pytest.approx(crs.area_m2(g.SOUTH_EAST), rel=1e-6)


def test_without_a_parent_a_hole_between_the_children_is_a_gap():
    gap, = boundaries.find_gaps(fabric(g.WITH_HOLE), None)
    assert gap == pytest.approx(crs.area_m2(box(113.301, 23.081, 113.303, 23.083)), rel=1e-6)


def test_without_a_parent_ground_beside_the_children_is_no_gap():
    assert boundaries.find_gaps(fabric(g.WEST, g.moved(g.EAST, lon=0.01)), None) == []


def test_what_lies_beyond_the_parent_is_measured():
    half_out = g.moved(g.SOUTH_WEST, lon=-0.001)
    beyond = boundaries.outside_m2(fabric(g.SOUTH_WEST, half_out), fabric(g.WHOLE, g.WHOLE))
    assert beyond == pytest.approx([0, crs.area_m2(g.SOUTH_WEST) / 2], rel=1e-4)


# Edges that nearly meet ---------------------------------------------------------------------------
def test_edges_that_meet_are_left_alone():
    before = fabric(g.SOUTH_WEST, g.SOUTH_EAST, g.NORTH_WEST)
    assert boundaries.snap_to_neighbours(before, boundaries.snap_degrees(before)) is before


@pytest.mark.parametrize("shift_m", [-0.03, 0.03], ids=["overlapping", "apart"])
def test_edges_three_centimetres_off_are_brought_together(shift_m):
    before = fabric(g.SOUTH_WEST, g.moved(g.SOUTH_EAST, lon=shift_m / LON_M), g.NORTH_WEST, g.NORTH_EAST)
    after = boundaries.snap_to_neighbours(before, boundaries.snap_degrees(before))
    assert shapely.coverage_is_valid(after)
    assert boundaries.find_gaps(after, None) == boundaries.find_overlaps(after) == []
    assert shapely.hausdorff_distance(before, after).max() * LON_M < 0.05


def test_edges_a_metre_off_stay_so():
    before = fabric(g.SOUTH_WEST, g.moved(g.SOUTH_EAST, lon=-1 / LON_M))
    after = boundaries.snap_to_neighbours(before, boundaries.snap_degrees(before))
    assert len(boundaries.find_overlaps(after)) == 1


def test_standing_neighbours_do_not_move():
    standing = fabric(g.SOUTH_WEST)
    before = fabric(g.moved(g.SOUTH_EAST, lon=0.03 / LON_M))
    after = boundaries.snap_to_neighbours(before, boundaries.snap_degrees(before), standing)
    assert shapely.coverage_is_valid(np.concatenate([after, standing]))
    assert standing[0] == g.multi(g.SOUTH_WEST)


def test_a_neighbours_corner_on_a_long_edge_joins_the_edge_so_that_converting_keeps_them_together():
    # An edge of 6 km: straight in GCJ-02, it bends by some metres in WGS84.
    north = box(113.30, 23.10, 113.36, 23.11)
    south = [box(113.30, 23.09, 113.33, 23.10), box(113.33, 23.09, 113.36, 23.10)]
    loose = crs.geometries_to_wgs84(fabric(north, *south), "gcj02")
    assert boundaries.find_overlaps(loose) or boundaries.find_gaps(loose, None)
    joined = boundaries.snap_to_neighbours(fabric(north, *south), boundaries.snap_degrees(loose))
    assert shapely.coverage_is_valid(crs.geometries_to_wgs84(joined, "gcj02"))


def test_the_fabric_of_haizhu_has_no_gap_no_overlap_and_no_loose_edge(request):
    haizhu = request.getfixturevalue("fabric")  # `fabric` above makes small ones
    levels = [haizhu.units, haizhu.communities, haizhu.streets]
    units, communities, streets = (np.array([area.geometry for area in level]) for level in levels)
    for level in (units, communities, streets):
        assert boundaries.find_overlaps(level) == []
        assert boundaries.snap_to_neighbours(level, boundaries.snap_degrees(level)) is level
    assert boundaries.find_gaps(units, shapely.union_all(streets)) == []
    assert boundaries.find_gaps(streets, None) == []
