import json
import threading
from datetime import date

import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable
from shapely.geometry import mapping

from grids import crs
from grids.area_records import KINDS
from grids.errors import AreasNotImported, GridsError
from grids.hierarchy import Level
from grids.locate import locate_point
from grids.models import Area, AreaVersion
from grids.services import import_areas, redraw_area
from tests import geometries as g
from tests.factories.areas import COMMUNITY, SINCE, STREET, four_units, put_in_force, records

pytestmark = pytest.mark.django_db

UNITS = [f"{COMMUNITY}{n:03d}" for n in range(1, 5)]
LATER = date(2025, 7, 1)


@pytest.fixture
def units():
    four_units()


@pytest.fixture
def community():
    put_in_force(Level.STREET, {STREET: ("甲街道", g.WHOLE)})
    put_in_force(Level.COMMUNITY, {COMMUNITY: ("甲一社区", g.WHOLE)})


def counts(report) -> tuple[int, int, int, int]:
    return report.created, report.replaced, report.unchanged, report.retired


def kinds(problems) -> list[tuple[str, str]]:
    return [(problem.code, problem.kind) for problem in problems]


def refused(areas: dict, level: Level = Level.GRID, **options) -> list[tuple[str, str]]:
    """Errors for which importing `areas` is refused; nothing may have changed."""
    before = list(AreaVersion.objects.order_by("id").values_list("id", "valid_to"))
    with pytest.raises(AreasNotImported) as error:
        import_areas(records=records(areas), level=level, **{"valid_from": LATER, **options})
    assert list(AreaVersion.objects.order_by("id").values_list("id", "valid_to")) == before
    return kinds(error.value.report.errors)


# What is new, changed, equal and gone -------------------------------------------------------------
def test_the_district_is_made_with_its_first_street():
    report = put_in_force(Level.STREET, {STREET: ("甲街道", g.WHOLE)})
    assert counts(report) == (1, 0, 0, 0)
    assert Area.objects.get(code="440105").level == "district"
    assert Area.objects.get(code=STREET).parent_id == "440105"


def test_the_same_areas_again_change_nothing(units):
    before = list(AreaVersion.objects.values_list("id", "valid_from", "valid_to"))
    report = import_areas(
        records=records({UNITS[0]: ("甲一第1网格", g.NORTH_WEST), UNITS[1]: ("甲一第2网格", g.NORTH_EAST)}),
        level=Level.GRID,
        valid_from=LATER,
    )
    assert counts(report) == (0, 0, 2, 0)
    assert list(AreaVersion.objects.values_list("id", "valid_from", "valid_to")) == before


def test_a_polygon_that_begins_at_another_corner_is_the_same(units):
    turned = shapely.Polygon(np.roll(np.array(g.NORTH_WEST.exterior.coords)[:-1], 1, axis=0)[::-1])
    report = put_in_force(Level.GRID, {UNITS[0]: ("甲一第1网格", turned)}, LATER)
    assert counts(report) == (0, 0, 1, 0)


def test_a_changed_boundary_opens_a_new_version_and_the_old_one_stays(units):
    narrowed = shapely.box(113.300, 23.082, 113.301, 23.084)
    report = put_in_force(Level.GRID, {UNITS[0]: ("甲一第1网格", narrowed)}, LATER)
    assert counts(report) == (0, 1, 0, 0)
    old, new = AreaVersion.objects.filter(area_id=UNITS[0]).order_by("valid_from")
    assert (old.valid_from, old.valid_to, new.valid_from, new.valid_to) == (SINCE, LATER, LATER, None)
    assert shapely.from_wkb(bytes(old.geom.wkb)).equals(g.NORTH_WEST)
    assert shapely.from_wkb(bytes(new.geom.wkb)).equals(narrowed)


def test_a_changed_name_opens_a_new_version(units):
    report = put_in_force(Level.GRID, {UNITS[0]: ("新名", g.NORTH_WEST)}, LATER)
    assert counts(report) == (0, 1, 0, 0)


