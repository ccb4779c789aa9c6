"""Reading disputes and acting on them over HTTP."""

import json
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID, uuid4

import pytest
from django.test import Client

from grids.roles import Role
from incidents.models import PartyAccess
from incidents.report import ReportedParty
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff, make_user
from tests.factories.territory import COMMUNITY_1, SIDE, SOUTH, STREET_2, UNITS, WEST, make_territory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/disputes"


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"], parties=(ReportedParty("张三", "13800000000"),))


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(staff):
    return client_of(staff["worker"])


def post(client, dispute, action, **given):
    return client.post(
        f"{LIST}/{dispute.id}/actions/{action}", json.dumps(given), content_type="application/json"
    )


# The list -------------------------------------------------------------------------------------
def test_the_list_is_a_geojson_feature_collection(client, dispute):
    collection = client.get(LIST).json()
    (feature,) = collection["features"]
    assert (collection["type"], feature["type"], feature["id"]) == (
        "FeatureCollection",
        "Feature",
        str(dispute.id),
    )
    assert feature["geometry"]["type"] == "Point"
    assert feature["geometry"]["coordinates"] == pytest.approx(dispute.location.coords)
    properties = feature["properties"]
    assert properties["case_number"] == dispute.case_number
    assert properties["overdue"] is True
    assert properties["allowed_actions"][0] == "verify"
    assert (properties["grid_unit"], properties["community"]) == (UNITS[0], COMMUNITY_1)


def test_the_list_names_no_party(client, dispute):
    assert "张三" not in client.get(LIST).text
    assert "13800000000" not in client.get(f"{LIST}/{dispute.id}").text


def test_everyone_gets_the_list_of_their_area(staff):
    first, last = make_dispute(staff["district"], UNITS[0]), make_dispute(staff["district"], UNITS[5])
    second = make_user("second", Role.STREET_CENTRE, STREET_2)
    seen = {
        name: {feature["id"] for feature in client_of(user).get(LIST).json()["features"]}
        for name, user in (staff | {"second": second}).items()
    }
    one, other = {str(first.id)}, {str(last.id)}
    assert seen == {
        "worker": one, "mediator": one, "street": one, "second": other, "district": one | other,
        "planner": set(), "administrator": set(),
    }  # fmt: skip


def follow(client, url) -> list[list[str]]:
    """Case numbers of each page from `url` on."""
    pages = []
    while url:
        page = client.get(url).json()
        pages.append([feature["properties"]["case_number"] for feature in page["features"]])
        url = page["next"]
    return pages


def test_pages_follow_each_other_newest_first_without_loss(staff, client):
    # Five share one moment, so that only the id tells them apart.
    disputes = [make_dispute(staff["worker"]) for _ in range(5)]
    disputes += [make_dispute(staff["worker"], now=NOW.replace(hour=hour)) for hour in (10, 11)]
    pages = follow(client, f"{LIST}?limit=3")
    ordered = sorted(disputes, key=lambda dispute: (dispute.reported_at, dispute.id), reverse=True)
    numbers = [dispute.case_number for dispute in ordered]
    assert pages == [numbers[:3], numbers[3:6], numbers[6:]]


def test_a_page_keeps_its_place_when_a_dispute_is_reported_meanwhile(staff, client):
    first, second = make_dispute(staff["worker"]), make_dispute(staff["worker"], now=NOW.replace(hour=10))
    page = client.get(f"{LIST}?limit=1").json()
    make_dispute(staff["worker"], now=NOW.replace(hour=11))
    assert page["features"][0]["id"] == str(second.id)
    assert follow(client, page["next"]) == [[first.case_number]]


def test_the_next_page_asks_the_same_question(staff, client):
    for _ in range(3):
        make_dispute(staff["worker"])
    query = "limit=1&state=open&from=2026-03-01&bbox=113,23,114,24"
    following = client.get(f"{LIST}?{query}").json()["next"]
    asked = dict(parse_qsl(urlsplit(following).query))
    assert asked.pop("cursor")
    assert asked == dict(parse_qsl(query))
    assert len(follow(client, f"{LIST}?{query}")) == 3


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        (f"bbox={WEST},{SOUTH},{WEST + SIDE},{SOUTH + SIDE}", 1),
        ("state=open", 2),
        ("state=accepted", 1),
        ("level=street", 0),
        ("category=02", 2),
        ("from=2026-03-03", 0),
        ("to=2026-03-02", 2),
        (f"area={UNITS[1]}", 1),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked(staff, query, count):
    act(staff["worker"], make_dispute(staff["mediator"], UNITS[0]), A.ACCEPT)
    make_dispute(staff["mediator"], UNITS[1])
    assert len(client_of(staff["mediator"]).get(f"{LIST}?{query}").json()["features"]) == count


