"""Locating and boundaries over HTTP."""

import gzip
import json
from datetime import date

import pytest
import shapely
from django.test import Client
from shapely.geometry import shape

from grids.hierarchy import Level
from grids.models import AreaVersion, User
from tests import geometries as g
from tests.factories.areas import COMMUNITY, STREET, four_units, put_in_force

pytestmark = pytest.mark.django_db

SOUTH_WEST = f"{COMMUNITY}003"


@pytest.fixture
def client():
    four_units()
    client = Client()
    client.force_login(
        User.objects.create_user("anybody", name="某人"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def problem(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


# Locate -----------------------------------------------------------------------------------------
def test_a_place_is_located_as_by_the_command(client):
    answer = client.get("/api/v1/locate?lon=113.3015&lat=23.081&datum=wgs84&accuracy_m=30")
    assert answer.status_code == 200
    assert answer.json()["grid_unit"] == {"code": SOUTH_WEST, "name": "甲一第3网格"}
    assert answer.json()["certain"] is True
    assert set(answer.json()) >= {"street", "community", "grid_unit", "wgs84", "certain", "candidates"}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("lat=23.081&datum=wgs84", 422, "coordinate_missing"),
        ("lon=113.3015&lat=23.081", 422, "datum_missing"),
        ("lon=113.3015&lat=23.081&datum=wgs", 422, "datum_unknown"),
        ("lon=x&lat=23.081&datum=wgs84", 422, "coordinate_invalid"),
        ("lon=NaN&lat=23.081&datum=wgs84", 422, "coordinate_invalid"),
        ("lon=23.081&lat=113.3015&datum=wgs84", 422, "coordinates_swapped"),
        ("lon=113.3015&lat=23.081&datum=wgs84&accuracy_m=-5", 422, "accuracy_invalid"),
        ("lon=113.3015&lat=23.081&datum=wgs84&on=yesterday", 400, "date_invalid"),
        ("lon=113.3015&lat=23.081&datum=wgs84&on=2019-01-01", 422, "no_grid_units"),
        ("lon=113.29&lat=23.081&datum=wgs84", 422, "point_outside_district"),
    ],
)
def test_what_cannot_be_located_is_said_by_a_stable_code(client, query, status, code):
    assert problem(client.get(f"/api/v1/locate?{query}")) == (status, code)


def test_outside_the_nearest_unit_stands_in_the_problem(client):
    facts = client.get("/api/v1/locate?lon=113.299&lat=23.081&datum=wgs84").json()
    assert facts["nearest_code"] == SOUTH_WEST
    assert facts["distance_m"] == pytest.approx(102.4, abs=0.5)


@pytest.mark.parametrize("path", ["locate?lon=113.3&lat=23.1&datum=wgs84", "areas/grid"])
def test_strangers_are_asked_to_sign_in(path):
    assert Client().get(f"/api/v1/{path}").status_code == 401


# Boundaries -------------------------------------------------------------------------------------
def test_boundaries_are_geojson_with_their_names_and_dates(client):
    answer = client.get("/api/v1/areas/grid")
    assert answer["Content-Type"] == "application/geo+json"
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    codes = [f"{COMMUNITY}{n:03d}" for n in range(1, 5)]
    assert [feature["id"] for feature in collection["features"]] == codes
    assert collection["features"][2]["properties"] == {
        "code": SOUTH_WEST,
        "name": "甲一第3网格",
        "level": "grid",
        "parent": COMMUNITY,
        "schematic": False,
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


def test_outer_rings_run_against_the_clock_as_the_standard_asks(client):
    for feature in client.get("/api/v1/areas/grid").json()["features"]:
        polygon = shape(feature["geometry"])
        assert polygon.geom_type == "MultiPolygon"
        assert all(part.exterior.is_ccw for part in polygon.geoms)


def test_no_area_is_an_empty_collection(client):
    empty = {"type": "FeatureCollection", "features": []}
    assert client.get("/api/v1/areas/grid?on=2019-12-31").json() == empty


def test_boundaries_of_another_day(client):
    put_in_force(Level.GRID, {SOUTH_WEST: ("新名", g.SOUTH_WEST)}, date(2025, 7, 1))
    names = [
        client.get(f"/api/v1/areas/grid?on={day}").json()["features"][2]["properties"]["name"]
        for day in ("2025-06-30", "2025-07-01")
    ]
    assert names == ["甲一第3网格", "新名"]


def test_boundaries_within_an_area(client):
    put_in_force(Level.STREET, {"440105002": ("乙街道", g.moved(g.WHOLE, lon=0.004))})
    assert len(client.get("/api/v1/areas/street").json()["features"]) == 2
    within = client.get(f"/api/v1/areas/street?within={STREET}").json()["features"]
    assert [feature["id"] for feature in within] == [STREET]
    for unknown in ("440105777", "%00", "x", "４４０１０５００１"):
        assert problem(client.get(f"/api/v1/areas/grid?within={unknown}")) == (404, "area_unknown")


@pytest.mark.parametrize("level", ["district", "village"])
def test_other_levels_are_refused(client, level):
    assert problem(client.get(f"/api/v1/areas/{level}")) == (404, "level_unknown")


def test_boundaries_of_no_day_are_refused(client):
    assert problem(client.get("/api/v1/areas/grid?on=2026-02-30")) == (400, "date_invalid")


def test_unchanged_boundaries_are_not_sent_again(client):
    first = client.get("/api/v1/areas/grid")
    again = client.get("/api/v1/areas/grid", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    AreaVersion.objects.filter(area_id=SOUTH_WEST).update(name="改名")
    changed = client.get("/api/v1/areas/grid", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_boundaries_are_compressed_and_kept_between_visits(client):
    detailed = shapely.segmentize(g.SOUTH_WEST, 0.0001)
    put_in_force(Level.GRID, {SOUTH_WEST: ("长" * 100, detailed)}, date(2025, 7, 1))
    answer = client.get("/api/v1/areas/grid", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.content))["features"]) == 4
    again = client.get(
        "/api/v1/areas/grid", headers={"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304
    assert "private" in answer["Cache-Control"]
