"""Bodies and referrals of a case through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Dispute
from incidents.report import ReportedParty
from incidents.workflow import State
from tests.factories.case_bodies import make_body, make_mediator
from tests.factories.disputes import make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    return make_dispute(staff["worker"], parties=(ReportedParty("好家物业"),))


def client(user) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def address(dispute, rest: str) -> str:
    return f"/api/v1/disputes/{dispute.pk}/{rest}"


def test_the_proposals_come_best_first_with_codes_and_words(staff, dispute):
    make_body("PMC", name="五凤调委会", capacity=10)
    make_body("OURS", related_organisations=["好家物业"])
    body = client(staff["street"]).get(address(dispute, "bodies")).json()
    first, last = body["proposals"]
    assert (first["body"], first["kind"], first["level"], first["distance_m"]) == (
        "PMC", "people", "community", 0,
    )  # fmt: skip
    assert (first["open_cases"], first["capacity"], first["open_now"]) == (0, 10, None)
    assert {"code": "kind_first", "points": 30, "words": "人民调解最适合这类纠纷"} in first["reasons"]
    assert (last["body"], last["conflict"]) == ("OURS", True)
    assert "好家" not in str(body)
    assert body["bodies"] == []


def test_a_body_is_chosen_called_in_and_released(staff, dispute):
    make_mediator(make_body("PMC", name="五凤调委会"), "M1")
    make_body("POLICE", form="police_station")
    api = client(staff["worker"])
    answer = api.post(
        address(dispute, "bodies/choose"), {"body": "PMC", "mediator": "M1", "version": 1}, format="json"
    )
    assert answer.status_code == 200
    (lead,) = answer.json()["bodies"]
    assert (lead["body"], lead["mediator"], lead["role"], lead["until"]) == ("PMC", "M1", "lead", None)
    answer = api.post(address(dispute, "bodies/call_in"), {"body": "POLICE"}, format="json")
    assert [part["role"] for part in answer.json()["bodies"]] == ["lead", "joint"]
    answer = api.post(
        address(dispute, "bodies/release"), {"body": "POLICE", "reason": "不再需要"}, format="json"
    )
    assert answer.json()["bodies"][1]["until"]
    assert answer.json()["version"] == 4


def test_what_is_wrong_is_said_by_field(staff, dispute):
    api = client(staff["worker"])
    answer = api.post(address(dispute, "bodies/choose"), {"body": "NONE"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "fields_invalid")
    assert list(answer.json()["errors"]) == ["body"]
    answer = api.post(address(dispute, "bodies/choose"), {"body": "A", "version": 9}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "dispute_changed")
    assert api.get(address(dispute, "bodies?channel=none")).status_code == 400
    answer = client(staff["street"]).post(address(dispute, "bodies/choose"), {"body": "A"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "measure_not_yours")


def test_a_case_is_sent_to_a_partner_and_its_answer_ends_it(staff, dispute):
    api = client(staff["worker"])
    referral = {"channel": "arbitration", "organisation": "区仲裁院", "reason": "劳动争议"}
    answer = api.post(address(dispute, "referrals"), referral, format="json")
    assert answer.status_code == 201
    sent = answer.json()
    assert (sent["direction"], sent["answer"]) == ("out", "pending")
    assert api.get(address(dispute, "referrals")).json() == [sent]
    answer = api.post(
        address(dispute, f"referrals/{sent['id']}/answer"),
        {"answer": "accepted", "reference": "LZ-1"},
        format="json",
    )
    assert (answer.status_code, answer.json()["reference"]) == (200, "LZ-1")
    assert Dispute.objects.get().state == State.TRANSFERRED
    again = address(dispute, f"referrals/{sent['id']}/answer")
    answer = api.post(again, {"answer": "accepted"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "measure_not_allowed")


def test_a_case_received_names_its_day(staff, dispute):
    api = client(staff["worker"])
    by = timezone.localtime().replace(microsecond=0) + timedelta(days=9)
    given = {
        "direction": "in", "channel": "court", "organisation": "海珠法院", "answer_by": by.isoformat(),
    }  # fmt: skip
    answer = api.post(address(dispute, "referrals"), given, format="json")
    assert (answer.status_code, answer.json()["answer_by"]) == (201, by.isoformat())
    answer = api.post(address(dispute, "referrals"), given | {"direction": "out"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "referral_pending")
    answer = api.post(address(dispute, "referrals/999/answer"), {"answer": "accepted"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "referral_not_pending")