def cursor(reported_at: str) -> str:
    return f"cursor={quote(f'~{reported_at}~{UUID(int=1)}')}"


@pytest.mark.parametrize("query", ["limit=", "cursor=", "limit=&cursor=&level="])
def test_an_empty_parameter_counts_as_absent(client, dispute, query):
    assert client.get(f"{LIST}?{query}").json() == client.get(LIST).json()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=gone", {"state"}),
        ("bbox=1,2,3&level=moon", {"bbox", "level"}),
        ("stat=open", {"stat"}),
        ("limit=0", {"limit"}),
        ("limit=1001", {"limit"}),
        ("limit=-1", {"limit"}),
        ("limit=１", {"limit"}),
        ("limit=" + "9" * 5000, {"limit"}),
        ("cursor=abc", {"cursor"}),
        ("cursor=%00", {"cursor"}),
        ("cursor=%F0%9F%98%80", {"cursor"}),
        (cursor(NOW.isoformat())[:-4], {"cursor"}),
        (cursor("2026-03-02T09:00:00"), {"cursor"}),
        # Before the calendar begins in UTC.
        (cursor("0001-01-01T00:00:00+14:00"), {"cursor"}),
        ("area=%ED%A0%80", {"area"}),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(client, query, names):
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "filter_invalid")
    assert set(answer.json()["errors"]) == names


def test_a_long_list_is_read_in_as_many_questions_as_a_short_one(staff, client, django_assert_num_queries):
    for _ in range(4):
        dispute = act(staff["worker"], make_dispute(staff["worker"]), A.ACCEPT)
        act(staff["worker"], dispute, A.ASSIGN, assignee="worker")
    # Session, user, duties for seeing, the disputes with their assignees, duties for acting.
    with django_assert_num_queries(5):
        assert len(client.get(LIST).json()["features"]) == 4


# One dispute ----------------------------------------------------------------------------------
def test_one_dispute_says_what_its_reader_may_do(staff, dispute):
    actions = {
        name: client_of(staff[name]).get(f"{LIST}/{dispute.id}").json()["allowed_actions"]
        for name in ("worker", "street")
    }
    assert actions["worker"][:2] == ["verify", "accept"]
    assert actions["street"] == []


def test_the_original_position_is_told_beside_the_converted(staff, client):
    lon, lat = dispute_position = (WEST + 0.00643, SOUTH - 0.00162)
    dispute = make_dispute(staff["worker"], lon=lon, lat=lat, datum="gcj02", accuracy_m=8.0)
    answer = client.get(f"{LIST}/{dispute.id}").json()
    assert answer["original_location"] == {"lon": lon, "lat": lat, "datum": "gcj02", "found_by": None}
    assert answer["location"]["coordinates"] != pytest.approx(dispute_position, abs=1e-4)
    assert answer["accuracy_m"] == 8.0


@pytest.mark.parametrize("what", ["", "/events", "/parties"])
def test_a_foreign_dispute_is_not_found(staff, dispute, what):
    foreigner = client_of(make_user("foreigner", Role.GRID_WORKER, UNITS[1]))
    answer = foreigner.get(f"{LIST}/{dispute.id}{what}")
    assert (answer.status_code, answer.json()["code"]) == (404, "dispute_not_found")
    assert answer.json() == foreigner.get(f"{LIST}/{uuid4()}{what}").json()


def test_the_history_is_told_oldest_first(staff, client, dispute):
    act(staff["worker"], dispute, A.ACCEPT, A.ESCALATE)
    first, second, third = client.get(f"{LIST}/{dispute.id}/events").json()
    assert [event["version"] for event in (first, second, third)] == [1, 2, 3]
    assert {**first, "id": 0, "at": ""} == {
        "id": 0, "version": 1, "at": "", "actor": "worker", "actor_name": "worker的姓名", "action": "report",
        "from_state": None, "to_state": "reported", "from_level": None, "to_level": "grid", "area": UNITS[0],
        "assigned_to": None, "organisation": "", "reason": "", "reason_code": "",
    }  # fmt: skip
    assert (third["from_state"], third["from_level"], third["to_level"]) == ("accepted", "grid", "community")
    assert third["reason"] == "理由"


def test_what_the_system_did_has_no_actor(staff, client, dispute):
    from incidents.services import escalate_overdue

    escalate_overdue(now=NOW.replace(hour=16))
    event = client.get(f"{LIST}/{dispute.id}/events").json()[-1]
    assert (event["actor"], event["actor_name"], event["reason_code"]) == (None, None, "not_accepted_in_time")


