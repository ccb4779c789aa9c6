"""The map's data over HTTP: who gets what, what is refused, and what is never said."""

import gzip
import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import AreaVersion
from incidents.models import Dispute
from tests.factories.people import make_staff
from tests.factories.scatter import scatter_disputes
from tests.factories.territory import (
    COMMUNITY_1,
    SIDE,
    SOUTH,
    STREET_1,
    STREET_2,
    UNITS,
    WEST,
    make_territory,
)

pytestmark = pytest.mark.django_db
BBOX = f"{WEST - SIDE},{SOUTH - SIDE},{WEST + 7 * SIDE},{SOUTH + 2 * SIDE}"
SCREEN = {"bbox": BBOX, "zoom": "16"}
LAYERS = {"boundaries": {}, "areas": {}, "points": SCREEN, "heat": SCREEN, "cases": SCREEN}


@pytest.fixture
def people():
    make_territory()
    people = make_staff()
    scatter_disputes(people["worker"], 200)
    return people


@pytest.fixture
def ask(people):
    """`ask("street", "areas", area=…)`: the answer of a layer to somebody."""

    def client_of(who: str) -> Client:
        client = Client()
        client.force_login(people[who])
        return client

    def ask(who: str, layer: str, *, client=None, headers=None, **query):
        address = f"/api/v1/map/{layer}?{urlencode(LAYERS[layer] | query)}"
        return (client or client_of(who)).get(address, headers=headers)

    ask.client = client_of
    return ask


def test_areas_say_name_count_rate_and_class_and_the_total_is_their_sum(ask):
    answer = ask("street", "areas").json()
    assert answer["area"] == {"code": STREET_1, "name": "区域001", "level": "street"}
    assert (answer["by"], answer["divisions"]) == ("community", ["community", "grid"])
    assert answer["total"] == sum(area["count"] for area in answer["areas"])
    assert answer["total"] == Dispute.objects.within(STREET_1).count()
    for area in answer["areas"]:
        assert area["per_km2"] == pytest.approx(area["count"] / area["km2"], rel=0.01)
        limits = answer["classes"]["count"][area["count_class"]]
        assert limits["low"] <= area["count"] <= limits["high"]


def test_boundaries_are_geojson_with_the_areas_codes(ask):
    answer = ask("street", "boundaries", by="grid").json()
    assert [feature["id"] for feature in answer["features"]] == list(UNITS[:4])
    assert answer["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert answer["features"][0]["properties"] == {"name": "区域001", "schematic": False}


def test_boundaries_are_asked_for_again_and_sent_only_when_redrawn(ask):
    first = ask("street", "boundaries")
    assert "private" in first["Cache-Control"] and "no-cache" in first["Cache-Control"]
    again = ask("street", "boundaries", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    AreaVersion.objects.filter(area_id=COMMUNITY_1).update(valid_to=timezone.localdate())
    assert ask("street", "boundaries", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_who_may_not_look_gets_no_not_modified_either(ask):
    etag = ask("district", "boundaries", area=STREET_2)["ETag"]
    assert ask("street", "boundaries", area=STREET_2, headers={"If-None-Match": etag}).status_code == 404


def test_layers_are_sent_compressed_to_those_who_take_it(ask):
    answer = ask("street", "boundaries", by="grid", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.content))["type"] == "FeatureCollection"
    assert not ask("street", "boundaries", by="grid").has_header("Content-Encoding")


def test_circles_and_heat_have_as_many_disputes_as_the_areas(ask):
    total = ask("street", "areas").json()["total"]
    assert ask("street", "points").json()["total"] == total
    assert ask("street", "heat").json()["total"] == total
    assert ask("street", "cases").json()["total"] == total


def test_a_single_case_leads_to_its_page(ask):
    points = ask("street", "points", zoom="20", bbox=f"{WEST},{SOUTH},{WEST + SIDE},{SOUTH + SIDE}").json()
    single = [each["properties"] for each in points["features"] if each["properties"]["count"] == 1]
    assert single
    for facts in single:
        assert facts["url"] == f"/disputes/{facts['id']}"
        assert Dispute.objects.get(pk=facts["id"]).case_number == facts["case_number"]


def test_the_box_of_a_circle_lists_its_cases(ask):
    points = ask("worker", "points", zoom="19").json()
    spot = max(points["features"], key=lambda feature: feature["properties"]["count"])
    listed = ask("worker", "cases", bbox=",".join(map(str, spot["bbox"]))).json()
    assert listed["total"] == spot["properties"]["count"] == len(listed["cases"])


@pytest.mark.parametrize("layer", LAYERS)
def test_no_layer_says_what_was_reported_or_by_whom(ask, people, layer):
    said = ask("street", layer).content.decode()
    for secret in ("标题", "经过", "title", "description", people["worker"].username, people["worker"].name):
        assert secret not in said


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("area", [STREET_2, UNITS[4], "440105"])
def test_an_area_of_others_is_not_found(ask, layer, area):
    answer = ask("street", layer, area=area)
    assert answer.status_code == 404
    assert answer.json()["code"] == "area_outside_duty"


@pytest.mark.parametrize("layer", ["points", "heat", "cases"])
def test_a_planner_is_told_that_cases_are_not_theirs(ask, layer):
    answer = ask("planner", layer)
    assert (answer.status_code, answer.json()["code"]) == (403, "cases_not_yours")


def test_a_planner_gets_counts_and_boundaries(ask):
    answer = ask("planner", "areas").json()
    assert answer["total"] == 200
    assert not answer["shows_cases"]
    assert ask("planner", "boundaries").status_code == 200


@pytest.mark.parametrize("layer", LAYERS)
def test_an_administrator_has_no_map(ask, layer):
    assert ask("administrator", layer).status_code == 403


@pytest.mark.parametrize(
    ("layer", "query", "field"),
    [
        ("areas", {"area": "44010"}, "area"),
        ("areas", {"area": "abc"}, "area"),
        ("areas", {"by": "village"}, "by"),
        ("areas", {"by": "district"}, "by"),
        ("areas", {"from": "yesterday"}, "from"),
        ("areas", {"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ("areas", {"category": "0000"}, "category"),
        ("areas", {"state": "done"}, "state"),
        ("areas", {"measure": "percent"}, "measure"),
        ("points", {"bbox": ""}, "bbox"),
        ("points", {"bbox": "1,2,3"}, "bbox"),
        ("points", {"bbox": "113.4,23,113.3,23.1"}, "bbox"),
        ("points", {"bbox": "113.2,-90,113.3,90"}, "bbox"),
        ("points", {"bbox": "113.2,23.0,113.4,23.2", "zoom": "20"}, "bbox"),
        ("points", {"zoom": ""}, "bbox"),
        ("points", {"zoom": "99"}, "zoom"),
        ("heat", {"zoom": "nan"}, "zoom"),
        ("heat", {"bbox": "nan,nan,nan,nan"}, "bbox"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(ask, layer, query, field):
    answer = ask("street", layer, **query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {field}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_takes_few_queries_however_many_disputes_there_are(ask, layer, django_assert_max_num_queries):
    client = ask.client("street")
    with django_assert_max_num_queries(12):
        assert ask("street", layer, client=client).status_code == 200
