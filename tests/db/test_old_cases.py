"""Cases from before the clock knew mediations, agreements and counts."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from incidents.models import Dispute
from incidents.services import measures_taken
from incidents.workflow import Action as A
from tests.factories.disputes import NOW, act, make_dispute
from tests.factories.people import make_staff
from tests.factories.replay import present, replayed
from tests.factories.territory import make_territory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
COUNTS = ("failed_mediations", "failed_here", "hand_backs")
WAYS = {
    "mediating": (A.ACCEPT, A.BEGIN_MEDIATION),
    "failed": (A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL),
    "agreed": (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT),
    "closed": (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE),
    "reopened": (A.ACCEPT, A.BEGIN_MEDIATION, A.RECORD_AGREEMENT, A.CLOSE, A.REOPEN),
    "suspended": (A.ACCEPT, A.BEGIN_MEDIATION, A.SUSPEND),
    "void": (A.ACCEPT, A.VOID),
}


@pytest.fixture
def staff():
    make_territory()
    return make_staff()


def walked(staff, *steps: A) -> Dispute:
    dispute = make_dispute(staff["worker"])
    for hours, step in enumerate(steps, 1):
        act(staff["worker"], dispute, step, now=NOW + hours * HOUR)
    return dispute


def make_old() -> None:
    Dispute.objects.update(
        mediation_began_at=None, settled_at=None, failed_mediations=0, failed_here=0, hand_backs=0,
        risk_assessment={},
    )  # fmt: skip


def fill_in() -> None:
    migration = import_module("incidents.migrations.0013_clocks_of_old_cases")
    with connection.cursor() as cursor:
        cursor.execute(migration.FILL_IN)


def stored(dispute) -> Dispute:
    return Dispute.objects.get(pk=dispute.pk)


def test_old_cases_get_what_their_events_add_up_to(staff):
    cases = [walked(staff, *steps) for steps in WAYS.values()]
    # Handed back after a failure at the level above, where another one failed before.
    sent_up = walked(staff, A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL, A.ESCALATE)
    steps = (A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL, A.HAND_BACK)
    for hours, step in enumerate(steps, 5):
        act(staff["mediator"], sent_up, step, now=NOW + hours * HOUR)
    act(staff["worker"], sent_up, A.ACCEPT, A.BEGIN_MEDIATION, A.FAIL, now=NOW + 10 * HOUR)
    cases.append(sent_up)
    before = {case.pk: present(stored(case)) for case in cases}
    assert before[sent_up.pk]["failed_mediations"] > before[sent_up.pk]["failed_here"] == 1
    make_old()
    Dispute.objects.filter(state="agreed").update(due_at=NOW)
    Dispute.objects.filter(state="mediating").update(due_at=NOW + timedelta(days=90))
    fill_in()
    after = {case.pk: present(stored(case)) for case in cases}
    for case in cases:
        expected = replayed(case)
        if stored(case).state == "mediating":
            assert after[case.pk].pop("due_at") == stored(case).mediation_began_at + timedelta(days=31)
            expected.pop("due_at")
        assert after[case.pk] == expected
    fill_in()
    assert {case.pk: present(stored(case))["settled_at"] for case in cases} == {
        pk: facts["settled_at"] for pk, facts in before.items()
    }


def test_cases_that_know_their_clock_keep_it(staff):
    case = walked(staff, *WAYS["mediating"])
    other = NOW + 9 * HOUR
    Dispute.objects.update(mediation_began_at=other, failed_mediations=3)
    fill_in()
    assert (stored(case).mediation_began_at, stored(case).failed_mediations) == (other, 3)


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_the_pages_of_an_old_case_answer(staff, way, filled):
    case = walked(staff, *WAYS[way])
    make_old()
    if filled:
        fill_in()
    client = Client()
    client.force_login(staff["worker"])
    for name in ("dispute", "dispute_mediation"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 200
    assert client.get(f"/api/v1/disputes/{case.pk}").status_code == 200


def test_old_cases_can_be_worked_on(staff):
    worker, after = staff["worker"], NOW + 5 * HOUR
    mediating = walked(staff, *WAYS["mediating"])
    make_old()
    measures_taken.agree_to_run_on(
        user=worker,
        dispute_id=mediating.pk,
        until=(NOW + timedelta(days=50)).date(),
        reason="双方同意",
        now=after,
    )
    assert act(worker, mediating, A.RECORD_AGREEMENT, now=after).state == "agreed"
    # Agreed and then suspended, as once was possible.
    agreed = walked(staff, *WAYS["agreed"])
    make_old()
    Dispute.objects.filter(pk=agreed.pk).update(
        state="suspended", state_before_suspension="agreed", suspended_at=after, due_at=None
    )
    fill_in()
    assert act(worker, agreed, A.RESUME, now=after + HOUR).state == "agreed"
    assert act(worker, agreed, A.CLOSE, now=after + HOUR).state == "closed"