def test_a_change_on_the_day_that_a_version_began_leaves_it_never_in_force(units):
    put_in_force(Level.GRID, {UNITS[0]: ("改名", g.NORTH_WEST)}, SINCE)
    put_in_force(Level.GRID, {UNITS[0]: ("再改名", g.NORTH_WEST)}, SINCE)
    names = AreaVersion.objects.filter(area_id=UNITS[0]).on(SINCE).values_list("name", flat=True)
    assert list(names) == ["再改名"]
    assert AreaVersion.objects.filter(area_id=UNITS[0], valid_to=SINCE).count() == 2


def test_neighbours_exchange_ground_in_one_import(units):
    wide = shapely.box(113.300, 23.082, 113.303, 23.084)
    narrow = shapely.box(113.303, 23.082, 113.304, 23.084)
    report = put_in_force(Level.GRID, {UNITS[0]: ("一", wide), UNITS[1]: ("二", narrow)}, LATER)
    assert counts(report) == (0, 2, 0, 0)
    assert locate_point(113.3025, 23.083, on=LATER).grid_unit.code == UNITS[0]
    assert locate_point(113.3025, 23.083, on=SINCE).grid_unit.code == UNITS[1]


def test_what_is_missing_stays_unless_it_is_to_be_retired(units):
    whole = {UNITS[0]: ("全部", g.WHOLE)}
    assert refused(whole) == [(UNITS[0], "overlap")] * 3
    report = import_areas(records=records(whole), level=Level.GRID, valid_from=LATER, retire_missing=True)
    assert counts(report) == (0, 1, 0, 3)
    assert AreaVersion.objects.on(LATER).level("grid").count() == 1
    assert AreaVersion.objects.on(SINCE).level("grid").count() == 4


def test_a_retired_area_can_come_back(units):
    whole = records({UNITS[0]: ("全部", g.WHOLE)})
    import_areas(records=whole, level=Level.GRID, valid_from=LATER, retire_missing=True)
    again = date(2026, 1, 1)
    report = put_in_force(Level.GRID, {UNITS[0]: ("一", g.WEST), UNITS[1]: ("二", g.EAST)}, again)
    assert counts(report) == (1, 1, 0, 0)


def test_a_parent_with_areas_below_is_not_retired(units):
    put_in_force(Level.STREET, {"440105002": ("乙街道", g.moved(g.WHOLE, lon=0.004))})
    alone = {"440105002": ("乙街道", g.moved(g.WHOLE, lon=0.004))}
    assert refused(alone, Level.STREET, retire_missing=True) == [(STREET, "has_children")]


def test_a_dry_run_says_the_same_and_changes_nothing(units):
    before = AreaVersion.objects.count()
    changed = records({UNITS[0]: ("新名", g.NORTH_WEST)})
    report = import_areas(records=changed, level=Level.GRID, valid_from=LATER, dry_run=True)
    assert (counts(report), report.dry_run) == ((0, 1, 0, 0), True)
    assert AreaVersion.objects.count() == before
    assert not AreaVersion.objects.filter(name="新名").exists()


def test_nothing_comes_before_a_change_that_is_on_record(units):
    put_in_force(Level.GRID, {UNITS[0]: ("明年名", g.NORTH_WEST)}, date(2030, 1, 1))
    assert refused({UNITS[0]: ("今年名", g.NORTH_WEST)}) == [(UNITS[0], "dates_out_of_order")]


def test_one_area_is_redrawn_by_the_same_rules(units):
    from django.contrib.gis.geos import GEOSGeometry

    narrowed = GEOSGeometry(shapely.box(113.300, 23.082, 113.301, 23.084).wkt, srid=4326)
    report = redraw_area(code=UNITS[0], geom=narrowed, name="窄", valid_from=LATER)
    assert (counts(report), kinds(report.warnings)) == ((0, 1, 0, 0), [(COMMUNITY, "gap")])
    version = AreaVersion.objects.get(area_id=UNITS[0], valid_to=None)
    assert (version.name, version.valid_from, version.geom.num_geom) == ("窄", LATER, 1)
    with pytest.raises(AreasNotImported, match="重叠"):
        redraw_area(code=UNITS[0], geom=GEOSGeometry(g.WHOLE.wkt, srid=4326), name="宽", valid_from=LATER)


