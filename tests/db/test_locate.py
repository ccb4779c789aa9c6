import json
from datetime import date

import pytest
import shapely
from django.core.management import call_command

from grids import crs
from grids.errors import (
    AccuracyInvalid,
    CoordinateInvalid,
    CoordinatesSwapped,
    DatumMissing,
    DatumUnknown,
    NoGridUnits,
    PointOutsideDistrict,
)
from grids.hierarchy import Level
from grids.locate import locate_point
from tests import geometries as g
from tests.factories.areas import COMMUNITY, four_units, put_in_force

NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST = (f"{COMMUNITY}{n:03d}" for n in range(1, 5))

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    four_units()


def shares(location) -> dict[str, float]:
    return {candidate.code: candidate.share for candidate in location.candidates}


# On squares -------------------------------------------------------------------------------------
def test_a_point_gets_its_unit_community_and_street_with_their_names(units):
    location = locate_point(*g.INSIDE_SOUTH_WEST)
    assert location.as_json() == {
        "street": {"code": "440105001", "name": "甲街道"},
        "community": {"code": COMMUNITY, "name": "甲一社区"},
        "grid_unit": {"code": SOUTH_WEST, "name": "甲一第3网格"},
        "wgs84": [113.3015, 23.081],
        "certain": True,
        "candidates": [{"code": SOUTH_WEST, "name": "甲一第3网格", "share": 1.0}],
        "outside_share": 0.0,
    }


def test_a_shared_corner_belongs_to_the_lowest_code_and_is_not_certain(units):
    location = locate_point(*g.CENTRE)
    assert location.grid_unit.code == NORTH_WEST
    assert shares(location) == dict.fromkeys([NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST], 0.25)
    assert not location.certain


def test_a_shared_edge_belongs_to_the_lowest_code_and_is_not_certain(units):
    location = locate_point(*g.EDGE_MIDDLE)
    assert location.grid_unit.code == SOUTH_WEST
    assert shares(location) == {SOUTH_WEST: 0.5, SOUTH_EAST: 0.5}
    assert not location.certain


def test_the_districts_own_edge_belongs_to_the_unit_and_is_certain(units):
    location = locate_point(113.300, 23.081)
    assert (location.grid_unit.code, location.certain) == (SOUTH_WEST, True)


@pytest.mark.parametrize("accuracy_m", [5e-324, 1e-12, 1e-6, 0.009])
def test_a_circle_too_small_to_have_an_area_is_a_point(units, accuracy_m):
    location = locate_point(*g.INSIDE_SOUTH_WEST, accuracy_m=accuracy_m)
    assert (shares(location), location.certain) == ({SOUTH_WEST: 1.0}, True)
    assert location.outside_share == 0


def test_a_circle_within_one_unit_is_certain(units):
    location = locate_point(*g.INSIDE_SOUTH_WEST, accuracy_m=30)
    assert shares(location) == {SOUTH_WEST: 1.0}
    assert location.certain


def test_a_circle_around_the_common_corner_is_shared_by_four(units):
    location = locate_point(*g.CENTRE, accuracy_m=30)
    assert shares(location) == pytest.approx(
        dict.fromkeys([NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST], 0.25), abs=0.002
    )
    assert not location.certain


def test_a_circle_cut_at_half_its_radius_has_a_fifth_beyond(units):
    # Beyond a chord at half the radius lies acos(1/2)/pi - sqrt(3)/(4 pi) = 0.1955 of a circle.
    # The point is 0.0005 degrees = 51.2 m from the edge, half of 102.5 m; north and south are as far.
    lon_m, _ = crs.metres_per_degree(23.081)
    location = locate_point(113.3015, 23.082 - 0.0009, accuracy_m=2 * 0.0005 * lon_m)
    east = location.candidates and shares(location)[SOUTH_EAST] + shares(location).get(NORTH_EAST, 0)
    assert east == pytest.approx(0.1955, abs=0.003)
    assert not location.certain


def test_candidates_come_with_the_largest_share_first(units):
    location = locate_point(113.3018, 23.0817, accuracy_m=80)
    found = [candidate.share for candidate in location.candidates]
    assert found == sorted(found, reverse=True)
    assert location.candidates[0].code == location.grid_unit.code == SOUTH_WEST


