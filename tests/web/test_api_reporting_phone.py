"""What a phone asks before it can report without a network: the probe, whose phone it is, the reference."""

import gzip
import json
from base64 import b64decode
from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.authtoken.models import Token

from grids.models import AreaVersion
from grids.roles import Role
from incidents.models import Dispute
from incidents.phone_reference import AROUND_M
from incidents.report import ReportedParty
from incidents.services.phone_keys import phone_key_of
from incidents.worker_cookie import WORKER_COOKIE
from incidents.workflow import Action
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import (
    COMMUNITY_2,
    SIDE,
    SOUTH,
    STREET_1,
    UNITS,
    WEST,
    make_address,
    make_territory,
)

pytestmark = pytest.mark.django_db
PROBE, WORKER, REFERENCE = (f"/api/v1/reporting/{name}" for name in ("probe", "worker", "reference"))


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def as_user(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def reference_of(user) -> dict:
    return as_user(user).get(REFERENCE).json()


# The probe


def test_the_probe_repeats_the_nonce_and_is_kept_nowhere(staff):
    answer = Client().get(PROBE, {"nonce": "7f3a"})
    said = answer.json()
    assert (said["gridgov"], said["worker"], said["allowed"]) == ("7f3a", None, None)
    assert answer["Cache-Control"] == "no-store"
    assert abs(timezone.now() - timezone.datetime.fromisoformat(said["now"])) < timedelta(minutes=1)


def test_the_probe_tells_a_worker_their_name_on_the_phone_and_sets_what_sending_needs(staff):
    client = as_user(staff["worker"])
    said = client.get(PROBE, {"nonce": "x"}).json()
    assert said["worker"] == str(phone_key_of(staff["worker"]).worker) == client.cookies[WORKER_COOKIE].value
    assert said["allowed"] is True
    assert client.cookies["csrftoken"].value


def test_the_probe_sets_the_phones_cookie_only_where_it_says_something_else(staff):
    client = as_user(staff["worker"])
    client.get(PROBE)
    assert WORKER_COOKIE not in client.get(PROBE).cookies
    client.cookies[WORKER_COOKIE] = "another"
    assert WORKER_COOKIE in client.get(PROBE).cookies


def test_the_probe_tells_nobody_out_of_a_session_that_the_phone_is_theirs(staff):
    client = Client()
    client.cookies[WORKER_COOKIE] = str(phone_key_of(staff["worker"]).worker)
    answer = client.get(PROBE)
    assert answer.json()["worker"] is None
    assert WORKER_COOKIE not in answer.cookies


def test_the_probe_says_who_may_not_report(staff):
    said = as_user(staff["planner"]).get(PROBE).json()
    assert (said["worker"], said["allowed"]) == (None, False)


def test_a_nonce_too_long_is_refused(staff):
    assert Client().get(PROBE, {"nonce": "x" * 64}).status_code == 200
    answer = Client().get(PROBE, {"nonce": "x" * 65})
    assert answer.status_code == 400
    assert "nonce" in answer.json()["errors"]


# Whose phone it is


def test_a_worker_gets_the_same_key_of_32_bytes_each_time_and_nobody_else_gets_it(staff):
    client = as_user(staff["worker"])
    answer = client.get(WORKER)
    said = answer.json()
    assert len(b64decode(said["key"])) == 32
    assert said["key"] == client.get(WORKER).json()["key"]
    assert said["key"] != as_user(staff["mediator"]).get(WORKER).json()["key"]
    assert answer["Cache-Control"] == "no-store"


def test_a_worker_reads_who_they_are_and_where_they_work(staff):
    said = as_user(staff["worker"]).get(WORKER).json()
    assert (said["username"], said["name"]) == ("worker", "worker的姓名")
    assert said["duties"] == [{"code": UNITS[0], "name": "区域001", "role": "grid_worker"}]
    assert said["bounds"] == pytest.approx([WEST, SOUTH, WEST + SIDE, SOUTH + SIDE])


def test_the_key_is_for_a_session_and_not_for_a_programs_token(staff):
    token = Token.objects.create(user=staff["worker"])
    answer = Client().get(WORKER, headers={"authorization": f"Token {token.key}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


# The reference


def test_a_worker_gets_the_units_of_their_community_and_those_around_it(staff):
    # Community 1 is the first two columns; the third touches it, the fourth lies 205 m off, the fifth 410 m.
    said = reference_of(staff["worker"])
    assert said["covered_m"] == AROUND_M == 300
    assert [unit["code"] for unit in said["units"]] == list(UNITS[:4])
    assert [unit["own"] for unit in said["units"]] == [True, False, False, False]
    assert said["covered"] == pytest.approx([WEST, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE])
    assert said["units"][2]["community"] == {"code": COMMUNITY_2, "name": "区域002"}
    assert said["units"][2]["street"] == {"code": STREET_1, "name": "区域001"}


def test_a_centre_gets_the_units_of_its_street_and_the_district_none(staff):
    street = reference_of(staff["street"])
    assert [unit["own"] for unit in street["units"]] == [True] * 4 + [False] * 2
    district = reference_of(staff["district"])
    assert (district["units"], district["addresses"], district["covered"]) == ([], [], None)


def test_boundaries_are_given_exactly_as_they_are_stored(staff):
    # Doubles that need all of their 17 digits.
    corner = [113.3 + 1e-13, 23.1 + 1e-14]
    ring = [corner, [WEST, SOUTH + SIDE], [WEST + SIDE, SOUTH + SIDE], [WEST + SIDE, SOUTH], corner]
    AreaVersion.objects.filter(area_id=UNITS[0]).update(geom=MultiPolygon(Polygon(ring), srid=4326))
    unit = reference_of(staff["worker"])["units"][0]
    assert unit["geometry"] == {"type": "MultiPolygon", "coordinates": [[ring]]}


def test_only_boundaries_in_force_are_given(staff):
    AreaVersion.objects.filter(area_id=UNITS[1]).update(valid_to=timezone.localdate())
    assert [unit["code"] for unit in reference_of(staff["worker"])["units"]] == [UNITS[0], UNITS[2]]


def test_addresses_are_those_of_ones_own_units_with_their_initials(staff):
    make_address("晓港东路12号", UNITS[0])
    make_address("重庆大厦A座", UNITS[1])
    assert reference_of(staff["worker"])["addresses"] == [
        {"text": "晓港东路12号", "unit": UNITS[0], "pinyin": "xgdl12h"}
    ]
    theirs = reference_of(staff["mediator"])["addresses"]
    assert {entry["pinyin"] for entry in theirs} == {"xgdl12h", "cqdsaz"}


def test_cases_are_the_open_ones_of_the_last_thirty_days_that_one_may_see(staff):
    worker, now = staff["worker"], timezone.now()
    foreign = make_user("foreign", Role.GRID_WORKER, UNITS[4])
    kept = make_dispute(worker, now=now - timedelta(days=29))
    make_dispute(worker, now=now - timedelta(days=31))
    make_dispute(foreign, UNITS[4], now=now)
    closed = act(worker, make_dispute(worker, now=now - timedelta(days=1)), Action.ACCEPT)
    act(worker, closed, Action.VOID)
    [told] = reference_of(worker)["disputes"]
    assert told == {
        "id": str(kept.pk),
        "case_number": kept.case_number,
        "title": kept.title,
        "category": kept.category,
        "state": "reported",
        "lon": kept.location.x,
        "lat": kept.location.y,
        "reported_at": kept.reported_at.isoformat(),
        "grid_unit": UNITS[0],
    }


def test_the_reference_names_no_person_and_tells_no_description(staff):
    parties = (ReportedParty("王某某", "13800000000"),)
    dispute = make_dispute(staff["worker"], parties=parties, now=timezone.now())
    text = as_user(staff["worker"]).get(REFERENCE).content.decode()
    assert dispute.title in text
    for secret in (dispute.description, "王某某", "13800000000", staff["worker"].name):
        assert secret not in text


def test_the_reference_is_compressed_and_sent_again_only_when_something_changed(staff):
    client = as_user(staff["worker"])
    answer = client.get(REFERENCE, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(answer.content)) == reference_of(staff["worker"])
    known = {"if-none-match": answer["ETag"], "accept-encoding": "gzip"}
    assert client.get(REFERENCE, headers=known).status_code == 304
    make_dispute(staff["worker"], now=timezone.now())
    assert client.get(REFERENCE, headers=known).status_code == 200


@pytest.mark.parametrize("path", [WORKER, REFERENCE])
def test_who_may_not_report_keeps_nothing_on_a_phone(staff, path):
    answer = as_user(staff["planner"]).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "report_not_allowed")


@pytest.mark.parametrize("path", [PROBE, WORKER, REFERENCE])
@pytest.mark.parametrize("name", ["worker", "street"])
def test_a_phones_question_asks_the_database_as_often_for_many_cases_as_for_few(staff, path, name):
    client = as_user(staff[name])

    def questions() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = questions()
    for unit in UNITS[:4]:
        make_dispute(staff["worker"], unit, now=timezone.now())
        make_address(f"晓港东路{unit[-4:]}号", unit)
    assert Dispute.objects.count() == 4
    assert questions() == few <= 10
