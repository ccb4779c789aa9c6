"""The rules that the database keeps, whoever writes."""

from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, connection, transaction

from grids.models import Area, AreaVersion
from tests import geometries as g

pytestmark = pytest.mark.django_db

DAYS = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]


@pytest.fixture
def street():
    Area.objects.create(code="440105", level="district")
    return Area.objects.create(code="440105001", level="street", parent_id="440105")


def version(area: Area, valid_from: date, valid_to: date | None = None) -> AreaVersion:
    geom = GEOSGeometry(g.multi(g.WHOLE).wkt, srid=4326)
    with transaction.atomic():
        return AreaVersion.objects.create(
            area=area, name="甲街道", geom=geom, valid_from=valid_from, valid_to=valid_to
        )


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("code", "level"), [("440105002", "community"), ("44010500", "street"), ("44010500x", "street")]
)
def test_a_code_fits_its_level(street, code, level):
    with refused("area_code_fits_level"):
        Area.objects.create(code=code, level=level, parent_id="440105")


@pytest.mark.parametrize("parent", [None, "440105001"])
def test_a_parent_is_the_codes_prefix(street, parent):
    with refused("area_parent_is_code_prefix"):
        Area.objects.create(code="440105002", level="street", parent_id=parent)


def test_a_parent_exists(street):
    with pytest.raises(IntegrityError, match="parent"):
        Area.objects.create(code="440105009001", level="community", parent_id="440105009")
        connection.check_constraints()


def test_versions_follow_each_other_day_by_day(street):
    version(street, DAYS[0], DAYS[1])
    version(street, DAYS[1], DAYS[2])
    version(street, DAYS[2])
    in_force = [AreaVersion.objects.on(day).count() for day in (*DAYS, date(2030, 1, 1), date(2023, 12, 31))]
    assert in_force == [1, 1, 1, 1, 0]


@pytest.mark.parametrize("second", [(DAYS[0], None), (DAYS[1], None), (DAYS[0], DAYS[1]), (DAYS[1], DAYS[2])])
def test_two_versions_of_an_area_are_never_in_force_together(street, second):
    version(street, DAYS[0])
    with refused("area_version_dates_do_not_overlap"):
        version(street, *second)


def test_a_version_does_not_end_before_it_begins(street):
    with pytest.raises(IntegrityError):
        version(street, DAYS[1], DAYS[0])


def test_a_version_that_ends_on_its_first_day_was_never_in_force(street):
    version(street, DAYS[0], DAYS[0])
    version(street, DAYS[0])
    assert AreaVersion.objects.on(DAYS[0]).count() == 1


def test_the_copies_cannot_be_written_by_hand(street):
    made = version(street, DAYS[0])
    with pytest.raises(Exception, match="generated column|geom_metric"), connection.cursor() as cursor:
        cursor.execute("UPDATE grids_areaversion SET geom_metric = NULL WHERE id = %s", [made.id])


@pytest.mark.parametrize("column", ["geom", "geom_metric", "geom_web"])
def test_every_geometry_has_its_spatial_index(column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename = 'grids_areaversion' AND indexdef LIKE %s",
            [f"%USING gist ({column})%"],
        )
        assert cursor.fetchone() == (1,)