def test_the_part_of_the_circle_outside_the_district_is_told(units):
    location = locate_point(113.300, 23.081, accuracy_m=30)
    assert shares(location) == pytest.approx({SOUTH_WEST: 0.5}, abs=0.002)
    assert location.outside_share == pytest.approx(0.5, abs=0.002)
    assert not location.certain


def test_how_much_of_the_circle_is_certain_is_a_setting(units, settings):
    point = (113.3018, 23.081)  # 20.5 m from the edge: 84 % of a circle of 35 m lies in the unit
    assert not locate_point(*point, accuracy_m=35).certain
    settings.GRIDGOV_CERTAIN_SHARE = 0.8
    assert locate_point(*point, accuracy_m=35).certain


def test_a_radius_of_nothing_is_a_point(units):
    assert locate_point(*g.EDGE_MIDDLE, accuracy_m=0) == locate_point(*g.EDGE_MIDDLE)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_other_datums_are_converted_first(units, datum):
    shown = crs.from_wgs84(*g.INSIDE_SOUTH_WEST, datum)
    location = locate_point(*shown, datum=datum)
    assert location.grid_unit.code == SOUTH_WEST
    assert location.wgs84 == pytest.approx(g.INSIDE_SOUTH_WEST, abs=1e-8)


def test_outside_the_nearest_unit_and_its_distance_are_told(units):
    lon_m, _ = crs.metres_per_degree(23.081)
    with pytest.raises(PointOutsideDistrict) as refused:
        locate_point(113.305, 23.081)
    assert refused.value.facts["nearest_code"] == SOUTH_EAST
    assert refused.value.facts["distance_m"] == pytest.approx(0.001 * lon_m, abs=0.2)


@pytest.mark.parametrize("place", [(0, 0), (-73.98, 40.75), (179.99, -89.9)])
def test_the_distance_is_told_from_anywhere_on_earth(units, place):
    with pytest.raises(PointOutsideDistrict) as refused:
        locate_point(*place)
    assert 1e6 < refused.value.facts["distance_m"] < 2.1e7


def test_without_any_unit_in_force_that_is_said(units):
    with pytest.raises(NoGridUnits, match="2019-12-31"):
        locate_point(*g.CENTRE, on=date(2019, 12, 31))


def test_the_boundaries_of_the_day_count(units):
    narrowed = shapely.box(113.300, 23.080, 113.301, 23.082)
    put_in_force(Level.GRID, {SOUTH_WEST: ("西南", narrowed)}, valid_from=date(2025, 7, 1))
    assert locate_point(*g.INSIDE_SOUTH_WEST, on=date(2025, 6, 30)).grid_unit.name == "甲一第3网格"
    with pytest.raises(PointOutsideDistrict):
        locate_point(*g.INSIDE_SOUTH_WEST, on=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("nan", 23), (113, "inf"), ("", 23), ("东经113", 23), (None, 23), (181, 23), (113, -91), ([], 23)],
)
def test_what_is_no_coordinate_is_refused(lon, lat):
    with pytest.raises(CoordinateInvalid) as refused:
        locate_point(lon, lat)
    json.dumps(refused.value.facts, allow_nan=False)


def test_latitude_before_longitude_is_recognised():
    with pytest.raises(CoordinatesSwapped, match="颠倒"):
        locate_point(23.081, 113.3015)


@pytest.mark.parametrize("accuracy", [-1, 10_001, "nan", "inf", "很准"])
def test_what_is_no_accuracy_is_refused(accuracy):
    with pytest.raises(AccuracyInvalid):
        locate_point(*g.CENTRE, accuracy_m=accuracy)


def test_no_datum_is_guessed():
    with pytest.raises(DatumMissing):
        locate_point(*g.CENTRE, datum="")
    with pytest.raises(DatumUnknown):
        locate_point(*g.CENTRE, datum="cgcs")


# The command ------------------------------------------------------------------------------------
def test_the_command_prints_one_json_document(units, capsys):
    call_command("locate", "113.3015", "23.081", "--accuracy", "30", "--json")
    assert json.loads(capsys.readouterr().out)["grid_unit"]["code"] == SOUTH_WEST


def test_the_command_says_it_in_words_too(units, capsys):
    call_command("locate", "113.302", "23.081")
    output = capsys.readouterr().out
    assert "甲街道 440105001 › 甲一社区" in output
    assert "50.0%" in output
