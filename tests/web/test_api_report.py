"""POST /api/v1/disputes: 201 once, 200 again, and everything that is refused."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from grids.models import Duty
from incidents.models import Dispute, Party
from tests.factories.disputes import report_body
from tests.factories.people import make_staff
from tests.factories.territory import COMMUNITY_1, STREET_1, UNITS, beside_edge, centre, make_territory
from tests.factories.threads import at_once

KEY = "5f2c6f0e-98a1-4c7c-9a52-0c8e1f0b7a11"
DROP = object()


@pytest.fixture
def staff(db):
    make_territory()
    return make_staff()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(staff):
    return client_of(staff["worker"])


def body(unit=UNITS[0], **changes) -> dict:
    occurred_at = timezone.localtime() - timedelta(hours=1)
    return report_body(unit, occurred_at=occurred_at.isoformat()) | changes


def post(client, data, key=KEY):
    text = data if isinstance(data, str | bytes) else json.dumps(data)
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/api/v1/disputes", text, content_type="application/json", headers=headers)


def place(unit=UNITS[0], **changes) -> dict:
    lon, lat = centre(unit)
    location = {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 5} | changes
    return {"location": {name: value for name, value in location.items() if value is not DROP}}


def test_a_new_report_is_created_and_answered_whole(client):
    answer = post(client, body(parties=[{"name": "张三", "phone": "13800000000", "role": "申请人"}]))
    assert answer.status_code == 201
    dispute = answer.json()
    expected = {
        "title": "楼上漏水", "category": "0201", "category_name": "邻里 · 用水排水通行通风采光",
        "scale": "01", "risk": "yellow", "state": "reported", "state_name": "待受理", "level": "grid",
        "grid_unit": UNITS[0], "community": COMMUNITY_1, "street": STREET_1, "responsible_area": UNITS[0],
        "overdue": False, "version": 1, "assigned_to": None, "people_involved": 2, "source": "patrol",
        "address": "", "location_certain": True, "accuracy_m": None, "reported_by": "worker",
        "allowed_actions": ["verify", "accept", "escalate", "suspend", "transfer", "void"],
    }  # fmt: skip
    assert {name: dispute[name] for name in expected} == expected
    assert dispute["location"]["type"] == "Point"
    assert dispute["location"]["coordinates"] == pytest.approx(centre(UNITS[0]))
    assert {"id", "case_number", "reported_at", "occurred_at", "due_at", "risk_reason"} <= set(dispute)
    assert "张三" not in answer.text
    assert Party.objects.get().name == "张三"


def test_the_same_report_again_is_answered_alike(client):
    report = body()
    first, again = post(client, report), post(client, report)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Dispute.objects.count() == 1


def test_the_same_report_in_another_spelling_is_the_same(client):
    report = body()
    in_utc = datetime.fromisoformat(report["occurred_at"]).astimezone(UTC).isoformat()
    respelt = report | {"occurred_at": in_utc}
    text = json.dumps(dict(reversed(respelt.items())), ensure_ascii=False, indent=2)
    assert (post(client, report).status_code, post(client, text.encode()).status_code) == (201, 200)


def test_another_report_under_the_same_key_is_a_conflict(client):
    first = post(client, body())
    answer = post(client, body(title="别的事"))
    assert answer.status_code == 409
    assert answer.json()["code"] == "report_key_reused"
    assert answer.json()["case_number"] == first.json()["case_number"]
    assert answer.json()["dispute_id"] == first.json()["id"]


def test_two_reporters_may_use_the_same_key(staff):
    for name in ("worker", "mediator"):
        assert post(client_of(staff[name]), body()).status_code == 201


@pytest.mark.parametrize("key", [None, "", "abc", KEY[:-1], KEY + "0", f"{{{KEY}}}", KEY.replace("-", "")])
def test_a_key_that_is_missing_or_no_uuid_is_refused(client, key):
    answer = post(client, body(), key)
    assert (answer.status_code, answer.json()["code"]) == (400, "report_key_invalid")


def test_a_key_may_be_written_in_capitals(client):
    report = body()
    assert [post(client, report, key).status_code for key in (KEY, KEY.upper())] == [201, 200]


def test_who_is_not_signed_in_may_not_report(staff):
    answer = post(Client(), body())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_who_does_not_work_on_cases_may_not_report_whatever_they_send(staff, role):
    for data in (body(), {}):
        answer = post(client_of(staff[role]), data)
        assert (answer.status_code, answer.json()["code"]) == (403, "report_not_allowed")


def test_a_report_that_was_taken_is_told_so_after_the_duty_has_ended(staff):
    client, report = client_of(staff["worker"]), body()
    first = post(client, report)
    Duty.objects.filter(user=staff["worker"]).update(valid_to=F("valid_from"))
    again, other = post(client, report), post(client, report, key=str(uuid4()))
    assert (again.status_code, again.json()["case_number"]) == (200, first.json()["case_number"])
    assert (other.status_code, other.json()["code"]) == (403, "report_not_allowed")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (place(datum=DROP), "datum_missing"),
        (place(datum=None), "datum_missing"),
        (place(datum=""), "datum_missing"),
        (place(datum="nad27"), "datum_unknown"),
        (place(lon=113.9), "point_outside_district"),
        (place(lon=23.1, lat=113.3), "coordinates_swapped"),
        (place(accuracy_m=50_000), "accuracy_invalid"),
        ({"grid_unit": UNITS[3]}, "grid_unit_not_candidate"),
        ({"address_unit": "440105009009009"}, "address_unit_unknown"),
    ],
)
def test_what_is_well_formed_but_cannot_be_is_unprocessable(client, changes, code):
    answer = post(client, body(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": 7}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": None}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "字" * 101}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"description": "字" * 4001}, "description"),
        ({"description": True}, "description"),
        ({"category": "9901"}, "category"),
        ({"category": 201}, "category"),
        ({"category": {}}, "category"),
        ({"category": "\ud800"}, "category"),
        ({"scale": "1"}, "scale"),
        ({"source": "rumour"}, "source"),
        ({"people_involved": 0}, "people_involved"),
        ({"people_involved": 10**400}, "people_involved"),
        ({"people_involved": 1e300}, "people_involved"),
        ({"people_involved": 1.5}, "people_involved"),
        ({"people_involved": "2"}, "people_involved"),
        ({"people_involved": True}, "people_involved"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": 5}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01"}, "occurred_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "1999-01-01T00:00:00Z"}, "occurred_at"),
        ({"location": None}, "location"),
        ({"location": [113.3, 23.1]}, "location"),
        (place(lon="113.3"), "location"),
        (place(lon=True), "location"),
        (place(lon=10**400), "location"),
        (place(lon=1e300), "location"),
        (place(lat=DROP), "location"),
        (place(datum=4326), "location"),
        (place(accuracy_m=-1), "location"),
        (place(accuracy_m="5"), "location"),
        ({"grid_unit": "12"}, "grid_unit"),
        ({"grid_unit": "４４０１０５００１００１００１"}, "grid_unit"),
        ({"address": 12}, "address"),
        ({"parties": {}}, "parties"),
        ({"parties": [{"phone": "1"}]}, "parties"),
        ({"parties": [{"name": "甲"}] * 21}, "parties"),
    ],
)
def test_what_is_malformed_is_refused_and_named(client, changes, field):
    answer = post(client, body(**changes))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    "field", ["title", "category", "scale", "people_involved", "occurred_at", "source", "location"]
)
def test_what_must_be_said_is_asked_for(client, field):
    report = body()
    del report[field]
    answer = post(client, report)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '"text"', "null", "NaN", '{"title": NaN}', '{"location": {"lon": Infinity}}',
        b"\xff\xfe{", b"\x00", "[" * 100_000, '{"people_involved": ' + "9" * 5000 + "}",
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_json_object_is_refused(client, text):
    answer = post(client, text)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_infinity_written_as_a_number_is_refused(client):
    text = json.dumps(body()).replace(str(centre(UNITS[0])[0]), "1e999", 1)
    assert post(client, text).status_code == 400


def test_a_body_beyond_all_measure_is_refused(client):
    answer = post(client, json.dumps(body(description="字" * 600_000)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "no-such", "utf-16"])
def test_a_charset_changes_nothing_json_is_utf_8(client, charset):
    # `post` of the test client would itself write in that charset.
    answer = client.generic(
        "POST",
        "/api/v1/disputes",
        json.dumps(body(), ensure_ascii=False).encode(),
        content_type=f"application/json; charset={charset}",
        headers={"Idempotency-Key": KEY},
    )
    assert answer.status_code == 201
    assert answer.json()["title"] == "楼上漏水"


def test_other_than_json_is_not_understood(client):
    answer = client.post("/api/v1/disputes", {"title": "x"}, headers={"Idempotency-Key": KEY})
    assert answer.status_code == 415


def test_the_workers_choice_among_the_candidates_is_taken(client):
    lon, lat = beside_edge(UNITS[0])
    near_edge = place(lon=lon, lat=lat, accuracy_m=50)
    answer = post(client, body(**near_edge, grid_unit=UNITS[1]))
    assert (answer.status_code, answer.json()["grid_unit"]) == (201, UNITS[1])
    refused = post(client, body(**near_edge, grid_unit=UNITS[2]), str(uuid4()))
    assert refused.json()["candidates"] == [UNITS[0], UNITS[1]]


def test_a_report_outside_the_district_says_how_far(client):
    answer = post(client, body(**place(lon=113.32)))
    assert answer.status_code == 422
    # Eight thousandths of a degree east of the last column: 818 m at this latitude.
    assert answer.json()["distance_m"] == pytest.approx(819, abs=3)
    assert answer.json()["nearest_code"] == UNITS[5]


def test_the_answer_speaks_the_readers_language(client):
    client.cookies["django_language"] = "en"
    assert post(client, body()).json()["category_name"] == "Neighbours · Water, passage, air and light"


def test_thirty_two_posts_of_one_key_make_one_dispute(several_connections):
    make_territory()
    client = client_of(make_staff()["worker"])
    report = body()

    def send():
        own = Client()
        own.cookies = client.cookies
        return post(own, report)

    answers = at_once(*[partial(send)] * 32)
    assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Dispute.objects.count() == 1