# What is refused, by code -------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["", "44010500100100", "440106001001001", "44010500100100a", "440105001"])
def test_a_wrong_code_is_refused(units, code):
    assert refused({code: ("错", g.NORTH_WEST)}) == [(code, "wrong_code")]


def test_a_code_twice_in_the_file_is_refused(community):
    twice = records({UNITS[0]: ("一", g.WEST)}) + records({UNITS[0]: ("二", g.EAST)})
    with pytest.raises(AreasNotImported) as error:
        import_areas(records=twice, level=Level.GRID)
    assert kinds(error.value.report.errors) == [(UNITS[0], "duplicate")]


@pytest.mark.parametrize("name", ["", "长" * 101])
def test_an_area_needs_a_name(community, name):
    assert refused({UNITS[0]: (name, g.WEST)}) == [(UNITS[0], "no_name")]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (None, "empty"),
        (shapely.Polygon(), "empty"),
        (shapely.LineString([(113.3, 23.08), (113.304, 23.08)]), "empty"),
        (shapely.Polygon([(113.3, 23.08), (113.304, 23.08), (113.302, 23.08)]), "empty"),
        (g.TWICE_OVER, "invalid"),
        (g.moved(g.WEST, lon=100), "invalid"),
        (shapely.from_wkt("POLYGON ((113.3 23.08, Inf 23.08, 113.302 23.084, 113.3 23.08))"), "invalid"),
    ],
    ids=["none", "empty", "line", "flat", "ambiguous", "off the earth", "not a number"],
)
def test_an_area_needs_ground(community, shape, kind):
    assert refused({UNITS[0]: ("一", shape)}) == [(UNITS[0], kind)]


def test_an_area_without_a_parent_in_force_is_refused(community):
    assert refused({"440105001002001": ("一", g.WEST)}) == [("440105001002001", "orphan")]
    assert refused({UNITS[0]: ("一", g.WEST)}, valid_from=date(2019, 1, 1)) == [(UNITS[0], "orphan")]


def test_an_area_beyond_its_parent_is_refused(community):
    assert refused({UNITS[0]: ("一", g.moved(g.WEST, lon=-0.001))}) == [(UNITS[0], "out_of_parent")]


def test_overlaps_within_the_file_and_with_what_stays_are_refused(units):
    assert refused({UNITS[0]: ("一", g.WEST)}) == [(UNITS[0], "overlap")]
    both = {UNITS[0]: ("一", g.NORTH_WEST), UNITS[1]: ("二", shapely.box(113.301, 23.082, 113.304, 23.084))}
    assert refused(both) == [(UNITS[0], "overlap")]


def test_every_problem_is_listed_and_nothing_is_imported(community):
    found = refused({
        UNITS[0]: ("一", g.WEST),
        UNITS[1]: ("二", g.moved(g.EAST, lon=-0.001)),
        "440105009009009": ("三", g.moved(g.EAST, lon=0.01)),
        "12": ("四", g.EAST),
    })  # fmt: skip
    assert sorted(found) == [("12", "wrong_code"), (UNITS[0], "overlap"), ("440105009009009", "orphan")]


# What is repaired or can be lived with ------------------------------------------------------------
def test_a_repair_is_reported(community):
    report = put_in_force(Level.GRID, {UNITS[0]: ("一", g.BOW_TIE)})
    assert (UNITS[0], "repaired") in kinds(report.problems)
    assert report.created == 1
    assert AreaVersion.objects.get(area_id=UNITS[0]).geom.valid


def test_edges_are_drawn_onto_a_standing_neighbours_and_stay_so(units):
    lon_m, _ = crs.metres_per_degree(23.083)
    loose = shapely.box(113.300, 23.082, 113.302 - 0.03 / lon_m, 23.084)
    report = put_in_force(Level.GRID, {UNITS[0]: ("甲一第1网格", loose)}, LATER)
    assert kinds(report.problems) == [(UNITS[0], "repaired")]
    assert counts(report) == (0, 0, 1, 0)  # drawn onto them, it is what it was


