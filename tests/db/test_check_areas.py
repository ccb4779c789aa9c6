import json
from datetime import date

import pytest
import shapely
from django.core.management import call_command

from grids import crs
from grids.hierarchy import Level
from grids.models import Area, AreaVersion
from grids.services import check_areas
from tests import geometries as g
from tests.factories.areas import COMMUNITY, SINCE, four_units, put_in_force

pytestmark = pytest.mark.django_db

UNITS = [f"{COMMUNITY}{n:03d}" for n in range(1, 5)]
SQUARE_M2 = float(crs.area_m2(g.NORTH_WEST))


@pytest.fixture
def units():
    four_units()


def draw(code: str, shape) -> None:
    """Put a boundary straight into the database, past every check."""
    AreaVersion.objects.filter(area_id=code).update(geom=g.multi(shape).wkt)


def found(kind: str) -> dict[str, float | None]:
    return {d["code"]: d.get("m2") for d in check_areas()["details"] if d["kind"] == kind}


def test_a_sound_fabric_measures_zero(units):
    result = check_areas()
    assert result.pop("areas") == {"street": 1, "community": 1, "grid": 4}
    assert result.pop("details") == []
    del result["on"]
    assert set(result.values()) == {0}


def test_a_missing_unit_is_a_gap_of_its_size(units):
    AreaVersion.objects.filter(area_id=UNITS[3]).delete()
    result = check_areas()
    assert (result["gaps"], result["gap_m2"]) == (1, pytest.approx(SQUARE_M2, rel=1e-4))
    assert found("gap") == {COMMUNITY: pytest.approx(SQUARE_M2, rel=1e-4)}


def test_two_units_on_the_same_ground_are_an_overlap_and_leave_a_gap(units):
    draw(UNITS[3], g.SOUTH_WEST)
    result = check_areas()
    assert (result["overlaps"], result["gaps"]) == (1, 1)
    assert result["overlap_m2"] == pytest.approx(SQUARE_M2, rel=1e-4)
    assert found("overlap") == {UNITS[2]: pytest.approx(SQUARE_M2, rel=1e-4)}


def test_a_unit_beyond_its_community_is_found(units):
    draw(UNITS[3], shapely.box(113.302, 23.080, 113.306, 23.082))
    assert found("out_of_parent") == {UNITS[3]: pytest.approx(SQUARE_M2, rel=1e-3)}


def test_a_polygon_that_crosses_itself_is_found_and_the_rest_is_measured(units):
    draw(UNITS[3], g.BOW_TIE)
    result = check_areas()
    assert (result["invalid"], result["gaps"]) == (1, 1)
    assert found("invalid") == {UNITS[3]: None}


def test_a_community_that_crosses_itself_does_not_stop_the_measuring(units):
    draw(COMMUNITY, g.BOW_TIE)
    assert check_areas()["invalid"] == 1


def test_a_unit_whose_community_is_not_in_force_is_an_orphan(units):
    AreaVersion.objects.filter(area_id=COMMUNITY).update(valid_to=date(2025, 1, 1))
    assert found("orphan") == dict.fromkeys(UNITS)
    assert check_areas(on=date(2024, 12, 31))["orphans"] == 0


def test_a_hole_between_streets_is_a_gap_though_the_district_has_no_polygon():
    put_in_force(Level.STREET, {"440105001": ("环", g.WITH_HOLE)})
    assert found("gap") == {"440105": pytest.approx(SQUARE_M2, rel=1e-3)}


def test_an_empty_database_measures_zero():
    assert check_areas(on=SINCE)["areas"] == {"street": 0, "community": 0, "grid": 0}


def test_the_command_prints_one_json_document(units, capsys):
    call_command("check_areas", "--on", "2020-01-01", "--json")
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert {"areas", "gaps", "overlaps", "invalid", "orphans", "gap_m2", "overlap_m2"} <= set(result)
    assert result["on"] == "2020-01-01"
    assert "Measuring gaps" in said.err


def test_the_command_names_what_is_wrong(units, capsys):
    draw(UNITS[3], g.SOUTH_WEST)
    call_command("check_areas")
    assert f"kind=overlap code={UNITS[2]} with={UNITS[3]}" in capsys.readouterr().out
    assert Area.objects.count() == 7