def test_the_parties_are_shown_to_those_who_answer_and_that_is_recorded(staff, client, dispute):
    answer = client.get(f"{LIST}/{dispute.id}/parties")
    assert [(party["name"], party["phone"]) for party in answer.json()] == [("张三", "13800000000")]
    assert answer["Cache-Control"] == "no-store"
    assert PartyAccess.objects.get().user == staff["worker"]
    refused = client_of(staff["street"]).get(f"{LIST}/{dispute.id}/parties")
    assert (refused.status_code, refused.json()["code"]) == (403, "parties_not_yours")
    assert PartyAccess.objects.count() == 1


# Acting ---------------------------------------------------------------------------------------
def test_an_action_answers_with_the_dispute_as_it_is_now(client, dispute):
    answer = post(client, dispute, "accept", version=1)
    assert answer.status_code == 200
    now = answer.json()
    assert (now["state"], now["version"]) == ("accepted", 2)
    assert "begin_mediation" in now["allowed_actions"]


def test_an_action_needs_no_body(client, dispute):
    assert client.generic("POST", f"{LIST}/{dispute.id}/actions/accept").status_code == 200


def test_a_dispute_is_assigned_by_username(client, dispute):
    post(client, dispute, "accept")
    assert post(client, dispute, "assign", assignee="worker").json()["assigned_to"] == "worker"


def test_an_escalated_dispute_can_still_be_seen_but_no_longer_be_acted_on(client, dispute):
    escalated = post(client, dispute, "escalate", reason="需要社区出面")
    assert (escalated.json()["level"], escalated.json()["allowed_actions"]) == ("community", [])
    refused = post(client, dispute, "accept")
    assert (refused.status_code, refused.json()["code"]) == (403, "action_not_yours")
    assert refused.json()["responsible_area"] == COMMUNITY_1


def test_a_state_that_forbids_it_is_a_conflict_that_names_what_is_allowed(client, dispute):
    answer = post(client, dispute, "close", reason="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_not_allowed")
    assert answer.json()["allowed_actions"][:2] == ["verify", "accept"]


def test_an_old_version_is_a_conflict_that_tells_what_changed(staff, client, dispute):
    colleague = client_of(make_user("colleague", Role.GRID_WORKER, UNITS[0]))
    assert post(client, dispute, "accept", version=1).status_code == 200
    answer = post(colleague, dispute, "void", reason="重复", version=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "dispute_changed")
    assert answer.json()["version"] == 2
    (change,) = answer.json()["changes"]
    assert (change["actor"], change["action"], change["to_state"]) == ("worker", "accept", "accepted")


@pytest.mark.parametrize(
    ("action", "given", "status", "code", "fields"),
    [
        ("escalate", {}, 422, "action_incomplete", ["reason"]),
        ("transfer", {"reason": "x"}, 422, "action_incomplete", ["organisation"]),
        ("void", {"reason": " "}, 422, "action_incomplete", ["reason"]),
        ("void", {"reason": "字" * 1001}, 400, "bad_request", ["reason"]),
        ("void", {"reason": "a\0"}, 400, "bad_request", ["reason"]),
        ("void", {"reason": 5}, 400, "bad_request", ["reason"]),
        ("accept", {"version": "1"}, 400, "bad_request", ["version"]),
        ("accept", {"version": 0}, 400, "bad_request", ["version"]),
    ],
)
def test_what_is_missing_or_malformed_is_named(client, dispute, action, given, status, code, fields):
    answer = post(client, dispute, action, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(answer.json()["errors"]) == fields


def test_a_stranger_cannot_be_assigned(client, dispute):
    post(client, dispute, "accept")
    answer = post(client, dispute, "assign", assignee="mediator")
    assert (answer.status_code, answer.json()["code"]) == (422, "assignee_not_assignable")


@pytest.mark.parametrize("action", ["explode", "report", "%00", "ACCEPT"])
def test_an_unknown_action_is_not_found(client, dispute, action):
    answer = post(client, dispute, action)
    assert (answer.status_code, answer.json()["code"]) == (404, "action_unknown")
    assert "accept" in answer.json()["known_actions"]


def test_a_foreign_dispute_cannot_be_acted_on(staff, dispute):
    foreigner = client_of(make_user("foreigner", Role.GRID_WORKER, UNITS[1]))
    assert post(foreigner, dispute, "accept").status_code == 404


def test_a_version_beyond_every_number_is_merely_another_one(client, dispute):
    assert post(client, dispute, "accept", version=10**30).status_code == 409


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_is_deleted_or_overwritten(client, dispute, method):
    for address in (LIST, f"{LIST}/{dispute.id}", f"{LIST}/{dispute.id}/events"):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