def test_a_gap_is_a_warning_for_the_parent(community):
    report = put_in_force(Level.GRID, {UNITS[0]: ("一", g.WEST), UNITS[1]: ("二", g.NORTH_EAST)})
    assert kinds(report.problems) == [(COMMUNITY, "gap")]
    assert "45" in report.problems[0].en  # 0.002 degrees by 0.002 degrees are about 45,380 m2
    assert report.created == 2


def test_a_parent_that_no_longer_holds_its_children_is_a_warning(units):
    report = put_in_force(Level.COMMUNITY, {COMMUNITY: ("甲一社区", g.WEST)}, LATER)
    assert (COMMUNITY, "children_outside") in kinds(report.problems)
    assert report.replaced == 1


def test_every_kind_of_problem_has_a_severity_and_is_documented(settings):
    guide = (settings.BASE_DIR / "docs" / "importing-areas.md").read_text()
    for kind, severity in KINDS.items():
        assert f"| `{kind}` | {severity.value} |" in guide


# Metric and web copies ----------------------------------------------------------------------------
def test_metric_and_web_copies_are_generated(units):
    version = AreaVersion.objects.get(area_id=UNITS[0])
    assert (version.geom_metric.srid, version.geom_web.srid) == (4547, 3857)
    assert version.geom_metric.area == pytest.approx(crs.area_m2(g.NORTH_WEST), rel=1e-3)


# The command --------------------------------------------------------------------------------------
@pytest.fixture
def units_file(tmp_path):
    path = tmp_path / "units.geojson"
    squares = dict(zip(UNITS, (g.NORTH_WEST, g.NORTH_EAST, g.SOUTH_WEST, g.SOUTH_EAST), strict=True))
    features = [
        {"type": "Feature", "properties": {"code": code, "name": code[-3:]}, "geometry": mapping(square)}
        for code, square in squares.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_the_command_imports_a_file_and_prints_one_json_document(community, units_file, capsys):
    call_command("import_areas", units_file, "--level", "grid", "--datum", "wgs84", "--json")
    result = json.loads(capsys.readouterr().out)
    assert result["read"] == result["created"] == 4
    assert (result["replaced"], result["unchanged"], result["retired"], result["problems"]) == (0, 0, 0, [])
    assert AreaVersion.objects.filter(source="units.geojson").count() == 4


def test_a_source_of_any_length_is_kept_as_far_as_there_is_room(community, units_file):
    call_command("import_areas", units_file, "--level", "grid", "--datum", "wgs84", "--source", "源" * 300)
    assert set(AreaVersion.objects.level(Level.GRID).values_list("source", flat=True)) == {"源" * 200}


def test_the_command_prints_the_problems_also_when_it_refuses(units_file, capsys):
    with pytest.raises(AreasNotImported, match="4 errors"):
        call_command("import_areas", units_file, "--level", "grid", "--datum", "wgs84", "--json")
    result = json.loads(capsys.readouterr().out)
    assert (result["read"], result["created"]) == (4, 0)
    assert [problem["kind"] for problem in result["problems"]] == ["orphan"] * 4
    assert {"code", "kind", "severity", "detail"} == set(result["problems"][0])


@pytest.mark.parametrize(
    "arguments",
    [["--level", "village", "--datum", "wgs84"], ["--level", "grid"], ["--level", "grid", "--datum", "wgs72"],
     ["--level", "grid", "--datum", "wgs84", "--valid-from", "soon"]],
)  # fmt: skip
def test_the_command_refuses_wrong_options_in_two_languages(units_file, arguments):
    with pytest.raises(GridsError, match=" / "):
        call_command("import_areas", units_file, *arguments)


# Two at once --------------------------------------------------------------------------------------
def test_an_import_waits_while_another_is_under_way(units):
    """The units were imported in this test's transaction, which is open still."""
    outcome = []

    def import_elsewhere():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            put_in_force(Level.STREET, {STREET: ("乙街道", g.WHOLE)})
        except OperationalError as error:
            outcome.append(type(error.__cause__))
        finally:
            connection.close()

    other = threading.Thread(target=import_elsewhere)
    other.start()
    other.join(timeout=30)
    assert outcome == [LockNotAvailable]
