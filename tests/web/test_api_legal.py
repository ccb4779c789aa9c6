"""The legal loop by the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Agreement, FollowUpVisit, JudicialConfirmation, MediationRecord
from incidents.workflow import Action as A
from tests.factories.disputes import act, make_dispute
from tests.factories.people import make_staff
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


@pytest.fixture
def dispute(staff):
    now = timezone.now() - timedelta(days=2)
    found = make_dispute(staff["worker"], now=now, occurred_at=now)
    return act(staff["worker"], found, A.ACCEPT, now=timezone.now())


def send(user, dispute, what, _http="post", /, **body):
    client = Client()
    client.force_login(user)
    call = getattr(client, _http)
    return call(f"/api/v1/disputes/{dispute.pk}/{what}", body, content_type="application/json")


def record_body(**changes) -> dict:
    held = (timezone.now() - timedelta(hours=1)).isoformat()
    given = {"held_at": held, "place": "社区", "attendees": "林某", "summary": "谈妥了。", "begin": True}
    return given | changes


def test_programs_write_the_whole_loop(staff, dispute):
    worker, today = staff["worker"], str(timezone.localdate())
    steps = [
        ("mediation_records", "post", record_body(), 201, "mediating"),
        (
            "agreements",
            "post",
            {
                "form": "written",
                "reached_on": today,
                "terms": "付清。",
                "instalments": [{"what": "付款", "amount_yuan": "500.00", "due_on": today}],
            },
            201,
            "agreed",
        ),
        ("confirmations", "post", {"court": "法院", "applied_on": today}, 201, "confirmation_pending"),
        ("confirmations", "patch", {"outcome": "confirmed", "decided_on": today}, 200, "confirmed"),
        ("visits", "post", {"visited_on": today, "method": "phone", "result": "kept"}, 201, "follow_up"),
    ]
    for what, method, body, status, state in steps:
        answer = send(worker, dispute, what, method, **body)
        assert (answer.status_code, answer.json().get("state")) == (status, state), answer.content.decode()
    assert MediationRecord.objects.get().number == 1
    assert Agreement.objects.get().instalments.get().amount_yuan == 500
    assert JudicialConfirmation.objects.get().outcome == "confirmed"
    assert FollowUpVisit.objects.get().result == "kept"


def test_faults_are_named_by_field(staff, dispute):
    answer = send(staff["worker"], dispute, "mediation_records", **record_body(place=7, summary=""))
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"place", "summary"}
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    answer = send(staff["worker"], dispute, "mediation_records", **record_body(held_at=tomorrow))
    assert (answer.status_code, answer.json()["code"]) == (422, "fields_invalid")
    assert answer.json()["errors"]["held_at"][0]["code"] == "in_future"


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("mediation_records", {"held_at": "0001-01-01"}),
        ("mediation_records", {"held_at": "9999-12-31T23:59:59-14:00"}),
        ("agreements", {"form": "\ud800"}),
        ("visits", {"method": "\ud800"}),
        ("visits", {"result": ["林某"]}),
        ("referrals", {"channel": "\ud800"}),
        ("referrals", {"answer_by": "0001-01-01"}),
        ("documents", {"kind": "林某 \ud800"}),
    ],
)
def test_what_no_answer_could_repeat_is_named_and_not_repeated(staff, dispute, what, wrong):
    (field,) = wrong
    answer = send(staff["worker"], dispute, what, **wrong)
    assert answer.status_code in (400, 422), answer.content.decode()
    assert field in answer.json()["errors"]
    assert "林某" not in answer.content.decode()


def test_conflicts_have_their_codes(staff, dispute):
    worker, today = staff["worker"], str(timezone.localdate())
    apply = {"court": "法院", "applied_on": today}
    answer = send(worker, dispute, "confirmations", **apply)
    assert (answer.status_code, answer.json()["code"]) == (409, "agreement_missing")
    answer = send(worker, dispute, "mediation_records", **record_body(version=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "dispute_changed")
    send(worker, dispute, "mediation_records", **record_body())
    send(worker, dispute, "agreements", form="oral", reached_on=today, terms="和好。")
    answer = send(worker, dispute, "confirmations", **apply)
    assert (answer.status_code, answer.json()["code"]) == (409, "agreement_not_written")


def test_a_colleague_elsewhere_is_told_whose_case_it_is(staff, dispute):
    answer = send(staff["street"], dispute, "visits")
    assert (answer.status_code, answer.json()["code"]) == (403, "action_not_yours")
