from pathlib import Path

import numpy as np
import pytest

from grids import crs
from grids.crs import Datum
from grids.errors import DatumMissing, DatumUnknown

# Canton Tower, as GCJ-02 maps and as GPS show it.
TOWER_GCJ02 = (113.324553, 23.106414)
TOWER_WGS84 = (113.31914, 23.10902)


def metres_between(one, other) -> np.ndarray:
    lon_m, lat_m = crs.metres_per_degree(one[1])
    return np.hypot((one[0] - other[0]) * lon_m, (one[1] - other[1]) * lat_m)


@pytest.fixture(scope="module")
def haizhu_points():
    random = np.random.default_rng(7)
    return random.uniform(113.23, 113.41, 100_000), random.uniform(23.04, 23.12, 100_000)


def test_canton_tower_is_where_gps_sees_it():
    assert metres_between(crs.to_wgs84(*TOWER_GCJ02, "gcj02"), TOWER_WGS84) < 1


def test_canton_tower_is_where_public_maps_show_it():
    assert metres_between(crs.from_wgs84(*TOWER_WGS84, "gcj02"), TOWER_GCJ02) < 1


@pytest.mark.parametrize("datum", list(Datum))
def test_there_and_back_is_within_a_millimetre_all_over_haizhu(haizhu_points, datum):
    back = crs.to_wgs84(*crs.from_wgs84(*haizhu_points, datum), datum)
    assert metres_between(back, haizhu_points).max() < 0.001


@pytest.mark.parametrize("datum", list(Datum))
def test_back_and_there_is_within_a_millimetre_all_over_haizhu(haizhu_points, datum):
    there = crs.from_wgs84(*crs.to_wgs84(*haizhu_points, datum), datum)
    assert metres_between(there, haizhu_points).max() < 0.001


def test_gcj02_lies_some_625_m_from_wgs84_at_haizhu(haizhu_points):
    shift = metres_between(crs.from_wgs84(*haizhu_points, "gcj02"), haizhu_points)
    assert shift.min() > 615
    assert shift.max() < 640


def test_the_shifts_over_the_districts_box_are_those_that_the_page_tells():
    lon, lat = np.meshgrid(np.linspace(113.23, 113.41, 200), np.linspace(23.04, 23.12, 200))
    page = (Path(__file__).parents[2] / "docs" / "crs.md").read_text()
    lon_m, lat_m = crs.metres_per_degree(lat)
    x, y = crs.from_wgs84(lon, lat, "gcj02")
    east, south = (x - lon) * lon_m, (lat - y) * lat_m
    assert f"向东 {east.min():.0f}–{east.max():.0f} 米,向南 {south.min():.0f}–{south.max():.0f} 米" in page
    far = metres_between(crs.from_wgs84(lon, lat, "bd09"), (lon, lat)) / 1000
    assert f"{far.min():.2f}–{far.max():.2f} 公里" in page


def test_bd09_lies_beyond_gcj02(haizhu_points):
    shift = metres_between(crs.from_wgs84(*haizhu_points, "bd09"), haizhu_points)
    assert shift.min() > 1200


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("place", [(-0.1276, 51.5072), (151.2093, -33.8688), (2.3522, 48.8566)])
def test_outside_china_all_datums_are_one(datum, place):
    assert crs.from_wgs84(*place, datum) == place
    assert crs.to_wgs84(*place, datum) == place


def test_floats_give_floats_and_arrays_give_arrays():
    assert all(type(value) is float for value in crs.to_wgs84(*TOWER_GCJ02, "gcj02"))
    lon, lat = crs.to_wgs84(np.full((2, 3), TOWER_GCJ02[0]), np.full((2, 3), TOWER_GCJ02[1]), "bd09")
    assert lon.shape == lat.shape == (2, 3)


def test_a_missing_coordinate_stays_missing_beside_others():
    lon, lat = crs.to_wgs84(np.array([np.nan, 113.3]), np.array([23.1, 23.1]), "gcj02")
    assert np.isnan(lon[0])
    assert metres_between((lon[1], lat[1]), crs.to_wgs84(113.3, 23.1, "gcj02")) < 1e-6


def test_no_datum_is_guessed():
    with pytest.raises(DatumMissing):
        Datum.parse("")
    with pytest.raises(DatumUnknown) as refused:
        Datum.parse("wgs 84")
    assert refused.value.facts == {"datum": "wgs 84"}


def test_a_datum_may_be_written_in_capitals():
    assert Datum.parse(" GCJ02 ") is Datum.GCJ02


def test_a_degree_is_as_long_as_the_ellipsoid_says():
    # Tables of WGS84: at the equator 111,320 m and 110,574 m; at 45 degrees 78,847 m and 111,132 m.
    assert crs.metres_per_degree(0.0) == pytest.approx((111_320, 110_574), abs=1)
    assert crs.metres_per_degree(45.0) == pytest.approx((78_847, 111_132), abs=1)


def test_converted_polygons_keep_their_shared_corners():
    from tests.geometries import EAST, WEST

    west, east = crs.geometries_to_wgs84(np.array([WEST, EAST]), "gcj02")
    assert len(set(west.exterior.coords) & set(east.exterior.coords)) == 2
